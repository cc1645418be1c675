"""The simulated PLC and the compiled program side by side on the same cards; every scan's answers are compared."""

from __future__ import annotations

import random
from collections import Counter

from chamber.states import CycleState
from chamber.tags import ANALOG_TAGS
from plc_bridge.codec import RawValue, decode, encode
from plc_bridge.contract import NONCE_XOR, Flag, Output
from plc_bridge.register_map import COMMAND, MAILBOX, STATUS
from simulator.plc import SimPlc
from simulator.sensors import BIT_INDEX, INDEX
from tests.plc_program.cards import PER_UNIT, current, pack_devices, quality, register_value
from tests.plc_program.compiled import CompiledPlc
from tests.simulator.cards import CLOSED, HEALTHY

NAMES = [name for r in STATUS for name in ([r.name] if r.words == 1 else [r.name + "_hi", r.name + "_lo"])]
_AT = {name: i for i, name in enumerate(NAMES)}
_OWN = ("begin_counter", "end_counter", "nonce", "flags")  # each PLC has its own counters and nonces; flags are compared apart


class Twin:
    """Inputs set by hand, both PLCs scanned together."""

    def __init__(self, compiled: CompiledPlc, seed: str = "twin", scan_ms: int = 100) -> None:
        self.compiled = compiled
        compiled.start()
        self.sim = SimPlc(random.Random(seed))
        self.scan_ms, self.now_ms, self.scans = scan_ms, -scan_ms, 0
        self.currents = [current(i, round(HEALTHY.get(t.tag, 20.95) * PER_UNIT[i])) for i, t in enumerate(ANALOG_TAGS)]
        self.devices = [0] * len(ANALOG_TAGS)
        self.bits = 0
        self.contact(True, *CLOSED)
        self.told: dict[str, RawValue] = {r.name: 0 for r in COMMAND}
        self.told |= {"cycle_state": CycleState.IDLE, "setpoint_main": -110.0, "setpoint_pre": -60.0, "exposure_limit": 180.0}
        self.demand: dict[str, int] = {}
        """Raw command words by name that replace the encoded ones: values that the supervisor's codec would refuse to send."""
        self.mailbox = [0] * len(MAILBOX)
        self.beating = True
        self.stale_echo = False
        self.counting = True
        self.purge_answers = True
        self._seq = 0
        self._commands = ([0] * len(encode(COMMAND, self.told)),) * 2
        self.words: list[int] = []
        self.theirs: list[int] = []
        self.seen: Counter[str] = Counter()

    def value(self, tag: str, raw: int) -> None:
        """Set an analogue input in register units."""
        self.currents[INDEX[tag]] = current(INDEX[tag], raw)

    def contact(self, closed: bool, *tags: str) -> None:
        for tag in tags:
            mask = 1 << BIT_INDEX[tag]
            self.bits = self.bits | mask if closed else self.bits & ~mask

    def mail(self, opcode: int, mail_id: int | None = None, complement: int | None = None) -> None:
        mail_id = (self.mailbox[0] + 1) & 0xFFFF if mail_id is None else mail_id
        self.mailbox = [mail_id, opcode, 0, 0, (~mail_id & 0xFFFF) if complement is None else complement]

    def power_cycle(self) -> None:
        self.sim.power_cycle((self.now_ms + self.scan_ms) / 1000.0)
        self.compiled.power_cycle()

    def _command(self, nonce: int) -> list[int]:
        echo = (nonce ^ NONCE_XOR) ^ (0x0101 if self.stale_echo else 0)
        words = encode(COMMAND, self.told | {"hb_seq": self._seq, "hb_echo": echo})
        for name, word in self.demand.items():
            words[next(r.address - COMMAND[0].address for r in COMMAND if r.name == name)] = word
        return words

    def scan(self, count: int = 1) -> list[str]:
        """Differences found, each named with its scan and both values."""
        found: list[str] = []
        for _ in range(count):
            found += self._one()
        return found

    def _one(self) -> list[str]:
        self.now_ms += self.scan_ms
        self.scans += 1
        if self.beating:
            self._seq = (self._seq + int(self.counting)) & 0xFFFF
            nonces = (self.words[_AT["nonce"]], self.theirs[_AT["nonce"]]) if self.words else (0, 0)
            self._commands = (self._command(nonces[0]), self._command(nonces[1]))
        if self.purge_answers:
            self.contact(bool(self.sim.outputs >> Output.PURGE_FAN & 1), "FS-101")
        values = [register_value(i, ua) / PER_UNIT[i] for i, ua in enumerate(self.currents)]
        nibbles = [quality(ua, d) for ua, d in zip(self.currents, self.devices, strict=True)]
        before = (self.words, self.theirs)
        actuators, self.words = self.sim.scan(self.now_ms / 1000.0, values, nibbles, self.bits, self._commands[0], self.mailbox)
        driven, self.theirs = self.compiled.scan(
            self.scan_ms, self.currents, pack_devices(self.devices), self.bits, self._commands[1], self.mailbox
        )
        found = self._differences(before)
        outputs = self.words[_AT["outputs"]]
        expected = {o.name: bool(outputs >> o & 1) for o in Output}
        expected |= {"FRESH_AIR": actuators.fresh_air}
        found += [f"coil {n}: {expected[n]} and {on}" for n, on in driven.coils.items() if on is not expected[n]]
        valves = (("main", actuators.valve_main, driven.valve_main_ua), ("pre", actuators.valve_pre, driven.valve_pre_ua))
        for name, percent, ua in valves:
            if round(4000 + 160 * percent) != ua:
                found.append(f"valve {name}: {percent} % and {ua} uA")
        if driven.voice != self.words[_AT["voice"]]:
            found.append(f"voice unit: {self.words[_AT['voice']]} and {driven.voice}")
        self._note()
        return [f"scan {self.scans} ({self.now_ms} ms): {text}" for text in found]

    def _differences(self, before: tuple[list[int], list[int]]) -> list[str]:
        ours, theirs = self.words, self.theirs
        found = [
            f"{name}: simulated {a}, compiled {b}" for name, a, b in zip(NAMES, ours, theirs, strict=True) if a != b and name not in _OWN
        ]
        simulated = 1 << Flag.SIMULATED
        if ours[_AT["flags"]] != theirs[_AT["flags"]] | simulated or theirs[_AT["flags"]] & simulated:
            found.append(f"flags: simulated {ours[_AT['flags']]:#x}, compiled {theirs[_AT['flags']]:#x}")
        if theirs[_AT["begin_counter"]] != theirs[_AT["end_counter"]]:
            found.append("counters of one block differ")
        if before[0]:
            renewed = [now[_AT["nonce"]] != old[_AT["nonce"]] for now, old in zip((ours, theirs), before, strict=True)]
            if renewed[0] is not renewed[1]:
                found.append(f"nonce renewed: simulated {renewed[0]}, compiled {renewed[1]}")
        if theirs[_AT["nonce"]] == 0:
            found.append("nonce is 0")
        return found

    def _note(self) -> None:
        """What was reached, so that a test can prove that it compared something."""
        status = decode(STATUS, self.words)
        self.seen[f"state {status['plc_state']}"] += 1
        causes = int(status["causes"])
        for trip in range(32):
            if causes >> trip & 1:
                self.seen[f"cause {trip}"] += 1
        if status["mail_ack_id"]:
            self.seen[f"reason {status['mail_reason']}"] += 1
        if status["valve_main_out"]:
            self.seen["valve open"] += 1
