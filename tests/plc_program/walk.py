"""Random but plausible abuse of both PLCs: faults come and go, set points are approached from both sides, commands of any kind."""

from __future__ import annotations

import random
from collections.abc import Callable

from chamber.states import SESSION, CycleState
from chamber.tags import ANALOG_TAGS, BIT_TAGS
from plc_bridge.contract import Opcode, Output, QualityNibble, Voice
from plc_bridge.plc_rules import ROWS, Test
from plc_bridge.program.rules import set_point
from tests.plc_program.cards import PER_UNIT, current
from tests.plc_program.twin import Twin
from tests.simulator.cards import CLOSED, HEALTHY

_NIBBLES = [q.value for q in QualityNibble if q is not QualityNibble.NEVER]
_TARGETS: list[tuple[str, int]] = [
    (tag, limit)
    for row in ROWS
    for c in row.criteria
    if c.test in (Test.BELOW, Test.ABOVE, Test.POSITION_OPEN, Test.FLOW_WHILE_CLOSED) and (limit := set_point(c)) is not None
    for tag in c.signals
]
_DOORS = (("ZS-101A", "ZS-101B"), ("ZS-201A", "ZS-201B"))
_CALM, _WORKING, _SESSION = (
    [CycleState.IDLE, CycleState.STOPPED, CycleState.DRYING, CycleState.HELD],
    [CycleState.READY, CycleState.PRECOOL, CycleState.RECOOL],
    sorted(SESSION),
)


