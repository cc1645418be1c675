"""The day's appointments. They start nothing: a session begins when an operator begins it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import require
from api.context import Context, Ctx, Who
from api.models import Appointment, AppointmentBody, ScheduleView
from api.problems import ProblemError, responses
from chamber.commands import Role
from control.plan_view import PlanView
from records.errors import StorageError

router = APIRouter(tags=["schedule"])

LONGEST = timedelta(days=31)  # one question
AROUND = timedelta(days=1)  # the site's day lies within, whatever its zone
TELL_S = 15.0
FURTHEST = timedelta(days=366)  # nobody plans further ahead; a slip in the year is noticed

Moment = Annotated[datetime, Query(description="ISO 8601 with time zone")]


def _utc(moment: datetime, name: str) -> datetime:
    if moment.tzinfo is None:
        raise ProblemError(422, "invalid_request", f"{name}: {moment.isoformat()} has no time zone.", "Add one, e.g. 2026-05-03T10:40:00Z.")
    return moment.astimezone(UTC)


async def keep_telling(context: Context) -> None:
    """Tell the control process the appointments of these days: at the start, and again in case somebody else changed them."""
    while True:
        await tell(context)
        await asyncio.sleep(TELL_S)


async def tell(context: Context) -> None:
    """What cannot be read now is not told; the control process keeps what it knows."""
    now = datetime.now(UTC)
    try:
        found = await context.books.schedule(now - AROUND, now + AROUND)
    except StorageError:
        return
    context.commander.schedule = [(a.starts.timestamp(), a.program, a.persons) for a in found]


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
    entered = await context.books.add_appointment(starts, body.program, body.persons, str(who.name))
    await tell(context)
    return entered


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
    await tell(context)
    return ScheduleView(appointments=[])


@router.get("/plan", summary="The day plan: what the rooms do between the appointments", responses=responses(503))
async def plan(context: Ctx, who: Who) -> PlanView:
    """What the control process makes of today's appointments. Names are shown to signed-in users only.

    With `POST /commands`, as operator: `follow_plan` (while precooling or cold), `end_plan`. Any fault, another order and guests
    who are not booked end it, too; `ended` says what did. Order and end are in `GET /journal?kind=system`.
    """
    found = await context.commander.plan()
    if found is None:
        raise ProblemError(503, "control_silent", "The control process does not answer.", "Check the service cryochamber-control.", 1.0)
    return found if who.signed_in else found.without_names()
