"""The rationalised alarm list: each alarm with cause, consequence, what to do, and how long there is to do it.

An alarm without operator action is an event and does not belong here. Priorities after IEC 60601-1-8 by consequence and
speed; while somebody is inside, the second priority applies. Times are seconds and proposals.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple

from chamber.states import COOLING, MAY_BE_OCCUPIED, SESSION, CycleState


class Priority(IntEnum):
    LOW = 1
    MEDIUM = 2
    HIGH = 3


class AlarmClass(StrEnum):
    """What an alarm protects. A safety-class alarm is never shelved and never suppressed."""

    SAFETY = "safety"
    EQUIPMENT = "equipment"
    COMFORT = "comfort"


class Melody(StrEnum):
    """Kind of sound (IEC 60601-1-8): told apart by ear before anybody has read a word."""

    GENERAL = "general"
    OXYGEN = "oxygen"
    TEMPERATURE = "temperature"


SHELF_MAX_S: dict[Priority, float | None] = {Priority.LOW: 8 * 3600.0, Priority.MEDIUM: 3600.0, Priority.HIGH: None}
"""Longest shelving by priority (safety reference, 1.4); None: not at all. H-23, H-24."""


class AlarmInfo(NamedTuple):
    """One rationalised alarm. The on-delay and the deadband are those of its causes (``chamber.causes``).

    ``off_delay_s``: the condition must have been gone this long before the alarm returns. ``re_alarm_s``: an acknowledged
    alarm whose condition lasts is announced again after this. ``alone``: never a consequence of another alarm; the others
    form the chamber's one first-out group.
    """

    id: str
    priority: Priority
    priority_occupied: Priority
    title: str
    cause: str
    consequence: str
    action: str
    time_to_respond_s: float
    hazards: tuple[str, ...]
    klass: AlarmClass = AlarmClass.SAFETY  # an entry that says nothing gets the strict rules
    melody: Melody = Melody.GENERAL
    off_delay_s: float = 0.0
    re_alarm_s: float | None = None
    alone: bool = False

    @property
    def shelf_max_s(self) -> float | None:
        """Longest shelving; None: this alarm is never shelved."""
        return None if self.klass is AlarmClass.SAFETY else SHELF_MAX_S[self.priority_occupied]

    @property
    def latching(self) -> bool:
        """High alarms latch (safety reference, 10): they stay until acknowledged and reset."""
        return self.priority is Priority.HIGH


_L, _M, _H = Priority.LOW, Priority.MEDIUM, Priority.HIGH
_EQUIPMENT, _COMFORT = AlarmClass.EQUIPMENT, AlarmClass.COMFORT
_OXYGEN, _COLD = Melody.OXYGEN, Melody.TEMPERATURE
_AGAIN_S = 60.0  # a danger to life that lasts is announced again after an acknowledgement (safety reference, 1.2)

# fmt: off
_LIST: tuple[AlarmInfo, ...] = (
    AlarmInfo("ESTOP", _H, _H, "Emergency stop pressed", "An emergency stop button is pressed or its loop is broken.",
              "Treatment cannot continue; somebody may need help.", "Look at the people first. Find out why. Release the button, then reset here.", 10, ("H-13",)),
    AlarmInfo("O2-CH-LLL", _H, _H, "Chamber oxygen dangerously low", "Nitrogen in the chamber: leaking exchanger or valve.",
              "Unconsciousness within seconds, also of whoever goes in.", "Evacuate the room. Do NOT enter. Call emergency services.", 10, ("H-01", "H-03"), melody=_OXYGEN, re_alarm_s=_AGAIN_S),
    AlarmInfo("O2-CH-LL", _H, _H, "Chamber oxygen too low", "Nitrogen in the chamber: leaking exchanger or valve.",
              "Asphyxia within a minute.", "Call everybody out; the door opens by a push. Do NOT enter below 19.5 %. No answer: call emergency services.", 15, ("H-01",), melody=_OXYGEN, re_alarm_s=_AGAIN_S),
    AlarmInfo("O2-CH-L", _M, _H, "Chamber oxygen falling", "Nitrogen leak beginning, or too little fresh air.",
              "Trip within seconds to minutes.", "End the session now. Check extract and nitrogen valves.", 30, ("H-01",), melody=_OXYGEN, off_delay_s=10.0),
    AlarmInfo("O2-CH-DROP", _H, _H, "Chamber oxygen falling fast", "Nitrogen is entering the chamber.",
              "Too little oxygen within a minute.", "Call everybody out; the door opens by a push. Do NOT enter below 19.5 %.", 15, ("H-01",), melody=_OXYGEN, re_alarm_s=_AGAIN_S),
    AlarmInfo("O2-SENS-DISAG", _M, _M, "Oxygen sensors disagree", "A sensor has drifted, or its sample is not the others'.",
              "A wrong sensor could hide a leak.", "No new session. Check with fresh air; call service.", 600, ("H-05",), melody=_OXYGEN, off_delay_s=10.0),
    AlarmInfo("O2-RM-EVAC", _H, _H, "Room oxygen dangerously low", "Nitrogen in the treatment room: hose, relief valve, blocked exhaust.",
              "Several people at once, rescuers included.", "Everybody out of the building part. Keep others out. Call emergency services.", 10, ("H-02", "H-03"), melody=_OXYGEN, re_alarm_s=_AGAIN_S),
    AlarmInfo("O2-RM-LL", _H, _H, "Room oxygen too low", "Nitrogen in the treatment room.",
              "Staff and guests in danger on the way out.", "End the session, leave, do not stop to close anything. Ventilate from outside.", 30, ("H-02",), melody=_OXYGEN, re_alarm_s=_AGAIN_S),
    AlarmInfo("O2-RM-L", _M, _M, "Room oxygen falling", "Small nitrogen leak or ventilation too weak.",
              "Rising risk of asphyxia.", "Look for frost and hissing, check the ventilation, open windows.", 120, ("H-02",), melody=_OXYGEN, off_delay_s=10.0),
    AlarmInfo("O2-HI", _H, _H, "Oxygen too high", "Air has condensed at cold parts and oxygen boils off.",
              "Clothes and fat burn like tinder.", "Everybody out, no flame and no switch. Ventilate. Call service.", 60, ("H-26",), melody=_OXYGEN, re_alarm_s=_AGAIN_S),
    AlarmInfo("O2-HI-PRE", _M, _M, "Oxygen rising", "Air condenses at cold parts and oxygen boils off.",
              "Risk of fire if it goes on.", "No new session. No flame. Look for frosted bare metal, ventilate, call service.", 120, ("H-26",), melody=_OXYGEN, off_delay_s=10.0),
    AlarmInfo("O2-SENS-BAD", _M, _H, "Oxygen sensor bad", "Sensor failed, warming up, or its cable broken.",
              "A leak would be seen late or not at all.", "Let the guests come out. No new session until service has replaced the sensor.", 60, ("H-05",), melody=_OXYGEN, off_delay_s=10.0),
    AlarmInfo("O2-SAMPLE", _M, _H, "Oxygen sample flow lost", "Sample pump stopped or sample line iced.",
              "Chamber oxygen is not being measured.", "Let the guests come out. Check pump, filter and line.", 60, ("H-05",), melody=_OXYGEN, off_delay_s=5.0),
    AlarmInfo("CALL-IN", _H, _H, "Call from inside", "Somebody pressed the call button inside.",
              "Panic, faintness or injury.", "Open the door and help. Mind the oxygen reading before going in.", 10, ("H-11", "H-13"), re_alarm_s=_AGAIN_S),
    AlarmInfo("FACE-LOW", _H, _H, "Face below the rim", "The guest has sunk down, or the lift stands too low.",
              "Below the rim there is too little oxygen: unconsciousness within seconds.", "Open the door and pull the guest out into the room air. Do not bend into the cabin. Call for help.", 5, ("H-01", "H-13"), re_alarm_s=_AGAIN_S),
    AlarmInfo("DOOR-OPENED", _L, _L, "Door opened during the session", "A guest or somebody outside opened a door.",
              "The exposure has ended; warm moist air came in.", "See the guests out and ask how they are.", 30, ("H-12",)),
    AlarmInfo("DOOR-FAULT", _M, _M, "Door contacts disagree", "A contact is stuck, iced or wired wrong.",
              "An open door could pass as shut.", "No session. Check the door and its contacts, then reset.", 300, ("H-12",)),
    AlarmInfo("DOOR-STUCK", _H, _H, "Nobody came out", "The door is frozen or blocked, or a guest cannot leave.",
              "Entrapment in the cold.", "Pull the door open from outside. Mind the oxygen reading. Call for help.", 10, ("H-11", "H-13"), re_alarm_s=_AGAIN_S),
    AlarmInfo("OVERCOLD", _H, _H, "Too cold inside", "Valve open too far, sensor wrong, liquid carry-over.",
              "Frostbite.", "See everybody out. Call service before cooling again.", 15, ("H-08", "H-09"), melody=_COLD),
    AlarmInfo("T-DEV-LO", _M, _M, "Colder than set", "Cooling stronger than asked.",
              "More cold than the program intends.", "Watch the guests; end the session if it goes on.", 60, ("H-09",), klass=_EQUIPMENT, melody=_COLD, off_delay_s=15.0),
    AlarmInfo("T-DEV-HI", _L, _L, "Warmer than set", "Door leaks, nitrogen supply weak, or frost on the exchanger.",
              "The treatment has little effect.", "Check doors and nitrogen supply; plan drying.", 600, ("H-09",), klass=_COMFORT, melody=_COLD, off_delay_s=15.0),
    AlarmInfo("T-SENS-BAD", _M, _M, "Temperature sensor bad", "Sensor failed, shorted, open or outvoted.",
              "Control with fewer eyes; the next failure stops the session.", "Finish this session, then call service.", 600, ("H-09",), klass=_EQUIPMENT, melody=_COLD, off_delay_s=10.0),
    AlarmInfo("T-ALL-BAD", _M, _H, "Temperature not known", "Fewer than two good sensors.",
              "Uncontrolled cold.", "See everybody out. Call service.", 15, ("H-09",), melody=_COLD),
    AlarmInfo("VALVE-STUCK", _H, _H, "Nitrogen flows although shut", "A valve does not close: ice, wear, dirt.",
              "Flooding, cold and loss of oxygen.", "Close the hand valve at the tank. Keep everybody out. Call service.", 15, ("H-07",), melody=_COLD),
    AlarmInfo("LN2-CARRY", _H, _H, "Liquid nitrogen at the coil outlet", "More nitrogen than the coil evaporates, or the coil is iced.",
              "Splashes and fast loss of oxygen.", "Close the hand valve at the tank. Keep everybody out. Call service.", 10, ("H-08",), melody=_COLD),
    AlarmInfo("COOL-NOGAIN", _M, _M, "Cooling without effect", "Nitrogen supply empty or shut, valve stuck, door leaking.",
              "The chamber does not become ready.", "Check the tank, the hand valve and the doors.", 600, ("H-09",), klass=_EQUIPMENT, melody=_COLD, off_delay_s=15.0),
    AlarmInfo("COOL-LIMIT", _L, _L, "Cooling at its limit", "Nitrogen running out, door seal leaking, frost on the exchanger.",
              "The chamber loses its temperature.", "Look at tank and door seals; plan drying.", 600, ("H-09",), klass=_EQUIPMENT, melody=_COLD, off_delay_s=15.0),
    AlarmInfo("SENSOR-MAINT", _L, _L, "An instrument needs service", "An instrument drifts, has changed its noise or is outside its specification.",
              "It will fail, and then the chamber stands.", "See the service screen for which one and why; plan service.", 86400, ("H-05", "H-09"), klass=_EQUIPMENT, off_delay_s=10.0),
    AlarmInfo("LN2-USE-HI", _M, _M, "Nitrogen use too high", "A leak behind the meter, a valve that passes, or the meter is wrong.",
              "Nitrogen goes where people breathe.", "No new session. Look for frost and hissing along the line; mind the room oxygen. Call service.", 300, ("H-02", "H-07")),
    AlarmInfo("FAN-EXTRACT", _M, _H, "Room extract lost", "Fan stopped or duct blocked.",
              "Nitrogen can build up in the room.", "End the session, open doors and windows, check the fan.", 30, ("H-02", "H-18")),
    AlarmInfo("FAN-PURGE", _H, _H, "Purge fan lost", "Fan stopped, fuse or duct: it is driven and no air flows.",
              "Nitrogen is not blown out of the chamber.", "Open the doors, leave the room, ventilate from outside. Call service.", 15, ("H-01",)),
    AlarmInfo("ROOM-CALL", _H, _H, "Room emergency call or fire alarm", "Somebody pulled the emergency call of the room, or the fire alarm sounds.",
              "Fire, or somebody in danger in the room.", "See everybody out and away. Follow the fire plan. Do NOT go back in.", 10, ("H-02", "H-26"), alone=True),
    AlarmInfo("COMM-PLC", _M, _H, "PLC silent", "Network, PLC or its power.",
              "The panel is blind. The PLC closes the nitrogen by itself within 5 s.", "Look at the lamps on the cabinet and at the guests; see them out.", 15, ("H-14", "H-15"), off_delay_s=2.0),
    AlarmInfo("PLC-TRIP", _H, _H, "PLC has tripped", "The PLC's own safeguard acted; its first cause is shown.",
              "Nitrogen is closed until reset.", "See everybody out. Find the cause, open the door, look inside, then reset.", 15, ("H-01", "H-10", "H-14")),
    AlarmInfo("PWR-MAINS", _M, _H, "Mains lost", "Power cut or main switch.",
              "Fans and light run on battery for some minutes only.", "See everybody out now.", 60, ("H-17",)),
    AlarmInfo("UPS-LOW", _M, _M, "Battery supply low or faulty", "Battery old or not charged, or the UPS reports a fault.",
              "A power cut would leave no purge, light or voice.", "No new session. Look at the UPS; have the battery replaced.", 1800, ("H-17",), off_delay_s=10.0, alone=True),
    AlarmInfo("SERVICE-KEY", _M, _H, "Service key turned", "The key in the cabinet is turned while the chamber is not in service.",
              "The PLC shuts the nitrogen; nothing can be started.", "Find out who works at the cabinet. See guests out. Turn the key back.", 120, ("H-27",)),
    AlarmInfo("OP-ABSENT", _H, _H, "Operator not present", "Nobody confirmed presence at the panel.",
              "Nobody would help a guest who faints.", "Go to the panel, look at the guests, see them out.", 15, ("H-04", "H-13")),
    AlarmInfo("OCC-UNEXPECTED", _H, _H, "Somebody inside without a session", "A person went in, or a presence sensor is wrong.",
              "Unsupervised exposure.", "Open the door and bring the person out.", 10, ("H-04", "H-13"), re_alarm_s=_AGAIN_S),
    AlarmInfo("OCC-UNKNOWN", _H, _H, "CHECK CHAMBER: somebody may be inside", "Control restarted while a session was open.",
              "A forgotten person in the cold.", "Open the door, look, then confirm here that it is empty.", 10, ("H-16",), re_alarm_s=_AGAIN_S),
    AlarmInfo("VOICE-FAIL", _M, _M, "Loudspeaker not proven", "Loudspeaker, amplifier or cable dead, or its loop-back.",
              "The guests would not hear that they must leave.", "No session. Call service; then shut down and start up: the self-test tries again.", 1800, ("H-13", "H-24")),
    AlarmInfo("SELF-TEST", _M, _M, "Self-test failed", "One or more checks before the first cooling did not pass.",
              "A safeguard may not work when it is needed.", "Read which check failed, mend it, reset, start up again.", 1800, ("H-05", "H-07")),
    AlarmInfo("LN2-PRESS-HI", _M, _M, "Nitrogen line pressure high", "Pressure regulator or relief of the line hangs, or liquid is shut in and warms.",
              "The relief valve lifts and blows cold nitrogen.", "Keep away from the line. Vent it by the supplier's procedure. Call service.", 300, ("H-25",), off_delay_s=15.0, alone=True),
    AlarmInfo("LN2-LOW", _L, _L, "Liquid nitrogen low", "Tank nearly empty.",
              "A session could be cut short.", "Change or refill the tank.", 1800, ("H-09",), klass=_EQUIPMENT, melody=_COLD, off_delay_s=60.0, alone=True),
    AlarmInfo("AUDIT-FAIL", _M, _M, "Records cannot be written", "Disk full, read-only or failing.",
              "No proof of what happened; no new session is started.", "Free or replace the disk; what is pending is kept and written then.", 1800, ("H-30",), klass=_EQUIPMENT, off_delay_s=5.0, alone=True),
    AlarmInfo("API-SILENT", _M, _M, "Panel service silent", "The API process stopped or hangs.",
              "The panel cannot start, stop or confirm anything.", "Use the buttons at the chamber. Restart the service.", 30, ("H-14", "H-24"), off_delay_s=2.0),
    AlarmInfo("NO-HMI", _L, _M, "No panel connected", "The panel's screen, browser or network is off, or its page hangs.",
              "Nobody sees alarms on a panel or confirms presence; a session ends when presence lapses.", "Look at the panel; start it again. With guests inside: stand at the chamber, see them out.", 60, ("H-13", "H-24"), off_delay_s=2.0, alone=True),
    AlarmInfo("PROOF-DUE", _L, _L, "Proof test due soon", "A safeguard has not been tried for almost its interval.",
              "Sessions are blocked on the day the test is overdue.", "Plan the test; the service screen shows what to do and by when.", 86400, ("H-27",), klass=_EQUIPMENT, alone=True),
    AlarmInfo("DRYING-DUE", _L, _L, "Coil iced: drying due", "Frost on the exchanger: more moisture than it can carry until the evening.",
              "Slower cooling, longer recovery after each door, later liquid at the outlet.", "Dry the chamber after the last guests; if it comes back soon, look at air dryer and door seals.", 14400, ("H-08", "H-09"), klass=_EQUIPMENT, melody=_COLD, alone=True),
    AlarmInfo("SEAL-LEAK", _L, _L, "Door seal leaks", "Seal worn, iced or out of place; at the outer door also wet insulation of the pre-chamber.",
              "Warm moist air, frost and more nitrogen used.", "With the chamber empty, look at the seal that is named; clean or replace it.", 86400, ("H-09", "H-12"), klass=_EQUIPMENT, melody=_COLD, alone=True),
    AlarmInfo("HEAT-LEAK", _L, _L, "Insulation lets in more heat", "Vapour barrier open and foam wet, or a duct or flap of the main room open.",
              "More nitrogen for the same cold; ice grows in the wall.", "Look for frost and water outside the main room; have the insulation checked.", 604800, ("H-09",), klass=_EQUIPMENT, melody=_COLD, alone=True),
    AlarmInfo("VALVE-WORN", _L, _L, "Nitrogen valve worn", "Seat or trim worn, clogged or stiff: flow or travel is not what it was.",
              "Poor control; a valve that passes when it should be shut.", "Plan service of the valve that is named; give the tightness test meanwhile.", 86400, ("H-07", "H-09"), klass=_EQUIPMENT, melody=_COLD, alone=True),
    AlarmInfo("LN2-PRESS-LO", _L, _L, "Nitrogen line pressure low", "Pressure builder of the tank weak, regulator or filter of the line.",
              "Less cooling power: slow cool-down and recovery.", "Look at tank pressure and builder; ask the supplier.", 14400, ("H-09",), klass=_EQUIPMENT, melody=_COLD, alone=True),
    AlarmInfo("LN2-USE-UP", _L, _L, "More nitrogen used than the work explains", "Tank or line loses nitrogen that no meter sees, or sessions take more than they did.",
              "Cost; nitrogen may go where people breathe.", "Compare with the deliveries; look for frost along the line and at the tank; mind the room oxygen.", 14400, ("H-02", "H-07"), klass=_EQUIPMENT, alone=True),
    AlarmInfo("O2-CAL-DUE", _L, _L, "Oxygen calibration due soon", "Calibration or cell of an oxygen sensor nears its age.",
              "A drifted sensor hides a leak; sessions are blocked when it is overdue.", "Order cells, call service for the calibration.", 86400, ("H-05",), klass=_EQUIPMENT, melody=_OXYGEN, alone=True),
    AlarmInfo("PROOF-OVERDUE", _M, _M, "Proof test missing", "A test was never given, has failed or is overdue.",
              "A dead safeguard stays unseen until it is needed; no new session.", "Give the test and record its result on the service screen.", 1800, ("H-27",), alone=True),
    AlarmInfo("MAINTENANCE", _M, _M, "First use after work on the device", "Service key, service mode, other PLC program, replaced instrument or newly accepted configuration.",
              "What was left open, shut or wired wrong meets the next guest; no new session.", "With nobody inside, give every test that is listed and record it.", 3600, ("H-27",), alone=True),
    AlarmInfo("BYPASS-ACT", _M, _M, "A bypass is active", "Service has put a row of the table out of force.",
              "One layer of protection is missing; no new session.", "Keep everybody out and keep up the stated measure; end the bypass as soon as possible.", 600, ("H-19",), alone=True),
    AlarmInfo("CLOCK-JUMP", _L, _L, "Clock on the wall has jumped", "Time server, daylight saving by hand, or somebody set the clock.",
              "Dates of records and of proof tests are wrong.", "Check date and time of the computer and its time server.", 3600, ("H-10",), klass=_EQUIPMENT, alone=True),
    AlarmInfo("SEC-CONF", _H, _H, "Configuration not accepted", "Limits, profile, software or the PLC's program differ from what was accepted, or nothing was accepted yet.",
              "Rules nobody has checked would guard the guests.", "See everybody out. Service compares what changed, accepts it or puts it back, then resets and tests.", 15, ("H-20", "H-27", "H-32")),
    AlarmInfo("ALARM-OUT", _M, _M, "Safety alarm out of service", "Service has taken an alarm of safety class out of service.",
              "A danger would not be announced; no new session is started.", "Finish the work and return the alarm to service.", 1800, ("H-19", "H-24"), alone=True),
    AlarmInfo("SEC-AUTH", _L, _L, "Repeated wrong sign-ins", "Somebody tries PINs, or has forgotten one.",
              "An unauthorised person could operate the chamber.", "Find out who it was. Tell the person in charge; change the PIN if need be.", 3600, ("H-20", "H-21"), klass=_EQUIPMENT, alone=True),
    AlarmInfo("INVARIANT", _H, _H, "Internal check failed", "The independent monitor saw a state that must not be.",
              "The supervisor cannot be trusted until understood.", "See everybody out. Keep the log. Call service.", 15, ("H-14",)),
)
# fmt: on

ALARMS: dict[str, AlarmInfo] = {a.id: a for a in _LIST}


class Suppression(NamedTuple):
    """Hidden by design (ISA-18.2 state H) in these states of the cycle: there it would tell nobody anything to do."""

    states: frozenset[CycleState]
    reason: str


TWIN = ("DRYING-DUE", "SEAL-LEAK", "HEAT-LEAK", "VALVE-WORN", "LN2-PRESS-LO", "LN2-USE-UP")
"""Raised by the digital twin: work to plan."""
_NO_COLD_ASKED = frozenset(CycleState) - COOLING - MAY_BE_OCCUPIED
SUPPRESSED: dict[str, Suppression] = {
    "T-DEV-LO": Suppression(_NO_COLD_ASKED, "no cold is asked for: the set point says nothing"),
    **dict.fromkeys(
        ("SENSOR-MAINT", "PROOF-DUE", "O2-CAL-DUE", *TWIN), Suppression(SESSION, "a plan for later waits until the guests are out")
    ),
}
"""The only way an alarm is suppressed. Never one of safety class; each entry ends with the state (tested)."""
