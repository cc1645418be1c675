"""WebSocket protocol of uvicorn with one addition: a client that does not read is cut.

Flow control makes ``send`` wait for a stalled client for as long as TCP keeps it, which may be a quarter of an hour; the
transport is the only place where that can be ended for certain.
"""

from __future__ import annotations

import asyncio
import logging
import socket as sockets
from typing import cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

log = logging.getLogger(__name__)

CUT_S = 10.0
BUFFER_BYTES = 64 * 1024  # about 1 s of stream: more would only be old news


class CuttingProtocol(WebSocketsSansIOProtocol):
    """Aborts the connection when the client has taken nothing for CUT_S."""

    _cut: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        out = cast("asyncio.Transport", transport)
        out.set_write_buffer_limits(high=BUFFER_BYTES)
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, BUFFER_BYTES)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._cut = asyncio.get_running_loop().call_later(CUT_S, self._abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()
        super().connection_lost(exc)

    def _abort(self) -> None:
        log.warning("panel %s takes no data for %g s: cut", self.client, CUT_S)
        self.transport.abort()

    def _cancel(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._cut = None
