"""Errors as the client sees them: what is wrong, where, and the remedy (shape after RFC 9457)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.models import Problem
from records.errors import StorageError

MEDIA_TYPE = "application/problem+json"

_MEANING = {
    401: "Not signed in",
    403: "Role too low, or the request comes from a foreign page",
    404: "Not there",
    409: "The id was used for something else",
    413: "Request too large",
    422: "Request not understood; `detail` names the field",
    429: "Too many tries; wait `retry_after_s`",
    503: "A part that is needed does not answer",
}

_AS_JSON = "Send one JSON object with Content-Type: application/json; its fields are in /api/v1/openapi.json."


class ProblemError(Exception):
    """Raised anywhere below an endpoint; becomes a Problem response with this status."""

    def __init__(self, status: int, code: str, detail: str, remedy: str, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.problem = Problem(detail=detail, remedy=remedy, code=code, retry_after_s=retry_after_s)


def responses(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The error part of an endpoint's documentation."""
    return {code: {"model": Problem, "description": _MEANING[code]} for code in (*codes, 422)}


def problem_response(status: int, problem: Problem) -> Response:
    headers = {} if problem.retry_after_s is None else {"Retry-After": str(max(1, round(problem.retry_after_s)))}
    return Response(problem.model_dump_json(), status, headers, MEDIA_TYPE)


async def _on_problem(_: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return problem_response(error.status, error.problem)


async def _on_http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    remedy = "See /api/v1/openapi.json for what this API offers."
    return problem_response(error.status_code, Problem(detail=str(error.detail), remedy=remedy, code=f"http_{error.status_code}"))


async def _on_invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    # Only place and message: the input itself could hold a PIN.
    broken = next((e for e in error.errors() if e["type"] == "json_invalid"), None)
    if broken is not None:
        where, why = broken["loc"][-1], broken.get("ctx", {}).get("error", broken["msg"])
        detail = f"The body is no JSON: {why} at character {where}."
        return problem_response(422, Problem(detail=detail, remedy=_AS_JSON, code="invalid_json"))
    if any(e["loc"] == ("body",) for e in error.errors()):
        detail = "The body is missing or no JSON object."
        return problem_response(422, Problem(detail=detail, remedy=_AS_JSON, code="invalid_json"))
    places = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()[:5])
    return problem_response(422, Problem(detail=places, remedy="Correct the named fields.", code="invalid_request"))


async def _on_storage(_: Request, error: Exception) -> Response:
    if not isinstance(error, StorageError):
        raise error
    return problem_response(503, Problem(detail=error.detail, remedy=error.remedy, code="records_unavailable", retry_after_s=2.0))


async def _on_bug(_: Request, error: Exception) -> Response:
    """Logged with its trace by the server; the client learns no more than where to look."""
    problem = Problem(detail=f"The API made a mistake ({type(error).__name__}).", remedy="See the log of the service.", code="internal")
    return problem_response(500, problem)


def install(app: FastAPI) -> None:
    app.add_exception_handler(Exception, _on_bug)
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(StorageError, _on_storage)
