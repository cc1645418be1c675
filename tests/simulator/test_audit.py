"""Books of a whole session, kept by somebody who does not know the right-hand side.

A group of three comes, stands in the cold and goes, through both doors and under a regulator. Every heat, gas, water and
nitrogen stream that crosses the outside of the chamber is computed anew from temperatures, areas and flows, integrated over
the session, and held against what walls, metal, frost, rooms and coils hold more or less than before. Flows through gaps are not
taken from the model: they follow from what the rooms' mass changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.gas import CP_AIR, CP_NITROGEN, LATENT_ICE, LATENT_NITROGEN, OXYGEN_AIR, R_AIR, door_flow
from simulator.parameters import PlantParameters, RoomParameters, load, walk_ins
from simulator.people import Place
from simulator.plant import SCAN_S, SCANS_PER_STEP, Plant
from simulator.precool import Regulated, precooled_state
from simulator.tank import LIQUID_KG_M3, VAPOUR_KG_M3_BAR, Tank
from simulator.thermal import (
    CARRIED,
    COIL_MAIN,
    COIL_PRE,
    FITTINGS,
    FOAM_NODES,
    FROST_MAIN,
    FROST_PRE,
    INPUTS,
    LINE,
    LIQUID_MAIN,
    LIQUID_PRE,
    NITROGEN,
    RIME_MAIN,
    RIME_PRE,
    T_MAIN,
    T_PRE,
    T_ROOM,
    W_MAIN,
    W_PRE,
    WALL_MAIN,
    WALL_PRE,
    X_BREATHING,
    X_MAIN,
    X_PRE,
)

H = SCAN_S * SCANS_PER_STEP
KPA = 100.0


def _content_kg(tank: Tank) -> float:
    """Liquid, vapour above it, and what was let out."""
    return tank.kg + VAPOUR_KG_M3_BAR * tank.pressure_bar * (tank.p.volume_m3 - tank.kg / LIQUID_KG_M3) + tank.vented_kg


class _Books:
    """States before and after each step as arrays (steps x states), inputs by name."""

    def __init__(self, name: str) -> None:
        self.p: PlantParameters = load(name)
        self.plant = Plant(self.p, precooled_state(name))
        self.plant.defects.ambient_kpa = KPA  # a pressure that changes would pump gas in and out
        before, after, inputs = [], [], []
        step = self.plant.model.step

        def noting(y: list[float], u: Any, h: float) -> list[float]:
            new = step(y, u, h)
            before.append(y)
            after.append(new)
            inputs.append([getattr(u, n) for n in INPUTS])
            return new

        self.plant.model.step = noting  # type: ignore[method-assign]
        self.tank_kg = _content_kg(self.plant.tank)
        self._session()
        self.y0, self.y1 = np.array(before), np.array(after)
        self.mean = 0.5 * (self.y0 + self.y1)
        self.u = {n: np.array(inputs)[:, i] for i, n in enumerate(INPUTS)}

    def _session(self) -> None:
        regulated, crowd, plant = Regulated(self.plant), self.plant.crowd, self.plant
        regulated.fresh_air = True
        regulated.advance(120.0)
        for place, stay_s in ((Place.PRE, 30.0), (Place.MAIN, 180.0), (Place.OUTSIDE, 60.0)):
            crowd.send(place, 3, plant.time_s)
            while crowd.count(place) < 3 or not (plant.inner.shut and plant.outer.shut):
                regulated.advance(0.4)
            regulated.advance(stay_s)
        regulated.advance(300.0)
        assert crowd.count(Place.OUTSIDE) == 3

    # -- streams, kg/s -------------------------------------------------------------------------------------------------------

    def mass(self, y: Any, at: int, room: RoomParameters) -> Any:
        return 1e3 * KPA / (R_AIR * y[:, at]) * room.volume_m3

    def blown(self, feed: str, at: int, room: RoomParameters) -> Any:
        """Gas that the liquid gives to a room: all that came and is not still liquid."""
        return self.u[feed] - (self.y1[:, at] - self.y0[:, at]) / H if room.droplet_s > 0.0 else np.zeros(len(self.mean))

    def through_gaps(self) -> tuple[Any, Any, Any, Any, Any]:
        """(blown main, blown pre, by the duct, breathed in from the room, breathed out to the room), from the rooms' mass alone."""
        p, u = self.p, self.u
        blown_m, blown_p = self.blown("feed_main", LIQUID_MAIN, p.main), self.blown("feed_pre", LIQUID_PRE, p.pre)
        grown_m = (self.mass(self.y1, T_MAIN, p.main) - self.mass(self.y0, T_MAIN, p.main)) / H
        grown_p = (self.mass(self.y1, T_PRE, p.pre) - self.mass(self.y0, T_PRE, p.pre)) / H
        out_m = u["fresh"] + u["purge"] + u["leak_main"] + blown_m - grown_m  # > 0: main breathes out
        duct = p.air.main_ducted * np.maximum(out_m, 0.0)
        out_p = out_m - duct + u["leak_pre"] + blown_p - grown_p
        return blown_m, blown_p, duct, np.maximum(-out_p, 0.0), np.maximum(out_p, 0.0)

    def outer_door(self) -> Any:
        rho = {at: 1e3 * KPA / (R_AIR * self.mean[:, at]) for at in (T_PRE, T_ROOM)}
        door = self.p.door
        flow = [
            f * door.flow_factor * max(a, b) * door_flow(door.area_m2, door.height_m, max(a, b), min(a, b)) if f > 0.0 else 0.0
            for f, a, b in zip(self.u["door_outer"], rho[T_PRE], rho[T_ROOM], strict=True)
        ]
        return np.array(flow)

    def carried_by_gas(self, main: Any, pre: Any, room: Any, fresh: Any) -> Any:
        """What gas brings across the boundary in total, where a kilogram of it carries ``main`` ... by where it comes from."""
        _, _, duct, inhaled, exhaled = self.through_gaps()
        u = self.u
        return (
            u["fresh"] * fresh
            + u["purge"] * room
            + (self.outer_door() + inhaled) * room
            - (self.outer_door() + exhaled) * pre
            - duct * main
        )


