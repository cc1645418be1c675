"""A control process for tests: real sockets, real models, no chamber."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import orjson
import zmq
import zmq.asyncio

from chamber.commands import CommandKind
from chamber.settings import Settings
from chamber.tags import ANALOG_TAGS, BIT_TAGS
from control.describe import signals_info
from control.description import AlarmInfo, Description, ProgramInfo, TagInfo
from control.snapshot import CommandResult, SiteView, Snapshot
from control.step import initial
from control.twin_view import TwinView, twin_view
from control.upkeep_view import UpkeepView, upkeep_view
from cryochamber.commission import commissioned
from cryochamber.config import load_profile


def site(simulated: bool | None = True) -> dict[str, Any]:
    return {
        "site": "site",
        "chamber": "chamber-1",
        "name": "Chamber 1",
        "profile": "walk-in-two-room",
        "device": "Walk-in, two rooms",
        "simulated": simulated,
        "version": "0",
    }


def room(name: str, temperature_c: float | None, setpoint_c: float) -> dict[str, Any]:
    return {
        "name": name,
        "temperature_c": temperature_c,
        "coldest_c": temperature_c,
        "warmest_c": temperature_c,
        "setpoint_c": setpoint_c,
        "band_k": 2.0,
        "oxygen_pct": 20.9,
        "oxygen_good": 3,
        "oxygen_total": 3,
        "presence": False,
        "valve_pct": 12.0,
        "door": {"state": "shut", "since_s": 10.0},
    }


def alarm(alarm_id: str = "O2-CH-L", state: str = "unack") -> dict[str, Any]:
    return {
        "id": alarm_id,
        "priority": "medium",
        "state": state,
        "title": "Oxygen low in chamber",
        "detail": "19.9 vol% < 20.0 vol%",
        "action": "Look at the guests",
        "since": "2026-01-31T12:00:00Z",
        "first_out": True,
        "count": 1,
        "active": True,
        "melody": "oxygen",
        "under": None,
    }


def snapshot(seq: int, boot_id: str = "boot-1", **sections: Any) -> dict[str, Any]:
    """A valid snapshot as JSON-ready data; ``sections`` replaces parts of it."""
    data: dict[str, Any] = {
        "seq": seq,
        "boot_id": boot_id,
        "server_time": datetime.now(UTC).isoformat(),
        "mono_s": 100.0 + seq / 10.0,
        "site": site(),
        "link": {"plc": "ok", "plc_age_s": 0.05, "requests": 3 * seq, "timeouts": 0, "refused_blocks": 0, "reconnects": 0},
        "scan": {"count": seq, "late": 0, "missed": 0, "duration_ms": 2.0, "lateness_ms": 0.3},
        "cycle": {
            "state": "READY",
            "packml": "Execute",
            "since_s": 4.0,
            "may_enter": False,
            "ready_in_s": None,
            "guidance": {"code": "start_a_session", "params": {}, "text": "Start a session", "command": "begin_boarding"},
            "voice": "silent",
            "cool_off_left_s": 0.0,
            "day_checked": True,
            "unknown": None,
            "forced": [],
        },
        "main": room("Main room", -110.0, -110.0),
        "pre": room("Pre-chamber", -60.0, -60.0),
        "room": {"oxygen_pct": 20.9, "oxygen_floor_pct": 20.9, "temperature_c": 22.0, "extract_proven": True},
        "entry": {"room": {"state": "allowed", "reason": None}, "chamber": {"state": "allowed", "reason": None}},
        "session": None,
        "action": "NONE",
        "causes": [],
        "commands": {kind.value: {"allowed": True, "reasons": []} for kind in CommandKind},
        "alarms": [],
        "hidden_alarms": [],
        "audio": {"priority": None, "melody": None, "alarm": None, "paused_s": None},
        "bypasses": [],
        "plc": None,
        "nitrogen": {
            "tank_kg": 800.0,
            "flow_kg_h": 30.0,
            "pressure_bar_a": 2.5,
            "today_kg": 12.0,
            "persons_today": 3,
            "per_person_kg": 4.0,
            "main_valve_open": True,
        },
        "regulators": {},
        "records": {"ok": True, "queued": 0, "journal_id": seq, "detail": ""},
        "tags": {
            **{tag.tag: {"v": -110.0 + seq % 7, "q": "good", "ne107": "good", "why": "none", "age_s": 0.05} for tag in ANALOG_TAGS},
            **{tag.tag: {"v": True, "q": "good", "ne107": "good", "why": "none", "age_s": 0.05} for tag in BIT_TAGS},
        },
    }
    data.update(sections)
    Snapshot.model_validate(data)
    return data


def description() -> Description:
    return Description(
        site=SiteView.model_validate(site()),
        tags=[
            TagInfo(tag=t.tag, text=t.text, unit=t.unit.value, kind="analog", low=t.low, high=t.high, true=None, not_fitted=None)
            for t in ANALOG_TAGS
        ],
        programs=[
            ProgramInfo(id="standard", name="Standard", setpoint_main_c=-110.0, setpoint_pre_c=-60.0, pre_chamber_s=30.0, exposure_s=180.0)
        ],
        checklist=["gloves"],
        persons_max=3,
        forcible=[],
        limits=[],
        alarms=[
            AlarmInfo(
                id=name,
                priority="medium",
                priority_occupied="medium",
                klass="safety",
                melody="general",
                title=name,
                cause="c",
                consequence="c",
                action="a",
                time_to_respond_s=60.0,
                latching=False,
                off_delay_s=0.0,
                re_alarm_s=None,
                shelf_max_s=None,
                alone=False,
                hazards=["H-01"],
            )
            for name in ("O2-CH-L", "DOOR-STUCK")
        ],
        signals=signals_info(),
        causes=[],
        states={},
    )


def upkeep() -> UpkeepView:
    """The record of a chamber that has just been commissioned."""
    profile = load_profile()
    state = initial(profile, 0.0, mail_id=1, session_id=1, unknown_session=False, locked_out=False, upkeep=commissioned(profile, 1.0e9))
    return upkeep_view(state, 0.0, 1.0e9)


def twin() -> TwinView:
    """A twin that has seen nothing yet."""
    return twin_view(initial(load_profile(), 0.0, mail_id=1, session_id=1, unknown_session=False, locked_out=False))


class FakeControl:
    """Publishes when told to (or steadily), answers requests, and keeps what it was asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.boot_id = uuid.uuid4().hex
        self.seq = 0
        self.sections: dict[str, Any] = {}
        self.requests: list[dict[str, Any]] = []
        self.answering = True
        self.asked = asyncio.Event()
        self._publisher: zmq.asyncio.Socket | None = None

    async def publish(self, **sections: Any) -> None:
        """One snapshot; ``sections`` stay for the following ones."""
        if self._publisher is None:
            raise RuntimeError("use it inside running()")
        self.seq += 1
        self.sections.update(sections)
        await self._publisher.send_multipart([b"snapshot", orjson.dumps(snapshot(self.seq, self.boot_id, **self.sections))])

    async def publish_steadily(self, period_s: float = 0.1) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            await self.publish()
            due_s += period_s
            await asyncio.sleep(max(0.0, due_s - loop.time()))

    def commands(self, kind: str | None = None) -> list[dict[str, Any]]:
        return [r for r in self.requests if r["op"] == "command" and (kind is None or r["kind"] == kind)]

    async def _answer_all(self, router: zmq.asyncio.Socket) -> None:
        while True:
            *path, payload = await router.recv_multipart()
            request = orjson.loads(payload)
            self.requests.append(request)
            self.asked.set()
            if self.answering:
                await router.send_multipart([*path, orjson.dumps(self._answer(request) | {"req": request["req"]})])

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        match request["op"]:
            case "describe":
                return description().model_dump()
            case "upkeep":
                return upkeep().model_dump()
            case "twin":
                return twin().model_dump()
            case "command":
                return CommandResult(id=request["id"], kind=request["kind"], outcome="accepted").model_dump()
            case _:
                return {"ok": True}

    @asynccontextmanager
    async def running(self, period_s: float | None = 0.1) -> AsyncIterator[FakeControl]:
        """Bound to the sockets of the settings; publishes every ``period_s`` unless None."""
        context = zmq.asyncio.Context()
        publisher, router = context.socket(zmq.PUB), context.socket(zmq.ROUTER)
        publisher.linger = router.linger = 0
        publisher.bind(self._settings.place(self._settings.control.publish))
        router.bind(self._settings.place(self._settings.control.command))
        self._publisher = publisher
        tasks = [asyncio.create_task(self._answer_all(router))]
        if period_s is not None:
            tasks.append(asyncio.create_task(self.publish_steadily(period_s)))
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            self._publisher = None
            publisher.close(linger=0)
            router.close(linger=0)
            context.term()
