"""Running one room of the house as a process: logging, signals, start-up facts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import socket
import sys
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chamber.events import EventKind
from chamber.profile import DeviceProfile
from chamber.session import LeftOpen
from chamber.settings import Settings
from chamber.upkeep import Upkeep, fold
from control.process import Control, Start
from control.ready_time import read_learned
from control.twin.record import read_twin
from control.wear import read_wear
from cryochamber import __version__
from cryochamber.config import Loaded
from cryochamber.configuration import in_force, in_use
from records.telemetry import TelemetryWriter
from records.writer import Recorder

log = logging.getLogger(__name__)

CRASH_LOOP_STARTS = 3  # H-16: this many starts without a clean end ...
CRASH_LOOP_S = 600.0  # ... within this time lock the chamber until service has looked
RECORDS_WAIT_S = 5.0


class StartError(Exception):
    """A process cannot start; the text names place and remedy."""


def set_up_log() -> None:
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%Y-%m-%d %H:%M:%S"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)


def run_until_signal(work: Coroutine[Any, Any, None]) -> None:
    """Run until it ends, or cancel it cleanly on SIGINT or SIGTERM."""

    async def main() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(main())


def port_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((host, port))
        except OSError:
            return False
    return True


def make_folders(settings: Settings) -> None:
    for folder in (settings.data_dir, settings.run_dir):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StartError(
                f"{folder}: cannot be created: {error.strerror}. Set data_dir and run_dir to places this user may write."
            ) from None


class Starts:
    """Counts starts without a clean end, in a small file. A broken file counts as one more such start."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mine = time.time()

    def begin(self) -> bool:
        """Note this start. True: too many, lock out."""
        recent = [t for t in self._read() if 0.0 <= self._mine - t <= CRASH_LOOP_S]
        self._write([*recent, self._mine])
        return len(recent) + 1 >= CRASH_LOOP_STARTS

    def end_cleanly(self) -> None:
        self._write([t for t in self._read() if t != self._mine])

    def _read(self) -> list[float]:
        try:
            values = json.loads(self._file.read_text())
            return [float(v) for v in values]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as error:
            log.warning("%s: %s; counting as one unclean start", self._file, error)
            return [self._mine - 1.0]

    def _write(self, values: list[float]) -> None:
        try:
            self._file.write_text(json.dumps(values))
        except OSError as error:
            log.warning("%s: cannot note the start: %s", self._file, error)


async def run_control(loaded: Loaded) -> None:
    """The control process with its journal. Leaves nothing behind unwritten."""
    settings, profile = loaded.settings, loaded.profile
    make_folders(settings)
    starts = Starts(settings.data_dir / "starts.json")
    locked_out = starts.begin()
    boot_id = f"{int(time.time()):x}"
    recorder = Recorder(settings.place(settings.records.url), settings.site.chamber, boot_id)
    telemetry = TelemetryWriter(settings.place(settings.records.telemetry_url), telemetry_names(), settings.records.telemetry_days)
    try:
        start, profile = await asyncio.to_thread(_found, recorder, profile, locked_out)
        control = Control(settings, profile, recorder, telemetry, start, __version__, boot_id=boot_id)
        await control.run()
    finally:
        written = await asyncio.to_thread(recorder.close)
        await asyncio.to_thread(telemetry.close)
        if not written:
            log.error("control: some events could not be written: %s", recorder.health.detail)
        starts.end_cleanly()


def _found(recorder: Recorder, profile: DeviceProfile, locked_out: bool) -> tuple[Start, DeviceProfile]:
    recorder.wait_open(RECORDS_WAIT_S)
    open_sessions = recorder.open_sessions()
    last = recorder.last_session_id()
    now, utc = time.monotonic(), datetime.now(UTC)
    for session in (open_sessions or ())[:-1]:  # there is one at most; older ones are leftovers of a damaged database
        recorder.interrupt(session.id, t_s=now, utc=utc, reason="control_restart")
    left_open = None
    if open_sessions:
        # it stays open until somebody has looked: a second crash before that must not forget it (H-16)
        session = open_sessions[-1]
        log.warning("control: session %d was open when control stopped: somebody may be inside", session.id)
        left_open = LeftOpen(session.id, session.persons, now - max(0.0, (utc - session.opened).total_seconds()))
    # unknown is unsafe: without the journal nobody can say that no session was open
    unknown = open_sessions is None or left_open is not None
    session_id = last + 1 if last is not None else int(time.time()) & 0x7FFF_FFFF
    profile, tuning = in_use(profile, recorder.last(EventKind.TUNING))
    upkeep = fold(Upkeep(in_force(profile)), recorder.upkeep())
    cool_off_s = cool_off_left_s(recorder.broken_off(), utc, profile.limits.cool_off_s)
    wear = read_wear(recorder.last(EventKind.WEAR))
    ready = read_learned(recorder.last(EventKind.PRECOOL))
    twin = read_twin(recorder.last(EventKind.TWIN), profile.twin)
    return Start(session_id, unknown, locked_out, left_open, cool_off_s, upkeep, wear, tuning, ready, twin), profile


def cool_off_left_s(broken_off: datetime | None, utc: datetime, cool_off_s: float) -> float:
    """Rest of the lock-out after the exposure broken off last, s. A clock that went back shortens nothing."""
    if broken_off is None:
        return 0.0
    since_s = max(0.0, (utc - broken_off).total_seconds())
    return max(0.0, cool_off_s - since_s)


def telemetry_names() -> list[str]:
    from chamber.tags import ANALOG_TAGS, BIT_TAGS
    from control.twin.findings import NAMES

    derived = ["main_c", "pre_c", "setpoint_main_c", "valve_main_pct", "valve_pre_pct", "state", *NAMES]
    return [t.tag for t in ANALOG_TAGS] + [t.tag for t in BIT_TAGS] + derived
