"""An event loop whose clock moves only when nothing is left to do, and a network of two ends inside it.

The code under test is asyncio code with real protocols: it sees streams of bytes, connections and timers. Only the
sockets and the waiting are gone, so that an hour takes seconds and the same seed takes the same course.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Mapping
from typing import Any

LATENCY_S = 0.001
Factory = Callable[[], asyncio.BaseProtocol]


class NothingLeftError(RuntimeError):
    """Everybody waits for something that nobody will do."""


class _Selector(selectors.BaseSelector):
    """Never sleeps: reports what is ready (the loop's own wake-up pipe), else moves the clock to the next timer."""

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if not ready and timeout is None:
            raise NothingLeftError
        if not ready and timeout is not None and timeout > 0.0:
            self.now_s += timeout
        return ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def close(self) -> None:
        self._real.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()


class Pipe(asyncio.Transport):
    """One end of a connection. What is written arrives at the other end in order, after the latency, or is lost."""

    def __init__(self, net: Network, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self.net, self.protocol = net, protocol
        self.other: Pipe | None = None
        self._closed = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name in ("peername", "sockname") else default

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is buffered: what is written is on its way."""

    def is_closing(self) -> bool:
        return self._closed

    def write(self, data: Any) -> None:
        if not self._closed and not self.net.cut and self.other is not None:
            self.net.later(self.other.deliver, bytes(data))

    def deliver(self, data: bytes) -> None:
        if not self._closed:
            self.protocol.data_received(data)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)
        if self.other is not None and not self.net.cut:
            self.net.later(self.other.close)

    abort = close


class Listener(asyncio.AbstractServer):
    sockets: tuple[Any, ...] = ()

    def __init__(self, net: Network) -> None:
        self._net = net

    def close(self) -> None:
        self._net.factory = None


class Network:
    """One listener. ``cut``: nothing gets through and no connection comes about. ``latency_s`` each way."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.factory: Factory | None = None
        self.cut = False
        self.latency_s = LATENCY_S
        self._last_s = 0.0

    def later(self, call: Callable[..., object], *args: Any) -> None:
        """After the latency, and never before what was sent earlier."""
        self._last_s = max(self._last_s, self.loop.time() + self.latency_s)
        self.loop.call_at(self._last_s, call, *args)

    async def connect(self, factory: Factory) -> tuple[Pipe, Any]:
        await asyncio.sleep(self.latency_s)
        if self.cut:
            await asyncio.sleep(3600.0)  # no answer to the first packet
        if self.factory is None:
            raise ConnectionRefusedError
        ours, theirs = factory(), self.factory()
        a, b = Pipe(self, ours), Pipe(self, theirs)  # type: ignore[arg-type]
        a.other, b.other = b, a
        theirs.connection_made(b)
        ours.connection_made(a)
        return a, ours


class VirtualLoop(asyncio.SelectorEventLoop):
    """Begins at ``now_s``. Every TCP connection goes through ``network``."""

    def __init__(self, now_s: float) -> None:
        self._virtual = _Selector()
        self._virtual.now_s = now_s
        super().__init__(self._virtual)
        self.network = Network(self)

    def time(self) -> float:
        return self._virtual.now_s

    async def create_connection(self, protocol_factory: Any, *_args: Any, **_named: Any) -> Any:
        return await self.network.connect(protocol_factory)

    async def create_server(self, protocol_factory: Any, *_args: Any, **_named: Any) -> Any:
        self.network.factory = protocol_factory
        return Listener(self.network)
