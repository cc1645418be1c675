"""Questions to the cycle in which every permissive holds, to be spoiled one at a time."""

from __future__ import annotations

from typing import Any

from chamber.alarm_list import ALARMS
from chamber.alarm_states import AlarmState
from chamber.alarms import Alarm
from chamber.cause_effect import Action
from chamber.checklist import BY_PERSON
from chamber.commands import CHECKLIST, Command, CommandKind, Role
from chamber.facts import Facts
from chamber.interlocks import Verdict
from chamber.permissives import Asked
from chamber.profile import Atmosphere, DeviceProfile, Program, Regulator, Room
from chamber.states import CycleState
from tests.chamber.facts_factory import facts

NO_VERDICT = Verdict(Action.NONE, frozenset(), (), None)
ROOM: dict[str, Any] = {
    "name": "Main",
    "temperatures": ("TT-101", "TT-102", "TT-103"),
    "oxygen": ("AT-101A", "AT-101B", "AT-101C"),
    "presence": "YS-101",
    "door_closed_contact": "ZS-101A",
    "door_open_contact": "ZS-101B",
}
PRE: dict[str, Any] = {
    "name": "Pre",
    "temperatures": ("TT-201", "TT-202"),
    "oxygen": ("AT-201A", "AT-201B"),
    "presence": "YS-201",
    "door_closed_contact": "ZS-201A",
    "door_open_contact": "ZS-201B",
}
STANDARD = Program(id="standard", name="Standard", setpoint_main_c=-110.0, exposure_s=180.0)
MILD = Program(id="mild", name="Mild", setpoint_main_c=-90.0, exposure_s=120.0)
REGULATOR = Regulator(full_flow_kg_h=100.0, gain_pct_per_k=4.0, integral_s=300.0, derivative_s=12.0)
PROFILE = DeviceProfile(
    id="test",
    name="Test",
    atmosphere=Atmosphere.INDIRECT_HX,
    main=Room(**ROOM),
    pre=Room(**PRE),
    programs=(STANDARD, MILD),
    regulator_main=REGULATOR,
    regulator_pre=REGULATOR,
)
ARGS: dict[CommandKind, dict[str, Any]] = {
    CommandKind.PRECOOL: {"program": "standard"},
    CommandKind.BEGIN_BOARDING: {"program": "standard", "persons": 3, "checks": list(CHECKLIST)},
    CommandKind.SIGN_CHECKLIST: {"confirmed": list(BY_PERSON)},
    CommandKind.START_SESSION: {"persons": 3},
    CommandKind.SET_BACK: {"minutes": 60},
    CommandKind.SHELVE: {"alarm": "T-DEV-HI", "minutes": 10, "reason": "door seal is being changed"},
    CommandKind.UNSHELVE: {"alarm": "T-DEV-LO"},
    CommandKind.OUT_OF_SERVICE: {"alarm": "T-DEV-HI", "reason": "door seal is being changed"},
    CommandKind.RETURN_TO_SERVICE: {"alarm": "LN2-LOW"},
    CommandKind.CONFIRM_EMPTY: {"count": 3},
    CommandKind.FORCE: {"output": "PURGE_FAN", "value": 1, "seconds": 30},
}
ALARM_STATES = {"T-DEV-LO": AlarmState.SHELVED, "LN2-LOW": AlarmState.OUT_OF_SERVICE, "OVERCOLD": AlarmState.UNACK}
SHOWN = {i: Alarm(i, s, ALARMS[i].priority, "", 0.0, 1) for i, s in ALARM_STATES.items()}
"""Alarms with which every order concerning them is taken."""


def command(kind: CommandKind, role: Role = Role.OPERATOR, command_id: str = "c1", **args: Any) -> Command:
    return Command(command_id, kind, ARGS.get(kind, {}) | args, "anna", role, "panel")


def healthy(kind: CommandKind, state: CycleState) -> Facts:
    """Facts with which every guard of the command passes."""
    changes: dict[str, Any] = {"state": state}
    if kind is CommandKind.START_SESSION:
        changes["presence_pre"] = True
    if kind is CommandKind.BYPASS:
        changes["service_key"] = True
    if state is CycleState.EXIT:
        changes |= {"outer_opened_since_exit": True, "count_due": 3}
    if kind in (CommandKind.SERVICE, CommandKind.FORCE):
        changes["service_key"] = True
    return facts(**changes)


def ask(kind: CommandKind, state: CycleState, *, role: Role = Role.OPERATOR, **changes: Any) -> Asked:
    """``changes`` go to the fields of Asked; those of Facts as ``facts__name``; arguments of the command as ``arg__name``."""
    f = healthy(kind, state)._replace(**{k.removeprefix("facts__"): v for k, v in changes.items() if k.startswith("facts__")})
    args = {k.removeprefix("arg__"): v for k, v in changes.items() if k.startswith("arg__")}
    rest = {k: v for k, v in changes.items() if "__" not in k}
    question = Asked(
        command=command(kind, role, **args),
        facts=f,
        verdict=NO_VERDICT,
        causes={},
        profile=PROFILE,
        program=STANDARD,
        durable=True,
        door_opened_since_trip=True,
        in_band=True,
        alarms=SHOWN,
    )
    return question._replace(**rest)
