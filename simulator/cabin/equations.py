"""Right-hand side of the single-person cabin and its Runge-Kutta step.

Three gas zones of constant volume at constant pressure: lower (legs), upper (trunk), collar (about the rim, under the
chin); the treatment room in two layers. All flows in mol/s, so that density does not depend on composition. For an ideal
gas with a constant molar heat c_p the enthalpy n c_p T = p V c_p / R of a zone never changes; hence

    sum(N_in T_in) + Q / c_p = N_out T        gives the outflow of a zone in closed form,
    dn/dt = sum(N_in) - N_out, n = p V / RT    gives dT/dt = -(T / n) dn/dt,
    n dx/dt = sum(N_in (x_in - x))             gives the oxygen.

Gas goes line -> evaporator -> duct -> lower -> upper -> collar -> extract or spill; the fan returns gas of the upper zone to
the evaporator. A purge draws on the lower zone. Where a balance turns negative the flow runs the other way (a cabin that
cools inhales from above).
The guest's head and breath are outside. Fog: water of entrained room air freezes in the upper zone, its heat stays there.
Not modelled: fog in the collar, the spilled gas's cold in the room (it is heated), argon as a gas of its own.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.cabin.parameters import CabinParameters
from simulator.compiled import compiled
from simulator.gas import (
    CP_AIR,
    GRAVITY,
    LATENT_ICE,
    LATENT_NITROGEN,
    OXYGEN_AIR,
    PRESSURE,
    door_flow,
    humidity_over_ice,
)
from simulator.runge_kutta import gather

Array = NDArray[np.float64]

GAS_J_MOLK = 8.314462618
MOLAR_AIR, MOLAR_NITROGEN = 0.028964, 0.0280134  # kg/mol
CP = CP_AIR * MOLAR_AIR  # J/molK; nitrogen gas between 80 and 290 K differs by less than 1 %
LATENT = LATENT_NITROGEN * MOLAR_NITROGEN  # J/mol
SATURATION_K = 77.36  # nitrogen boiling at 1 atm
FOAM_NODES = 4

T_LOWER, T_UPPER, T_COLLAR = 0, 1, 2  # K
X_LOWER, X_UPPER, X_COLLAR, X_FLOOR, X_BREATHING = 3, 4, 5, 6, 7  # mole fraction of oxygen
LINE, VALVE, EVAPORATOR, LIQUID, DUCT, DISPLAY = 8, 9, 10, 11, 12, 13  # K, open fraction, K, kg, K, K (the sensor in the duct)
POOL = 14  # kg of liquid that went over, on the floor of the cabin
WALL_LOWER = 15  # liner, then foam from inside to outside, K
WALL_UPPER = WALL_LOWER + 1 + FOAM_NODES
NITROGEN = WALL_UPPER + 1 + FOAM_NODES  # kg used since start
HEAT_IN = NITROGEN + 1  # J that crossed the cabin's boundary inwards since start; only the balance reads it
OXYGEN_IN = NITROGEN + 2  # mol of oxygen that entered cabin and room, less what left
CARRIED = NITROGEN + 3  # kg of liquid that went over into the duct
UNCAPTURED = NITROGEN + 4  # mol of nitrogen in excess of air that spilled into the room
STATES = NITROGEN + 5

STEP_S = 0.1  # h of the Runge-Kutta step; fastest time constant about 0.5 s


class Inputs(NamedTuple):
    """What acts on the cabin during a step."""

    valve: float = 0.0  # demand, open fraction
    fan: float = 0.0  # 1 running
    door: float = 0.0  # open fraction
    extract: float = 1.0  # share of nominal
    fresh: float = 1.0  # share of nominal, ventilation of the room
    heat_legs: float = 0.0  # W into the gas of the lower zone
    heat_trunk: float = 0.0  # W into the gas of the upper zone
    radiation_legs: float = 0.0  # W onto the lower liner
    radiation_trunk: float = 0.0
    purge: float = 0.0  # m³/s drawn from the lower zone to the open air
    heater: float = 0.0  # W into the evaporator, for drying
    leak: float = 0.0  # kg/s of nitrogen that escapes into the room


@compiled
def _out_or_in(surplus: float, own_k: float, other_k: float) -> float:
    """mol/s that leave a zone (negative: enter from its neighbour) given sum(N T) + Q/c_p of all else, in mol K/s."""
    return surplus / own_k if surplus >= 0.0 else surplus / other_k


@compiled
def _wall(y: Array, dy: Array, at: int, area: float, gas_k: float, film: float, radiation: float, p: CabinParameters) -> float:
    """Liner and foam from index ``at``; gives the heat from the room through the foam in W."""
    thickness = p.foam_m / FOAM_NODES
    conduct = p.foam_w_mk / thickness
    store = p.foam_j_m3k * thickness
    into = 2.0 * conduct * (y[at + 1] - y[at])
    dy[at] = (film * (gas_k - y[at]) + into + radiation / area) / p.liner_j_m2k
    for i in range(at + 1, at + FOAM_NODES):
        onward = conduct * (y[i + 1] - y[i])
        dy[i] = (onward - into) / store
        into = onward
    outside = (p.room_k - y[at + FOAM_NODES]) / (1.0 / p.outside_w_m2k + 0.5 * thickness / p.foam_w_mk)
    dy[at + FOAM_NODES] = (outside - into) / store
    return outside * area


@compiled
def derivative(y: Array, p: CabinParameters, u: Inputs, dy: Array) -> None:
    """dy/dt in SI units per second into ``dy``."""
    t_l, t_u, t_c = y[T_LOWER], y[T_UPPER], y[T_COLLAR]
    x_l, x_u, x_c, x_f, x_b = y[X_LOWER], y[X_UPPER], y[X_COLLAR], y[X_FLOOR], y[X_BREATHING]
    per_k = PRESSURE / GAS_J_MOLK  # mol K / m³
    n_l, n_u, n_c = per_k * p.lower_m3 / t_l, per_k * p.upper_m3 / t_u, per_k * p.collar_m3 / t_c
    n_room = per_k * p.room_m3 / p.room_k
    heat = 0.0  # W and enthalpy flows over the boundary of the cabin with evaporator and line

    # supply line: what its metal boils off arrives as vapour
    feed = max(0.0, y[VALVE]) * p.feed_kg_s / MOLAR_NITROGEN
    dy[VALVE] = (u.valve - y[VALVE]) / p.valve_tau_s
    boiled_line = min(max(0.0, p.line_boil_w_k * (y[LINE] - SATURATION_K)), feed * (1.0 - p.flash) * LATENT)
    from_room = p.line_ambient_w_k * (p.room_k - y[LINE])
    dy[LINE] = (from_room - boiled_line) / p.line_j_k
    liquid = feed * (1.0 - p.flash) - boiled_line / LATENT
    vapour = feed * p.flash + boiled_line / LATENT
    heat += from_room + feed * (CP * SATURATION_K - (1.0 - p.flash) * LATENT)

    # evaporator: boils what stands in it, cools the mixture of vapour and recirculated gas
    held = max(0.0, y[LIQUID])
    boil = p.evaporator_boil_w_k * held / (held + p.evaporator_half_kg) * max(0.0, y[EVAPORATOR] - SATURATION_K) / LATENT
    carry = p.carry_over_rate_s * max(0.0, held - p.evaporator_max_kg) / MOLAR_NITROGEN
    dy[LIQUID] = (liquid - boil - carry) * MOLAR_NITROGEN
    recirculated = u.fan * p.recirculation_kg_s / MOLAR_AIR
    vapour += boil
    supply = recirculated + vapour
    t_supply = y[EVAPORATOR]
    t_blown = y[DUCT]
    taken = given = 0.0
    if supply > 1e-9:
        mixed = (recirculated * t_u + vapour * SATURATION_K) / supply
        t_supply = y[EVAPORATOR] + (mixed - y[EVAPORATOR]) * math.exp(-p.evaporator_gas_w_k / (CP * supply))
        t_blown = y[DUCT] + (t_supply - y[DUCT]) * math.exp(-p.duct_gas_w_k / (CP * supply))
        taken = CP * supply * (mixed - t_supply)
        given = CP * supply * (t_supply - t_blown)
    from_room = p.evaporator_ambient_w_k * (p.room_k - y[EVAPORATOR])
    dy[EVAPORATOR] = (taken - boil * LATENT + from_room + u.heater) / p.evaporator_j_k
    heat += from_room + u.heater
    from_room = p.duct_ambient_w_k * (p.room_k - y[DUCT])
    dy[DUCT] = (given + from_room) / p.duct_j_k
    heat += from_room
    dy[DISPLAY] = (t_supply - y[DISPLAY]) / p.sensor_tau_s

    # walls
    film = p.film_w_m2k if u.fan > 0.5 else 0.5 * p.film_w_m2k
    heat += _wall(y, dy, WALL_LOWER, p.lower_m2, t_l, film, u.radiation_legs, p)
    heat += _wall(y, dy, WALL_UPPER, p.upper_m2, t_u, film, u.radiation_trunk, p)
    heat += u.heat_legs + u.heat_trunk + u.radiation_legs + u.radiation_trunk + u.fan * p.fan_w

    # exchanges: equal moles both ways
    rho_l, rho_u, rho_a = gas_density(t_l), gas_density(t_u), gas_density(p.room_k)
    stirred = p.stirring_kg_s / MOLAR_AIR
    mixing = p.mixing_kg_s / MOLAR_AIR
    collar_exchange = p.collar_exchange_kg_s / MOLAR_AIR
    door_l = door_u = 0.0
    if u.door > 0.0:
        cold = 0.5 * (rho_l + rho_u)
        opening = u.door * p.door_factor * door_flow(p.door_m2, 2.0 * p.zone_m, cold, rho_a)
        door_l, door_u = 0.5 * opening * rho_l / MOLAR_AIR, 0.5 * opening * rho_u / MOLAR_AIR
    seam = 0.0
    weight = GRAVITY * p.zone_m * (0.5 * (rho_l - rho_a) + max(0.0, rho_u - rho_a))  # Pa, mean over the lower zone's seam
    if weight > 0.0:
        seam = 0.6 * p.seam_m2 * math.sqrt(2.0 * weight * rho_l) / MOLAR_AIR

    # the purge takes what would fall out of an open door first, then draws room air down through the cabin
    purged = u.purge * per_k / t_l
    caught = min(purged, door_l)
    suction = purged - caught

    # lower zone
    q = film * p.lower_m2 * (y[WALL_LOWER] - t_l) + u.heat_legs
    pool = max(0.0, y[POOL])
    rising_off = p.pool_w_k * pool / (pool + p.evaporator_half_kg) * max(0.0, t_l - SATURATION_K) / LATENT
    dy[POOL] = (carry - rising_off) * MOLAR_NITROGEN
    t_liquid = SATURATION_K - LATENT / CP  # the pool takes its heat from the gas
    surplus = supply * t_blown + rising_off * t_liquid - (seam + suction) * t_l
    surplus += stirred * (t_u - t_l) + door_l * (p.room_k - t_l) + q / CP
    rise = _out_or_in(surplus, t_l, t_u)
    dy[T_LOWER] = -t_l / n_l * (supply + rising_off - seam - suction - rise)
    down = max(0.0, -rise)
    x_supply = recirculated * x_u / supply if supply > 1e-9 else x_l
    dy[X_LOWER] = (supply * (x_supply - x_l) - rising_off * x_l + (stirred + down) * (x_u - x_l) + door_l * (x_f - x_l)) / n_l

    # upper zone
    up = max(0.0, rise)
    entrained = u.fan * p.entrained_kg_s / MOLAR_AIR
    frozen = max(0.0, p.room_humidity - humidity_over_ice(t_u)) * (entrained + door_u) * MOLAR_AIR  # kg/s of water
    q = film * p.upper_m2 * (y[WALL_UPPER] - t_u) + u.heat_trunk + u.fan * p.fan_w + frozen * LATENT_ICE
    surplus = (
        up * t_l
        + (entrained + door_u) * p.room_k
        - (recirculated + down + door_u) * t_u
        + stirred * (t_l - t_u)
        + mixing * (t_c - t_u)
        + q / CP
    )
    over = _out_or_in(surplus, t_u, t_c)
    dy[T_UPPER] = -t_u / n_u * (up + entrained - recirculated - down - over)
    drawn = max(0.0, -over)
    dy[X_UPPER] = ((up + stirred) * (x_l - x_u) + (mixing + drawn) * (x_c - x_u) + entrained * (x_b - x_u) + door_u * (x_b - x_u)) / n_u

    # collar: the hood takes its share of all that leaves; room air makes up what the cabin does not give
    out = max(0.0, over)
    hood = u.extract * p.extract_m3_s * per_k / t_c
    leaving = hood / p.capture + drawn
    surplus = out * t_u + mixing * (t_u - t_c) + collar_exchange * (p.room_k - t_c)
    fresh_in = (leaving * t_c - surplus) / p.room_k
    if fresh_in < 0.0:
        fresh_in = 0.0
        leaving = surplus / t_c
    spilled = leaving - drawn - min(hood, leaving - drawn)
    hooded = leaving - drawn - spilled
    dy[T_COLLAR] = -t_c / n_c * (out + fresh_in - leaving)
    dy[X_COLLAR] = ((out + mixing) * (x_u - x_c) + (fresh_in + collar_exchange) * (x_b - x_c)) / n_c

    # treatment room: spilled gas sinks; fresh air enters above; what is too much leaves both layers by their share
    n_f, n_b = p.floor_share * n_room, (1.0 - p.floor_share) * n_room
    seen_out_l, seen_out_u = seam + door_l - caught, door_u
    leaked = u.leak / MOLAR_NITROGEN
    into_floor = spilled + seen_out_l + seen_out_u + collar_exchange + leaked
    from_floor = door_l
    from_breathing = entrained + fresh_in + collar_exchange + door_u
    net = into_floor - from_floor - from_breathing
    fresh = max(u.fresh * p.fresh_m3_s * per_k / p.room_k, -net)
    overflow = fresh + net
    layer = p.layer_mixing_m3_s * per_k / p.room_k
    through = into_floor - from_floor - p.floor_share * overflow  # from the floor layer upwards; negative: downwards
    rising, sinking = max(0.0, through), max(0.0, -through)
    floor_in = (spilled + collar_exchange) * (x_c - x_f) - leaked * x_f
    floor_in += seen_out_l * (x_l - x_f) + seen_out_u * (x_u - x_f) + (layer + sinking) * (x_b - x_f)
    dy[X_FLOOR] = floor_in / n_f
    dy[X_BREATHING] = (fresh * (OXYGEN_AIR - x_b) + (layer + rising) * (x_f - x_b)) / n_b

    # accounts
    dy[NITROGEN] = feed * MOLAR_NITROGEN
    heat += frozen * LATENT_ICE
    heat += CP * ((entrained + door_u + door_l + fresh_in + collar_exchange) * p.room_k)
    heat -= CP * ((seam + suction + door_l) * t_l + door_u * t_u + (spilled + hooded + collar_exchange) * t_c)
    dy[HEAT_IN] = heat
    dy[OXYGEN_IN] = fresh * OXYGEN_AIR - hooded * x_c - purged * x_l - overflow * (p.floor_share * x_f + (1.0 - p.floor_share) * x_b)
    dy[CARRIED] = carry * MOLAR_NITROGEN
    lacking_c, lacking_l, lacking_u = 1.0 - x_c / OXYGEN_AIR, 1.0 - x_l / OXYGEN_AIR, 1.0 - x_u / OXYGEN_AIR
    dy[UNCAPTURED] = (spilled + collar_exchange) * lacking_c + seen_out_l * lacking_l + seen_out_u * lacking_u


@compiled
def gas_density(temperature_k: float) -> float:
    """kg/m³ at 1 atm; nitrogen-rich gas is up to 3 % lighter, which the seam and the door do not notice."""
    return PRESSURE * MOLAR_AIR / (GAS_J_MOLK * temperature_k)


@compiled
def advance(y: Array, p: CabinParameters, u: Inputs, h: float, steps: int) -> Array:
    """``steps`` classical Runge-Kutta steps of ``h`` seconds; gives the new state."""
    now, at, slope, total = y.copy(), y.copy(), np.empty(STATES), np.empty(STATES)
    for _ in range(steps):
        for stage in range(4):
            derivative(at, p, u, slope)
            gather(stage, h, now, at, slope, total)
    return now


def warm_state(p: CabinParameters) -> Array:
    """Everything at room temperature, valves shut, air everywhere."""
    y = np.full(STATES, p.room_k)
    y[X_LOWER : X_BREATHING + 1] = OXYGEN_AIR
    y[VALVE] = y[LIQUID] = y[POOL] = 0.0
    y[NITROGEN:] = 0.0
    return y


def stored_j(y: Array, p: CabinParameters) -> float:
    """Enthalpy in metal, foam and liquid (J, relative to 0 K and gas); the gas itself holds a constant amount."""
    total = p.line_j_k * y[LINE] + p.evaporator_j_k * y[EVAPORATOR] + p.duct_j_k * y[DUCT]
    total += (y[LIQUID] + y[POOL]) / MOLAR_NITROGEN * (CP * SATURATION_K - LATENT)
    node = p.foam_j_m3k * p.foam_m / FOAM_NODES
    for at, area in ((WALL_LOWER, p.lower_m2), (WALL_UPPER, p.upper_m2)):
        total += area * (p.liner_j_m2k * y[at] + node * float(np.sum(y[at + 1 : at + 1 + FOAM_NODES])))
    return float(total)


def oxygen_mol(y: Array, p: CabinParameters) -> float:
    """Oxygen in cabin and treatment room (mol)."""
    per_k = PRESSURE / GAS_J_MOLK
    zones = ((p.lower_m3, T_LOWER, X_LOWER), (p.upper_m3, T_UPPER, X_UPPER), (p.collar_m3, T_COLLAR, X_COLLAR))
    room = per_k * p.room_m3 / p.room_k
    held = sum(per_k * volume / y[t] * y[x] for volume, t, x in zones)
    return float(held + room * (p.floor_share * y[X_FLOOR] + (1.0 - p.floor_share) * y[X_BREATHING]))
