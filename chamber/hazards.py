"""Hazards of the device: what can happen, how bad, and what outside this software has to answer it.

Every rule, limit, alarm, check and invariant names the hazards it answers; the page docs/hazards.md joins them, and a
test fails on a rule that names an unknown hazard or a hazard that nothing answers. Severity 1 (nuisance) to 5 (death).
"""

from __future__ import annotations

from typing import NamedTuple


class Hazard(NamedTuple):
    """``outside``: what only the plant, the PLC's wiring or people can do about it."""

    id: str
    text: str
    severity: int
    outside: str


# fmt: off
_LIST: tuple[Hazard, ...] = (
    Hazard("H-01", "Nitrogen leaks into the chamber with somebody inside", 5, "two valves in series, orifice that limits a stuck valve, independent oxygen alarm"),
    Hazard("H-02", "Nitrogen leaks into the treatment room", 5, "extract sized for the leak, relief valves vented outdoors"),
    Hazard("H-03", "A rescuer goes into too little oxygen", 5, "beacon and reading outside the room, training"),
    Hazard("H-04", "Somebody uses the chamber alone", 5, "house rules, locked room"),
    Hazard("H-05", "An oxygen sensor has drifted or is stuck", 5, "diverse sensors, monthly test gas, daily fresh-air check"),
    Hazard("H-06", "Oxygen reads low at altitude or in bad weather and alarms are ignored", 3, "transmitters with pressure compensation, calibration on site"),
    Hazard("H-07", "A nitrogen valve does not close", 5, "second valve in series, hand valve, daily tightness test"),
    Hazard("H-08", "Liquid nitrogen is carried onto a person", 5, "cut-out in the exhaust, baffle, no injection towards people"),
    Hazard("H-09", "Too cold: wrong sensor, regulator, program", 4, "independent low-temperature cut-out"),
    Hazard("H-10", "Too long in the cold", 4, "PLC's own timer"),
    Hazard("H-11", "The door is frozen or blocked", 5, "door opens outward by a push, no lock, seal heater, second exit"),
    Hazard("H-12", "A door passes as shut while it is open", 4, "two contacts of different kind"),
    Hazard("H-13", "Somebody faints inside, unseen", 5, "window, camera, intercom, a second person"),
    Hazard("H-14", "The supervisor hangs or dies", 4, "PLC's lease"),
    Hazard("H-15", "Modbus data are stale, torn, late or doubled", 4, "own network for the PLC"),
    Hazard("H-16", "A restart goes on cooling with somebody inside", 5, "PLC keeps occupancy over a power cut"),
    Hazard("H-17", "Power cut: fans and light fail", 4, "UPS for PLC, purge fan, light, voice; valves spring shut"),
    Hazard("H-18", "The extract fan runs but moves no air", 4, "flow switch in the duct, not current"),
    Hazard("H-19", "A bypass stays active", 5, "none can be set here; bypass keys in the cabinet are the PLC's business"),
    Hazard("H-20", "Limits or programs are changed by somebody unqualified", 4, "rights on the configuration file"),
    Hazard("H-21", "An attacker writes to the PLC or the supervisor", 5, "PLC alone on its network, firewall, TLS in front of the API"),
    Hazard("H-22", "The wrong person, or one who must not", 3, "medical screening"),
    Hazard("H-23", "A flood of alarms hides oxygen", 4, "none needed"),
    Hazard("H-24", "An alarm is not heard", 4, "PLC's own sounder"),
    Hazard("H-25", "Liquid trapped between valves bursts a line", 4, "relief valve on every section"),
    Hazard("H-26", "Oxygen enriches at cold parts and feeds a fire", 4, "insulation, materials"),
    Hazard("H-27", "First use after a repair", 5, "proof tests by service before people go in"),
    Hazard("H-28", "A simulator is taken for the plant, or the plant for a simulator", 5, "none needed"),
    Hazard("H-29", "Wet skin or clothes, metal, bare feet", 3, "operator looks"),
    Hazard("H-30", "Disk full or database damaged", 4, "none needed: control does not need it"),
    Hazard("H-31", "Software is updated during a session", 4, "service stops the services first"),
    Hazard("H-32", "Wrong units or scale in the register map", 5, "commissioning test of every signal"),
    Hazard("H-33", "Health data leak", 3, "no personal data is kept in this release"),
)
# fmt: on

HAZARDS: dict[str, Hazard] = {h.id: h for h in _LIST}

ANSWERED_BY_DESIGN: dict[str, str] = {
    "H-20": "guardrails: absolute bounds in code, sites may only narrow (chamber/limits.py, chamber/settings.py)",
    "H-21": "lease with nonce echo, clamps in the PLC, roles, origin checks, no command topic on MQTT",
    "H-22": "checklist before boarding (chamber/commands.py)",
    "H-23": "one alarm a cause, rows hold their verdict while blind, first-out marked (docs/decisions/0004)",
    "H-28": "a simulated PLC says so in its block; every screen shows it; the demo binds to loopback only",
    "H-29": "checklist before boarding (chamber/commands.py)",
    "H-33": "no personal data in snapshots, logs, MQTT; user names only for who is signed in",
}
"""Hazards answered by how the software is built rather than by a row of a table."""
