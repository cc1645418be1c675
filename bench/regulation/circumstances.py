"""Section: the nominal plant colder, with the valve shut while a door is open, with an on/off valve; what a step of each law costs."""

from __future__ import annotations

from bench.regulation.page import MAKERS, Job, Work, one, said, table
from bench.regulation.scenario import Conditions, Figures

EXTRA = {
    "as above, proportional valve": Conditions(),
    "−160 °C": Conditions(setpoint_c=-160.0, cool_limit_s=9000.0),
    "valve shut while a door is open": Conditions(shut_while_open=True),
    "on/off valve, 2 s dwell": Conditions(on_off_dwell_s=2.0),
}
NAMES = list(MAKERS)[1:]


def section(work: Work) -> list[str]:
    proportional: list[Figures] = []
    page = ["## The nominal plant in other circumstances\n"]
    for name, c in EXTRA.items():
        rows = work.pool.map(one, [Job(m, work.nominal, c) for m in NAMES])
        page += [f"**{name}**" + (f", cycles a session: {', '.join(f'{f.cycles:.0f}' for f in rows)}" if c.on_off_dwell_s else "") + "\n"]
        page += [table([(f.name, [f]) for f in rows])]
        proportional = rows if c == Conditions() else proportional
        if c.on_off_dwell_s:
            ratios = [f"{a.name} {a.occupied_rms_k / b.occupied_rms_k:.2f}" for a, b in zip(rows, proportional, strict=True)]
            page += [said(f"Occupied RMS against the proportional valve: {'; '.join(ratios)}. Goals: PID 1.35, model-based 1.0.")]
    return page


def cost(work: Work) -> list[str]:
    """One after the other in one process, so that they are comparable; absolute figures are this machine's."""
    rows = [(m, one(Job(m, work.nominal, Conditions(notice_s=20.0, hold_s=600.0, sessions=2)))) for m in NAMES]
    base = rows[0][1].cpu_us
    return [
        "## What a step costs\n",
        said(
            "CPU time of the thread, some tenths of a microsecond of it the clock's own: median and 99th percentile over a precool and two sessions with announced doors, one after the other in one process.",
            "Goals: PID 5 µs, model-based 40 µs.",
        ),
        "| regulator | µs/step | 99 % | times simple-pid |",
        "|---|---|---|---|",
        *(f"| {m} | {f.cpu_us:.1f} | {f.cpu_p99_us:.1f} | {f.cpu_us / base:.1f} |" for m, f in rows),
        "",
    ]
