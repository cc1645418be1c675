"""The cold starting state: a precool and a hold run once with a plain PI, kept beside the plant file.

``python -m simulator.precool`` writes it anew; a test runs it again and compares.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from simulator.gas import KELVIN
from simulator.parameters import PLANTS, ParameterError, load, walk_ins
from simulator.plant import SCAN_S, Actuators, Plant
from simulator.thermal import CARRIED, NITROGEN, STATES, T_MAIN, T_PRE, State

SETPOINT_MAIN_C, SETPOINT_PRE_C = -110.0, -60.0
HOLD_S = 3600.0
_REACHED_K = 2.0


class PI:
    """Plain PI on the true gas temperature, for starting states and plant tests only. Gain 1/K, times in s."""

    def __init__(self, gain: float = 0.06, integral_s: float = 240.0) -> None:
        self._gain, self._integral_s, self._sum = gain, integral_s, 0.0

    def __call__(self, error_k: float, dt_s: float) -> float:
        wanted = self._gain * error_k + self._sum
        output = min(1.0, max(0.0, wanted))
        if output == wanted or (wanted > 1.0 and error_k < 0.0) or (wanted < 0.0 and error_k > 0.0):
            self._sum = min(1.0, max(0.0, self._sum + self._gain / self._integral_s * error_k * dt_s))
        return output


class Regulated:
    """A plant with two PIs, for tests and starting states. Doors and people act on ``plant`` directly."""

    def __init__(self, plant: Plant, main_c: float = SETPOINT_MAIN_C, pre_c: float = SETPOINT_PRE_C) -> None:
        self.plant, self.main_c, self.pre_c = plant, main_c, pre_c
        self.fresh_air = False
        self._main, self._pre = PI(), PI()

    def advance(self, seconds: float) -> None:
        for _ in range(round(seconds / SCAN_S)):
            y = self.plant.y
            main = self._main(y[T_MAIN] - KELVIN - self.main_c, SCAN_S)
            pre = self._pre(y[T_PRE] - KELVIN - self.pre_c, SCAN_S)
            self.plant.advance(
                Actuators(xv_401=True, valve_main=100.0 * main, valve_pre=100.0 * pre, recirculation=True, fresh_air=self.fresh_air)
            )

    def cool_down(self, limit_s: float = 7200.0) -> float:
        """Run until the main room is within 2 K of its set point; returns the time in s. Raises RuntimeError if it never is."""
        begin = self.plant.time_s
        while self.plant.y[T_MAIN] - KELVIN > self.main_c + _REACHED_K:
            if self.plant.time_s - begin > limit_s:
                raise RuntimeError(f"the plant did not reach {self.main_c:g} °C within {limit_s:g} s")
            self.advance(1.0)
        return self.plant.time_s - begin


def simulate(plant: str = "walk-in-two-room") -> State:
    """State after cool-down and ``HOLD_S`` of holding with fresh air, nitrogen counter at zero."""
    regulated = Regulated(Plant(load(plant)))
    regulated.cool_down()
    regulated.fresh_air = True
    regulated.advance(HOLD_S)
    state = list(regulated.plant.y)
    state[NITROGEN] = state[CARRIED] = 0.0
    return state


def _file(plant: str) -> Path:
    return PLANTS / f"{plant}.precooled.json"


def precooled_state(plant: str = "walk-in-two-room") -> State:
    """The stored cold state. Raises ParameterError if it is missing or does not fit the model."""
    path = _file(plant)
    remedy = "run `python -m simulator.precool`"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterError(f"{path}: no cold state stored; {remedy}") from None
    except json.JSONDecodeError as error:
        raise ParameterError(f"{path}: {error}; {remedy}") from None
    state = cast(list[object], data) if isinstance(data, list) else []
    numbers = [float(x) for x in state if isinstance(x, int | float)]
    if len(numbers) != STATES:
        raise ParameterError(f"{path}: has {len(numbers)} states, the model {STATES}; {remedy}")
    return numbers


if __name__ == "__main__":
    for name in walk_ins():
        _file(name).write_text(json.dumps([round(x, 9) for x in simulate(name)], indent=0) + "\n", encoding="utf-8")
