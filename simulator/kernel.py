"""The plant's arithmetic: right-hand side and Runge-Kutta step as functions on vectors, compiled where numba is installed.

Constant pressure and volume, ideal gas. Rooms breathe: a room that cools inhales (main from pre, pre from the treatment
room), one that warms or is fed exhales the same way back. Indices and units of the state: the constants below; inputs and
parameters are laid out by ``simulator.thermal``, which is the only caller besides the fleet. Scalars on purpose: the same
lines run as plain Python on lists.
"""

from __future__ import annotations

from simulator.compiled import Vector, compiled
from simulator.gas import (
    CP_AIR,
    CP_NITROGEN,
    KELVIN,
    LATENT_ICE,
    LATENT_MELT,
    LATENT_NITROGEN,
    OXYGEN_AIR,
    density,
    door_flow,
    humidity_over_ice,
)

FOAM_NODES = 7
T_MAIN, T_PRE, T_ROOM = 0, 1, 2  # K, gas
X_MAIN, X_PRE, X_BREATHING, X_FLOOR = 3, 4, 5, 6  # mole fraction of oxygen
W_MAIN, W_PRE = 7, 8  # kg/kg
COIL_MAIN, LIQUID_MAIN, FROST_MAIN = 9, 10, 11  # K, kg, kg
COIL_PRE, LIQUID_PRE, FROST_PRE = 12, 13, 14
LINE, NITROGEN, FITTINGS = 15, 16, 17  # K, kg used since start, K
WALL_MAIN = 18  # liner, then foam from inside to outside, K
WALL_PRE = WALL_MAIN + 1 + FOAM_NODES
RIME_MAIN = WALL_PRE + 1 + FOAM_NODES  # kg of frost on the liner
RIME_PRE = RIME_MAIN + 1
SPREAD_MAIN, SPREAD_PRE = RIME_PRE + 1, RIME_PRE + 2  # K, gas at 1.7 m above gas at 0.6 m (pre-chamber: 1.5 and 0.8 m)
CARRIED = SPREAD_PRE + 1  # kg of liquid that left the coils unboiled since start
STATES = CARRIED + 1
NEVER_NEGATIVE = (W_MAIN, W_PRE, LIQUID_MAIN, LIQUID_PRE, FROST_MAIN, FROST_PRE, RIME_MAIN, RIME_PRE)
SMALLEST = 1e-12  # below it nothing: denormal numbers are slow


@compiled
def supply_line(
    flow: float, line_k: float, ambient_k: float, saturation_k: float, flash: float, boil_w_k: float, ambient_w_k: float, heat_j_k: float
) -> tuple[float, float]:
    """(liquid fraction delivered, dT/dt of the line in K/s) at a total flow in kg/s."""
    boiled = 0.0
    liquid = 1.0 - flash
    if flow > 1e-6:
        boiled = min(boil_w_k * (line_k - saturation_k), flow * (1.0 - flash) * LATENT_NITROGEN)
        liquid -= boiled / (flow * LATENT_NITROGEN)
    return liquid, (ambient_w_k * (ambient_k - line_k) - boiled) / heat_j_k


@compiled
def coil(
    metal: float,
    liquid: float,
    frost: float,
    gas_k: float,
    humidity: float,
    feed: float,
    liquid_share: float,
    saturation_k: float,
    effectiveness: float,
    carry_rate_s: float,
    conductance: float,
    boil_w_k: float,
    half_kg: float,
    maximum_kg: float,
    heat_j_k: float,
) -> tuple[float, float, float, float, float, float]:
    """One coil: (heat from gas W, frost kg/s, liquid carried over kg/s, dT metal, d liquid, d frost)."""
    heat = conductance * (gas_k - metal)
    deposit = conductance / CP_AIR * max(0.0, humidity - humidity_over_ice(metal))
    above = metal - saturation_k
    boiled = 0.0
    vent = 0.0
    if above > 0.0:
        wetted = liquid / (liquid + half_kg) if liquid > 0.0 else 0.0
        boiled = boil_w_k * wetted * above / LATENT_NITROGEN
        vent = (boiled + feed * (1.0 - liquid_share)) * CP_NITROGEN * effectiveness * above
    melt = 0.0
    if metal > KELVIN and frost > 0.0:
        melt = conductance * (metal - KELVIN) / LATENT_MELT * min(1.0, frost / 0.1)
    carry = carry_rate_s * (liquid - maximum_kg) if liquid > maximum_kg else 0.0
    d_metal = (heat + deposit * LATENT_ICE - boiled * LATENT_NITROGEN - vent - melt * LATENT_MELT) / heat_j_k
    return heat, deposit, carry, d_metal, feed * liquid_share - boiled - carry, deposit - melt


