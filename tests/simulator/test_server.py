"""The simulated PLC over real sockets: Modbus TCP by a real client, side channel over ZeroMQ."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import zmq
import zmq.asyncio
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.constants import ExcCodes
from pymodbus.exceptions import ModbusIOException

from plc_bridge.codec import decode, encode
from plc_bridge.contract import MAGIC, NONCE_XOR, MailResult, Opcode, PlcState
from plc_bridge.register_map import COMMAND, COMMAND_BASE, MAILBOX_BASE, STATUS, STATUS_BASE
from simulator.channel import handle
from simulator.modbus import PortTakenError
from simulator.plc_memory import COMMAND_WORDS, STATUS_WORDS
from simulator.server import EndpointError, endpoint_of, serve, serve_many
from simulator.world import World


class Site(NamedTuple):
    """A running simulated PLC: client, side channel, port."""

    client: AsyncModbusTcpClient
    side: zmq.asyncio.Socket
    port: int

    async def ask(self, request: object) -> dict[str, Any]:
        await self.side.send(request if isinstance(request, bytes) else json.dumps(request).encode())
        return json.loads(await asyncio.wait_for(self.side.recv(), 20.0))

    async def read(self) -> dict[str, int | float]:
        answer = await self.client.read_holding_registers(STATUS_BASE, count=STATUS_WORDS)
        assert not answer.isError()
        return decode(STATUS, answer.registers)

    async def beat(self, seq: int, nonce: int, **told: float) -> None:
        values = {r.name: 0 for r in COMMAND} | {"hb_seq": seq, "hb_echo": nonce ^ NONCE_XOR} | told
        answer = await self.client.write_registers(COMMAND_BASE, encode(COMMAND, values))
        assert not answer.isError()

    async def until(self, seen: Any, within_s: float = 20.0) -> dict[str, int | float]:
        """Poll the status until ``seen`` holds."""
        async with asyncio.timeout(within_s):
            while not seen(block := await self.read()):
                pass
        return block


@asynccontextmanager
async def running(tmp_path: Path, speed: float = 1.0) -> AsyncIterator[Site]:
    endpoint = f"ipc://{tmp_path}/side.ipc"
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve("127.0.0.1", 0, endpoint, seed=3, speed=speed, started=started))
    context = zmq.asyncio.Context()
    client: AsyncModbusTcpClient | None = None
    try:
        port = await asyncio.wait_for(started, 60.0)  # compiles at the first run
        client = AsyncModbusTcpClient("127.0.0.1", port=port, timeout=0.3, retries=0, reconnect_delay=0)
        assert await client.connect()
        side = context.socket(zmq.REQ)
        side.connect(endpoint)
        yield Site(client, side, port)
    finally:
        if client is not None:
            client.close()
        context.destroy(linger=0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_status_block_is_valid_from_the_first_read_and_counts_on(tmp_path: Path) -> None:
    async with running(tmp_path) as site:
        first = await site.read()
        assert first["magic"] == MAGIC
        assert first["begin_counter"] == first["end_counter"]
        later = await site.until(lambda b: b["begin_counter"] != first["begin_counter"])
        assert later["uptime_ms"] > first["uptime_ms"]


async def test_heartbeat_and_mailbox_over_the_wire(tmp_path: Path) -> None:
    async with running(tmp_path) as site:
        block = await site.read()
        await site.beat(1, int(block["nonce"]))
        block = await site.until(lambda b: b["lease_remaining"] > 0)
        await site.client.write_registers(MAILBOX_BASE, [8, Opcode.START_COOLING, 0, 0, ~8 & 0xFFFF])
        block = await site.until(lambda b: b["mail_ack_id"] == 8)
        assert block["mail_result"] == MailResult.ACCEPTED
        assert block["plc_state"] == PlcState.RUN


async def test_function_codes_and_addresses(tmp_path: Path) -> None:
    async with running(tmp_path) as site:
        client = site.client
        mirror = await client.read_input_registers(STATUS_BASE, count=3)
        assert mirror.registers[1] == MAGIC
        single = await client.write_register(COMMAND_BASE + 12, 7)
        assert not single.isError()
        back = await client.read_holding_registers(COMMAND_BASE, count=COMMAND_WORDS)
        assert back.registers[12] == 7
        for request in (
            client.read_holding_registers(STATUS_WORDS, count=1),
            client.read_holding_registers(STATUS_WORDS - 1, count=2),
            client.read_holding_registers(5000, count=1),
            client.write_register(5000, 1),
            client.write_register(STATUS_BASE + 5, 2),
            client.write_registers(COMMAND_BASE + COMMAND_WORDS - 1, [1, 2]),
        ):
            answer = await request
            assert answer.isError()
            assert answer.exception_code == ExcCodes.ILLEGAL_ADDRESS
        coils = await client.read_coils(0, count=1)
        assert coils.isError()
        assert coils.exception_code == ExcCodes.ILLEGAL_ADDRESS
        files = await client.read_fifo_queue(address=0)
        assert files.isError()
        assert files.exception_code == ExcCodes.ILLEGAL_FUNCTION


async def test_silent_plc_answers_nothing_and_then_answers_again(tmp_path: Path) -> None:
    async with running(tmp_path) as site:
        fault = await site.ask({"op": "inject", "kind": "plc_silent"})
        assert fault["ok"]
        with pytest.raises(ModbusIOException):
            await site.read()
        assert (await site.ask({"op": "clear", "id": fault["id"]}))["ok"]
        site.client.close()
        assert await site.client.connect()
        assert (await site.read())["magic"] == MAGIC


async def test_what_is_written_to_a_silent_plc_is_lost(tmp_path: Path) -> None:
    async with running(tmp_path) as site:
        await site.ask({"op": "inject", "kind": "plc_silent"})
        with pytest.raises(ModbusIOException):
            await site.client.write_register(COMMAND_BASE + 5, 777)
        await site.ask({"op": "clear", "all": True})
        site.client.close()
        assert await site.client.connect()
        back = await site.client.read_holding_registers(COMMAND_BASE, count=COMMAND_WORDS)
        assert 777 not in back.registers


async def test_reboot_over_the_wire(tmp_path: Path) -> None:
    async with running(tmp_path, speed=20.0) as site:
        await site.client.write_register(COMMAND_BASE + 5, 300)
        await site.ask({"op": "inject", "kind": "plc_reboot", "params": {"off_s": 10.0}})
        with pytest.raises(ModbusIOException):
            await site.read()
        site.client.close()
        async with asyncio.timeout(20.0):
            while (await site.ask({"op": "status"}))["faults"]:
                pass
        assert await site.client.connect()
        assert (await site.read())["uptime_ms"] < 100_000
        back = await site.client.read_holding_registers(COMMAND_BASE, count=COMMAND_WORDS)
        assert back.registers == [0] * COMMAND_WORDS


async def test_scans_keep_real_time(tmp_path: Path) -> None:
    """Absolute deadlines: at 10 x real time half a second is 50 scans, give or take the polling."""
    async with running(tmp_path, speed=10.0) as site:
        loop = asyncio.get_running_loop()
        begin, first = loop.time(), (await site.ask({"op": "status"}))["time_s"]
        last = await site.until(lambda b: b["uptime_ms"] >= 1000.0 * (first + 5.0))
        elapsed = loop.time() - begin
        assert (last["uptime_ms"] / 1000.0 - first) / elapsed == pytest.approx(10.0, rel=0.2)


async def test_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"127.0.0.1:{port}.*another port"):
            await serve("127.0.0.1", port, f"ipc://{tmp_path}/side.ipc")


async def test_taken_side_channel_is_named_and_the_modbus_port_given_back(tmp_path: Path) -> None:
    with socket.socket() as taken, socket.socket() as probe:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        with pytest.raises(EndpointError, match="side channel"):
            await serve("127.0.0.1", port, f"tcp://127.0.0.1:{taken.getsockname()[1]}")
        with socket.socket() as again:
            again.bind(("127.0.0.1", port))


async def test_several_chambers_on_one_machine_are_plants_of_their_own(tmp_path: Path) -> None:
    started: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve_many(3, "127.0.0.1", 0, f"ipc://{tmp_path}/side.ipc", 1, "precooled", started=started))
    try:
        ports = await asyncio.wait_for(started, 60.0)
        assert len(set(ports)) == 3
        values: list[int] = []
        for n, port in enumerate(ports):
            client = AsyncModbusTcpClient("127.0.0.1", port=port, timeout=2.0, retries=0, reconnect_delay=0)
            assert await client.connect()
            assert not (await client.write_register(COMMAND_BASE + 12, n + 1)).isError()
            values.append((await client.read_holding_registers(COMMAND_BASE + 12, count=1)).registers[0])
            client.close()
        assert values == [1, 2, 3]
        assert sorted(os.listdir(tmp_path)) == ["side-2.ipc", "side-3.ipc", "side.ipc"]
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _taken_after_a_free_one() -> socket.socket:
    """A listening socket whose port has a free one before it; below the ports that the system gives to clients."""
    for port in range(20_001, 30_000, 2):
        with socket.socket() as before, suppress(OSError):
            before.bind(("127.0.0.1", port - 1))
            taken = socket.socket()
            try:
                taken.bind(("127.0.0.1", port))
                taken.listen()
            except OSError:
                taken.close()
                continue
            return taken
    pytest.fail("no two free ports beside each other")


async def test_a_port_taken_by_one_of_several_ends_all(tmp_path: Path) -> None:
    with _taken_after_a_free_one() as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=str(port)):
            await serve_many(2, "127.0.0.1", port - 1, f"ipc://{tmp_path}/side.ipc", 1, "precooled")


def test_side_channels_of_several_chambers() -> None:
    assert [endpoint_of("tcp://127.0.0.1:5021", k) for k in range(3)] == [
        "tcp://127.0.0.1:5021",
        "tcp://127.0.0.1:5121",
        "tcp://127.0.0.1:5221",
    ]
    assert endpoint_of("ipc://run/simulator.ipc", 1) == "ipc://run/simulator-2.ipc"
    assert endpoint_of("ipc://run.d/simulator", 1) == "ipc://run.d/simulator-2"


async def test_impossible_speed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="speed"):
        await serve("127.0.0.1", 0, f"ipc://{tmp_path}/side.ipc", speed=0.0)


async def test_side_channel_over_the_socket(tmp_path: Path) -> None:
    async with running(tmp_path, speed=20.0) as site:
        assert await site.ask({"op": "walk", "to": "pre", "persons": 2}) == {"ok": True, "moving": 2}
        async with asyncio.timeout(20.0):
            while (await site.ask({"op": "status"}))["people"]["pre"] < 2:
                pass
        assert "not JSON" in (await site.ask(b"\xff\x00"))["error"]
        assert (await site.ask({"op": "status"}))["ok"]


# -- the channel itself, without a socket ------------------------------------------------------------------------------


def _ask(world: World, request: object) -> dict[str, Any]:
    return json.loads(handle(world, request if isinstance(request, bytes) else json.dumps(request).encode()))


def test_status_shape(world: World) -> None:
    _ask(world, {"op": "inject", "kind": "nitrogen_leak", "target": "room", "params": {"rate": 30, "ramp_s": 0}})
    world.advance_scan()
    status = _ask(world, {"op": "status"})
    assert status["doors"] == {"inner": "shut", "outer": "shut"}
    assert status["people"] == {"outside": 0, "pre": 0, "main": 0, "moving": 0}
    assert (status["estop"], status["call"], status["autopilot"], status["voice"]) == (False, False, False, "silent")
    assert status["faults"][0].pop("text").endswith(": room (rate 30 kg/h, ramp_s 0 s)")
    assert status["faults"] == [{"id": "f1", "kind": "nitrogen_leak", "target": "room", "since_s": 0.0}]
    assert set(status["truth"]) == {"o2_main_pct", "o2_pre_pct", "o2_room_pct", "t_main_c", "t_pre_c"}
    assert status["truth"]["t_main_c"] == pytest.approx(-110.0, abs=2.0)


def test_hands(world: World) -> None:
    assert _ask(world, {"op": "door", "door": "inner", "open": True})["ok"]
    assert _ask(world, {"op": "estop", "pressed": True})["ok"]
    assert _ask(world, {"op": "call", "pressed": True})["ok"]
    assert _ask(world, {"op": "autopilot", "on": True})["ok"]
    for _ in range(20):
        world.advance_scan()
    status = _ask(world, {"op": "status"})
    assert status["doors"]["inner"] == "open"
    assert (status["estop"], status["call"], status["autopilot"]) == (True, True, True)
    _ask(world, {"op": "inject", "kind": "door_stuck", "target": "outer"})
    assert _ask(world, {"op": "status"})["doors"]["outer"] == "stuck"


def test_fault_catalogue(world: World) -> None:
    listed = _ask(world, {"op": "faults"})["faults"]
    leak = next(f for f in listed if f["kind"] == "nitrogen_leak")
    assert leak["targets"] == ["main", "pre", "room", "supply"]
    assert leak["params"][0] == {"name": "rate", "unit": "kg/h", "low": 0.0, "high": 900.0, "default": 60.0, "rest": None}


def test_an_exercise_is_planned_remembered_and_forgotten(world: World) -> None:
    planned = _ask(world, {"op": "inject", "kind": "sensor_open", "target": "TT-101", "after_s": 0.5, "for_s": 1.0})
    surprise = _ask(world, {"op": "surprise", "within_s": 0.3})
    assert (planned["id"], surprise["id"]) == ("f1", "f2")
    first, second = _ask(world, {"op": "exercise"})["faults"]
    assert (first["due_ago_s"], first["began_ago_s"], first["surprise"], second["surprise"]) == (-0.5, None, False, True)
    for _ in range(20):
        world.advance_scan()
    first, second = _ask(world, {"op": "exercise"})["faults"]
    assert first["began_ago_s"] - first["ended_ago_s"] == pytest.approx(1.0, abs=0.11)
    assert second["began_ago_s"] > 1.0
    assert _ask(world, {"op": "forget"}) == {"ok": True}
    assert _ask(world, {"op": "exercise"})["faults"] == []
    assert not world.faults.active


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (b"", "not JSON"),
        ({"op": "surprise", "within_s": 1e9}, "within_s"),
        ({"op": "inject", "kind": "sensor_open", "target": "TT-101", "after_s": "soon"}, "number of seconds"),
        ({"op": "inject", "kind": "sensor_open", "target": "TT-101", "ramp_s": 5}, "cannot grow"),
        ({"op": "inject", "kind": "plc_reboot", "for_s": 5}, "ends by itself"),
        (b"[1]", "JSON object"),
        (b"[" * 5000, "not JSON"),
        (b'{"op":"inject","kind":"nitrogen_leak","target":"main","params":{"rate":NaN}}', "NaN"),
        (b'{"op":"status"}' + b" " * 70_000, "longer than"),
        ({"op": "dance"}, "unknown op 'dance'; known: status"),
        ({"op": ["status"]}, "unknown op"),
        ({"op": "door", "door": "inner", "open": "yes"}, "true or false"),
        ({"op": "door", "open": True}, "door must be a text"),
        ({"op": "door", "door": "back", "open": True}, "inner, outer"),
        ({"op": "walk", "to": "pre", "persons": 2.5}, "whole number"),
        ({"op": "walk", "to": "pre", "persons": 40}, "1 to 5"),
        ({"op": "inject", "kind": "sensor_open"}, "unknown target"),
        ({"op": "inject", "kind": "sensor_open", "target": 3}, "target must be a text"),
        ({"op": "inject", "kind": "nitrogen_leak", "target": "main", "params": {"rate": "many"}}, "must be a number"),
        ({"op": "inject", "kind": "nitrogen_leak", "target": "main", "params": [1]}, "object"),
        ({"op": "clear", "id": "f1"}, "no fault 'f1'"),
        ({"op": "clear"}, "id must be a text"),
    ],
)
def test_bad_requests_are_answered_and_change_nothing(world: World, request_: object, error: str) -> None:
    answer = _ask(world, request_)
    assert answer["ok"] is False
    assert error in answer["error"]
    assert not world.faults.active
    assert not world.plant.crowd.people
