"""What the twin knows, between two looks. Everything is a number or a tuple: it goes to the record and comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from control.twin.filter import Belief, believe
from control.twin.heat import Walls
from control.twin.look import Gathering
from control.twin.suspects import Left

LEARN = 180  # minutes of a kind until its reference is taken
# Order of the states of each filter
GAIN_MAIN, GAIN_PRE, PASSES_MAIN, PASSES_PRE = range(4)  # of the full flow as commissioned, kg/h while shut
REST_START = believe((0.0, 0.0), (0.2, 600.0))  # share of the wall's heat, W
EXCESS_START = believe((0.0,), (30.0,))
VALVE_START = believe((1.0, 1.0, 0.0, 0.0), (0.2, 0.2, 2.0, 2.0))
USE_START = believe((1.0,), (0.05,))
SESSION_START = believe((0.3, 1.5), (0.2, 1.0))  # kg a person and minute, kg a session
LOSS_START = believe((0.0,), (5.0,))
SUPPLY_START = believe((2.0,), (1.0,))


class Coil(NamedTuple):
    """One coil: share of the superheat the vapour takes up, that share times the resistance of its air side in K/W, bias of the
    instruments in K.

    ``clean_w_k``: conductance as commissioned, known to ``clean_std_w_k``; ``dried_w_k``: after the last drying. None: not yet known.
    """

    belief: Belief
    minutes: int = 0
    since_dried: int = 0
    clean_w_k: float | None = None
    clean_std_w_k: float | None = None
    dried_w_k: float | None = None


class Outing(NamedTuple):
    """Since a door was opened, until the rooms are quiet again: kg used, people's time inside, how long."""

    kg: float = 0.0
    person_s: int = 0
    minutes: int = 0


class Tank(NamedTuple):
    """An hour of the tank: what it held at its beginning, what the meter has counted since."""

    from_kg: float
    metered_kg: float = 0.0
    minutes: int = 0


class Reference(NamedTuple):
    """What was found while the twin took its reference. None: not taken yet."""

    rest_main: tuple[float, float] | None = None  # share of the wall's heat, W
    rest_pre: tuple[float, float] | None = None
    gain_main: float | None = None
    gain_pre: float | None = None
    supply_bar: float | None = None
    loss_kg_h: float | None = None
    session: tuple[float, float] | None = None  # kg a person and minute, kg a session


class Twin(NamedTuple):
    """``quiet``: minutes since doors were open or somebody was inside; ``cold``: since the room came to its temperature;
    ``learned``: minutes seen of each kind. ``found``: what is due, with its hysteresis."""

    coil_main: Coil
    coil_pre: Coil
    gathering: Gathering = Gathering()
    minutes: int = 0
    walls_main: Walls | None = None
    walls_pre: Walls | None = None
    walls_known: int = 0  # minutes of their history
    inside_c: tuple[float, float, float] = (20.0, 20.0, 20.0)  # main room, pre-chamber, treatment room in the last minute that counted
    quiet: int = 0
    cold: int = 0
    rest_main: Belief = REST_START
    rest_pre: Belief = REST_START
    excess_main: Belief = EXCESS_START
    excess_pre: Belief = EXCESS_START
    heat_minutes: int = 0
    valve: Belief = VALVE_START
    valve_minutes: int = 0
    off_pct: tuple[float, float] = (0.0, 0.0)
    supply: Belief = SUPPLY_START
    supply_minutes: int = 0
    use: Belief = USE_START
    session_use: Belief = USE_START
    use_minutes: int = 0
    session: Belief = SESSION_START
    sessions: int = 0
    outing: Outing | None = None
    hold_kg_h: float | None = None
    expected_w: float = 0.0
    load_w: float = 0.0
    tank: Tank | None = None
    loss: Belief = LOSS_START
    tank_hours: int = 0
    reference: Reference = Reference()
    found: tuple[str, ...] = ()
    due: Mapping[str, str] = {}  # alarm -> evidence
    suspects: tuple[Left, ...] = ()  # the last minutes with the main valve open
