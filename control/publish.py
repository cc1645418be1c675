"""From the state of a scan to the snapshot the world sees. Shows what was decided, decides nothing."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import NamedTuple

from chamber import texts
from chamber.alarm_list import ALARMS
from chamber.alarm_states import HIDDEN
from chamber.annunciation import followers, sounding
from chamber.cause_effect import Action
from chamber.commands import Reason
from chamber.entry import chamber_refusal, room_refusal
from chamber.facts import Door, Facts
from chamber.guidance import Guidance, presence_due
from chamber.instruments import ne107
from chamber.profile import Room
from chamber.readings import NEVER, Quality
from chamber.states import FACTS, SESSION, CycleState
from chamber.tags import ANALOG_TAGS, BIT_TAGS
from control.autotune import rooms_of
from control.outlook import outlook
from control.room_model import ZERO_C_K
from control.skin_view import skin_view
from control.snapshot import (
    AlarmView,
    AudioView,
    CauseView,
    CommandView,
    CycleView,
    DoorView,
    EntryView,
    ForcedView,
    GateView,
    GuidanceView,
    HiddenAlarmView,
    LinkView,
    NitrogenView,
    PlcView,
    ReasonView,
    RecordsView,
    RegulatorView,
    RoomAirView,
    RoomView,
    ScanView,
    SessionView,
    SiteView,
    Snapshot,
    TagView,
    UnknownView,
)
from control.state import FRESH_S, Demand, Inputs, Loop, State
from control.upkeep_view import bypass_views
from plc_bridge.contract import Flag, Output
from plc_bridge.status import first_out_name, trip_names

SILENT_S = 0.5


def reason_view(reason: Reason) -> ReasonView:
    return ReasonView(code=reason.code, params=reason.params, text=texts.say(texts.REASONS, reason.code, reason.params))


class Trend:
    """Predicts when the rooms are at temperature from the slope of the last half minute."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque(maxlen=60)

    def feed(self, now_s: float, main_c: float | None) -> None:
        if main_c is not None and (not self._points or now_s - self._points[-1][0] >= 0.5):
            self._points.append((now_s, main_c))

    def ready_in_s(self, facts: Facts, band_k: float) -> float | None:
        """Seconds until inside the band; None when it cannot be told."""
        if facts.main.value is None or facts.setpoint_main_c is None or len(self._points) < 20:
            return None
        away = facts.main.value - facts.setpoint_main_c - band_k
        if away <= 0.0:
            return 0.0
        (t0, v0), (t1, v1) = self._points[0], self._points[-1]
        slope = (v1 - v0) / (t1 - t0) if t1 > t0 else 0.0
        return away / -slope if slope < -0.005 else None


class Tally:
    """Nitrogen of the day, from the flow meter. A new local day starts at zero."""

    def __init__(self) -> None:
        self.kg = 0.0
        self.persons = 0
        self._last_s: float | None = None
        self._day: int | None = None

    def feed(self, now_s: float, day: int, flow_kg_h: float | None) -> None:
        if day != self._day:
            self._day, self.kg, self.persons = day, 0.0, 0
        if flow_kg_h is not None and self._last_s is not None and 0.0 < now_s - self._last_s < 5.0:
            self.kg += flow_kg_h * (now_s - self._last_s) / 3600.0
        self._last_s = now_s


class House(NamedTuple):
    """Facts of the process around the scan, for publishing. ``epoch``: date of zero of the monotonic clock."""

    boot_id: str
    seq: int
    epoch: datetime
    site: SiteView
    link: LinkView
    scan: ScanView
    records: RecordsView
    tally: Tally
    trend: Trend


