"""Sections on single chambers: the nominal plant in other circumstances, the project's own plant, the cascade, what a step costs."""

from __future__ import annotations

from typing import Any

from bench.regulation import cascade as coil
from bench.regulation.circumstances import CIRCUMSTANCES, NAMES, PLAIN, SWITCHED
from bench.regulation.columns import unpacked
from bench.regulation.cost import Cost
from bench.regulation.own_day import CASES, SESSIONS, OwnFigures
from bench.regulation.page.tables import head, regulators, said
from bench.regulation.scenario import Figures


def circumstances(f: Any) -> list[str]:
    page = ["## The nominal plant in other circumstances\n"]
    rows = {name: unpacked(Figures, f[name]) for name in CIRCUMSTANCES}
    for name, found in rows.items():
        cycles = f", cycles a session: {', '.join(f'{x.cycles:.0f}' for x in found)}" if name == SWITCHED else ""
        page += [f"**{name}**{cycles}\n", *regulators([(m, [x]) for m, x in zip(NAMES, found, strict=True)])]
    ratios = [f"{m} {a.occupied_rms_k / b.occupied_rms_k:.2f}" for m, a, b in zip(NAMES, rows[SWITCHED], rows[PLAIN], strict=True)]
    return [*page, said(f"Occupied RMS against the proportional valve: {'; '.join(ratios)}. Goals: PID 1.35, model-based 1.0.")]


def own(f: Any) -> list[str]:
    return [
        "## The project's own two-room plant\n",
        said(
            f"Nitrogen boiling in a coil, valve shut while a door is open, guests through the pre-chamber; {SESSIONS} sessions.",
            "Announced: as in the supervisor, which knows when the guests will be asked to go on and to come out.",
        ),
        *head("law", "people", "hold RMS, K", "occupied RMS, K", "worst, K", "back within 2 K after, s", "travel, %", "kg/session"),
        *(
            f"| {c.law}{', announced' if c.notice_s else ''} | {c.people} | {o.hold_rms_k:.2f} | {o.occupied_rms_k:.2f} | {o.worst_k:.1f} "
            f"| {o.back_s:.0f} | {o.travel_pct:.0f} | {o.session_kg:.2f} |"
            for c, o in zip(CASES, unpacked(OwnFigures, f), strict=True)
        ),
        "",
        said(
            "With three people the valve is fully open from the inner door until the exit, and the coil's metal, which has to get colder first,",
            "takes minutes: the law cannot hold what the coil cannot carry. What helps is to begin before the guests come in.",
        ),
    ]


def cascade(f: Any) -> list[str]:
    return [
        "### With a cascade over the coil's outlet, for comparison\n",
        said(
            f"Own plant, nothing announced: hold, supply pressure fallen to {coil.DROP_BAR} bar for {coil.DROP_FOR_S} s, one session. The cascade has the best gains of",
            "a search of 100 on this very run, made once. It is not used (decision 20).",
        ),
        *head("law", "people", "hold RMS, K", "worst while pressure is low, K", "occupied RMS, K", "RMS after, K", "travel, %"),
        *(
            f"| {c.law} | {c.people} | {r.hold_rms_k:.2f} | {r.drop_worst_k:.2f} | {r.occupied_rms_k:.2f} | {r.after_rms_k:.2f} | {r.travel_pct:.0f} |"
            for c, r in zip(coil.CASES, unpacked(coil.Told, f), strict=True)
        ),
        "",
    ]


def cost(f: Any) -> list[str]:
    rows = unpacked(Cost, f)
    return [
        "## What a step costs\n",
        said(
            "CPU time of the thread, some tenths of a microsecond of it the clock's own: median and 99th percentile over a precool and two sessions with",
            "announced doors, one after the other in one process. Goals: PID 5 µs, model-based 40 µs.",
        ),
        *head("regulator", "µs/step", "99 %", "times simple-pid"),
        *(f"| {c.regulator} | {c.median_us:.1f} | {c.p99_us:.1f} | {c.median_us / rows[0].median_us:.1f} |" for c in rows),
        "",
    ]