class Walk:
    """Drives a twin. Each disturbance has an end, so that resets and starts are reached again and again."""

    def __init__(self, twin: Twin, seed: str) -> None:
        self._twin, self._rng = twin, random.Random(seed)
        self._endings: list[tuple[int, Callable[[], None]]] = []
        self._calm_until = self._held_until = 0
        twin.told |= {"demand_bits": 0b11, "valve_main": 40.0, "valve_pre": 30.0}

    def step(self) -> list[str]:
        """One scan with what chance brings. Returns the differences."""
        twin, rng = self._twin, self._rng
        for ending in [e for e in self._endings if e[0] <= twin.scans]:
            self._endings.remove(ending)
            ending[1]()
        if twin.scans >= self._calm_until and rng.random() < 0.06:
            rng.choice(
                (self._analog, self._analog, self._quality, self._contact, self._door, self._silence, self._oxygen_steps, self._slow)
            )()
            if rng.random() < 0.15:
                self._calm_until = twin.scans + rng.randrange(150, 400)  # quiet long enough for a reset and a start
        if rng.random() < 0.04 and twin.scans >= self._held_until:
            self._tell()
        if rng.random() < 0.02 and twin.scans >= self._held_until:
            self._people()
        if rng.random() < 0.08:
            self._mail()
        if rng.random() < 0.0008:
            twin.power_cycle()
        return twin.scan()

    def _later(self, low: int, high: int, act: Callable[[], None]) -> None:
        self._endings.append((self._twin.scans + self._rng.randrange(low, high), act))

    def _healthy(self, index: int) -> Callable[[], None]:
        raw = current(index, round(HEALTHY.get(ANALOG_TAGS[index].tag, 20.95) * PER_UNIT[index]))

        def back() -> None:
            self._twin.currents[index], self._twin.devices[index] = raw, 0

        return back

    def _index(self, tag: str) -> int:
        return next(i for i, t in enumerate(ANALOG_TAGS) if t.tag == tag)

    def _analog(self) -> None:
        """One or two signals to the neighbourhood of a set point."""
        twin, rng = self._twin, self._rng
        tag, limit = rng.choice(_TARGETS)
        together = [tag]
        if rng.random() < 0.5:
            together += [t for t, other in _TARGETS if other == limit and t != tag][:1]
        if rng.random() < 0.2:
            relative = round(10 * float(twin.told["setpoint_main"])) - 150
            together, limit = rng.sample(["TT-101", "TT-102", "TT-103"], 2), max(-2040, relative)
        for name in together:
            index = self._index(name)
            twin.currents[index] = current(index, limit + rng.choice((-1, -1, 0, 1)))
            self._later(5, 120, self._healthy(index))

    def _oxygen_steps(self) -> None:
        """Main room oxygen stepping down: near the fall of 0.3 vol% within 10 s."""
        fall = self._rng.choice((28, 29, 30, 31, 40))
        for tag in ("AT-101A", "AT-101B", "AT-101C"):
            index = self._index(tag)
            self._twin.currents[index] = current(index, 2095 - fall)
            self._later(30, 160, self._healthy(index))

    def _quality(self) -> None:
        index = self._rng.randrange(len(ANALOG_TAGS))
        if self._rng.random() < 0.4:
            self._twin.currents[index] = self._rng.choice((0, 3599, 3600, 3799, 3800, 20500, 20501, 21000, 21001, 65535))
        else:
            self._twin.devices[index] = self._rng.choice(_NIBBLES)
        self._later(5, 90, self._healthy(index))

    def _contact(self) -> None:
        tag = self._rng.choice(BIT_TAGS).tag
        closed = tag in CLOSED
        self._twin.contact(not closed, tag)
        self._later(1, 80, lambda: self._twin.contact(closed, tag))

    def _door(self) -> None:
        a, b = self._rng.choice(_DOORS)
        self._twin.contact(False, a)
        self._twin.contact(True, b)
        self._later(1, 60, lambda: (self._twin.contact(True, a), self._twin.contact(False, b))[0])

    def _slow(self) -> None:
        """What takes long to act: sample pump, purge, two thermometers, line pressure, battery, somebody behind a shut door."""
        twin = self._twin
        kind = self._rng.randrange(6)
        if kind == 0:
            twin.contact(False, "FS-102")
            twin.contact(True, "YS-201")
            self._later(45, 90, lambda: (twin.contact(True, "FS-102"), twin.contact(False, "YS-201"))[0])
        elif kind == 1:
            twin.purge_answers = False
            twin.contact(False, "FS-101")
            twin.told["demand_bits"] = 0b111
            self._later(45, 90, lambda: setattr(twin, "purge_answers", True))
        elif kind == 2:
            for tag in self._rng.choice((("TT-101", "TT-103"), ("TT-201", "TT-202"))):
                twin.devices[self._index(tag)] = self._rng.choice(_NIBBLES[1:])
                self._later(25, 60, self._healthy(self._index(tag)))
        elif kind == 3:
            index = self._index("PT-401")
            twin.currents[index] = current(index, 361)
            self._later(45, 90, self._healthy(index))
        elif kind == 4:
            twin.contact(False, "JS-001")
            self._later(95, 250, lambda: twin.contact(True, "JS-001"))
        else:
            twin.told |= {"cycle_state": CycleState.EXIT, "occupied": 1}
            tag = self._rng.choice(("YS-101", "YS-201"))
            twin.contact(True, tag)
            self._held_until = twin.scans + 220
            self._later(190, 230, lambda: twin.contact(False, tag))

    def _silence(self) -> None:
        twin = self._twin
        kind = self._rng.random()
        if kind < 0.25:
            twin.stale_echo = True
        elif kind < 0.45:
            twin.counting = False
        else:
            twin.beating = False

        def back() -> None:
            twin.beating, twin.counting, twin.stale_echo = True, True, False

        self._later(3, 70, back)

    def _people(self) -> None:
        tag = self._rng.choice(("YS-101", "YS-201"))
        present = self._rng.random() < 0.35
        self._twin.contact(present, tag)
        if present and self._rng.random() < 0.8:
            self._later(5, 100, lambda: self._twin.contact(False, tag))
            self._door()

    def _tell(self) -> None:
        twin, rng = self._twin, self._rng
        kind = rng.randrange(8)
        if kind <= 2:
            twin.told["cycle_state"] = rng.choice(rng.choice((_CALM, _WORKING, _WORKING, _SESSION, list(CycleState))))
            twin.told["occupied"] = int(twin.told["cycle_state"] in SESSION and rng.random() < 0.7)
        elif kind == 3:
            twin.told["setpoint_main"] = rng.choice((-110.0, -110.0, -95.3, -80.1, -60.7, -120.0, -140.0, -180.0, 40.0))
        elif kind == 4:
            twin.told["demand_bits"] = rng.choice((0b11, 0b11, 0b11, rng.randrange(1 << len(Output))))
            twin.told["voice"] = rng.choice(list(Voice))
        elif kind == 5:
            twin.told |= {"valve_main": rng.randrange(1001) / 10, "valve_pre": rng.choice((0.0, 0.1, 55.5, 100.0))}
        elif kind == 6:
            twin.told |= {"session_id": rng.choice((0, 1, 70000, 0xFFFFFFFF)), "exposure_limit": rng.choice((0.0, 5.0, 12.3, 90.0, 180.0))}
        else:
            self._wrong_word()

    def _wrong_word(self) -> None:
        """A word beyond its range, as no supervisor of ours would write it."""
        names = ("setpoint_main", "setpoint_pre", "valve_main", "valve_pre", "cycle_state", "voice", "occupied", "persons", "demand_bits")
        name = self._rng.choice((*names, "exposure_limit"))
        self._twin.demand[name] = self._rng.choice((1, 2, 6, 21, 400, 401, 1001, 1024, 1801, 0x7FFF, 0x8000, 0xF8F7, 0xFC17, 0xFFFF))
        self._later(2, 20, lambda: self._twin.demand.pop(name, None))

    def _mail(self) -> None:
        twin, rng = self._twin, self._rng
        opcode = rng.choice(
            (Opcode.RESET,) * 5 + (Opcode.START_COOLING,) * 5 + (Opcode.CONFIRM_EMPTY,) * 3 + (Opcode.STOP, Opcode.EVACUATE, 0, 6, 0xFFFF)
        )
        if opcode == Opcode.EVACUATE and rng.random() < 0.6:
            return
        roll = rng.random()
        if roll < 0.05:
            twin.mail(opcode, complement=rng.randrange(0x10000))
        elif roll < 0.1:
            twin.mail(opcode, mail_id=twin.mailbox[0])  # the same id again
        else:
            twin.mail(opcode)
