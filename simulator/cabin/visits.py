"""Visits of guests to the cabin, one after the other, and what each of them was: temperatures, oxygen, nitrogen, skin."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from simulator.cabin import equations as eq
from simulator.cabin.device import GUEST_STEP_S, LEGS, ROOM_SPEED_M_S, TRUNK, Cabin, Guest
from simulator.device_warnings import Warned
from simulator.gas import KELVIN
from simulator.population import REFERENCE, draw

READY_K = 5.0  # the display is this close to the set point when the guest is let in ...
PRECOOL_MAX_S = 180.0  # ... or after this time ...
PRECOOL_MIN_S = 45.0  # ... but not before gas has blown for so long (protocol of the reference model) ...
BLOWN_S = 15.0  # ... and the display is believed after so long: a sensor in standing gas tells nothing
MEASURED_AFTER_S, ROOM_K = 30.0, 295.15  # skin temperatures in the literature are taken after some time outside, assumed 30 s
POOL_KG = 0.01  # liquid on the floor that is worth a warning, assumed
DOOR_S = 6.0  # open for one guest to walk in or out, assumed


class Plan(NamedTuple):
    """What is done with the cabin. ``with_guest`` false: the same with nobody inside."""

    set_c: float = -160.0
    sessions: int = 3
    session_s: float = 180.0
    gap_s: float = 420.0
    with_guest: bool = True
    seed: int | None = None  # guests drawn from the population; none: the reference man each time


class Outside(NamedTuple):
    """The guest's skin in °C, MEASURED_AFTER_S after the exit; ``drop_k`` of all bare skin, by area."""

    legs_c: float
    trunk_c: float
    drop_k: float


class Skin(NamedTuple):
    """The guest's skin in °C at the end of the session, by area, and as a camera sees it afterwards."""

    legs_c: float
    trunk_c: float
    coldest_c: float
    outside: Outside


class Visit(NamedTuple):
    """One visit. Temperatures in °C, oxygen in vol%, nitrogen in kg, times in s."""

    number: int
    precool_s: float
    display_s: float  # until the display was at the set point, or the end of precooling
    display_reached: bool
    nitrogen_precool_kg: float
    nitrogen_kg: float
    display_end_c: float
    lower_mean_c: float
    lower_end_c: float
    upper_mean_c: float
    upper_end_c: float
    collar_end_c: float
    oxygen_upper_end_pct: float
    oxygen_collar_min_pct: float
    oxygen_face_min_pct: float
    oxygen_room_min_pct: float
    oxygen_floor_min_pct: float
    skin: Skin | None
    heat_max_w: float
    carried_over_kg: float
    warnings: tuple[str, ...]


Watch = Callable[[Cabin], None]


def run(cabin: Cabin, plan: Plan, watch: Watch | None = None) -> list[Visit]:
    """Carry out ``plan`` on ``cabin``; ``watch`` sees every step of GUEST_STEP_S."""
    rng = None if plan.seed is None else random.Random(f"{plan.seed}/cabin")  # noqa: S311
    visits: list[Visit] = []
    for n in range(plan.sessions):
        guest = Guest(REFERENCE if rng is None else draw(rng)) if plan.with_guest else None
        visits.append(_visit(cabin, plan, n + 1, guest, watch))
    return visits


def _for(cabin: Cabin, seconds: float, watch: Watch | None) -> None:
    for _ in range(round(seconds / GUEST_STEP_S)):
        cabin.advance()
        if watch is not None:
            watch(cabin)


def _through_door(cabin: Cabin, watch: Watch | None) -> None:
    cabin.door_open = True
    _for(cabin, DOOR_S, watch)
    cabin.door_open = False


def seen_outside(guest: Guest) -> Outside:
    """Let the guest stand in the room until the camera is ready, then read the skin."""
    for _ in range(round(MEASURED_AFTER_S / GUEST_STEP_S)):
        guest.body.stand(ROOM_K, ROOM_K, ROOM_SPEED_M_S, GUEST_STEP_S)
    return Outside(guest.celsius(LEGS), guest.celsius(TRUNK), guest.resting_k - guest.body.surface_k)


def _skin(guest: Guest) -> Skin:
    legs, trunk, coldest = guest.celsius(LEGS), guest.celsius(TRUNK), min(guest.body.surfaces_k) - KELVIN
    return Skin(legs, trunk, coldest, seen_outside(guest))


