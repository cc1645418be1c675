"""Commands on their way through the scan: order, repeats, the mailbox behind them, and who pre-empts whom."""

from __future__ import annotations

from typing import Any

import pytest

from chamber.commands import Command, CommandKind, Outcome, Role
from chamber.events import EventKind
from chamber.states import CycleState
from control.state import Inputs, Result, State
from control.step import ANSWERS_KEPT, initial, step
from cryochamber.commission import commissioned
from plc_bridge.contract import Flag, MailReason, MailResult, Opcode, PlcState, Trip
from tests.chamber.asking import PROFILE
from tests.control.blocks import CONTACTS, status

C, K = CycleState, CommandKind
UTC_S = 1_767_600_000.0
RECORD = commissioned(PROFILE, UTC_S)
LEASED = 1 << Flag.SIMULATED | 1 << Flag.LEASE_ALIVE


class Bench:
    """``step`` with blocks made by hand: the PLC answers what the test says."""

    def __init__(self, state: CycleState = C.RECOVERY, **plc: Any) -> None:
        fresh = initial(PROFILE, 100.0, mail_id=500, session_id=1, unknown_session=False, locked_out=False, upkeep=RECORD)
        self.state: State = fresh._replace(cycle=fresh.cycle._replace(state=state, door_opened=True))
        self.now = 100.0
        self.plc: dict[str, Any] = {"plc_state": PlcState.SAFE, "flags": LEASED} | plc
        self.counter = 0
        self.silent = False

    def scan(self, *commands: Command, **more: Any) -> Result:
        self.now = round(self.now + 0.1, 3)
        self.counter += 1
        block = None if self.silent else status(self.now - 0.02, self.counter, uptime_ms=self.counter * 100, **self.plc)
        result = step(self.state, Inputs(self.now, block, commands, **{"utc_s": UTC_S + self.now, **more}))
        self.state = result.state
        return result

    def run(self, scans: int) -> None:
        for _ in range(scans):
            self.scan()


def press(kind: CommandKind, command_id: str = "a", role: Role = Role.OPERATOR, **args: Any) -> Command:
    return Command(command_id, kind, args, "anna", role, "panel")


def latched_fault() -> Bench:
    """FAULT with nothing left but the PLC's latch."""
    bench = Bench(C.FAULT, plc_state=PlcState.TRIPPED, trips=1 << Trip.OVERCOLD, first_out=Trip.OVERCOLD + 1)
    bench.run(3)
    assert bench.state.cycle.state is C.FAULT
    bench.state = bench.state._replace(cycle=bench.state.cycle._replace(looked_inside=True))
    return bench


def test_plain_command_is_answered_in_the_scan_it_came() -> None:
    bench = Bench()
    bench.run(2)
    result = bench.scan(press(K.CONFIRM_EMPTY))
    assert [(a.id, a.outcome) for a in result.outputs.answers] == [("a", Outcome.ACCEPTED)]
    assert bench.state.cycle.state is C.STOPPED


def test_same_id_again_gets_the_same_answer_and_does_nothing() -> None:
    bench = Bench()
    bench.run(2)
    first = bench.scan(press(K.CONFIRM_EMPTY)).outputs.answers
    bench.scan(press(K.START_UP, "b"))
    assert bench.state.cycle.state is C.SELF_TEST
    again = bench.scan(press(K.CONFIRM_EMPTY))
    assert again.outputs.answers == first
    assert bench.state.cycle.state is C.SELF_TEST
    assert [e for e in again.events if e.kind is EventKind.COMMAND] == []


def test_same_id_twice_in_one_scan() -> None:
    bench = Bench()
    bench.run(2)
    result = bench.scan(press(K.CONFIRM_EMPTY), press(K.CONFIRM_EMPTY))
    assert [a.outcome for a in result.outputs.answers] == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert len([e for e in result.events if e.kind is EventKind.COMMAND]) == 1


def test_the_id_of_another_command_is_refused() -> None:
    bench = Bench()
    bench.run(2)
    bench.scan(press(K.CONFIRM_EMPTY))
    answer = bench.scan(press(K.START_UP)).outputs.answers[0]
    assert (answer.outcome, answer.reasons[0].code) == (Outcome.REJECTED, "duplicate_id")
    assert bench.state.cycle.state is C.STOPPED


