"""Health, description, snapshot, metrics."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.context import Context, Ctx
from api.hub import FRESH_S
from api.metrics import exposition
from api.models import ControlHealth, HealthView, MqttHealth
from api.problems import ProblemError, responses
from control.description import Description
from control.snapshot import Snapshot

router = APIRouter(tags=["status"])
metrics_router = APIRouter(tags=["status"])


def _silent(context: Context) -> ProblemError:
    age = context.hub.age_s()
    since = "has not been heard since the API started" if age is None else f"has been silent for {age:.1f} s"
    return ProblemError(503, "control_silent", f"The control process {since}.", "Check the service cryochamber-control.", 1.0)


@router.get("/health", summary="Is everything answering?", responses=responses())
async def health(context: Ctx) -> HealthView:
    """Always answers 200; ``status`` tells."""
    hub = context.hub
    connected = hub.fresh()
    view = hub.view() if connected else None
    plc: Literal["ok", "slow", "silent", "unknown"] = "unknown" if view is None else view.link.plc
    records_ok = view is not None and view.records.ok and context.books.ok
    mqtt = context.mqtt
    whole = records_ok and plc == "ok" and (mqtt.connected or not mqtt.configured)
    return HealthView(
        status="down" if not connected else "ok" if whole else "degraded",
        control=ControlHealth(connected=connected, snapshot_age_s=hub.age_s()),
        plc=plc,
        records_ok=records_ok,
        mqtt=MqttHealth(configured=mqtt.configured, connected=mqtt.connected, backlog=mqtt.backlog),
        panels=hub.panels,
        panel_age_s=hub.panel_age_s(),
        version=context.version,
        simulated=None if view is None else view.site.simulated,
    )


@router.get("/description", summary="What this chamber is: tags, programs, limits, alarms, causes", responses=responses(503))
async def description(context: Ctx) -> Description:
    """Does not change while the control process runs."""
    found = await context.commander.description()
    if found is None:
        raise _silent(context)
    return found


@router.get("/snapshot", summary="The whole state now", response_model=Snapshot, responses=responses(503))
async def snapshot(context: Ctx) -> Response:
    """503 when the newest snapshot is older than 1 s: old values are not handed out as current ones."""
    body = context.hub.body()
    age = context.hub.age_s()
    if body is None or age is None or age > FRESH_S:
        raise _silent(context)
    return Response(body, media_type="application/json")


@metrics_router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
async def metrics(context: Ctx) -> Response:
    """Text format of Prometheus. Unknown values are absent, never zero."""
    return Response(exposition(context), media_type=CONTENT_TYPE_LATEST)
