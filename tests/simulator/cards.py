"""A SimPlc on a test bench: input cards set by hand, heartbeat kept alive, time in scans of 0.1 s."""

from __future__ import annotations

import random

from chamber.states import CycleState
from chamber.tags import ANALOG_TAGS
from plc_bridge.codec import RawValue, decode, encode
from plc_bridge.contract import NONCE_XOR, MailReason, Opcode, Output, PlcState, QualityNibble
from plc_bridge.register_map import COMMAND, MAILBOX, STATUS
from simulator.plc import SimPlc
from simulator.sensors import BIT_INDEX, INDEX
from tests.simulator.shown import Shown

HEALTHY = {"TT-101": -108.5, "TT-102": -110.0, "TT-103": -112.0, "TT-111": -120.0, "TT-201": -59.0, "TT-202": -61.0, "TT-211": -80.0}
HEALTHY |= {"TT-301": 22.0, "PT-401": 2.0, "LT-401": 2000.0, "FT-401": 0.0, "ZT-101": 0.0, "ZT-201": 0.0, "PT-301": 101.3, "JT-001": 100.0}
CLOSED = ("ZS-101A", "ZS-201A", "HS-001A", "HS-001B", "FS-102", "FS-301", "ES-001", "ZSC-401", "JS-001", "HS-301", "YS-103")


class Bench(Shown):
    """Cards and a supervisor's hand around one PLC."""

    def __init__(self, seed: int = 1) -> None:
        self.now_s = 0.0
        self.plc = SimPlc(random.Random(f"{seed}/bench"))
        self.values = [HEALTHY.get(t.tag, 20.95) for t in ANALOG_TAGS]
        self.quality = [QualityNibble.GOOD.value] * len(ANALOG_TAGS)
        self.bits = 0
        self.contact(True, *CLOSED)
        self.told: dict[str, RawValue] = {r.name: 0 for r in COMMAND}
        self.told |= {"cycle_state": CycleState.IDLE, "setpoint_main": -110.0, "setpoint_pre": -60.0, "exposure_limit": 180.0}
        self.command = encode(COMMAND, self.told)
        self.mailbox = [0] * len(MAILBOX)
        self.beating = True
        self.purge_answers = True
        self._count = 0
        self.status = {}
        self.scan(2)

    def value(self, tag: str, value: float) -> None:
        self.values[INDEX[tag]] = value

    def bad(self, *tags: str, nibble: QualityNibble = QualityNibble.FAILURE_HIGH) -> None:
        for tag in tags:
            self.quality[INDEX[tag]] = nibble.value

    def good(self, *tags: str) -> None:
        for tag in tags:
            self.quality[INDEX[tag]] = QualityNibble.GOOD.value

    def contact(self, closed: bool, *tags: str) -> None:
        for tag in tags:
            mask = 1 << BIT_INDEX[tag]
            self.bits = self.bits | mask if closed else self.bits & ~mask

    def door(self, number: int, is_open: bool) -> None:
        """Inner door 1, outer door 2: both contacts."""
        self.contact(not is_open, f"ZS-{number}01A")
        self.contact(is_open, f"ZS-{number}01B")

    def tell(self, **told: RawValue) -> None:
        self.told |= told

    def scan(self, count: int = 1) -> None:
        for _ in range(count):
            if self.beating:
                self._count = (self._count + 1) & 0xFFFF
                echo = int(self.status["nonce"]) ^ NONCE_XOR if self.status else 0
                self.command = encode(COMMAND, self.told | {"hb_seq": self._count, "hb_echo": echo})
            if self.purge_answers:
                self.contact(bool(self.plc.outputs >> Output.PURGE_FAN & 1), "FS-101")
            # the input cards are read anew every scan: the PLC's own marks on quality must not stay
            self.actuators, words = self.plc.scan(self.now_s, self.values, list(self.quality), self.bits, self.command, self.mailbox)
            self.status = decode(STATUS, words)
            self.now_s = round(self.now_s + 0.1, 6)

    def mail(self, opcode: int, mail_id: int | None = None, complement: int | None = None) -> MailReason:
        mail_id = (self.mailbox[0] + 1) & 0xFFFF if mail_id is None else mail_id
        self.mailbox = [mail_id, opcode, 0, 0, (~mail_id & 0xFFFF) if complement is None else complement]
        self.scan()
        return MailReason(int(self.status["mail_reason"]))

    def run(self) -> None:
        """START_COOLING with valves and fan demanded, in READY."""
        self.tell(
            cycle_state=CycleState.READY, demand_bits=(1 << Output.XV_401) | (1 << Output.RECIRC_FAN), valve_main=40.0, valve_pre=30.0
        )
        self.contact(False, "ZSC-401")
        self.scan()
        assert self.mail(Opcode.START_COOLING) is MailReason.NONE
        assert self.state is PlcState.RUN

    def occupy(self, state: CycleState = CycleState.PRE_CHAMBER) -> None:
        """A session told by the supervisor with somebody in the pre-chamber."""
        self.tell(cycle_state=state, occupied=1, persons=1, session_id=4711)
        self.contact(True, "YS-201")
        self.scan()
