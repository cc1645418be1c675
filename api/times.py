"""Times in a query: ISO 8601, or seconds before now."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from api.problems import ProblemError

_LONGEST_S = 20 * 366 * 86400.0


def moment(text: str, now: datetime, name: str) -> datetime:
    """UTC time meant by ``text``: ``-3600`` (seconds before ``now``) or ISO 8601 (without offset: UTC).

    Raises ProblemError 422 naming the parameter.
    """
    try:
        seconds = float(text)
    except ValueError:
        return _iso(text, name)
    if not math.isfinite(seconds) or seconds > 0 or seconds < -_LONGEST_S:
        raise ProblemError(422, "invalid_request", f"{name}={text}: seconds before now are negative", f"Write e.g. {name}=-3600.")
    return now + timedelta(seconds=seconds)


def _iso(text: str, name: str) -> datetime:
    try:
        # A bare "+" in a query string arrives as a space.
        parsed = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        remedy = f"Write {name}=2026-01-31T12:00:00Z or {name}=-3600."
        raise ProblemError(422, "invalid_request", f"{name}={text} is not a time", remedy) from None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
