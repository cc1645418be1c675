"""Device profile and site limits: what this chamber has, and the values it runs with.

A profile is one TOML file shipped with the device type; a site may narrow its limits. Validation is done here, reading
files is not.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from chamber.limits import GUARDRAILS
from chamber.tags import ANALOG, BITS, FACE_ABOVE_RIM, OPTIONAL, PRE_CHAMBER_ONLY


class Strict(BaseModel):
    """Base of all configuration: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Atmosphere(StrEnum):
    """How the cold reaches the people; decides which oxygen hazards exist (safety reference, 0.2)."""

    INDIRECT_HX = "indirect_hx"
    SYNTHETIC_AIR = "synthetic_air"
    HEAD_OUT_DIRECT = "head_out_direct"


class Limits(Strict):
    """Limits in force. Each is bounded by its guardrail; see ``chamber.limits`` for hazards and basis."""

    exposure_s: float = 180.0
    pre_chamber_s: float = 45.0
    persons: int = 3
    operator_confirm_s: float = 30.0
    exit_door_alarm_s: float = 10.0
    exit_evacuate_s: float = 15.0
    cool_off_s: float = 600.0
    drying_to_c: float = 40.0
    drying_max_s: float = 14400.0
    o2_chamber_pre_alarm_pct: float = 20.0
    o2_chamber_trip_pct: float = 19.7
    o2_chamber_evacuate_pct: float = 19.2
    o2_room_pre_alarm_pct: float = 20.0
    o2_room_trip_pct: float = 19.7
    o2_room_evacuate_pct: float = 19.2
    o2_room_floor_pre_alarm_pct: float = 19.5
    o2_room_floor_trip_pct: float = 19.2
    o2_room_floor_evacuate_pct: float = 18.2
    overcold_below_setpoint_k: float = 12.0
    ready_band_k: float = 2.0
    skin_end_c: float = -3.5
    ln2_relief_bar_a: float = 4.0
    setpoint_main_min_c: float = -140.0

    @field_validator("*")
    @classmethod
    def _inside_guardrail(cls, value: float, info: ValidationInfo) -> float:
        name = "setpoint_main_c" if info.field_name == "setpoint_main_min_c" else str(info.field_name)
        complaint = GUARDRAILS[name].check(value)
        if complaint:
            raise ValueError(complaint)
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for above, below in (
            ("o2_chamber_pre_alarm_pct", "o2_chamber_trip_pct"),
            ("o2_chamber_trip_pct", "o2_chamber_evacuate_pct"),
            ("o2_room_pre_alarm_pct", "o2_room_trip_pct"),
            ("o2_room_trip_pct", "o2_room_evacuate_pct"),
            ("o2_room_floor_pre_alarm_pct", "o2_room_floor_trip_pct"),
            ("o2_room_floor_trip_pct", "o2_room_floor_evacuate_pct"),
            ("exit_evacuate_s", "exit_door_alarm_s"),
        ):
            if getattr(self, above) <= getattr(self, below):
                raise ValueError(f"{above} must be above {below}")
        return self


