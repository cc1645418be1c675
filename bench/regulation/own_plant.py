"""The project's simulated two-room chamber behind the bench's interface: main room regulated by whoever is tested, pre-chamber by a PI.

Here the nitrogen boils in a coil that holds liquid, the valve is shut while a door is open (as the supervisor does it), and
people come through the pre-chamber.
"""

from __future__ import annotations

import random
import statistics

from bench.regulation.flow_meter import FlowMeter
from chamber.tags import MAIN_TEMPERATURES
from simulator.gas import KELVIN
from simulator.parameters import PlantParameters
from simulator.people import Place
from simulator.plant import SCAN_S, Actuators, Plant
from simulator.precool import PI
from simulator.sensors import INDEX, Sensors
from simulator.thermal import LINE, NITROGEN, T_MAIN, T_PRE

_FILM_BOILING_K = 130.0  # a line warmer than this is full of vapour, assumed
_FLOW = INDEX["FT-401"]


class OwnPlant:
    def __init__(self, parameters: PlantParameters, seed: int, state: list[float] | None = None) -> None:
        self.plant = Plant(parameters, state)
        self._sensors = Sensors(random.Random(seed), SCAN_S, self.plant.true_values())
        self._quality = [0] * len(self.plant.true_values())
        self._values = self._sensors.read(self.plant.true_values(), self._quality)
        self._pre = PI()
        self._meter = FlowMeter(seed)
        self._main_tags = [INDEX[t] for t in MAIN_TEMPERATURES]

    @property
    def true_c(self) -> float:
        return self.plant.y[T_MAIN] - KELVIN

    @property
    def used_kg(self) -> float:
        return self.plant.y[NITROGEN]

    @property
    def doors_shut(self) -> bool:
        return self.plant.inner.shut and self.plant.outer.shut

    @property
    def persons(self) -> int:
        return self.plant.crowd.count(Place.MAIN)

    def measured_c(self) -> float:
        return round(statistics.median(self._values[i] for i in self._main_tags), 1)

    def flow_kg_h(self) -> float:
        """As the flow meter shows it."""
        return self._meter.read(self._values[_FLOW], vapour=self.plant.y[LINE] > _FILM_BOILING_K)

    def value(self, index: int) -> float:
        """A signal as its instrument gives it, in the tag's unit."""
        return self._values[index]

    def drive(self, asked_pct: float, steps: int) -> float:
        """One period; returns the mean position of the valve, %."""
        total = 0.0
        for _ in range(steps):
            pre = 100.0 * self._pre(self.plant.y[T_PRE] - KELVIN + 60.0, SCAN_S)
            open_ = self.doors_shut
            self.plant.advance(
                Actuators(
                    xv_401=True, valve_main=asked_pct if open_ else 0.0, valve_pre=pre if open_ else 0.0, recirculation=True, fresh_air=True
                )
            )
            self._values = self._sensors.read(self.plant.true_values(), self._quality)
            total += self.plant.valve_main
        return 100.0 * total / steps

    def apply(self, a: Actuators, steps: int) -> float:
        """The same with every actuator given; the pre-chamber is the caller's, too."""
        total = 0.0
        for _ in range(steps):
            self.plant.advance(a)
            self._values = self._sensors.read(self.plant.true_values(), self._quality)
            total += self.plant.valve_main
        return total / steps

    def send(self, place: Place, persons: int) -> None:
        self.plant.crowd.send(place, persons, self.plant.time_s)
