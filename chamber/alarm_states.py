"""The nine alarm states of ISA-18.2 and every transition between them, as one table (safety reference, 1.1)."""

from __future__ import annotations

from enum import StrEnum


class AlarmState(StrEnum):
    """Letters as in ISA-18.2-2016. A is the absence of an entry."""

    NORMAL = "normal"  # A
    UNACK = "unack"  # B
    ACK = "ack"  # C
    RTN_UNACK = "rtn_unack"  # D: gone, not yet acknowledged
    LATCHED_UNACK = "latched_unack"  # E
    LATCHED_ACK = "latched_ack"  # F
    SHELVED = "shelved"  # G: hidden by the operator for a time
    SUPPRESSED = "suppressed"  # H: hidden by a table of the design
    OUT_OF_SERVICE = "out_of_service"  # I: hidden by maintenance


class AlarmEvent(StrEnum):
    ON = "on"
    OFF = "off"
    ACK = "ack"
    RESET = "reset"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"  # by the operator, or the time is over
    SUPPRESS = "suppress"
    RELEASE = "release"  # the design's reason to suppress is over
    TAKE_OUT = "take_out"
    RETURN = "return"
    AGAIN = "again"  # acknowledged, and the condition lasts


_S = AlarmState
HIDDEN = frozenset({_S.SHELVED, _S.SUPPRESSED, _S.OUT_OF_SERVICE})
"""Not annunciated. What the condition does to the chamber is not touched by any of these."""
ANNUNCIATED = frozenset(AlarmState) - HIDDEN - {_S.NORMAL}
UNSEEN = frozenset({_S.UNACK, _S.RTN_UNACK, _S.LATCHED_UNACK})

_LETTERS = dict(zip("ABCDEFGHI", AlarmState, strict=True))

# A..I: the state it leads to. "-": stays. "!": refused. "*" behind a letter: refused for the safety class.
# "D/E": without and with latch. "?": as if it were new: B if the condition is on, else A; never straight to C.
_TABLE = """
   on   off  ack reset shelve unshelve suppress release take_out return again
A  B    -    -   -     G*     -        H*       -       I        -      -
B  -    D/E  C   !     G*     -        H*       -       I        -      -
C  -    A/F  -   !     G*     -        H*       -       I        -      B
D  B    -    A   -     G*     -        H*       -       I        -      -
E  B    -    F   !     !      -        !        -       I        -      -
F  B    -    -   A     !      -        !        -       I        -      -
G  -    -    !   !     G*     ?        H*       -       I        -      -
H  -    -    !   !     !      -        -        ?       I        -      -
I  -    -    !   !     !      -        !        -       -        ?      -
"""

_HEAD, *_ROWS = (line.split() for line in _TABLE.strip().splitlines())
TRANSITIONS: dict[tuple[AlarmState, AlarmEvent], str] = {
    (_LETTERS[letter], AlarmEvent(event)): cell for letter, *cells in _ROWS for event, cell in zip(_HEAD, cells, strict=True)
}


def after(state: AlarmState, event: AlarmEvent, *, latching: bool, safety: bool, active: bool) -> AlarmState | None:
    """The state ``event`` leads to; None: refused. ``active``: the condition is on."""
    cell = TRANSITIONS[state, event]
    if cell == "!" or (cell.endswith("*") and safety):
        return None
    if cell == "-":
        return state
    if cell == "?":
        return _S.UNACK if active else _S.NORMAL
    plain, _, latched = cell.rstrip("*").partition("/")
    return _LETTERS[latched if latched and latching else plain]