def snapshot(state: State, inputs: Inputs, demand: Demand, house: House) -> Snapshot:
    facts = state.facts
    if facts is None:
        raise ValueError("no scan has run yet")
    facts = facts._replace(state=state.cycle.state, state_age_s=inputs.now_s - state.cycle.since_s)
    cooling = state.cycle.state in (CycleState.PRECOOL, CycleState.RECOOL)
    at_s, back = state.ready.at_s, state.cycle.set_back
    if back is not None:
        at_s = back.until_s
    if at_s is not None:
        eta = max(0.0, at_s - inputs.now_s)
    else:
        eta = house.trend.ready_in_s(facts, facts.limits.ready_band_k) if cooling and back is None else None
    durable = state.session is not None and inputs.durable_session >= state.session.id
    view = outlook(state, facts, durable=durable, ready_in_s=eta)
    return Snapshot(
        seq=house.seq,
        boot_id=house.boot_id,
        server_time=house.epoch + timedelta(seconds=inputs.now_s),
        mono_s=inputs.now_s,
        site=house.site,
        link=house.link,
        scan=house.scan,
        cycle=_cycle(state, facts, demand, view.guidance, eta),
        main=_room(state, facts, state.profile.main),
        pre=None if state.profile.pre is None else _room(state, facts, state.profile.pre),
        room=_air(state, facts),
        entry=_entry(state, facts),
        session=_session(state, facts, inputs),
        action=state.verdict.action.name.lower(),
        causes=_causes(state, facts, inputs.now_s),
        commands={k.value: CommandView(allowed=not r, reasons=[reason_view(x) for x in r]) for k, r in view.refused.items()},
        alarms=_alarms(state, house.epoch),
        hidden_alarms=_hidden(state, inputs.now_s),
        audio=_audio(state, inputs.now_s),
        bypasses=bypass_views(state, inputs.now_s),
        plc=_plc(state),
        nitrogen=_nitrogen(state, facts, house.tally),
        regulators={room: _regulator(state.main if room == "main" else state.pre) for room in rooms_of(state.profile)},
        records=house.records,
        tags=tag_views(state, inputs.now_s),
    )


def _cycle(state: State, facts: Facts, demand: Demand, g: Guidance, eta: float | None) -> CycleView:
    code_facts = FACTS[state.cycle.state]
    return CycleView(
        state=state.cycle.state.name.lower(),
        packml=code_facts.packml,
        since_s=facts.state_age_s,
        may_enter=state.cycle.state is CycleState.BOARDING and chamber_refusal(facts, state.verdict.effects) is None,
        ready_in_s=0.0 if state.cycle.state is CycleState.READY else eta,
        guidance=GuidanceView(
            code=g.code,
            params=g.params,
            text=texts.say(texts.GUIDANCE, g.code, g.params),
            command=None if g.command is None else g.command.value,
        ),
        voice=demand.voice.name.lower(),
        cool_off_left_s=round(facts.cool_off_left_s, 1),
        day_checked=facts.day_checked,
        unknown=unknown_view(state, facts),
        forced=[
            ForcedView(output=name, value=f.value, left_s=round(max(0.0, f.until_s - facts.now_s), 1))
            for name, f in state.cycle.forced.items()
        ],
    )


def unknown_view(state: State, facts: Facts) -> UnknownView | None:
    plc, left = facts.plc, state.cycle.left_open
    held = state.cycle.state is CycleState.RECOVERY and plc is not None and plc.occupied
    if not (state.cycle.unknown_session or held):
        return None
    told = 0.0 if plc is None else plc.exposure_elapsed_s
    known = 0.0 if left is None else max(left.exposure_s, facts.now_s - left.since_s)
    return UnknownView(
        session=None if left is None else left.session, persons=None if left is None else left.persons, elapsed_s=round(max(told, known), 1)
    )


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _door(door: Door) -> DoorView:
    return DoorView(state=door.value, since_s=None)


def _room(state: State, facts: Facts, profile: Room) -> RoomView:
    main = profile is state.profile.main
    temperature, oxygen = (facts.main, facts.o2_main) if main else (facts.pre, facts.o2_pre)
    program = state.cycle.program
    setpoint = None if program is None else program.setpoint_main_c if main else program.setpoint_pre_c
    block = state.perception.block if state.perception.stage == 0 else None
    return RoomView(
        name=profile.name,
        temperature_c=_round(temperature.value, 2),
        coldest_c=temperature.lowest,
        warmest_c=temperature.highest,
        setpoint_c=setpoint,
        band_k=facts.limits.ready_band_k if main else 5.0 * facts.limits.ready_band_k,
        oxygen_pct=_round(oxygen.value, 3),
        oxygen_good=oxygen.good,
        oxygen_total=oxygen.total,
        presence=facts.presence_main if main else facts.presence_pre,
        valve_pct=None if block is None else block.valve_main_pct if main else block.valve_pre_pct,
        door=_door(facts.inner_door if main else facts.outer_door),
    )


