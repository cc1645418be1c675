"""What a device of one room has and has not, and what a profile may not say of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import chamber.profile as module
from chamber.profile import FACE_ABOVE_RIM, NO_PRE_CHAMBER, PRE_CHAMBER_ONLY, DeviceProfile
from chamber.session import Session, Statistics

FOLDER = Path(module.__file__).parent / "profiles"
WALK_IN, CABIN = (tomllib.loads((FOLDER / f"{name}.toml").read_text()) for name in ("walk-in-two-room", "cabin"))


def made(given: dict[str, Any], **changes: Any) -> DeviceProfile:
    return DeviceProfile.model_validate(given | changes)


def test_what_a_kind_of_device_lacks() -> None:
    cabin, walk_in = made(CABIN), made(WALK_IN)
    assert cabin.entrance is cabin.main
    assert walk_in.entrance is walk_in.pre
    assert set(PRE_CHAMBER_ONLY) <= cabin.absent.tags
    assert all(cabin.absent.why[tag] == NO_PRE_CHAMBER for tag in PRE_CHAMBER_ONLY if tag not in cabin.not_fitted)
    assert walk_in.absent.tags == {FACE_ABOVE_RIM, *walk_in.not_fitted}
    stated = made(WALK_IN, not_fitted={"PT-301": "no barometer on this device"})
    assert stated.absent.why["PT-301"] == "no barometer on this device"


def test_heat_leak_of_a_wall_by_hand() -> None:
    """20.6 m², 0.15 m of foam at 0.023 W/mK, film 7 W/m²K inside: 20.6 / (1/7 + 6.52) = 3.09 W/K, and the bridges."""
    twin = made(WALK_IN).twin
    assert twin is not None
    room = twin.main.model_copy(update={"wall_m2": 20.6, "foam_m": 0.15, "foam_w_mk": 0.023, "bridge_w_k": 0.9})
    assert room.steady_w_k == pytest.approx(3.09 + 0.9, abs=0.01)


@pytest.mark.parametrize(
    ("given", "changes", "message"),
    [
        (CABIN, {"twin": WALK_IN["twin"]}, "twin: the digital twin knows chambers of two rooms only"),
        (WALK_IN, {"usual": {"TT-102": (-100.0, -120.0)}}, "usual: TT-102: from -100 to -120: the lower one first"),
        (WALK_IN, {"pre": None}, "pre, regulator_pre: a head-out cabin has neither"),
        (CABIN, {"zones": ["TT-201"]}, "at least two thermometers about the guest"),
        (CABIN, {"limits": CABIN["limits"] | {"persons": 2}}, "limits.persons = 1"),
        (WALK_IN, {"zones": ["TT-101", "TT-102"]}, "zones: only a head-out cabin has them"),
    ],
)
def test_a_profile_that_does_not_fit_its_kind_is_refused(given: dict[str, Any], changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        made(given, **changes)


def test_a_sample_of_a_session_is_in_its_statistics() -> None:
    session = Session(1, made(WALK_IN).programs[0], 1, "anna", 10.0, 180.0, "program", 10.0)
    session = session.sampled(-110.0, 20.9, 20.8).sampled(-112.0, 20.5, None)
    assert session.statistics == Statistics(2, -222.0, -112.0, -110.0, 20.5, 20.8)
    assert session._replace(statistics=Statistics()) == Session(1, session.program, 1, "anna", 10.0, 180.0, "program", 10.0)
