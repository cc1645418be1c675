"""The judge of random days: what must hold whatever breaks, from the truth of the plant and from what the supervisor does.

Independent on purpose: nothing is imported from the rules it judges, and every limit and time is typed here a second time.
It never looks at what is measured: where people are, how the doors really stand, what really flows and what is breathed are
the plant's own. Of the supervisor it reads what goes out (state, demand, answers, events, alarms), never why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chamber.events import Event, EventKind
from cryochamber.virtual import VirtualChamber
from simulator.cabin.plant import CabinPlant
from simulator.house import FACE_CLEAR
from simulator.people import Person, Place

CLAIMS: dict[str, str] = {
    "face-oxygen": "true oxygen where somebody breathes at least 18 % (no fatality factor above it); who faints and sinks below the rim "
    "of a cabin: never under 10 %, and 18 % again within 15 s",
    "flow-door": "no nitrogen through a coil once a door has been open for 3 s (line pressure wrong: 4 s, a valve stuck: 6 s, "
    "one passing: 16 s)",
    "flow-overtime": "no nitrogen once somebody has been in the main room for 187 s",
    "flow-face": "no nitrogen 3 s after a face has sunk below the rim of a cabin, unless the one switch that sees it is stuck",
    "flow-trip": "main valve not driven while the PLC has a trip latched",
    "flow-leave": "no nitrogen 3 s after people were told to leave",
    "flow-nobody": "no nitrogen while somebody is inside in a state for an empty chamber, for more than 3 s",
    "stay": "nobody who can walk is in the main room for more than 190 s (198 s when something is broken)",
    "called": "whoever is in the main room for 181 s is called out (187 s when something is broken: the PLC's own timer)",
    "skin": "true skin at every site of every person at least 4 °C, of who cannot walk or is kept in by a door at least 0 °C",
    "locked-in": "who wants out is out within 30 s, unless a door is stuck or held by somebody, or they cannot walk",
    "lease": "main valve not driven 5.6 s after the supervisor fell silent, 2.6 s with people inside",
    "cold-command": "nothing cold begins again without a command",
    "latch": "a latched state is left only by an accepted reset",
    "exposure": "exposure begins from the pre-chamber with both doors really shut and a recorded session",
    "left-behind": "the chamber does not go on to cool with somebody inside",
    "stop": "STOP and EVACUATE are taken and end the cold",
    "bounds": "set point, valves and exposure limit asked for stay inside their bounds",
    "alarm": "no trip of the PLC stands for 2 s without an alarm, and no latched state is entered without one",
    "monitor": "the run-time monitor finds no invariant broken",
}
COLD = frozenset({"precool", "ready", "boarding", "pre_chamber", "exposure", "recool"})
EMPTY = frozenset({"self_test", "idle", "precool", "ready", "recool", "held", "suspended", "drying"})
LATCHED = frozenset({"fault", "evacuate", "estop"})
OXYGEN_PCT = 18.0  # H-01
SUNK_PCT, SUNK_S, FACE_S = 10.0, 15.0, 3.0  # H-01: below it one faints in seconds; the purge's first 15 s; 1 s, two scans, the spring
SET_C, SET_CABIN_C = -140.0, -160.0  # H-09: set point no colder than the profiles permit
SKIN_C, SKIN_HELD_C = 4.0, 0.0  # H-09: advice for local skin; frostbite by contact (ISO 13732-3)
DOOR_S, LEAVE_S, EMPTY_S = 3.0, 3.0, 3.0  # H-07: two scans, the PLC's 0.5 s, the spring of the main valve
DOOR_PRESSURE_S = 4.0  # H-07: at 8 bar(a) nearly three times the flow goes through the end of the same closing stroke
DOOR_STUCK_S, DOOR_PASSING_S = 6.0, 16.0  # H-07: the main valve shuts when the position (3 s) or the flow (10 s) tells it
LIMIT_S, CALLED_S, OVERTIME_S = 180.0, 181.0, 187.0  # H-10: the limit, a look later, the PLC's own 5 s later
STAY_S, STAY_BROKEN_S = 190.0, 198.0  # H-10, H-11: and then out through the door one by one
WAY_OUT_S = 30.0  # H-11
LEASE_S, LEASE_INSIDE_S = 5.6, 2.6  # H-14, with the PLC's scan and the time until it sees the people
FLOW_KG_H = 5.0  # 3 % of the full flow: the end of a closing stroke is no open valve
VOICE_LEAVE = frozenset({5, 6})
SLOW = 1.6
_OUTSIDE, _MAIN = Place.OUTSIDE, Place.MAIN  # looked up once: asked for in every scan
SCANS_A_LOOK, SCANS_A_BODY = 4, 20  # gas and oxygen move every 0.4 s of the plant, bodies every 2 s


class Violation(NamedTuple):
    claim: str
    t_s: float
    text: str


class Judge:
    """Follows one chamber from the moment it is made; ``look`` after every scan. ``violations``: the first of each claim and episode.

    ``broken``: whether anything was injected so far; a clean day is held to the narrower limits.
    """

    def __init__(self, chamber: VirtualChamber) -> None:
        self._chamber = chamber
        plant = chamber.world.plant
        self._cabin = plant if isinstance(plant, CabinPlant) else None
        self._coldest_c = SET_C if self._cabin is None else SET_CABIN_C
        self._began_s = chamber.world.time_s
        self.violations: list[Violation] = []
        self.broken = False
        self.face_o2_min_pct: float | None = None
        self.skin_min_c: float | None = None
        self.stay_max_s = 0.0
        self.persons_in_main = 0
        self._state = chamber.state.cycle.state.name.lower()
        self._since: dict[str, float] = {}
        self._told: set[tuple[str, str]] = set()
        self._entered: dict[int, float] = {}
        self._wants_out: dict[int, float] = {}
        self._hindered: dict[int, float] = {}
        self._recorded = self._announced = False
        self._commanded: set[str] = set()

    def restarted(self) -> None:
        """The control process has begun anew: what it said before does not bind it."""
        self._state = self._chamber.state.cycle.state.name.lower()
        self._recorded = False

    def _lasts(self, what: str, holds: bool, now: float) -> float:
        """Seconds for which something has been so without a break; 0 in the scan in which it begins."""
        if not holds:
            self._since.pop(what, None)
            return 0.0
        return now - self._since.setdefault(what, now)

    def _must(self, claim: str, holds: bool, text: str, episode: str = "") -> None:
        if not holds:
            self._violated(claim, text, episode)

    def _violated(self, claim: str, text: str, episode: str = "") -> None:
        if (claim, episode) not in self._told:
            self._told.add((claim, episode))
            at_s = round(self._chamber.world.time_s - self._began_s, 1)
            self.violations.append(Violation(claim, at_s, f"{text} (state {self._state})"))

    def look(self, events: Sequence[Event], ran: bool) -> None:
        """After a scan; ``ran``: whether the supervisor took part in it."""
        world, since = self._chamber.world, self._since
        plant, now = world.plant, world.time_s
        people = plant.crowd.people
        inside = [p for p in people if p.place is not _OUTSIDE] if people else []
        if events:
            self._follow(events, inside)
        if ran:
            self._asked()
        flow = 3600.0 * plant.flow_kg_s
        flows = flow > FLOW_KG_H
        shut = plant.inner.shut and plant.outer.shut
        if not shut or "door" in since:
            ajar = self._lasts("door", not shut, now)
            if flows and ajar > self._door_limit_s():
                self._violated("flow-door", f"{flow:.0f} kg/h with a door open for {ajar:.1f} s")
        self._silence(now, ran, bool(inside))
        leaving = world.voice in VOICE_LEAVE
        if leaving or "leave" in since:
            told = self._lasts("leave", leaving, now)
            if flows and told > LEAVE_S:
                self._violated("flow-leave", f"{flow:.0f} kg/h {told:.1f} s after people were told to leave")
        if self._cabin is not None:
            self._rim(self._cabin, flow, flows, now)
        tripped = world.plc.trips != 0 and world.answering
        if tripped and world.actuators.xv_401:
            self._violated("flow-trip", f"main valve driven with trips {world.plc.trips:#x}")
        if inside or "empty" in since:
            unexpected = self._lasts("empty", bool(inside) and flows and self._state in EMPTY, now)
            if unexpected > EMPTY_S:
                self._violated("flow-nobody", f"{flow:.0f} kg/h with {len(inside)} inside for {unexpected:.1f} s")
        if ran:
            self._alarmed(now, tripped)
        if inside or self._entered or self._wants_out:
            self._people(inside, flows, leaving, now)
            if plant.scan % SCANS_A_LOOK == 0:
                self._bodies(inside, plant.scan % SCANS_A_BODY == 0)

    def _door_limit_s(self) -> float:
        d = self._chamber.world.plant.defects
        if d.passing_main > 0.0 or d.passing_pre > 0.0:
            return DOOR_PASSING_S
        if d.valve_main is not None or d.valve_pre is not None or d.main_valve is not None:
            return DOOR_STUCK_S
        return DOOR_S if d.supply_bar is None else DOOR_PRESSURE_S

    def _rim(self, plant: CabinPlant, flow: float, flows: bool, now: float) -> None:
        mouth = plant.mouth_above_rim_m
        seen = not self._chamber.world.contacts_closed & FACE_CLEAR
        below = self._lasts("face", mouth is not None and mouth < 0.0 and seen, now)
        if flows and below > FACE_S:
            self._violated("flow-face", f"{flow:.0f} kg/h with the face below the rim for {below:.1f} s")

    # -- people -----------------------------------------------------------------------------------------------------

    def _people(self, inside: list[Person], flows: bool, leaving: bool, now: float) -> None:
        plant, answering = self._chamber.world.plant, self._chamber.world.answering
        kept = plant.inner.stuck or plant.outer.stuck
        held = plant.inner.held_open or plant.outer.held_open
        here = {id(p): p for p in inside}
        main = {key: p for key, p in here.items() if p.place is _MAIN}
        if not self._entered.keys() <= main.keys():
            for key in [k for k in self._entered if k not in main]:
                del self._entered[key]
                self._hindered.pop(key, None)
        for key, person in main.items():
            if key not in self._entered:
                self._entered[key] = now
                self.persons_in_main += 1
            stay = now - self._entered[key]
            if kept or held or person.fainted or _slow(person):
                self._hindered[key] = now
            elif now - self._hindered.get(key, -WAY_OUT_S) >= WAY_OUT_S:
                self.stay_max_s = max(self.stay_max_s, stay)
                if stay > (STAY_BROKEN_S if self.broken else STAY_S):
                    self._violated("stay", f"somebody in the main room for {stay:.1f} s", str(self._entered[key]))
            if stay > (OVERTIME_S if self.broken else CALLED_S) and answering and not leaving:
                self._violated("called", f"nobody calls after {stay:.1f} s", str(self._entered[key]))
            if stay > OVERTIME_S and flows:
                self._violated("flow-overtime", f"nitrogen with somebody in the main room for {stay:.1f} s", str(self._entered[key]))
        if not self._wants_out.keys() <= here.keys():
            for key in [k for k in self._wants_out if k not in here]:
                del self._wants_out[key]
        for key, person in here.items():
            if person.goal is not _OUTSIDE or person.fainted or kept or held:
                self._wants_out.pop(key, None)
                continue
            tries = now - self._wants_out.setdefault(key, now)
            if tries > WAY_OUT_S * max(1.0, person.pace):
                self._violated("locked-in", f"somebody cannot get out for {tries:.1f} s", str(key))

    def _bodies(self, inside: list[Person], bodies: bool) -> None:
        world = self._chamber.world
        plant, truth = world.plant, world.truth()
        kept = plant.inner.stuck or plant.outer.stuck
        for person in inside:
            oxygen = truth.o2_main_pct if person.place is _MAIN else truth.o2_pre_pct
            if self.face_o2_min_pct is None or oxygen < self.face_o2_min_pct:
                self.face_o2_min_pct = oxygen
            sunk = person.fainted and self._cabin is not None
            lasts = self._lasts("sunk", sunk and oxygen < OXYGEN_PCT, world.time_s)
            if oxygen < OXYGEN_PCT and (not sunk or oxygen < SUNK_PCT or lasts > SUNK_S):
                self._violated("face-oxygen", f"{oxygen:.2f} % oxygen at a face")
            if not bodies:
                continue
            site, surface_k = min(zip(person.body.names, person.body.surfaces_k, strict=True), key=lambda at: at[1])
            skin = surface_k - 273.15
            if self.skin_min_c is None or skin < self.skin_min_c:
                self.skin_min_c = skin
            held = kept or person.fainted or _slow(person)
            self._must("skin", skin >= (SKIN_HELD_C if held else SKIN_C), f"skin of the {site} at {skin:.1f} °C")

    # -- the supervisor ---------------------------------------------------------------------------------------------

    def _silence(self, now: float, ran: bool, occupied: bool) -> None:
        world = self._chamber.world
        outputs = self._chamber.outputs
        mute = not ran or not world.answering or (outputs is not None and not outputs.write)
        if not mute and "silent" not in self._since:
            return
        silent = self._lasts("silent", mute, now)
        both = self._lasts("silent inside", silent > 0.0 and occupied, now)
        driven = world.actuators.xv_401
        if driven and silent > LEASE_S:
            self._violated("lease", f"main valve driven after {silent:.1f} s of silence")
        if driven and both > LEASE_INSIDE_S:
            self._violated("lease", f"main valve driven after {both:.1f} s of silence with people inside")

    def _asked(self) -> None:
        outputs = self._chamber.outputs
        if outputs is None:
            return
        d = outputs.demand
        good = (
            self._coldest_c <= d.setpoint_main_c <= 20.0
            and 0.0 <= d.valve_main_pct <= 100.0
            and 0.0 <= d.valve_pre_pct <= 100.0
            and 0.0 <= d.exposure_limit_s <= LIMIT_S
        )
        if not good:
            self._violated("bounds", f"asked for {d}")

    def _alarmed(self, now: float, tripped: bool) -> None:
        """Once seen and gone an alarm may be over while the state waits for its reset; while the PLC is tripped it may not."""
        if not tripped and self._state not in LATCHED:
            self._announced = False
            if "unalarmed" in self._since:
                del self._since["unalarmed"]
            return
        shown = self._shown()
        if shown:
            self._announced = True
        silent = not shown and (tripped or not self._announced)
        lasts = self._lasts("unalarmed", silent, now)
        if lasts > 2.0:
            self._violated("alarm", f"trips {self._chamber.world.plc.trips:#x} and no alarm for {lasts:.1f} s")

    def _shown(self) -> bool:
        return any(a.state.value != "normal" for a in self._chamber.state.alarms.values())

    def _follow(self, events: Sequence[Event], inside: list[Person]) -> None:
        """Commands first: what they bring about comes in the same scan."""
        self._commanded.clear()
        for e in sorted(events, key=lambda e: e.kind is not EventKind.COMMAND):
            data = e.data
            if e.kind is EventKind.COMMAND:
                if data["outcome"] == "accepted":
                    self._commanded.add(str(data["command"]))
                if data["command"] in ("stop", "evacuate"):
                    now = self._chamber.state.cycle.state.name.lower()
                    taken = data["outcome"] == "accepted" and now not in COLD
                    self._must("stop", taken, f"{data['command']} {data['outcome']}, then {now}")
            elif e.kind is EventKind.INVARIANT:
                self._must("monitor", False, f"invariant {data['invariant']} broken", str(data["invariant"]))
            elif e.kind is EventKind.SESSION_OPENED:
                self._recorded = True
            elif e.kind is EventKind.SESSION_CLOSED:
                self._recorded = False
            elif e.kind is EventKind.STATE:
                self._moved(str(data["from"]), str(data["to"]), str(data["cause"]), inside)

    def _moved(self, old: str, new: str, cause: str, inside: list[Person]) -> None:
        self._state = new
        plant = self._chamber.world.plant
        if new in COLD and old not in COLD:
            self._must("cold-command", cause.startswith("command:") and bool(self._commanded), f"{old} to {new} by {cause}", f"{old}{new}")
        if old in LATCHED and new not in LATCHED:
            self._must("latch", new == "purge" and "reset" in self._commanded, f"{old} left for {new} by {cause}", f"{old}{new}")
        if new == "exposure":
            shut = plant.inner.fraction < 0.5 and plant.outer.fraction < 0.5  # what is read may be two scans old
            good = old == "pre_chamber" and shut and self._recorded
            self._must("exposure", good, f"from {old}, doors shut: {shut}, session recorded: {self._recorded}")
        if new in ("recool", "ready", "precool") and old not in ("recool", "precool", "boarding"):
            self._must("left-behind", not inside, f"{old} to {new} with {len(inside)} inside")


def _slow(person: Person) -> bool:
    """Slower than anybody of the population: something keeps them back."""
    return person.pace > SLOW