@pytest.fixture(scope="module", params=walk_ins())
def books(request: pytest.FixtureRequest) -> _Books:
    return _Books(request.param)


def _total(rate: Any) -> float:
    return float(np.sum(rate) * H)


def test_energy_closes_over_a_session(books: _Books) -> None:
    p, y, u = books.p, books.mean, books.u
    first, last = books.y0[0], books.y1[-1]
    stored, inflow = 0.0, np.zeros(len(y))
    for room, gas, wall, coil, frost, rime in (
        (p.main, T_MAIN, WALL_MAIN, COIL_MAIN, FROST_MAIN, RIME_MAIN),
        (p.pre, T_PRE, WALL_PRE, COIL_PRE, FROST_PRE, RIME_PRE),
    ):
        layer = room.foam_m / FOAM_NODES
        gained = last - first
        stored += room.wall_area_m2 * p.wall.liner_j_m2k * gained[wall] + room.coil_j_k * gained[coil]
        stored += room.wall_area_m2 * p.wall.foam_j_m3k * layer * sum(gained[wall + 1 : wall + 1 + FOAM_NODES])
        stored -= LATENT_ICE * (gained[frost] + gained[rime])  # frost holds less than the vapour it was
        outside = 1.0 / (1.0 / p.wall.outside_w_m2k + 0.5 * layer / p.wall.foam_w_mk)
        inflow += room.wall_area_m2 * outside * (y[:, T_ROOM] - y[:, wall + FOAM_NODES])
        inflow += room.bridge_w_k * (y[:, T_ROOM] - y[:, gas]) + room.fan_w * u["fan"]
    stored += p.main.fittings_j_k * (last - first)[FITTINGS] + p.nitrogen.line_j_k * (last - first)[LINE]
    inflow += p.nitrogen.line_ambient_w_k * (y[:, T_ROOM] - y[:, LINE])
    inflow += u["heat_main"] + u["heat_pre"] + u["radiation_main"] + u["radiation_pre"]

    # gas: rooms hold the same enthalpy whatever their temperature (constant pressure), so all of it shows at the boundary
    recovered = y[:, T_MAIN] + (1.0 - p.air.fresh_recovery) * (y[:, T_ROOM] - y[:, T_MAIN])
    inflow += CP_AIR * books.carried_by_gas(y[:, T_MAIN], y[:, T_PRE], y[:, T_ROOM], recovered)

    # nitrogen: what boiled took its latent heat, vapour left warmer than it began
    boils = p.nitrogen.saturation_k + u["saturation_shift"]
    blown_m, blown_p, *_ = books.through_gaps()
    cooling = (1.0 - p.nitrogen.flash) * (u["feed_main"] + u["feed_pre"])
    for feed, liquid, coil, gas, room, blown in (
        ("feed_main", LIQUID_MAIN, COIL_MAIN, T_MAIN, p.main, blown_m),
        ("feed_pre", LIQUID_PRE, COIL_PRE, T_PRE, p.pre, blown_p),
    ):
        held = (books.y1[:, liquid] - books.y0[:, liquid]) / H
        cooling = cooling - held
        if room.droplet_s > 0.0:
            inflow += blown * (CP_AIR * y[:, gas] - CP_NITROGEN * (y[:, gas] - boils))
        else:
            above = np.maximum(y[:, coil] - boils, 0.0)
            inflow -= CP_NITROGEN * p.nitrogen.vapour_effectiveness * above * (u[feed] - held)
    carried = (books.y1[:, CARRIED] - books.y0[:, CARRIED]) / H
    latent = LATENT_NITROGEN * _total(cooling - carried)
    turnover = latent + _total(np.abs(inflow))
    assert latent > 1e6  # J: a session that moves something
    assert abs(_total(inflow) - latent - stored) < 1e-3 * turnover


