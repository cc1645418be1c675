"""From the values of a block to readings: quality nibbles, range, jumps, and what the checks of the last second found."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from operator import itemgetter, le, sub
from typing import NamedTuple

from chamber.instruments.consumption import Meter, meter
from chamber.instruments.limits import DISTRUST_S, IMPOSSIBLE_SCANS, JUMP_MIN_K, KINDS, LIMITS, RANGES, Kind, Limits
from chamber.instruments.ne107 import needs_service
from chamber.instruments.oxygen import ambient, settle, to_vol_pct
from chamber.instruments.sensor import Mark, too_fast
from chamber.instruments.watch import SECOND_S, Plant, Watched, apply, watch
from chamber.profile import DeviceProfile
from chamber.readings import NEVER, Quality, Reading, Why, readings_of
from chamber.tags import ANALOG_TAGS
from control.state import Instruments
from plc_bridge.contract import QUALITY, Output, QualityNibble
from plc_bridge.status import ALL_GOOD, TAGS, PlcStatus

SCAN_MAX_S = 0.25  # further apart, two values are no neighbours: no noise is taken from them
_GOOD = int(QualityNibble.GOOD)
_GOOD_QUALITY, _NONE = Quality.GOOD, Why.NONE
_UNHEARD = (Quality.BAD, Why.NEVER_READ)
_WARMING = Mark(Quality.BAD, Why.WARM_UP)
_OXYGEN = tuple(tag for tag, kind in KINDS.items() if kind is Kind.OXYGEN)
_NOT_FITTED: Reading[float] = Reading(None, Quality.BAD, Why.NOT_FITTED)


class _Row(NamedTuple):
    tag: str
    low: float
    high: float
    limits: Limits
    jumps: bool  # changes are judged


_ROWS = tuple(_Row(t.tag, *RANGES[t.tag], lim := LIMITS[KINDS[t.tag]], lim.rise_per_s is not None) for t in ANALOG_TAGS)
_LOWEST, _HIGHEST = tuple(r.low for r in _ROWS), tuple(r.high for r in _ROWS)
_JUMPING = itemgetter(*(n for n, r in enumerate(_ROWS) if r.jumps))


def validate(
    old: Instruments, block: PlcStatus, last: PlcStatus | None, now: float, doors_shut: bool, profile: DeviceProfile
) -> tuple[dict[str, Reading[float]], Instruments]:
    """Readings of a new block. ``last``: the block before, None across a silence: then nothing is compared with it."""
    dt = 0.0 if last is None else block.acquired_at_s - last.acquired_at_s
    before = None if last is None or dt <= 0.0 else last
    distrust: Mapping[str, float] = old.distrust_until_s
    if distrust:
        distrust = {tag: until for tag, until in distrust.items() if until > now}
    impossible: Mapping[str, int] = {}
    if not distrust and _ordinary(block, before):
        at = block.acquired_at_s
        analog = dict(zip(TAGS, readings_of(block.values, at), strict=True))
    else:
        analog, distrust, impossible = _judged(old, block, before, dt, now, distrust)
    for tag in profile.absent.tags:
        if tag in analog:
            analog[tag] = _NOT_FITTED
    corrected: Mapping[str, float] = {}
    if profile.mean_kpa is not None:  # nothing is corrected without a barometer, the profile sees to that
        corrected = profile.partial_pressure
        pressure = ambient(analog["PT-301"].good, profile.mean_kpa)
        for tag, calibrated_kpa in corrected.items():
            analog[tag] = to_vol_pct(analog[tag], calibrated_kpa, pressure)
    watched, settling = old.watched, old.settling
    if watched.at_s is None or now - watched.at_s >= SECOND_S:
        watched = watch(watched, now, analog, _neighbours(last, dt, corrected), _plant(block, doors_shut, profile), profile)
        settling = settle(settling, now, {tag: analog[tag] for tag in _OXYGEN})
        distrust = {**distrust, **dict.fromkeys(watched.too_fast, now + DISTRUST_S)}
        for tag in watched.too_fast:
            analog[tag] = analog[tag]._replace(quality=Quality.BAD, why=Why.RATE)
    for tag, mark in watched.marks.items():
        analog[tag] = apply(analog[tag], mark)
    for tag in settling:
        analog[tag] = apply(analog[tag], _WARMING)
    for tag, mark in old.fresh_air.items():
        analog[tag] = apply(analog[tag], mark)
    if watched is old.watched:
        if (distrust is old.distrust_until_s or distrust == old.distrust_until_s) and impossible == old.impossible:
            return analog, old
        return analog, old._replace(distrust_until_s=distrust, impossible=impossible)
    due = tuple([tag for tag, r in analog.items() if not (r.why is _NONE and r.quality is _GOOD_QUALITY) and needs_service(r)])
    used = _meter(old, block, now, analog["FT-401"].good, profile)
    return analog, Instruments(distrust, impossible, watched, old.fresh_air, settling, due, used)


def _ordinary(block: PlcStatus, before: PlcStatus | None) -> bool:
    """All good, all within what is possible, nothing far from where it was: the whole block at once, as it is in nearly every scan."""
    values = block.values
    if block.nibbles != ALL_GOOD or not (all(map(le, _LOWEST, values)) and all(map(le, values, _HIGHEST))):
        return False
    if before is None:
        return True
    changes: Iterable[float] = map(sub, _JUMPING(values), _JUMPING(before.values))
    return max(map(abs, changes)) <= JUMP_MIN_K


def _judged(
    old: Instruments, block: PlcStatus, before: PlcStatus | None, dt: float, now: float, distrust: Mapping[str, float]
) -> tuple[dict[str, Reading[float]], dict[str, float], dict[str, int]]:
    """Readings one by one, whom to distrust until when, and how often in a row each was impossible."""
    at, distrust, impossible = block.acquired_at_s, dict(distrust), dict[str, int]()
    analog: dict[str, Reading[float]] = {}
    for n, (tag, low, high, limits, jumps) in enumerate(_ROWS):
        value, nibble = block.values[n], block.nibbles[n]
        quality, why = QUALITY.get(nibble, _UNHEARD)
        if nibble == QualityNibble.NEVER:
            analog[tag] = NEVER
            continue
        if quality is not Quality.BAD and not low <= value <= high:
            impossible[tag] = min(old.impossible.get(tag, 0) + 1, IMPOSSIBLE_SCANS)
            quality, why = Quality.BAD if impossible[tag] == IMPOSSIBLE_SCANS else Quality.UNCERTAIN, Why.OUT_OF_RANGE
        if jumps and quality is Quality.GOOD:
            if before is not None and _jumped(before.values[n], before.nibbles[n], value, limits, dt):
                distrust[tag] = now + DISTRUST_S
            if tag in distrust:
                quality, why = Quality.BAD, Why.RATE
        analog[tag] = Reading(value, quality, why, at)
    return analog, distrust, impossible


def _meter(old: Instruments, block: PlcStatus, now: float, flow_kg_h: float | None, profile: DeviceProfile) -> Meter:
    opened = bool(block.outputs >> Output.XV_401 & 1)
    valves = (block.valve_main_pct, block.valve_pre_pct) if opened else (0.0, 0.0)
    full = (profile.regulator_main.full_flow_kg_h, 0.0 if profile.regulator_pre is None else profile.regulator_pre.full_flow_kg_h)
    return meter(old.meter, now, flow_kg_h, valves, full)


def grow_old(analog: Mapping[str, Reading[float]], quality: Quality, why: Why) -> dict[str, Reading[float]]:
    """Readings of a PLC that is silent."""
    return {tag: r if r is _NOT_FITTED else Reading(r.value, quality, why, r.acquired_at_s) for tag, r in analog.items()}


def forget(old: Instruments) -> Instruments:
    """After a silence: what was found stands, what was being counted begins anew."""
    watched = Watched(marks=old.watched.marks, fellows=old.watched.fellows)
    return old._replace(impossible={}, watched=watched, meter=Meter())


def _neighbours(last: PlcStatus | None, dt: float, without: Container[str]) -> Mapping[str, float] | None:
    """Values one scan ago; ``without`` those that stand in another unit there."""
    if last is None or not 0.0 < dt <= SCAN_MAX_S:
        return None
    told = zip(TAGS, last.values, last.nibbles, strict=True)
    return {tag: value for tag, value, nibble in told if nibble == _GOOD and tag not in without}


def _plant(block: PlcStatus, doors_shut: bool, profile: DeviceProfile) -> Plant:
    outputs = block.outputs
    return Plant(
        valves_pct=(block.valve_main_pct, block.valve_pre_pct),
        open=bool(outputs >> Output.XV_401 & 1),
        doors_shut=doors_shut,
        fan=bool(outputs >> Output.RECIRC_FAN & 1),
        empty=all(block.bits.get(room.presence) is False for room in profile.rooms),
    )


def _jumped(last: float, nibble: int, value: float, limits: Limits, dt: float) -> bool:
    change = value - last
    return nibble == _GOOD and not -JUMP_MIN_K <= change <= JUMP_MIN_K and too_fast(change, limits, dt)
