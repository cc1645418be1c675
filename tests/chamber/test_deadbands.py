"""Deadbands and off-delays: a noisy value at a limit makes one alarm, not a hundred (H-23)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from chamber.alarm_list import ALARMS
from chamber.alarms import Alarm, Condition, Scene, step
from chamber.causes import BY_ID, CAUSES
from chamber.interlocks import CauseState, evaluate
from chamber.profile import Limits
from chamber.states import CycleState
from tests.chamber.expected_causes import SPOIL, spoiled
from tests.chamber.facts_factory import facts

C = CycleState
# Safety reference, 1.5: trips 0.3 and warnings 0.2 vol%, deviation 3 K, over-cold 2 K, disagreement a fifth of its limit.
PUBLISHED: dict[str, tuple[float, str]] = {
    **dict.fromkeys(("O2-CH-LLL", "O2-CH-LL", "O2-RM-EVAC", "O2-RM-LL", "O2-FL-LL", "O2-HI"), (0.3, "vol%")),
    **dict.fromkeys(("O2-CH-L", "O2-RM-L", "O2-FL-L", "O2-HI-PRE"), (0.2, "vol%")),
    "O2-SENS-DISAG": (0.14, "vol%"),
    "OVERCOLD": (2.0, "K"),
    "T-DEV-LO": (3.0, "K"),
    "T-DEV-HI": (3.0, "K"),
    "LN2-LOW": (5.0, "kg"),
    "LN2-PRESS-HI": (0.1, "bar"),
    "UPS-LOW": (5.0, "%"),
}
EXPOSED: dict[str, Any] = {"state": C.EXPOSURE, "state_age_s": 60.1}
# Just still there and just gone, once it has acted.
EDGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "O2-CH-LLL": ({"o2_main": (19.49, 20.9, 20.9)}, {"o2_main": (19.51, 20.9, 20.9)}),
    "O2-CH-LL": ({"o2_main": (19.99, 19.99, 20.9)}, {"o2_main": (20.01, 19.9, 20.9)}),
    "O2-CH-L": ({"o2_main": (20.19, 20.9, 20.9)}, {"o2_main": (20.21, 20.9, 20.9)}),
    "O2-SENS-DISAG": ({"o2_main": (20.9, 20.9, 20.33)}, {"o2_main": (20.9, 20.9, 20.35)}),
    "O2-RM-EVAC": ({"o2_floor": 18.49}, {"o2_floor": 18.51}),
    "O2-RM-LL": ({"o2_room": 19.99}, {"o2_room": 20.01}),
    "O2-RM-L": ({"o2_room": 20.19}, {"o2_room": 20.21}),
    "O2-FL-LL": ({"o2_floor": 19.49}, {"o2_floor": 19.51}),
    "O2-FL-L": ({"o2_floor": 19.69}, {"o2_floor": 19.71}),
    "O2-HI-PRE": ({"o2_floor": 22.31}, {"o2_floor": 22.29}),
    "O2-HI": ({"o2_floor": 23.21}, {"o2_floor": 23.19}),
    "OVERCOLD": ({"main": (-120.1, -120.1, -110.0)}, {"main": (-119.9, -119.9, -110.0)}),
    "T-DEV-LO": ({"main": (-115.1,) * 3}, {"main": (-114.9,) * 3}),
    "T-DEV-HI": ({"main": (-97.9,) * 3, **EXPOSED}, {"main": (-98.1,) * 3, **EXPOSED}),
    "LN2-LOW": ({"tank_kg": 29.9}, {"tank_kg": 30.0}),
    "LN2-PRESS-HI": ({"supply_bar": 0.9 * Limits().ln2_relief_bar_a - 0.09}, {"supply_bar": 0.9 * Limits().ln2_relief_bar_a - 0.11}),
    "UPS-LOW": ({"ups_charge_pct": 34.9}, {"ups_charge_pct": 35.1}),
}
# Where a row looks at more than one value: each by itself. Only this is wrong, still there, gone.
OTHER_WAYS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("O2-CH-LLL", {"o2_pre": (19.1, 20.9)}, {"o2_pre": (19.49, 20.9)}, {"o2_pre": (19.51, 20.9)}),
    ("O2-CH-LL", {"o2_pre": (19.6, 20.9)}, {"o2_pre": (19.99, 20.9)}, {"o2_pre": (20.01, 20.9)}),
    ("O2-RM-EVAC", {"o2_room": 19.1}, {"o2_room": 19.49}, {"o2_room": 19.51}),
    ("O2-HI", {"o2_main": (23.6, 20.9, 20.9)}, {"o2_main": (23.21, 20.9, 20.9)}, {"o2_main": (23.19, 20.9, 20.9)}),
    ("O2-SENS-DISAG", {"o2_pre": (20.9, 20.1)}, {"o2_pre": (20.9, 20.33)}, {"o2_pre": (20.9, 20.35)}),
    (
        "OVERCOLD",
        {"setpoint_main_c": None, "main": (-181.0,) * 3},
        {"setpoint_main_c": None, "main": (-178.1,) * 3},
        {"setpoint_main_c": None, "main": (-177.9,) * 3},
    ),
]


def test_deadbands_are_those_published() -> None:
    found = {c.id: (c.deadband.value, c.deadband.unit) for c in CAUSES if c.deadband is not None}
    assert found.keys() == PUBLISHED.keys() == EDGES.keys()
    for cause_id, (value, unit) in PUBLISHED.items():
        assert found[cause_id] == (pytest.approx(value), unit)


def present(states: dict[str, CauseState], cause_id: str) -> bool:
    return cause_id in states and states[cause_id].present_since_s is not None


@pytest.mark.parametrize(("cause_id", "wrong", "still", "gone"), [*((i, SPOIL[i][0], *EDGES[i]) for i in EDGES), *OTHER_WAYS])
def test_a_cause_that_acts_is_gone_only_beyond_its_deadband(
    cause_id: str, wrong: dict[str, Any], still: dict[str, Any], gone: dict[str, Any]
) -> None:
    acting, _ = evaluate({}, facts(**wrong))
    acting, _ = evaluate(acting, facts(**wrong, now_s=100.0 + BY_ID[cause_id].delay_s))
    assert acting[cause_id].acting
    inside, outside = (facts(**changes)._replace(now_s=300.0) for changes in (still, gone))
    assert present(evaluate(acting, inside)[0], cause_id)
    assert not present(evaluate(acting, outside)[0], cause_id)


@pytest.mark.parametrize("cause_id", EDGES)
def test_the_deadband_begins_nothing(cause_id: str) -> None:
    inside = facts(**EDGES[cause_id][0])
    assert not present(evaluate({}, inside)[0], cause_id)
    if BY_ID[cause_id].delay_s > 0.0:  # and a delay still running ends at the limit itself
        waiting, _ = evaluate({}, spoiled(cause_id, occupied=False))
        assert not waiting[cause_id].acting
        assert not present(evaluate(waiting, inside._replace(now_s=100.1))[0], cause_id)


@pytest.mark.parametrize("cause_id", [i for i in EDGES if BY_ID[i].effects[8] == "X"])
def test_a_latched_cause_that_has_gone_does_not_come_back_within_its_deadband(cause_id: str) -> None:
    states, _ = evaluate({}, spoiled(cause_id, occupied=False))
    states, _ = evaluate(states, spoiled(cause_id, occupied=False)._replace(now_s=200.0))
    inside, outside = (facts(**changes) for changes in EDGES[cause_id])
    states, _ = evaluate(states, outside._replace(now_s=300.0))
    states, _ = evaluate(states, inside._replace(now_s=301.0))
    assert states[cause_id].latched
    assert not present(states, cause_id)


def chatter(seed: int, *, noise: float, limit: float = 20.0) -> tuple[int, int]:
    """Ten minutes of a reading that wanders about the pre-alarm: (times the cause was set, times the alarm was new)."""
    rng = random.Random(seed)
    states: dict[str, CauseState] = {}
    alarms: dict[str, Alarm] = {}
    sets = news = 0
    for n in range(6000):
        value = limit - 0.05 if n < 50 else limit + rng.uniform(-noise, noise)
        now = 100.0 + 0.1 * n
        states, changes = evaluate(states, facts(o2_main=(value, 20.3, 20.3), now_s=now))
        sets += sum(c.cause.id == "O2-CH-L" and c.what == "set" for c in changes)
        acting = "O2-CH-L" in states and states["O2-CH-L"].acting
        conditions = {"O2-CH-L": Condition("", False)} if acting else {}
        alarms, told = step(alarms, conditions, frozenset(), Scene(now, C.READY, False))
        news += sum(c.announces for c in told)
    return sets, news


@pytest.mark.req("SRS-ALM-010")
@pytest.mark.parametrize("noise", [0.05, 0.1, 0.19])
def test_no_chatter_at_a_noisy_limit(seed: int, noise: float) -> None:
    assert chatter(seed, noise=noise) == (1, 1)


def test_noise_wider_than_the_deadband_is_caught_by_the_delays() -> None:
    """Three seconds on, ten seconds off: a reading that jumps over the whole band does not ring either."""
    sets, news = chatter(7, noise=0.5)
    assert sets <= 1
    assert news <= 1


def test_an_alarm_with_a_warning_limit_has_an_off_delay_too() -> None:
    for cause_id in EDGES:
        alarm = BY_ID[cause_id].alarm
        assert alarm is not None
        assert ALARMS[alarm].latching or ALARMS[alarm].off_delay_s >= 10.0
        assert cause_id in SPOIL
