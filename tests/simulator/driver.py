"""A supervisor's wire manners without a supervisor: heartbeat, command block, mailbox. For tests of the simulator only."""

from __future__ import annotations

from chamber.states import CycleState
from plc_bridge.codec import RawValue, decode, encode
from plc_bridge.contract import NONCE_XOR, MailReason, MailResult, Opcode, Output, PlcState, Voice
from plc_bridge.register_map import COMMAND, MAILBOX, STATUS
from simulator.people import Place
from simulator.sensors import BIT_INDEX, INDEX
from simulator.world import World
from tests.simulator.shown import Shown

COOLING_BITS = (1 << Output.XV_401) | (1 << Output.RECIRC_FAN)


class Driver(Shown):
    """Drives a world scan by scan with a told state that tests change at will."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.told: dict[str, RawValue] = {r.name: 0 for r in COMMAND} | {
            "cycle_state": CycleState.IDLE,
            "setpoint_main": -110.0,
            "setpoint_pre": -60.0,
            "demand_bits": COOLING_BITS,
            "exposure_limit": 180.0,
        }
        self.mailbox = [0] * len(MAILBOX)
        self.beating = True
        self.seq = 0
        self.mail_id = 0
        self.status = decode(STATUS, world.advance_scan())

    def scan(self, count: int = 1) -> None:
        for _ in range(count):
            if self.beating:
                self.seq = (self.seq + 1) & 0xFFFF
                self.told |= {"hb_seq": self.seq, "hb_echo": int(self.status["nonce"]) ^ NONCE_XOR}
            self.status = decode(STATUS, self.world.advance_scan(encode(COMMAND, self.told), self.mailbox))

    def run_for(self, seconds: float) -> None:
        self.scan(round(seconds * 10))

    def tell(self, **told: RawValue) -> None:
        self.told |= told

    def mail(self, opcode: int, complement: int | None = None) -> MailReason:
        """Send a mailbox command and return its reason (NONE: accepted)."""
        self.mail_id += 1
        self.mailbox = [self.mail_id, opcode, 0, 0, (~self.mail_id & 0xFFFF) if complement is None else complement]
        self.scan()
        assert self.status["mail_ack_id"] == self.mail_id
        reason = MailReason(int(self.status["mail_reason"]))
        assert self.status["mail_result"] == (MailResult.ACCEPTED if reason is MailReason.NONE else MailResult.REJECTED)
        return reason

    def start(self) -> None:
        self.scan(2)
        assert self.mail(Opcode.START_COOLING) is MailReason.NONE
        assert self.state is PlcState.RUN

    def regulate(self, seconds: float, main: float = 25.0, pre: float = 30.0) -> None:
        """Valves at a constant position, %."""
        self.tell(valve_main=main, valve_pre=pre)
        self.run_for(seconds)

    def session(self, persons: int, seconds: float) -> None:
        """Voice and told state as a supervisor would lead a group through; ends with people in the main room."""
        crowd = self.world.plant.crowd
        self.start()
        self.tell(cycle_state=CycleState.BOARDING, voice=Voice.WELCOME_PRE, persons=persons, occupied=1, session_id=9)
        self.regulate(4.0 + 6.0 * persons)
        assert crowd.count(Place.PRE) == persons
        assert self.world.plant.outer.shut
        self.tell(cycle_state=CycleState.PRE_CHAMBER, voice=Voice.SILENT)
        self.run_for(10.0)
        self.tell(voice=Voice.GO_TO_MAIN)
        self.run_for(4.0 + 5.0 * persons)
        assert crowd.count(Place.MAIN) == persons
        self.tell(cycle_state=CycleState.EXPOSURE, voice=Voice.SILENT)
        self.run_for(seconds)

    def contact(self, tag: str) -> bool:
        return bool(int(self.status["inputs"]) >> BIT_INDEX[tag] & 1)

    def nibble(self, tag: str) -> int:
        """Quality of an analog input as the status block says it."""
        at = INDEX[tag]
        return int(self.status[f"quality_{at // 4}"]) >> (4 * (at % 4)) & 0xF
