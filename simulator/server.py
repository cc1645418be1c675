"""The simulated PLC as a process: Modbus TCP in front, side channel beside it, the world behind it at 10 Hz."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path

import zmq
import zmq.asyncio

from simulator.channel import handle
from simulator.modbus import ModbusFace
from simulator.people import Person
from simulator.plant import SCAN_S
from simulator.plc_memory import COMMAND_WORDS, MAILBOX_WORDS
from simulator.world import Start, World

_MAX_SPEED = 200.0
MAX_CHAMBERS = 8  # each takes a few milliseconds of every 100 of the one loop
_CATCH_UP_SCANS = 20  # after a stall: lost time beyond this is skipped, not run in a burst


class EndpointError(OSError):
    """The side channel's address cannot be bound."""

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(f"cannot bind the simulator's side channel to {endpoint}: {reason}; choose another ([simulator] endpoint)")


class Memory:
    """Registers of the simulated PLC between the network and the world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.command = [0] * COMMAND_WORDS
        self.mailbox = [0] * MAILBOX_WORDS

    @property
    def status(self) -> list[int]:
        return self._world.status

    @property
    def answering(self) -> bool:
        return self._world.answering

    def scan(self) -> None:
        """One scan with the words that stand in the registers now; a restart empties them."""
        boots = self._world.boots
        self._world.advance_scan(self.command, self.mailbox)
        if self._world.boots != boots:
            self.command = [0] * COMMAND_WORDS
            self.mailbox = [0] * MAILBOX_WORDS


async def serve(
    host: str = "127.0.0.1",
    port: int = 5020,
    endpoint: str = "tcp://127.0.0.1:5021",
    seed: int = 1,
    start: Start = "precooled",
    speed: float = 1.0,
    started: asyncio.Future[int] | None = None,
    plant: str = "walk-in-two-room",
) -> None:
    """Run the simulated PLC until cancelled.

    ``endpoint`` is a ZeroMQ address of the side channel, ``speed`` the factor on real time (the lease runs on plant
    time too), ``started`` receives the Modbus port once both sides listen. Raises PortTakenError, EndpointError, ValueError
    (ParameterError for a ``plant`` that does not exist).
    """
    if not (math.isfinite(speed) and 0.0 < speed <= _MAX_SPEED):
        raise ValueError(f"speed = {speed} must be above 0 and at most {_MAX_SPEED:g}")
    world = World(seed, start, plant)
    Person().stand(world.plant.room_k, world.plant.room_k, 0.1)  # compiled code of bodies is loaded before anybody waits
    memory = Memory(world)
    memory.scan()  # the first block is valid before anybody can read it
    face = ModbusFace(memory, host, port)
    listening = await face.start()
    context = zmq.asyncio.Context()
    try:
        socket = _bind(context, endpoint)
        async with asyncio.TaskGroup() as group:
            group.create_task(_scan(memory, speed))
            group.create_task(_answer(world, socket))
            if started is not None and not started.done():
                started.set_result(listening)
    finally:
        await face.stop()
        context.destroy(linger=0)


def endpoint_of(endpoint: str, chamber: int) -> str:
    """Address of the side channel of chamber 0, 1, ... of one machine; the first has ``endpoint`` itself. Raises ValueError.

    A TCP port counts up by 100 for each chamber, so that it does not meet the Modbus ports; a file gets a number before its suffix.
    """
    if chamber == 0:
        return endpoint
    if endpoint.startswith("tcp://"):
        host, _, port = endpoint.rpartition(":")
        return f"{host}:{int(port) + 100 * chamber}"
    stem, dot, suffix = endpoint.rpartition(".")
    if not dot or "/" in suffix:
        return f"{endpoint}-{chamber + 1}"
    return f"{stem}-{chamber + 1}.{suffix}"


async def serve_many(
    chambers: int,
    host: str,
    port: int,
    endpoint: str,
    seed: int,
    start: Start,
    speed: float = 1.0,
    started: asyncio.Future[list[int]] | None = None,
    plant: str = "walk-in-two-room",
) -> None:
    """Several chambers on one machine: chamber k on port + k with seed + k and a side channel of its own; all until cancelled.

    ``started`` receives the ports once all listen (``port`` 0: whatever is free). Raises PortTakenError, EndpointError, ValueError.
    """
    if not 1 <= chambers <= MAX_CHAMBERS:
        raise ValueError(f"chambers = {chambers} must be 1 to {MAX_CHAMBERS}")
    loop = asyncio.get_running_loop()
    ports: list[asyncio.Future[int]] = [loop.create_future() for _ in range(chambers)]
    try:
        async with asyncio.TaskGroup() as group:
            for k, listening in enumerate(ports):
                mine = port + k if port else 0
                group.create_task(serve(host, mine, endpoint_of(endpoint, k), seed + k, start, speed, listening, plant))
            found = [await p for p in ports]
            if started is not None and not started.done():
                started.set_result(found)
    except* OSError as errors:
        raise errors.exceptions[0] from None
    except* ValueError as errors:
        raise errors.exceptions[0] from None


def _bind(context: zmq.asyncio.Context, endpoint: str) -> zmq.asyncio.Socket:
    if endpoint.startswith("ipc://"):
        Path(endpoint.removeprefix("ipc://")).parent.mkdir(parents=True, exist_ok=True)
    socket = context.socket(zmq.REP)
    try:
        socket.bind(endpoint)
    except zmq.ZMQError as error:
        raise EndpointError(endpoint, str(error)) from None
    return socket


async def _scan(memory: Memory, speed: float) -> None:
    """Scans at absolute deadlines; several per wake-up when faster than real time."""
    loop = asyncio.get_running_loop()
    period = SCAN_S / speed
    per_wake = max(1, round(0.02 / period))
    due = loop.time()
    while True:
        due += period * per_wake
        for _ in range(per_wake):
            memory.scan()
        now = loop.time()
        if now - due > period * _CATCH_UP_SCANS:
            due = now
        await asyncio.sleep(max(0.0, due - now))


async def _answer(world: World, socket: zmq.asyncio.Socket) -> None:
    while True:
        request = await socket.recv()
        await socket.send(handle(world, request))
