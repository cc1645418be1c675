"""Forcing single outputs in SERVICE: what may be asked, and what of it stands at this moment.

Forcing only ever adds to what the interlocks leave free. It needs the service key turned and nobody inside, ends by
itself, and ends at once with SERVICE (H-27).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chamber.commands import Command, Reason
from chamber.facts import Facts
from chamber.limits import O2_REENTRY_HOLD_S

FORCE_MAX_S = 60.0  # H-27: longest single forcing; asked again it begins anew
NITROGEN_MAX_PCT = 20.0  # H-01, H-27: no wider may a nitrogen valve be forced
MAIN_VALVE = "XV_401"
VALVES = ("TCV-101", "TCV-201")
NITROGEN = (MAIN_VALVE, *VALVES)
OUTPUTS = (
    MAIN_VALVE,
    "RECIRC_FAN",
    "PURGE_FAN",
    "EXTRACT_BOOST",
    "LIGHT_MAIN",
    "LIGHT_PRE",
    "SOUNDER",
    "BEACON_NO_ENTRY",
    "DOOR_HEATER",
    "STANDBY_EXTRACT",
    "DRY_HEATER",
)
"""Discrete outputs by their names in the register map; a forced one is on."""
PRE_CHAMBER_OUTPUTS = ("LIGHT_PRE", "TCV-201")  # a device without a pre-chamber has nothing behind them


class Forced(NamedTuple):
    """``value``: percent of a valve, 1 for a discrete output. ``until_s``: monotonic, s."""

    value: float
    until_s: float


Forcing = Mapping[str, Forced]


def refusal(command: Command) -> Reason | None:
    """What is wrong with the arguments: ``output``, ``value`` (0 ends the forcing) and ``seconds``."""
    output, value, seconds = (command.args.get(name) for name in ("output", "value", "seconds"))
    if not isinstance(output, str) or output not in (*OUTPUTS, *VALVES):
        return Reason("unknown_output", {"output": str(output)})
    high = NITROGEN_MAX_PCT if output in VALVES else 1
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value <= high
        or (output in OUTPUTS and value not in (0, 1))
    ):
        return Reason("force_range", {"low": 0, "high": high})
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 1 <= seconds <= FORCE_MAX_S:
        return Reason("force_time", {"high": FORCE_MAX_S})
    return None


def forced(forcing: Forcing, command: Command, now_s: float) -> Forcing:
    """The forcing after an accepted FORCE."""
    output, value, seconds = command.args["output"], command.args["value"], command.args["seconds"]
    if not isinstance(output, str) or not isinstance(value, int | float) or not isinstance(seconds, int | float):
        raise TypeError(f"force: {command.args!r}")  # refused before: see ``refusal``
    rest = {name: f for name, f in forcing.items() if name != output}
    return rest if value <= 0 else rest | {output: Forced(float(value), now_s + seconds)}


def standing(forcing: Forcing, facts: Facts) -> Forcing:
    """What is left of it: not what has run out, nothing without the key or with somebody seen, no nitrogen that may not flow."""
    if not forcing:
        return forcing
    if facts.service_key is not True or not facts.seen_empty:
        return {}
    nitrogen = nitrogen_allowed(facts)
    left = {n: f for n, f in forcing.items() if f.until_s > facts.now_s and (nitrogen or n not in NITROGEN)}
    return forcing if len(left) == len(forcing) else left


def nitrogen_allowed(facts: Facts) -> bool:
    """Doors shut and every oxygen value good for entry long enough (H-01, H-12)."""
    return facts.doors_shut and facts.o2_entry_good_s >= O2_REENTRY_HOLD_S
