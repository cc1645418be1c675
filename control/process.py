"""The control process: the async loop around ``step``. Reads the PLC, calls it, writes the PLC, hands the results on.

10 Hz on absolute deadlines that follow the PLC's own cycle (``control.pace``); late and missed scans are counted. Nothing in
here decides anything about the chamber.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from chamber.events import Event, EventKind
from chamber.profile import DeviceProfile
from chamber.session import LeftOpen
from chamber.settings import Settings
from chamber.states import CycleState
from chamber.upkeep import Upkeep
from control.day_plan import AROUND_S, length_s
from control.describe import describe
from control.fit import fit_apart
from control.ipc import Ipc, Told, settle
from control.pace import PERIOD_S, Pace, follow
from control.plan_view import PlanView, plan_view
from control.plc_link import PlcLink
from control.publish import House, Tally, Trend, link_state, snapshot
from control.site_day import Wall, day_began, zone
from control.snapshot import LinkView, RecordsView, ScanView, SiteView
from control.state import Booking, Inputs, ReadyTime, Result, State
from control.step import initial, step
from control.tuning_state import Fitted, Tuning
from control.tuning_view import TuningView, tuning_view
from control.twin.state import Twin
from control.twin_view import TwinView, trends, twin_view
from control.upkeep_view import UpkeepView, upkeep_view
from control.watchdog import Watchdog
from control.wear import Wear
from plc_bridge.client import PlcClient
from plc_bridge.contract import Flag

log = logging.getLogger(__name__)

API_START_S = 15.0  # the API may take this long to say its first word before its silence counts
LATE_S = 0.02  # a scan that starts later than this counts as late


class Health(Protocol):
    @property
    def ok(self) -> bool: ...
    @property
    def queued(self) -> int: ...
    @property
    def detail(self) -> str: ...


class Recorder(Protocol):
    """What the loop needs of the journal writer; none of these may block on a disk."""

    def append(self, events: Sequence[Event], utc: datetime) -> int: ...
    def sample(self, session_id: int, t_s: float, values: Mapping[str, float | None]) -> None: ...
    @property
    def committed(self) -> int: ...
    @property
    def journal_id(self) -> int: ...
    @property
    def health(self) -> Health: ...


class Telemetry(Protocol):
    def put(self, utc_s: float, values: Mapping[str, float | bool | None]) -> None: ...


class Start(NamedTuple):
    """What the start found: see ``control.step.initial``."""

    session_id: int
    unknown_session: bool
    locked_out: bool
    left_open: LeftOpen | None = None
    cool_off_left_s: float = 0.0
    upkeep: Upkeep = Upkeep()  # nothing recorded, nobody gets in
    wear: tuple[Wear, Wear] = (Wear(), Wear())
    tuning: Tuning = Tuning()
    ready: ReadyTime = ReadyTime()
    twin: Twin | None = None


@dataclass(slots=True)
class _Counts:
    scans: int = 0
    late: int = 0
    missed: int = 0
    duration_ms: float = 0.0
    lateness_ms: float = 0.0
    told_missed: int = 0


@dataclass(slots=True)
class Control:
    """One chamber's control loop. ``run`` ends only by cancellation; it then leaves the lease to run out."""

    settings: Settings
    profile: DeviceProfile
    recorder: Recorder
    telemetry: Telemetry
    start: Start
    version: str
    clock: Callable[[], float] = time.monotonic
    boot_id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    simulated: bool | None = None
    _counts: _Counts = field(default_factory=_Counts)
    _tally: Tally = field(default_factory=Tally)
    _trend: Trend = field(default_factory=Trend)
    _wall: Wall = field(default_factory=Wall)
    _session_ticket: dict[int, int] = field(default_factory=dict[int, int])
    _durable: int = 0
    _second: int = -1
    _began_s: float = 0.0
    _state: State | None = None
    _zone: ZoneInfo | None = None
    _fit: asyncio.Task[Fitted] | None = None
    _last: Inputs | None = None
    _told: tuple[Told, ...] = ()
    _schedule: tuple[Booking, ...] = ()

    def __post_init__(self) -> None:
        self._zone = zone(self.settings.site.timezone)

    async def run(self) -> None:
        plc = self.settings.plc
        link = PlcLink(PlcClient(plc.host, plc.port, plc.device_id, plc.timeout_s), plc.reconnect_max_s, self.clock)
        ipc = Ipc(
            self.settings.place(self.settings.control.publish),
            self.settings.place(self.settings.control.command),
            lambda: describe(self.profile, self._site()),
            self.clock,
            self._upkeep,
            self._tuning,
            self._plan,
            self._twin,
        )
        watchdog = Watchdog.from_environment(os.environ, os.getpid(), self.clock)
        ipc.open()
        self._began_s = self.clock()
        serving = asyncio.create_task(ipc.serve())
        self._note(
            EventKind.STARTED,
            version=self.version,
            boot_id=self.boot_id,
            unknown_session=self.start.unknown_session,
            locked_out=self.start.locked_out,
        )
        log.info("control: scanning PLC %s every %.0f ms", link.client.place, PERIOD_S * 1000)
        try:
            await self._scan_for_ever(link, ipc, watchdog)
        finally:
            watchdog.close()
            if self._fit is not None:
                await settle(self._fit)
            await settle(serving)
            await link.close()
            ipc.close()
            self._note(EventKind.SYSTEM, stopped=True)

    async def _scan_for_ever(self, link: PlcLink, ipc: Ipc, watchdog: Watchdog) -> None:
        state = initial(
            self.profile,
            self.clock(),
            mail_id=int(time.time()) & 0xFFFF,
            session_id=self.start.session_id,
            unknown_session=self.start.unknown_session,
            locked_out=self.start.locked_out,
            left_open=self.start.left_open,
            cool_off_left_s=self.start.cool_off_left_s,
            upkeep=self.start.upkeep,
            wear=self.start.wear,
            tuning=self.start.tuning,
            ready=self.start.ready,
            twin=self.start.twin,
        )
        deadline = self.clock()
        pace = Pace()
        told_error = ""
        while True:
            deadline = self._next(deadline + pace.shift_s)
            await asyncio.sleep(max(0.0, deadline - self.clock()))
            started = self.clock()
            self._counts.lateness_ms = (started - deadline) * 1000.0
            self._counts.late += started - deadline > LATE_S
            block = await link.read(pace.wait_s)
            pace = follow(pace, link.seen)
            if link.last_error != told_error:
                told_error = link.last_error
                log.log(logging.WARNING if told_error else logging.INFO, "%s", told_error or f"PLC {link.client.place}: answering")
            if block is not None:
                self.simulated = block.flag(Flag.SIMULATED)
            inputs = self._last = self._inputs(block, ipc)
            result = step(state, inputs)
            state = self._state = result.state
            self._record(result, inputs)
            if result.outputs.write:
                link.write(result.outputs)
            await ipc.answer(result.outputs.answers)
            self._counts.scans += 1
            await ipc.publish(b"snapshot", self._snapshot(state, inputs, result, link))
            self._sample(state, inputs)
            self._counts.duration_ms = (self.clock() - started) * 1000.0
            watchdog.beat()

    def _next(self, deadline: float) -> float:
        """The next deadline, a period on; deadlines that have passed whole are missed, counted and not caught up."""
        deadline += PERIOD_S
        behind = self.clock() - deadline
        if behind >= PERIOD_S:
            missed = int(behind / PERIOD_S)
            self._counts.missed += missed
            deadline += missed * PERIOD_S
            self._note(EventKind.SCAN, missed=missed, total=self._counts.missed)
            log.warning("control: %d scans missed (%d in all)", missed, self._counts.missed)
        return deadline

    def _inputs(self, block: Any, ipc: Ipc) -> Inputs:
        now = self.clock()
        committed = self.recorder.committed
        for session_id, ticket in list(self._session_ticket.items()):
            if ticket <= committed:
                self._durable = max(self._durable, session_id)
                del self._session_ticket[session_id]
        utc_s = time.time()
        heard = ipc.api_heard_s if ipc.api_heard_s is not None else self._began_s + API_START_S
        return Inputs(
            now_s=now,
            block=block,
            commands=ipc.take(),
            durable_session=self._durable,
            records_ok=self.recorder.health.ok,
            api_age_s=max(0.0, now - heard),
            utc_s=utc_s,
            sign_in_abused=ipc.sign_in_abused,
            day_began_utc_s=day_began(utc_s, self._zone),
            panel_age_s=now - (self._began_s if ipc.panel_seen_s is None else ipc.panel_seen_s),
            fitted=self._fitted(),
            schedule=self._bookings(ipc.schedule),
        )

    def _fitted(self) -> Fitted | None:
        """The tuning's fit runs beside the scan; its answer is handed over once."""
        job, task = None if self._state is None else self._state.tuning.job, self._fit
        if task is None:
            if job is not None:
                self._fit = asyncio.create_task(fit_apart(job))
            return None
        if job is None:
            task.cancel()  # nobody waits for it any more
            self._fit = None
            return None
        if not task.done():
            return None
        self._fit = None
        return task.result()

    def _record(self, result: Result, inputs: Inputs) -> None:
        if not result.events:
            return
        utc = datetime.now(UTC)
        for event in result.events:
            ticket = self.recorder.append((event,), utc)
            if event.kind is EventKind.SESSION_OPENED:
                self._session_ticket[int(event.data["session"])] = ticket
            if event.kind is EventKind.SESSION_CLOSED and float(event.data["elapsed_s"] or 0.0) > 0.0:
                self._tally.persons += int(event.data["persons"] or 0)
            _say(event)

    def _note(self, kind: EventKind, **data: Any) -> None:
        self.recorder.append((Event(kind, self.clock(), data),), datetime.now(UTC))

    def _upkeep(self) -> UpkeepView | None:
        return None if self._state is None else upkeep_view(self._state, self.clock(), time.time())

    def _tuning(self) -> TuningView | None:
        return None if self._state is None else tuning_view(self._state, self.clock())

    def _plan(self) -> PlanView | None:
        return None if self._state is None or self._last is None else plan_view(self._state, self._last, self.clock())

    def _bookings(self, told: tuple[Told, ...]) -> tuple[Booking, ...]:
        """Made anew only when the schedule has changed."""
        if told is not self._told:
            programs = {p.id: length_s(p) for p in self.profile.programs}
            self._told = told
            self._schedule = tuple(Booking(t.start_s, programs.get(t.program, AROUND_S), t.persons) for t in told)
        return self._schedule

    def _twin(self) -> TwinView | None:
        return None if self._state is None else twin_view(self._state)

    def _site(self) -> SiteView:
        s = self.settings.site
        return SiteView(
            site=s.id,
            chamber=s.chamber,
            name=s.name,
            profile=self.profile.id,
            device=self.profile.name,
            simulated=self.simulated,
            version=self.version,
        )

    def _snapshot(self, state: State, inputs: Inputs, result: Result, link: PlcLink) -> bytes:
        epoch = self._wall.epoch(inputs.now_s, time.time() if inputs.utc_s is None else inputs.utc_s)
        facts = state.facts
        if facts is not None:
            self._trend.feed(inputs.now_s, facts.main.value)
            today = (epoch + timedelta(seconds=inputs.now_s)).astimezone().toordinal()
            self._tally.feed(inputs.now_s, today, _good(state, "FT-401"))
        c, health, age = self._counts, self.recorder.health, None if facts is None else facts.block_age_s
        counters = link.client.counters
        house = House(
            boot_id=self.boot_id,
            seq=c.scans,
            epoch=epoch,
            site=self._site(),
            link=LinkView.model_validate(
                {
                    "plc": link_state(age),
                    "plc_age_s": age,
                    "requests": counters.requests,
                    "timeouts": counters.timeouts,
                    "refused_blocks": link.refused.total(),
                    "reconnects": counters.connects,
                }
            ),
            scan=ScanView(count=c.scans, late=c.late, missed=c.missed, duration_ms=c.duration_ms, lateness_ms=c.lateness_ms),
            records=RecordsView(ok=health.ok, queued=health.queued, journal_id=self.recorder.journal_id, detail=health.detail),
            tally=self._tally,
            trend=self._trend,
        )
        return snapshot(state, inputs, result.outputs.demand, house).model_dump_json().encode()

    def _sample(self, state: State, inputs: Inputs) -> None:
        """Once a second: telemetry of every tag, and the trace of the running session."""
        utc_s = time.time()
        if int(utc_s) == self._second or state.facts is None:
            return
        self._second = int(utc_s)
        f = state.facts
        values: dict[str, float | bool | None] = {tag: r.good for tag, r in state.perception.analog.items()}
        values |= state.perception.bits
        values |= {
            "main_c": f.main.value,
            "pre_c": f.pre.value,
            "setpoint_main_c": f.setpoint_main_c,
            "valve_main_pct": state.main.terms.output_pct,
            "valve_pre_pct": state.pre.terms.output_pct,
            "state": float(state.cycle.state),
        }
        values |= trends(state)
        self.telemetry.put(utc_s, values)
        s = state.session
        if s is not None and state.cycle.state is not CycleState.BOARDING:
            trace = {
                "main_c": f.main.value,
                "coldest_c": f.main.lowest,
                "warmest_c": f.main.highest,
                "pre_c": f.pre.value,
                "o2_main": f.o2_main.lowest,
                "o2_pre": f.o2_pre.lowest,
                "o2_room": f.o2_room.good,
            }
            self.recorder.sample(s.id, inputs.now_s - s.opened_s, trace)


