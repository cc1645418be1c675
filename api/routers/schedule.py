"""The day's appointments. They start nothing: a session begins when an operator begins it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import require
from api.context import Context, Ctx, Who
from api.models import Appointment, AppointmentBody, ScheduleView
from api.problems import ProblemError, responses
from chamber.commands import Role

router = APIRouter(tags=["schedule"])

LONGEST = timedelta(days=31)  # one question
FURTHEST = timedelta(days=366)  # nobody plans further ahead; a slip in the year is noticed

Moment = Annotated[datetime, Query(description="ISO 8601 with time zone")]


def _utc(moment: datetime, name: str) -> datetime:
    if moment.tzinfo is None:
        raise ProblemError(422, "invalid_request", f"{name}: {moment.isoformat()} has no time zone.", "Add one, e.g. 2026-05-03T10:40:00Z.")
    return moment.astimezone(UTC)


@router.get("/schedule", summary="Appointments in a stretch of time", responses=responses(503))
async def schedule(context: Ctx, start: Moment, end: Moment) -> ScheduleView:
    """In their order. At most 31 days at once."""
    begin, stop = _utc(start, "start"), _utc(end, "end")
    if not timedelta(0) < stop - begin <= LONGEST:
        raise ProblemError(422, "invalid_request", "start has to be before end, by 31 days at most.", "Ask for a shorter time.")
    return ScheduleView(appointments=await context.books.schedule(begin, stop))


@router.post("/schedule", summary="Enter an appointment", responses=responses(401, 403, 503))
async def enter(body: AppointmentBody, context: Ctx, who: Who) -> Appointment:
    """Needs an operator. Program and number of people have to be possible on this chamber."""
    require(who, Role.OPERATOR, "Entering an appointment")
    starts = _utc(body.starts, "starts")
    now = datetime.now(UTC)
    if not now - timedelta(days=1) <= starts <= now + FURTHEST:
        raise ProblemError(422, "invalid_request", f"starts: {starts.isoformat()} is not within the coming year.", "Check the date.")
    await _possible(body, context)
    return await context.books.add_appointment(starts, body.program, body.persons, str(who.name))


async def _possible(body: AppointmentBody, context: Context) -> None:
    known = await context.commander.description()
    if known is None:
        raise ProblemError(503, "control_silent", "The control process does not answer.", "Check the service cryochamber-control.", 1.0)
    programs = [p.id for p in known.programs]
    if body.program not in programs:
        raise ProblemError(422, "unknown_program", f"program: there is no {body.program!r}.", f"Choose one of {', '.join(programs)}.")
    if body.persons > known.persons_max:
        raise ProblemError(422, "persons_range", f"persons: at most {known.persons_max} at once.", "Enter two appointments.")


@router.delete("/schedule/{appointment_id}", summary="Take an appointment out", responses=responses(401, 403, 404, 503))
async def take_out(appointment_id: int, context: Ctx, who: Who) -> ScheduleView:
    """Needs an operator. Answers with an empty list when it is done."""
    require(who, Role.OPERATOR, "Taking out an appointment")
    if not await context.books.remove_appointment(appointment_id):
        raise ProblemError(404, "no_such_appointment", f"There is no appointment {appointment_id}.", "GET /api/v1/schedule lists them.")
    return ScheduleView(appointments=[])
