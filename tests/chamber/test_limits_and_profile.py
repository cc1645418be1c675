"""Guardrails, profiles and what a site may change: narrower always, wider never."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chamber.limits import GUARDRAILS, O2_REENTRY_HOLD_S, O2_REENTRY_PCT, Guardrail, _rail, exposure_cap_s
from chamber.profile import NARROWING, DeviceProfile, Limits, Program, Room
from chamber.settings import NarrowingError, Plc, Records, Settings, narrowed
from chamber.tags import ANALOG, BITS, OPTIONAL
from tests.chamber.asking import PRE, PROFILE, ROOM

# Absolute bounds, by hand from the safety proposals: nobody may get past these, whatever a file says.
ABSOLUTE: dict[str, tuple[float, float]] = {
    "setpoint_main_c": (-160.0, -60.0),
    "setpoint_pre_c": (-80.0, -10.0),
    "exposure_s": (30.0, 180.0),
    "pre_chamber_s": (10.0, 60.0),
    "persons": (1, 5),
    "operator_confirm_s": (10.0, 30.0),
    "exit_door_alarm_s": (3.0, 10.0),
    "exit_evacuate_s": (5.0, 15.0),
    "cool_off_s": (300.0, 3600.0),
    "drying_to_c": (20.0, 45.0),
    "drying_max_s": (600.0, 28800.0),
    "o2_chamber_pre_alarm_pct": (20.0, 20.5),
    "o2_chamber_trip_pct": (19.5, 20.2),
    "o2_chamber_evacuate_pct": (19.0, 19.5),
    "o2_room_pre_alarm_pct": (20.0, 20.5),
    "o2_room_trip_pct": (19.5, 20.2),
    "o2_room_evacuate_pct": (19.0, 19.5),
    "o2_room_floor_pre_alarm_pct": (19.5, 20.0),
    "o2_room_floor_trip_pct": (19.0, 19.5),
    "o2_room_floor_evacuate_pct": (18.0, 19.0),
    "overcold_below_setpoint_k": (5.0, 15.0),
    "ready_band_k": (0.5, 5.0),
    "skin_end_c": (-3.7, 15.0),
    "ln2_relief_bar_a": (1.5, 4.0),
}
SAFER_DOWN = {
    "drying_to_c",
    "drying_max_s",
    "exposure_s",
    "pre_chamber_s",
    "persons",
    "operator_confirm_s",
    "exit_door_alarm_s",
    "exit_evacuate_s",
    "overcold_below_setpoint_k",
    "ready_band_k",
    "ln2_relief_bar_a",
}


def test_absolute_bounds() -> None:
    assert {name: (g.low, g.high) for name, g in GUARDRAILS.items()} == ABSOLUTE


@pytest.mark.parametrize("rail", GUARDRAILS.values(), ids=lambda g: g.name)
def test_guardrail_at_and_beyond_its_ends(rail: Guardrail) -> None:
    assert rail.low <= rail.recommended_low <= rail.recommended_high <= rail.high
    assert rail.check(rail.low) is None
    assert rail.check(rail.high) is None
    for outside in (rail.low - 0.001, rail.high + 0.001, float("nan"), float("inf"), float("-inf")):
        complaint = rail.check(outside)
        assert complaint is not None
        assert f"{rail.low:g} to {rail.high:g}" in complaint
    assert rail.basis
    assert rail.hazards


def test_a_recommended_range_outside_the_absolute_is_refused() -> None:
    with pytest.raises(ValueError, match=r"guardrail x: recommended"):
        _rail("x", "s", (1.0, 2.0), (0.5, 2.0), ("H-01",), "none")
    point = _rail("x", "s", (1.0, 1.0), (1.0, 1.0), ("H-01",), "none")  # one value alone may be all there is
    assert point.check(1.0) is None


@pytest.mark.req("SRS-TIM-001")
@pytest.mark.parametrize(
    ("coldest_c", "cap_s"),
    [(20.0, 180.0), (-110.0, 180.0), (-139.9, 180.0), (-140.0, 150.0), (-159.9, 150.0), (-160.0, 120.0), (-200.0, 120.0)],
)
def test_exposure_cap_by_measured_cold(coldest_c: float, cap_s: float) -> None:
    assert exposure_cap_s(coldest_c) == cap_s


@given(st.floats(-220, 60), st.floats(-220, 60))
def test_colder_never_allows_longer(a: float, b: float) -> None:
    assert exposure_cap_s(min(a, b)) <= exposure_cap_s(max(a, b))


@pytest.mark.parametrize("name", Limits.model_fields)
def test_limits_stop_at_their_guardrail(name: str) -> None:
    rail = GUARDRAILS["setpoint_main_c" if name == "setpoint_main_min_c" else name]
    for value in (rail.low - 1, rail.high + 1, float("nan"), float("inf")):
        with pytest.raises(ValidationError):
            Limits.model_validate({name: value})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"o2_chamber_trip_pct": 20.0}, "o2_chamber_pre_alarm_pct must be above o2_chamber_trip_pct"),
        ({"o2_chamber_trip_pct": 19.5, "o2_chamber_evacuate_pct": 19.5}, "o2_chamber_trip_pct must be above"),
        ({"o2_room_trip_pct": 20.1}, "o2_room_pre_alarm_pct must be above"),
        ({"o2_room_trip_pct": 19.5, "o2_room_evacuate_pct": 19.5}, "o2_room_trip_pct must be above"),
        ({"exit_evacuate_s": 8.0, "exit_door_alarm_s": 8.0}, "exit_evacuate_s must be above exit_door_alarm_s"),
        ({"no_such": 1.0}, "Extra inputs"),
    ],
)
def test_limits_must_be_in_order(values: dict[str, float], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Limits.model_validate(values)


@pytest.mark.parametrize(
    ("field", "value"),
    [("setpoint_main_c", -160.1), ("setpoint_main_c", -59.0), ("setpoint_pre_c", -81.0), ("pre_chamber_s", 61.0), ("exposure_s", 181.0)],
)
def test_programs_stop_at_the_guardrails(field: str, value: float) -> None:
    good: dict[str, Any] = {"id": "p", "name": "P", "setpoint_main_c": -110.0, "exposure_s": 120.0}
    Program.model_validate(good)
    with pytest.raises(ValidationError, match="is outside"):
        Program.model_validate(good | {field: value})


def profile_with(**changes: Any) -> DeviceProfile:
    return DeviceProfile.model_validate(PROFILE.model_dump() | changes)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ({"exposure_s": 150.0, "setpoint_main_c": -110.0}, "exposure_s 150 exceeds the limit 120"),
        ({"exposure_s": 100.0, "setpoint_main_c": -110.0, "pre_chamber_s": 45.0}, "pre_chamber_s 45 exceeds the limit 40"),
        ({"exposure_s": 100.0, "setpoint_main_c": -130.0}, "setpoint_main_c -130 is below setpoint_main_min_c -120"),
    ],
)
def test_a_program_beyond_the_limits_of_its_profile_is_refused(program: dict[str, Any], message: str) -> None:
    limits = {"exposure_s": 120.0, "pre_chamber_s": 40.0, "setpoint_main_min_c": -120.0}
    with pytest.raises(ValidationError, match=message):
        profile_with(limits=limits, programs=[{"id": "p", "name": "P", **program}])


def test_profile_consistency() -> None:
    twice = [p.model_dump() for p in (*PROFILE.programs, PROFILE.programs[0])]
    with pytest.raises(ValidationError, match="must be unique"):
        profile_with(programs=twice)
    with pytest.raises(ValidationError, match="unknown tag 'TT-999'"):
        Room.model_validate(ROOM | {"temperatures": ("TT-101", "TT-999")})
    with pytest.raises(ValidationError, match="unknown tag 'YS-999'"):
        Room.model_validate(PRE | {"presence": "YS-999"})
    assert PROFILE.program("standard") is PROFILE.programs[0]
    assert PROFILE.program("no-such") is None


def test_which_way_is_safer_is_known_for_every_limit() -> None:
    assert set(NARROWING) == set(Limits.model_fields)
    assert {name for name, way in NARROWING.items() if way == "down"} == SAFER_DOWN


def _rail_of(key: str) -> Guardrail:
    return GUARDRAILS["setpoint_main_c" if key == "setpoint_main_min_c" else key]


@pytest.mark.parametrize("key", NARROWING)
def test_a_site_may_narrow(key: str) -> None:
    current = float(getattr(PROFILE.limits, key))
    step = {"persons": 1.0, "o2_room_floor_evacuate_pct": 0.1}.get(key, 0.1)
    value = current - step if NARROWING[key] == "down" else current + step
    assert getattr(narrowed(PROFILE, {key: value}).limits, key) == pytest.approx(value)


@pytest.mark.req("SRS-CFG-001")
@pytest.mark.parametrize("key", NARROWING)
def test_a_site_may_never_widen(key: str) -> None:
    current = float(getattr(PROFILE.limits, key))
    value = current + 0.01 if NARROWING[key] == "down" else current - 0.01
    with pytest.raises(NarrowingError, match=rf"limits.{key} = .*a site may only narrow") as caught:
        narrowed(PROFILE, {key: value})
    assert (caught.value.key, caught.value.value) == (key, value)


@pytest.mark.req("SRS-CFG-001")
@given(st.dictionaries(st.sampled_from(sorted(NARROWING)), st.floats(-250, 250, allow_nan=False), max_size=4))
def test_whatever_a_site_says_the_result_is_never_wider(site: dict[str, float]) -> None:
    try:
        result = narrowed(PROFILE, site)
    except NarrowingError:
        return  # refused: nothing is wider
    for key, way in NARROWING.items():
        before, after = float(getattr(PROFILE.limits, key)), float(getattr(result.limits, key))
        assert after <= before if way == "down" else after >= before
        assert _rail_of(key).check(after) is None
    for old, new in zip(PROFILE.programs, result.programs, strict=True):
        assert new.exposure_s <= min(old.exposure_s, result.limits.exposure_s)
        assert new.setpoint_main_c >= result.limits.setpoint_main_min_c


def test_narrowing_past_the_guardrail_names_the_key() -> None:
    with pytest.raises(NarrowingError, match=r"limits.exposure_s = 20: .*20 s is outside 30 to 180 s"):
        narrowed(PROFILE, {"exposure_s": 20.0})


def test_narrowing_out_of_order_names_a_key() -> None:
    with pytest.raises(NarrowingError, match=r"o2_chamber_pre_alarm_pct must be above o2_chamber_trip_pct"):
        narrowed(PROFILE, {"o2_chamber_trip_pct": 20.1})


def test_programs_are_cut_to_the_sites_limits() -> None:
    site = narrowed(PROFILE, {"exposure_s": 100.0, "pre_chamber_s": 20.0, "setpoint_main_min_c": -100.0, "persons": 2.0})
    standard = site.program("standard")
    assert standard is not None
    assert (standard.exposure_s, standard.pre_chamber_s, standard.setpoint_main_c) == (100.0, 20.0, -100.0)
    assert site.limits.persons == 2
    assert isinstance(site.limits.persons, int)


def test_settings_places(tmp_path: Path) -> None:
    s = Settings(data_dir=tmp_path / "d", run_dir=tmp_path / "r")
    assert s.place("ipc://{run}/x.ipc") == f"ipc://{tmp_path}/r/x.ipc"
    assert s.place(s.records.url) == f"sqlite:///{tmp_path}/d/records.sqlite"
    with pytest.raises(ValidationError, match="is not a database URL"):
        Settings(records=Records(url="var/records.sqlite"))
    with pytest.raises(ValidationError, match="unknown limit 'no_such'"):
        Settings(limits={"no_such": 1.0})


@pytest.mark.parametrize("timeout_s", [0.04, 0.51, float("nan")])
def test_a_silent_plc_must_be_noticed_within_half_a_second(timeout_s: float) -> None:
    with pytest.raises(ValidationError):
        Plc(timeout_s=timeout_s)


@pytest.mark.req("SRS-O2-012")
def test_reentry_is_as_the_safety_reference_says() -> None:
    assert (O2_REENTRY_PCT, O2_REENTRY_HOLD_S) == (20.0, 60.0)  # H-03


@pytest.mark.parametrize("tag", sorted(OPTIONAL))
def test_an_optional_instrument_may_be_missing_with_a_reason(tag: str) -> None:
    profile = profile_with(not_fitted={tag: "no such instrument on this device"})
    assert profile.not_fitted == {tag: "no such instrument on this device"}
    with pytest.raises(ValidationError, match="at least 12 characters"):
        profile_with(not_fitted={tag: "none"})


@pytest.mark.parametrize("tag", sorted((set(ANALOG) | set(BITS)) - OPTIONAL))
def test_what_keeps_somebody_alive_must_be_fitted(tag: str) -> None:
    with pytest.raises(ValidationError, match=rf"{tag} must be fitted; only these may be missing"):
        profile_with(not_fitted={tag: "no such instrument on this device"})


def test_an_unknown_instrument_is_not_missing_but_a_mistake() -> None:
    with pytest.raises(ValidationError, match="unknown tag 'XX-1'"):
        profile_with(not_fitted={"XX-1": "no such instrument on this device"})


def test_optional_are_no_oxygen_door_stop_presence_or_temperature() -> None:
    assert {t.split("-")[0] for t in OPTIONAL}.isdisjoint({"TT", "AT", "ZS", "FS", "ES"})
    assert {"YS-101", "YS-201", "HS-001A", "HS-001B", "HS-101", "HS-002"}.isdisjoint(OPTIONAL)


def test_an_instrument_of_a_room_is_not_missing_at_the_same_time() -> None:
    main = PROFILE.main.model_dump() | {"temperatures": (*PROFILE.main.temperatures, "PT-301")}
    with pytest.raises(ValidationError, match="PT-301 is named as an instrument of a room"):
        profile_with(main=main, not_fitted={"PT-301": "no such instrument on this device"})