def _air(state: State, facts: Facts) -> RoomAirView:
    return RoomAirView(
        oxygen_pct=facts.o2_room.good,
        oxygen_floor_pct=facts.o2_floor.good,
        temperature_c=state.perception.analog.get("TT-301", NEVER).good,
        extract_proven=facts.extract_flow,
    )


def _entry(state: State, facts: Facts) -> EntryView:
    effects = state.verdict.effects
    return EntryView(room=_gate(room_refusal(facts, effects)), chamber=_gate(chamber_refusal(facts, effects)))


def _gate(refusal: Reason | None) -> GateView:
    if refusal is None:
        return GateView(state="allowed", reason=None)
    return GateView(state="do_not_enter", reason=reason_view(refusal))


def _session(state: State, facts: Facts, inputs: Inputs) -> SessionView | None:
    s = state.session
    if s is None:
        return None
    now = inputs.now_s
    elapsed = s.exposure_elapsed_s(now)
    elapsed_s = 0.0 if elapsed is None else elapsed
    phase = state.cycle.state.name.lower() if state.cycle.state in SESSION else "exit"
    pre_left = None if facts.pre_elapsed_s is None else max(0.0, s.program.pre_chamber_s - facts.pre_elapsed_s)
    return SessionView.model_validate(
        {
            "id": s.id,
            "program": s.program.id,
            "persons": s.persons,
            "phase": phase,
            "limit_s": s.limit_s,
            "elapsed_s": elapsed_s,
            "remaining_s": max(0.0, s.limit_s - elapsed_s),
            "pre_chamber_remaining_s": pre_left,
            "confirm_in_s": None if facts.confirm_left_s is None else max(0.0, facts.confirm_left_s),
            "confirm_every_s": facts.limits.operator_confirm_s,
            "confirm_due": presence_due(facts),
            "count_due": facts.count_due,
            "durable": inputs.durable_session >= s.id,
            "limit_reason": s.limit_reason,
            "skin": skin_view(state.skin, s.id, facts.limits.skin_end_c),
        }
    )


def _causes(state: State, facts: Facts, now: float) -> list[CauseView]:
    return [
        CauseView(
            id=c.id,
            row=c.row,
            text=c.text,
            detail=c.detail(facts) if s.present_since_s is not None else "",
            action=c.action_when(occupied=facts.occupied).name.lower(),
            since_s=0.0 if s.acting_since_s is None else now - s.acting_since_s,
            present=s.present_since_s is not None,
            latched=s.latched,
            first_out=c.id == state.verdict.first_out,
        )
        for c, s in state.verdict.acting
        if c.action_when(occupied=facts.occupied) > Action.NONE
    ]


def _alarms(state: State, epoch: datetime) -> list[AlarmView]:
    first = state.annunciation.first_out
    under = followers(state.alarms, state.annunciation)
    views = [
        AlarmView.model_validate(
            {
                "id": a.id,
                "priority": a.priority.name.lower(),
                "state": a.state.value,
                "title": ALARMS[a.id].title,
                "detail": a.detail,
                "action": ALARMS[a.id].action,
                "since": epoch + timedelta(seconds=a.since_s),
                "first_out": a.id == first,
                "count": a.activations,
                "active": a.active,
                "melody": ALARMS[a.id].melody.value,
                "under": first if a.id in under else None,
            }
        )
        for a in state.alarms.values()
        if a.state not in HIDDEN
    ]
    order = {"high": 0, "medium": 1, "low": 2}
    return sorted(views, key=lambda v: (order[v.priority], not v.first_out, -v.since.timestamp()))


def _hidden(state: State, now: float) -> list[HiddenAlarmView]:
    return [
        HiddenAlarmView.model_validate(
            {
                "id": a.id,
                "state": a.state.value,
                "priority": a.priority.name.lower(),
                "klass": ALARMS[a.id].klass.value,
                "title": ALARMS[a.id].title,
                "active": a.active,
                "reason": a.why,
                "remaining_s": None if a.until_s is None else round(max(0.0, a.until_s - now)),  # whole: it is sent on change
            }
        )
        for a in state.alarms.values()
        if a.state in HIDDEN
    ]


