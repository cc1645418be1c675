"""Modbus TCP client: one request in flight, finite timeout, socket closed after any trouble, nothing old ever re-sent.

pymodbus is hidden here. Its own retries and reconnects are off: the defaults hold a dead link for 12 s and a returned
one for 21 s. Its log is quiet because every failure is raised, counted and reported by us.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from plc_bridge.register_map import COMMAND, MAILBOX, STATUS, Register, length

logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

RECONNECT_FIRST_S = 0.1
_TID_STEP = 977  # transaction ids of one connection to the next
_TID_RANGE = 60_000


class LinkError(Exception):
    """The PLC did not answer properly. ``kind`` is timeout, refused, closed or exception; the text names the place."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(slots=True)
class LinkCounters:
    requests: int = 0
    timeouts: int = 0
    errors: int = 0
    connects: int = 0


class PlcClient:
    """Reads STATUS in one request, writes COMMAND and MAILBOX in one request each. Owned by one task."""

    def __init__(self, host: str, port: int, device_id: int, timeout_s: float) -> None:
        self.place = f"{host}:{port}"
        self.counters = LinkCounters()
        self._host, self._port, self._device, self._timeout = host, port, device_id, timeout_s
        self._client: AsyncModbusTcpClient | None = None
        self._first_tid = 0

    @property
    def connected(self) -> bool:
        return self._client is not None and self._client.connected

    async def connect(self) -> None:
        """Open a new socket. Raises LinkError within the timeout."""
        self.close()
        client = AsyncModbusTcpClient(
            self._host, port=self._port, timeout=self._timeout, retries=0, reconnect_delay=0, reconnect_delay_max=0
        )
        self._client = client
        try:
            async with asyncio.timeout(self._timeout):
                ok = await client.connect()
        except TimeoutError:
            self.close()
            raise LinkError("timeout", f"PLC {self.place}: no connection within {self._timeout:g} s") from None
        except OSError as error:
            self.close()
            raise LinkError("refused", f"PLC {self.place}: {error}") from error
        if not ok:
            self.close()
            raise LinkError("refused", f"PLC {self.place}: connection refused; is the PLC on and the address right?")
        # pymodbus counts from 1 on every socket: a gateway's late answer to the last one would fit the first request of this one (H-15)
        self._first_tid = (self._first_tid + _TID_STEP) % _TID_RANGE
        client.ctx.next_tid = self._first_tid
        self.counters.connects += 1

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    async def read_status(self) -> list[int]:
        """The words of the STATUS block. Raises LinkError; the socket is closed then."""
        return await self._request(STATUS, None)

    async def write_command(self, words: Sequence[int]) -> None:
        await self._request(COMMAND, words)

    async def write_mailbox(self, words: Sequence[int]) -> None:
        await self._request(MAILBOX, words)

    async def _request(self, block: tuple[Register, ...], words: Sequence[int] | None) -> list[int]:
        client = self._client
        if client is None or not client.connected:
            raise LinkError("closed", f"PLC {self.place}: not connected")
        self.counters.requests += 1
        address = block[0].address
        try:
            async with asyncio.timeout(self._timeout):
                if words is None:
                    answer = await client.read_holding_registers(address, count=length(block), device_id=self._device)
                else:
                    answer = await client.write_registers(address, list(words), device_id=self._device)
        except TimeoutError:
            self.counters.timeouts += 1
            self.close()  # a late answer must not meet the next request
            raise LinkError("timeout", f"PLC {self.place}: no answer within {self._timeout:g} s") from None
        except (ModbusException, OSError) as error:
            self.counters.errors += 1
            self.close()
            raise LinkError("closed", f"PLC {self.place}: {error}") from error
        if answer.isError():
            self.counters.errors += 1
            self.close()
            raise LinkError("exception", f"PLC {self.place}: {block[0].block} block at {address} answered with {answer}")
        return [] if words is not None else list(answer.registers)
