"""One bare square metre of skin on its own: a body of a single slab over a core that keeps its temperature."""

from __future__ import annotations

from simulator.body import Body, Build, Site, Template
from simulator.body import convection as convection  # the film of a standing person

_FIXED_CORE_J_K = 1e9
_FAT_M = 0.008


def slab(surface_c: float = 32.0, fat_m: float = _FAT_M) -> Template:
    """A slab at rest; ``surface_c`` °C at its surface."""
    return Template(Build((Site("skin", 1.0, fat_m, surface_c, deep_w_m2k=1e6),), core_j_k=_FIXED_CORE_J_K))


class Skin:
    """State of the slab. Temperatures in K, heat in W/m²."""

    __slots__ = ("body",)

    def __init__(self, template: Template | None = None) -> None:
        self.body = Body(_USUAL if template is None else template)

    def step(self, gas_k: float, wall_k: float, air_speed_m_s: float, dt_s: float) -> None:
        """Advance by ``dt_s`` in gas and before walls of the given temperatures."""
        self.body.stand(gas_k, wall_k, air_speed_m_s, dt_s)

    @property
    def surface_k(self) -> float:
        return self.body.surface_of("skin")

    @property
    def convective(self) -> float:
        return self.body.convection_w

    @property
    def radiative(self) -> float:
        return self.body.radiation_w


_USUAL = slab()
