"""The control process as it runs at a chamber, in virtual time: Control, PlcLink, Modbus client and server, Ipc, the simulated world.

Replaced are the sockets (bytes go through ``virtual.Network``, requests and snapshots from hand to hand), the clock, and the
disk (``Disk`` keeps the recorder's promise: tickets in order, committed later or, when it is broken, not at all).
"""

from __future__ import annotations

import asyncio
import copy
import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import orjson
import pytest

from chamber.commands import CHECKLIST
from chamber.events import Event, EventKind
from chamber.session import LeftOpen
from chamber.settings import Settings
from chamber.states import CycleState
from chamber.upkeep import Entry, Kind, fold
from control import process
from control.ipc import Ipc, settle
from control.process import Control, Start
from control.state import State
from cryochamber.commission import commissioned
from cryochamber.config import load_profile
from cryochamber.running import cool_off_left_s
from cryochamber.virtual import EPOCH_UTC_S
from plc_bridge.codec import decode
from plc_bridge.register_map import STATUS
from simulator.faults import KINDS
from simulator.modbus import ModbusFace
from simulator.people import Place
from simulator.server import Memory, _scan
from simulator.world import World
from tests.control.day import Day
from tests.stateful.virtual import LATENCY_S, VirtualLoop

C = CycleState
PROFILE = load_profile()
COMMIT_S = 0.15  # disk: from append to committed
ARGS: dict[str, dict[str, Any]] = {
    "precool": {"program": "standard"},
    "begin_boarding": {"program": "standard", "persons": 3, "checks": list(CHECKLIST)},
    "start_session": {"persons": 3},
    "confirm_empty": {"count": 3},
    "bypass": {"cause": "PWR-MAINS", "reason": "contact being changed", "measure": "somebody at the switch", "minutes": 5},
    "shelve": {"alarm": "LN2-LOW", "minutes": 10, "reason": "tanker is here"},
    "out_of_service": {"alarm": "LN2-LOW", "reason": "gauge being changed"},
}
MOMENTS = (C.EXPOSURE, C.READY, C.BOARDING, C.PRE_CHAMBER, C.EXIT, C.RECOVERY)


class Moment(NamedTuple):
    """A chamber in the middle of its day: the world, and what the supervisor knew (None: it has just started)."""

    now_s: float
    world: World
    state: State | None


@cache
def moment(state: CycleState) -> Moment:
    """The chamber when an ordinary session has come to ``state``; to be copied before use."""
    if state is C.RECOVERY:
        return Moment(0.0, World(1), None)
    day = Day()
    day.until_state(state, 400.0)
    if state is C.READY:
        day.until(lambda d: d.chamber.state.facts is not None and d.chamber.state.facts.day_checked, 60.0)
    day.run(2.0)
    return Moment(day.now, day.chamber.world, day.chamber.state)


class Kept(NamedTuple):
    persons: int
    opened_s: float


