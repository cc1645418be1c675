"""Hazards of the device: what can happen, how bad, and what outside this software has to answer it.

Every rule, limit, alarm, check and invariant names the hazards it answers; requirements (docs/safety/requirements.toml) join
them, docs/safety/traceability.md shows the whole, and a test fails on a hazard or a rule that hangs in the air.
Severity 1 (nuisance) to 5 (death).
"""

from __future__ import annotations

from typing import NamedTuple


class Hazard(NamedTuple):
    """``outside``: what only the plant, the PLC's wiring or people can do about it. ``remains``: what is left when all
    measures work as meant. ``who`` has to do what stands under ``outside`` and accept what remains.
    """

    id: str
    text: str
    severity: int
    outside: str
    remains: str
    who: str


# fmt: off
_LIST: tuple[Hazard, ...] = (
    Hazard("H-01", "Nitrogen leaks into the chamber with somebody inside", 5, "two valves in series, orifice that limits a stuck valve, independent oxygen alarm",
           "A leak faster than the orifice allows; a pocket of nitrogen that the sample points do not see.", "builder"),
    Hazard("H-02", "Nitrogen leaks into the treatment room", 5, "extract sized for the leak, relief valves vented outdoors",
           "A leak before the main valve: nothing but the hand valve at the tank stops it.", "builder, gas supplier, site"),
    Hazard("H-03", "A rescuer goes into too little oxygen", 5, "beacon and reading outside the room, training",
           "Somebody goes in although the beacon says no.", "site"),
    Hazard("H-04", "Somebody uses the chamber alone", 5, "house rules, locked room",
           "An operator who confirms presence and then uses the chamber. Presence at the panel is a touch, not a person seen.", "site"),
    Hazard("H-05", "An oxygen sensor has drifted or is stuck", 5, "diverse sensors, monthly test gas, daily fresh-air check",
           "A common error that grows between two fresh-air checks, and that fresh air does not show (slope, not offset).", "builder, service"),
    Hazard("H-06", "Oxygen reads low at altitude or in bad weather and alarms are ignored", 3, "transmitters with pressure compensation, calibration on site",
           "Operators who have learned to ignore an alarm.", "service, site"),
    Hazard("H-07", "A nitrogen valve does not close", 5, "second valve in series, hand valve, daily tightness test",
           "Both valves pass at once: only the hand valve is left.", "builder, service"),
    Hazard("H-08", "Liquid nitrogen is carried onto a person", 5, "cut-out in the exhaust, baffle, no injection towards people",
           "A splash in the seconds before the trip.", "builder"),
    Hazard("H-09", "Too cold: wrong sensor, regulator, program", 4, "independent low-temperature cut-out",
           "Cold injury within the permitted dose: skin differs from person to person, and no skin temperature is measured.", "builder, whoever admits the guest"),
    Hazard("H-10", "Too long in the cold", 4, "PLC's own timer",
           "Up to the PLC's limit and 5 s more; somebody who does not walk out although told.", "builder, operator"),
    Hazard("H-11", "The door is frozen or blocked", 5, "door opens outward by a push, no lock, seal heater, second exit",
           "A door that is blocked mechanically: software can only call for help.", "builder, site"),
    Hazard("H-12", "A door passes as shut while it is open", 4, "two contacts of different kind",
           "Both contacts fail alike.", "builder, service"),
    Hazard("H-13", "Somebody faints inside, unseen", 5, "window, camera, intercom, a second person",
           "The time between fainting and being noticed; presence sensors do not tell standing from lying.", "site, operator"),
    Hazard("H-14", "The supervisor hangs or dies", 4, "PLC's lease",
           "The PLC's own failure: it has no second supervisor above it.", "builder"),
    Hazard("H-15", "Modbus data are stale, torn, late or doubled", 4, "own network for the PLC",
           "A PLC that itself repeats old inputs in fresh blocks.", "builder"),
    Hazard("H-16", "A restart goes on cooling with somebody inside", 5, "PLC keeps occupancy over a power cut",
           "Somebody confirms an empty chamber without looking, having opened the door.", "builder, operator"),
    Hazard("H-17", "Power cut: fans and light fail", 4, "UPS for PLC, purge fan, light, voice; valves spring shut",
           "A battery that fails under load between two tests.", "builder, service"),
    Hazard("H-18", "The extract fan runs but moves no air", 4, "flow switch in the duct, not current",
           "A flow switch stuck at flow.", "builder, service"),
    Hazard("H-19", "A bypass stays active", 5, "keys and jumpers in the cabinet are the builder's and nobody's else",
           "A wire bridge in the cabinet that no software sees.", "service"),
    Hazard("H-20", "Limits or programs are changed by somebody unqualified", 4, "rights on the configuration file",
           "A qualified person narrows too little: inside the absolute bounds a site decides.", "site"),
    Hazard("H-21", "An attacker writes to the PLC or the supervisor", 5, "PLC alone on its network, firewall, TLS in front of the API",
           "Somebody on the PLC's network can stop the treatment; inside the PLC's clamps and rules also disturb it.", "site"),
    Hazard("H-22", "The wrong person, or one who must not", 3, "medical screening",
           "A contra-indication nobody knows of; the checklist is a question, not an examination.", "whoever admits the guest"),
    Hazard("H-23", "A flood of alarms hides oxygen", 4, "none needed",
           "An operator who silences without reading.", "site"),
    Hazard("H-24", "An alarm is not heard", 4, "PLC's own sounder",
           "Noise, hearing protection, a room left.", "builder, site"),
    Hazard("H-25", "Liquid trapped between valves bursts a line", 4, "relief valve on every section",
           "Everything: a relief valve that sticks is not seen before the pressure rises.", "builder, gas supplier"),
    Hazard("H-26", "Oxygen enriches at cold parts and feeds a fire", 4, "insulation, materials",
           "Local enrichment where no sensor is.", "builder"),
    Hazard("H-27", "First use after a repair", 5, "proof tests by service before people go in",
           "Work that nobody declares and that turns no key.", "service, site"),
    Hazard("H-28", "A simulator is taken for the plant, or the plant for a simulator", 5, "none needed",
           "None known.", "nobody"),
    Hazard("H-29", "Wet skin or clothes, metal, bare feet", 3, "operator looks",
           "What the operator does not see.", "operator"),
    Hazard("H-30", "Disk full or database damaged", 4, "none needed: control does not need it",
           "Records of the time in which the disk failed may be lost.", "site"),
    Hazard("H-31", "Software is updated during a session", 4, "service stops the services first",
           "An administrator who replaces files of a running system.", "service, site"),
    Hazard("H-32", "Wrong units or scale in the register map", 5, "commissioning test of every signal",
           "A transmitter ranged wrongly but plausibly.", "service"),
    Hazard("H-33", "Health data leak", 3, "no personal data is kept in this release",
           "User names of the staff stand in the journal.", "site"),
)
# fmt: on

HAZARDS: dict[str, Hazard] = {h.id: h for h in _LIST}