def test_stop_comes_first_whatever_the_order() -> None:
    bench = Bench(C.STOPPED)
    bench.run(2)
    result = bench.scan(press(K.START_UP, "a"), press(K.ACKNOWLEDGE, "b"), press(K.EVACUATE, "c", Role.ANONYMOUS))
    assert [a.id for a in result.outputs.answers] == ["c", "a", "b"]
    assert [a.outcome for a in result.outputs.answers] == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    assert bench.state.cycle.state is C.EVACUATE


def test_answers_are_remembered_up_to_a_number() -> None:
    bench = Bench()
    bench.run(2)
    for n in range(ANSWERS_KEPT + 5):
        bench.scan(press(K.ACKNOWLEDGE, f"n{n}"))
    assert len(bench.state.answers) == ANSWERS_KEPT
    assert "n4" not in bench.state.answers
    assert "n5" in bench.state.answers


def test_reset_waits_for_the_plc() -> None:
    bench = latched_fault()
    result = bench.scan(press(K.RESET))
    assert result.outputs.answers == ()
    assert result.outputs.mail is not None
    assert result.outputs.mail.opcode is Opcode.RESET
    mail_id = result.outputs.mail.id
    result = bench.scan(press(K.RESET))  # the same again while it waits: no second answer, no second mail
    assert (result.outputs.answers, result.outputs.mail) == ((), None)
    bench.plc |= {"mail_ack_id": mail_id, "mail_result": MailResult.ACCEPTED}
    assert bench.scan().outputs.answers == ()  # accepted, still tripped
    bench.plc |= {"plc_state": PlcState.SAFE, "trips": 0, "first_out": 0}
    result = bench.scan()
    assert [(a.id, a.outcome) for a in result.outputs.answers] == [("a", Outcome.ACCEPTED)]
    assert bench.state.cycle.state is C.PURGE


def test_reset_refused_by_the_plc() -> None:
    bench = latched_fault()
    mail = bench.scan(press(K.RESET)).outputs.mail
    assert mail is not None
    bench.plc |= {"mail_ack_id": mail.id, "mail_result": MailResult.REJECTED, "mail_reason": MailReason.CAUSE_PRESENT}
    answer = bench.scan().outputs.answers[0]
    assert (answer.outcome, answer.reasons[0]) == (Outcome.REJECTED, ("plc_rejected", {"reason": "cause_present"}))
    assert bench.state.cycle.state is C.FAULT
    assert bench.state.pending is None


def test_reset_without_an_answer_is_uncertain_and_was_sent_three_times() -> None:
    bench = latched_fault()
    sent = [bench.scan(press(K.RESET)).outputs.mail]
    answers = []
    for _ in range(40):
        result = bench.scan()
        sent.append(result.outputs.mail)
        answers += result.outputs.answers
    ids = [m.id for m in sent if m is not None]
    assert len(ids) == 3
    assert len(set(ids)) == 1  # idempotent by id
    assert [(a.outcome, a.reasons[0].code) for a in answers] == [(Outcome.UNCERTAIN, "plc_no_answer")]
    assert bench.state.cycle.state is C.FAULT


def test_another_command_for_the_plc_while_one_waits_is_refused() -> None:
    bench = latched_fault()
    bench.scan(press(K.RESET, "a"))
    answer = bench.scan(press(K.RESET, "b")).outputs.answers[0]
    assert (answer.id, answer.outcome, answer.reasons[0].code) == ("b", Outcome.REJECTED, "command_busy")


@pytest.mark.parametrize(("kind", "opcode"), [(K.STOP, Opcode.STOP), (K.EVACUATE, Opcode.EVACUATE)])
def test_stop_preempts_a_waiting_command(kind: CommandKind, opcode: Opcode) -> None:
    bench = latched_fault()
    bench.scan(press(K.RESET, "a"))
    result = bench.scan(press(kind, "s", Role.ANONYMOUS))
    assert {(a.id, a.outcome) for a in result.outputs.answers} == {("a", Outcome.UNCERTAIN), ("s", Outcome.ACCEPTED)}
    assert result.outputs.mail is not None
    assert result.outputs.mail.opcode is opcode


