"""The contract word by word, over real Modbus TCP with the supervisor's own client: simulated PLC and compiled program alike."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

import pytest

from chamber.states import CycleState
from chamber.tags import ANALOG_TAGS
from plc_bridge.client import PlcClient
from plc_bridge.codec import RawValue, encode
from plc_bridge.contract import NONCE_XOR, Flag, MailReason, MailResult, Opcode, Output, PlcState, QualityNibble, Trip, Voice
from plc_bridge.fingerprint import PROGRAM_ID
from plc_bridge.register_map import COMMAND, MAILBOX, STATUS, length
from plc_bridge.status import PlcStatus, read_block
from simulator.modbus import ModbusFace
from simulator.plc import SimPlc
from simulator.sensors import BIT_INDEX
from tests.plc_program.cards import PER_UNIT, current, pack_devices
from tests.plc_program.compiled import WHY_SKIPPED, CompiledPlc, build, matiec
from tests.simulator.cards import CLOSED, HEALTHY

_AT = {r.name: r.address - COMMAND[0].address for r in COMMAND}
_PURGE = next(r.address for r in STATUS if r.name == "outputs")


class Scanned(Protocol):
    """A PLC on a bench, scanned by hand. ``bits`` are its contacts."""

    command: list[int]
    mailbox: list[int]
    bits: int

    @property
    def status(self) -> list[int]: ...

    @property
    def answering(self) -> bool: ...

    def scan(self, count: int = 1) -> None: ...

    def restart(self) -> None: ...


class _Cards:
    """Healthy cards; the purge fan's airflow follows its output."""

    def __init__(self) -> None:
        self.command, self.mailbox, self.status = [0] * length(COMMAND), [0] * length(MAILBOX), [0] * length(STATUS)
        self.bits = sum(1 << BIT_INDEX[tag] for tag in CLOSED)
        self.answering = True

    def scan(self, count: int = 1) -> None:
        flow = 1 << BIT_INDEX["FS-101"]
        for _ in range(count):
            self.bits = self.bits | flow if self.status[_PURGE] >> Output.PURGE_FAN & 1 else self.bits & ~flow
            self._scan()

    def _scan(self) -> None:
        raise NotImplementedError


class Simulated(_Cards):
    def __init__(self) -> None:
        super().__init__()
        self._plc = SimPlc(random.Random("contract"))
        self._now_s = 0.0

    def _scan(self) -> None:
        self._now_s += 0.1
        values = [HEALTHY.get(t.tag, 20.95) for t in ANALOG_TAGS]
        quality = [QualityNibble.GOOD.value] * len(values)
        self.status = self._plc.scan(self._now_s, values, quality, self.bits, self.command, self.mailbox)[1]

    def restart(self) -> None:
        self._plc.power_cycle(self._now_s)


class Compiled(_Cards):
    def __init__(self, plc: CompiledPlc) -> None:
        super().__init__()
        self._plc = plc
        self._plc.start()
        self._currents = [current(i, round(HEALTHY.get(t.tag, 20.95) * PER_UNIT[i])) for i, t in enumerate(ANALOG_TAGS)]
        self._devices = pack_devices([0] * len(ANALOG_TAGS))

    def _scan(self) -> None:
        self.status = self._plc.scan(100, self._currents, self._devices, self.bits, self.command, self.mailbox)[1]

    def restart(self) -> None:
        self._plc.power_cycle()


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> CompiledPlc:
    directory = matiec()
    if directory is None:
        pytest.skip(WHY_SKIPPED)
    return CompiledPlc(build(directory, tmp_path_factory.mktemp("contract")))


@pytest.fixture(params=["simulated", "compiled"])
def make(request: pytest.FixtureRequest) -> Callable[[], Scanned]:
    if request.param == "simulated":
        return Simulated
    plc: CompiledPlc = request.getfixturevalue("compiled")
    return lambda: Compiled(plc)


