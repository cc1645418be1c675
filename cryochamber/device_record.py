"""What a run of a small device was, second by second: CSV and plot."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from simulator.cabin import equations as eq
from simulator.cabin.device import LEGS, TRUNK, Cabin
from simulator.local.device import Treatment


class CabinRow(NamedTuple):
    """°C, vol%, kg, open fraction; no skin while nobody is inside."""

    at_s: float
    display_c: float
    lower_c: float
    upper_c: float
    collar_c: float
    oxygen_upper_pct: float
    oxygen_collar_pct: float
    oxygen_face_pct: float
    oxygen_room_pct: float
    oxygen_floor_pct: float
    legs_c: float | None
    trunk_c: float | None
    valve: float
    nitrogen_kg: float


class Recorder:
    """Watches a cabin and keeps one row a second."""

    def __init__(self) -> None:
        self.rows: list[CabinRow] = []

    def __call__(self, cabin: Cabin) -> None:
        if cabin.now_s != int(cabin.now_s):
            return
        guest = cabin.guest
        self.rows.append(
            CabinRow(
                at_s=cabin.now_s,
                display_c=cabin.display_c,
                lower_c=cabin.celsius(eq.T_LOWER),
                upper_c=cabin.celsius(eq.T_UPPER),
                collar_c=cabin.celsius(eq.T_COLLAR),
                oxygen_upper_pct=cabin.oxygen_pct(eq.X_UPPER),
                oxygen_collar_pct=cabin.oxygen_pct(eq.X_COLLAR),
                oxygen_face_pct=cabin.oxygen_face_pct,
                oxygen_room_pct=cabin.oxygen_pct(eq.X_BREATHING),
                oxygen_floor_pct=cabin.oxygen_pct(eq.X_FLOOR),
                legs_c=None if guest is None else guest.celsius(LEGS),
                trunk_c=None if guest is None else guest.celsius(TRUNK),
                valve=float(cabin.y[eq.VALVE]),
                nitrogen_kg=cabin.nitrogen_kg,
            )
        )


def write_cabin(rows: Sequence[CabinRow], folder: Path) -> list[Path]:
    """cabin.csv and cabin.png. Raises OSError."""
    panels = (
        ("°C", (("display", "display_c"), ("lower zone", "lower_c"), ("upper zone", "upper_c"), ("collar", "collar_c"))),
        (
            "oxygen, vol%",
            (("collar", "oxygen_collar_pct"), ("face", "oxygen_face_pct"), ("room", "oxygen_room_pct"), ("floor", "oxygen_floor_pct")),
        ),
        ("skin, °C", (("legs", "legs_c"), ("trunk", "trunk_c"))),
        ("nitrogen, kg", (("used", "nitrogen_kg"),)),
    )
    return _write(rows, folder, "cabin", panels)


def write_local(treatment: Treatment, folder: Path, stem: str = "local", *, plot: bool = True) -> list[Path]:
    """local.csv and local.png, or by another name. Raises OSError."""
    panels = (
        ("°C", (("jet at the skin", "jet_c"), ("nozzle", "nozzle_c"))),
        ("°C", (("surface", "surface_c"), ("8 mm deep", "deep_c"))),
        ("dewar, kg", (("nitrogen left", "dewar_kg"),)),
    )
    return _write(treatment.rows, folder, stem, panels, plot=plot)


Panels = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def _write(rows: Sequence[CabinRow] | Sequence[NamedTuple], folder: Path, stem: str, panels: Panels, *, plot: bool = True) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    table, picture = folder / f"{stem}.csv", folder / f"{stem}.png"
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0]._fields)
        writer.writerows(["" if v is None else f"{v:.3f}" for v in row] for row in rows)
    if not plot:
        return [table]
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(len(panels), 1, sharex=True, figsize=(10, 2.2 * len(panels)), layout="constrained")
    minutes = [getattr(row, "at_s") / 60.0 for row in rows]  # noqa: B009  rows of either kind
    for axis, (unit, lines) in zip(axes, panels, strict=True):
        for label, field in lines:
            values = [getattr(row, field) for row in rows]
            axis.plot(minutes, [float("nan") if v is None else v for v in values], label=label, linewidth=1.2)
        if unit.startswith("oxygen"):
            axis.axhline(19.5, color="grey", linewidth=0.8, linestyle="--", label="19.5 %")
        axis.set_ylabel(unit)
        axis.legend(loc="best", fontsize=8)
        axis.grid(alpha=0.3)
    axes[-1].set_xlabel("minutes")
    figure.savefig(picture, dpi=110)
    plt.close(figure)
    return [table, picture]