def test_confirm_empty_waits_while_the_plc_holds_the_chamber_occupied() -> None:
    bench = Bench(C.FAULT, flags=LEASED | 1 << Flag.OCCUPIED)
    bench.run(3)
    result = bench.scan(press(K.CONFIRM_EMPTY))
    assert result.outputs.mail is not None
    assert result.outputs.mail.opcode is Opcode.CONFIRM_EMPTY
    bench.plc |= {"mail_ack_id": result.outputs.mail.id, "mail_result": MailResult.ACCEPTED, "flags": LEASED}
    assert [a.outcome for a in bench.scan().outputs.answers] == [Outcome.ACCEPTED]


def test_occupied_is_told_by_own_knowledge_not_by_echo() -> None:
    """The PLC's flag seen in the block must not come back as our 'occupied': neither side could ever end it."""
    bench = Bench(C.READY, plc_state=PlcState.RUN, flags=LEASED | 1 << Flag.OCCUPIED)
    result = bench.scan()
    assert bench.state.facts is not None
    assert bench.state.facts.occupied
    assert not result.outputs.demand.occupied
    bench.plc["contacts"] = (*CONTACTS, "YS-101")
    assert bench.scan().outputs.demand.occupied


def test_cooling_is_asked_for_once_and_a_lost_answer_makes_it_stop() -> None:
    bench = Bench(C.IDLE)
    bench.plc["contacts"] = CONTACTS
    bench.run(2)
    result = bench.scan(press(K.PRECOOL, program="standard"))
    assert bench.state.cycle.state is C.PRECOOL
    mails = [result.outputs.mail]
    for _ in range(45):
        mails.append(bench.scan().outputs.mail)
    opcodes = [m.opcode for m in mails if m is not None]
    assert opcodes.count(Opcode.START_COOLING) == 3
    assert Opcode.STOP in opcodes  # unknown whether it runs: make it stop
    assert opcodes.index(Opcode.STOP) == 3


def test_a_plc_that_runs_unasked_is_stopped() -> None:
    bench = Bench(C.IDLE, plc_state=PlcState.RUN)
    result = bench.scan()
    assert result.outputs.mail is not None
    assert result.outputs.mail.opcode is Opcode.STOP


def test_precool_gives_up_when_the_plc_does_not_run() -> None:
    bench = Bench(C.IDLE)
    bench.run(2)
    bench.scan(press(K.PRECOOL, program="standard"))
    bench.run(51)
    assert bench.state.cycle.state is C.HELD


def test_unknown_alarm_and_bad_argument() -> None:
    bench = Bench()
    bench.run(2)
    for n, wanted in enumerate(("NO-SUCH", 7)):
        answer = bench.scan(press(K.ACKNOWLEDGE, f"x{n}", alarm=wanted)).outputs.answers[0]
        assert (answer.outcome, answer.reasons[0].code) == (Outcome.REJECTED, "unknown_alarm")


@pytest.mark.req("SRS-LNK-002")
def test_nothing_is_written_without_a_fresh_block() -> None:
    """The heartbeat stands still, so that the lease runs down (H-14)."""
    bench = Bench()
    bench.run(3)
    beat = bench.state.heartbeat
    bench.silent = True
    written = [bench.scan().outputs.write for _ in range(6)]
    assert written == [True, True, True, False, False, False]
    assert bench.state.heartbeat == beat + 3


def test_heartbeat_counts_up_and_wraps() -> None:
    bench = Bench()
    bench.state = bench.state._replace(heartbeat=0xFFFE)
    assert [bench.scan().outputs.heartbeat for _ in range(3)] == [0xFFFF, 0, 1]


def test_locked_out_stays_closed() -> None:
    state = initial(PROFILE, 0.0, mail_id=0, session_id=1, unknown_session=False, locked_out=True, upkeep=RECORD)
    assert state.cycle.state is C.LOCKED_OUT
    assert state.next_mail_id == 1  # zero is what an unwritten register holds
    bench = Bench()
    bench.state = state
    bench.run(5)
    for kind in K:
        bench.scan(press(kind, f"k-{kind}"))
    assert bench.state.cycle.state is C.LOCKED_OUT  # an operator's reset included
    bench.scan(press(K.RESET, "unlock")._replace(role=Role.SERVICE))
    assert bench.state.cycle.state is C.RECOVERY
