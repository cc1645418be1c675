"""What people have switched off or tried: safety alarms out of service, wrong sign-ins."""

from __future__ import annotations

from chamber.cause_effect import Action, Cause, Clear, plain
from chamber.facts import Facts


def _out(f: Facts) -> str:
    return ", ".join(f.safety_alarms_out)


# fmt: off
ROWS: tuple[Cause, ...] = (
    Cause(
        "ALARM-OUT", 32, "Safety alarm out of service", ("H-19", "H-24"),
        lambda f: bool(f.safety_alarms_out), _out,
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "ALARM-OUT", needs_plc=False, stands=True,
    ),
    Cause(
        "SEC-AUTH", 34, "Repeated wrong sign-ins", ("H-20", "H-21"),
        lambda f: f.sign_in_abused, plain("five wrong PINs within ten minutes"),
        0.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "SEC-AUTH", needs_plc=False, stands=True,
    ),
)
# fmt: on
