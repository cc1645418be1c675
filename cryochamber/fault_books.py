"""Is the journal whole, and is the first cause the first? Replayed from the events alone and compared with what really was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chamber.alarm_list import ALARMS, AlarmClass
from chamber.alarm_states import HIDDEN, AlarmState
from chamber.annunciation import sounding
from chamber.events import Event, EventKind
from control.state import State
from plc_bridge.contract import Trip
from simulator.plc import SimPlc

_CALLING = frozenset({AlarmState.UNACK, AlarmState.LATCHED_UNACK})
_BEGINS = frozenset({"set"})
_ENDS = frozenset({"cleared", "reset"})


class Books:
    """Follows cycle, causes and alarms by their journal entries only. What the entries do not tell is a gap in the journal."""

    def __init__(self, state: State) -> None:
        self.begin(state)

    def begin(self, state: State) -> None:
        """A new process begins with a new page."""
        self._cycle = state.cycle.state.name.lower()
        self._causes = _acting(state)
        self._alarms = _alarms(state)

    def check(self, state: State, events: Sequence[Event]) -> Iterator[str]:
        """What of this scan is missing in ``events``, or stands there and did not happen."""
        for e in events:
            if e.kind is EventKind.STATE:
                if e.data["from"] != self._cycle:
                    yield f"journal: left {e.data['from']}, but was in {self._cycle}"
                self._cycle = str(e.data["to"])
            elif e.kind is EventKind.CAUSE and e.data["change"] in _BEGINS | _ENDS:
                (self._causes.add if e.data["change"] in _BEGINS else self._causes.discard)(str(e.data["cause"]))
            elif e.kind is EventKind.ALARM:
                self._alarms[str(e.data["alarm"])] = str(e.data["to"])
        is_now = (state.cycle.state.name.lower(), _acting(state), _alarms(state))
        told = (self._cycle, self._causes, {a: s for a, s in self._alarms.items() if s != "normal"})
        for what, is_, was_told in zip(("state", "causes", "alarms"), is_now, told, strict=True):
            if is_ != was_told:
                yield f"journal: {what} {was_told} told, {is_} is"
                self.begin(state)


def _acting(state: State) -> set[str]:
    return {name for name, cause in state.causes.items() if cause.acting}


def _alarms(state: State) -> dict[str, str]:
    return {name: alarm.state.value for name, alarm in state.alarms.items() if alarm.state.value != "normal"}


def heard(state: State) -> Iterator[str]:
    """One sound, of the highest priority nobody has acknowledged; and no alarm of the safety class hidden from people (I12)."""
    unseen = [a for a in state.alarms.values() if a.state in _CALLING]
    one = sounding(state.alarms, state.annunciation.first_out)
    if unseen and (one is None or one.priority < max(a.priority for a in unseen)):
        yield f"heard is {'nothing' if one is None else one.id}, but {', '.join(a.id for a in unseen)} call"
    if state.facts is not None and state.facts.occupied:
        hidden = [a.id for a in state.alarms.values() if a.active and a.state in HIDDEN and ALARMS[a.id].klass is AlarmClass.SAFETY]
        if hidden:
            yield f"hidden while somebody may be inside: {', '.join(hidden)}"


class FirstOut:
    """The PLC's first cause: one of those that came in the first scan of an episode, and the same until the last trip is reset.

    A restart of the PLC begins a new episode: trips are not retentive, and what is still wrong trips again in the first scan after it.
    """

    def __init__(self) -> None:
        self._first: int | None = None
        self._boots = 0

    def check(self, plc: SimPlc, boots: int) -> Iterator[str]:
        """``boots`` counts the starts of the PLC."""
        if plc.trips == 0 or boots != self._boots:
            self._first = None
        self._boots = boots
        if plc.trips == 0:
            return
        if self._first is None:
            if plc.first_out == 0 or not plc.trips >> (plc.first_out - 1) & 1:
                yield f"first cause {plc.first_out} of the PLC is none of its trips {[t.name for t in Trip if plc.trips >> t & 1]}"
            self._first = plc.first_out
        elif plc.first_out != self._first:
            yield f"first cause of the PLC changed from {Trip(self._first - 1).name} while tripped"
            self._first = plc.first_out