def _audio(state: State, now: float) -> AudioView:
    heard = sounding(state.alarms, state.annunciation.first_out)
    until_s = state.annunciation.paused_until_s
    return AudioView.model_validate(
        {
            "priority": None if heard is None else heard.priority.name.lower(),
            "melody": None if heard is None else ALARMS[heard.id].melody.value,
            "alarm": None if heard is None else heard.id,
            "paused_s": None if until_s is None else round(max(0.0, until_s - now), 1),
        }
    )


def _plc(state: State) -> PlcView | None:
    b = state.perception.block
    if b is None:
        return None
    return PlcView(
        state=b.state.name.lower(),
        trips=sorted(trip_names(b.trips)),
        causes=sorted(trip_names(b.causes)),
        first_out=first_out_name(b.first_out),
        lease_remaining_s=b.lease_remaining_s,
        exposure_elapsed_s=b.exposure_elapsed_s,
        exposure_limit_s=b.exposure_limit_s,
        occupied=b.flag(Flag.OCCUPIED),
        outputs={o.name.lower(): bool(b.outputs >> o & 1) for o in Output},
        valve_main_pct=b.valve_main_pct,
        valve_pre_pct=b.valve_pre_pct,
        clamped=b.flag(Flag.CLAMPED),
    )


def _nitrogen(state: State, facts: Facts, tally: Tally) -> NitrogenView:
    analog = state.perception.analog
    return NitrogenView(
        tank_kg=facts.tank_kg,
        flow_kg_h=analog.get("FT-401", NEVER).good,
        pressure_bar_a=analog.get("PT-401", NEVER).good,
        today_kg=tally.kg,
        persons_today=tally.persons,
        per_person_kg=tally.kg / tally.persons if tally.persons > 0 else None,
        main_valve_open=state.perception.bits.get("ZSO-401"),
    )


def _regulator(loop: Loop) -> RegulatorView:
    t, o = loop.terms, loop.observed
    return RegulatorView.model_validate(
        {
            "mode": loop.mode,
            "refused": loop.refused,
            "load_w": None if o is None else o.room.heat_w,
            "liner_c": None if o is None else o.room.liner_k - ZERO_C_K,
            "surprise": None if o is None else o.surprise,
            "error_k": t.error_k,
            "proportional_pct": t.proportional_pct,
            "integral_pct": t.integral_pct,
            "derivative_pct": t.derivative_pct,
            "feedforward_pct": t.feedforward_pct,
            "output_pct": t.output_pct,
            "valve": "proportional" if loop.stage is None else "on_off",
            "travel_pct": round(loop.wear.travel_pct),  # whole: it is sent on change
            "cycles": loop.wear.cycles,
        }
    )


def tag_views(state: State, now: float) -> dict[str, TagView]:
    p = state.perception
    views: dict[str, TagView] = {}
    for t in ANALOG_TAGS:
        r = p.analog.get(t.tag, NEVER)
        age = None if r.acquired_at_s is None else round(now - r.acquired_at_s, 1)
        value = r.value if r.quality is not Quality.BAD else None
        views[t.tag] = TagView(v=value, q=r.quality.value, ne107=ne107.status(r).value, why=r.why.value, age_s=age)
    age = None if p.block is None else round(now - p.block.acquired_at_s, 1)  # a fresh value stays unchanged on the wire
    why = "never_read" if p.block is None else "none" if p.stage == 0 else "no_link"
    for t in BIT_TAGS:
        contact = p.bits.get(t.tag)
        if contact is not None:
            views[t.tag] = TagView(v=contact, q="good", ne107="good", why="none", age_s=age)
        else:
            missing = "not_fitted" if t.tag in state.profile.absent.tags else why
            views[t.tag] = TagView(v=None, q="bad", ne107="function_check", why=missing, age_s=age)
    return views


def link_state(age_s: float | None) -> str:
    """ok, slow (no scan rests on it any more) or silent (from 0.5 s, or never heard)."""
    if age_s is None or age_s >= SILENT_S:
        return "silent"
    return "slow" if age_s >= FRESH_S else "ok"
