"""The two-room plant as one would write it first: numpy vectors, a small fixed step. For comparison in ``bench.bench_plant`` only.

Same equations as ``simulator.kernel`` for a chamber with coils, without leaks, purge and heaters; the bench checks that both end
at the same temperature.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator import gas
from simulator.parameters import PlantParameters

ROOMS = ("main", "pre")


class Naive:
    """State: dict of vectors over the two rooms, foam as a matrix."""

    def __init__(self, p: PlantParameters) -> None:
        self.p = p
        rooms = (p.main, p.pre)

        def of(name: str) -> Any:
            return np.array([getattr(r, name) for r in rooms])

        self.volume, self.area, self.bridge, self.fan = of("volume_m3"), of("wall_area_m2"), of("bridge_w_k"), of("fan_w")
        self.gas, self.boil, self.coil = of("coil_gas_w_k"), of("coil_boil_w_k"), of("coil_j_k")
        self.half, self.most, self.frost_half = of("coil_liquid_half_kg"), of("coil_liquid_max_kg"), of("frost_half_kg")
        self.layer = of("foam_m") / 7.0
        warm = p.air.room_k
        self.y = {
            "t": np.full(2, warm), "w": np.full(2, p.air.room_humidity), "metal": np.full(2, warm), "liquid": np.zeros(2),
            "frost": np.zeros(2), "rime": np.zeros(2), "wall": np.full((2, 8), warm),
            "line": np.array(warm), "fittings": np.array(warm), "room": np.array(warm),
        }  # fmt: skip

    def rate(self, y: dict[str, Any], feed: Any) -> dict[str, Any]:
        p, n, wall = self.p, self.p.nitrogen, self.p.wall
        t, w, metal, room = y["t"], y["w"], y["metal"], y["room"]
        mass = gas.PRESSURE / (gas.R_AIR * t) * self.volume
        flow = feed.sum()
        line_heat = min(n.line_boil_w_k * (y["line"] - n.saturation_k), flow * (1 - n.flash) * gas.LATENT_NITROGEN)
        share = 1 - n.flash - line_heat / (flow * gas.LATENT_NITROGEN)
        conductance = self.gas / (1 + y["frost"] / self.frost_half)
        heat = conductance * (t - metal)
        ice = np.array([gas.humidity_over_ice(x) for x in metal])
        deposit = conductance / gas.CP_AIR * np.maximum(0.0, w - ice)
        above = np.maximum(metal - n.saturation_k, 0.0)
        boiled = self.boil * y["liquid"] / (y["liquid"] + self.half) * above / gas.LATENT_NITROGEN
        vent = (boiled + feed * (1 - share)) * gas.CP_NITROGEN * n.vapour_effectiveness * above
        carry = n.carry_over_rate_s * np.maximum(y["liquid"] - self.most, 0.0)
        walls, k = y["wall"], wall.foam_w_mk / self.layer
        ice_wall = np.array([gas.humidity_over_ice(x) for x in walls[:, 0]])
        rime = wall.inside_w_m2k * self.area / gas.CP_AIR * np.maximum(0.0, w - ice_wall)
        flux = np.diff(walls, axis=1) * k[:, None]
        flux[:, 0] *= 2.0
        outside = 1 / (1 / wall.outside_w_m2k + self.layer / (2 * wall.foam_w_mk)) * (room - walls[:, 7])
        d_wall = np.empty_like(walls)
        d_wall[:, 0] = (wall.inside_w_m2k * (t - walls[:, 0]) + flux[:, 0] + rime * gas.LATENT_ICE / self.area) / wall.liner_j_m2k
        store = wall.foam_j_m3k * self.layer
        d_wall[:, 1:7] = np.diff(flux, axis=1) / store[:, None]
        d_wall[:, 7] = (outside - flux[:, 6]) / store
        fitting = np.array([p.main.fittings_w_k * (y["fittings"] - t[0]), 0.0])
        partition = wall.partition_w_k * (t[1] - t[0]) * np.array([1.0, -1.0])
        s = wall.inside_w_m2k * self.area * (walls[:, 0] - t) + self.bridge * (room - t) + fitting + partition - heat + self.fan
        d_t, d_w = np.empty(2), np.empty(2)
        out = 0.0
        for i, source, humidity in ((0, t[1], w[1]), (1, room, p.air.room_humidity)):
            if i == 1:
                s[1] += max(out, 0.0) * gas.CP_AIR * (t[0] - t[1])
            net = out if i == 1 else 0.0
            d_t[i] = s[i] / (mass[i] * gas.CP_AIR)
            through = net + mass[i] / t[i] * d_t[i]
            if through < 0.0:
                d_t[i] = (s[i] - net * gas.CP_AIR * (source - t[i])) / (mass[i] * gas.CP_AIR * source / t[i])
                through = net + mass[i] / t[i] * d_t[i]
            inhaled = max(-through, 0.0)
            from_main = max(out, 0.0) * (w[0] - w[1]) if i == 1 else 0.0
            d_w[i] = (inhaled * (humidity - w[i]) + from_main - deposit[i] - rime[i]) / mass[i]
            out = through
        spill = max(out, 0.0) * (1 - p.room.exhaust_captured)
        supply = max(0.0, gas.PRESSURE / (gas.R_AIR * room) * p.room.extract_m3_s - spill)
        d_room = ((p.room.loss_w_k + supply * gas.CP_AIR) * (p.air.room_k - room) + spill * gas.CP_AIR * (t[1] - room)) / p.room.heat_j_k
        return {
            "t": d_t, "w": d_w, "metal": (heat + deposit * gas.LATENT_ICE - boiled * gas.LATENT_NITROGEN - vent) / self.coil,
            "liquid": feed * share - boiled - carry, "frost": deposit, "rime": rime, "wall": d_wall,
            "line": (n.line_ambient_w_k * (room - y["line"]) - line_heat) / n.line_j_k,
            "fittings": -fitting[0] / p.main.fittings_j_k, "room": d_room,
        }  # fmt: skip

    def advance(self, feed: Any, h: float) -> None:
        """One Euler step."""
        d = self.rate(self.y, feed)
        self.y = {key: value + h * d[key] for key, value in self.y.items()}
