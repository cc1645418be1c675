"""Healthy thermometers are believed: sessions, doors, and breaks with still air on chambers built otherwise, instruments as they come."""

from __future__ import annotations

import dataclasses
import random

import pytest

from bench.twin.day import OUT_S, PRE_S, Chamber, varied
from chamber.instruments.limits import COIL_OUTLETS, ROOM_AIR
from chamber.instruments.watch import Plant, Watched, watch
from chamber.readings import Quality, Reading
from cryochamber.config import load_profile
from simulator.parameters import PlantParameters, load
from simulator.people import Place
from simulator.precool import precooled_state

PROFILE = load_profile("walk-in-two-room")
ROOMS = [PROFILE.main, *([] if PROFILE.pre is None else [PROFILE.pre])]
TAGS = (*[t for room in ROOMS for t in room.temperatures], *COIL_OUTLETS, ROOM_AIR)
STAY_S, EVERY_S, GROUPS, BREAK_S = 180, 720, 3, 2400


def layered(seed: int) -> PlantParameters:
    """Of the same family, its air mixing otherwise, too."""
    p, rng = varied(load(), seed), random.Random(f"{seed}/height")
    if seed == 0:
        return p
    height = {f.name: getattr(p.height, f.name) * rng.uniform(0.7, 1.4) for f in dataclasses.fields(p.height)}
    return dataclasses.replace(p, height=dataclasses.replace(p.height, **height))


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(12))
def test_no_healthy_thermometer_is_doubted(seed: int) -> None:
    """Two blocks of three groups; soon after each block the rooms rest with their fans off, then are cooled again."""
    chamber, rng = Chamber(PROFILE, layered(seed), seed, precooled_state("walk-in-two-room")), random.Random(f"{seed}/plan")
    sends: dict[int, tuple[Place, int]] = {}
    breaks: list[range] = []
    at = 600
    for _ in range(2):
        for _ in range(GROUPS):
            guests = rng.choice((1, 2, 3, 3))
            sends |= {at: (Place.PRE, guests), at + PRE_S: (Place.MAIN, guests), at + PRE_S + STAY_S: (Place.OUTSIDE, guests)}
            sends[at + PRE_S + STAY_S + OUT_S] = (Place.OUTSIDE, 0)
            at += EVERY_S
        left = at - EVERY_S + PRE_S + STAY_S + rng.choice((30, 45, 60, 90))
        breaks.append(range(left, left + BREAK_S))
        at = left + BREAK_S + 900
    crowd, seen, rested = chamber.plant.crowd, Watched(), 0
    for n in range(at):
        if n in sends:
            place, guests = sends[n]
            if guests:
                crowd.send(place, guests, chamber.plant.time_s)
            else:
                crowd.people.clear()
        empty = crowd.count(Place.MAIN) + crowd.count(Place.PRE) == 0
        still = empty and chamber.plant.inner.shut and chamber.plant.outer.shut and any(n in b for b in breaks)
        s = chamber.second(None if still else -110.0, -60.0)
        readings = {t: Reading(round(chamber.read(t), 1), Quality.GOOD) for t in TAGS}
        plant = Plant((s.asked_main_pct, s.asked_pre_pct), open=not still, doors_shut=s.doors_shut, fan=not still, empty=empty)
        seen = watch(seen, float(n), readings, None, plant, PROFILE)
        assert seen.marks == {}, f"after {n} s"
        rested += still
    assert rested > 2 * (BREAK_S - 120)
