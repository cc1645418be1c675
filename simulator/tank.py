"""The storage tank: content, pressure, boil-off, pressure building, and what ageing does to liquid air.

One temperature, ideal vapour, ullage and liquid in one vessel. A pressure builder (a coil that boils a little liquid) holds
the pressure from below, an economiser lets vapour out from above, a relief valve stands behind both. What leaves as vapour
is poorer in oxygen than the liquid, so liquid air grows richer from day to day (Rayleigh distillation).
"""

from __future__ import annotations

from simulator.parameters import TankParameters

LIQUID_KG_M3 = 806.0  # nitrogen at its boiling point, 1 atm (NIST); liquid air is 8 % denser, which only the level would show
VAPOUR_KG_M3_BAR = 4.03  # saturated nitrogen per bar(a), as an ideal gas at 83.6 K
_DAY_S = 86_400.0
_EMPTY_KG = 1e-6


def richer(oxygen: float, volatility: float, share_boiled: float) -> float:
    """Mole fraction of oxygen in a liquid of which a small share (kg/kg) has boiled away; what boils is in equilibrium with it."""
    vapour = oxygen / (oxygen + volatility * (1.0 - oxygen))
    return min(1.0, oxygen + (oxygen - vapour) * share_boiled)


class Tank:
    """Content in kg, pressure in bar(a), mole fraction of oxygen in the liquid, vapour let out so far in kg."""

    def __init__(self, p: TankParameters, set_bar: float) -> None:
        self.p, self.set_bar = p, set_bar
        self.kg = p.content_kg
        self.pressure_bar = set_bar
        self.oxygen = p.oxygen
        self.vented_kg = 0.0
        self.builder_lost = False  # defect: the pressure builder is shut or frozen
        self._boil_kg_s = p.boil_off_per_day * p.content_kg / _DAY_S  # heat leak: of the vessel, whatever is in it
        for _ in range(round(p.age_days)):
            self.oxygen = richer(self.oxygen, p.volatility, p.boil_off_per_day)

    def advance(self, drawn_kg: float, dt_s: float) -> None:
        """``drawn_kg`` of liquid left for the plant during ``dt_s``."""
        p = self.p
        if self.kg <= _EMPTY_KG:
            self.kg, self.pressure_bar = 0.0, max(1.0, self.pressure_bar - 0.01 * dt_s)
            return
        ullage_m3 = max(0.02, p.volume_m3 - self.kg / LIQUID_KG_M3)
        below, above = self.set_bar - self.pressure_bar, self.pressure_bar - self.set_bar - p.economiser_bar
        built = 0.0 if self.builder_lost or below <= 0.0 else p.builder_kg_s * min(1.0, below / p.builder_band_bar)
        out = p.builder_kg_s * min(1.0, above / p.builder_band_bar) if above > 0.0 else 0.0
        if self.pressure_bar > p.relief_bar:
            out += 10.0 * p.builder_kg_s
        boiled = self._boil_kg_s + built
        grown = (boiled - out) / (VAPOUR_KG_M3_BAR * ullage_m3)  # bar/s
        freed = self.pressure_bar * (drawn_kg / dt_s + boiled) / LIQUID_KG_M3 / ullage_m3
        self.pressure_bar = max(1.0, self.pressure_bar + (grown - freed) * dt_s)
        self.vented_kg += out * dt_s
        if self.oxygen > 0.0:
            self.oxygen = richer(self.oxygen, p.volatility, boiled * dt_s / self.kg)
        self.kg = max(0.0, self.kg - drawn_kg - boiled * dt_s)
