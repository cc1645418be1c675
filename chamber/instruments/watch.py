"""All instrument checks that look back over seconds and minutes, run once a second; their findings hold until the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from chamber.instruments.fellows import Against, compare
from chamber.instruments.limits import CUSUM_SAMPLE_S, DRIFT_SETTLE_S, EXCITED_K, EXCITED_PCT, KINDS, LIMITS, ROOM_AIR, SETTLE_S, Kind
from chamber.instruments.sensor import Mark, Sample, Track, follow, too_fast
from chamber.profile import DeviceProfile, Room
from chamber.readings import Quality, Reading, Why
from chamber.voting import middle

SECOND_S = 1.0
LATE_S = 2.5  # longer between two looks: rates and counts begin anew
_FOLLOWED = tuple((tag, kind, LIMITS[kind]) for tag, kind in KINDS.items() if kind is not Kind.OTHER)


class Plant(NamedTuple):
    """What the checks must know of the plant: valves %, main valve driven open, every door shut, recirculation fan driven,
    nobody seen in any room."""

    valves_pct: tuple[float, ...]
    open: bool
    doors_shut: bool
    fan: bool
    empty: bool


class Watched(NamedTuple):
    """Memory of all checks and what they found. ``marks``: tag -> finding; ``too_fast``: changed faster than the process can."""

    at_s: float | None = None
    seconds: int = 0
    tracks: Mapping[str, Track] = {}
    fellows: Mapping[str, Against] = {}
    valves_pct: tuple[float, ...] = ()
    doors_shut: bool = True
    calm_since_s: float | None = None  # doors shut and fan running
    too_fast: tuple[str, ...] = ()
    marks: Mapping[str, Mark] = {}
    doubted: Set[str] = frozenset()  # no witnesses about their fellows, at the last comparison


def watch(
    old: Watched,
    now_s: float,
    readings: Mapping[str, Reading[float]],
    before: Mapping[str, float] | None,
    plant: Plant,
    profile: DeviceProfile,
) -> Watched:
    """Look at every instrument. ``readings`` have passed the checks of the scan; ``before``: values one scan ago, if there was one."""
    if old.at_s is not None and now_s - old.at_s > LATE_S:
        old = Watched(marks=old.marks, fellows=old.fellows, doubted=old.doubted)
    valves, by_valve = _valves_moved(old, plant)
    # what jumped is followed on: else a noisy sensor, which jumps now and then, would never be known as noisy
    values = {t: r.value for t, r in readings.items() if r.value is not None and (r.quality is Quality.GOOD or r.why is Why.RATE)}
    rooms = [(room.temperatures, _median(room.temperatures, values)) for room in profile.rooms]
    medians = {tag: m for tags, m in rooms if m is not None for tag in tags}
    by_door = plant.doors_shut is not old.doors_shut and _cold_inside(medians, values)
    tracks: dict[str, Track] = {}
    marks: dict[str, Mark] = {}
    fast: list[str] = []
    for tag, kind, lim in _FOLLOWED:
        value = values.get(tag)
        if value is None:
            continue
        past = old.tracks.get(tag)
        if past is not None and old.at_s is not None and too_fast(value - past.last, lim, now_s - old.at_s):
            fast.append(tag)
        change = None if before is None or tag not in before else value - before[tag]
        moved = by_valve or (by_door and kind is Kind.ROOM)
        commissioned = profile.commissioned.get(tag)
        sample = Sample(now_s, value, change, moved, medians.get(tag))
        tracks[tag], mark = follow(past, sample, lim, None if commissioned is None else commissioned.noise)
        if mark is not None:
            marks[tag] = mark
    calm = (now_s if old.calm_since_s is None else old.calm_since_s) if plant.doors_shut and plant.fan else None
    fellows, doubted = old.fellows, old.doubted
    if calm is not None and now_s - calm >= SETTLE_S:
        due = plant.empty and old.seconds % CUSUM_SAMPLE_S == 0 and now_s - calm >= DRIFT_SETTLE_S
        doubted = frozenset(t for t, m in marks.items() if m.quality is not Quality.GOOD)  # by their own signal so far
        fellows = _rooms(old, now_s, values, profile, marks, doubted, drift=due)
    else:
        _keep(old.marks, marks)  # nothing to compare with now: what was found stands
    return Watched(now_s, old.seconds + 1, tracks, fellows, valves, plant.doors_shut, calm, tuple(fast), marks, doubted)


def _valves_moved(old: Watched, plant: Plant) -> tuple[tuple[float, ...], bool]:
    """(positions to measure the next movement from, whether one has just moved by more than EXCITED_PCT with nitrogen there)."""
    before = old.valves_pct or plant.valves_pct
    moved = any(abs(new - was) > EXCITED_PCT for new, was in zip(plant.valves_pct, before, strict=True))
    return (plant.valves_pct if moved else before), moved and plant.open


def _median(tags: Sequence[str], values: Mapping[str, float]) -> float | None:
    known = sorted(values[t] for t in tags if t in values)
    return middle(known) if known else None


def _cold_inside(medians: Mapping[str, float], values: Mapping[str, float]) -> bool:
    outside = values.get(ROOM_AIR)
    return outside is not None and any(outside - m > EXCITED_K for m in medians.values())


def _rooms(
    old: Watched,
    now_s: float,
    values: Mapping[str, float],
    profile: DeviceProfile,
    marks: dict[str, Mark],
    doubted: Set[str],
    *,
    drift: bool,
) -> dict[str, Against]:
    outside = values.get(ROOM_AIR)
    memories = dict(old.fellows)  # a sensor that is out of order for another reason keeps its past
    for room in profile.rooms:
        corrected = {t: values[t] - offset(profile, room, t, values[t], outside) for t in room.temperatures if t in values}
        found, doubts = compare(old.fellows, corrected, now_s, drift=drift, doubted=doubted, doubted_before=old.doubted)
        memories |= found
        for tag, mark in doubts.items():
            marks[tag] = worse(marks.get(tag), mark)
    return memories


def offset(profile: DeviceProfile, room: Room, tag: str, value_c: float, outside_c: float | None) -> float:
    """What this place reads above the middle of its room, K: found at commissioning, none at the temperature of the treatment room.

    Layers come from the heat that flows in, so the offset grows with the difference to outside.
    """
    commissioned = profile.commissioned.get(tag)
    if commissioned is None or outside_c is None:
        return 0.0
    span = outside_c - commissioned.at_c
    return commissioned.offset_k * max(0.0, outside_c - value_c) / span if span > 0.0 else 0.0


_FROM_FELLOWS = (Why.DISAGREES, Why.DRIFT)
_RANK = {Quality.GOOD: 0, Quality.UNCERTAIN: 1, Quality.BAD: 2}


def worse(a: Mark | None, b: Mark) -> Mark:
    return b if a is None or _RANK[b.quality] > _RANK[a.quality] else a


def _keep(old: Mapping[str, Mark], marks: dict[str, Mark]) -> None:
    for tag, mark in old.items():
        if mark.why in _FROM_FELLOWS:
            marks[tag] = worse(marks.get(tag), mark)


def apply(reading: Reading[float], mark: Mark) -> Reading[float]:
    """The reading, no better than the mark."""
    if _RANK[mark.quality] < _RANK[reading.quality] or (reading.quality is mark.quality and reading.why is not Why.NONE):
        return reading
    return reading._replace(quality=mark.quality, why=mark.why)
