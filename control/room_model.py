"""A room as the model-based regulator knows it: gas, liner, nitrogen feed with dead time, sensor. Lumped, identified, never assumed.

    C_g dT_g/dt = hA (T_l - T_g) + d + people + door - f m h(T_g)        C_g = E / T_g (ideal gas at constant volume)
    C_l dT_l/dt = hA (T_g - T_l) + U (T_amb - T_l)
    tau df/dt   = u(t - dead) - f                                        f, u: share of the full feed
    tau_s dT_s/dt = T_g - T_s                                            T_s: what the sensor says
    d: everything else, estimated (random walk)

h(T) = h_fg + c_p (T - T_sat) of nitrogen at 1 atm. Temperatures K, powers W, times s. It shares no code with the simulator.
"""

from __future__ import annotations

import math
from typing import NamedTuple

AMBIENT_K = 293.15
ZERO_C_K = 273.15
_LATENT_J_KG = 199.18e3  # nitrogen at 1 atm, CoolProp 8
_CP_J_KGK = 1050.0
_T_SAT_K = 77.36
VAPOUR_J_KGK = 0.12 * _CP_J_KGK  # slope of the cooling over gas temperature where the law is linearised: at 12 % of the full feed


class RoomModel(NamedTuple):
    """Identified parameters. ``gas_j`` is heat capacity times temperature, constant for an ideal gas in a fixed volume."""

    gas_j: float
    liner_w_k: float
    liner_j_k: float
    loss_w_k: float
    feed_kg_s: float
    dead_s: float
    feed_tau_s: float
    sensor_tau_s: float
    quick_opening: float = 0.0
    person_w: float = 650.0
    door_w_k: float = 0.0


class Room(NamedTuple):
    """State of the room: gas, liner and sensor in K, feed as a share of the full one, unknown heat in W."""

    gas_k: float
    liner_k: float
    feed: float
    sensor_k: float
    heat_w: float


def cooling_j_kg(gas_k: float) -> float:
    """Heat one kilogram of nitrogen takes up on its way from liquid to gas at ``gas_k``."""
    return _LATENT_J_KG + _CP_J_KGK * (gas_k - _T_SAT_K)


def opening_to_feed(m: RoomModel, opening: float) -> float:
    """Installed characteristic of the valve, both 0 to 1: quick-opening for a positive ``quick_opening``."""
    return opening * (1.0 + m.quick_opening - m.quick_opening * opening)


def feed_to_opening(m: RoomModel, feed: float) -> float:
    """Inverse of ``opening_to_feed``."""
    q = m.quick_opening
    if q < 1e-6:
        return feed
    return ((1.0 + q) - math.sqrt(max(0.0, (1.0 + q) ** 2 - 4.0 * q * feed))) / (2.0 * q)


def advance(m: RoomModel, r: Room, told: float, known_w: float, dt_s: float) -> Room:
    """One explicit step of ``dt_s`` (at most about 2 s); ``told`` is the feed asked for one dead time ago."""
    gas, liner = r.gas_k, r.liner_k
    heat = m.liner_w_k * (liner - gas) + r.heat_w + known_w - r.feed * m.feed_kg_s * cooling_j_kg(gas)
    feed = told + (r.feed - told) * math.exp(-dt_s / m.feed_tau_s)
    new_gas = min(max(gas + dt_s * heat * gas / m.gas_j, _T_SAT_K), 400.0)
    new_liner = liner + dt_s * (m.liner_w_k * (gas - liner) + m.loss_w_k * (AMBIENT_K - liner)) / m.liner_j_k
    middle = 0.5 * (gas + new_gas)
    sensor = middle + (r.sensor_k - middle) * math.exp(-dt_s / m.sensor_tau_s)
    return Room(new_gas, new_liner, feed, sensor, r.heat_w)


def delayed(sent: tuple[float, ...], dead_s: float, dt_s: float) -> float:
    """What arrives now of a series sent every ``dt_s``, oldest first, the last one being sent now."""
    steps = dead_s / dt_s
    whole = int(steps)
    part = steps - whole
    newest = len(sent) - 1
    a = sent[max(0, newest - whole)]
    b = sent[max(0, newest - whole - 1)]
    return a + (b - a) * part
