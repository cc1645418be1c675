"""Local message sockets of the control process: snapshots out, requests in. Nobody here can make the scan wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import orjson
import zmq
import zmq.asyncio
from pydantic import TypeAdapter, ValidationError

from chamber.commands import NEVER_REFUSED, Answer, Command, CommandKind, Outcome, Reason, Role
from control.description import Description
from control.plan_view import PlanView
from control.publish import reason_view
from control.snapshot import CommandRequest, CommandResult, Model
from control.tuning_view import TuningView
from control.twin_view import TwinView
from control.upkeep_view import UpkeepView

log = logging.getLogger(__name__)
QUEUE = 100
ANSWER_S = 4.0


class Told(NamedTuple):
    """An appointment as told by the API: begin in seconds since 1970, id of the program, people."""

    start_s: float
    program: str
    persons: int


_SCHEDULE = TypeAdapter(tuple[Told, ...])


class Waiting(NamedTuple):
    sender: bytes
    req: str
    kind: CommandKind
    until_s: float


class Ipc:
    """Binds the two sockets. ``take`` hands the commands of one scan over; ``answer`` sends back what the scan said."""

    def __init__(
        self,
        publish: str,
        command: str,
        describe: Callable[[], Description],
        clock: Callable[[], float],
        upkeep: Callable[[], UpkeepView | None] = lambda: None,
        tuning: Callable[[], TuningView | None] = lambda: None,
        plan: Callable[[], PlanView | None] = lambda: None,
        twin: Callable[[], TwinView | None] = lambda: None,
    ) -> None:
        self._publish_at, self._command_at = publish, command
        self._describe = describe
        self._views: dict[str, Callable[[], Model | None]] = {"upkeep": upkeep, "tuning": tuning, "plan": plan, "twin": twin}
        self._clock = clock
        self._context = zmq.asyncio.Context()
        self._pub: Any = None  # zmq.asyncio.Socket; its stubs leave types open
        self._router: Any = None
        self._queue: list[Command] = []
        self._waiting: dict[str, list[Waiting]] = {}
        self.api_heard_s: float | None = None
        self.panel_seen_s: float | None = None
        self.sign_in_abused = False
        self.schedule: tuple[Told, ...] = ()

    def open(self) -> None:
        """Bind. Raises zmq.ZMQError naming the address when it is taken or cannot be made."""
        self._pub = self._context.socket(zmq.PUB)
        self._pub.sndhwm = 20
        self._pub.linger = 0
        self._pub.bind(self._publish_at)
        self._router = self._context.socket(zmq.ROUTER)
        self._router.linger = 0
        self._router.bind(self._command_at)

    def close(self) -> None:
        self._context.destroy(linger=0)

    async def publish(self, topic: bytes, payload: bytes) -> None:
        if self._pub is not None:
            await self._pub.send_multipart([topic, payload])  # PUB drops for a subscriber that lags; it never blocks

    async def serve(self) -> None:
        """Take requests until cancelled."""
        router = self._router
        if router is None:
            raise RuntimeError("open() first")
        while True:
            frames = await router.recv_multipart()
            sender, payload = frames[0], frames[-1]
            reply = self._request(sender, payload)
            if reply is not None:
                await self._reply(sender, reply)

    def take(self) -> tuple[Command, ...]:
        commands, self._queue = tuple(self._queue), []
        return commands

    async def answer(self, answers: tuple[Answer, ...]) -> None:
        for a in answers:
            for w in self._waiting.pop(a.id, []):
                await self._reply(w.sender, {"req": w.req, **_result(a).model_dump(mode="json")})
        now = self._clock()
        for command_id in [k for k, ws in self._waiting.items() if ws[0].until_s <= now]:
            for w in self._waiting.pop(command_id):
                late = Answer(command_id, w.kind, Outcome.UNCERTAIN, (Reason("plc_no_answer"),))
                await self._reply(w.sender, {"req": w.req, **_result(late).model_dump(mode="json")})

    async def _reply(self, sender: bytes, body: dict[str, Any]) -> None:
        if self._router is not None:
            await self._router.send_multipart([sender, b"", orjson.dumps(body)])

    def _request(self, sender: bytes, payload: bytes) -> dict[str, Any] | None:
        try:
            body = orjson.loads(payload)
        except orjson.JSONDecodeError as error:
            return {"req": "", "error": f"not JSON: {error}"}
        if not isinstance(body, dict):
            return {"req": "", "error": "a request is a JSON object"}
        fields = cast(dict[str, Any], body)
        req = str(fields.pop("req", ""))
        match fields.pop("op", None):
            case "alive":
                self.api_heard_s = self._clock()
                self._panel_seen(fields.get("panel_age_s"))
                self.sign_in_abused = fields.get("sign_in_abused") is True
                self._told(fields.get("schedule"))
                return {"req": req, "ok": True}
            case "describe":
                return {"req": req, **self._describe().model_dump(mode="json")}
            case "upkeep" | "tuning" | "plan" | "twin" as op:
                view = self._views[op]()
                return {"req": req, "error": "no scan has run yet"} if view is None else {"req": req, **view.model_dump(mode="json")}
            case "command":
                return self._command(sender, req, fields)
            case op:
                return {"req": req, "error": f"unknown op {op!r}; known: command, describe, upkeep, tuning, plan, twin, alive"}

    def _panel_seen(self, age_s: object) -> None:
        """An API that has just started knows of no panel yet: what was seen before it stays."""
        if isinstance(age_s, int | float) and age_s >= 0.0:
            seen_s = self._clock() - age_s
            self.panel_seen_s = seen_s if self.panel_seen_s is None else max(self.panel_seen_s, seen_s)

    def _told(self, schedule: object) -> None:
        """The appointments as the API has them; None: it cannot read them now, then the last ones stand."""
        if schedule is None:
            return
        try:
            told = _SCHEDULE.validate_python(schedule)
        except ValidationError as error:
            log.warning("schedule refused: %s", error)
            return
        if told != self.schedule:
            self.schedule = told

    def _command(self, sender: bytes, req: str, fields: dict[str, Any]) -> dict[str, Any] | None:
        try:
            request = CommandRequest.model_validate(fields)
            kind, role = CommandKind(request.kind), Role(request.role)
        except (ValidationError, ValueError) as error:
            log.warning("request refused: %s", error)
            reason = reason_view(Reason("unknown_command", {"kind": str(fields.get("kind"))}))
            return {
                "req": req,
                "id": str(fields.get("id")),
                "kind": str(fields.get("kind")),
                "outcome": "rejected",
                "reasons": [reason.model_dump()],
            }
        if kind not in NEVER_REFUSED and request.expires_mono_s is not None and self._clock() > request.expires_mono_s:
            stale = Answer(request.id, kind, Outcome.REJECTED, (Reason("expired"),))  # it waited while this process hung
            return {"req": req, **_result(stale).model_dump(mode="json")}
        if len(self._queue) >= QUEUE and kind not in NEVER_REFUSED:
            late = Answer(request.id, kind, Outcome.REJECTED, (Reason("command_busy"),))
            return {"req": req, **_result(late).model_dump(mode="json")}
        self._queue.append(Command(request.id, kind, request.args, request.user, role, request.origin, request.second))
        self._waiting.setdefault(request.id, []).append(Waiting(sender, req, kind, self._clock() + ANSWER_S))
        return None


def _result(a: Answer) -> CommandResult:
    return CommandResult.model_validate(
        {"id": a.id, "kind": a.kind.value, "outcome": a.outcome.value, "reasons": [reason_view(r).model_dump() for r in a.reasons]}
    )


async def settle(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait for its end."""
    task.cancel()
    await asyncio.wait([task])
