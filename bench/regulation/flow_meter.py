"""A flow meter in the nitrogen line as a chamber has it: wrong by some per cent for ever, a little noise, nonsense while vapour passes it."""

from __future__ import annotations

import random

BIAS = 0.03  # half range from one meter to the next, assumed
_NOISE_KG_H = 0.3  # as ``simulator.sensors`` has it
_VAPOUR = (0.3, 1.3)  # what it shows of the true flow while vapour passes it, assumed


class FlowMeter:
    """``warm_s``: so long the flow has to run until its line is cold, by the seed; for plants without a line."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"flow meter {seed}")
        self._scale = 1.0 + self._random.uniform(-BIAS, BIAS)
        self.warm_s = self._random.uniform(45.0, 120.0)

    def read(self, flow_kg_h: float, *, vapour: bool) -> float:
        shown = self._scale * flow_kg_h * (self._random.uniform(*_VAPOUR) if vapour else 1.0)
        return shown + self._random.gauss(0.0, _NOISE_KG_H)
