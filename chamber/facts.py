"""Everything the rules may look at, gathered once a scan. Rules read facts; they never reach for anything else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from chamber.instruments.consumption import Used
from chamber.profile import Limits
from chamber.readings import Reading
from chamber.states import CycleState
from chamber.upkeep import UpkeepFacts
from chamber.voting import Vote


class Door(StrEnum):
    """Voted from two contacts. Anything but both agreeing on shut counts as open for safety."""

    SHUT = "shut"
    OPEN = "open"
    FAULT = "fault"  # contacts disagree
    UNKNOWN = "unknown"  # never read or stale


_SHUT = Door.SHUT


class PlcFacts(NamedTuple):
    """What the PLC says of itself; None fields of Facts mean it was never heard."""

    state: str
    trips: frozenset[str]
    causes: frozenset[str]
    first_out: str | None
    occupied: bool
    lease_alive: bool
    exposure_elapsed_s: float
    simulated: bool
    restarted: bool
    program_id: int  # fingerprint of the program it runs
    program_expected: bool  # that fingerprint is the one of this software's own tables


class Facts(NamedTuple):
    """Temperatures °C, oxygen vol%, times s. ``occupied`` is the conservative view: anybody may be inside."""

    now_s: float
    # link
    block_age_s: float | None
    plc: PlcFacts | None
    # temperatures
    main: Vote
    pre: Vote
    main_readings: tuple[Reading[float], ...]
    coil_outlet: Reading[float]
    # oxygen
    o2_main: Vote
    o2_pre: Vote
    o2_main_readings: tuple[Reading[float], ...]
    o2_pre_readings: tuple[Reading[float], ...]
    o2_room: Reading[float]
    o2_floor: Reading[float]
    o2_high_factor: float  # true oxygen may be higher by this where the ambient pressure is not known
    o2_entry_good_s: float  # for how long every oxygen value has been good for entry into the chamber
    room_entry_good_s: float  # the same for the treatment room: chamber analysers that are out of order do not count
    # changes over time; None until enough is known
    o2_change_10s_pct: float | None  # lowest chamber oxygen, negative: falling
    main_change_30s_k: float | None
    main_change_120s_k: float | None
    nitrogen_shut_s: float | None  # for how long the PLC has driven the main valve shut; None: it is open
    nitrogen_flow_kg_h: float | None
    valve_main_pct: float | None
    undisturbed_s: float  # for how long doors are shut, purge fan and drying heater off, recirculation fan as it is: the air is left alone
    unwarmed_s: float  # for how long purge fan and drying heater are off
    # cycle and session, as of the scan before
    state_age_s: float
    session_limit_s: float | None
    exposure_elapsed_s: float | None
    pre_elapsed_s: float | None
    pre_limit_s: float | None
    confirm_left_s: float | None
    exit_age_s: float | None
    exit_door_opened: bool
    outer_opened_since_exit: bool
    skin_low_c: float | None  # lowest lower bound of anybody's estimated skin since they went in; it only falls. None: no estimate
    count_due: int | None  # people of the open session who are still to be counted out
    cool_off_left_s: float  # until boarding is possible again after a broken-off exposure; 0: no lock-out
    # house
    api_age_s: float | None
    panel_age_s: float | None  # since a page of the panel last told that it is shown
    tank_kg: float | None
    supply_bar: float | None  # nitrogen line, bar(a)
    ambient_kpa: float | None
    ups_charge_pct: float | None
    voice_age_s: float | None  # since an announcement was last heard in a self-test
    # from here on: what stands for minutes (STANDING). First the contacts
    inner_door: Door
    outer_door: Door
    presence_main: bool | None
    presence_pre: bool | None  # of a device with one room that of the room
    face_clear: bool  # the guest's face is seen above the rim; always so where heads are inside (H-01)
    one_room: bool  # one room and one door: both doors are the same, and whoever is in is exposed
    estop_released: bool | None
    call_pressed: bool | None
    sample_flow: bool | None
    extract_flow: bool | None
    mains: bool | None
    ln2_closed: bool | None
    purge_flow: bool | None
    room_emergency: bool | None  # emergency call of the room, or fire alarm
    service_key: bool | None  # turned
    announcement_heard: bool | None
    ups_healthy: bool | None
    # limits, cycle and house
    limits: Limits
    valve_main_max_pct: float  # the regulator never asks for more
    setpoint_main_c: float | None
    purge_driven: bool | None  # the PLC drives the purge fan
    nitrogen_used: Used | None  # over five minutes, against what the valves account for
    instruments_due: tuple[str, ...]  # out of specification or maintenance required
    state: CycleState
    occupied: bool
    records_ok: bool
    not_fitted: frozenset[str]  # instruments this device does not have
    unknown_session: bool  # a session was open when the process died
    self_test_failed: tuple[str, ...]
    voice_failed: bool  # the last self-test did not hear its announcement
    invariants_broken: tuple[str, ...]
    # upkeep
    maintenance: Mapping[str, str]  # what the digital twin finds due: alarm -> evidence
    upkeep: UpkeepFacts
    day_checked: bool  # the start-up checklist of the site's day is signed
    bypassed: frozenset[str]  # causes out of force by service
    clock_jumped: bool  # wall clock and monotonic clock parted since the scan before
    safety_alarms_out: tuple[str, ...]  # of safety class and out of service
    sign_in_abused: bool  # the API has just seen too many wrong PINs

    @property
    def doors_shut(self) -> bool:
        return self.inner_door is _SHUT and self.outer_door is _SHUT

    @property
    def seen_empty(self) -> bool:
        """Both presence sensors say nobody. Unknown is not empty."""
        return self.presence_main is False and self.presence_pre is False

    @property
    def somebody_seen(self) -> bool:
        return self.presence_main is True or self.presence_pre is True

    @property
    def oxygen_readings(self) -> tuple[Reading[float], ...]:
        return (*self.o2_main_readings, *self.o2_pre_readings, self.o2_room, self.o2_floor)


CONTACTS = slice(Facts._fields.index("inner_door"), Facts._fields.index("ups_healthy") + 1)
"""Facts that follow from the contacts of a block alone."""
STANDING = slice(CONTACTS.start, len(Facts._fields))
"""Facts that stay as they are from scan to scan but for a few moments a day; the others are measured or are times."""
STANDS = frozenset(Facts._fields[STANDING])
