"""The picture of a run: temperatures, valves, oxygen, people over time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryochamber.figures import Row


def draw(rows: Sequence[Row], title: str, file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    hours = [r.t_s / 3600.0 for r in rows]
    figure, (temperature, valves, oxygen, people) = plt.subplots(4, 1, sharex=True, figsize=(14, 10), height_ratios=(3, 1.4, 1.4, 0.8))
    temperature.plot(hours, [r.main_c for r in rows], lw=0.9, color="#1d5b78", label="main room, true")
    temperature.plot(hours, [r.pre_c for r in rows], lw=0.9, color="#8aa9b8", label="pre-chamber, true")
    temperature.plot(
        hours, [float("nan") if r.setpoint_c is None else r.setpoint_c for r in rows], lw=0.8, ls="--", color="#53636e", label="set point"
    )
    temperature.set_ylabel("°C")
    temperature.legend(loc="upper right", frameon=False)
    valves.plot(hours, [r.valve_main_pct for r in rows], lw=0.7, color="#1d5b78", label="main")
    valves.plot(hours, [r.valve_pre_pct for r in rows], lw=0.7, color="#8aa9b8", label="pre-chamber")
    valves.set_ylabel("nitrogen valve %")
    valves.legend(loc="upper right", frameon=False)
    oxygen.plot(hours, [r.o2_main_pct for r in rows], lw=0.9, color="#1d5b78", label="main")
    oxygen.plot(hours, [r.o2_pre_pct for r in rows], lw=0.9, color="#8aa9b8", label="pre-chamber")
    oxygen.plot(hours, [r.o2_room_pct for r in rows], lw=0.9, color="#c98b2b", label="treatment room")
    oxygen.axhline(19.5, lw=0.8, ls="--", color="#c4122f")
    oxygen.set_ylabel("true oxygen %")
    oxygen.legend(loc="lower right", frameon=False)
    people.fill_between(hours, [r.persons_main + r.persons_pre for r in rows], step="post", color="#8aa9b8", lw=0, label="pre-chamber")
    people.fill_between(hours, [r.persons_main for r in rows], step="post", color="#1d5b78", lw=0, label="main room")
    people.set_ylabel("people")
    people.set_xlabel("hours (simulated)")
    for axes in (temperature, valves, oxygen, people):
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    temperature.set_title(f"{title} (simulated plant)", loc="left")
    figure.tight_layout()
    figure.savefig(file, dpi=110)
    plt.close(figure)
