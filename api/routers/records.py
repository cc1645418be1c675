"""What was recorded: alarms, trends, sessions, journal. Names of users are shown to signed-in users only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.context import Ctx, Who
from api.models import AlarmFigures, AlarmsView, HistoryTag, HistoryView, JournalView, SessionRecord, SessionsView
from api.problems import ProblemError, responses
from api.times import moment
from chamber.events import EventKind

router = APIRouter(tags=["records"])

Limit = Annotated[int, Query(ge=1, le=500, description="at most so many rows")]
Before = Annotated[int | None, Query(ge=0, description="rows with an id below this; from `next_before`")]


@router.get("/alarms", summary="Active alarms and their history", responses=responses(503))
async def alarms(context: Ctx, who: Who, limit: Limit = 200) -> AlarmsView:
    """Newest first. ``active`` is empty while the control process is silent; see ``/health``."""
    view = context.hub.view() if context.hub.fresh() else None
    history = await context.books.alarm_history(limit, who.signed_in)
    return AlarmsView(active=[] if view is None else view.alarms, history=history)


@router.get("/alarms/figures", summary="How well the alarms serve: figures of ISA-18.2", responses=responses(503))
async def alarm_figures(
    context: Ctx,
    from_: Annotated[str, Query(alias="from", description="ISO 8601 time, or seconds before now as -86400")] = "-86400",
    to: Annotated[str, Query(description="ISO 8601 time, or seconds before now as -0")] = "-0",
) -> AlarmFigures:
    """Rate, floods, chattering, stale and unanswered alarms from the journal, each with its target."""
    now = datetime.now(UTC)
    start, end = moment(from_, now, "from"), moment(to, now, "to")
    if start >= end:
        raise ProblemError(422, "invalid_request", f"from ({start.isoformat()}) is not before to ({end.isoformat()})", "Exchange them.")
    return await context.books.alarm_figures(start, end)


@router.get("/history", summary="Trends: minimum and maximum per bucket", responses=responses(503))
async def history(
    context: Ctx,
    tags: Annotated[str, Query(description="comma-separated, e.g. TT-102,AT-101A", max_length=1000)],
    from_: Annotated[str, Query(alias="from", description="ISO 8601 time, or seconds before now as -3600")] = "-3600",
    to: Annotated[str, Query(description="ISO 8601 time, or seconds before now as -0")] = "-0",
    points: Annotated[int, Query(ge=2, le=5000, description="at most so many buckets")] = 600,
) -> HistoryView:
    """A short dip is never averaged away: each bucket keeps its extremes. Gaps are ``null``."""
    now = datetime.now(UTC)
    start, end = moment(from_, now, "from"), moment(to, now, "to")
    if start >= end:
        raise ProblemError(422, "invalid_request", f"from ({start.isoformat()}) is not before to ({end.isoformat()})", "Exchange them.")
    names = list(dict.fromkeys(name for name in tags.split(",") if name))
    return await context.books.history(names, start, end, points)


@router.get("/history/tags", summary="What has a trend", responses=responses(503))
async def history_tags(context: Ctx) -> list[HistoryTag]:
    """Every tag that telemetry has ever recorded here."""
    return await context.books.history_tags()


@router.get("/sessions", summary="Sessions, newest first", responses=responses(503))
async def sessions(context: Ctx, limit: Limit = 50, before: Before = None) -> SessionsView:
    """Without traces; ask for one session to get its trace."""
    return await context.books.sessions(limit, before)


@router.get("/sessions/{session_id}", summary="One session with its trace", responses=responses(404, 503))
async def session(session_id: int, context: Ctx, who: Who) -> SessionRecord:
    """One sample a second from the opening to the end."""
    found = await context.books.session(session_id, who.signed_in)
    if found is None:
        raise ProblemError(404, "no_such_session", f"There is no session {session_id}.", "GET /api/v1/sessions lists them.")
    return found


@router.get("/journal", summary="The journal, newest first", responses=responses(503))
async def journal(context: Ctx, who: Who, limit: Limit = 100, before: Before = None, kind: EventKind | None = None) -> JournalView:
    """Append-only: nothing in it is ever changed."""
    return await context.books.journal(limit, before, kind, who.signed_in)
