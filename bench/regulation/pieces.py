"""The pieces of the page, in the order in which they are played and shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bench.regulation import (
    break_account,
    cascade,
    circumstances,
    cost,
    day,
    floor,
    own_day,
    ready_times,
    reference,
    robust,
    session_plot,
    tuning,
)
from bench.regulation.stored import fingerprint
from bench.regulation.work import Work


class Piece(NamedTuple):
    """``by_plants``: its figures are of as many plants as asked for; ``identified``: of plants that are identified first."""

    name: str
    what: str
    play: Callable[[Work], Any]
    by_plants: bool = False
    identified: bool = False

    @property
    def code(self) -> str:
        """Fingerprint of what it is played with."""
        return fingerprint(self.play.__module__)


PIECES = (
    Piece("reference", "regulators on random plants", reference.play, by_plants=True, identified=True),
    Piece("floors", "how soon it can be back at all", floor.play, by_plants=True, identified=True),
    Piece("tuning", "automatic tuning", tuning.play, by_plants=True, identified=True),
    Piece("circumstances", "nominal plant in other circumstances", circumstances.play, identified=True),
    Piece("own", "sessions on the own plant", own_day.play),
    Piece("cascade", "cascade over the coil's outlet", cascade.play),
    Piece("day", "a day of twelve sessions", day.play, identified=True),
    Piece("breaks", "nitrogen of a break", break_account.play),
    Piece("ready", "ready times, reference plants", ready_times.play_reference, by_plants=True, identified=True),
    Piece("ready-own", "ready times, own plants", ready_times.play_own, by_plants=True),
    Piece("robust", "dead time wrong by half", robust.play_all, by_plants=True),
    Piece("cost", "what a step costs", cost.play, identified=True),
    Piece("session", "one session, drawn", session_plot.play, identified=True),
)
