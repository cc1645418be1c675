"""The scan's side of the PLC link: at most one request in flight, never waited for longer than a scan can spare."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from control.pace import Seen
from control.state import Outputs
from control.wire import command_words, mailbox_words
from plc_bridge.client import RECONNECT_FIRST_S, LinkError, PlcClient
from plc_bridge.status import PlcStatus, Refused, read_block

READ_WAIT_S = 0.06  # of a 0.1 s scan; a slower PLC answers a later scan
AGAIN_S = 0.003  # between two looks for a block that is due
_WORD = 0x1_0000


class PlcLink:
    """Owns the client. ``read`` and ``write`` are called once a scan, in this order, by the scan loop alone."""

    def __init__(self, client: PlcClient, reconnect_max_s: float, clock: Callable[[], float]) -> None:
        self.client = client
        self.refused: Counter[str] = Counter()
        self.last_error = ""
        self.seen = Seen()
        self._clock = clock
        self._max_s = reconnect_max_s
        self._backoff_s = RECONNECT_FIRST_S
        self._retry_at_s = clock()
        self._task: asyncio.Task[list[int] | None] | None = None
        self._last_counter: int | None = None
        self._asked_s = clock()

    async def read(self, wait_s: float = 0.0) -> PlcStatus | None:
        """The newest block, if one arrives in time and passes its checks. Never raises for the link.

        ``wait_s``: a block that is not filled anew yet, or just being filled, is asked for again so long, always within ``READ_WAIT_S``.
        """
        began = self._clock()
        block = await self._look(began + READ_WAIT_S)
        first_asked = self._asked_s
        while block in (Refused.REPEATED, Refused.TORN) and self._clock() + AGAIN_S <= began + wait_s:
            await asyncio.sleep(AGAIN_S)
            block = await self._look(began + READ_WAIT_S)
        self.seen = Seen()
        if block is None:
            return None
        if isinstance(block, Refused):
            self.refused[block.value] += 1
            if block in (Refused.MAGIC, Refused.VERSION):
                self.last_error = (
                    f"PLC {self.client.place}: {block.value} does not match register map; is this the right device and program?"
                )
            return None
        last = self._last_counter
        if last is not None:
            self.seen = Seen((block.counter - last) % _WORD, self._asked_s - first_asked, self._clock() - self._asked_s)
        self._last_counter = block.counter
        self.last_error = ""
        return block

    async def _look(self, until_s: float) -> PlcStatus | Refused | None:
        """One request and what it brought; None: nothing by ``until_s``."""
        words = await self._settle(until_s)
        if words is None and self._task is None and self._clock() >= self._retry_at_s:
            self._task = asyncio.create_task(self._fetch())
            words = await self._settle(until_s)
        return None if words is None else read_block(words, self._asked_s, self._last_counter)

    def write(self, outputs: Outputs) -> bool:
        """Start writing this scan's outputs. False: the line is still busy, nothing is written (and nothing is queued)."""
        if self._task is not None or not self.client.connected:
            return False
        self._task = asyncio.create_task(self._send(command_words(outputs), None if outputs.mail is None else mailbox_words(outputs.mail)))
        return True

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        self.client.close()

    async def _settle(self, until_s: float) -> list[int] | None:
        """Wait a moment for the request in flight; None while it has not finished, or if it was a write or failed."""
        task = self._task
        if task is None:
            return None
        done, _ = await asyncio.wait([task], timeout=max(0.0, until_s - self._clock()))
        if not done:
            return None
        self._task = None
        try:
            words = task.result()
        except LinkError as error:
            self.last_error = str(error)
            self._retry_at_s = self._clock() + self._backoff_s
            self._backoff_s = min(2.0 * self._backoff_s, self._max_s)
            return None
        if words is not None:
            self._backoff_s = RECONNECT_FIRST_S
        return words

    async def _fetch(self) -> list[int]:
        if not self.client.connected:
            await self.client.connect()
            self._last_counter = None
        self._asked_s = self._clock()  # the PLC took its values after this; how long the answer travelled is part of their age (H-15)
        return await self.client.read_status()

    async def _send(self, command: list[int], mail: list[int] | None) -> None:
        await self.client.write_command(command)
        if mail is not None:
            await self.client.write_mailbox(mail)
