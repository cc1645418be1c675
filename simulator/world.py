"""Plant, PLC, people and faults in lockstep: one call is one PLC scan of 0.1 s. No sockets, no sleep, no wall clock."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Literal

from simulator.cabin import plant as cabin
from simulator.cabin.plant import CabinPlant
from simulator.doors import Door
from simulator.faults import Faults
from simulator.guests import Guests
from simulator.parameters import PlantParameters, load
from simulator.people import Place
from simulator.plant import OFF, SCAN_S, Actuators, Plant, Truth
from simulator.plc import SimPlc
from simulator.plc_memory import COMMAND_WORDS, MAILBOX_WORDS, STATUS_WORDS
from simulator.precool import precooled_state
from simulator.sensors import Sensors

Start = Literal["warm", "precooled"]
PLACES: dict[str, Place] = {"outside": Place.OUTSIDE, "pre": Place.PRE, "main": Place.MAIN}
MAX_PERSONS = 5


class World:
    """Everything the supervisor is not. Deterministic: the same seed and the same words give the same answers.

    ``plant`` names a parameter file; ``parameters`` overrides it (tests). Raises ParameterError or ValueError at start.
    """

    def __init__(
        self, seed: int = 1, start: Start = "precooled", plant: str = "walk-in-two-room", parameters: PlantParameters | None = None
    ) -> None:
        if start not in ("warm", "precooled"):
            raise ValueError(f"start {start!r} is unknown; known: warm, precooled")
        self.plant = _plant(plant, parameters, start)
        self.sensors = Sensors(_generator(seed, "sensors"), SCAN_S, self.plant.true_values(), self.plant.lags_s)
        self.plc = SimPlc(_generator(seed, "plc"))
        self.guests = Guests(self.plant.crowd, _generator(seed, "guests"))
        self.fault_rng = _generator(seed, "faults")
        self.faults = Faults(self)
        self.actuators: Actuators = OFF
        self.contacts_closed = self.contacts_open = 0  # stuck contacts, as masks
        self.silent = False
        self._booting = self._dark = False
        self.boots = 1
        self._command: Sequence[int] = [0] * COMMAND_WORDS
        self._mailbox: Sequence[int] = [0] * MAILBOX_WORDS
        self._quality = [0] * len(self.plant.true_values())
        self.status: list[int] = [0] * STATUS_WORDS

    def reseed(self, seed: int) -> None:
        """From now on the dice of another seed: a copy of a chamber that stands ready begins a day of its own.

        What was drawn at the start, such as the bias of each sensor, stays.
        """
        self.sensors.reseed(_generator(seed, "sensors"))
        self.plc.reseed(_generator(seed, "plc"))
        self.guests.reseed(_generator(seed, "guests"))
        self.fault_rng = _generator(seed, "faults")

    @property
    def time_s(self) -> float:
        return self.plant.scan * SCAN_S

    @property
    def answering(self) -> bool:
        """False while the PLC is silent or restarting: a client would get no answer."""
        return not (self.silent or self._booting)

    def advance_scan(self, command: Sequence[int] | None = None, mailbox: Sequence[int] | None = None) -> list[int]:
        """One scan with the words the supervisor wrote (None: nothing new). Returns the status words.

        While the PLC does not answer, what is written does not arrive; during a restart the status is all zero.
        """
        plant = self.plant
        if not (self.silent or self._booting):
            self._command = command if command is not None else self._command
            self._mailbox = mailbox if mailbox is not None else self._mailbox
        self.faults.advance()
        if plant.defects.mains_lost or self._dark:  # on the mains it cannot be dark
            self._power()
        if self._booting:
            self.actuators = OFF
            self.status = [0] * STATUS_WORDS
        else:
            quality = self._quality
            values = self.sensors.read(plant.true_values(), quality)
            for to, of in plant.same_input:
                values[to], quality[to] = values[of], quality[of]
            bits = (plant.contacts() | self.contacts_closed) & ~self.contacts_open
            for to, of in plant.same_contact:
                bits = bits | to if bits & of else bits & ~to
            self.actuators, self.status = self.plc.scan(plant.scan * SCAN_S, values, quality, bits, self._command, self._mailbox)
        plant.advance(self.actuators)
        self.guests.advance(plant.scan * SCAN_S, self.voice, self.plc.told.persons)
        return self.status

    def _power(self) -> None:
        """An empty battery takes the PLC down; it comes back with the mains."""
        if self.plant.dark is not self._dark:
            self._dark = self.plant.dark
            if self._dark:
                self.reboot_plc(0.0)
            elif self._booting:
                self.end_reboot()

    @property
    def voice(self) -> int:
        """Announcement being played; a restarting PLC says nothing."""
        return 0 if self._booting else self.plc.voice

    def truth(self) -> Truth:
        return self.plant.truth()

    def reboot_plc(self, off_s: float) -> None:
        """Power the PLC down; use the fault ``plc_reboot``, which brings it back after ``off_s``."""
        self._booting = True

    def end_reboot(self) -> None:
        """Power the PLC up: retentive memory kept, command and mailbox registers empty."""
        self._booting = False
        self.boots += 1
        self._command, self._mailbox = [0] * COMMAND_WORDS, [0] * MAILBOX_WORDS
        self.plc.power_cycle(self.time_s)

    # -- hands ------------------------------------------------------------------------------------------------------

    def door(self, name: str) -> Door:
        """Raises ValueError for anything but "inner" and "outer"."""
        if name == "inner":
            return self.plant.inner
        if name == "outer":
            return self.plant.outer
        raise ValueError(f"unknown door {name!r}; known: inner, outer")

    def hold_door(self, name: str, is_open: bool) -> None:
        """Hold a door open, or let it fall shut."""
        self.door(name).held_open = is_open

    def walk(self, to: str, persons: int | None = None) -> int:
        """Send people to "outside", "pre" or "main" through the doors; returns how many set off.

        Without ``persons`` everybody who is inside goes, or one from outside if nobody is. Raises ValueError.
        """
        goal = PLACES.get(to)
        if goal is None:
            raise ValueError(f"unknown place {to!r}; known: {', '.join(PLACES)}")
        crowd = self.plant.crowd
        if persons is None:
            persons = len(crowd.people) if goal is Place.OUTSIDE else max(1, len(crowd.people) - crowd.count(Place.OUTSIDE))
        elif not 1 <= persons <= MAX_PERSONS:
            raise ValueError(f"persons = {persons} must be 1 to {MAX_PERSONS}")
        if goal is Place.OUTSIDE:
            persons = min(persons, len(crowd.people))
        return crowd.send(goal, persons, self.time_s)

    def press_estop(self, pressed: bool) -> None:
        self.plant.estop_pressed = pressed

    def press_call(self, pressed: bool) -> None:
        self.plant.call_pressed = pressed


def lacks(plant: str) -> frozenset[str]:
    """What a fault may befall elsewhere and the plant of this name does not have."""
    return CabinPlant.lacks if plant == cabin.NAME else Plant.lacks


def _plant(name: str, parameters: PlantParameters | None, start: Start) -> Plant | CabinPlant:
    if name == cabin.NAME and parameters is None:
        p = cabin.load()
        return CabinPlant(p, cabin.precooled_state(p) if start == "precooled" else None)
    state = precooled_state(name) if start == "precooled" else None
    return Plant(load(name) if parameters is None else parameters, state)


def _generator(seed: int, purpose: str) -> random.Random:
    return random.Random(f"{seed}/{purpose}")  # noqa: S311  simulation, reproducible by seed
