"""What each command needs before it is taken: permissives as data. Every refusal is typed and says why.

Where an accepted command leads is in ``chamber.cycle``.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import NamedTuple

from chamber import alarm_orders, checklist, forcing
from chamber.alarms import Alarms
from chamber.annunciation import Annunciation
from chamber.cause_effect import Action, Effect
from chamber.causes.house import DATA_FRESH_S, DATA_STALE_S
from chamber.commands import CHECKLIST, MINIMUM_ROLE, NEVER_REFUSED, ROLE_RANK, Command, CommandKind, Reason, Role
from chamber.cycle import COMMANDED
from chamber.facts import Facts
from chamber.interlocks import CauseStates, Verdict, reset_blockers
from chamber.limits import O2_REENTRY_HOLD_S
from chamber.profile import DeviceProfile, Program
from chamber.states import CycleState

C = CycleState
K = CommandKind

WARMER_PROGRAM_K = 4.0  # H-09: a room colder by more starts near the over-cold trip
SET_BACK_MIN = (20, 480)  # H-16: an order for one break of the day, not for the next morning


class Asked(NamedTuple):
    """Everything a guard may look at."""

    command: Command | None  # None when the panel only wants to know whether it would be accepted
    facts: Facts
    verdict: Verdict
    causes: CauseStates
    profile: DeviceProfile
    program: Program | None
    durable: bool
    door_opened_since_trip: bool
    in_band: bool
    alarms: Alarms = {}
    annunciation: Annunciation = Annunciation()


Guard = Callable[[Asked], Reason | None]


def _link_within(limit_s: float) -> Guard:
    def guard(a: Asked) -> Reason | None:
        age_s = a.facts.block_age_s
        return None if a.facts.plc is not None and age_s is not None and age_s < limit_s else Reason("no_link")

    return guard


_link = _link_within(DATA_STALE_S)
_link_fresh = _link_within(DATA_FRESH_S)  # H-15: for what lets nitrogen flow or people in


def _no_action(limit: Action) -> Guard:
    def guard(a: Asked) -> Reason | None:
        for cause, _ in a.verdict.acting:
            if cause.action_when(occupied=a.facts.occupied) >= limit:
                return Reason("action_active", {"cause": cause.id})
        return None

    return guard


def _plc_clean(a: Asked) -> Reason | None:
    if a.facts.plc is not None and a.facts.plc.trips:
        return Reason("plc_tripped", {"trip": a.facts.plc.first_out or "unknown"})
    return None


def _lease(a: Asked) -> Reason | None:
    return None if a.facts.plc is not None and a.facts.plc.lease_alive else Reason("no_lease")


def _doors_shut(a: Asked) -> Reason | None:
    if a.facts.doors_shut:
        return None
    return Reason("door_not_shut", {"door": "inner" if a.facts.inner_door != "shut" else "outer"})


def _empty(a: Asked) -> Reason | None:
    if a.facts.seen_empty:
        return None
    return Reason("somebody_inside" if a.facts.somebody_seen else "presence_unknown")


def _not_known_occupied(a: Asked) -> Reason | None:
    return Reason("occupied") if a.facts.plc is not None and a.facts.plc.occupied else None


def _oxygen_entry(a: Asked) -> Reason | None:
    held = a.facts.o2_entry_good_s
    return (
        None if held >= O2_REENTRY_HOLD_S else Reason("oxygen_not_good_long_enough", {"held_s": int(held), "needed_s": O2_REENTRY_HOLD_S})
    )


def _at_temperature(a: Asked) -> Reason | None:
    return None if a.in_band else Reason("not_at_temperature")


def _records(a: Asked) -> Reason | None:
    return None if a.facts.records_ok else Reason("records_not_ok")


def _durable(a: Asked) -> Reason | None:
    return None if a.durable else Reason("record_not_durable")


def _checks(a: Asked) -> Reason | None:
    if a.command is None:
        return None
    given = a.command.args.get("checks", [])
    missing = [c for c in CHECKLIST if not isinstance(given, list) or c not in given]
    return Reason("checks_missing", {"items": ",".join(missing)}) if missing else None


def _persons(a: Asked) -> Reason | None:
    if a.command is None:
        return None
    persons = a.command.args.get("persons")
    most = a.profile.limits.persons
    if isinstance(persons, bool) or not isinstance(persons, int) or not 1 <= persons <= most:
        return Reason("persons_range", {"low": 1, "high": most})
    return None


def _day_checked(a: Asked) -> Reason | None:
    """H-13, H-24, H-29: no guests before somebody has looked at the chamber today."""
    return None if a.facts.day_checked else Reason("checklist_due")


def _points_met(a: Asked) -> Reason | None:
    if a.command is not None and checklist.found_wanting(a.command):
        return None  # what is wrong may be written down at any time
    open_points = checklist.not_met(a.facts, a.verdict)
    return Reason("checklist_not_met", {"points": ",".join(open_points)}) if open_points else None


def _points_answered(a: Asked) -> Reason | None:
    return None if a.command is None else checklist.refusal(a.command)


def _program_known(a: Asked) -> Reason | None:
    if a.command is None:
        return None
    wanted = a.command.args.get("program", "")
    if not isinstance(wanted, str) or a.profile.program(wanted) is None:
        return Reason("unknown_program", {"program": str(wanted), "programs": ", ".join(p.id for p in a.profile.programs)})
    return None


def _not_colder(a: Asked) -> Reason | None:
    """A warmer program in a colder room would start inside the over-cold trip: let it warm first."""
    wanted = None if a.command is None else a.profile.program(str(a.command.args.get("program")))
    if wanted is None or a.facts.main.value is None:
        return None
    if a.facts.main.value < wanted.setpoint_main_c - WARMER_PROGRAM_K:
        return Reason("colder_than_program", {"measured_c": a.facts.main.value, "wanted_c": wanted.setpoint_main_c})
    return None


def _same_cold(a: Asked) -> Reason | None:
    if a.command is None or a.program is None:
        return None
    wanted = a.profile.program(str(a.command.args.get("program")))
    if wanted is not None and (wanted.setpoint_main_c, wanted.setpoint_pre_c) != (a.program.setpoint_main_c, a.program.setpoint_pre_c):
        return Reason("other_temperature", {"ready_c": a.program.setpoint_main_c, "wanted_c": wanted.setpoint_main_c})
    return None


def _guests_inside(a: Asked) -> Reason | None:
    return None if a.facts.presence_pre is True else Reason("nobody_in_pre_chamber")


def _face_above_rim(a: Asked) -> Reason | None:
    """H-01: in a head-out cabin the air to breathe is above the rim only."""
    return None if a.facts.face_clear else Reason("face_not_above_rim")


def _count_matches(a: Asked) -> Reason | None:
    """H-13: whoever is missing is still inside. A miscount at boarding is settled by service, and only after an evacuation."""
    due = a.facts.count_due
    if due is None or a.command is None:
        return None
    counted = a.command.args.get("count")
    if isinstance(counted, bool) or not isinstance(counted, int):
        return Reason("count_missing")
    if counted == due or (a.facts.state is not C.EXIT and a.command.role is Role.SERVICE):
        return None
    return Reason("count_mismatch", {"counted": counted, "inside": due})


def _key_is_back(a: Asked) -> Reason | None:
    return Reason("service_key_turned") if a.facts.service_key is True else None


def _forcing(a: Asked) -> Reason | None:
    return None if a.command is None else forcing.refusal(a.command)


def _forcing_nitrogen(a: Asked) -> Reason | None:
    if a.command is None or a.command.args.get("output") not in forcing.NITROGEN or a.command.args.get("value") == 0:
        return None
    if Effect.CLOSE_LN2 in a.verdict.effects:
        return Reason("nitrogen_held_shut", {"cause": a.verdict.first_out or "PLC-TRIP"})
    return _doors_shut(a) or _oxygen_entry(a)


def _all_counted(a: Asked) -> Reason | None:
    return None if a.facts.count_due is None else Reason("not_counted_out", {"persons": a.facts.count_due})


def _cooled_off(a: Asked) -> Reason | None:
    """H-10, H-16: nobody goes in again soon after an exposure that was broken off."""
    return None if a.facts.cool_off_left_s <= 0.0 else Reason("cool_off", {"left_s": ceil(a.facts.cool_off_left_s)})


def _something_to_resume(a: Asked) -> Reason | None:
    return None if a.program is not None else Reason("nothing_to_resume")


def _seen_out(a: Asked) -> Reason | None:
    if a.facts.state is C.EXIT and not a.facts.outer_opened_since_exit:
        return Reason("door_not_opened")
    return None


def _seen_by_door(a: Asked) -> Reason | None:
    """After a restart with somebody possibly inside, or an evacuation, looking means opening the door."""
    unknown = a.facts.state in (C.RECOVERY, C.EVACUATE, C.ESTOP, C.FAULT) and (
        a.facts.unknown_session or (a.facts.plc is not None and a.facts.plc.occupied)
    )
    return Reason("door_not_opened") if unknown and not a.door_opened_since_trip else None


def _reset_ready(a: Asked) -> Reason | None:
    blockers = reset_blockers(a.causes, a.facts, door_opened_since_trip=a.door_opened_since_trip)
    if not blockers:
        return None
    code, cause = blockers[0]
    return Reason(code, {"cause": cause.id})


def _nobody(a: Asked) -> Reason | None:
    """I11: not while anybody may be inside, seen or not."""
    return Reason("occupied") if a.facts.occupied else None


def _key_turned(a: Asked) -> Reason | None:
    return None if a.facts.service_key is True else Reason("key_not_turned")


def _service_unlocks(a: Asked) -> Reason | None:
    """H-16: repeated restarts are looked into by service, not reset by the operator."""
    if a.facts.state is not C.LOCKED_OUT or a.command is None or a.command.role is Role.SERVICE:
        return None
    return Reason("role_too_low", {"needed": Role.SERVICE})


def _unless_locked(guard: Guard) -> Guard:
    """Unlocking leads to RECOVERY, where everything is asked again."""
    return lambda a: None if a.facts.state is C.LOCKED_OUT else guard(a)


def _alarm_order(a: Asked) -> Reason | None:
    return None if a.command is None else alarm_orders.refusal(a.command, a.alarms, a.annunciation, a.facts)


def _minutes(a: Asked) -> Reason | None:
    if a.command is None:
        return None
    minutes = a.command.args.get("minutes")
    low, high = SET_BACK_MIN
    good = isinstance(minutes, int | float) and not isinstance(minutes, bool) and (minutes == 0 or low <= minutes <= high)
    return None if good else Reason("minutes_range", {"low": low, "high": high})


_COLD_START: tuple[Guard, ...] = (
    _link_fresh,
    _lease,
    _plc_clean,
    _no_action(Action.STOP_COOLING),
    _doors_shut,
    _empty,
    _not_known_occupied,
)

GUARDS: dict[CommandKind, tuple[Guard, ...]] = {
    K.CONFIRM_EMPTY: (_link, _empty, _seen_out, _seen_by_door, _count_matches),
    K.START_UP: (_link, _plc_clean, _no_action(Action.STOP_COOLING), _key_is_back, _empty),
    K.DRY: (_link, _lease, _plc_clean, _no_action(Action.STOP_COOLING), _empty, _not_known_occupied),
    K.SERVICE: (_link, _plc_clean, _key_turned, _empty, _not_known_occupied),
    K.FORCE: (_link, _lease, _plc_clean, _key_turned, _empty, _forcing, _forcing_nitrogen),
    K.PRECOOL: (*_COLD_START, _program_known, _not_colder),
    K.BEGIN_BOARDING: (
        _link_fresh,
        _plc_clean,
        _no_action(Action.BLOCK_NEW),
        _day_checked,
        _cooled_off,
        _doors_shut,
        _empty,
        _not_known_occupied,
        _oxygen_entry,
        _at_temperature,
        _records,
        _program_known,
        _same_cold,
        _persons,
        _checks,
    ),
    K.CANCEL_BOARDING: (_empty, _not_known_occupied),  # H-13: who fell out of sight is still inside
    K.START_SESSION: (
        _link_fresh,
        _plc_clean,
        _no_action(Action.BLOCK_NEW),
        _durable,
        _doors_shut,
        _guests_inside,
        _face_above_rim,
        _persons,
    ),
    K.END_SESSION: (),
    K.OPERATOR_PRESENT: (),
    K.RESUME: (*_COLD_START, _something_to_resume),
    K.RESET: (
        _service_unlocks,
        _unless_locked(_link),
        _unless_locked(_empty),
        _unless_locked(_not_known_occupied),
        _unless_locked(_all_counted),
        _unless_locked(_reset_ready),
    ),
    K.SHUT_DOWN: (),
    K.RECORD_PROOF_TEST: (),
    K.SIGN_CHECKLIST: (_link, _points_met, _points_answered),
    K.REPLACED: (),
    K.ACCEPT_CONFIGURATION: (_nobody,),
    K.BYPASS: (_link, _empty, _nobody, _key_turned),
    K.END_BYPASS: (),
    K.SET_BACK: (*_COLD_START, _minutes),
    K.FOLLOW_PLAN: _COLD_START,
    K.END_PLAN: (),
    K.TUNE: (_link_fresh, _plc_clean, _no_action(Action.STOP_COOLING), _doors_shut, _empty, _nobody),
    K.END_TUNING: (),
    K.ACCEPT_TUNING: (_nobody,),
    K.REVERT_TUNING: (_nobody,),
    K.ACKNOWLEDGE: (),
    **dict.fromkeys(alarm_orders.KINDS, (_alarm_order,)),
    K.STOP: (),
    K.EVACUATE: (),
}
"""Permissives of each command, checked in order; all that fail are reported."""


def refusals(kind: CommandKind, asked: Asked) -> tuple[Reason, ...]:
    """Why the command would be refused now; empty if it would be accepted. STOP and EVACUATE never are (I14)."""
    if kind in NEVER_REFUSED:
        return ()
    reasons: list[Reason] = []
    if asked.command is not None and ROLE_RANK[asked.command.role] < ROLE_RANK[MINIMUM_ROLE[kind]]:
        reasons.append(Reason("role_too_low", {"needed": MINIMUM_ROLE[kind]}))
    if asked.facts.state not in COMMANDED[kind]:
        return (*reasons, Reason("not_in_this_state", {"state": asked.facts.state.name.lower()}))
    reasons.extend(r for guard in GUARDS[kind] if (r := guard(asked)) is not None)
    return tuple(reasons)
