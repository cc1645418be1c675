"""Modbus TCP face of the simulated PLC. The only module that knows pymodbus' server side.

Registers outside the map answer with "illegal data address", functions other than 3, 4, 6 and 16 with "illegal
function". A silent PLC keeps its connections and answers nothing; what is written meanwhile is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from plc_bridge.register_map import COMMAND_BASE, MAILBOX_BASE, STATUS_BASE
from simulator.plc_memory import COMMAND_WORDS, MAILBOX_WORDS, STATUS_WORDS

_READ = frozenset({3, 4, 6})  # 6: its answer is read back
_WRITE = frozenset({6, 16})


class PortTakenError(OSError):
    """The address of the simulated PLC cannot be bound; the message names host, port and remedy."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"cannot listen on {host}:{port} (in use, or not an address of this computer): "
            "stop the other program or choose another port ([plc] port)"
        )
        self.host = host
        self.port = port


class Registers(Protocol):
    """What the server reads and writes: the PLC's memory."""

    command: list[int]
    mailbox: list[int]

    @property
    def status(self) -> list[int]: ...

    @property
    def answering(self) -> bool: ...


class ModbusFace:
    """Modbus TCP server over a ``Registers`` object."""

    def __init__(self, registers: Registers, host: str, port: int) -> None:
        self._registers = registers
        self._host, self._port = host, port
        self._server: ModbusTcpServer | None = None

    async def start(self) -> int:
        """Listen; returns the port (useful with port 0). Raises PortTakenError."""
        device = SimDevice(
            0,  # answers every unit id, as most PLCs do over TCP
            [
                SimData(STATUS_BASE, count=STATUS_WORDS, datatype=DataType.REGISTERS, readonly=True),
                SimData(COMMAND_BASE, count=COMMAND_WORDS, datatype=DataType.REGISTERS),
                SimData(MAILBOX_BASE, count=MAILBOX_WORDS, datatype=DataType.REGISTERS),
            ],
            action=self._access,
        )
        server = ModbusTcpServer(device, address=(self._host, self._port), trace_packet=self._send)
        if not await server.listen():
            raise PortTakenError(self._host, self._port)
        self._server = server
        sockets: Callable[[], object] | None = getattr(server.transport, "sockets", None)  # type: ignore[assignment]
        return int(sockets[0].getsockname()[1]) if sockets else self._port  # type: ignore[index]

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.shutdown()
            self._server = None

    def _send(self, sending: bool, data: bytes) -> bytes:
        return b"" if sending and not self._registers.answering else data

    async def _access(
        self, function: int, start: int, address: int, count: int, current: list[int], values: list[int] | list[bool] | None
    ) -> ExcCodes | None:
        """Called by pymodbus for every request inside the map: refreshes what is read, takes what is written."""
        memory = self._registers
        if values is not None:
            if function not in _WRITE:
                return ExcCodes.ILLEGAL_FUNCTION
            if not memory.answering:
                return None
            block, base = (memory.mailbox, MAILBOX_BASE) if address >= MAILBOX_BASE else (memory.command, COMMAND_BASE)
            if address + count > base + len(block):
                return ExcCodes.ILLEGAL_ADDRESS
            block[address - base : address - base + count] = [int(v) for v in values]
            return None
        if function not in _READ:
            return ExcCodes.ILLEGAL_FUNCTION
        for block, base in ((memory.status, STATUS_BASE), (memory.command, COMMAND_BASE), (memory.mailbox, MAILBOX_BASE)):
            current[base - start : base - start + len(block)] = block
        return None
