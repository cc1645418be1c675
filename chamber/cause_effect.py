"""What a row of the cause-and-effect table is. The rows are in ``chamber.causes``, the engine in ``chamber.interlocks``.

Row numbers are those of the matrix in docs/cause-and-effect.md; effect columns:

A1 close nitrogen · A2 everybody out (voice, light) · A3 door free, drive off, heater on · A4 purge fan ·
A5 room extract boost · A6 recirculation fan off · A7 evacuate the room, do-not-enter beacon · A8 no new session ·
A9 latch until reset.   ``X`` always, ``o`` only while occupied, ``-`` never.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from chamber.facts import Facts


class Action(IntEnum):
    """Ordered: the strongest wins."""

    NONE = 0
    NOTIFY = 1
    BLOCK_NEW = 2
    END_SESSION = 3
    STOP_COOLING = 4
    EVACUATE = 5
    ESTOP = 6


class Clear(StrEnum):
    """What ends a cause once it has acted."""

    WHEN_CLEAR = "when_clear"
    OPERATOR_RESET = "operator_reset"
    DOOR_OPENED_AND_RESET = "door_opened_and_reset"
    PLC_RESET = "plc_reset"  # latched in the PLC: clears here when the PLC's latch does


class Effect(IntEnum):
    """Columns of the matrix."""

    CLOSE_LN2 = 1
    EVERYBODY_OUT = 2
    DOOR_FREE = 3
    PURGE = 4
    EXTRACT_BOOST = 5
    RECIRC_OFF = 6
    ROOM_EVACUATION = 7
    BLOCK_NEW = 8
    LATCH = 9


@dataclass(frozen=True, slots=True)
class Deadband:
    """Once a cause has acted, its value must come back this far beyond the limit before it counts as gone.

    ``still`` judges the facts with the limit moved by ``value``.
    """

    value: float
    unit: str
    still: Callable[[Facts, float], bool]


@dataclass(frozen=True, slots=True)
class Cause:
    id: str
    row: int
    text: str
    hazards: tuple[str, ...]
    present: Callable[[Facts], bool]
    detail: Callable[[Facts], str]
    delay_s: float
    effects: str  # nine characters, A1..A9
    empty: Action
    occupied: Action
    clear: Clear
    alarm: str | None
    external: bool = False  # from outside the chamber: SUSPENDED instead of HELD
    needs_plc: bool = True  # judged from PLC data; holds its verdict while there is none (COMM-PLC acts meanwhile)
    needs: tuple[str, ...] = ()  # optional instruments without which the row is off; the profile says which are not fitted
    bypassable: bool = False  # service may put it out of force for minutes (chamber.bypasses); never with anybody inside
    deadband: Deadband | None = None
    oxygen: bool = False  # ``present`` is false while ``chamber.causes.oxygen.oxygen_quiet``: not asked then
    stands: bool = False  # ``present`` looks at nothing but ``chamber.facts.STANDS``: asked again only when one of them has changed

    def effects_when(self, *, occupied: bool) -> frozenset[Effect]:
        return frozenset(Effect(n) for n, cell in enumerate(self.effects, start=1) if cell == "X" or (cell == "o" and occupied))

    def action_when(self, *, occupied: bool) -> Action:
        return self.occupied if occupied else self.empty


def plain(text: str) -> Callable[[Facts], str]:
    """A detail that never changes."""
    return lambda _facts: text
