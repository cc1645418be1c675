"""Properties, films and hand formulas against independent sources: CoolProp, ht, FESHM 4240."""

from __future__ import annotations

from dataclasses import replace

import ht
import pytest
from CoolProp.CoolProp import HAPropsSI, PropsSI

from simulator import gas, odh
from simulator.body import conductivity, convection, viscosity
from simulator.gas import KELVIN
from simulator.parameters import PlantParameters
from simulator.thermal import T_ROOM, X_BREATHING, X_FLOOR, Inputs, Model, warm_state

P = 101_325.0
COLD_C = (-180.0, -160.0, -140.0, -110.0, -60.0, 20.0)


@pytest.mark.parametrize("c", COLD_C)
def test_air_against_coolprop(c: float) -> None:
    """Ideal gas and constant heat capacity hold to 3 % down to -180 °C, to 1 % at -140 °C and above."""
    t = c + KELVIN
    tolerance = 0.01 if c >= -140.0 else 0.03
    assert gas.density(t) == pytest.approx(PropsSI("D", "T", t, "P", P, "Air"), rel=tolerance)
    assert pytest.approx(PropsSI("C", "T", t, "P", P, "Air"), rel=0.045 if c < -140.0 else 0.01) == gas.CP_AIR
    assert conductivity(t) == pytest.approx(PropsSI("L", "T", t, "P", P, "Air"), rel=0.008)
    assert viscosity(t) == pytest.approx(PropsSI("V", "T", t, "P", P, "Air"), rel=0.007)


def test_nitrogen_boils_as_coolprop_says() -> None:
    latent = PropsSI("H", "P", P, "Q", 1, "Nitrogen") - PropsSI("H", "P", P, "Q", 0, "Nitrogen")
    assert pytest.approx(latent, rel=1e-3) == gas.LATENT_NITROGEN


@pytest.mark.parametrize(("c", "kj_kg"), [(-60, 342.7), (-110, 290.5), (-130, 269.6), (-140, 259.0), (-160, 237.9), (-180, 216.5)])
def test_cold_in_a_kilogram_of_nitrogen(c: float, kj_kg: float) -> None:
    """From liquid at 1 atm to gas, kJ/kg: the tabled value, CoolProp and the plant's two constants."""
    t = c + KELVIN
    reference = PropsSI("H", "T", t, "P", P, "Nitrogen") - PropsSI("H", "P", P, "Q", 0, "Nitrogen")
    assert reference / 1e3 == pytest.approx(kj_kg, abs=0.1)
    saturation = PropsSI("T", "P", P, "Q", 0, "Nitrogen")
    assert gas.LATENT_NITROGEN + gas.CP_NITROGEN * (t - saturation) == pytest.approx(reference, rel=0.006)


def test_coil_pressure_and_flash_of_the_plant(parameters: PlantParameters) -> None:
    n = parameters.nitrogen
    pascal = 1e5 * n.supply_bar
    assert n.saturation_k == pytest.approx(PropsSI("T", "P", pascal, "Q", 0, "Nitrogen"), abs=0.1)
    liquid, let_down = PropsSI("H", "P", pascal, "Q", 0, "Nitrogen"), PropsSI("H", "P", P, "Q", 0, "Nitrogen")
    assert n.flash == pytest.approx((liquid - let_down) / gas.LATENT_NITROGEN, abs=0.001)


@pytest.mark.parametrize("c", [-80.0, -60.0, -40.0, -20.0, 0.0])
def test_humidity_over_ice_against_coolprop(c: float) -> None:
    assert gas.humidity_over_ice(c + KELVIN) == pytest.approx(HAPropsSI("W", "T", c + KELVIN, "P", P, "R", 1.0), rel=0.02)


@pytest.mark.parametrize("c", COLD_C[:-1])
@pytest.mark.parametrize("skin_c", [32.0, 20.0, 5.0])
def test_natural_convection_against_ht(c: float, skin_c: float) -> None:
    """Churchill and Chu by another hand, with CoolProp's properties at the film temperature, plate of 1.7 m."""
    surface, cold = skin_c + KELVIN, c + KELVIN
    film = 0.5 * (surface + cold)
    k, mu, rho, cp = (PropsSI(x, "T", film, "P", P, "Air") for x in "LVDC")
    prandtl, nu = cp * mu / k, mu / rho
    grashof = 9.81 / film * (surface - cold) * 1.7**3 / nu**2
    reference = ht.Nu_vertical_plate_Churchill(prandtl, grashof) * k / 1.7
    assert convection(surface, cold, 0.0) == pytest.approx(reference, rel=0.012)


