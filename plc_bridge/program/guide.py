"""Tables of the integrator's guide, made from the instrument list, the register map and the rule table.

``python -m plc_bridge.program.guide docs/integrator-guide.md`` renews them between their markers; ``--check`` only compares.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from chamber.tags import ANALOG_TAGS, BIT_TAGS
from plc_bridge.contract import EXPOSURE_EXIT_S, LEASE_EMPTY_S, LEASE_OCCUPIED_S, Trip
from plc_bridge.plc_rules import (
    OVERCOLD_ARM_K,
    OXYGEN_FALL_WINDOW_S,
    PRESENCE_CLEAR_S,
    RESET_CLEAR_S,
    ROW,
    ROWS,
    Criterion,
    Effect,
    Row,
    Test,
)
from plc_bridge.program.declarations import (
    ANALOG_OUTPUT_BASE,
    DEVICE_STATUS_BASE,
    PHYSICAL_OUTPUTS,
    device_words,
    milliseconds,
    tag_register,
)
from plc_bridge.program.generate import SCAN_MS
from plc_bridge.register_map import BLOCKS, COMMAND_BASE, length

_DAILY, _WEEKLY, _MONTHLY, _QUARTERLY, _YEARLY = "daily", "weekly", "monthly", "3 months", "yearly"

PROOF: dict[Trip, tuple[str, str]] = {
    Trip.O2_MAIN_LL: ("Test gas of 19.3 vol% on two of the main room's cells together, then on one with another unplugged", _MONTHLY),
    Trip.O2_CHAMBER_LLL: ("Test gas of 18 vol% (or nitrogen) on each cell by turns", _MONTHLY),
    Trip.O2_PRE_LL: ("Test gas of 19.3 vol% on each pre-chamber cell by turns", _MONTHLY),
    Trip.O2_ROOM_LL: ("Test gas of 19.3 vol% on the cell at breathing height", _MONTHLY),
    Trip.O2_ROOM_EVAC: ("Test gas of 18.5 vol% at breathing height; of 17 vol% at the floor", _MONTHLY),
    Trip.O2_HIGH: ("Test gas of 24.5 vol% on each cell by turns", _QUARTERLY),
    Trip.O2_SENSOR_BAD: ("Unplug one cell with a session told; unplug two of a group with the chamber empty", _QUARTERLY),
    Trip.O2_SAMPLE_FLOW: ("Pinch the sample line with a session told", _MONTHLY),
    Trip.ESTOP: ("Press each mushroom head; open each channel alone. Measure the valve's coil: off within 0.2 s without the PLC", _DAILY),
    Trip.CALL_INSIDE: ("Press the call button inside", _DAILY),
    Trip.DOOR_FAULT: ("Bridge both contacts of a door; then open both, for each door", _MONTHLY),
    Trip.DOOR_STUCK: (
        "Told EXIT, stand in the pre-chamber of the warm chamber with the outer door shut, a second person outside",
        _QUARTERLY,
    ),
    Trip.EXPOSURE_LIMIT: ("Run a warm, empty session with the presence sensor covered, past its limit; once more leaving in time", _WEEKLY),
    Trip.OVERCOLD: ("Simulate two main room thermometers with a calibrator; then one, with another unplugged", _QUARTERLY),
    Trip.TEMP_SENSORS_BAD: ("Unplug two thermometers of a room", _QUARTERLY),
    Trip.VALVE_STUCK_OPEN: (
        "Hold each position transmitter open by hand; unplug the closed switch; feed the flow meter's current",
        _QUARTERLY,
    ),
    Trip.LN2_CARRY_OVER: ("Feed the coil outlet thermometer's current with a calibrator", _QUARTERLY),
    Trip.EXTRACT_LOST: ("Close the extract damper or pull its fuse; the standby fan must take over", _QUARTERLY),
    Trip.PURGE_FAILED: ("Pull the purge fan's fuse and demand it", _MONTHLY),
    Trip.LEASE_LOST: ("Pull the network cable: empty, and with a session told. Measure the time until the valve shuts", _MONTHLY),
    Trip.MAINS_LOST: ("Pull the mains: light, purge, voice and PLC must stay on the UPS", _QUARTERLY),
    Trip.UNEXPECTED_OCCUPANCY: ("Cover a presence sensor while the warm chamber is told READY", _MONTHLY),
    Trip.EVACUATE_REQUESTED: ("Touch EVACUATE on the panel", _WEEKLY),
    Trip.O2_FALLING: ("With a session told, test gas of 20 vol% on all main room cells at once", _YEARLY),
    Trip.ROOM_EMERGENCY: ("Pull the room's emergency call; open the fire alarm's contact", _MONTHLY),
    Trip.FACE_LOW: (
        "Head-out cabin only: in a warm session with the nitrogen shut off, bend the knees until the mouth is below the rim",
        _WEEKLY,
    ),
    Trip.LN2_PRESSURE_HIGH: ("Feed the pressure transmitter's current with a calibrator", _QUARTERLY),
}
"""How to prove a trip on site with the nitrogen shut off, and how often (proposed intervals)."""

_WORDS: dict[Effect, str] = {
    Effect.CLOSE_LN2: "nitrogen shut",
    Effect.LEAVE: "light, voice",
    Effect.DOOR_FREE: "door heater",
    Effect.PURGE: "purge",
    Effect.EXTRACT_BOOST: "extract boost",
    Effect.FAN_OFF: "recirculation off",
    Effect.ROOM_EVACUATE: "sounder, beacon, voice 'leave the building'",
    Effect.STANDBY_EXTRACT: "standby extract",
    Effect.SOUNDER: "sounder",
}


def _table(head: Sequence[str], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _contacts() -> str:
    rows = [(f"`%IX{i // 8}.{i % 8}`", t.tag, t.text, t.true) for i, t in enumerate(BIT_TAGS)]
    return _table(("address", "tag", "contact", "1 means"), rows)


def _currents() -> str:
    place = {tag: (DEVICE_STATUS_BASE + i, k) for i, (_, tags) in enumerate(device_words()) for k, tag in enumerate(tags)}
    rows = [
        (
            f"`%IW{i}`",
            t.tag,
            t.text,
            f"{t.low:g} {t.unit.value}",
            f"{t.high:g} {t.unit.value}",
            f"1/{tag_register(t.tag).per_unit}",
            f"`%IW{place[t.tag][0]}` bits {4 * place[t.tag][1]}-{4 * place[t.tag][1] + 3}",
        )
        for i, t in enumerate(ANALOG_TAGS)
    ]
    return _table(("address", "tag", "measures", "4 mA", "20 mA", "register step", "transmitter status"), rows)


def _outputs() -> str:
    rows = [(f"`%QX{i // 8}.{i % 8}`", f"`do_{name}`") for i, name in enumerate(PHYSICAL_OUTPUTS)]
    rows += [(f"`%QW{ANALOG_OUTPUT_BASE + i}`", f"`{name}`") for i, name in enumerate(("ao_valve_main", "ao_valve_pre", "ao_voice"))]
    return _table(("address", "variable"), rows)


def _blocks() -> str:
    rows: list[tuple[str, ...]] = []
    for name, block in BLOCKS.items():
        first, last = block[0].address, block[0].address + length(block) - 1
        area, base = ("%MW", COMMAND_BASE) if first >= COMMAND_BASE else ("%QW", 0)
        written = "PLC" if name == "status" else "supervisor"
        rows.append((name.upper(), f"{first} to {last}", f"`{area}{first - base}` to `{area}{last - base}`", written))
    return _table(("block", "holding registers", "in the program", "written by"), rows)


def _times() -> str:
    rows = [
        ("task interval", f"{SCAN_MS} ms", "`scan_ms` and the `TASK` at the end of the program, both alike"),
        ("lease, occupied", f"{LEASE_OCCUPIED_S:g} s", "no valid heartbeat: LEASE_LOST"),
        ("lease, empty", f"{LEASE_EMPTY_S:g} s", "likewise"),
        ("causes clear before a reset", f"{RESET_CLEAR_S:g} s", "all causes gone this long"),
        ("room seen empty", f"{PRESENCE_CLEAR_S:g} s", "no presence this long, and a door opened"),
        ("exposure, grace", f"{_point(ROW[Trip.EXPOSURE_LIMIT].criteria[0]):g} s", "after the told limit, which is never over 180 s"),
        ("exposure, visible exit", f"{EXPOSURE_EXIT_S:g} s", "more than that, if told EXIT and the inner door was seen open"),
        ("oxygen fall, window", f"{OXYGEN_FALL_WINDOW_S:g} s", "means over 1 s of the median of the good cells"),
        ("over-cold, arming", f"{OVERCOLD_ARM_K:g} K", "a new set point counts once the room was this close; with people at once"),
    ]
    return _table(("time or limit", "value", "meaning"), rows)


def _point(c: Criterion) -> float:
    if c.set_point is None:
        raise ValueError(f"criterion {c.test} has no set point")
    return c.set_point


def _criterion(c: Criterion) -> str:
    words = c.test.value.replace("_", " ")
    point = f" {c.set_point:g} {c.unit}" if c.set_point is not None else ""
    votes = (
        f", {c.votes} of {len(c.signals)}"
        if len(c.signals) > 1 and c.test in (Test.BELOW, Test.ABOVE, Test.BAD, Test.BELOW_SETPOINT)
        else ""
    )
    bad = ", a bad one votes" if c.bad_votes else ""
    delay = f", {milliseconds(c.delay_s) / 1000:g} s" if c.delay_s else ""
    occupied = ", occupied" if c.occupied_only else ""
    return f"{' '.join(c.signals)} {words}{point}{votes}{bad}{delay}{occupied}".strip()


def _result(row: Row) -> str:
    always = ", ".join(text for e, text in _WORDS.items() if row.always & e)
    extra = ", ".join(text for e, text in _WORDS.items() if row.if_occupied & ~row.always & e)
    return always + (f"; occupied: {extra}" if extra else "")


def _proof() -> str:
    rows = [
        (row.trip.name, "<br>".join(_criterion(c) for c in row.criteria), PROOF[row.trip][0], _result(row), PROOF[row.trip][1])
        for row in ROWS
    ]
    return _table(("trip", "trips when", "how to prove it", "what must happen", "how often"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "contacts": _contacts,
    "currents": _currents,
    "outputs": _outputs,
    "blocks": _blocks,
    "times": _times,
    "proof": _proof,
}


def renew(text: str) -> str:
    """The guide with its tables made anew. Raises ValueError naming a table that has no place in the text."""
    for name, make in TABLES.items():
        begin, end = f"<!-- table: {name} -->", f"<!-- end: {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"integrator guide: needs the marks {begin} and {end} once each")
        before, rest = text.split(begin)
        text = f"{before}{begin}\n{make()}\n{end}{rest.split(end)[1]}"
    return text


def main(arguments: Sequence[str]) -> int:
    """Renew or check the guide named. Returns the exit status."""
    named = [a for a in arguments if a != "--check"]
    if len(named) != 1:
        sys.stderr.write("name the guide: python -m plc_bridge.program.guide [--check] docs/integrator-guide.md\n")
        return 2
    path = Path(named[0])
    old = path.read_text(encoding="utf-8")
    new = renew(old)
    if "--check" not in arguments:
        path.write_text(new, encoding="utf-8")
        return 0
    if old != new:
        sys.stderr.write(f"{path}: tables are old; run python -m plc_bridge.program.guide {path}\n")
    return int(old != new)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
