"""The day plan as a request is answered with it: what will be done when, with how much nitrogen, and what may be ordered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from chamber.states import COOLING, CycleState
from control import day_plan, ready_time
from control.day_plan import Block, Gap
from control.descent import taught
from control.follow_plan import bookings, refusal, utc_s
from control.publish import reason_view
from control.snapshot import Model, ReasonView
from control.state import Inputs, Loop, SetBack, State

FIRST_PRECOOL = 1.15  # a chamber whose first precool is still to come: rather too early
START_UP_S = 60.0  # start-up, self-test, and the hand on the button
_BEFORE_COLD = (CycleState.STOPPED, CycleState.SELF_TEST, CycleState.IDLE)


class BlockView(Model):
    """Sessions that follow each other closely; the rooms stay cold from the first to the last."""

    kind: Literal["block"]
    start: datetime
    end: datetime
    sessions: int
    persons: int
    state: Literal["over", "now", "next", "later"]


class GapView(Model):
    """Between two blocks. ``way``: held cold, held warmer, or valves shut; ``cool_at``: when cooling begins again.

    ``kg`` of nitrogen for the main room by this way, ``held_kg`` held cold, both until half an hour into the next block, by forecast.
    """

    kind: Literal["gap"]
    start: datetime
    end: datetime | None
    way: Literal["hold", "set_back", "rest"]
    cool_at: datetime | None
    kg: float | None
    held_kg: float | None
    state: Literal["now", "later"]


class PlanView(Model):
    """``followed``: by whose order since when; ``ended``: why it is followed no more, "" if it never was today.

    ``refused``: why it could not be ordered now. ``kg``, ``held_kg``: nitrogen for the gaps still to come, with the plan and held cold.
    ``recool_s``: how long a re-cool would take now. ``precool_by``: when a precool has to be ordered for the next block.
    """

    followed: bool
    by: str | None
    since: datetime | None
    ended: str
    refused: ReasonView | None
    steps: list[BlockView | GapView]
    kg: float | None
    held_kg: float | None
    recool_s: float | None
    precool_by: datetime | None

    def without_names(self) -> PlanView:
        """For who is not signed in."""
        return self.model_copy(update={"by": None})


def plan_view(state: State, inputs: Inputs, now_s: float) -> PlanView:
    """The plan as of the last scan; computed when asked for, gaps that were seen before are remembered."""
    utc, d, loop = utc_s(state, now_s), state.day, state.main
    p = state.profile.regulator_main
    program = state.cycle.program or (state.profile.programs[0] if state.profile.programs else None)
    steps: list[BlockView | GapView] = []
    if utc is not None and loop.model is not None and program is not None:
        r = state.ready
        heat_w = r.held_w if r.held_w is not None else 0.0 if loop.observed is None else loop.observed.room.heat_w
        full = ready_time.full_feed(loop, p)
        cold = state.cycle.state in COOLING
        plan = day_plan.plan(bookings(inputs), utc, loop.model, heat_w, program.setpoint_main_c, full, ready_time.fall_w(r), cold=cold)
        steps = _steps(plan, utc, state, now_s)
    to_come = [s for s in steps if isinstance(s, GapView) and s.kg is not None and s.held_kg is not None]
    back = state.cycle.set_back
    why = None if d.by is not None else refusal(loop, inputs, d, utc)
    return PlanView(
        followed=d.by is not None,
        by=d.by,
        since=None if utc is None or d.by is None else _date(utc - now_s + d.since_s),
        ended=d.ended,
        refused=None if why is None else reason_view(why),
        steps=steps,
        kg=round(sum(s.kg or 0.0 for s in to_come), 1) if to_come else None,
        held_kg=round(sum(s.held_kg or 0.0 for s in to_come), 1) if to_come else None,
        recool_s=None if back is None else round(back.takes_s),
        precool_by=_precool_by(state, loop, inputs, utc),
    )


def _date(utc: float) -> datetime:
    return datetime.fromtimestamp(round(utc), UTC)


def _steps(plan: Sequence[Block | Gap], utc: float, state: State, now_s: float) -> list[BlockView | GapView]:
    out: list[BlockView | GapView] = []
    named_next = False
    back, served_s = state.cycle.set_back, state.day.served_s
    resting = back is not None and back.planned
    for step in plan:
        if isinstance(step, Block):
            done = resting and served_s is not None and step.bookings[-1].start_s <= served_s  # and earlier than planned
            over, begun = done or step.end_s <= utc, step.start_s <= utc
            out.append(
                BlockView(
                    kind="block",
                    start=_date(step.start_s),
                    end=_date(step.end_s),
                    sessions=len(step.bookings),
                    persons=step.persons,
                    state="over" if over else "now" if begun else "later" if named_next else "next",
                )
            )
            named_next = named_next or not begun
        elif step.end_s is None or step.end_s > utc:
            early = resting and bool(out) and out[-1].state == "over"
            out.append(_gap(step, utc, back, now_s, now=early or step.begin_s <= utc))
    return out


def _gap(gap: Gap, utc: float, back: SetBack | None, now_s: float, *, now: bool) -> GapView:
    choice = gap.choice
    way = "rest" if choice is None else choice.way.value
    cool_at = None if choice is None or choice.way is day_plan.Way.HOLD else gap.begin_s + choice.cool_after_s
    if now and back is not None:
        way = "rest" if back.warmer_k is None else "set_back"
        latest = None if back.until_s is None else utc - now_s + back.until_s - back.takes_s - day_plan.MARGIN_S
        cool_at = latest if cool_at is None or latest is None else min(cool_at, latest)
    return GapView.model_validate(
        {
            "kind": "gap",
            "start": _date(gap.begin_s),
            "end": None if gap.end_s is None else _date(gap.end_s),
            "way": way,
            "cool_at": None if cool_at is None else _date(cool_at),
            "kg": None if choice is None else round(choice.kg, 1),
            "held_kg": None if choice is None else round(choice.held_kg, 1),
            "state": "now" if now else "later",
        }
    )


def _precool_by(state: State, loop: Loop, inputs: Inputs, utc: float | None) -> datetime | None:
    """When a precool has to be ordered at the latest; it is a person's order, here it is only said."""
    facts = state.facts
    if utc is None or facts is None or state.cycle.state not in _BEFORE_COLD or facts.main.value is None:
        return None
    due = day_plan.ahead(bookings(inputs), utc, state.day.served_s)
    program = state.profile.programs[0] if state.profile.programs else None
    if due is None or program is None:
        return None
    r, p, to_c = state.ready, state.profile.regulator_main, program.setpoint_main_c
    if r.belief is not None:
        takes: float | None = ready_time.from_rest_s(r, loop, p, to_c + facts.limits.ready_band_k, facts.main.value, still=True)
        takes *= 1.0 if taught(r.belief) else FIRST_PRECOOL
    else:
        takes = ready_time.left_then_s(r.curves, to_c, facts.main.value)
    if takes is None:
        return None
    return _date(due.start_s - takes - day_plan.MARGIN_S - START_UP_S)
