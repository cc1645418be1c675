"""`cryochamber fleet`: many chambers in one batch, and how far they spread."""

from __future__ import annotations

import time

from simulator.fleet import Fleet, spread


def run(chambers: int, hours: float, seed: int, plant: str, *, warm: bool) -> str:
    """Run the fleet; returns the text to print. Raises ParameterError."""
    fleet = Fleet(chambers, hours, seed, plant, warm=warm)
    fleet.advance()  # the first minute also compiles
    began, begin_s = time.process_time(), fleet.time_s
    while not fleet.done:
        fleet.advance()
    spent = time.process_time() - began
    found = fleet.figures()
    rows: dict[str, list[float]] = {
        "main room at the end, °C": [f.main_c for f in found],
        "liquid used, kg": [f.nitrogen_kg for f in found],
        "liquid used, kg per person": [f.nitrogen_kg / f.persons for f in found if f.persons],
        "mean while occupied, °C": [f.occupied_mean_c for f in found if f.occupied_mean_c is not None],
        "warmest while occupied, °C": [f.peak_c for f in found if f.peak_c is not None],
        "least oxygen while occupied, vol%": [f.oxygen_min_pct for f in found if f.oxygen_min_pct is not None],
    }
    lines = [f"{chambers} x {plant}, {fleet.time_s / 3600.0:.1f} h, {sum(f.persons for f in found)} persons, seed {seed}"]
    if spent > 0.0:
        lines[0] += f"; {(fleet.time_s - begin_s) / spent:.0f} x real time on one core"
    lines.append(f"{'':36}{'5 %':>9}{'median':>9}{'95 %':>9}")
    lines += [f"{name:36}" + "".join(f"{v:9.1f}" for v in spread(values)) for name, values in rows.items() if values]
    return "\n".join(lines)
