"""One session of three regulators on the nominal plant, drawn."""

from __future__ import annotations

from pathlib import Path

from bench.regulation.commissioning import SETPOINT_C, Commissioned
from bench.regulation.page import MAKERS
from bench.regulation.scenario import Conditions, Trace, run

SHOWN = (("simple-pid (SIMC)", 0.0), ("ours, PID", 0.0), ("ours, model-based", 0.0), ("ours, model-based", 20.0))


def draw(nominal: Commissioned, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (top, low) = plt.subplots(2, 1, figsize=(9, 5.5), sharex=True)
    for maker, notice in SHOWN:
        tr: Trace = run(MAKERS[maker](nominal.identified.model), nominal.parameters, Conditions(sessions=1, notice_s=notice))
        t = (tr.t_s - tr.plan.starts[0]) / 60.0
        w = (t > -1.0) & (t < 8.0)
        top.plot(t[w], tr.true_c[w], label=maker + (f", {notice:.0f} s notice" if notice else ""), linewidth=1.2)
        low.plot(t[w], tr.valve_pct[w], linewidth=0.8)
    top.axhspan(SETPOINT_C - 2.0, SETPOINT_C + 2.0, alpha=0.15, color="grey")
    top.set_ylabel("room, °C")
    low.set_ylabel("valve, %")
    low.set_xlabel("minutes from the entry door's opening")
    top.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