@compiled
def lance(
    metal: float,
    liquid: float,
    frost: float,
    gas_k: float,
    humidity: float,
    feed: float,
    liquid_share: float,
    conductance: float,
    droplet_s: float,
    heat_j_k: float,
) -> tuple[float, float, float, float, float, float, float]:
    """Liquid blown into the room: (heat from gas W, frost kg/s, evaporating kg/s, gas blown in kg/s, d metal, d liquid, d frost).

    Droplets take ``droplet_s`` to evaporate; the lance is metal in the gas and no more.
    """
    heat = conductance * (gas_k - metal)
    deposit = conductance / CP_AIR * max(0.0, humidity - humidity_over_ice(metal))
    melt = 0.0
    if metal > KELVIN and frost > 0.0:
        melt = conductance * (metal - KELVIN) / LATENT_MELT * min(1.0, frost / 0.1)
    evaporating = liquid / droplet_s
    d_metal = (heat + deposit * LATENT_ICE - melt * LATENT_MELT) / heat_j_k
    blown = evaporating + feed * (1.0 - liquid_share)
    return heat, deposit, evaporating, blown, d_metal, feed * liquid_share - evaporating, deposit - melt


@compiled
def exchanger(
    y: Vector,
    at: int,
    gas_k: float,
    humidity: float,
    feed: float,
    liquid_share: float,
    saturation_k: float,
    effectiveness: float,
    carry_rate_s: float,
    conductance: float,
    boil_w_k: float,
    half_kg: float,
    maximum_kg: float,
    droplet_s: float,
    heat_j_k: float,
    out: Vector,
) -> tuple[float, float, float, float, float]:
    """A room's coil, or its lance where droplets take time: metal, liquid and frost from index ``at`` into ``out``.

    Gives heat from gas W, frost kg/s, carried over kg/s, evaporating in the room kg/s, gas blown in kg/s.
    """
    if droplet_s > 0.0:
        heat, frost, evaporating, blown, out[at], out[at + 1], out[at + 2] = lance(
            y[at], y[at + 1], y[at + 2], gas_k, humidity, feed, liquid_share, conductance, droplet_s, heat_j_k,
        )  # fmt: skip
        return heat, frost, 0.0, evaporating, blown
    heat, frost, carry, out[at], out[at + 1], out[at + 2] = coil(
        y[at], y[at + 1], y[at + 2], gas_k, humidity, feed, liquid_share, saturation_k, effectiveness, carry_rate_s,
        conductance, boil_w_k, half_kg, maximum_kg, heat_j_k,
    )  # fmt: skip
    return heat, frost, carry, 0.0, 0.0


@compiled
def rime(film_w_k: float, humidity: float, liner_k: float, frost: float) -> tuple[float, float]:
    """(vapour that freezes to a liner, frost that melts off it) in kg/s; ``film_w_k`` is the film times the area."""
    melt = 0.0
    if liner_k > KELVIN and frost > 0.0:
        melt = film_w_k * (liner_k - KELVIN) / LATENT_MELT * min(1.0, frost / 0.1)
    return film_w_k / CP_AIR * max(0.0, humidity - humidity_over_ice(liner_k)), melt