class Program(Strict):
    """A treatment program: parameters of the equipment phases, never logic (ISA-88)."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    name: str = Field(min_length=1, max_length=48)
    setpoint_main_c: float
    setpoint_pre_c: float = -60.0
    pre_chamber_s: float = 30.0
    exposure_s: float

    @field_validator("setpoint_main_c", "setpoint_pre_c", "pre_chamber_s", "exposure_s")
    @classmethod
    def _inside_guardrail(cls, value: float, info: ValidationInfo) -> float:
        complaint = GUARDRAILS[str(info.field_name)].check(value)
        if complaint:
            raise ValueError(complaint)
        return value


def _known_analog(tag: str) -> str:
    if tag not in ANALOG:
        raise ValueError(f"unknown tag {tag!r}; known: {', '.join(ANALOG)}")
    return tag


def _known_bit(tag: str) -> str:
    if tag not in BITS:
        raise ValueError(f"unknown tag {tag!r}; known: {', '.join(BITS)}")
    return tag


def _known(tag: str) -> str:
    if tag not in ANALOG and tag not in BITS:
        raise ValueError(f"unknown tag {tag!r}; known: {', '.join((*ANALOG, *BITS))}")
    return tag


def _may_be_missing(tag: str) -> str:
    _known(tag)
    if tag not in OPTIONAL:
        raise ValueError(f"{tag} must be fitted; only these may be missing: {', '.join(sorted(OPTIONAL))}")
    return tag


AnalogName = Annotated[str, AfterValidator(_known_analog)]
BitName = Annotated[str, AfterValidator(_known_bit)]
AnyName = Annotated[str, AfterValidator(_known)]
OptionalName = Annotated[str, AfterValidator(_may_be_missing)]
Label = Annotated[str, Field(min_length=2, max_length=64)]
Reason = Annotated[str, Field(min_length=12, max_length=200)]


class Room(Strict):
    """A room people enter: its instruments."""

    name: str
    temperatures: tuple[AnalogName, ...] = Field(min_length=2)
    oxygen: tuple[AnalogName, ...] = Field(min_length=2)
    presence: BitName
    door_closed_contact: BitName
    door_open_contact: BitName


class IdentifiedRoom(Strict):
    """A room's model for the model-based regulator, as identified on this very device; see ``control.room_model``.

    SI units, heat in W relative to the regulator's ``full_flow_kg_h``. ``dead_std_s``: how well the dead time is known.
    """

    gas_j: Annotated[float, Field(gt=1e4, le=1e9)]
    liner_w_k: Annotated[float, Field(gt=0, le=1e5)]
    liner_j_k: Annotated[float, Field(gt=1e3, le=1e8)]
    loss_w_k: Annotated[float, Field(ge=0, le=1e3)]
    dead_s: Annotated[float, Field(ge=0, le=60)]
    feed_tau_s: Annotated[float, Field(ge=1, le=600)]
    sensor_tau_s: Annotated[float, Field(ge=1, le=60)]
    quick_opening: Annotated[float, Field(ge=-0.5, le=0.8)] = 0.0
    person_w: Annotated[float, Field(ge=0, le=5000)] = 650.0
    door_w_k: Annotated[float, Field(ge=0, le=5000)] = 0.0
    dead_std_s: Annotated[float, Field(ge=0, le=10)]
    identified: str = Field(min_length=8, max_length=200, description="when, by whom, from what recording")


class Commissioned(Strict):
    """What commissioning found of one instrument; frozen after it.

    ``offset_k``: reads so much above the middle of its room while the room holds ``at_c``. ``noise``: standard deviation in its unit.
    ``partial_pressure_at_kpa``: an analyser that sees partial pressure and was set to read vol% at this ambient pressure; none: it
    corrects itself. ``mean_kpa``: of the barometer, the mean ambient pressure of the place.
    """

    offset_k: Annotated[float, Field(ge=-10, le=10)] = 0.0
    at_c: Annotated[float, Field(ge=-160, le=0)] = -110.0
    noise: Annotated[float, Field(gt=0, le=5)] | None = None
    partial_pressure_at_kpa: Annotated[float, Field(ge=60, le=110)] | None = None
    mean_kpa: Annotated[float, Field(ge=60, le=110)] | None = None


class ValveKind(StrEnum):
    """What throttles the nitrogen of a room. An on/off valve is switched by pulse density, see ``control.valve_stage``."""

    PROPORTIONAL = "proportional"
    ON_OFF = "on_off"


class Regulator(Strict):
    """PID of one room, ISA form. Gains act on the valve in percent; the reference temperature anchors the schedule.

    ``full_flow_kg_h``: nitrogen through this valve fully open at the nominal line pressure, as commissioned. ``dwell_s``: shortest
    time an on/off valve stays as it is; only shutting for safety is sooner.
    """

    valve: ValveKind = ValveKind.PROPORTIONAL
    dwell_s: Annotated[float, Field(ge=1, le=10)] = 2.0

    full_flow_kg_h: Annotated[float, Field(gt=0, le=600)]
    gain_pct_per_k: Annotated[float, Field(gt=0, le=50)]
    integral_s: Annotated[float, Field(ge=10, le=3600)]
    derivative_s: Annotated[float, Field(ge=0, le=120)]
    derivative_filter: Annotated[float, Field(ge=2, le=20)] = 5.0
    tracking_s: Annotated[float, Field(ge=1, le=3600)] = 20.0
    valve_max_pct: Annotated[float, Field(gt=0, le=100)] = 100.0
    schedule_reference_c: Annotated[float, Field(ge=-180, le=40)] = -110.0
    door_hold_s: Annotated[float, Field(ge=0, le=60)] = 10.0
    feedforward_pct_per_person: Annotated[float, Field(ge=0, le=50)] = 0.0
    model: IdentifiedRoom | None = None


NO_PRE_CHAMBER = "a head-out cabin has one room and one door; the PLC reads the cabin's own instrument on this input"
NO_RIM = "nobody's head is above a rim: people breathe what the analysers of their room measure"


class Absent(NamedTuple):
    """What a device lacks. ``why``: tag -> reason; ``contacts``: those of them that are contacts, each unknown whatever its input says
    (but the face above a rim, which nobody looks for without a rim).

    ``by_kind``: those that devices of this kind never have; nobody shows them.
    """

    why: dict[str, str]
    tags: frozenset[str]
    contacts: dict[str, None]
    by_kind: frozenset[str]


_HEAD_OUT = Atmosphere.HEAD_OUT_DIRECT


@lru_cache(maxsize=64)
def _absent(head_out: bool, stated: tuple[tuple[str, str], ...]) -> Absent:
    by_kind = dict.fromkeys(PRE_CHAMBER_ONLY, NO_PRE_CHAMBER) if head_out else {FACE_ABOVE_RIM: NO_RIM}
    why = by_kind | dict(stated)
    return Absent(why, frozenset(why), dict.fromkeys(tag for tag in why if tag in BITS and tag != FACE_ABOVE_RIM), frozenset(by_kind))


class TwinRoom(Strict):
    """Design data of one cold room for the digital twin (``control.twin``); what they get wrong it learns. SI units.

    ``quick_j_k``: liner, warm and cold with the gas; ``slow_j_k`` at ``slow_w_k``: benches, grids, cables. ``coil_w_k``: air
    side of the dry coil; ``coil_j_k``: its metal. ``steady_w``: fans, frame heaters and the like while the room is cold.
    """

    gas_m3: Annotated[float, Field(gt=0, le=200)]
    wall_m2: Annotated[float, Field(gt=0, le=500)]
    foam_m: Annotated[float, Field(ge=0.02, le=1)]
    foam_w_mk: Annotated[float, Field(gt=0, le=1)]
    foam_j_m3k: Annotated[float, Field(gt=0, le=1e7)]
    bridge_w_k: Annotated[float, Field(ge=0, le=100)]
    quick_j_k: Annotated[float, Field(gt=0, le=1e8)]
    slow_j_k: Annotated[float, Field(gt=0, le=1e8)] = 1e3
    slow_w_k: Annotated[float, Field(ge=0, le=1e4)] = 0.0
    coil_w_k: Annotated[float, Field(gt=0, le=1e4)]
    coil_j_k: Annotated[float, Field(gt=0, le=1e7)]
    steady_w: Annotated[float, Field(ge=0, le=1e4)] = 0.0

    @property
    def steady_w_k(self) -> float:
        """Heat leak through the wall long at rest, dry: W/K."""
        return self.wall_m2 / (1.0 / 7.0 + self.foam_m / self.foam_w_mk) + self.bridge_w_k


class TwinDesign(Strict):
    """Design data for the digital twin. ``fresh_w_k``: fresh air of the main room after its recuperator; ``exhaled_w_k``: what the main
    room breathes out, as it passes the pre-chamber; ``line_w_k``: supply line to the room. Pressures bar(a) at the valves.
    """

    main: TwinRoom
    pre: TwinRoom
    partition_w_k: Annotated[float, Field(ge=0, le=100)]
    fresh_w_k: Annotated[float, Field(ge=0, le=100)]
    exhaled_w_k: Annotated[float, Field(ge=0, le=100)]
    line_w_k: Annotated[float, Field(ge=0, le=10)]
    door_m: Annotated[float, Field(gt=0.5, le=4)]
    nominal_bar: Annotated[float, Field(gt=1, le=10)]
    back_bar: Annotated[float, Field(ge=1, le=10)]


class DeviceProfile(Strict):
    """One device type: rooms, limits, programs, regulators.

    A head-out cabin has one room, entered by one door: no ``pre``, no regulator for it. Its ``zones`` are thermometers of the gas
    about the guest from the lowest up; what is regulated, ``main.temperatures``, is the gas blown in. ``labels``: what this device
    calls an instrument. ``usual``: from, to, in the instrument's unit, what it reads from READY to the end of an exposure; shown, and
    nothing is decided by it.
    """

    id: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    name: str
    atmosphere: Atmosphere
    main: Room
    pre: Room | None = None
    zones: tuple[AnalogName, ...] = ()
    limits: Limits = Limits()
    programs: tuple[Program, ...] = Field(min_length=1)
    regulator_main: Regulator
    regulator_pre: Regulator | None = None
    not_fitted: dict[OptionalName, Reason] = {}
    labels: dict[AnyName, Label] = {}
    usual: dict[AnalogName, tuple[float, float]] = {}
    commissioned: dict[AnalogName, Commissioned] = {}
    twin: TwinDesign | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [p.id for p in self.programs]
        if len(set(ids)) != len(ids):
            raise ValueError("program ids must be unique")
        if self.twin is not None and self.regulator_pre is None:
            raise ValueError("twin: the digital twin knows chambers of two rooms only; leave [twin] out")
        self._check_rooms()
        used = {t for room in self.rooms for t in (*room.temperatures, *room.oxygen)} | set(self.zones)
        for tag, (low, high) in self.usual.items():
            if low >= high:
                raise ValueError(f"usual: {tag}: from {low:g} to {high:g}: the lower one first")
        for tag in self.not_fitted:
            if tag in used:
                raise ValueError(f"not_fitted: {tag} is named as an instrument of a room")
        if self.partial_pressure and ("PT-301" in self.not_fitted or self.mean_kpa is None):
            raise ValueError(
                f"commissioned: {', '.join(self.partial_pressure)} sees partial pressure: PT-301 must be fitted and its mean_kpa given"
            )
        for p in self.programs:
            for name, value, limit in (
                ("exposure_s", p.exposure_s, self.limits.exposure_s),
                ("pre_chamber_s", p.pre_chamber_s, self.limits.pre_chamber_s),
            ):
                if value > limit:
                    raise ValueError(f"program {p.id}: {name} {value:g} exceeds the limit {limit:g}")
            if p.setpoint_main_c < self.limits.setpoint_main_min_c:
                raise ValueError(
                    f"program {p.id}: setpoint_main_c {p.setpoint_main_c:g} is below setpoint_main_min_c {self.limits.setpoint_main_min_c:g}"
                )
        return self

    def _check_rooms(self) -> None:
        if (self.pre is None) is not self.head_out or (self.regulator_pre is None) is not self.head_out:
            raise ValueError(f"pre, regulator_pre: a head-out cabin has neither, every other device both (atmosphere = {self.atmosphere})")
        if self.head_out and (len(self.zones) < 2 or self.limits.persons != 1):
            raise ValueError("a head-out cabin needs zones, at least two thermometers about the guest, and limits.persons = 1")
        if self.zones and not self.head_out:
            raise ValueError("zones: only a head-out cabin has them; elsewhere main.temperatures measure what people stand in")

    @property
    def head_out(self) -> bool:
        return self.atmosphere is Atmosphere.HEAD_OUT_DIRECT

    @property
    def rooms(self) -> tuple[Room, ...]:
        """Rooms people stand in, the innermost first."""
        return (self.main,) if self.pre is None else (self.main, self.pre)

    @property
    def oxygen(self) -> tuple[str, ...]:
        """Analysers where people breathe, those of the treatment room aside."""
        return self.main.oxygen if self.pre is None else (*self.main.oxygen, *self.pre.oxygen)

    @property
    def entrance(self) -> Room:
        """The room behind the outer door: the pre-chamber, or of a device with one room that room."""
        return self.rooms[-1]

    @property
    def absent(self) -> Absent:
        """Instruments that this device does not have, by its kind or as stated in ``not_fitted``."""
        return _absent(self.atmosphere is _HEAD_OUT, tuple(self.not_fitted.items()) if self.not_fitted else ())

    @property
    def partial_pressure(self) -> dict[str, float]:
        """Analysers that have to be corrected for the ambient pressure -> kPa at which they were set (H-06)."""
        return {tag: c.partial_pressure_at_kpa for tag, c in self.commissioned.items() if c.partial_pressure_at_kpa is not None}

    @property
    def mean_kpa(self) -> float | None:
        barometer = self.commissioned.get("PT-301")
        return None if barometer is None else barometer.mean_kpa

    def program(self, program_id: str) -> Program | None:
        return next((p for p in self.programs if p.id == program_id), None)


# Which way is safer for a site: "down" = a site may only lower the value, "up" = only raise it.
NARROWING: dict[str, str] = {
    "exposure_s": "down",
    "pre_chamber_s": "down",
    "persons": "down",
    "operator_confirm_s": "down",
    "exit_door_alarm_s": "down",
    "exit_evacuate_s": "down",
    "cool_off_s": "up",
    "drying_to_c": "down",
    "drying_max_s": "down",
    "o2_chamber_pre_alarm_pct": "up",
    "o2_chamber_trip_pct": "up",
    "o2_chamber_evacuate_pct": "up",
    "o2_room_pre_alarm_pct": "up",
    "o2_room_trip_pct": "up",
    "o2_room_evacuate_pct": "up",
    "o2_room_floor_pre_alarm_pct": "up",
    "o2_room_floor_trip_pct": "up",
    "o2_room_floor_evacuate_pct": "up",
    "overcold_below_setpoint_k": "down",
    "ready_band_k": "down",
    "skin_end_c": "up",
    "ln2_relief_bar_a": "down",
    "setpoint_main_min_c": "up",
}
