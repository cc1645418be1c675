"""Virtual time: the supervisor's ``step`` and the simulated world in lockstep, no sockets, no waiting, no wall clock."""

from __future__ import annotations

from collections.abc import Sequence

from chamber.commands import Command
from chamber.events import Event, EventKind
from chamber.profile import DeviceProfile
from chamber.proof_tests import DAY_S
from chamber.session import LeftOpen
from control.fit import propose
from control.state import Booking, Inputs, Outputs, State
from control.step import NOT_TUNED, initial, step
from control.wire import command_words, mailbox_words
from cryochamber.commission import commissioned
from cryochamber.configuration import in_use
from plc_bridge.status import PlcStatus, read_block
from simulator.parameters import PlantParameters, plant_for
from simulator.world import Start, World

SCAN_S = 0.1
EPOCH_UTC_S = 1_767_600_000.0  # a working day of the simulated calendar begins


class VirtualChamber:
    """One chamber. ``scan`` advances plant, PLC and supervisor by 0.1 s; what the supervisor decides acts in the next scan.

    Records are taken to be durable one scan after they were handed over.
    """

    def __init__(self, profile: DeviceProfile, seed: int, start: Start, plant: PlantParameters | str | None = None) -> None:
        """``plant``: parameters, or the name of a plant; None: the plant of the profile's name. Raises ParameterError."""
        if isinstance(plant, PlantParameters):
            self.world = World(seed, start, parameters=plant)
        else:
            self.world = World(seed, start, plant if plant is not None else plant_for(profile.id))
        self.scans = 0
        self.state: State = initial(
            profile,
            0.0,
            mail_id=1,
            session_id=1,
            unknown_session=False,
            locked_out=False,
            upkeep=commissioned(profile, EPOCH_UTC_S),
            tuning=in_use(profile, None)[1],
        )
        self.utc_offset_s = EPOCH_UTC_S  # the wall clock; a fault may step it
        self.outputs: Outputs | None = None
        self.records_ok = True
        self.api_age_s: float | None = 0.0
        self.schedule: tuple[Booking, ...] = ()
        self._durable = 0
        self._command: list[int] | None = None
        self._mailbox: list[int] | None = None
        self._counter: int | None = None

    @property
    def now_s(self) -> float:
        return self.scans * SCAN_S

    def scan(self, commands: Sequence[Command] = ()) -> tuple[Event, ...]:
        words = self.world.advance_scan(self._command, self._mailbox)
        block = self._block(words) if self.world.answering else None
        self.scans += 1
        now_s = self.scans * SCAN_S
        utc_s = self.utc_offset_s + now_s
        fitted = None if self.state.tuning.job is None else propose(self.state.tuning.job)
        inputs = Inputs(
            now_s,
            block,
            tuple(commands),
            self._durable,
            self.records_ok,
            self.api_age_s,
            utc_s,
            False,  # nobody signs in
            utc_s - utc_s % DAY_S,  # the simulated site lives by UTC
            0.0,  # a panel is shown
            fitted,
            self.schedule,
        )
        result = step(self.state, inputs)
        outputs = result.outputs
        self.state, self.outputs = result.state, outputs
        self._command = command_words(outputs) if outputs.write else None
        self._mailbox = mailbox_words(outputs.mail) if outputs.write and outputs.mail is not None else None
        for event in result.events:
            if event.kind is EventKind.SESSION_OPENED and self.records_ok:
                self._durable = int(event.data["session"])
        return result.events

    def hang(self) -> None:
        """0.1 s without the supervisor: stopped, blocked or dead. What it wrote last stands, plant and PLC go on."""
        self.world.advance_scan(self._command, self._mailbox)
        self.scans += 1

    def restart(self) -> None:
        """The control process starts again and knows of its past only what is on disk: whether a session was left open."""
        old, s = self.state, self.state.session
        left = old.cycle.left_open if s is None else LeftOpen(s.id, s.persons, s.opened_s)
        self.state = initial(
            old.profile,
            self.now_s,
            mail_id=old.next_mail_id + 1000,  # anything but the ids of the last minutes
            session_id=old.next_session_id + 1,
            unknown_session=left is not None or old.cycle.unknown_session,
            locked_out=False,
            left_open=left,
            cool_off_left_s=0.0 if old.cycle.cool_off_until_s is None else max(0.0, old.cycle.cool_off_until_s - self.now_s),
            upkeep=old.shop.upkeep,
            wear=(old.main.wear, old.pre.wear),
            tuning=NOT_TUNED._replace(undo=old.tuning.undo, base=old.tuning.base),
            twin=old.twin,
        )
        self._command = self._mailbox = self._counter = None

    def _block(self, words: Sequence[int]) -> PlcStatus | None:
        block = read_block(words, self.now_s + SCAN_S, self._counter)
        if not isinstance(block, PlcStatus):
            return None
        self._counter = block.counter
        return block
