"""Modbus TCP face of the simulated PLC: connections, frames, and what hostile traffic may cost. The answers are in ``modbus_pdu``.

Bounded whatever arrives: so many connections (one that never asked makes room, else the longest idle), one frame and one read of each in
memory, few requests answered in a row before everybody else has a turn, and no waiting for ever for half a frame or for a
peer that does not read. A silent PLC keeps its connections and answers nothing; what is written meanwhile is lost.
"""

from __future__ import annotations

import asyncio

from simulator.modbus_pdu import Registers, answer

MAX_CONNECTIONS = 32
BACKLOG = 16
HEADER = 7  # transaction, protocol, length, unit
LONGEST = 254  # unit and PDU
AT_ONCE = 8  # requests of one connection answered before others have their turn
KEEP_BYTES = 4096  # unread requests of one connection in memory; more stay in the network
UNSENT_BYTES = 16_384
HALF_FRAME_S, UNREAD_S, IDLE_S = 3.0, 3.0, 600.0
SWEEP_S = 0.5

__all__ = ["ModbusFace", "PortTakenError", "Registers"]


class PortTakenError(OSError):
    """The address of the simulated PLC cannot be bound; the message names host, port and remedy."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"cannot listen on {host}:{port} (in use, or not an address of this computer): "
            "stop the other program or choose another port ([plc] port)"
        )
        self.host = host
        self.port = port


class _Connection(asyncio.Protocol):
    """One master. Requests are answered in order; a frame that is no Modbus ends the connection."""

    def __init__(self, face: ModbusFace) -> None:
        self._face = face
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._reading = True
        self._turn: asyncio.Handle | None = None
        self.half_since_s: float | None = None
        self.unread_since_s: float | None = None
        self.used_s = self._loop.time()
        self.served = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a Modbus master comes over a stream")
        transport.set_write_buffer_limits(high=UNSENT_BYTES)
        self._transport = transport
        self._face.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._turn is not None:
            self._turn.cancel()
        self._transport = None
        self._face.closed(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._serve()

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        self.unread_since_s = self._loop.time()

    def resume_writing(self) -> None:
        self.unread_since_s = None
        self._serve()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _serve(self) -> None:
        """Answer up to ``AT_ONCE`` requests; the rest after everybody else had a turn."""
        transport = self._transport
        if transport is None or self._turn is not None:
            return
        for _ in range(AT_ONCE):
            if self.unread_since_s is not None:
                break
            frame = self._frame()
            if frame is None:
                break
            self.used_s, self.served = self._loop.time(), True
            reply = self._face.reply(frame)
            if reply:
                transport.write(reply)
        else:
            self._turn = self._loop.call_soon(self._next_turn)
        self._throttle(transport)

    def _next_turn(self) -> None:
        self._turn = None
        self._serve()

    def _frame(self) -> bytes | None:
        """The next whole frame, None while there is none; ends the connection on what cannot be a frame."""
        buffer = self._buffer
        if len(buffer) >= HEADER - 1:
            protocol, length = int.from_bytes(buffer[2:4], "big"), int.from_bytes(buffer[4:6], "big")
            if protocol != 0 or not 2 <= length <= LONGEST:
                buffer.clear()
                self.abort()
                return None
            if len(buffer) >= HEADER - 1 + length:
                frame = bytes(buffer[: HEADER - 1 + length])
                del buffer[: len(frame)]
                self.half_since_s = None
                return frame
        if buffer and self.half_since_s is None:
            self.half_since_s = self._loop.time()
        return None

    def _throttle(self, transport: asyncio.Transport) -> None:
        wanted = len(self._buffer) <= KEEP_BYTES and self.unread_since_s is None
        if wanted is not self._reading and not transport.is_closing():
            self._reading = wanted
            (transport.resume_reading if wanted else transport.pause_reading)()


class ModbusFace:
    """Modbus TCP server over a ``Registers`` object; answers every unit id, as most PLCs do over TCP."""

    def __init__(self, registers: Registers, host: str, port: int) -> None:
        self._registers = registers
        self._host, self._port = host, port
        self._server: asyncio.AbstractServer | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self._connections: set[_Connection] = set()

    @property
    def connections(self) -> int:
        return len(self._connections)

    async def start(self) -> int:
        """Listen; returns the port (useful with port 0). Raises PortTakenError."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: _Connection(self), self._host, self._port, backlog=BACKLOG)
        except OSError:
            raise PortTakenError(self._host, self._port) from None
        self._sweep = loop.call_later(SWEEP_S, self._look_around)
        sockets = getattr(self._server, "sockets", ())
        return int(sockets[0].getsockname()[1]) if sockets else self._port

    async def stop(self) -> None:
        if self._sweep is not None:
            self._sweep.cancel()
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._connections):
            connection.abort()

    def reply(self, frame: bytes) -> bytes:
        """The response frame; empty while the PLC is silent."""
        if not self._registers.answering:
            return b""
        pdu = answer(self._registers, frame[HEADER:])
        return frame[:4] + (len(pdu) + 1).to_bytes(2, "big") + frame[6:7] + pdu

    def opened(self, connection: _Connection) -> None:
        """One more; if there are too many, one goes: first who never asked for anything, then who is longest without a request."""
        if len(self._connections) >= MAX_CONNECTIONS:
            oldest = min(self._connections, key=lambda c: (c.served, c.used_s))
            self._connections.discard(oldest)
            oldest.abort()
        self._connections.add(connection)

    def closed(self, connection: _Connection) -> None:
        self._connections.discard(connection)

    def _look_around(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for c in list(self._connections):
            half = c.half_since_s is not None and now - c.half_since_s > HALF_FRAME_S
            unread = c.unread_since_s is not None and now - c.unread_since_s > UNREAD_S
            if half or unread or now - c.used_s > IDLE_S:
                c.abort()
        self._sweep = loop.call_later(SWEEP_S, self._look_around)