@compiled
def wall(
    y: Vector,
    at: int,
    gain_w_m2: float,
    ambient_k: float,
    conduct: float,
    conduct_last: float,
    foam_j: float,
    liner_j: float,
    out: Vector,
) -> None:
    """Liner and foam of one room into ``out``; ``gain_w_m2`` is what the liner takes up from the room."""
    inner = y[at + 1]
    into = 2.0 * conduct * (inner - y[at])
    out[at] = (gain_w_m2 + into) / liner_j
    for i in range(at + 1, at + FOAM_NODES):
        outer = y[i + 1]
        onward = conduct * (outer - inner)
        out[i] = (onward - into) / foam_j
        into = onward
        inner = outer
    out[at + FOAM_NODES] = (conduct_last * (ambient_k - inner) - into) / foam_j


@compiled
def breathe(heat: float, net: float, mass: float, t: float, t_source: float) -> tuple[float, float, float]:
    """(dT/dt K/s, inhaled kg/s, exhaled kg/s) of a room of constant volume at constant pressure.

    ``heat`` W includes all streams but the inhaled one, ``net`` kg/s is the net forced inflow. Inhaled gas comes at
    ``t_source``; solved in closed form because it depends on dT/dt itself.
    """
    rate = heat / (mass * CP_AIR)
    out = net + mass / t * rate
    if out >= 0.0:
        return rate, 0.0, out
    rate = (heat - net * CP_AIR * (t_source - t)) / (mass * CP_AIR * t_source / t)
    return rate, max(0.0, -mass / t * rate - net), 0.0


