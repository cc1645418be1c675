"""Set-back between blocks of the day: the rooms are held warmer by the operator's order, and cooled again in time.

It is a mode of RECOOL and nothing else: nitrogen stays under the same rules, nobody boards, and every change of the cycle (a cause,
a stop, a restart) drops it for good; nothing comes back by itself out of a state that does not cool (H-16). Only the regulators see the
warmer set point; that of the interlocks and of the PLC stays the program's.
"""

from __future__ import annotations

from chamber.profile import Program, Regulator
from control.day_plan import DOUBT, MARGIN_S, READY_WITHIN_K
from control.forecast import SETTLES_S
from control.ready_time import from_rest_s
from control.state import Loop, ReadyTime, SetBack

PRE_SHARE = 0.5  # of the main room's set-back
LOOK_S = 10.0
LEAST_LOOKS = 30
NEAR_K = 5.0  # so far below the warmer set point the law of the room wakes up


def setpoints(program: Program, back: SetBack | None) -> tuple[float, float]:
    """What the regulators of main room and pre-chamber hold now, °C."""
    if back is None or back.warmer_k is None:
        return program.setpoint_main_c, program.setpoint_pre_c
    return program.setpoint_main_c + back.warmer_k, program.setpoint_pre_c + PRE_SHARE * back.warmer_k


def resting(back: SetBack | None) -> bool:
    """The valves stay shut."""
    return back is not None and back.warmer_k is None


def coasting(back: SetBack, setpoint_c: float, measured_c: float | None) -> bool:
    """The valves are shut and stay so for a while: at rest, or still far from the warmer set point."""
    if back.warmer_k is None:
        return True
    return measured_c is not None and measured_c < setpoint_c + back.warmer_k - NEAR_K


def look(
    back: SetBack, now_s: float, loop: Loop, p: Regulator, setpoint_c: float, measured_c: float | None, r: ReadyTime
) -> SetBack | None:
    """The set-back after a look at the clock, one every LOOK_S; None: it is time to cool."""
    if now_s < back.look_s:
        return back
    if loop.observed is not None and now_s - back.since_s >= SETTLES_S and loop.terms.output_pct == 0.0:
        looks = back.looks + 1
        back = back._replace(looks=looks, heat_w=back.heat_w + (loop.observed.room.heat_w - back.heat_w) / looks)
    takes = from_rest_s(r, loop, p, setpoint_c + READY_WITHIN_K, measured_c, still=coasting(back, setpoint_c, measured_c))
    over = back.until_s is not None and now_s + (1.0 + DOUBT) * takes + MARGIN_S >= back.until_s
    return None if over else back._replace(look_s=now_s + LOOK_S, takes_s=takes)


def fallen_w(back: SetBack, r: ReadyTime) -> float | None:
    """By how much the unknown heat was less in this set-back than held cold, W; as before if it was too short to tell."""
    return r.fall_w if back.looks < LEAST_LOOKS or r.held_w is None else max(0.0, r.held_w - back.heat_w)
