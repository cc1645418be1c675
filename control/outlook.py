"""What could be asked now, and what to do next: the same answers for the panel, for integrators and for a scripted operator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from chamber import self_test
from chamber.commands import CommandKind, Reason
from chamber.facts import Facts
from chamber.guidance import Guidance, guide
from chamber.permissives import Asked, refusals
from control.demand import going_to_main
from control.perceive import ready_band
from control.state import State


class Refusals(Mapping[CommandKind, tuple[Reason, ...]]):
    """For each command why it would be refused now (empty: it would be accepted). Asked when somebody looks, then kept.

    The panel looks at every command, the guidance at two or three, a scripted operator at one.
    """

    def __init__(self, question: Asked) -> None:
        self._question = question
        self._known: dict[CommandKind, tuple[Reason, ...]] = {}

    def __getitem__(self, kind: CommandKind) -> tuple[Reason, ...]:
        known = self._known.get(kind)
        if known is None:
            known = self._known[kind] = refusals(kind, self._question)
        return known

    def __iter__(self) -> Iterator[CommandKind]:
        return iter(CommandKind)

    def __len__(self) -> int:
        return len(CommandKind)


class Outlook(NamedTuple):
    """``refused``: for each command why it would be refused now."""

    refused: Refusals
    guidance: Guidance


def outlook(state: State, facts: Facts, *, durable: bool, ready_in_s: float | None) -> Outlook:
    """``facts`` carry the state of the cycle as it is now; ``durable``: the running session's opening record is on disk."""
    question = Asked(
        command=None,
        facts=facts,
        verdict=state.verdict,
        causes=state.causes,
        profile=state.profile,
        program=state.cycle.program,
        durable=durable,
        door_opened_since_trip=state.cycle.door_opened,
        in_band=ready_band(facts, state.cycle)[0],
        alarms=state.alarms,
        annunciation=state.annunciation,
    )
    refused = Refusals(question)
    session = state.session
    next_step = guide(
        facts,
        state.verdict,
        session,
        refused,
        durable=durable,
        ready_in_s=ready_in_s,
        self_test=(state.cycle.self_test_done, len(self_test.CHECKS)),
        set_back=state.cycle.set_back is not None,
        expected=state.cycle.set_back is None or state.cycle.set_back.until_s is not None,
        going_to_main=session is not None and going_to_main(session, facts.now_s),
    )
    return Outlook(refused, next_step)