class Line:
    """The supervisor's side: client, heartbeat, mailbox; each exchange is one PLC scan."""

    def __init__(self, plc: Scanned, client: PlcClient) -> None:
        self.plc, self._client = plc, client
        self.told: dict[str, RawValue] = {r.name: 0 for r in COMMAND}
        self.told |= {"cycle_state": CycleState.PRECOOL, "setpoint_main": -110.0, "setpoint_pre": -60.0, "exposure_limit": 120.0}
        self.told |= {"valve_main": 40.0, "demand_bits": (1 << Output.XV_401) | (1 << Output.RECIRC_FAN)}
        self.seq = 0

    async def read(self) -> PlcStatus:
        block = read_block(await self._client.read_status(), 0.0, None)
        assert isinstance(block, PlcStatus)
        return block

    async def beat(self, **words: int) -> PlcStatus:
        """One heartbeat with the block told; ``words`` replace raw words that the codec would refuse to send."""
        nonce = (await self.read()).nonce
        self.seq += 1
        command = encode(COMMAND, self.told | {"hb_seq": self.seq, "hb_echo": nonce ^ NONCE_XOR})
        for name, word in words.items():
            command[_AT[name]] = word
        await self._client.write_command(command)
        self.plc.scan()
        return await self.read()

    async def beats(self, count: int) -> PlcStatus:
        for _ in range(count):
            await self.beat()
        return await self.read()

    async def mail(self, mail_id: int, opcode: int, complement: int | None = None) -> tuple[MailResult, MailReason]:
        await self._client.write_mailbox([mail_id, opcode, 0, 0, ~mail_id & 0xFFFF if complement is None else complement])
        self.plc.scan()
        block = await self.read()
        assert block.mail_ack_id == mail_id
        return MailResult(block.mail_result), MailReason(block.mail_reason)

    async def running(self) -> PlcStatus:
        await self.beats(2)
        assert await self.mail(1, Opcode.START_COOLING) == (MailResult.ACCEPTED, MailReason.NONE)
        return await self.beat()


@asynccontextmanager
async def line(make: Callable[[], Scanned]) -> AsyncIterator[Line]:
    plc = make()
    plc.scan(2)
    face = ModbusFace(plc, "127.0.0.1", 0)
    client = PlcClient("127.0.0.1", await face.start(), 1, 2.0)
    try:
        await client.connect()
        yield Line(plc, client)
    finally:
        client.close()
        await face.stop()


async def test_it_names_its_program_and_never_passes_for_simulated(make: Callable[[], Scanned]) -> None:
    async with line(make) as bench:
        block = await bench.read()
        assert block.program_id == PROGRAM_ID
        assert block.flag(Flag.SIMULATED) is (make is Simulated)


async def test_every_clamp(make: Callable[[], Scanned]) -> None:
    async with line(make) as bench:
        await bench.running()
        block = await bench.beat(valve_main=0xFFFF, valve_pre=1001, setpoint_main=0x8000, exposure_limit=0xFFFF, persons=6, voice=99)
        assert (block.valve_main_pct, block.valve_pre_pct, block.setpoint_main_c) == (100.0, 100.0, -180.0)
        assert (block.exposure_limit_s, block.voice) == (185.0, Voice.SILENT)
        assert block.flag(Flag.CLAMPED)
        block = await bench.beat(cycle_state=77)
        assert block.valve_main_pct == 0.0  # an unknown state opens nothing
        assert block.flag(Flag.CLAMPED)
        block = await bench.beat(demand_bits=0xFFFF)
        assert block.outputs < 1 << len(Output)
        assert not (await bench.beat()).flag(Flag.CLAMPED)


async def test_anything_but_zero_is_occupied(make: Callable[[], Scanned]) -> None:
    async with line(make) as bench:
        await bench.beats(2)
        assert (await bench.beat(occupied=0x8000)).flag(Flag.OCCUPIED)


async def test_a_mailbox_id_is_obeyed_once(make: Callable[[], Scanned]) -> None:
    async with line(make) as bench:
        await bench.running()
        assert await bench.mail(1, Opcode.STOP) == (MailResult.ACCEPTED, MailReason.NONE)  # the old answer to the old id
        assert (await bench.beat()).state is PlcState.RUN
        assert await bench.mail(2, Opcode.STOP) == (MailResult.ACCEPTED, MailReason.NONE)
        assert (await bench.beat()).state is PlcState.SAFE
        assert await bench.mail(2, Opcode.START_COOLING) == (MailResult.ACCEPTED, MailReason.NONE)
        assert (await bench.beat()).state is PlcState.SAFE


