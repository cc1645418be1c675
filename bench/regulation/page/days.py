"""Sections on whole days: nitrogen held and planned, where it goes in a break, ready times foretold."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from bench.regulation import reference_day
from bench.regulation.break_account import Account
from bench.regulation.columns import unpacked
from bench.regulation.day import OWN, REFERENCE
from bench.regulation.page.tables import head, listed, said
from bench.regulation.plan_day import Day
from bench.regulation.ready_times import GOOD_S, Foretold


def day(f: Any) -> list[str]:
    """The own plant's day held, by the plan with nothing learned, and by the plan with what that day taught."""
    reference = unpacked(reference_day.Day, f["reference"])
    held, first, following = own = unpacked(Day, f["own"])
    lines = [
        f"| reference | {name} | {d.kg:.1f} | {d.after_kg:.1f} | {d.ready_k:.2f} |" for name, d in zip(REFERENCE, reference, strict=True)
    ]
    lines += [
        f"| own | {name} | {d.kg:.1f} | {d.after_kg:.1f} | {max(abs(e) for e in d.block_error_k):.2f} |"
        for name, d in zip(OWN, own, strict=True)
    ]

    def less(a: float, b: float) -> str:
        return f"{100.0 * (a / b - 1.0):.1f} %"

    return [
        "## A day of twelve sessions\n",
        said(
            "Three blocks of four sessions of three people, 90 and 120 minutes between them, from the warm; every day ends 12 minutes after the last session",
            "began. Held: cooled from the first minute, one hour before the first session. Planned: precooled when the screen asks for it, then by the plan.",
            "Own plant: the whole supervisor in virtual time; the next day knows what the first has taught of the way down.",
        ),
        *head("plant", "policy", "whole day, kg", "from the first session on, kg", "worst error before a block, K"),
        *lines,
        "",
        said(
            f"Planned against held: reference {less(reference[1].kg, reference[0].kg)} of the day, {less(reference[1].after_kg, reference[0].after_kg)} from the",
            f"first session on; own plant, next day {less(following.kg, held.kg)} and {less(following.after_kg, held.after_kg)}.",
        ),
        said(
            f"On the own plant READY came {listed(first.ready_early_s)} s before the blocks of the first day, {listed(following.ready_early_s)} s on the next.",
            f"Ready times shown were off, at their worst on the way: precool of {first.precool_s / 60.0:.0f} minutes by {first.precool_error_s:.0f} s on the first day",
            f"(within a minute for its last {first.precool_good_s / 60.0:.0f} minutes), by {following.precool_error_s:.0f} s on the next; re-cools out of the breaks by",
            f"{listed(first.break_errors_s)} s, then by {listed(following.break_errors_s)} s; those after guests by {max(d.guests_error_s for d in (first, following)):.0f} s at most.",
            f"Sessions: {listed([d.sessions for d in own], 'd')}; alarms: {listed([d.alarms for d in own], 'd')}; invariants broken: {sum(d.violations for d in own)}.",
        ),
    ]


def breaks(f: Any) -> list[str]:
    accounts = unpacked(Account, f)
    held = {a.break_s: a for a in accounts if a.way == "held"}
    still = [a for a in accounts if a.way == "air still"]
    lines = [
        f"| {a.break_s / 60:.0f} min | {'open, held cold' if a.way == 'held' else f'shut, {a.way}'} | {a.kg:.1f} | {a.walls:.2f} | {a.fresh:.2f} | {a.fans:.2f} | {a.error_k:.2f} |"
        for a in accounts
    ]
    saved = [held[a.break_s].kg - a.kg for a in still]
    kept_out = [held[a.break_s].walls + held[a.break_s].fresh + held[a.break_s].fans - a.walls - a.fresh - a.fans for a in still]
    return [
        "### Where the nitrogen of a break goes\n",
        "Own plant, with half an hour of holding after the break, nobody there:\n",
        *head("break", "valves", "nitrogen, kg", "through walls, kWh", "fresh air, kWh", "fans, kWh", "error at its end, K"),
        *lines,
        "",
        said(f"Shut and still against held cold: {listed(saved, '.1f')} kg less nitrogen, {listed(kept_out, '.2f')} kWh less heat."),
    ]


def ready(f: Any) -> list[str]:
    n = len(next(iter(f.values()))["took_s"])
    return [
        "### Ready times foretold\n",
        said(
            "The time shown, looked at every 5 s from the first second of the way down to READY. Median / worst of the plants, in the order in which it happens",
            "to each: never seen before at first, then with what the ways down before have taught. Goal: within a minute.",
        ),
        said(
            f"{n} random plants of the reference scenario (seeds 1001 to {1000 + n}), each with the model identified on it; aged: a tenth less",
            "nitrogen and 15 % less heat exchange from one evening to the next morning.",
        ),
        *_table(f),
    ]


def ready_own(f: Any) -> list[str]:
    n = len(next(iter(f.values()))["took_s"])
    return [
        said(
            f"{n} of the project's own two-room plant as others would build it (seeds 2001 to {2000 + n}: walls, foam, coil, nitrogen flow, fittings ±20 %,",
            "supply line ±50 %, treatment room at 18 to 26 °C), all with the model of the profile, which is of none of them.",
        ),
        *_table(f),
    ]


def _table(ways: Mapping[str, Any]) -> list[str]:
    """In the order in which it happened. Shortest of ``good``, longest of the rest."""
    out = head(
        "foretold", "takes, min", "off as it begins, s", "worst on the way, s", "within 1 min for good, min before READY", "all the way"
    )

    def cell(values: Sequence[float], worst: float, form: str) -> str:
        return f"{statistics.median(values):{form}} / {worst:{form}}"

    always: list[str] = []
    for name, columns in ways.items():
        found = unpacked(Foretold, columns)
        took, good = [x.took_s / 60.0 for x in found], [x.good_s / 60.0 for x in found]
        begin_s, worst_s = [x.begin_s for x in found], [x.worst_s for x in found]
        cells = (
            cell(took, max(took), ".1f"),
            cell(begin_s, max(begin_s), ".0f"),
            cell(worst_s, max(worst_s), ".0f"),
            cell(good, min(good), ".1f"),
            f"{sum(w <= GOOD_S for w in worst_s)} of {len(found)}",
        )
        out.append(f"| {name} | {' | '.join(cells)} |")
        always += [name] if max(worst_s) <= GOOD_S else []
    return [*out, "", said(f"Within a minute from the first second on, on every plant: {', '.join(always) or 'none'}.")]
