"""State of the supervisor between two scans. Every part is immutable; ``step`` builds the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chamber.alarms import Alarm
from chamber.annunciation import Annunciation
from chamber.bypasses import Bypasses
from chamber.commands import Answer, Command
from chamber.events import Event
from chamber.facts import Facts
from chamber.forcing import Forcing
from chamber.instruments.consumption import Meter
from chamber.instruments.oxygen import Settling
from chamber.instruments.sensor import Mark
from chamber.instruments.watch import Watched
from chamber.interlocks import CauseState, Verdict
from chamber.profile import DeviceProfile, Program
from chamber.readings import Reading
from chamber.session import LeftOpen, Session
from chamber.states import CycleState
from chamber.upkeep import Upkeep, UpkeepFacts
from control.descent import Belief, Body, Descent
from control.observer import Observed
from control.pid import OFF, PidState, Terms
from control.room_model import RoomModel
from control.skin.state import Skin
from control.swing import STILL, Swing
from control.tuning_state import Fitted, Tuning
from control.twin.state import Twin
from control.valve_stage import Stage
from control.wear import Wear
from plc_bridge.contract import Opcode, Voice
from plc_bridge.status import PlcStatus

FRESH_S = 0.35  # a scan rests on a block at most this old, or it writes nothing and the lease runs down (H-14)


class Booking(NamedTuple):
    """An appointment: begin in seconds since 1970, how long it takes with everything around it, how many people."""

    start_s: float
    length_s: float
    persons: int

    @property
    def end_s(self) -> float:
        return self.start_s + self.length_s


class Inputs(NamedTuple):
    """What came in since the last scan. ``block`` is None when no new one arrived.

    ``durable_session``: highest session id whose opening record is on disk. ``api_age_s``: since the API was heard;
    ``panel_age_s``: since a page of the panel told that it is shown.
    ``utc_s``: seconds since 1970 by the clock on the wall, only for dates (H-10); None: unknown. ``day_began_utc_s``: when the
    site's day began by that clock.
    """

    now_s: float
    block: PlcStatus | None
    commands: tuple[Command, ...] = ()
    durable_session: int = 0
    records_ok: bool = True
    api_age_s: float | None = 0.0
    utc_s: float | None = None
    sign_in_abused: bool = False
    day_began_utc_s: float | None = None
    panel_age_s: float | None = 0.0
    fitted: Fitted | None = None  # answer to the tuning's job
    schedule: tuple[Booking, ...] = ()  # of these days, in any order


class Demand(NamedTuple):
    """What is asked of the PLC: the COMMAND block in engineering units."""

    cycle_state: CycleState
    setpoint_main_c: float
    setpoint_pre_c: float
    valve_main_pct: float
    valve_pre_pct: float
    bits: int
    occupied: bool
    persons: int
    session_id: int
    exposure_limit_s: float
    voice: Voice


class Mail(NamedTuple):
    """A mailbox write."""

    id: int
    opcode: Opcode


class Outputs(NamedTuple):
    """``write`` is False when this scan rests on no fresh block: then nothing is written and the lease runs down."""

    demand: Demand
    write: bool
    heartbeat: int
    nonce: int
    mail: Mail | None
    answers: tuple[Answer, ...]


class Pending(NamedTuple):
    """A mailbox command on its way, with the operator's command that waits for it (None: the supervisor's own)."""

    mail: Mail
    command: Command | None
    first_sent_s: float
    sent_s: float
    tries: int


class Changes(NamedTuple):
    """Changes over the last seconds; None while not enough is known."""

    o2_10s_pct: float | None = None
    main_30s_k: float | None = None
    main_120s_k: float | None = None


class Moment(NamedTuple):
    """One second of history for the slow checks: main room temperature °C, lowest chamber oxygen vol%."""

    t_s: float
    main_c: float | None
    o2_pct: float | None


class Instruments(NamedTuple):
    """Memory of the instrument checks."""

    distrust_until_s: Mapping[str, float] = {}  # tag -> end of distrust after a jump
    impossible: Mapping[str, int] = {}  # tag -> scans in a row out of range
    watched: Watched = Watched()
    fresh_air: Mapping[str, Mark] = {}  # findings of the last check in fresh air
    settling: Mapping[str, Settling | None] = {}  # analysers that warm up
    due: tuple[str, ...] = ()  # out of specification or maintenance required (NE 107)
    meter: Meter = Meter()


class Perception(NamedTuple):
    """Readings by tag after validation, and the memory of validation."""

    analog: Mapping[str, Reading[float]] = {}
    bits: Mapping[str, bool | None] = {}
    entry_good_since_s: float | None = None  # air of room and chamber fit to breathe
    room_good_since_s: float | None = None  # air of the room
    history: tuple[Moment, ...] = ()
    doors_shut: bool = False
    undisturbed_since_s: float | None = None  # doors shut, and no fan or heater of the chamber has changed its air since
    unwarmed_since_s: float | None = None  # purge fan and drying heater off
    closed_since_s: float | None = None  # nitrogen driven shut by the PLC since
    instruments: Instruments = Instruments()
    changes: Changes = Changes()
    block: PlcStatus | None = None
    restarted: bool = False
    stage: int = 0  # 0 fresh, 1 stale, 2 lost


class SetBack(NamedTuple):
    """Held ``warmer_k`` warmer (None: valves shut) until it is time to cool for ``until_s`` (None: nobody is expected any more).

    ``look_s``: next look at it; ``takes_s``: the cooling as of the last one; ``planned``: by the day plan. ``looks``, ``heat_w``: how
    often, and mean of, the unknown heat was looked at since the valve has been shut for a while.
    """

    until_s: float | None
    look_s: float
    takes_s: float = 0.0
    warmer_k: float | None = 30.0
    planned: bool = False
    since_s: float = 0.0
    looks: int = 0
    heat_w: float = 0.0


class Curve(NamedTuple):
    """A precool as it went: (temperature °C, what was left until ready in s), coldest first."""

    setpoint_c: float
    points: tuple[tuple[float, float], ...]


class ReadyTime(NamedTuple):
    """``at_s``: when the rooms will be ready, None: not foretold. ``marks``: this precool so far, (s, °C); ``curves``: earlier ones.

    ``held_w``: unknown heat while held cold, of late; ``fall_w``: how much less it was in the last set-back, None: none yet.
    ``belief``: what ways down have taught of a room with a model; ``body``: what is behind its gas, as of ``body_s``;
    ``descent``: a way down out of the warm or a set-back, under way.
    """

    at_s: float | None = None
    look_s: float = 0.0
    marks: tuple[tuple[float, float], ...] = ()
    held_w: float | None = None
    fall_w: float | None = None
    belief: Belief | None = None
    body: Body | None = None
    body_s: float = 0.0
    descent: Descent | None = None
    curves: tuple[Curve, ...] = ()


class DayOrder(NamedTuple):
    """The day plan as ordered. ``by`` None: not followed; ``ended`` then says why it is not any more, "" if it never was.

    ``served_s``: begin of the last booking whose guests were let in (seconds since 1970); ``decided_s``: begin of the booking up to which
    it is settled how the time is spent; ``rests_since_s``: nobody is expected any more since.
    """

    by: str | None = None
    since_s: float = 0.0
    day_began_s: float | None = None
    ended: str = ""
    look_s: float = 0.0
    served_s: float | None = None
    decided_s: float | None = None
    rests_since_s: float | None = None


class Cycle(NamedTuple):
    """Position in the cycle and the timers of its conditions (monotonic seconds, None: not running)."""

    state: CycleState
    since_s: float
    program: Program | None = None
    in_band_since_s: float | None = None
    out_of_band_since_s: float | None = None
    not_running_since_s: float | None = None
    start_asked: bool = False
    door_seen_shut: bool = False
    door_opened: bool = False  # since the trip or the restart
    looked_inside: bool = False  # confirmed empty since the start
    unknown_session: bool = False
    left_open: LeftOpen | None = None  # what the records say of that session
    cool_off_until_s: float | None = None
    forced: Forcing = {}
    voice_quiet: bool = False  # this self-test has found the loop-back silent before it spoke
    voice_heard_s: float | None = None  # announcement last heard in a self-test
    voice_failed: bool = False
    self_test_failed: tuple[str, ...] = ()
    self_test_done: int = 0
    set_back: SetBack | None = None


class Loop(NamedTuple):
    """One regulator. ``observed``: the room as its model sees it, None without a model. ``distrust_s``: for how long the
    model has been surprised; ``swing``: whether the room swings under it; ``refused``: why the PID regulates although there is a model."""

    pid: PidState = PidState()
    terms: Terms = OFF
    mode: str = "off"
    model: RoomModel | None = None
    dead_std_s: float = 0.0
    observed: Observed | None = None
    distrust_s: float = 0.0
    swing: Swing = STILL
    refused: str | None = None
    stage: Stage | None = None  # of an on/off valve; None: proportional
    given_pct_s: float = 0.0  # an on/off valve's opening since the last period of the law, and for how long it is known
    given_s: float = 0.0
    wear: Wear = Wear()

    @property
    def valve_pct(self) -> float:
        """What the valve is asked for in this scan."""
        return self.terms.output_pct if self.stage is None else 100.0 if self.stage.on else 0.0


class Clock(NamedTuple):
    """Exposure of a session as of one scan, s."""

    session: int | None = None
    elapsed_s: float | None = None
    limit_s: float | None = None


class Watch(NamedTuple):
    """Timers of the run-time monitor: since when a condition holds."""

    doors_not_shut_s: float | None = None
    oxygen_low_s: float | None = None
    sensors_bad_s: float | None = None
    unexpected_s: float | None = None
    clock: Clock = Clock()
    broken: tuple[str, ...] = ()


class Shop(NamedTuple):
    """Upkeep between two scans. ``facts`` are of the statuses; they are made anew when entries or the date call for it."""

    upkeep: Upkeep = Upkeep()
    facts: UpkeepFacts = UpkeepFacts(not_accepted="not yet looked at")
    fresh: bool = False
    turns_utc_s: float | None = None  # when a status changes by the date
    wall_minus_mono_s: float | None = None
    jump_shown_until_s: float | None = None
    key_turned: bool | None = None
    plc_program: int | None = None
    bypasses: Bypasses = {}
    reminded: frozenset[str] = frozenset()


class State(NamedTuple):
    profile: DeviceProfile
    perception: Perception
    causes: Mapping[str, CauseState]
    verdict: Verdict
    cycle: Cycle
    session: Session | None
    alarms: Mapping[str, Alarm]
    annunciation: Annunciation
    main: Loop
    pre: Loop
    law_next_s: float
    door_settled_s: float  # integral hold after a door: until then
    wear_due_s: float  # when the valves' counters are told next
    pending: Pending | None
    next_mail_id: int
    next_session_id: int
    heartbeat: int
    watch: Watch
    shop: Shop
    answers: Mapping[str, Answer]  # last answers by command id: the same id gets the same answer
    facts: Facts | None  # of the last scan, for publishing
    tuning: Tuning = Tuning()
    day: DayOrder = DayOrder()
    ready: ReadyTime = ReadyTime()
    twin: Twin | None = None  # None: the profile has no design data for it
    skin: Skin | None = None  # of the open session


class Result(NamedTuple):
    state: State
    outputs: Outputs
    events: tuple[Event, ...]
