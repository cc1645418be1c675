"""Upkeep: proof tests, work on the device, accepted configuration, bypasses, the clock on the wall."""

from __future__ import annotations

from chamber.cause_effect import Action, Cause, Clear, plain
from chamber.facts import Facts
from chamber.states import CycleState as C
from chamber.upkeep import Kind, Work

WORK_WORDS: dict[str, str] = {
    Work.SERVICE_KEY: "service key turned",
    Work.SERVICE_STATE: "service mode",
    Work.PLC_PROGRAM: "another program in the PLC",
    Kind.REPLACED: "instrument replaced",
    Kind.ACCEPTED: "configuration accepted",
}
"""Reason of work -> what the operator reads."""
_SHOWN = 3
_BEFORE_SELF_TEST = frozenset(
    {C.RECOVERY, C.LOCKED_OUT, C.STOPPED, C.SELF_TEST, C.DRYING, C.SERVICE, C.PURGE, C.FAULT, C.EVACUATE, C.ESTOP}
)
"""From here a session needs the self-test first, which gives the tests it gives: asking for them would be noise."""


def _names(names: tuple[str, ...]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _soon(f: Facts) -> tuple[str, ...]:
    return f.upkeep.soon if f.state in _BEFORE_SELF_TEST else f.upkeep.soon + f.upkeep.soon_by_itself


def _missing(f: Facts) -> tuple[str, ...]:
    return f.upkeep.missing if f.state in _BEFORE_SELF_TEST else f.upkeep.missing + f.upkeep.missing_by_itself


def _worked(f: Facts) -> str:
    return f"{WORK_WORDS.get(f.upkeep.work, f.upkeep.work)}; to test: {_names(f.upkeep.after_work)}"


def _program(f: Facts) -> str:
    return "never heard" if f.plc is None else f"program {f.plc.program_id:08x}"


# fmt: off
ROWS: tuple[Cause, ...] = (
    Cause(
        "PROOF-DUE", 32, "Proof test due soon", ("H-27",),
        lambda f: bool(_soon(f)), lambda f: _names(_soon(f)),
        0.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "PROOF-DUE", needs_plc=False, stands=True,
    ),
    Cause(
        "O2-CAL-DUE", 32, "Oxygen calibration due soon", ("H-05",),
        lambda f: bool(f.upkeep.calibration_soon), lambda f: _names(f.upkeep.calibration_soon),
        0.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "O2-CAL-DUE", needs_plc=False, stands=True,
    ),
    Cause(
        "PROOF-OVERDUE", 32, "Proof test overdue, failed or never given", ("H-05", "H-07", "H-27"),
        lambda f: bool(_missing(f)), lambda f: _names(_missing(f)),
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "PROOF-OVERDUE", needs_plc=False, stands=True,
    ),
    Cause(
        "MAINTENANCE", 32, "First use after work on the device", ("H-27",),
        lambda f: bool(f.upkeep.after_work), _worked,
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "MAINTENANCE", needs_plc=False, stands=True,
    ),
    Cause(
        "BYPASS-ACT", 32, "A bypass is active", ("H-19",),
        lambda f: bool(f.bypassed), lambda f: ", ".join(sorted(f.bypassed)),
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "BYPASS-ACT", needs_plc=False, stands=True,
    ),
    Cause(
        "CLOCK-JUMP", 33, "Clock on the wall has jumped", ("H-10",),
        lambda f: f.clock_jumped, plain("dates of records around now are wrong; no time inside the chamber depends on them"),
        0.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "CLOCK-JUMP", needs_plc=False, stands=True,
    ),
    Cause(
        "SEC-CONF", 34, "Configuration not the accepted one", ("H-20", "H-27", "H-32"),
        lambda f: bool(f.upkeep.not_accepted), lambda f: f.upkeep.not_accepted,
        0.0, "Xo-----XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "SEC-CONF", needs_plc=False, stands=True,
    ),
    Cause(
        "PLC-PROGRAM", 34, "PLC runs another program", ("H-27", "H-32"),
        lambda f: f.plc is not None and not f.plc.program_expected, _program,
        0.0, "Xo-----XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "SEC-CONF",
    ),
)
# fmt: on