class Disk:
    """The recorder's promise in memory. ``broken``: nothing is committed and health says so."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._due: list[tuple[float, int, Event]] = []
        self._tickets = itertools.count(1)
        self._committed = 0
        self.broken = False
        self.said: list[Event] = []  # handed over, on disk or not
        self.sessions: dict[int, Kept] = {}  # those left open, on disk
        self.last_session = 0
        self.broken_off_s: float | None = None
        self.upkeep: list[Entry] = []
        self.samples = 0

    def append(self, events: Sequence[Event], utc: datetime) -> int:
        ticket = 0
        for event in events:
            ticket = next(self._tickets)
            self._due.append((self._now() + COMMIT_S, ticket, event))
            self.said.append(event)
        return ticket

    def sample(self, session_id: int, t_s: float, values: Mapping[str, float | None]) -> None:
        self.samples += 1

    @property
    def committed(self) -> int:
        while self._due and not self.broken and self._due[0][0] <= self._now():
            _, self._committed, event = self._due.pop(0)
            self._keep(event)
        return self._committed

    def _keep(self, event: Event) -> None:
        match event.kind:
            case EventKind.SESSION_OPENED:
                self.last_session = int(event.data["session"])
                self.sessions[self.last_session] = Kept(int(event.data["persons"]), event.t_s)
            case EventKind.SESSION_CLOSED:
                self.sessions.pop(int(event.data["session"]), None)
                if event.data.get("broken_off"):
                    self.broken_off_s = event.t_s
            case EventKind.UPKEEP:
                d = event.data
                fixed = (d["subject"], d["instrument"], d["passed"], d["user"], d["note"], d["configuration"])
                self.upkeep.append(Entry(Kind(d["entry"]), d["utc_s"], *fixed))
            case _:
                pass

    @property
    def journal_id(self) -> int:
        return self._committed

    @property
    def health(self) -> Any:
        return SimpleNamespace(ok=not self.broken, queued=len(self._due), detail="broken" if self.broken else "")

    def crash(self) -> None:
        """What was not committed when the process died is gone."""
        self._due.clear()


class _NoTelemetry:
    def put(self, utc_s: float, values: Mapping[str, float | bool | None]) -> None: ...


class HandIpc(Ipc):
    """Ipc without sockets: requests come as bytes through ``inbox``, answers and snapshots go to the stack."""

    def __init__(self, stack: Stack, *args: Any) -> None:
        super().__init__(*args)
        self._stack = stack
        self.inbox: asyncio.Queue[bytes] = asyncio.Queue()

    def open(self) -> None:
        self._stack.ipc = self

    async def publish(self, topic: bytes, payload: bytes) -> None:
        self._stack.published(orjson.loads(payload))

    async def serve(self) -> None:
        while True:
            payload = await self.inbox.get()
            reply = self._request(b"panel", payload)
            if reply is not None:
                await self._reply(b"panel", reply)

    async def _reply(self, sender: bytes, body: dict[str, Any]) -> None:
        self._stack.answered(body)


class Stack:
    """One chamber. ``watch`` is called with every snapshot, ``look`` after every scan of the PLC."""

    def __init__(self, at: CycleState, watch: Callable[[dict[str, Any]], None], look: Callable[[], None]) -> None:
        start = moment(at)
        self.loop = VirtualLoop(start.now_s)
        self.world = copy.deepcopy(start.world)
        self.world.guests.autopilot = True
        self.memory = Memory(self.world)
        self.disk = Disk(self.loop.time)
        self.ipc: HandIpc | None = None
        self.last: dict[str, Any] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.sent: dict[str, tuple[float, str]] = {}  # command id -> when, kind
        self.alive = True  # the API says so once a second
        self.panel_age_s: float | None = 0.0  # and when a page of the panel was last seen
        self.resumed = start.state is not None  # begun in the middle of a day, not after a start
        self._watch, self._look = watch, look
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(process, "time", SimpleNamespace(time=lambda: EPOCH_UTC_S + self.loop.time(), monotonic=self.loop.time))
        self._patch.setattr(process, "datetime", SimpleNamespace(now=self._utc))
        self._patch.setattr(process, "Ipc", lambda *args: HandIpc(self, *args))
        self._real_initial, self._resume = process.initial, moment(at).state
        self._patch.setattr(process, "initial", self._initial)
        self._control: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._ids = itertools.count(1)
        self.loop.run_until_complete(self._open(start))

    async def _open(self, start: Moment) -> None:
        self._face = ModbusFace(self.memory, "127.0.0.1", 502)
        self.memory.scan()
        await self._face.start()
        looked = self.memory.scan

        def scan() -> None:
            looked()
            self._look()

        self.memory.scan = scan  # type: ignore[method-assign]
        self._tasks = [asyncio.create_task(_scan(self.memory, 1.0)), asyncio.create_task(self._api())]
        session = None if start.state is None else start.state.session
        if session is not None:
            self.disk.last_session = session.id
            self.disk.sessions[session.id] = Kept(session.persons, session.opened_s)
        self._begin(self._found())

    def _initial(self, *args: Any, **named: Any) -> State:
        state, self._resume = self._resume, None
        return self._real_initial(*args, **named) if state is None else state

    def _utc(self, zone: tzinfo | None = None) -> datetime:
        return datetime.fromtimestamp(EPOCH_UTC_S + self.loop.time(), zone)

    @property
    def offered(self) -> list[str]:
        """Commands the panel shows as possible, STOP, EVACUATE and shutting down left out: those are pressed often enough."""
        shown = self.last.get("commands", {})
        return sorted(k for k, v in shown.items() if v["allowed"] and k not in ("stop", "evacuate", "shut_down", "acknowledge"))

    def inject(self, kind: str, target: str | None, params: dict[str, float]) -> None:
        """Break something, unless it is broken already."""
        if target is None:
            target = KINDS[kind].targets[0]
        if not any(f.target == target for f in self.world.faults.active.values()):
            self.world.faults.inject(kind, target, params)

    @property
    def inside(self) -> int:
        crowd = self.world.plant.crowd
        return crowd.count(Place.PRE) + crowd.count(Place.MAIN)

    @property
    def nonce(self) -> int:
        """What the PLC wants to see echoed."""
        return int(decode(STATUS, self.world.status)["nonce"])

    def mend_all(self) -> None:
        self.world.faults.clear_all()
        self.world.press_estop(False)
        self.world.press_call(False)
        self.loop.network.cut, self.loop.network.latency_s = False, LATENCY_S
        self.disk.broken, self.alive = False, True

    def _begin(self, start: Start) -> None:
        settings = Settings.model_validate({"plc": {"port": 502}})
        control = Control(settings, PROFILE, self.disk, _NoTelemetry(), start, "test", self.loop.time)
        if self._resume is not None and self._resume.session is not None:
            control._durable = self._resume.session.id
        self._control = asyncio.get_running_loop().create_task(control.run())

    async def _api(self) -> None:
        while True:
            if self.alive and self.ipc is not None:
                self.ipc.inbox.put_nowait(orjson.dumps({"op": "alive", "req": "", "panel_age_s": self.panel_age_s}))
            await asyncio.sleep(1.0)

    # --- what control says -----------------------------------------------------------------------------------------------

    def published(self, snapshot: dict[str, Any]) -> None:
        self.last = snapshot
        self._watch(snapshot)

    def answered(self, body: dict[str, Any]) -> None:
        if body.get("req"):
            self.answers[body["req"]] = body

    # --- what happens to it ----------------------------------------------------------------------------------------------

    def run(self, seconds: float) -> None:
        """Let time pass. Raises what the control process raised, if it died."""
        self.loop.run_until_complete(asyncio.sleep(seconds))
        for task in (self._control, *self._tasks):
            if task is not None and task.done():
                task.result()

    def ask(self, kind: str, role: str = "operator", **args: Any) -> str:
        """Send a command; its answer comes while time passes. Returns its id."""
        name = f"c{next(self._ids)}"
        self.sent[name] = (self.loop.time(), kind)
        body = {"op": "command", "req": name, "id": name, "kind": kind, "args": args, "user": "anna", "role": role, "origin": "panel"}
        if self.ipc is not None:
            self.ipc.inbox.put_nowait(orjson.dumps(body))
        return name

    def kill(self) -> None:
        """The control process dies as by SIGKILL: nothing more is written, what was not committed is lost."""
        if self._control is not None:
            self.loop.run_until_complete(settle(self._control))
        self._control = None
        self.ipc = None
        self.disk.crash()
        self.sent = {k: v for k, v in self.sent.items() if k in self.answers}

    @property
    def running(self) -> bool:
        return self._control is not None

    def start(self) -> None:
        """Control starts again and knows of its past what is on disk."""
        self.resumed = False
        self.loop.run_until_complete(self._started(self._found()))

    def _found(self) -> Start:
        """What a start finds on disk, as ``cryochamber.running`` does."""
        disk, now = self.disk, self.loop.time()
        left = [LeftOpen(n, kept.persons, kept.opened_s) for n, kept in disk.sessions.items()]
        broken_off = None if disk.broken_off_s is None else datetime.fromtimestamp(EPOCH_UTC_S + disk.broken_off_s, UTC)
        cool_off_s = cool_off_left_s(broken_off, datetime.fromtimestamp(EPOCH_UTC_S + now, UTC), PROFILE.limits.cool_off_s)
        upkeep = fold(commissioned(PROFILE, EPOCH_UTC_S), disk.upkeep)
        return Start(disk.last_session + 1, bool(left), False, left[-1] if left else None, cool_off_s, upkeep)

    async def _started(self, start: Start) -> None:
        self._begin(start)

    def close(self) -> None:
        self.kill()
        self.loop.run_until_complete(self._end())
        self.loop.close()
        self._patch.undo()

    async def _end(self) -> None:
        for task in self._tasks:
            await settle(task)
        await self._face.stop()
