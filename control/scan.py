"""Scratch of one scan: what the stages of ``step`` read and write. It lives no longer than the call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chamber.alarms import Alarm, AlarmChange
from chamber.annunciation import Annunciation
from chamber.commands import Answer, Command, Outcome, Reason
from chamber.events import Event, EventKind
from chamber.facts import Facts
from chamber.interlocks import CauseState, Change, Verdict
from chamber.profile import DeviceProfile
from chamber.session import Session
from chamber.states import CycleState
from control.mailbox import post
from control.state import Cycle, DayOrder, Inputs, Mail, Pending, Perception, ReadyTime, Shop, State
from control.tuning_state import Tuning
from plc_bridge.contract import Opcode
from plc_bridge.status import PlcStatus


@dataclass(slots=True)
class Scan:
    old: State
    inputs: Inputs
    perception: Perception
    facts: Facts
    causes: dict[str, CauseState]
    verdict: Verdict
    cycle: Cycle
    session: Session | None
    alarms: dict[str, Alarm]
    annunciation: Annunciation
    pending: Pending | None
    next_mail_id: int
    next_session_id: int
    shop: Shop
    tuning: Tuning
    profile: DeviceProfile
    day: DayOrder
    ready: ReadyTime
    now: float
    plc: PlcStatus | None  # the block in force; None while the PLC is late or silent
    mail: Mail | None = None
    commanded: bool = False
    alarm_changes: list[AlarmChange] = field(default_factory=list[AlarmChange])
    answers: list[Answer] = field(default_factory=list[Answer])
    events: list[Event] = field(default_factory=list[Event])

    @property
    def durable(self) -> bool:
        return self.session is not None and self.inputs.durable_session >= self.session.id

    def tell(self, kind: EventKind, **data: Any) -> None:
        self.events.append(Event(kind, self.now, data))

    def answer(self, command: Command, outcome: Outcome, reasons: tuple[Reason, ...] = ()) -> None:
        self.answers.append(Answer(command.id, command.kind, outcome, reasons))
        self.tell(
            EventKind.COMMAND,
            id=command.id,
            command=command.kind,
            outcome=outcome,
            reasons=[{"code": r.code, **r.params} for r in reasons],
            user=command.user,
            origin=command.origin,
        )

    def post(self, opcode: Opcode, command: Command | None) -> None:
        """Send a mailbox command. One already waiting is given up: its outcome stays unknown."""
        if self.pending is not None and self.pending.command is not None:
            self.answer(self.pending.command, Outcome.UNCERTAIN, (Reason("plc_no_answer"),))
        self.pending, self.next_mail_id = post(opcode, self.next_mail_id, self.now, command)
        self.mail = self.pending.mail

    def go(self, target: CycleState, cause: str) -> None:
        """Change the state of the cycle; timers of the old state are dropped."""
        before = self.cycle.state
        if target is before:
            return
        latched = target in (CycleState.EVACUATE, CycleState.FAULT, CycleState.ESTOP)
        keep_door = latched and before in (CycleState.EVACUATE, CycleState.FAULT, CycleState.ESTOP)
        self.cycle = self.cycle._replace(
            state=target,
            program=None if target is CycleState.STOPPED else self.cycle.program,  # what was cold before is no order to cool
            since_s=self.now,
            in_band_since_s=None,
            out_of_band_since_s=None,
            not_running_since_s=None,
            start_asked=False,
            set_back=None,
            forced={},
            voice_quiet=False,
            door_opened=self.cycle.door_opened if keep_door or not latched else False,
        )
        self.tell(EventKind.STATE, **{"from": before.name.lower(), "to": target.name.lower(), "cause": cause})

    def tell_causes(self, changes: list[Change]) -> None:
        for c in changes:
            self.tell(EventKind.CAUSE, cause=c.cause.id, row=c.cause.row, change=c.what, detail=c.detail)

    def tell_alarms(self, changes: list[AlarmChange]) -> None:
        self.alarm_changes.extend(changes)
        for c in changes:
            self.tell(
                EventKind.ALARM,
                alarm=c.alarm.id,
                priority=c.alarm.priority.name.lower(),
                **{"from": c.before.value, "to": c.alarm.state.value},
                detail=c.alarm.detail,
                event=c.event.value,
                reason=c.reason,
                second=c.second,
                until_in_s=None if c.alarm.until_s is None else round(c.alarm.until_s - self.now, 1),
                user=c.user,
            )
