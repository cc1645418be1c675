"""The simulated PLC: one scan is one call, no sockets, no clock of its own.

Mirrors the PLC program rule by rule: lease, mailbox, cause-and-effect table, exposure timer, outputs. Retentive memory
(session, OCCUPIED, exposure) outlives a power cycle; RUN does not.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from chamber.states import SESSION, CycleState
from chamber.tags import FACE_ABOVE_RIM
from plc_bridge.contract import (
    EXPOSURE_ABSOLUTE_S,
    EXPOSURE_GRACE_S,
    LEASE_EMPTY_S,
    LEASE_OCCUPIED_S,
    MAGIC,
    MAP_VERSION,
    NONCE_XOR,
    Flag,
    MailReason,
    MailResult,
    Opcode,
    Output,
    PlcState,
    QualityNibble,
    Voice,
)
from plc_bridge.fingerprint import PROGRAM_ID
from plc_bridge.plc_rules import HEATER_STATES, LEAVING, PRESENCE_CLEAR_S, RESET_CLEAR_S, ROW, SERVICE_KEY, VALVE_STATES, Effect, Reset
from simulator.plant import OFF, Actuators
from simulator.plc_causes import Table, View
from simulator.plc_memory import COMMAND_WORDS, MAILBOX_WORDS, NOTHING_TOLD, Told, parse_command, status_words
from simulator.plc_outputs import NO_EFFECT, effects_of, fresh_air, switched_on
from simulator.sensors import BIT_INDEX, INDEX

_NONCE_PERIOD_S = 1.0
_NONCE_VALID_S = 2.0
_EPSILON_S = 1e-6
_PRES_MAIN, _PRES_PRE = 1 << BIT_INDEX["YS-101"], 1 << BIT_INDEX["YS-201"]
_INNER_A, _INNER_B = 1 << BIT_INDEX["ZS-101A"], 1 << BIT_INDEX["ZS-101B"]
_OUTER_A, _OUTER_B = 1 << BIT_INDEX["ZS-201A"], 1 << BIT_INDEX["ZS-201B"]
_INNER, _OUTER = _INNER_A | _INNER_B, _OUTER_A | _OUTER_B
_DOORS, _DOORS_SHUT = _INNER | _OUTER, _INNER_A | _OUTER_A
_SAMPLE_FLOW = 1 << BIT_INDEX["FS-102"]
_SAMPLED = tuple(INDEX[t] for t in ("AT-101A", "AT-101B", "AT-101C", "AT-201A", "AT-201B"))
_XV, _DRY_HEATER = 1 << Output.XV_401, 1 << Output.DRY_HEATER
_FREE_DEMANDS = sum(1 << o for o in Output if o not in (Output.XV_401, Output.DRY_HEATER))
_FACE = 1 << BIT_INDEX[FACE_ABOVE_RIM]
_KEY = 1 << BIT_INDEX[SERVICE_KEY]
# members looked up once: the look-up in an enumeration costs more than the comparison, and these are looked at ten times a second
_EXIT, _EXPOSURE, _SERVICE = CycleState.EXIT.value, CycleState.EXPOSURE.value, CycleState.SERVICE.value
_RUN, _SAFE, _NO_REASON, _SILENT = PlcState.RUN, PlcState.SAFE, MailReason.NONE, Voice.SILENT.value
_RECIRC_FAN, _PURGE_FAN, _DOOR_HEATER = 1 << Output.RECIRC_FAN, 1 << Output.PURGE_FAN, 1 << Output.DOOR_HEATER
_EXTRACT_BOOST, _STANDBY_EXTRACT = 1 << Output.EXTRACT_BOOST, 1 << Output.STANDBY_EXTRACT
_BEACON_NO_ENTRY = 1 << Output.BEACON_NO_ENTRY
_F_DOOR_OPENED, _F_RESET_POSSIBLE, _F_CLAMPED = 1 << Flag.DOOR_OPENED_SINCE_TRIP, 1 << Flag.RESET_POSSIBLE, 1 << Flag.CLAMPED
_F_SIMULATED, _F_LEASE_ALIVE, _F_OCCUPIED = 1 << Flag.SIMULATED, 1 << Flag.LEASE_ALIVE, 1 << Flag.OCCUPIED


class Retentive:
    """Battery-backed memory of the PLC."""

    __slots__ = ("exposure_s", "occupied", "session_id")

    def __init__(self) -> None:
        self.session_id = 0
        self.occupied = False
        self.exposure_s = 0.0


class SimPlc:
    """Simulated PLC. ``scan`` is deterministic in its arguments and the seed."""

    def __init__(self, rng: random.Random, now_s: float = 0.0) -> None:
        self._rng = rng
        self.retentive = Retentive()
        self._lease_s = 0.0  # left of the lease as of the outputs of this scan; 0 or less: none
        self.program_id = PROGRAM_ID
        self._counter = rng.randrange(0x10000)
        self._mail_steps: dict[int, tuple[Callable[[int], MailReason], Callable[[], None]]] = {
            Opcode.RESET: (self._reset_refusal, self._reset),
            Opcode.START_COOLING: (self._start_refusal, self._start),
            Opcode.CONFIRM_EMPTY: (self._empty_refusal, self._confirmed_empty),
        }
        self._boot(now_s)

    def reseed(self, rng: random.Random) -> None:
        """Other nonces from now on."""
        self._rng = rng

    def power_cycle(self, now_s: float) -> None:
        """Lose everything but the retentive memory."""
        self._boot(now_s)

    def _boot(self, now_s: float) -> None:
        self._boot_s = self._last_s = now_s
        self.state = _SAFE
        self.told: Told = NOTHING_TOLD
        self._command: list[int] = []
        self._asked: Sequence[int] = ()
        self._parsed: Told = NOTHING_TOLD
        self._hb_seq: int | None = None
        self._nonces: list[tuple[int, float]] = []
        self._nonce_due_s = now_s
        self._heartbeat_s = now_s
        self._leased = False
        self._table = Table()
        self._held = False
        self._view = View(self.told)
        self.trips = self.causes = 0
        self.first_out = 0
        self._first_out_ms = 0
        self._clear_since_s = now_s
        self._tripped_occupied = False
        self._door_since_trip = False
        self._presence_s = {_PRES_MAIN: now_s, _PRES_PRE: now_s}
        # after a boot nothing is known about the doors: whoever was inside before must be seen to leave
        self._outer_shut_seen = self._outer_opened = False
        self._inner_shut_seen = self._inner_opened = False
        self._entry_possible = True
        self._exit_inner = self._exit_outer = False
        self._mail_seen: int | None = None
        self._mail = (0, MailResult.NONE, _NO_REASON)
        self._request = False
        self._start_key = False
        self.outputs = 0
        self.voice = _SILENT
        self._driven: tuple[int, float, float, bool, int] | None = None  # what the actuators below follow from
        self._actuators = OFF

    # -- one scan ---------------------------------------------------------------------------------------------------

    def scan(
        self, now_s: float, values: Sequence[float], quality: list[int], bits: int, command: Sequence[int], mailbox: Sequence[int]
    ) -> tuple[Actuators, list[int]]:
        """One PLC scan at its monotonic time ``now_s`` (s).

        ``values``, ``quality`` and ``bits`` are the input cards in the order of the tag lists, ``command`` and
        ``mailbox`` the words written by the supervisor. Returns the actuators and the status block. Raises ValueError
        if a block has the wrong length.
        """
        dt = now_s - self._last_s
        self._last_s = now_s
        if not bits & _SAMPLE_FLOW:
            for i in _SAMPLED:
                if quality[i] == QualityNibble.GOOD:
                    quality[i] = QualityNibble.SAMPLE_FLOW.value
        self._nonce(now_s)
        self._listen(now_s, command)
        self._occupancy(now_s, dt, bits)
        key_fits = self._key_fits(bits)
        self._mailbox(mailbox, bits, key_fits=key_fits)
        if not key_fits:
            self._leave_run()
        self._causes(now_s, values, quality, bits)
        actuators = self._drive(bits)
        return actuators, self._status(now_s, values, quality, bits)

    def _nonce(self, now_s: float) -> None:
        if now_s >= self._nonce_due_s - _EPSILON_S:
            previous = self._nonces[-1][0] if self._nonces else 0
            nonce = previous
            while nonce == previous:
                nonce = self._rng.randrange(1, 0x10000)
            self._nonces = [*self._nonces[-2:], (nonce, now_s)]
            self._nonce_due_s = now_s + _NONCE_PERIOD_S

    def _listen(self, now_s: float, command: Sequence[int]) -> None:
        """Take the command block; renew the lease if the heartbeat is new and answers a fresh nonce."""
        if command != self._command:
            if len(command) != COMMAND_WORDS:
                raise ValueError(f"command block: got {len(command)} registers, the map has {COMMAND_WORDS}")
            self._command = list(command)
            seq, echo, asked = command[0], command[1], command[2:]
            if asked != self._asked:  # most blocks bring nothing but another heartbeat
                self._asked, self._parsed = asked, parse_command(command)
            told = self._parsed
            if seq != self._hb_seq and self._fresh_echo(echo, now_s):
                # a block without a valid heartbeat is not obeyed: a replay moves nothing
                self._hb_seq = seq
                self._heartbeat_s = now_s
                self._leased = True
                if told.cycle_state in LEAVING and self.told.cycle_state not in LEAVING:
                    self._exit_inner = self._exit_outer = False
                self.told = told
                if told.session_id:
                    self.retentive.session_id = told.session_id

    def _fresh_echo(self, echo: int, now_s: float) -> bool:
        answered = echo ^ NONCE_XOR
        for nonce, issued in self._nonces:  # noqa: SIM110  a generator costs more than the three comparisons
            if nonce == answered and now_s - issued <= _NONCE_VALID_S + _EPSILON_S:
                return True
        return False

    def _occupancy(self, now_s: float, dt: float, bits: int) -> None:
        """Retentive OCCUPIED flag and the PLC's own exposure timer."""
        keep, told = self.retentive, self.told
        if bits & (_PRES_MAIN | _PRES_PRE):
            for mask in self._presence_s:
                if bits & mask:
                    self._presence_s[mask] = now_s
        inner_shut, outer_shut = bits & _INNER == _INNER_A, bits & _OUTER == _OUTER_A
        self._exit_inner = self._exit_inner or not inner_shut
        self._exit_outer = self._exit_outer or not outer_shut
        if self.trips and not (inner_shut and outer_shut):
            self._door_since_trip = True
        somebody = bool(bits & (_PRES_MAIN | _PRES_PRE))
        told_occupied = told.occupied and self._lease_alive(now_s)
        if (somebody or told_occupied) and not keep.occupied:
            keep.occupied = True
            self._outer_shut_seen = self._outer_opened = False
            self._entry_possible = somebody
        if keep.occupied:
            self._outer_shut_seen = self._outer_shut_seen or outer_shut
            self._outer_opened = self._outer_opened or (self._outer_shut_seen and not outer_shut)
            self._entry_possible = self._entry_possible or somebody or not outer_shut
            left = self._outer_opened or not self._entry_possible
            if left and not told.occupied and self._seen_empty(now_s, _PRES_MAIN) and self._seen_empty(now_s, _PRES_PRE):
                keep.occupied = False
        self._expose(now_s, dt, bool(bits & _PRES_MAIN), inner_shut)

    def _expose(self, now_s: float, dt: float, in_main: bool, inner_shut: bool) -> None:
        keep, told = self.retentive, self.told
        told_exposed = told.occupied and told.cycle_state == _EXPOSURE
        if in_main or told_exposed:
            if keep.exposure_s <= 0.0:
                self._inner_shut_seen = self._inner_opened = False
            keep.exposure_s += dt
        if keep.exposure_s > 0.0:
            self._inner_shut_seen = self._inner_shut_seen or inner_shut
            self._inner_opened = self._inner_opened or (self._inner_shut_seen and not inner_shut)
            if self._inner_opened and not told_exposed and self._seen_empty(now_s, _PRES_MAIN):
                keep.exposure_s = 0.0

    def _seen_empty(self, now_s: float, presence: int) -> bool:
        return now_s - self._presence_s[presence] >= PRESENCE_CLEAR_S - _EPSILON_S

    def _lease_alive(self, now_s: float) -> bool:
        return self._leased and self._lease_left(now_s) > 0.0

    def _lease_left(self, now_s: float) -> float:
        return self._heartbeat_s + (LEASE_OCCUPIED_S if self.retentive.occupied else LEASE_EMPTY_S) - now_s - _EPSILON_S

    @property
    def exposure_limit_s(self) -> float:
        """Limit in force: the told one, or 180 s, whichever is shorter, plus the grace."""
        told = self.told.exposure_limit_s
        return (min(told, EXPOSURE_ABSOLUTE_S) if told > 0.0 else EXPOSURE_ABSOLUTE_S) + EXPOSURE_GRACE_S

    def _key_fits(self, bits: int) -> bool:
        """RUN and the service key (H-27): in SERVICE only with it and nobody inside, everywhere else only without."""
        turned = bool(bits & _KEY)
        if self.told.cycle_state == _SERVICE:
            return turned and not (self.retentive.occupied or bits & (_PRES_MAIN | _PRES_PRE))
        return not turned

    # -- mailbox ----------------------------------------------------------------------------------------------------

    def _mailbox(self, words: Sequence[int], bits: int, *, key_fits: bool) -> None:
        if len(words) != MAILBOX_WORDS:
            raise ValueError(f"mailbox: got {len(words)} registers, the map has {MAILBOX_WORDS}")
        mail_id = words[0]
        self._request = False
        self._start_key = key_fits
        if self._mail_seen is None:  # whatever stands in the mailbox at boot is old
            self._mail_seen = mail_id
        if mail_id == self._mail_seen:
            return
        self._mail_seen = mail_id
        reason = self._obey(words, bits)
        self._mail = (mail_id, MailResult.ACCEPTED if reason is _NO_REASON else MailResult.REJECTED, reason)

    def _obey(self, words: Sequence[int], bits: int) -> MailReason:
        if words[0] ^ words[4] != 0xFFFF:
            return MailReason.BAD_COMPLEMENT
        opcode = words[1]
        if opcode == Opcode.STOP:
            self._leave_run()
            return _NO_REASON
        if opcode == Opcode.EVACUATE:
            self._leave_run()
            self._request = True
            return _NO_REASON
        steps = self._mail_steps.get(opcode)
        if steps is None:
            return MailReason.UNKNOWN_OPCODE
        refusal, act = steps
        reason = refusal(bits)
        if reason is _NO_REASON:
            act()
        return reason

    def _leave_run(self) -> None:
        if self.state is _RUN:
            self.state = _SAFE

    def _reset_refusal(self, bits: int) -> MailReason:
        if not self._lease_alive(self._last_s):
            return MailReason.NO_LEASE
        if not self.trips:
            return MailReason.RESET_NOT_NEEDED
        if self.causes or self._last_s - self._clear_since_s < RESET_CLEAR_S - _EPSILON_S:
            return MailReason.CAUSE_PRESENT
        if bits & (_PRES_MAIN | _PRES_PRE):
            return MailReason.OCCUPIED
        needs_door = any(row.reset is Reset.DOOR_OPENED for trip, row in ROW.items() if self.trips >> trip & 1)
        if self._tripped_occupied and needs_door and not self._door_since_trip:
            return MailReason.DOOR_NOT_OPENED
        return _NO_REASON

    def _reset(self) -> None:
        self.trips = self.first_out = self._first_out_ms = 0
        self._tripped_occupied = self._door_since_trip = False
        self.state = _SAFE  # never RUN: cooling starts again only by START_COOLING

    def _start_refusal(self, bits: int) -> MailReason:
        if not self._lease_alive(self._last_s):
            return MailReason.NO_LEASE
        if self.trips:
            return MailReason.TRIPPED
        if self.causes:
            return MailReason.CAUSE_PRESENT
        if (self.retentive.occupied or bits & (_PRES_MAIN | _PRES_PRE)) and self.told.cycle_state not in SESSION:
            return MailReason.OCCUPIED
        if not self._start_key:
            return MailReason.SERVICE_KEY
        if self._held:
            return MailReason.BATTERY_LOW
        return _NO_REASON

    def _start(self) -> None:
        self.state = _RUN

    def _empty_refusal(self, bits: int) -> MailReason:
        if not self._lease_alive(self._last_s):
            return MailReason.NO_LEASE
        if bits & (_PRES_MAIN | _PRES_PRE):
            return MailReason.NOT_EMPTY
        if self.retentive.occupied and self._entry_possible and not self._outer_opened:
            return MailReason.DOOR_NOT_OPENED
        return _NO_REASON

    def _confirmed_empty(self) -> None:
        self.retentive.occupied = False
        self.retentive.exposure_s = 0.0

    # -- causes and trips -------------------------------------------------------------------------------------------

    def _causes(self, now_s: float, values: Sequence[float], quality: Sequence[int], bits: int) -> None:
        view, keep = self._view, self.retentive
        view.now_s, view.values, view.quality, view.bits, view.told = now_s, values, quality, bits, self.told
        view.running, view.occupied, view.outputs = self.state is _RUN, keep.occupied, self.outputs
        view.heartbeat_age_s = now_s - self._heartbeat_s
        view.lease_counts = self._leased or keep.occupied
        view.exposure_s, view.exposure_limit_s = keep.exposure_s, self.exposure_limit_s  # the limit stands until the end of the scan
        view.exit_under_way = self._exit_inner and self.told.cycle_state == _EXIT
        view.requested = self._request
        view.inner_opened_since_exit, view.outer_opened_since_exit = self._exit_inner, self._exit_outer
        causes = 0
        found, self._held = self._table.look(view)
        for trip in found:
            causes |= 1 << trip
            if not self.trips >> trip & 1:
                self._latch(trip, now_s)
        self.causes = causes
        if causes:
            self._clear_since_s = now_s
        if self.trips:
            self._tripped_occupied = self._tripped_occupied or keep.occupied
            self.state = PlcState.EVACUATE if keep.occupied else PlcState.TRIPPED

    def _latch(self, trip: int, now_s: float) -> None:
        if not self.trips:
            self.first_out = trip + 1
            self._first_out_ms = round(1000.0 * (now_s - self._boot_s))
        self.trips |= 1 << trip

    # -- outputs ----------------------------------------------------------------------------------------------------

    def _drive(self, bits: int) -> Actuators:
        told, view = self.told, self._view
        self._lease_s = self._lease_left(self._last_s) if self._leased else 0.0
        leased = self._lease_s > 0.0
        outputs = told.demand_bits & _FREE_DEMANDS if leased else 0
        voice = told.voice if leased else _SILENT
        effects = effects_of(self.trips, occupied=self._tripped_occupied) if self.trips else NO_EFFECT
        occupied = self.retentive.occupied
        run = self.state is _RUN and leased
        if run and told.demand_bits & _XV:
            outputs |= _XV
        if effects:
            outputs |= switched_on(effects)
            if effects & Effect.FAN_OFF:
                outputs &= ~_RECIRC_FAN
            if effects & Effect.ROOM_EVACUATE:
                voice = Voice.EVACUATE.value
            elif effects & Effect.LEAVE and occupied:
                voice = Voice.LEAVE_NOW.value
        if self.trips and occupied:
            outputs |= _BEACON_NO_ENTRY
        breathes = bool(bits & _FACE) or not bits & _PRES_MAIN
        open_valves = run and breathes and bits & _DOORS == _DOORS_SHUT and told.cycle_state in VALVE_STATES and bool(outputs & _XV)
        valve_main, valve_pre = (told.valve_main_pct, told.valve_pre_pct) if open_valves else (0.0, 0.0)
        if leased and told.demand_bits & _DRY_HEATER and told.cycle_state in HEATER_STATES and not self.trips and not occupied:
            outputs |= _DRY_HEATER
        self.outputs, self.voice = outputs, voice
        view.valve_main, view.valve_pre = valve_main, valve_pre
        fresh = occupied or (leased and fresh_air(told.cycle_state, told.demand_bits))
        driven = (outputs, valve_main, valve_pre, fresh, voice)
        if driven == self._driven:
            return self._actuators
        self._driven = driven
        self._actuators = Actuators(
            bool(outputs & _XV),
            valve_main,
            valve_pre,
            bool(outputs & _RECIRC_FAN),
            bool(outputs & _PURGE_FAN),
            bool(outputs & _EXTRACT_BOOST),
            bool(outputs & _STANDBY_EXTRACT),
            bool(outputs & _DOOR_HEATER),
            fresh,
            bool(outputs & _DRY_HEATER),
            voice,
        )
        return self._actuators

    def _flags(self, bits: int) -> int:
        flags = _F_SIMULATED
        if self._lease_s > 0.0:
            flags |= _F_LEASE_ALIVE
        if self.retentive.occupied:
            flags |= _F_OCCUPIED
        if self._door_since_trip:
            flags |= _F_DOOR_OPENED
        if self.trips and self._reset_refusal(bits) is _NO_REASON:
            flags |= _F_RESET_POSSIBLE
        if self.told.clamped:
            flags |= _F_CLAMPED
        return flags

    def _status(self, now_s: float, values: Sequence[float], quality: Sequence[int], bits: int) -> list[int]:
        self._counter = (self._counter + 1) & 0xFFFF
        view, keep = self._view, self.retentive
        head = (
            self._counter,
            MAGIC,
            MAP_VERSION,
            self.program_id & 0xFFFF_FFFF,
            self._nonces[-1][0],
            round(1000.0 * (now_s - self._boot_s)) & 0xFFFF_FFFF,
            self.state.value,
            self._flags(bits),
            self.trips,
            self.causes,
            self.first_out,
            self._first_out_ms & 0xFFFF_FFFF,
            min(0xFFFF, round(10.0 * keep.exposure_s)),
            round(10.0 * view.exposure_limit_s),
            max(0, round(1000.0 * self._lease_s)),
            keep.session_id & 0xFFFF_FFFF,
            bits,
            self.outputs,
            self.voice,
            round(10.0 * view.valve_main),
            round(10.0 * view.valve_pre),
            round(10.0 * self.told.setpoint_main_c),
        )
        return status_words(head, values, quality, (*self._mail, self._counter))