def test_oxygen_closes_over_a_session(books: _Books) -> None:
    p, y, u = books.p, books.mean, books.u
    blown_m, blown_p, *_ = books.through_gaps()
    inflow = books.carried_by_gas(y[:, X_MAIN], y[:, X_PRE], y[:, X_BREATHING], OXYGEN_AIR)
    inflow += (blown_m + blown_p) * u["liquid_oxygen"]
    inflow -= u["oxygen_main"] * (1.0 - y[:, X_MAIN]) + u["oxygen_pre"] * (1.0 - y[:, X_PRE])
    stored = sum(
        (books.mass(books.y1, gas, room) * books.y1[:, x])[-1] - (books.mass(books.y0, gas, room) * books.y0[:, x])[0]
        for gas, x, room in ((T_MAIN, X_MAIN, p.main), (T_PRE, X_PRE, p.pre))
    )
    assert abs(_total(inflow) - stored) < 1e-3 * _total(books.outer_door() * OXYGEN_AIR + np.abs(inflow))


def test_water_closes_over_a_session(books: _Books) -> None:
    p, y, u = books.p, books.mean, books.u
    room = np.full(len(y), p.air.room_humidity)
    inflow = books.carried_by_gas(y[:, W_MAIN], y[:, W_PRE], room, p.air.fresh_humidity) + u["water_main"] + u["water_pre"]
    vapour = sum(
        (books.mass(books.y1, gas, r) * books.y1[:, w])[-1] - (books.mass(books.y0, gas, r) * books.y0[:, w])[0]
        for gas, w, r in ((T_MAIN, W_MAIN, p.main), (T_PRE, W_PRE, p.pre))
    )
    ice = float(sum((books.y1[-1] - books.y0[0])[[FROST_MAIN, FROST_PRE, RIME_MAIN, RIME_PRE]]))
    assert ice > 0.02  # kg: two doors and three people
    assert abs(_total(inflow) - vapour - ice) < 1e-3 * ice


def test_nitrogen_closes_over_a_session(books: _Books) -> None:
    """Tank, counter of the model and flow to the rooms say the same."""
    fed = _total(books.u["feed_main"] + books.u["feed_pre"])
    used = float(books.y1[-1, NITROGEN] - books.y0[0, NITROGEN])
    tank = books.tank_kg - _content_kg(books.plant.tank)
    assert used == pytest.approx(fed, rel=1e-9)
    assert tank == pytest.approx(used, rel=1e-3)
