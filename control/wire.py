"""Outputs of a scan as register words."""

from __future__ import annotations

from functools import lru_cache

from control.state import Demand, Mail, Outputs
from plc_bridge.codec import encode
from plc_bridge.contract import COMMAND_ID_MASK, NONCE_XOR
from plc_bridge.register_map import COMMAND, MAILBOX

_HEARTBEAT, _ECHO = (next(r.address for r in COMMAND if r.name == name) - COMMAND[0].address for name in ("hb_seq", "hb_echo"))


def command_words(outputs: Outputs) -> list[int]:
    """The COMMAND block of one scan, heartbeat and nonce echo included. Raises CodecError if a value cannot be said."""
    words = list(_demanded(outputs.demand))
    words[_HEARTBEAT], words[_ECHO] = outputs.heartbeat, outputs.nonce ^ NONCE_XOR  # both are words already
    return words


@lru_cache(maxsize=16)
def _demanded(d: Demand) -> tuple[int, ...]:
    """The block but for what changes with every scan; a demand mostly stays for a second."""
    return tuple(
        encode(
            COMMAND,
            {
                "hb_seq": 0,
                "hb_echo": 0,
                "cycle_state": int(d.cycle_state),
                "setpoint_main": d.setpoint_main_c,
                "setpoint_pre": d.setpoint_pre_c,
                "valve_main": d.valve_main_pct,
                "valve_pre": d.valve_pre_pct,
                "demand_bits": d.bits,
                "occupied": int(d.occupied),
                "persons": d.persons,
                "session_id": d.session_id & 0xFFFF_FFFF,
                "exposure_limit": d.exposure_limit_s,
                "voice": int(d.voice),
            },
        )
    )


def mailbox_words(mail: Mail) -> list[int]:
    return encode(
        MAILBOX,
        {
            "mail_id": mail.id,
            "mail_opcode": int(mail.opcode),
            "mail_arg1": 0,
            "mail_arg2": 0,
            "mail_id_complement": ~mail.id & COMMAND_ID_MASK,
        },
    )
