"""The catalogue of faults: every kind by its id. What each one does stands beside its row, by what it befalls."""

from __future__ import annotations

from simulator import house_faults, plant_faults, sensor_faults
from simulator.fault import Kind

KINDS: dict[str, Kind] = {k.kind: k for k in (*sensor_faults.KINDS, *plant_faults.KINDS, *house_faults.KINDS)}
