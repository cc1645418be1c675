"""Healthy facts, to be spoiled one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from chamber.facts import Door, Facts, PlcFacts
from chamber.instruments.consumption import Used
from chamber.profile import Limits
from chamber.readings import Quality, Reading, Why
from chamber.states import CycleState
from chamber.upkeep import UpkeepFacts
from chamber.voting import Vote, vote

SETPOINT_C = -110.0
PLC_WELL = PlcFacts("run", frozenset(), frozenset(), None, False, True, 0.0, True, False, 0x1234_5678, True)


def good(value: float) -> Reading[float]:
    return Reading(value, Quality.GOOD, Why.NONE, 100.0)


def bad(value: float | None = None, why: Why = Why.FAILURE_HIGH) -> Reading[float]:
    return Reading(value, Quality.BAD, why, 100.0)


def uncertain(value: float) -> Reading[float]:
    return Reading(value, Quality.UNCERTAIN, Why.STALE, 100.0)


def _readings(values: Sequence[float | Reading[float] | None]) -> tuple[Reading[float], ...]:
    return tuple(v if isinstance(v, Reading) else bad() if v is None else good(v) for v in values)


@lru_cache(maxsize=4096)
def _group(values: tuple[float | Reading[float] | None, ...]) -> tuple[tuple[Reading[float], ...], Vote]:
    """A group of sensors and its vote; remembered, for some tests ask for a hundred thousand facts."""
    readings = _readings(values)
    return readings, vote(readings)


def facts(
    *,
    occupied: bool = False,
    main: Sequence[float | Reading[float] | None] = (-110.0, -110.0, -110.0),
    pre: Sequence[float | Reading[float] | None] = (-60.0, -60.0),
    o2_main: Sequence[float | Reading[float] | None] = (20.9, 20.9, 20.9),
    o2_pre: Sequence[float | Reading[float] | None] = (20.9, 20.9),
    o2_room: float | Reading[float] | None = 20.9,
    o2_floor: float | Reading[float] | None = 20.9,
    **changes: Any,
) -> Facts:
    """A chamber in order: empty in READY, or with guests in EXPOSURE one minute old. None as a value is a bad sensor."""
    (main_r, main_v), (_, pre_v) = _group(tuple(main)), _group(tuple(pre))
    (o2_main_r, o2_main_v), (o2_pre_r, o2_pre_v) = _group(tuple(o2_main)), _group(tuple(o2_pre))
    (room, floor), _ = _group((o2_room, o2_floor))
    healthy = Facts(
        now_s=100.0,
        limits=Limits(),
        block_age_s=0.05,
        plc=PLC_WELL._replace(occupied=occupied),
        main=main_v,
        pre=pre_v,
        main_readings=main_r,
        setpoint_main_c=SETPOINT_C,
        coil_outlet=good(-120.0),
        o2_main=o2_main_v,
        o2_pre=o2_pre_v,
        o2_main_readings=o2_main_r,
        o2_pre_readings=o2_pre_r,
        o2_room=room,
        o2_floor=floor,
        o2_high_factor=1.0,
        o2_entry_good_s=120.0,
        room_entry_good_s=120.0,
        inner_door=Door.SHUT,
        outer_door=Door.SHUT,
        undisturbed_s=480.0,
        unwarmed_s=1800.0,
        presence_main=occupied,
        presence_pre=False,
        face_clear=True,
        one_room=False,
        estop_released=True,
        call_pressed=False,
        sample_flow=True,
        extract_flow=True,
        mains=True,
        ln2_closed=False,
        purge_flow=False,
        purge_driven=False,
        room_emergency=False,
        service_key=False,
        announcement_heard=False,
        ups_healthy=True,
        o2_change_10s_pct=0.0,
        main_change_30s_k=0.0,
        main_change_120s_k=0.0,
        nitrogen_shut_s=None,
        nitrogen_flow_kg_h=30.0,
        valve_main_pct=20.0,
        valve_main_max_pct=100.0,
        nitrogen_used=Used(3.0, 2.9),
        instruments_due=(),
        maintenance={},
        state=CycleState.EXPOSURE if occupied else CycleState.READY,
        state_age_s=60.0,
        occupied=occupied,
        session_limit_s=180.0 if occupied else None,
        exposure_elapsed_s=60.0 if occupied else None,
        pre_elapsed_s=None,
        pre_limit_s=30.0 if occupied else None,
        confirm_left_s=20.0 if occupied else None,
        exit_age_s=None,
        exit_door_opened=False,
        outer_opened_since_exit=False,
        skin_low_c=20.0 if occupied else None,
        count_due=None,
        cool_off_left_s=0.0,
        records_ok=True,
        api_age_s=0.2,
        panel_age_s=1.0,
        tank_kg=3000.0,
        supply_bar=2.0,
        ambient_kpa=101.3,
        ups_charge_pct=100.0,
        not_fitted=frozenset(),
        unknown_session=False,
        self_test_failed=(),
        voice_failed=False,
        voice_age_s=3600.0,
        invariants_broken=(),
        upkeep=UpkeepFacts(),
        day_checked=True,
        bypassed=frozenset(),
        clock_jumped=False,
        safety_alarms_out=(),
        sign_in_abused=False,
    )
    return healthy._replace(**changes)
