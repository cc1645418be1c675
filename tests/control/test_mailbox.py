"""One-shot commands to the PLC: what counts as done, refused or uncertain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.mailbox import STEP_TIMEOUT_S, TRIES, Fate, effect_seen, post, progress
from control.state import Pending
from control.wire import mailbox_words
from plc_bridge.contract import Flag, MailReason, MailResult, Opcode, PlcState, Trip
from tests.control.blocks import status

pytestmark = pytest.mark.req("SRS-LNK-005")

RUN, SAFE, TRIPPED, EVAC = PlcState.RUN, PlcState.SAFE, PlcState.TRIPPED, PlcState.EVACUATE
OCCUPIED = 1 << Flag.OCCUPIED


def pending(opcode: Opcode, *, tries: int = 1, sent_s: float = 100.0) -> Pending:
    p, _ = post(opcode, 42, 100.0, None)
    return p._replace(tries=tries, sent_s=sent_s)


def answered(result: MailResult, reason: int = 0, **changes: int) -> dict[str, int]:
    return {"mail_ack_id": 42, "mail_result": result, "mail_reason": reason, **changes}


@pytest.mark.parametrize(
    ("opcode", "seen", "not_seen"),
    [
        (Opcode.START_COOLING, {"plc_state": RUN}, {"plc_state": SAFE}),
        (Opcode.RESET, {"plc_state": SAFE}, {"plc_state": SAFE, "trips": 1 << Trip.ESTOP}),
        (Opcode.RESET, {"plc_state": SAFE}, {"plc_state": TRIPPED}),
        (Opcode.STOP, {"plc_state": SAFE}, {"plc_state": RUN}),
        (Opcode.STOP, {"plc_state": TRIPPED}, {"plc_state": RUN}),
        (Opcode.EVACUATE, {"plc_state": EVAC}, {"plc_state": SAFE}),
        (Opcode.EVACUATE, {"plc_state": TRIPPED}, {"plc_state": RUN}),
        (Opcode.CONFIRM_EMPTY, {"flags": 0}, {"flags": OCCUPIED}),
    ],
)
def test_confirmed_by_effect_only(opcode: Opcode, seen: dict[str, int], not_seen: dict[str, int]) -> None:
    """A written register proves nothing: accepted and without effect is not done."""
    assert effect_seen(opcode, status(**seen))
    assert not effect_seen(opcode, status(**not_seen))
    accepted = status(100.2, **answered(MailResult.ACCEPTED, **not_seen))
    assert progress(pending(opcode), accepted, 100.2).fate is Fate.WAITING
    done = status(100.2, **answered(MailResult.ACCEPTED, **seen))
    assert progress(pending(opcode), done, 100.2).fate is Fate.DONE


def test_an_effect_without_the_answer_is_not_ours() -> None:
    other = status(100.2, plc_state=RUN, mail_ack_id=41, mail_result=MailResult.ACCEPTED)
    assert progress(pending(Opcode.START_COOLING), other, 100.2).fate is Fate.WAITING
    assert effect_seen(Opcode.NONE, other)


@pytest.mark.parametrize("reason", [*MailReason, 99])
def test_rejected_with_the_plcs_reason(reason: int) -> None:
    result = progress(pending(Opcode.RESET), status(100.2, **answered(MailResult.REJECTED, int(reason))), 100.2)
    assert result.fate is Fate.REJECTED
    assert result.reason is not None
    known = isinstance(reason, MailReason)
    assert result.reason == ("plc_rejected", {"reason": MailReason(reason).name.lower() if known else "99"})


def test_resent_with_the_same_id_then_uncertain() -> None:
    p = pending(Opcode.RESET)
    assert progress(p, None, 100.99).fate is Fate.WAITING
    for n in range(1, TRIES):
        now = 100.0 + n * STEP_TIMEOUT_S
        assert progress(p, None, now).fate is Fate.RESEND
        p = p._replace(tries=p.tries + 1, sent_s=now)
    assert progress(p, None, 102.99).fate is Fate.WAITING
    lost = progress(p, None, 103.0)
    assert lost.fate is Fate.UNCERTAIN
    assert lost.reason is not None
    assert lost.reason.code == "plc_no_answer"


def test_answered_but_without_effect_is_not_sent_again() -> None:
    accepted = status(101.5, **answered(MailResult.ACCEPTED, plc_state=SAFE))
    p = pending(Opcode.START_COOLING)
    assert progress(p, accepted, 101.5).fate is Fate.WAITING
    assert progress(p, accepted, 103.0).fate is Fate.UNCERTAIN


@given(st.integers(1, 0xFFFF))
def test_ids_are_never_zero_and_always_new(mail_id: int) -> None:
    p, following = post(Opcode.STOP, mail_id, 1.0, None)
    assert p.mail.id == mail_id
    assert 1 <= following <= 0xFFFF
    assert following != mail_id
    words = mailbox_words(p.mail)
    assert words[0] ^ words[-1] == 0xFFFF