def _good(state: State, tag: str) -> float | None:
    reading = state.perception.analog.get(tag)
    return None if reading is None else reading.good


def _say(event: Event) -> None:
    """One line a technician can read."""
    d = event.data
    match event.kind:
        case EventKind.STATE:
            log.info("state %s -> %s (%s)", d["from"], d["to"], d["cause"])
        case EventKind.CAUSE:
            level = logging.WARNING if d["change"] == "set" else logging.INFO
            log.log(level, "%s", " ".join(("cause", d["cause"], d["change"], d["detail"])).rstrip())
        case EventKind.COMMAND:
            reasons = ", ".join(str(r["code"]) for r in d["reasons"])
            if d["command"] != "operator_present" or reasons:
                log.info("command %s by %s from %s: %s %s", d["command"], d["user"], d["origin"], d["outcome"], reasons)
        case EventKind.ALARM:
            log.info("alarm %s %s -> %s", d["alarm"], d["from"], d["to"])
        case EventKind.PLC:
            log.info("plc %s", " ".join(f"{k}={v}" for k, v in d.items()))
        case EventKind.SESSION_OPENED | EventKind.SESSION_PHASE | EventKind.SESSION_CLOSED:
            log.info("%s %s", event.kind.value, " ".join(f"{k}={v}" for k, v in d.items()))
        case EventKind.INVARIANT:
            log.error("invariant %s broken in %s", d["invariant"], d["state"])
        case _:
            log.info("%s %s", event.kind.value, d)
