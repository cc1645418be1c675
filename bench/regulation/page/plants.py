"""Sections on the random plants of the reference scenario: regulators, floors, automatic tuning, dead time wrong by half."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from bench.regulation.columns import unpacked
from bench.regulation.floor import PRECOOLED_K, Floor
from bench.regulation.page.tables import head, mid, regulators, said
from bench.regulation.regulators import MODEL, SIMPLE
from bench.regulation.robust import CALM_S, SWING_K, Told
from bench.regulation.scenario import Figures
from bench.regulation.tuning import Tuned


def _groups(f: Any) -> dict[str, list[Figures]]:
    return {name: unpacked(Figures, columns) for name, columns in f["regulators"].items()}


def reference(f: Any) -> list[str]:
    groups = _groups(f)
    ours, base = groups[MODEL], groups[SIMPLE]
    cool = [a.cooled_s / t for a, t in zip(ours, f["full_open_s"], strict=True) if a.cooled_s is not None]
    ratio = statistics.median(a.occupied_rms_k / b.occupied_rms_k for a, b in zip(ours, base, strict=True))
    return [
        f"## Reference scenario, {len(ours)} random plants, each regulator commissioned by its own identification\n",
        *regulators(list(groups.items())),
        said(
            f"Occupied RMS of ours to simple-pid, paired median: **{ratio:.2f}**. Precool against the same plant full open:",
            f"{statistics.median(cool):.3f} x median, {max(cool):.3f} x worst.",
        ),
    ]


def floors(f: Any, compared: Any) -> list[str]:
    plants, groups = unpacked(Floor, f), _groups(compared)

    def row(known: str, pairs: Sequence[tuple[float, float]], law: str) -> str:
        low = [statistics.median(p[i] for p in pairs) for i in (0, 1)]
        ours = [statistics.median(x.settle_in_s for x in groups[law]), statistics.median(x.settle_out_s for x in groups[law])]
        return f"| {known} | {low[0]:.1f} | {low[1]:.1f} | {ours[0]:.1f} | {ours[1]:.1f} |"

    return [
        "### How soon it can be back at all\n",
        said(
            "The valve fully open from the first moment a law may know of the door until the room is back within 2 K. More nitrogen at any moment makes the",
            "room colder at every later one, so no input at all crosses that line sooner with the same notice. The same plants, runs and noise as above,",
            "medians. The floor pays for it afterwards: it shuts when it is too late to stay within the undershoot. With any notice it opens as early as",
            f"leaves the true plant {PRECOOLED_K} K too cold when the door opens, which no law can know so well; beside it ours with 20 s notice.",
        ),
        *head("what is known of the door", "floor in, s", "floor out, s", "ours in, s", "ours out, s"),
        row("nothing before it opens", [p.unannounced for p in plants], MODEL),
        row("10 s notice", [p.ten_seconds for p in plants], f"{MODEL}, 10 s notice"),
        row(f"any notice, cooled by {PRECOOLED_K} K at most beforehand", [p.any_notice for p in plants], f"{MODEL}, 20 s notice"),
        "",
    ]


def tuning(f: Any) -> list[str]:
    plants = unpacked(Tuned, f["plants"])
    dead, lags = [p.dead_error_s for p in plants], [p.lags_error_s for p in plants]
    off = [f"plant {n} by {e:+.2f} s" for n, e in enumerate(dead, 1) if abs(e) > 1.0]
    return [
        "### Automatic tuning on the same plants\n",
        "Precool, relay test that finds its own amplitude, one door opening. Median / worst.\n",
        *head("", "found", "goal"),
        f"| length of the relay test, s | {mid([p.relay_s for p in plants])} | 360 |",
        f"| excursion, K | {mid([p.excursion_k for p in plants])} | 1.5 |",
        f"| error of the slope, % | {mid([100.0 * abs(p.slope_error) for p in plants])} | 10 |",
        f"| dead time found less the true one, s | {statistics.median(dead):+.2f}, {min(dead):+.2f} to {max(dead):+.2f} | ±1 |",
        f"| the same in standard deviations as told | {mid([abs(p.dead_error_s) / p.dead_std_s for p in plants])} | |",
        f"| plants on which it is within 1 s | {len(plants) - len(off)} of {len(plants)} | all |",
        f"| dead time and all lags found less the true sum, s | {statistics.median(lags):+.2f}, {min(lags):+.2f} to {max(lags):+.2f} | |",
        f"| models refused by the gate | {sum(p.refused is not None for p in plants)} of {len(plants)} | |",
        "",
        said(
            f"Beyond 1 s: {'; '.join(off) or 'none'}. The fit has two lags between valve and room, as the plants have (2 s and 4 to 9 s); with one of them",
            "alone the other is found as dead time. The law's model has one: half of the valve's lag is dead time to it (half rule). Where the recording does",
            "not tell the lags apart, what is known of valves does (1.5 s within a factor of 1.6, one standard deviation; the plants' have 2 s). Where it seems",
            "to, and they are nearly alike, a second of one of them can still go to the dead time or come from it; their sum is right.",
        ),
    ]


def robust(f: Any) -> list[str]:
    model, pid = unpacked(Told, f)
    return [
        "## Dead time wrong by half\n",
        said(
            f"{len(model.swings_k):,} random plants whose dead time is up to 50 % longer or shorter than the model says and whose other numbers are 10 % off, from",
            f"10 K above the set point through one door opening; in the last {CALM_S // 60} minutes nothing happens from outside. More than {SWING_K:.0f} K",
            "peak to peak counts as a limit cycle. `make test-long` asserts it of a thousand such plants (`tests/control/test_random_plants.py`).",
        ),
        f"- Model-based with gate and fall-back: {_swings(model)}; {model.refused} models refused by the gate, {_given_up(model.given_up_s)}.",
        f"- PID alone: {_swings(pid)}.",
        "",
    ]


def _swings(law: Told) -> str:
    cycles = sum(not s <= SWING_K for s in law.swings_k)
    middle, worst = statistics.median(law.swings_k), max(law.swings_k)
    return f"{cycles} of {len(law.swings_k)} limit-cycle; swing at rest {middle:.2f} K median, {worst:.2f} K worst"


def _given_up(after_s: Sequence[float]) -> str:
    when = f", {min(after_s):.0f} to {max(after_s):.0f} s after the begin" if after_s else ""
    return f"{len(after_s)} given up for the PID on the way{when}"
