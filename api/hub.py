"""The newest snapshot, what changed since an older one, and who is to be woken when a new one arrives."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import zmq
import zmq.asyncio
from pydantic import ValidationError

from control.snapshot import Snapshot

log = logging.getLogger(__name__)

FRESH_S = 1.0  # older than this, a snapshot is history
TABLES = ("tags", "commands", "regulators")
_ENVELOPE = frozenset({"seq", "server_time", "mono_s"})  # travel in each message's head


@dataclass(frozen=True)
class Frame:
    """One snapshot as received. ``index`` counts frames in this process; ``parts`` holds the encoded sections."""

    index: int
    received_s: float
    body: bytes
    data: dict[str, Any]
    parts: dict[str, bytes] = field(repr=False)

    @property
    def boot_id(self) -> str:
        return str(self.data["boot_id"])

    @property
    def plc_age_s(self) -> float | None:
        age = self.data["link"]["plc_age_s"]
        return None if age is None else float(age)


def _parts(data: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    for key, value in data.items():
        if key in TABLES:
            for name, entry in value.items():
                yield f"{key}/{name}", orjson.dumps(entry)
        elif key not in _ENVELOPE:
            yield key, orjson.dumps(value)


def changes(old: Frame, new: Frame) -> bytes:
    """The ``set`` and ``remove`` members of a changes message, encoded."""
    changed = b",".join(orjson.dumps(key) + b":" + part for key, part in new.parts.items() if old.parts.get(key) != part)
    gone = orjson.dumps([key for key in old.parts if key not in new.parts])
    return b'"set":{' + changed + b'},"remove":' + gone


class Hub:
    """Keeps the newest frame only. Slow readers miss frames; they never hold anybody up and never get old ones."""

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.address = address
        self.clock = clock
        self.frame: Frame | None = None
        self.refused = 0
        self.received = 0
        self.panel_seen_s: float | None = None
        self.panels = 0
        self._wakes: set[asyncio.Event] = set()
        self._diffs: dict[int, bytes] = {}
        self._view: tuple[int, Snapshot] | None = None

    @contextmanager
    def subscribed(self) -> Iterator[asyncio.Event]:
        """An event that is set with every new frame."""
        wake = asyncio.Event()
        self._wakes.add(wake)
        try:
            yield wake
        finally:
            self._wakes.discard(wake)

    @contextmanager
    def panel(self) -> Iterator[asyncio.Event]:
        """The same for a panel, which is counted."""
        self.panels += 1
        try:
            with self.subscribed() as wake:
                yield wake
        finally:
            self.panels -= 1

    def offer(self, payload: bytes) -> None:
        """Take a snapshot. One that does not fit the model is refused: an API of another version must not guess."""
        try:
            data: dict[str, Any] = orjson.loads(payload)
            if self.frame is None or self.frame.boot_id != data.get("boot_id"):
                Snapshot.model_validate(data)
            index = 1 if self.frame is None else self.frame.index + 1
            frame = Frame(index, self.clock(), payload, data, dict(_parts(data)))
            _ = (frame.plc_age_s, frame.boot_id)
        except (orjson.JSONDecodeError, ValidationError, KeyError, TypeError, AttributeError) as error:
            self.refused += 1
            if self.refused in (1, 10, 100) or self.refused % 1000 == 0:
                log.error("snapshot %d refused; control process and API must be of one version: %s", self.refused, error)
            return
        self.received += 1
        self.frame = frame
        self._diffs.clear()
        for wake in self._wakes:
            wake.set()

    def changes_since(self, old: Frame) -> bytes:
        """Encoded difference from ``old`` to the newest frame; made once for all panels that are equally far."""
        new = self.frame
        if new is None:
            raise LookupError("no snapshot yet")
        if old.index not in self._diffs:
            self._diffs[old.index] = changes(old, new)
        return self._diffs[old.index]

    def body(self) -> bytes | None:
        return None if self.frame is None else self.frame.body

    def age_s(self) -> float | None:
        return None if self.frame is None else self.clock() - self.frame.received_s

    def fresh(self, within_s: float = FRESH_S) -> bool:
        age = self.age_s()
        return age is not None and age <= within_s

    def view(self) -> Snapshot | None:
        """The newest snapshot as a model; None when there is none or it does not fit."""
        if self.frame is None:
            return None
        if self._view is None or self._view[0] != self.frame.index:
            try:
                self._view = (self.frame.index, Snapshot.model_validate(self.frame.data))
            except ValidationError:
                log.exception("snapshot does not fit the model")
                return None
        return self._view[1]

    def panel_age_s(self) -> float | None:
        return None if self.panel_seen_s is None else self.clock() - self.panel_seen_s

    async def run(self) -> None:
        """Receive snapshots until cancelled."""
        context = zmq.asyncio.Context()
        socket = context.socket(zmq.SUB)
        try:
            socket.linger = 0
            socket.rcvhwm = 4
            socket.reconnect_ivl = 100
            socket.reconnect_ivl_max = 1000
            socket.subscribe(b"snapshot")
            socket.connect(self.address)
            while True:
                parts = await socket.recv_multipart()
                if len(parts) == 2:
                    self.offer(parts[1])
        finally:
            socket.close(linger=0)
            context.term()