async def test_a_damaged_or_unknown_command_is_answered_and_does_nothing(make: Callable[[], Scanned]) -> None:
    async with line(make) as bench:
        await bench.running()
        assert await bench.mail(2, Opcode.STOP, complement=2) == (MailResult.REJECTED, MailReason.BAD_COMPLEMENT)
        assert await bench.mail(3, 77) == (MailResult.REJECTED, MailReason.UNKNOWN_OPCODE)
        assert (await bench.beat()).state is PlcState.RUN


async def test_without_a_lease_only_stopping_is_obeyed(make: Callable[[], Scanned]) -> None:
    async with line(make) as bench:
        for n, (opcode, reason) in enumerate(
            (
                (Opcode.START_COOLING, MailReason.NO_LEASE),
                (Opcode.RESET, MailReason.NO_LEASE),
                (Opcode.CONFIRM_EMPTY, MailReason.NO_LEASE),
                (Opcode.STOP, MailReason.NONE),
                (Opcode.EVACUATE, MailReason.NONE),
            ),
            start=1,
        ):
            assert (await bench.mail(n, opcode))[1] is reason
        assert (await bench.read()).trips == 1 << Trip.EVACUATE_REQUESTED


async def test_silence_ends_the_lease_and_the_writer_does_not_get_it_back(make: Callable[[], Scanned]) -> None:
    async with line(make) as bench:
        assert (await bench.running()).valve_main_pct == 40.0
        bench.plc.scan(49)
        assert (await bench.read()).state is PlcState.RUN
        bench.plc.scan()
        block = await bench.beat()
        assert (block.state, block.trips, block.valve_main_pct) == (PlcState.TRIPPED, 1 << Trip.LEASE_LOST, 0.0)
        assert await bench.mail(2, Opcode.START_COOLING) == (MailResult.REJECTED, MailReason.TRIPPED)


async def test_a_replayed_block_renews_nothing(make: Callable[[], Scanned]) -> None:
    async with line(make) as bench:
        await bench.running()
        old = list(bench.plc.command)
        await bench.beats(30)
        left = (await bench.read()).lease_remaining_s
        bench.plc.command[:] = old
        bench.plc.scan(3)
        block = await bench.read()
        assert block.lease_remaining_s == pytest.approx(left - 0.3)
        assert block.state is PlcState.RUN


async def test_a_restart_shows_by_its_clock_and_keeps_who_may_be_inside(make: Callable[[], Scanned]) -> None:
    async with line(make) as bench:
        bench.told |= {"cycle_state": CycleState.PRE_CHAMBER, "occupied": 1, "persons": 1, "session_id": 70_000}
        before = await bench.running()
        await bench.beats(20)
        bench.plc.restart()
        bench.plc.scan(2)
        block = await bench.read()
        assert block.uptime_ms < before.uptime_ms + 2000
        assert (block.state, block.valve_main_pct, block.outputs & 1) == (PlcState.SAFE, 0.0, 0)
        assert (block.session_id, block.flag(Flag.OCCUPIED), block.flag(Flag.LEASE_ALIVE)) == (70_000, True, False)


async def test_service_is_clamped_keyed_and_empty(make: Callable[[], Scanned]) -> None:
    """H-27: the key decides where RUN is possible, and in SERVICE the valves open a fifth at most."""
    key, presence = 1 << BIT_INDEX["HS-002"], 1 << BIT_INDEX["YS-201"]
    async with line(make) as bench:
        bench.told["cycle_state"] = CycleState.SERVICE
        await bench.beats(2)
        assert await bench.mail(1, Opcode.START_COOLING) == (MailResult.REJECTED, MailReason.SERVICE_KEY)
        bench.plc.bits |= key
        assert await bench.mail(2, Opcode.START_COOLING) == (MailResult.ACCEPTED, MailReason.NONE)
        block = await bench.beat()
        assert (block.valve_main_pct, block.flag(Flag.CLAMPED)) == (20.0, True)
        bench.plc.bits |= presence
        assert (await bench.beat()).state is PlcState.SAFE
        block = await bench.beats(6)
        assert block.trips == 1 << Trip.UNEXPECTED_OCCUPANCY
