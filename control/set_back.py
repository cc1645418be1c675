"""Set-back between blocks of the day: the rooms are held warmer by the operator's order, and cooled again in time.

It is a mode of RECOOL and nothing else: nitrogen stays under the same rules, nobody boards, and every change of the cycle (a cause,
a stop, a restart) drops it for good; nothing comes back by itself out of a state that does not cool (H-16). Only the regulators see the
warmer set point; that of the interlocks and of the PLC stays the program's.
"""

from __future__ import annotations

from chamber.profile import Program, Regulator
from control.room_model import ZERO_C_K, Room, advance, delayed, opening_to_feed
from control.state import Loop, SetBack

MAIN_K, PRE_K = 30.0, 15.0
MARGIN_S = 60.0
LOOK_S = 10.0
WITHOUT_MODEL_K_S = 2.0 / 60.0  # slower than the last part of a precool of the simulated plant
LONGEST_S = 7200
WINDOW_K = 2.0


def setpoints(program: Program, back: SetBack | None) -> tuple[float, float]:
    """What the regulators of main room and pre-chamber hold now, °C."""
    if back is None:
        return program.setpoint_main_c, program.setpoint_pre_c
    return program.setpoint_main_c + MAIN_K, program.setpoint_pre_c + PRE_K


def recool_s(loop: Loop, p: Regulator, setpoint_c: float, measured_c: float | None) -> float:
    """How long the room takes back to its set point with the valve as far open as it may be; by the observed room, else by a slow rate."""
    if measured_c is None:
        return float(LONGEST_S)
    m, o = loop.model, loop.observed
    if m is None or o is None:
        return max(0.0, measured_c - setpoint_c) / WITHOUT_MODEL_K_S
    room: Room = o.room
    sent, full, wanted_k = o.sent, opening_to_feed(m, p.valve_max_pct / 100.0), setpoint_c + ZERO_C_K + WINDOW_K
    for second in range(LONGEST_S):
        if room.sensor_k <= wanted_k:
            return float(second)
        sent = (*sent[1:], full)
        room = advance(m, room, delayed(sent, m.dead_s, 1.0), 0.0, 1.0)
    return float(LONGEST_S)


def look(back: SetBack, now_s: float, loop: Loop, p: Regulator, setpoint_c: float, measured_c: float | None) -> SetBack | None:
    """The set-back after a look at the clock, one every LOOK_S; None: it is time to cool."""
    if now_s < back.look_s:
        return back
    takes = recool_s(loop, p, setpoint_c, measured_c)
    return None if now_s + takes + MARGIN_S >= back.until_s else back._replace(look_s=now_s + LOOK_S, takes_s=takes)
