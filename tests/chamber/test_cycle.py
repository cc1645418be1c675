"""The cycle: every (state, command) pair, every guard alone, every forced transition, and what can be reached."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from chamber import forcing, texts
from chamber.cause_effect import Action, Effect
from chamber.causes import BY_ID
from chamber.checklist import BY_PERSON
from chamber.commands import CHECKLIST, CommandKind, Role
from chamber.cycle import COMMANDED, TRIGGERED, Trigger, forced, target
from chamber.facts import Door
from chamber.interlocks import CauseState, Verdict, judge
from chamber.permissives import GUARDS, refusals
from chamber.states import COOLING, FACTS, MAY_BE_OCCUPIED, SESSION
from chamber.states import CycleState as C
from tests.chamber.asking import ask
from tests.chamber.expected_causes import ROWS, cells, expected_cells
from tests.chamber.facts_factory import PLC_WELL

K = CommandKind
# Typed by hand: state -> {command: next state}. What is not here is refused; STOP and EVACUATE never are.
EXPECTED: dict[C, dict[K, C]] = {
    C.RECOVERY: {K.CONFIRM_EMPTY: C.STOPPED, K.STOP: C.RECOVERY, K.EVACUATE: C.EVACUATE},
    C.STOPPED: {K.START_UP: C.SELF_TEST, K.SERVICE: C.SERVICE, K.STOP: C.STOPPED, K.EVACUATE: C.EVACUATE},
    C.SELF_TEST: {K.SHUT_DOWN: C.STOPPED, K.STOP: C.STOPPED, K.EVACUATE: C.EVACUATE},
    C.IDLE: {K.PRECOOL: C.PRECOOL, K.DRY: C.DRYING, K.SHUT_DOWN: C.STOPPED, K.STOP: C.STOPPED, K.EVACUATE: C.EVACUATE},
    C.PRECOOL: {K.SHUT_DOWN: C.STOPPED, K.STOP: C.STOPPED, K.EVACUATE: C.EVACUATE},
    C.READY: {
        K.PRECOOL: C.PRECOOL,
        K.BEGIN_BOARDING: C.BOARDING,
        K.SET_BACK: C.RECOOL,
        K.SHUT_DOWN: C.STOPPED,
        K.STOP: C.STOPPED,
        K.EVACUATE: C.EVACUATE,
    },
    C.BOARDING: {
        K.CANCEL_BOARDING: C.READY,
        K.START_SESSION: C.PRE_CHAMBER,
        K.END_SESSION: C.EXIT,
        K.OPERATOR_PRESENT: C.BOARDING,
        K.STOP: C.EXIT,
        K.EVACUATE: C.EVACUATE,
    },
    C.PRE_CHAMBER: {K.END_SESSION: C.EXIT, K.OPERATOR_PRESENT: C.PRE_CHAMBER, K.STOP: C.EXIT, K.EVACUATE: C.EVACUATE},
    C.EXPOSURE: {K.END_SESSION: C.EXIT, K.OPERATOR_PRESENT: C.EXPOSURE, K.STOP: C.EXIT, K.EVACUATE: C.EVACUATE},
    C.EXIT: {K.CONFIRM_EMPTY: C.RECOOL, K.OPERATOR_PRESENT: C.EXIT, K.STOP: C.EXIT, K.EVACUATE: C.EVACUATE},
    C.RECOOL: {K.SET_BACK: C.RECOOL, K.SHUT_DOWN: C.STOPPED, K.STOP: C.STOPPED, K.EVACUATE: C.EVACUATE},
    C.HELD: {K.RESUME: C.PRECOOL, K.SHUT_DOWN: C.STOPPED, K.STOP: C.STOPPED, K.EVACUATE: C.EVACUATE},
    C.SUSPENDED: {K.RESUME: C.PRECOOL, K.SHUT_DOWN: C.STOPPED, K.STOP: C.STOPPED, K.EVACUATE: C.EVACUATE},
    C.PURGE: {K.STOP: C.PURGE, K.EVACUATE: C.EVACUATE},
    C.DRYING: {K.SHUT_DOWN: C.STOPPED, K.STOP: C.STOPPED, K.EVACUATE: C.EVACUATE},
    C.FAULT: {K.CONFIRM_EMPTY: C.FAULT, K.RESET: C.PURGE, K.STOP: C.FAULT, K.EVACUATE: C.EVACUATE},
    C.EVACUATE: {K.CONFIRM_EMPTY: C.FAULT, K.RESET: C.PURGE, K.STOP: C.EVACUATE, K.EVACUATE: C.EVACUATE},
    C.ESTOP: {K.CONFIRM_EMPTY: C.ESTOP, K.RESET: C.PURGE, K.STOP: C.ESTOP, K.EVACUATE: C.ESTOP},
    C.SERVICE: {K.FORCE: C.SERVICE, K.START_UP: C.SELF_TEST, K.SHUT_DOWN: C.STOPPED, K.STOP: C.STOPPED, K.EVACUATE: C.EVACUATE},
    C.LOCKED_OUT: {K.RESET: C.RECOVERY, K.STOP: C.LOCKED_OUT, K.EVACUATE: C.LOCKED_OUT},  # the reset is for service only
}
_WITH_PEOPLE = (C.BOARDING, C.PRE_CHAMBER, C.EXPOSURE, C.EXIT, C.EVACUATE, C.ESTOP)
for _state in C:
    if _state not in _WITH_PEOPLE:
        EXPECTED[_state] |= dict.fromkeys((K.RECORD_PROOF_TEST, K.REPLACED, K.ACCEPT_CONFIGURATION), _state)
        if _state in (C.IDLE, C.PRECOOL, C.READY, C.RECOOL):
            EXPECTED[_state][K.SIGN_CHECKLIST] = _state
        if _state not in (C.RECOVERY, C.LOCKED_OUT):
            EXPECTED[_state] |= dict.fromkeys((K.BYPASS, K.ACCEPT_TUNING, K.REVERT_TUNING), _state)
    EXPECTED[_state] |= dict.fromkeys((K.END_BYPASS, K.END_TUNING, K.END_PLAN), _state)
    if _state in (C.PRECOOL, C.READY, C.RECOOL):
        EXPECTED[_state] |= dict.fromkeys((K.TUNE, K.FOLLOW_PLAN), _state)
EXPECTED_TRIGGERS: dict[C, dict[Trigger, C]] = {
    C.SELF_TEST: {Trigger.TESTED: C.IDLE, Trigger.TEST_FAILED: C.FAULT},
    C.PRECOOL: {Trigger.IN_BAND: C.READY, Trigger.NO_RUN: C.HELD},
    C.READY: {Trigger.OUT_OF_BAND: C.RECOOL, Trigger.NO_RUN: C.HELD, Trigger.PLANNED: C.RECOOL},
    C.BOARDING: {Trigger.BOARDING_LAPSED: C.READY},
    C.PRE_CHAMBER: {Trigger.IN_MAIN: C.EXPOSURE},
    C.RECOOL: {Trigger.IN_BAND: C.READY, Trigger.NO_RUN: C.HELD, Trigger.DAY_DONE: C.STOPPED},
    C.PURGE: {Trigger.PURGED: C.STOPPED},
    C.DRYING: {Trigger.DRIED: C.STOPPED},
    C.SERVICE: {Trigger.KEY_BACK: C.SELF_TEST},
}


BY_SERVICE = (
    K.SERVICE,
    K.FORCE,
    K.OUT_OF_SERVICE,
    K.RETURN_TO_SERVICE,
    K.REPLACED,
    K.ACCEPT_CONFIGURATION,
    K.BYPASS,
    K.TUNE,
    K.ACCEPT_TUNING,
    K.REVERT_TUNING,
)
ANYWHERE = (K.ACKNOWLEDGE, K.SHELVE, K.UNSHELVE, K.OUT_OF_SERVICE, K.RETURN_TO_SERVICE, K.AUDIO_PAUSE)


@pytest.mark.parametrize(("state", "kind"), list(product(C, K)), ids=lambda v: v.name)
def test_every_pair_of_state_and_command(state: C, kind: K) -> None:
    role = Role.SERVICE if state is C.LOCKED_OUT or kind in BY_SERVICE else Role.OPERATOR
    reasons = refusals(kind, ask(kind, state, role=role))
    wanted = state if kind in ANYWHERE else EXPECTED[state].get(kind)
    if wanted is None:
        assert [r.code for r in reasons] == ["not_in_this_state"]
        assert target(kind, state) is state
    else:
        assert reasons == ()
        assert target(kind, state) is wanted


@pytest.mark.req("SRS-CYC-008")
def test_only_service_unlocks() -> None:
    assert [r.code for r in refusals(K.RESET, ask(K.RESET, C.LOCKED_OUT))] == ["role_too_low"]
    # whatever else is wrong is asked again in RECOVERY
    worst = ask(K.RESET, C.LOCKED_OUT, role=Role.SERVICE, facts__plc=None, facts__presence_main=True, door_opened_since_trip=False)
    assert refusals(K.RESET, worst) == ()


def test_nobody_inside_while_boarding_is_nobody_to_see_out() -> None:
    assert target(K.END_SESSION, C.BOARDING, empty=True) is C.READY
    assert target(K.STOP, C.BOARDING, empty=True) is C.STOPPED
    assert target(K.STOP, C.EXPOSURE, empty=True) is C.EXIT  # a sensor that sees nobody does not end an exposure quietly
    for cause, latched, to in (("COMM-PLC", False, C.SUSPENDED), ("OVERCOLD", True, C.FAULT)):
        assert forced(C.BOARDING, verdict_of(cause, latched=latched), occupied=False) is to


def test_triggers_are_as_expected() -> None:
    assert TRIGGERED == EXPECTED_TRIGGERS


@pytest.mark.req("SRS-CYC-001")
@pytest.mark.parametrize(("state", "kind", "role"), list(product(C, (K.STOP, K.EVACUATE), Role)), ids=lambda v: v.name)
def test_stop_and_evacuate_are_never_refused(state: C, kind: K, role: Role) -> None:
    """By nobody, in no state, with everything else wrong (I14)."""
    worst = ask(
        kind,
        state,
        role=role,
        facts__plc=None,
        facts__block_age_s=None,
        facts__presence_main=None,
        facts__inner_door=Door.FAULT,
        facts__records_ok=False,
        durable=False,
        in_band=False,
        door_opened_since_trip=False,
        verdict=Verdict(Action.ESTOP, frozenset(Effect), (), None),
    )
    assert refusals(kind, worst) == ()
    assert target(kind, state) not in COOLING


@pytest.mark.req("SRS-SEC-001")
@pytest.mark.parametrize(("kind", "role"), list(product(K, Role)), ids=lambda v: v.name)
def test_roles(kind: K, role: Role) -> None:
    state = next(s for s in C if kind in EXPECTED[s] or kind in ANYWHERE)
    allowed = kind in (K.STOP, K.EVACUATE) or role is Role.SERVICE or (role is Role.OPERATOR and kind not in BY_SERVICE)
    assert [r.code for r in refusals(kind, ask(kind, state, role=role))] == ([] if allowed else ["role_too_low"])


@pytest.mark.parametrize("state", [C.EVACUATE, C.ESTOP])
def test_a_miscount_at_boarding_is_settled_by_service_after_an_evacuation(state: C) -> None:
    wrong = {"facts__count_due": 3, "arg__count": 2}
    assert refusals(K.CONFIRM_EMPTY, ask(K.CONFIRM_EMPTY, state, role=Role.SERVICE, **wrong)) == ()


def test_the_panel_asks_without_a_command() -> None:
    for kind in K:
        state = next(s for s in C if kind in EXPECTED[s] or kind in ANYWHERE)
        assert refusals(kind, ask(kind, state, command=None)) == ()


def acting(cause_id: str, *, latched: bool = False, occupied: bool = False) -> dict[str, CauseState]:
    return {cause_id: CauseState(None if latched else 1.0, 1.0, latched, occupied, 50.0 if latched else None)}


def verdict_of(*cause_ids: str, latched: bool = False, occupied: bool = False) -> Verdict:
    states: dict[str, CauseState] = {}
    for cause_id in cause_ids:
        states |= acting(cause_id, latched=latched, occupied=occupied)
    return judge(states, occupied=occupied)


TRIPPED = PLC_WELL._replace(trips=frozenset({"overcold"}), first_out="overcold")
# One thing wrong at a time, and the only reason given.
LINK: list[tuple[dict[str, Any], str]] = [
    ({"facts__block_age_s": 1.5}, "no_link"),
    ({"facts__block_age_s": None}, "no_link"),
]
COLD_LINK = [*LINK, ({"facts__block_age_s": 0.5}, "no_link")]  # H-15: nothing cold begins on older data
PLC_TRIP: list[tuple[dict[str, Any], str]] = [({"facts__plc": TRIPPED}, "plc_tripped")]
BLOCKED: list[tuple[dict[str, Any], str]] = [({"verdict": verdict_of("LN2-LOW")}, "action_active")]
STOPPED_COLD: list[tuple[dict[str, Any], str]] = [({"verdict": verdict_of("FAN-EXTRACT")}, "action_active")]
DOORS: list[tuple[dict[str, Any], str]] = [({"facts__inner_door": d}, "door_not_shut") for d in (Door.OPEN, Door.FAULT, Door.UNKNOWN)] + [
    ({"facts__outer_door": d}, "door_not_shut") for d in (Door.OPEN, Door.FAULT, Door.UNKNOWN)
]
EMPTY: list[tuple[dict[str, Any], str]] = [
    ({"facts__presence_main": True}, "somebody_inside"),
    ({"facts__presence_pre": True}, "somebody_inside"),
    ({"facts__presence_main": None}, "presence_unknown"),
    ({"facts__presence_pre": None}, "presence_unknown"),
]
LEASE: list[tuple[dict[str, Any], str]] = [({"facts__plc": PLC_WELL._replace(lease_alive=False)}, "no_lease")]
KNOWN: list[tuple[dict[str, Any], str]] = [({"facts__plc": PLC_WELL._replace(occupied=True)}, "occupied")]
COLD_START = [*COLD_LINK, *LEASE, *PLC_TRIP, *STOPPED_COLD, *DOORS, *EMPTY, *KNOWN]
PERSONS: list[tuple[dict[str, Any], str]] = [({"arg__persons": n}, "persons_range") for n in (0, -1, 4, 2.0, True, "3", None)]
SERVICE: dict[str, Any] = {"role": Role.SERVICE}
KEY: list[tuple[dict[str, Any], str]] = [({"facts__service_key": k}, "key_not_turned") for k in (False, None)]
FORCE: list[tuple[dict[str, Any], str]] = [
    *[({"arg__output": o}, "unknown_output") for o in ("XV-401", "", 7, None)],
    *[({"arg__value": v}, "force_range") for v in (2, 0.5, -1, True, "1", None)],
    *[({"arg__output": "TCV-101", "arg__value": v}, "force_range") for v in (20.1, -0.1)],
    *[({"arg__seconds": s}, "force_time") for s in (0, 0.9, 60.1, True, "10", None)],
]
COLD_FORCE: list[tuple[dict[str, Any], str]] = [
    ({"facts__o2_entry_good_s": 59.9}, "oxygen_not_good_long_enough"),
    ({"verdict": Verdict(Action.STOP_COOLING, frozenset({Effect.CLOSE_LN2}), (), None)}, "nitrogen_held_shut"),
]
COUNTED = (C.EXIT, C.EVACUATE, C.ESTOP)
CASES: list[tuple[K, C, dict[str, Any], str]] = [
    *[(K.CONFIRM_EMPTY, C.RECOVERY, c, r) for c, r in (*LINK, *EMPTY)],
    (K.CONFIRM_EMPTY, C.EXIT, {"facts__outer_opened_since_exit": False}, "door_not_opened"),
    *[(K.CONFIRM_EMPTY, s, {"facts__count_due": 3, "arg__count": n}, "count_mismatch") for s in COUNTED for n in (2, 4, 0)],
    *[(K.CONFIRM_EMPTY, s, {"facts__count_due": 3, "arg__count": n}, "count_missing") for s in COUNTED for n in (None, "3", 3.0, True)],
    (K.CONFIRM_EMPTY, C.EXIT, {"facts__count_due": 1, "arg__count": True}, "count_missing"),
    (K.CONFIRM_EMPTY, C.EXIT, {"arg__count": 2, "role": Role.SERVICE}, "count_mismatch"),  # first evacuate, then settle it
    *[
        (K.CONFIRM_EMPTY, s, {"facts__unknown_session": True, "door_opened_since_trip": False}, "door_not_opened")
        for s in (C.RECOVERY, C.EVACUATE, C.ESTOP, C.FAULT)
    ],
    *[
        (K.CONFIRM_EMPTY, s, {"facts__plc": PLC_WELL._replace(occupied=True), "door_opened_since_trip": False}, "door_not_opened")
        for s in (C.RECOVERY, C.EVACUATE, C.ESTOP, C.FAULT)
    ],
    *[(K.START_UP, C.STOPPED, c, r) for c, r in (*LINK, *PLC_TRIP, *STOPPED_COLD, *EMPTY)],
    *[(K.PRECOOL, C.IDLE, c, r) for c, r in COLD_START],
    *[(K.START_UP, s, {"facts__service_key": True}, "service_key_turned") for s in (C.STOPPED, C.SERVICE)],
    *[(K.DRY, C.IDLE, c, r) for c, r in (*LINK, *LEASE, *PLC_TRIP, *STOPPED_COLD, *EMPTY, *KNOWN)],
    *[(K.SERVICE, C.STOPPED, c | SERVICE, r) for c, r in (*LINK, *PLC_TRIP, *EMPTY, *KNOWN, *KEY)],
    *[(K.FORCE, C.SERVICE, c | SERVICE, r) for c, r in (*LINK, *LEASE, *PLC_TRIP, *EMPTY, *KEY, *FORCE)],
    *[(K.FORCE, C.SERVICE, c | SERVICE | {"arg__output": o}, r) for c, r in (*DOORS, *COLD_FORCE) for o in forcing.NITROGEN],
    (K.PRECOOL, C.IDLE, {"arg__program": "no-such"}, "unknown_program"),
    (K.PRECOOL, C.IDLE, {"arg__program": 7}, "unknown_program"),
    (K.PRECOOL, C.READY, {"arg__program": "mild"}, "colder_than_program"),
    *[(K.BEGIN_BOARDING, C.READY, c, r) for c, r in (*COLD_LINK, *PLC_TRIP, *BLOCKED, *STOPPED_COLD, *DOORS, *EMPTY, *PERSONS)],
    (K.BEGIN_BOARDING, C.READY, {"facts__o2_entry_good_s": 59.9}, "oxygen_not_good_long_enough"),
    (K.BEGIN_BOARDING, C.READY, {"in_band": False}, "not_at_temperature"),
    (K.BEGIN_BOARDING, C.READY, {"facts__cool_off_left_s": 0.1}, "cool_off"),
    (K.BEGIN_BOARDING, C.READY, {"facts__records_ok": False}, "records_not_ok"),
    (K.BEGIN_BOARDING, C.READY, {"arg__program": "no-such"}, "unknown_program"),
    (K.BEGIN_BOARDING, C.READY, {"arg__program": "mild"}, "other_temperature"),
    *[(K.BEGIN_BOARDING, C.READY, {"arg__checks": [x for x in CHECKLIST if x != item]}, "checks_missing") for item in CHECKLIST],
    (K.BEGIN_BOARDING, C.READY, {"arg__checks": "everything"}, "checks_missing"),
    (K.BEGIN_BOARDING, C.READY, {"facts__day_checked": False}, "checklist_due"),
    *[(K.SIGN_CHECKLIST, C.IDLE, c, r) for c, r in LINK],
    (K.SIGN_CHECKLIST, C.READY, {"facts__inner_door": Door.OPEN}, "checklist_not_met"),
    *[(K.SIGN_CHECKLIST, C.READY, {"arg__confirmed": [x for x in BY_PERSON if x != p]}, "checklist_incomplete") for p in BY_PERSON],
    (K.SIGN_CHECKLIST, C.READY, {"arg__confirmed": "everything"}, "checklist_incomplete"),
    (K.SIGN_CHECKLIST, C.READY, {"arg__failed": ["LIGHTS"]}, "result_incomplete"),
    *[(K.CANCEL_BOARDING, C.BOARDING, c, r) for c, r in (*EMPTY, *KNOWN)],
    *[(K.BEGIN_BOARDING, C.READY, c, r) for c, r in KNOWN],
    *[(K.START_SESSION, C.BOARDING, c, r) for c, r in (*COLD_LINK, *PLC_TRIP, *BLOCKED, *DOORS, *PERSONS)],
    (K.START_SESSION, C.BOARDING, {"durable": False}, "record_not_durable"),
    (K.START_SESSION, C.BOARDING, {"facts__presence_pre": False}, "nobody_in_pre_chamber"),
    (K.START_SESSION, C.BOARDING, {"facts__presence_pre": None}, "nobody_in_pre_chamber"),
    *[(K.RESUME, s, c, r) for s in (C.HELD, C.SUSPENDED) for c, r in COLD_START],
    (K.RESUME, C.HELD, {"program": None}, "nothing_to_resume"),
    *[(K.RESET, s, {"facts__count_due": 2}, "not_counted_out") for s in (C.EVACUATE, C.ESTOP)],
    *[(K.RESET, s, c, r) for s in (C.FAULT, C.EVACUATE, C.ESTOP) for c, r in (*LINK, *EMPTY, *KNOWN)],
    (K.RESET, C.FAULT, {"causes": acting("OVERCOLD")}, "cause_present"),
    (K.RESET, C.FAULT, {"causes": {"OVERCOLD": CauseState(None, 1.0, True, True, 95.0)}}, "clear_too_short"),
    (K.RESET, C.FAULT, {"causes": acting("ESTOP", latched=True, occupied=True), "door_opened_since_trip": False}, "door_not_opened"),
]


@pytest.mark.req("SRS-PPL-004", "SRS-PPL-005", "SRS-PPL-006", "SRS-PPL-008", "SRS-O2-012", "SRS-REC-001")
@pytest.mark.parametrize(("kind", "state", "changes", "code"), CASES)
def test_each_guard_alone_refuses(kind: K, state: C, changes: dict[str, Any], code: str) -> None:
    question = ask(kind, state, **changes)
    reasons = refusals(kind, question)
    assert [r.code for r in reasons] == [code]
    assert texts.say(texts.REASONS, reasons[0].code, reasons[0].params)


@pytest.mark.parametrize(
    ("minutes", "taken"), [(0, True), (1, False), (19, False), (20, True), (480, True), (481, False), (True, False), ("20", False)]
)
def test_minutes_of_a_set_back(minutes: object, taken: bool) -> None:
    """None at all ends it."""
    assert (refusals(K.SET_BACK, ask(K.SET_BACK, C.READY, arg__minutes=minutes)) == ()) is taken


def test_all_reasons_are_told_at_once() -> None:
    reasons = refusals(K.BEGIN_BOARDING, ask(K.BEGIN_BOARDING, C.READY, role=Role.VIEWER, in_band=False, facts__records_ok=False))
    assert [r.code for r in reasons] == ["role_too_low", "not_at_temperature", "records_not_ok"]


def test_no_plc_at_all_refuses_what_needs_it() -> None:
    for kind, state in ((K.PRECOOL, C.IDLE), (K.RESUME, C.HELD), (K.BEGIN_BOARDING, C.READY), (K.START_SESSION, C.BOARDING)):
        assert "no_link" in [r.code for r in refusals(kind, ask(kind, state, facts__plc=None))]


def test_a_weaker_cause_does_not_refuse() -> None:
    blocking = verdict_of("T-SENS-BAD", "LN2-LOW")  # notes and blocks new sessions: no reason not to cool
    assert refusals(K.PRECOOL, ask(K.PRECOOL, C.IDLE, verdict=blocking)) == ()
    noting = verdict_of("T-SENS-BAD")
    assert refusals(K.BEGIN_BOARDING, ask(K.BEGIN_BOARDING, C.READY, verdict=noting)) == ()


def test_the_room_may_be_a_little_colder_than_the_program() -> None:
    colder = {"arg__program": "standard", "facts__main": ask(K.PRECOOL, C.IDLE).facts.main._replace(value=-113.9)}
    assert refusals(K.PRECOOL, ask(K.PRECOOL, C.IDLE, **colder)) == ()
    unknown = {"facts__main": ask(K.PRECOOL, C.IDLE).facts.main._replace(value=None)}
    assert refusals(K.PRECOOL, ask(K.PRECOOL, C.IDLE, **unknown)) == ()  # T-ALL-BAD is the judge of that


def test_every_command_that_can_lead_to_cold_has_its_guards() -> None:
    for kind, moves in COMMANDED.items():
        for source, to in moves.items():
            if to in COOLING and source not in COOLING and to is not source:
                assert GUARDS[kind], f"{kind} leads from {source.name} to {to.name} unguarded"


FORCING = [
    Verdict(
        action,
        frozenset({Effect.CLOSE_LN2}),
        ((BY_ID["FAN-EXTRACT" if external else "OVERCOLD"], CauseState(1.0, 1.0, latched, occupied, None)),),
        None,
    )
    if action >= Action.STOP_COOLING
    else Verdict(action, frozenset(), (), None)
    for action, external, latched, occupied in product(Action, (False, True), (False, True), (False, True))
]


@pytest.mark.parametrize("occupied", [False, True])
@pytest.mark.parametrize("state", list(C))
def test_force_never_leads_into_the_cold(state: C, occupied: bool) -> None:
    for verdict in FORCING:
        to = forced(state, verdict, occupied=occupied)
        assert to is state or to not in COOLING
        if state not in COOLING:
            assert to not in COOLING
        if verdict.action >= Action.STOP_COOLING:
            assert to not in COOLING, (state, verdict.action)
        if verdict.action >= Action.END_SESSION:
            assert to not in (C.BOARDING, C.PRE_CHAMBER, C.EXPOSURE)
        if verdict.action <= Action.BLOCK_NEW:
            assert to is state


@pytest.mark.parametrize("state", list(C))
def test_estop_and_evacuate(state: C) -> None:
    estop, evacuate = Verdict(Action.ESTOP, frozenset(), (), None), Verdict(Action.EVACUATE, frozenset(), (), None)
    stays = (C.LOCKED_OUT, C.ESTOP)
    for occupied in (False, True):
        assert forced(state, estop, occupied=occupied) is (state if state in stays else C.ESTOP)
    people = forced(state, evacuate, occupied=True)
    assert people is (state if state in stays else C.EVACUATE)  # also from FAULT: somebody came into a tripped chamber
    nobody = forced(state, evacuate, occupied=False)
    assert nobody is (state if state in (*stays, C.FAULT, C.EVACUATE, C.RECOVERY) else C.FAULT)


@pytest.mark.parametrize(
    ("causes", "latched", "to"),
    [
        (("COMM-PLC",), False, C.SUSPENDED),
        (("COMM-PLC", "FAN-EXTRACT"), False, C.SUSPENDED),
        (("COMM-PLC", "OVERCOLD"), False, C.HELD),
        (("COMM-PLC", "T-SENS-BAD"), False, C.SUSPENDED),  # the weaker one is not asked
        (("OVERCOLD",), True, C.FAULT),
        (("PLC-TRIP",), False, C.FAULT),  # latched in the PLC
    ],
)
@pytest.mark.parametrize("state", [C.SELF_TEST, C.IDLE, C.PRECOOL, C.READY, C.RECOOL])
def test_internal_external_and_latched_stops(state: C, causes: tuple[str, ...], latched: bool, to: C) -> None:
    assert forced(state, verdict_of(*causes, latched=latched), occupied=False) is to


@pytest.mark.parametrize("state", [C.STOPPED, C.PURGE, C.HELD, C.SUSPENDED, C.SERVICE, C.DRYING])
def test_quiet_states_become_fault_only_when_latched(state: C) -> None:
    assert forced(state, verdict_of("OVERCOLD", latched=True), occupied=False) is C.FAULT
    # a stopped drying has nothing that could be resumed
    assert forced(state, verdict_of("COMM-PLC"), occupied=False) is (C.STOPPED if state is C.DRYING else state)


RESET_STATES = frozenset(COMMANDED[K.RESET])


@pytest.mark.req("SRS-CYC-010")
@pytest.mark.parametrize("cause_id", [c for c in ROWS if Effect.LATCH in cells(expected_cells(c), occupied=True)])
def test_no_latched_row_is_a_dead_end(cause_id: str) -> None:
    """A row that holds the nitrogen shut after a session must bring the cycle to where a reset is taken."""
    verdict = verdict_of(cause_id, latched=True, occupied=True)
    empty = judge(acting(cause_id, latched=True, occupied=True), occupied=False)
    assert verdict.latched
    for state in (C.RECOOL, C.READY, C.PRECOOL):
        to = forced(state, empty, occupied=False)
        assert to in RESET_STATES or Effect.CLOSE_LN2 not in empty.effects, f"{cause_id} holds the nitrogen shut in {state.name} for ever"


def test_all_states_are_reachable() -> None:
    """From the start, by commands, triggers and force."""
    seen, todo = set[C](), [C.RECOVERY, C.LOCKED_OUT]  # the two beginnings
    while todo:
        state = todo.pop()
        if state in seen:
            continue
        seen.add(state)
        todo += [m[state] for m in COMMANDED.values() if state in m]
        todo += TRIGGERED.get(state, {}).values()
        todo += [forced(state, v, occupied=o) for v in FORCING for o in (False, True)]
    assert set(C) == seen


@pytest.mark.req("SRS-CYC-004", "SRS-LN2-006")
def test_no_way_into_the_cold_but_by_command() -> None:
    """Nothing cold restarts by itself: no trigger leads from a state without nitrogen into one with it."""
    for state, moves in TRIGGERED.items():
        for trigger, to in moves.items():
            assert to not in COOLING or state in COOLING, (state.name, trigger)


@pytest.mark.req("SRS-CYC-003")
def test_latched_states_are_left_by_command_only() -> None:
    for state in (C.FAULT, C.EVACUATE, C.ESTOP, C.LOCKED_OUT):
        assert state not in TRIGGERED
    assert {to for m in COMMANDED.values() for s, to in m.items() if s is C.LOCKED_OUT} == {C.LOCKED_OUT, C.RECOVERY}


def test_codes_of_the_states_are_fixed() -> None:
    assert {s.name: int(s) for s in C} == {
        "RECOVERY": 1,
        "STOPPED": 2,
        "SELF_TEST": 3,
        "IDLE": 4,
        "PRECOOL": 5,
        "READY": 6,
        "BOARDING": 7,
        "PRE_CHAMBER": 8,
        "EXPOSURE": 9,
        "EXIT": 10,
        "RECOOL": 11,
        "HELD": 12,
        "SUSPENDED": 13,
        "PURGE": 14,
        "DRYING": 15,
        "FAULT": 16,
        "EVACUATE": 17,
        "ESTOP": 18,
        "SERVICE": 19,
        "LOCKED_OUT": 20,
    }
    assert set(FACTS) == set(C)
    assert {C.PRECOOL, C.READY, C.BOARDING, C.PRE_CHAMBER, C.EXPOSURE, C.RECOOL} == COOLING
    assert SESSION | {C.EVACUATE, C.ESTOP} == MAY_BE_OCCUPIED
