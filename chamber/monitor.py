"""Invariants, checked at run time by a monitor that shares no code with the rules it watches.

Ids as in the safety reference, 5.3. The monitor sees what was decided and what was asked of the PLC, one scan at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from chamber.facts import Door, Facts
from chamber.states import COOLING, MAY_BE_OCCUPIED, CycleState

C = CycleState
WRITE_AGE_S = 0.35  # H-14, H-15: a block older than this is nothing to rest a heartbeat on
GRACE_S = 1.0  # H-04, H-10: one PLC round trip plus the vote delays the rules are allowed
_EXPOSURE = C.EXPOSURE
_IN_SESSION = frozenset({C.EXPOSURE, C.EXIT, C.PRE_CHAMBER})
_LATCHED = frozenset({C.EVACUATE, C.FAULT, C.ESTOP})
TRANSIENT = frozenset({C.RECOVERY, C.STOPPED, C.SELF_TEST, C.IDLE, C.HELD, C.SUSPENDED, C.PURGE, C.FAULT, C.LOCKED_OUT})


class Watched(NamedTuple):
    """Decided in this scan; ``before`` is the state of the scan before."""

    facts: Facts
    before: CycleState
    after: CycleState
    ln2_requested: bool
    valve_main_pct: float
    valve_pre_pct: float
    voice_leave: bool
    setpoint_main_c: float | None
    commanded: bool  # a command was accepted in this scan
    doors_not_shut_s: float
    oxygen_low_s: float
    sensors_bad_s: float
    unexpected_s: float
    written: bool  # a heartbeat goes out
    elapsed_before_s: float | None  # exposure and limit of the same session, one scan before
    limit_before_s: float | None
    bypassing: bool
    stop_refused: bool  # a STOP or EVACUATE was answered with anything but accepted
    safety_hidden: bool  # an active alarm of safety class is shelved or suppressed
    safety_out: bool  # an active alarm of safety class is out of service


@dataclass(frozen=True, slots=True)
class Invariant:
    id: str
    text: str
    hazards: tuple[str, ...]
    holds: Callable[[Watched], bool]


def _i1(w: Watched) -> bool:
    return not w.ln2_requested or w.oxygen_low_s <= 5.0


def _i2(w: Watched) -> bool:
    return w.doors_not_shut_s <= 0.5 or (w.valve_main_pct <= 0.0 and w.valve_pre_pct <= 0.0)


def _i3(w: Watched) -> bool:
    f = w.facts
    over = f.exposure_elapsed_s is not None and f.session_limit_s is not None and f.exposure_elapsed_s > f.session_limit_s + GRACE_S
    return not (over and f.occupied and w.after in _IN_SESSION) or (not w.ln2_requested and w.voice_leave)


def _i4(w: Watched) -> bool:
    return w.unexpected_s <= GRACE_S or w.after in MAY_BE_OCCUPIED or w.after in TRANSIENT


def _i5(w: Watched) -> bool:
    entered = w.after is _EXPOSURE and w.before is not _EXPOSURE
    f = w.facts
    return not entered or (
        w.before is C.PRE_CHAMBER and f.inner_door is Door.SHUT and f.confirm_left_s is not None and f.confirm_left_s > 0.0
    )


def _i6(w: Watched) -> bool:
    left = w.before in _LATCHED and w.after is not w.before
    return not left or w.commanded or w.after in _LATCHED


def _i10(w: Watched) -> bool:
    return not (w.after in COOLING and w.ln2_requested) or w.sensors_bad_s <= 6.0


def _i12(w: Watched) -> bool:
    """Out of service is for an empty chamber that is blocked; anything else hides a danger."""
    return not w.safety_hidden and not (w.safety_out and w.facts.occupied)


def _i7(w: Watched) -> bool:
    """Nothing is written, and so no heartbeat beats, on a block older than the scan may rest on: the PLC then closes by itself."""
    age = w.facts.block_age_s
    return not w.written or (age is not None and age <= WRITE_AGE_S)


def _i9(w: Watched) -> bool:
    f = w.facts
    if w.elapsed_before_s is None or w.limit_before_s is None or f.exposure_elapsed_s is None or f.session_limit_s is None:
        return True  # no session, or another one
    return f.exposure_elapsed_s >= w.elapsed_before_s and f.session_limit_s <= w.limit_before_s


def _i11(w: Watched) -> bool:
    return not (w.bypassing and w.facts.occupied)


def _i14(w: Watched) -> bool:
    return not w.stop_refused


TOWARDS_OUT = {C.BOARDING: 0, C.PRE_CHAMBER: 0, C.EXPOSURE: 0, C.EXIT: 1, C.EVACUATE: 2, C.ESTOP: 3}
"""How far the cycle has gone towards everybody out."""


def _i15(w: Watched) -> bool:
    """While somebody is seen inside, what was decided against the stay is never taken back, and never left for another state."""
    if w.before not in TOWARDS_OUT or not w.facts.somebody_seen:
        return True
    return w.after in TOWARDS_OUT and TOWARDS_OUT[w.after] >= TOWARDS_OUT[w.before]


def _i16(w: Watched) -> bool:
    return w.setpoint_main_c is None or w.setpoint_main_c >= w.facts.limits.setpoint_main_min_c


def _cold_states_request_only(w: Watched) -> bool:
    return not w.ln2_requested or w.after in COOLING or _service(w)


def _service(w: Watched) -> bool:
    """Forced in SERVICE: key turned, nobody seen, doors shut, valves a fifth open at most."""
    f = w.facts
    quiet = f.service_key is True and f.presence_main is False and f.presence_pre is False
    shut = f.inner_door is Door.SHUT and f.outer_door is Door.SHUT
    return w.after is C.SERVICE and quiet and shut and max(w.valve_main_pct, w.valve_pre_pct) <= 20.0


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("I1", "Nitrogen asked for only with good oxygen", ("H-01", "H-02"), _i1),
    Invariant("I2", "Door not shut: nitrogen demand zero within 0.5 s", ("H-12",), _i2),
    Invariant("I3", "Time over: nitrogen closed and voice on", ("H-10",), _i3),
    Invariant("I4", "People inside only in states made for them", ("H-04",), _i4),
    Invariant("I5", "Exposure only from the pre-chamber, door shut, operator present", ("H-12", "H-13"), _i5),
    Invariant("I6", "Latched states left only by command", ("H-16",), _i6),
    Invariant("I7", "Nothing written without a fresh block: a blind supervisor loses the lease", ("H-14", "H-15"), _i7),
    Invariant("I8", "Nitrogen asked for only in states that cool", ("H-16",), _cold_states_request_only),
    Invariant("I9", "Exposure clock never back, its limit never up", ("H-10",), _i9),
    Invariant("I10", "Bad sensors are never a permission to cool", ("H-05", "H-09"), _i10),
    Invariant("I11", "No bypass while anybody may be inside", ("H-19",), _i11),
    Invariant("I12", "No active safety alarm hidden from people", ("H-23", "H-24"), _i12),
    Invariant("I14", "STOP and EVACUATE never refused", ("H-11", "H-13"), _i14),
    Invariant("I15", "Action against the stay never taken back while somebody is inside", ("H-10",), _i15),
    Invariant("I16", "Set point inside the limits", ("H-09", "H-20"), _i16),
)


_HOLDS = tuple((i.id, i.holds) for i in INVARIANTS)


def broken(watched: Watched) -> tuple[str, ...]:
    """Ids of the invariants that do not hold."""
    return tuple([name for name, holds in _HOLDS if not holds(watched)])


AT_RUN_TIME, IN_EXPLORATION, IN_TESTS = "run time", "exploration", "tests"
CHECKED: dict[str, tuple[str, ...]] = {
    **{i.id: (AT_RUN_TIME, IN_EXPLORATION) for i in INVARIANTS},
    "I11": (AT_RUN_TIME, IN_TESTS),
    "I13": (IN_EXPLORATION,),
}
"""Where each of I1 to I16 is checked."""
LIVENESS = "From every state there is a way to STOPPED"
"""I13 is about what can still come: no single scan can show it. The operator's hand is part of the way where people may be inside."""
