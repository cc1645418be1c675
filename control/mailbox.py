"""One-shot commands to the PLC: sent once, repeated with the same id, confirmed by effect, or called uncertain."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from chamber.commands import Command, Reason
from control.state import Mail, Pending
from plc_bridge.contract import COMMAND_ID_MASK, Flag, MailReason, MailResult, Opcode, PlcState
from plc_bridge.status import PlcStatus

STEP_TIMEOUT_S = 1.0  # H-15
TRIES = 3  # H-15
_REASONS = frozenset(int(r) for r in MailReason)


class Fate(StrEnum):
    WAITING = "waiting"
    RESEND = "resend"
    DONE = "done"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"


class Progress(NamedTuple):
    fate: Fate
    reason: Reason | None = None


def post(opcode: Opcode, mail_id: int, now_s: float, command: Command | None) -> tuple[Pending, int]:
    """A new mailbox command and the next free id. Id 0 is never used: it is what an unwritten register holds."""
    following = (mail_id + 1) & COMMAND_ID_MASK
    return Pending(Mail(mail_id, opcode), command, now_s, now_s, 1), following if following > 0 else 1


def effect_seen(opcode: Opcode, plc: PlcStatus) -> bool:
    """Whether the plant shows what the command was for; a written register proves nothing."""
    match opcode:
        case Opcode.START_COOLING:
            return plc.state is PlcState.RUN
        case Opcode.RESET:
            return plc.trips == 0 and plc.state is PlcState.SAFE
        case Opcode.STOP:
            return plc.state is not PlcState.RUN
        case Opcode.EVACUATE:
            return plc.state in (PlcState.TRIPPED, PlcState.EVACUATE)
        case Opcode.CONFIRM_EMPTY:
            return not plc.flag(Flag.OCCUPIED)
        case Opcode.NONE:
            return True


def progress(pending: Pending, plc: PlcStatus | None, now_s: float) -> Progress:
    """Where a command stands. ``plc`` is a block taken after the sending, or None when nothing new came."""
    answered = plc is not None and plc.mail_ack_id == pending.mail.id
    if plc is not None and answered:
        if plc.mail_result == MailResult.REJECTED:
            name = MailReason(plc.mail_reason).name.lower() if plc.mail_reason in _REASONS else str(plc.mail_reason)
            return Progress(Fate.REJECTED, Reason("plc_rejected", {"reason": name}))
        if plc.mail_result == MailResult.ACCEPTED and effect_seen(pending.mail.opcode, plc):
            return Progress(Fate.DONE)
    if now_s - pending.sent_s < STEP_TIMEOUT_S:
        return Progress(Fate.WAITING)
    if pending.tries < TRIES and not answered:
        return Progress(Fate.RESEND)
    if now_s - pending.first_sent_s < STEP_TIMEOUT_S * TRIES:
        return Progress(Fate.WAITING)
    return Progress(Fate.UNCERTAIN, Reason("plc_no_answer"))
