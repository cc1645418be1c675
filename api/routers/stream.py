"""The WebSocket of the panels."""

from __future__ import annotations

from fastapi import APIRouter, WebSocket

from api.context import Ctx, address
from api.models import Problem
from api.problems import problem_response
from api.security import foreign_origin
from api.stream import PanelStream

router = APIRouter()


@router.websocket("/stream")
async def stream(websocket: WebSocket, context: Ctx) -> None:
    """Snapshots and changes; see the schemas StreamMessage and StreamRequest. Refused with 403 (origin) or 503 (full)."""
    if not context.origin.permits(websocket.headers):
        await websocket.send_denial_response(problem_response(403, foreign_origin(websocket.headers)))
        return
    limit = context.settings.api.max_panels
    if context.hub.panels >= limit:
        remedy = "Close a panel, or raise api.max_panels. Stop works without a stream: POST /api/v1/commands."
        problem = Problem(detail=f"All {limit} places for panels are taken.", remedy=remedy, code="too_many_panels", retry_after_s=2.0)
        await websocket.send_denial_response(problem_response(503, problem))
        return
    await websocket.accept()
    await PanelStream(websocket, context.hub, context.commander, address(websocket), context.settings.api.stream_hz).run()
