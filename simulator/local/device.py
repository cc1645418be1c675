"""The hand-held device in an operator's hand: distance, sweep, a site of skin or a phantom under the jet. Lockstep, no clock."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from simulator.body import Body, Build, Site, Template
from simulator.device_warnings import Warned
from simulator.gas import KELVIN
from simulator.local import equations as eq
from simulator.local.equations import LocalParameters
from simulator.local.phantom import Phantom

STEP_S = 0.5  # of skin and phantom; the device itself takes steps of equations.STEP_S within
READY_C = -140.0  # the nozzle is cold enough to treat
NEAR_M = 0.10  # closer than this is too near
DURATION_MAX_S = 300.0  # longer on one site is too long
COLD_HOSE_MAX_S = 600.0  # by then the hose is as cold as it gets
KNEE = Site("knee", 0.01, 0.006, 32.0)  # m², fat m, °C at rest; fat and temperature assumed


class Target(Protocol):
    """What lies under the jet."""

    def step(self, gas_k: float, film_w_m2k: float, room_k: float, dt_s: float) -> None: ...
    @property
    def surface_c(self) -> float: ...
    def depth_c(self, depth_m: float) -> float: ...


class SkinTarget:
    """One site of somebody's skin."""

    def __init__(self, site: Site = KNEE) -> None:
        self._site = site.name
        self._body = Body(Template(Build((site,))))

    def step(self, gas_k: float, film_w_m2k: float, room_k: float, dt_s: float) -> None:
        """Advance by ``dt_s``; a film of 0 means still room air."""
        for i, value in enumerate((gas_k, room_k, 0.0, film_w_m2k)):
            self._body.env[i] = value
        self._body.step(dt_s)

    @property
    def surface_c(self) -> float:
        return self._body.surface_of(self._site) - KELVIN

    def depth_c(self, depth_m: float) -> float:
        """Tissue temperature at a depth in °C."""
        return self._body.depth_k(self._site, depth_m) - KELVIN


class LocalDevice:
    """Dewar with hose and nozzle. ``advance`` moves by STEP_S; ``opening`` is the operator's trigger."""

    def __init__(self, p: LocalParameters | None = None) -> None:
        self.p = eq.load() if p is None else p
        self.y = eq.ready_state(self.p)
        self.opening = 0.0
        self.now_s = 0.0

    def advance(self, dt_s: float = STEP_S) -> None:
        self.y = eq.advance(self.y, self.p, self.opening, eq.STEP_S, round(dt_s / eq.STEP_S))
        self.now_s += dt_s

    @property
    def flow_kg_s(self) -> float:
        """What leaves the nozzle."""
        pressure = float(self.y[eq.PRESSURE_PA])
        if float(self.y[eq.MASS]) <= eq.EMPTY_KG:
            return 0.0
        return eq.orifice_kg_s(pressure, eq.saturation_k(pressure), self.opening * self.p.orifice_m2)

    @property
    def nozzle_k(self) -> float:
        boiling = eq.saturation_k(float(self.y[eq.PRESSURE_PA]))
        return eq.outlet_k(boiling, float(self.y[eq.HOSE]), self.flow_kg_s, self.p.hose_gas_w_k)

    def at(self, distance_m: float) -> tuple[float, float]:
        """(gas temperature K, film W/m²K) on the axis at ``distance_m``; film 0 without flow."""
        flow = self.flow_kg_s
        if flow <= 0.0:
            return self.p.room_k, 0.0
        film = self.p.film_w_m2k * (flow / eq.NOMINAL_KG_S) ** self.p.film_exponent
        return eq.jet_k(self.nozzle_k, distance_m, self.p), film


class Row(NamedTuple):
    """One line of a treatment. s, °C, g/min, kg, bar(a), vol%."""

    at_s: float
    surface_c: float
    deep_c: float
    jet_c: float
    nozzle_c: float
    flow_g_min: float
    dewar_kg: float
    pressure_bar: float
    oxygen_pct: float


class Treatment(NamedTuple):
    """What a treatment was."""

    cold_hose_s: float
    nitrogen_kg: float
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]

    @property
    def drop_k(self) -> float:
        return self.rows[0].surface_c - self.rows[-1].surface_c


DEEP_M = 0.008  # where the phantom's second probe was


def cool_hose(device: LocalDevice) -> float:
    """Let gas run until the nozzle is cold; gives the time in s."""
    began = device.now_s
    device.opening = 1.0
    while device.nozzle_k > READY_C + KELVIN and device.now_s - began < COLD_HOSE_MAX_S:
        device.advance()
    return device.now_s - began


def treat(device: LocalDevice, target: Target, *, distance_m: float, seconds: float, duty: float = 1.0, row_s: float = 15.0) -> Treatment:
    """Cool the hose, then treat ``target`` for ``seconds`` with the share ``duty`` of the time on the site.

    Raises ValueError for a distance or duty that cannot be.
    """
    if not 0.01 <= distance_m <= 1.0:
        raise ValueError(f"distance {distance_m * 100.0:g} cm: give 1 to 100 cm")
    if not 0.0 < duty <= 1.0:
        raise ValueError(f"duty {duty:g}: give the share of time on the site, above 0, at most 1")
    used = float(device.y[eq.USED])
    cold_hose_s = cool_hose(device)
    warned = Warned()
    if distance_m < NEAR_M:
        warned.say("nozzle closer than 10 cm")
    rows = [_row(device, target, 0.0, distance_m)]
    steps = round(seconds / STEP_S)
    due = 0.0
    for n in range(steps):
        device.advance()
        at_s = (n + 1) * STEP_S
        due += duty
        on_site = due >= 1.0  # the nozzle sweeps: so many of its steps fall on the site
        due -= float(on_site)
        gas_k, film = device.at(distance_m) if on_site else (device.p.room_k, 0.0)
        target.step(gas_k, film, device.p.room_k, STEP_S)
        warned.skin("the site", target.surface_c, at_s)
        warned.oxygen("in the room", 100.0 * float(device.y[eq.OXYGEN]), at_s, "of treatment")
        if at_s > DURATION_MAX_S:
            warned.say("longer than 5 minutes on one site")
        if device.flow_kg_s <= 0.0:
            warned.say("dewar empty")
        if (n + 1) % round(row_s / STEP_S) == 0 or n + 1 == steps:
            rows.append(_row(device, target, at_s, distance_m))
    device.opening = 0.0
    return Treatment(cold_hose_s, float(device.y[eq.USED]) - used, tuple(rows), warned.texts)


def _row(device: LocalDevice, target: Target, at_s: float, distance_m: float) -> Row:
    y = device.y
    return Row(
        at_s=at_s,
        surface_c=target.surface_c,
        deep_c=target.depth_c(DEEP_M),
        jet_c=device.at(distance_m)[0] - KELVIN,
        nozzle_c=device.nozzle_k - KELVIN,
        flow_g_min=device.flow_kg_s * 60e3,
        dewar_kg=float(y[eq.MASS]),
        pressure_bar=float(y[eq.PRESSURE_PA]) / 1e5,
        oxygen_pct=100.0 * float(y[eq.OXYGEN]),
    )


__all__ = ["KNEE", "LocalDevice", "Phantom", "Row", "SkinTarget", "Target", "Treatment", "cool_hose", "treat"]