@compiled
def derivative(y: Vector, u: Vector, p: Vector, out: Vector) -> None:
    """dy/dt in SI units per second into ``out``; order of ``u`` and ``p``: Inputs and ``vector`` in ``simulator.thermal``."""
    (
        feed_main, feed_pre, door_inner, door_outer, heat_main, heat_pre, radiation_main, radiation_pre, oxygen_main, oxygen_pre,
        water_main, water_pre, leak_main, leak_pre, leak_room, purge, fresh, fan, extract, boost, drying, door_heater,
        pressure, saturation_shift, liquid_oxygen,
    ) = u  # fmt: skip
    (
        saturation_nominal, flash, line_j, line_boil, line_ambient, effectiveness, carry_rate,
        liner_j, film_on, partition_w_k, fan_off_factor,
        fresh_recovery, fresh_humidity, room_k, room_humidity, drying_main, drying_pre, frame_heater,
        door_area, door_height, door_factor,
        room_m3, floor_m3, floor_share, leakage, mixing_m3_s, room_j, room_loss, captured,
        volume_m, area_m, bridge_m, fan_m, gas_m, boil_m, coil_j_m, maximum_m, half_m, frost_half_m, conduct_m, last_m, foam_j_m,
        volume_p, area_p, bridge_p, fan_p, gas_p, boil_p, coil_j_p, maximum_p, half_p, frost_half_p, conduct_p, last_p, foam_j_p,
        fittings_j, fittings_w_k,
        droplet_m, droplet_p, spread_m, spread_p, mixing_s, still_mixing, still_spread, spread_person, spread_door, ducted,
    ) = p  # fmt: skip
    saturation = saturation_nominal + saturation_shift
    t_m, t_p, t_r, x_m, x_p, x_b, x_f, w_m, w_p = y[0:9]
    rho_m, rho_p, rho_r = density(t_m, pressure), density(t_p, pressure), density(t_r, pressure)
    mass_m, mass_p = rho_m * volume_m, rho_p * volume_p

    flow = feed_main + feed_pre
    liquid, out[LINE] = supply_line(flow, y[LINE], t_r, saturation, flash, line_boil, line_ambient, line_j)
    out[NITROGEN] = flow + leak_main + leak_pre + leak_room
    air_side = 1.0 if fan > 0.5 else fan_off_factor
    film = film_on if fan > 0.5 else 0.5 * film_on
    conductance_m = gas_m * air_side / (1.0 + y[FROST_MAIN] / frost_half_m)
    conductance_p = gas_p * air_side / (1.0 + y[FROST_PRE] / frost_half_p)
    heat_m, frost_m, carry_m, evaporating_m, blown_m = exchanger(
        y, COIL_MAIN, t_m, w_m, feed_main, liquid, saturation, effectiveness, carry_rate,
        conductance_m, boil_m, half_m, maximum_m, droplet_m, coil_j_m, out,
    )  # fmt: skip
    heat_p, frost_p, carry_p, evaporating_p, blown_p = exchanger(
        y, COIL_PRE, t_p, w_p, feed_pre, liquid, saturation, effectiveness, carry_rate,
        conductance_p, boil_p, half_p, maximum_p, droplet_p, coil_j_p, out,
    )  # fmt: skip
    out[CARRIED] = carry_m + carry_p

    wall_m, melt_m = rime(film * area_m, w_m, y[WALL_MAIN], y[RIME_MAIN])
    wall_p, melt_p = rime(film * area_p, w_p, y[WALL_PRE], y[RIME_PRE])
    out[RIME_MAIN], out[RIME_PRE] = wall_m - melt_m, wall_p - melt_p
    gain_m = (radiation_main + wall_m * LATENT_ICE - melt_m * LATENT_MELT) / area_m
    gain_p = (radiation_pre + wall_p * LATENT_ICE - melt_p * LATENT_MELT) / area_p
    wall(y, WALL_MAIN, film * (t_m - y[WALL_MAIN]) + gain_m, t_r, conduct_m, last_m, foam_j_m, liner_j, out)
    wall(y, WALL_PRE, film * (t_p - y[WALL_PRE]) + gain_p, t_r, conduct_p, last_p, foam_j_p, liner_j, out)

    inner = 0.0
    outer = 0.0
    if door_inner > 0.0:
        cold, warm = max(rho_m, rho_p), min(rho_m, rho_p)
        inner = door_inner * door_factor * cold * door_flow(door_area, door_height, cold, warm)
    if door_outer > 0.0:
        cold, warm = max(rho_p, rho_r), min(rho_p, rho_r)
        outer = door_outer * door_factor * cold * door_flow(door_area, door_height, cold, warm)

    # main room: heat, then what it inhales from or exhales to the pre-chamber
    fitting = 0.0
    out[FITTINGS] = 0.0
    if fittings_j > 0.0:
        fitting = fittings_w_k * (y[FITTINGS] - t_m)
        out[FITTINGS] = -fitting / fittings_j
    partition = partition_w_k * (t_p - t_m)
    evaporate = (1.0 - flash) * LATENT_NITROGEN
    s_m = (
        film * area_m * (y[WALL_MAIN] - t_m)
        + bridge_m * (t_r - t_m)
        + fitting
        + partition
        - heat_m
        + fan * fan_m
        + heat_main
        + drying * drying_main
        + 0.5 * door_heater * frame_heater
        + inner * CP_AIR * (t_p - t_m)
        + fresh * CP_AIR * (1.0 - fresh_recovery) * (t_r - t_m)
        + purge * CP_AIR * (t_r - t_m)
        - leak_main * (evaporate + CP_NITROGEN * (t_m - saturation))
        - evaporating_m * LATENT_NITROGEN
        - blown_m * CP_NITROGEN * (t_m - saturation)
    )
    out[T_MAIN], inhale_m, exhale_m = breathe(s_m, fresh + purge + leak_main + blown_m, mass_m, t_m, t_p)
    onward = exhale_m * (1.0 - ducted)  # the rest goes to the stack by a duct of its own

    # pre-chamber: the same against the treatment room
    s_p = (
        film * area_p * (y[WALL_PRE] - t_p)
        + bridge_p * (t_r - t_p)
        - partition
        - heat_p
        + fan * fan_p
        + heat_pre
        + drying * drying_pre
        + 0.5 * door_heater * frame_heater
        + (inner + onward) * CP_AIR * (t_m - t_p)
        + outer * CP_AIR * (t_r - t_p)
        - leak_pre * (evaporate + CP_NITROGEN * (t_p - saturation))
        - evaporating_p * LATENT_NITROGEN
        - blown_p * CP_NITROGEN * (t_p - saturation)
    )
    out[T_PRE], inhale_p, exhale_p = breathe(s_p, onward - inhale_m + leak_pre + blown_p, mass_p, t_p, t_r)

    from_pre = inner + inhale_m
    out[X_MAIN] = (
        fresh * (OXYGEN_AIR - x_m)
        + purge * (x_b - x_m)
        - leak_main * x_m
        + blown_m * (liquid_oxygen - x_m)
        + from_pre * (x_p - x_m)
        - oxygen_main * (1.0 - x_m)
    ) / mass_m
    from_main = inner + onward
    from_room = outer + inhale_p
    out[X_PRE] = (
        from_main * (x_m - x_p) + from_room * (x_b - x_p) - leak_pre * x_p + blown_p * (liquid_oxygen - x_p) - oxygen_pre * (1.0 - x_p)
    ) / mass_p
    out[W_MAIN] = (
        fresh * (fresh_humidity - w_m)
        + purge * (room_humidity - w_m)
        + from_pre * (w_p - w_m)
        - (leak_main + blown_m) * w_m
        + water_main
        - frost_m
        - wall_m
    ) / mass_m
    out[W_PRE] = (
        from_main * (w_m - w_p) + from_room * (room_humidity - w_p) - (leak_pre + blown_p) * w_p + water_pre - frost_p - wall_p
    ) / mass_p

    # height: what keeps warm gas above cold, against the time in which the fans turn the room over
    mixing_time = mixing_s if fan > 0.5 else still_mixing * mixing_s
    settled = 1.0 if fan > 0.5 else still_spread
    out[SPREAD_MAIN] = (
        settled * spread_m * (t_r - t_m) + spread_person * heat_main + spread_door * inner * CP_AIR * (t_p - t_m) - y[SPREAD_MAIN]
    ) / mixing_time
    out[SPREAD_PRE] = (
        settled * spread_p * (t_r - t_p)
        + spread_person * heat_pre
        + spread_door * CP_AIR * (outer * (t_r - t_p) + inner * (t_p - t_m))
        - y[SPREAD_PRE]
    ) / mixing_time

    # treatment room: floor and breathing layer for oxygen, one temperature; cold gas enters at the floor
    spill = exhale_p * (1.0 - captured)
    drawn = rho_r * max(extract, leakage)
    mixing = rho_r * (mixing_m3_s + boost)
    supply = max(0.0, drawn - leak_room - spill - purge)
    down = drawn * floor_share - leak_room - spill  # net flow from the breathing layer to the floor, negative: upwards
    fall, rise = max(0.0, down), max(0.0, -down)
    out[X_FLOOR] = ((mixing + fall) * (x_b - x_f) - leak_room * x_f + (spill + outer) * (x_p - x_f)) / (rho_r * floor_m3)
    out[X_BREATHING] = (supply * (OXYGEN_AIR - x_b) + (mixing + rise) * (x_f - x_b)) / (rho_r * (room_m3 - floor_m3))
    out[T_ROOM] = (
        (room_loss + supply * CP_AIR) * (room_k - t_r)
        + (outer + spill) * CP_AIR * (t_p - t_r)
        - leak_room * (evaporate + CP_NITROGEN * (t_r - saturation))
    ) / room_j


@compiled
def rk4(
    y: Vector,
    u: Vector,
    p: Vector,
    h: float,
    now: Vector,
    rate: Vector,
    total: Vector,
) -> None:
    """One classical Runge-Kutta step of ``h`` s in place; the last three are room to work in.

    Liquid, frost and humidity cannot go below zero.
    """
    n = len(y)
    for stage in range(4):
        if stage == 0:
            derivative(y, u, p, rate)
        else:
            part = h if stage == 3 else 0.5 * h
            for i in range(n):
                now[i] = y[i] + part * rate[i]
            derivative(now, u, p, rate)
        weight = 1.0 if stage == 0 or stage == 3 else 2.0
        for i in range(n):
            total[i] = rate[i] if stage == 0 else total[i] + weight * rate[i]
    for i in range(n):
        y[i] += h / 6.0 * total[i]
    for i in NEVER_NEGATIVE:
        if y[i] < SMALLEST:
            y[i] = 0.0
