"""Oxygen analysers: ambient pressure (H-06), fresh air (H-05), warm-up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chamber.instruments.oxygen import HIGHEST_FACTOR, WEATHER, Settling, ambient, fresh_air, settle, to_vol_pct
from chamber.profile import Commissioned, DeviceProfile
from chamber.readings import Quality, Reading, Why
from tests.chamber.asking import PROFILE
from tests.chamber.facts_factory import bad, good

STANDARD_KPA = 101.325


@pytest.mark.req("SRS-O2-010")
@pytest.mark.parametrize(("altitude_m", "kpa"), [(0, 101.3), (600, 94.3), (1500, 84.6), (2500, 74.7), (3500, 65.8)])
@pytest.mark.parametrize("weather", [-0.039, 0.0, 0.039])
def test_clean_air_reads_as_clean_air_at_every_height(altitude_m: int, kpa: float, weather: float) -> None:
    """Uncorrected a cell set at sea level reads 19.5 % at 600 m and 17.4 % at 1500 m."""
    now = kpa * (1.0 + weather)
    raw = 20.9 * now / STANDARD_KPA
    r = to_vol_pct(good(raw), STANDARD_KPA, ambient(now, kpa))
    assert r.good == pytest.approx(20.9)
    assert r.why is Why.NONE
    if altitude_m >= 600:
        assert raw < 20.3


@pytest.mark.req("SRS-O2-010")
@given(st.floats(62.0, 104.0), st.floats(-WEATHER, WEATHER), st.floats(0.0, 25.0), st.one_of(st.none(), st.floats(60.0, 110.0)))
def test_without_a_barometer_oxygen_never_counts_as_more_than_it_is(
    mean: float, weather: float, true_pct: float, measured: float | None
) -> None:
    now = mean * (1.0 + weather)
    raw = true_pct * now / STANDARD_KPA
    pressure = ambient(measured, mean)
    if not pressure.assumed:
        return  # believed: within the weather of the place
    r = to_vol_pct(good(raw), STANDARD_KPA, pressure)
    assert r.good is not None
    assert r.good <= true_pct + 1e-9
    assert r.good * HIGHEST_FACTOR >= true_pct - 1e-9  # and what may be too much is still seen (H-26)
    assert r.why is Why.PRESSURE_UNKNOWN


@pytest.mark.req("SRS-O2-010")
def test_a_lost_barometer_alone_ends_no_session() -> None:
    r = to_vol_pct(good(20.9), 100.0, ambient(None, 100.0))
    assert r.good is not None
    assert 20.0 <= r.good < 20.2


def test_bad_readings_stay_bad() -> None:
    assert to_vol_pct(bad(), 100.0, ambient(None, 100.0)) == bad()
    assert to_vol_pct(bad(20.0), 100.0, ambient(None, 100.0)).why is Why.FAILURE_HIGH


def test_partial_pressure_needs_a_barometer() -> None:
    cell = {"AT-101A": Commissioned(partial_pressure_at_kpa=100.0)}
    fields = {n: getattr(PROFILE, n) for n in DeviceProfile.model_fields}
    ok = DeviceProfile(**fields | {"commissioned": cell | {"PT-301": Commissioned(mean_kpa=95.0)}})
    assert ok.partial_pressure == {"AT-101A": 100.0}
    for wrong in (
        {"commissioned": cell},
        {"commissioned": cell | {"PT-301": Commissioned(mean_kpa=95.0)}, "not_fitted": {"PT-301": "no barometer is mounted here"}},
    ):
        with pytest.raises(ValidationError, match="PT-301 must be fitted"):
            DeviceProfile(**fields | wrong)


@pytest.mark.req("SRS-O2-009")
@pytest.mark.parametrize(
    ("value", "quality"),
    [
        (20.9, None),
        (20.61, None),
        (21.19, None),
        (20.59, Quality.GOOD),
        (21.21, Quality.GOOD),
        (20.41, Quality.GOOD),
        (20.39, Quality.BAD),
        (21.41, Quality.BAD),
    ],
)
def test_fresh_air(value: float, quality: Quality | None) -> None:
    mark = fresh_air(good(value))
    assert (None if mark is None else mark.quality) is quality
    again = fresh_air(Reading(value, Quality.BAD, Why.FRESH_AIR))  # judged anew by its value
    assert again == mark


@pytest.mark.req("SRS-O2-009")
def test_no_value_is_no_fresh_air() -> None:
    for r in (bad(20.9), bad(), Reading(20.9, Quality.UNCERTAIN, Why.STUCK)):
        mark = fresh_air(r)
        assert mark is not None
        assert mark.quality is Quality.BAD


def test_an_analyser_must_be_steady_for_half_a_minute_after_its_warm_up() -> None:
    warming = {"AT-301": Reading(18.0, Quality.BAD, Why.WARM_UP)}
    s = settle({}, 0.0, warming)
    assert s == {"AT-301": None}
    s = settle(s, 1.0, warming)
    s = settle(s, 2.0, {"AT-301": good(20.0)})
    assert s == {"AT-301": Settling(2.0, 20.0, 20.0)}
    s = settle(s, 20.0, {"AT-301": good(20.41)})  # still rising: from here anew
    s = settle(s, 49.9, {"AT-301": good(20.7)})
    assert "AT-301" in s
    assert settle(s, 50.0, {"AT-301": good(20.7)}) == {}
    assert settle(s, 51.0, {"AT-301": Reading(None, Quality.BAD, Why.NEVER_READ)}) == s
