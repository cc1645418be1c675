"""Passing commands on: who may, once per id, and what to say when the control process is silent."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from api.auth import Identity, require
from api.hub import Hub
from api.link import REPLY_S, SEND_S, Link, LinkError
from api.problems import ProblemError
from chamber.commands import MINIMUM_ROLE, NEVER_REFUSED, CommandKind
from control.description import Description
from control.plan_view import PlanView
from control.snapshot import CommandRequest, CommandResult, ReasonView
from control.tuning_view import TuningView
from control.twin_view import TwinView
from control.upkeep_view import UpkeepView

log = logging.getLogger(__name__)

TRIED_WHEN_SILENT = NEVER_REFUSED | {CommandKind.END_SESSION}
"""Towards safety: sent even when the control process seems dead."""
REMEMBERED = 2000

Args = dict[str, str | int | float | list[str]]


def _reason(code: str, text: str, **params: float | str) -> ReasonView:
    return ReasonView(code=code, params=params, text=text)


class Commander:
    def __init__(self, link: Link, hub: Hub, abused: Callable[[], bool] = lambda: False) -> None:
        """``abused``: whether there were too many wrong sign-ins of late; the control process raises the alarm."""
        self._link = link
        self._hub = hub
        self._abused = abused
        self._asked: OrderedDict[str, tuple[CommandKind, Args, asyncio.Task[CommandResult]]] = OrderedDict()
        self._description: tuple[str, Description] | None = None
        self.schedule: list[tuple[float, str, int]] | None = None
        self.outcomes: dict[tuple[str, str], int] = {}

    async def command(
        self, command_id: str, kind: CommandKind, args: Args, who: Identity, origin: str, second: str | None = None
    ) -> CommandResult:
        """Pass a command on and wait for its answer. ``second``: another person whose PIN was checked for it.

        The same id gets the same answer. Raises ProblemError 401/403 when ``who`` may not, 409 when the id was used for
        something else.
        """
        require(who, MINIMUM_ROLE[kind], kind.value)
        known = self._asked.get(command_id)
        if known is not None and (known[0], known[1]) != (kind, args):
            if kind not in NEVER_REFUSED:
                raise ProblemError(
                    409, "id_reused", f"The id {command_id} was used for {known[0].value}.", "Choose a new id for each command."
                )
            known = None
        task = None if known is None else known[2]
        if task is None or (kind in NEVER_REFUSED and task.done() and not _accepted(task)):
            request = CommandRequest(
                id=command_id,
                kind=kind.value,
                args=args,
                user=who.name or "",
                role=who.role.value,
                origin=origin,
                second=second,
                expires_mono_s=time.monotonic() + REPLY_S,
            )
            task = asyncio.create_task(self._ask(kind, request), name=f"command {kind.value}")
            self._remember(command_id, kind, args, task)
        # A client that hangs up does not call its command back.
        return await asyncio.shield(task)

    def _remember(self, command_id: str, kind: CommandKind, args: Args, task: asyncio.Task[CommandResult]) -> None:
        self._asked[command_id] = (kind, args, task)
        while len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)

    async def _ask(self, kind: CommandKind, request: CommandRequest) -> CommandResult:
        result = await self._answer(kind, request)
        key = (kind.value, result.outcome)
        self.outcomes[key] = self.outcomes.get(key, 0) + 1
        return result

    async def _answer(self, kind: CommandKind, request: CommandRequest) -> CommandResult:
        urgent = kind in TRIED_WHEN_SILENT
        if not urgent and not self._hub.fresh():
            age = self._hub.age_s()
            params = {} if age is None else {"age_s": round(age, 1)}
            reason = _reason("control_silent", "The control process is silent; nothing was sent.", **params)
            return CommandResult(id=request.id, kind=request.kind, outcome="rejected", reasons=[reason])
        try:
            reply = await self._link.request({"op": "command"} | request.model_dump(), send_s=REPLY_S if urgent else SEND_S)
        except LinkError as error:
            log.warning("command %s %s: %s", request.kind, request.id, error)
            return _unanswered(request, certain=not error.sent and kind not in NEVER_REFUSED)
        try:
            return CommandResult.model_validate(reply)
        except ValidationError:
            log.exception("command %s %s: answer does not fit the model", request.kind, request.id)
            reason = _reason("control_answer_unreadable", "The answer of the control process was not understood. Look at the plant.")
            return CommandResult(id=request.id, kind=request.kind, outcome="uncertain", reasons=[reason])

    async def description(self) -> Description | None:
        """What the chamber is; None while the control process does not answer. Asked once per start of it."""
        frame = self._hub.frame
        boot_id = "" if frame is None else frame.boot_id
        if self._description is not None and (self._description[0] == boot_id or not self._hub.fresh()):
            return self._description[1]
        try:
            reply: dict[str, Any] = await self._link.request({"op": "describe"}, reply_s=2.0)
            self._description = (boot_id, Description.model_validate(reply))
        except (LinkError, ValidationError) as error:
            log.warning("description: %s", error)
            return None
        return self._description[1]

    async def upkeep(self) -> UpkeepView | None:
        """Proof tests, configuration and bypasses as the control process has them; None while it does not answer."""
        try:
            return UpkeepView.model_validate(await self._link.request({"op": "upkeep"}, reply_s=2.0))
        except (LinkError, ValidationError) as error:
            log.warning("upkeep: %s", error)
            return None

    async def tuning(self) -> TuningView | None:
        """The automatic tuning as the control process has it; None while it does not answer."""
        try:
            return TuningView.model_validate(await self._link.request({"op": "tuning"}, reply_s=2.0))
        except (LinkError, ValidationError) as error:
            log.warning("tuning: %s", error)
            return None

    async def plan(self) -> PlanView | None:
        """The day plan as the control process has it; None while it does not answer."""
        try:
            return PlanView.model_validate(await self._link.request({"op": "plan"}, reply_s=2.0))
        except (LinkError, ValidationError) as error:
            log.warning("plan: %s", error)
            return None

    async def twin(self) -> TwinView | None:
        """The digital twin as the control process has it; None while it does not answer."""
        try:
            return TwinView.model_validate(await self._link.request({"op": "twin"}, reply_s=2.0))
        except (LinkError, ValidationError) as error:
            log.warning("twin: %s", error)
            return None

    async def tell_alive(self) -> None:
        """Once a second, tell the control process that API and panels are alive; until cancelled."""
        while True:
            body = {
                "op": "alive",
                "panels": self._hub.panels,
                "panel_age_s": self._hub.panel_age_s(),
                "sign_in_abused": self._abused(),
                "schedule": self.schedule,
            }
            try:
                await self._link.request(body, send_s=0.5, reply_s=1.0)
            except LinkError as error:
                log.debug("alive: %s", error)
            await asyncio.sleep(1.0)


def _accepted(task: asyncio.Task[CommandResult]) -> bool:
    return not task.cancelled() and task.exception() is None and task.result().outcome == "accepted"


def _unanswered(request: CommandRequest, *, certain: bool) -> CommandResult:
    if certain:
        reason = _reason("control_silent", "The control process cannot be reached; nothing was sent.")
        return CommandResult(id=request.id, kind=request.kind, outcome="rejected", reasons=[reason])
    text = "The control process does not answer. Use the emergency stop button at the chamber and look at the plant."
    return CommandResult(id=request.id, kind=request.kind, outcome="uncertain", reasons=[_reason("control_silent", text)])
