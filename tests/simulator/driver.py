"""A supervisor's wire manners without a supervisor: heartbeat, command block, mailbox. For tests of the simulator only."""

from __future__ import annotations

from chamber.states import CycleState
from plc_bridge.codec import RawValue, decode, encode
from plc_bridge.contract import NONCE_XOR, MailReason, MailResult, Opcode, Output, PlcState, Trip
from plc_bridge.register_map import COMMAND, MAILBOX, STATUS
from simulator.world import World

COOLING_BITS = (1 << Output.XV_401) | (1 << Output.RECIRC_FAN)


class Driver:
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

    @property
    def state(self) -> PlcState:
        return PlcState(int(self.status["plc_state"]))

    @property
    def trips(self) -> set[Trip]:
        return {t for t in Trip if int(self.status["trips"]) >> t & 1}

    @property
    def causes(self) -> set[Trip]:
        return {t for t in Trip if int(self.status["causes"]) >> t & 1}

    @property
    def first_out(self) -> Trip | None:
        number = int(self.status["first_out"])
        return Trip(number - 1) if number else None

    def driven(self, output: Output) -> bool:
        return bool(int(self.status["outputs"]) >> output & 1)

    def flag(self, flag: int) -> bool:
        return bool(int(self.status["flags"]) >> flag & 1)