def _visit(cabin: Cabin, plan: Plan, number: int, guest: Guest | None, watch: Watch | None) -> Visit:
    used, carried = cabin.nitrogen_kg, float(cabin.y[eq.CARRIED])
    began = cabin.now_s
    seen = _Seen(began)
    cabin.set_c = plan.set_c
    display_s: float | None = None
    while cabin.now_s - began < (PRECOOL_MAX_S if display_s is None else PRECOOL_MIN_S):
        _for(cabin, GUEST_STEP_S, watch)
        seen.room(cabin)
        if display_s is None and cabin.now_s - began >= BLOWN_S and cabin.display_c <= plan.set_c + READY_K:
            display_s = cabin.now_s - began
    precool_s = cabin.now_s - began
    precool_kg = cabin.nitrogen_kg - used

    if guest is not None:
        _through_door(cabin, watch)
        cabin.guest = guest
    session_began = cabin.now_s
    for _ in range(round(plan.session_s / GUEST_STEP_S)):
        _for(cabin, GUEST_STEP_S, watch)
        seen.session(cabin, cabin.now_s - session_began)
    display, ends = cabin.display_c, [cabin.celsius(i) for i in (eq.T_LOWER, eq.T_UPPER, eq.T_COLLAR)]
    oxygen_upper = cabin.oxygen_pct(eq.X_UPPER)
    skin = None if guest is None else _skin(guest)
    cabin.set_c, cabin.guest = None, None
    if guest is not None:
        _through_door(cabin, watch)
    seen.room(cabin)
    for _ in range(round(plan.gap_s / GUEST_STEP_S)):
        _for(cabin, GUEST_STEP_S, watch)
        seen.room(cabin)
    return Visit(
        number=number,
        precool_s=precool_s,
        display_s=precool_s if display_s is None else display_s,
        display_reached=display_s is not None,
        nitrogen_precool_kg=precool_kg,
        nitrogen_kg=cabin.nitrogen_kg - used,
        display_end_c=display,
        lower_mean_c=seen.lower / seen.steps,
        lower_end_c=ends[0],
        upper_mean_c=seen.upper / seen.steps,
        upper_end_c=ends[1],
        collar_end_c=ends[2],
        oxygen_upper_end_pct=oxygen_upper,
        oxygen_collar_min_pct=seen.collar_min,
        oxygen_face_min_pct=seen.face_min,
        oxygen_room_min_pct=seen.room_min,
        oxygen_floor_min_pct=seen.floor_min,
        skin=skin,
        heat_max_w=seen.heat_max,
        carried_over_kg=float(cabin.y[eq.CARRIED]) - carried,
        warnings=seen.warned.texts,
    )


class _Seen:
    """Extremes and means of one visit."""

    def __init__(self, began_s: float) -> None:
        self.began_s = began_s  # nitrogen on
        self.steps = 0
        self.lower = self.upper = self.heat_max = 0.0
        self.collar_min = self.face_min = self.room_min = self.floor_min = 100.0
        self.warned = Warned()

    def session(self, cabin: Cabin, into_s: float) -> None:
        self.steps += 1
        self.lower += cabin.celsius(eq.T_LOWER)
        self.upper += cabin.celsius(eq.T_UPPER)
        self.heat_max = max(self.heat_max, cabin.heat_w)
        face = cabin.oxygen_face_pct
        self.collar_min = min(self.collar_min, cabin.oxygen_pct(eq.X_COLLAR))
        self.face_min = min(self.face_min, face)
        if cabin.guest is not None:
            self.warned.oxygen("at the face", face, into_s, "of the session")
            for name, kelvin in zip(cabin.guest.body.names, cabin.guest.body.surfaces_k, strict=True):
                self.warned.skin(name, kelvin - KELVIN, into_s)
        if float(cabin.y[eq.POOL]) > POOL_KG:
            self.warned.say("liquid nitrogen on the floor of the cabin", f" after {into_s:.0f} s of the session")
        self.room(cabin)

    def room(self, cabin: Cabin) -> None:
        at_s = cabin.now_s - self.began_s
        self.room_min = min(self.room_min, cabin.oxygen_pct(eq.X_BREATHING))
        self.floor_min = min(self.floor_min, cabin.oxygen_pct(eq.X_FLOOR))
        self.warned.oxygen("in the room", cabin.oxygen_pct(eq.X_BREATHING), at_s, "of nitrogen")
        self.warned.oxygen("at the floor of the room", cabin.oxygen_pct(eq.X_FLOOR), at_s, "of nitrogen")
