"""The compiled program behind real Modbus TCP, spoken to by the supervisor's own client: blocks fit on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from chamber.states import CycleState
from chamber.tags import ANALOG_TAGS
from plc_bridge.client import PlcClient
from plc_bridge.codec import RawValue, encode
from plc_bridge.contract import NONCE_XOR, Flag, MailResult, Opcode, Output, PlcState, Trip
from plc_bridge.register_map import COMMAND, MAILBOX, STATUS, length
from plc_bridge.status import PlcStatus, read_block
from simulator.modbus import ModbusFace
from simulator.sensors import BIT_INDEX
from tests.plc_program.cards import PER_UNIT, current, pack_devices
from tests.plc_program.compiled import WHY_SKIPPED, CompiledPlc, build, matiec
from tests.simulator.cards import CLOSED, HEALTHY

pytestmark = pytest.mark.skipif(matiec() is None, reason=WHY_SKIPPED)


class Cabinet:
    """The compiled program with healthy cards and its registers on the network."""

    answering = True

    def __init__(self, compiled: CompiledPlc) -> None:
        self._compiled = compiled
        self.command, self.mailbox, self.status = [0] * length(COMMAND), [0] * length(MAILBOX), [0] * length(STATUS)
        self.bits = sum(1 << BIT_INDEX[tag] for tag in CLOSED)
        self._currents = [current(i, round(HEALTHY.get(t.tag, 20.95) * PER_UNIT[i])) for i, t in enumerate(ANALOG_TAGS)]
        self._devices = pack_devices([0] * len(ANALOG_TAGS))

    def scan(self, count: int = 1) -> None:
        for _ in range(count):
            self.status = self._compiled.scan(100, self._currents, self._devices, self.bits, self.command, self.mailbox)[1]


async def test_supervisors_client_cools_with_the_compiled_program(tmp_path: Path) -> None:
    directory = matiec()
    assert directory is not None
    plc = Cabinet(CompiledPlc(build(directory, tmp_path)))
    face = ModbusFace(plc, "127.0.0.1", 0)
    client = PlcClient("127.0.0.1", await face.start(), 1, 2.0)
    told: dict[str, RawValue] = {r.name: 0 for r in COMMAND} | {"cycle_state": CycleState.READY, "setpoint_main": -110.0}
    told |= {"setpoint_pre": -60.0, "valve_main": 40.0, "exposure_limit": 120.0, "demand_bits": 1 << Output.XV_401, "session_id": 70_000}
    seq = 0

    async def exchange() -> PlcStatus:
        nonlocal seq
        plc.scan()
        status = read_block(await client.read_status(), 0.0, None)
        assert isinstance(status, PlcStatus)
        seq += 1
        await client.write_command(encode(COMMAND, told | {"hb_seq": seq, "hb_echo": status.nonce ^ NONCE_XOR}))
        return status

    try:
        await client.connect()
        assert (await exchange()).state is PlcState.SAFE
        await exchange()
        await client.write_mailbox([7, Opcode.START_COOLING, 0, 0, ~7 & 0xFFFF])
        status = await exchange()
        assert (status.state, status.mail_ack_id, status.mail_result) == (PlcState.RUN, 7, MailResult.ACCEPTED)
        assert status.flag(Flag.LEASE_ALIVE)
        assert not status.flag(Flag.SIMULATED)
        assert (status.valve_main_pct, status.setpoint_main_c, status.session_id) == (40.0, -110.0, 70_000)
        assert status.exposure_limit_s == 125.0
        assert status.analog["TT-101"] == (-108.5, 1)
        plc.scan(50)  # the first of these sees the last heartbeat
        status = read_block(await client.read_status(), 0.0, None)
        assert isinstance(status, PlcStatus)
        assert (status.state, status.lease_remaining_s) == (PlcState.RUN, 0.1)
        plc.scan()
        status = read_block(await client.read_status(), 0.0, None)
        assert isinstance(status, PlcStatus)
        assert (status.state, status.trips, status.valve_main_pct) == (PlcState.TRIPPED, 1 << Trip.LEASE_LOST, 0.0)
        assert status.first_out == Trip.LEASE_LOST + 1
    finally:
        client.close()
        await face.stop()