def test_film_of_wind_at_the_temperature_of_its_source() -> None:
    """de Dear (1997): 10.3 v^0.6 W/m²K for the whole body, measured near 300 K; natural convection is then small beside it."""
    assert convection(303.0, 297.0, 1.0) == pytest.approx(10.3, rel=0.03)
    assert convection(303.0, 297.0, 4.0) / convection(303.0, 297.0, 1.0) == pytest.approx(4.0**0.6, rel=0.03)


# -- oxygen deficiency ---------------------------------------------------------------------------------------------------


def test_hand_cases_to_the_digit() -> None:
    """Worked with a pocket calculator: 7.9 kg in 225 s into 30 m³, 300 m³/h blown in, and the other three cases."""
    release, fan, volume = 0.0301, 300.0 / 3600.0, 30.0
    assert 100.0 * odh.fan_blows_in(release, fan, volume, 225.0) == pytest.approx(17.81, abs=0.005)
    assert 100.0 * odh.release_fills(release, volume, 225.0) == pytest.approx(16.756, abs=0.001)
    assert 100.0 * odh.fan_extracts(0.03, 0.0833, 60.0, 300.0) == pytest.approx(18.4237, abs=0.0005)
    assert 100.0 * odh.after_release(0.15, 0.1, 60.0, 600.0) == pytest.approx(18.7927, abs=0.0005)
    assert 3600.0 * odh.fresh_air_needed(7.9 / 600.0 / 1.1606, 0.195) == pytest.approx(531.0, rel=0.01)  # 529 m³/h tabled


def test_limits_of_the_hand_cases() -> None:
    assert odh.fan_blows_in(0.02, 0.08, 30.0, 1e6) == pytest.approx(0.21 * 0.8)
    assert odh.fan_blows_in(0.0, 0.0, 30.0, 60.0) == 0.21
    assert odh.fan_blows_in(0.02, 0.0, 30.0, 60.0) == pytest.approx(odh.release_fills(0.02, 30.0, 60.0))
    assert odh.fan_extracts(0.02, 0.08, 30.0, 1e6) == pytest.approx(0.21 * 0.75)
    assert odh.after_release(0.10, 0.1, 30.0, 0.0) == pytest.approx(0.10)
    with pytest.raises(ValueError, match="release_fills"):
        odh.fan_extracts(0.08, 0.08, 30.0, 60.0)
    with pytest.raises(ValueError, match="between"):
        odh.fresh_air_needed(0.01, 0.21)
    assert [odh.odh_class(x) for x in (0.0, 1e-7, 1e-5, 1e-3, 0.1, 1.0)] == [0, 1, 2, 3, 4, 4]


@pytest.mark.parametrize(("pct", "factor"), [(18.0, 0.0), (17.0, 3.80e-7), (16.0, 2.19e-6), (13.0, 4.17e-4), (10.0, 7.94e-2), (8.79, 1.0)])
def test_fatality_factor_to_three_digits(pct: float, factor: float) -> None:
    """10^(6.5 - 76 x) between 8.8 and 18 %."""
    assert gas.fatality_factor(pct / 100.0) == pytest.approx(factor, rel=5e-3, abs=1e-12)


def _room(p: PlantParameters, steps: list[tuple[float, float, float]]) -> float:
    """Mean oxygen of the plant's treatment room, well mixed and isothermal, after (release m³/s, extract m³/s, s) in turn."""
    p = replace(p, room=replace(p.room, mixing_m3_s=20.0))
    model, y, u = Model(p), warm_state(p), Inputs()
    for release, extract, seconds in steps:
        u.leak_room, u.extract = release * gas.density(p.air.room_k), extract
        for _ in range(round(seconds / 0.2)):
            y[T_ROOM] = p.air.room_k
            y = model.step(y, u, 0.2)
    share = p.room.floor_m3 / p.room.volume_m3
    return float(share * y[X_FLOOR] + (1.0 - share) * y[X_BREATHING])


def test_plant_follows_cases_a_and_d(parameters: PlantParameters) -> None:
    """A: what is blown in and released leaves together. D: the same room recovers. Scaled to the plant's 20.95 %."""
    volume, scale = parameters.room.volume_m3, gas.OXYGEN_AIR / odh.AIR
    hand = odh.fan_blows_in(0.03, 0.08, volume, 300.0)
    assert _room(parameters, [(0.03, 0.11, 300.0)]) == pytest.approx(hand * scale, abs=5e-4)
    after = odh.after_release(hand, 0.11, volume, 300.0)
    assert _room(parameters, [(0.03, 0.11, 300.0), (0.0, 0.11, 300.0)]) == pytest.approx(after * scale, abs=5e-4)
