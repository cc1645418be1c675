"""The page's section on the day plan: nitrogen of a day held and planned, how ready the room was, and ready times foretold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.regulation import break_account, plan_day, ready_times, reference_day
from bench.regulation.page import Work, said
from bench.regulation.ready_times import Foretold
from control.state import ReadyTime

_HEAD = (
    "| plant | policy | whole day, kg | from the first session on, kg | worst error before a block, K |",
    "|---|---|---|---|---|",
)


def own() -> tuple[plan_day.Day, plan_day.Day]:
    """The project's plant: held, then by the plan with the precool of the first day known."""
    held, r = plan_day.play("hold", plan_day.starts(), ReadyTime())
    return held, plan_day.play("plan", plan_day.starts(), ReadyTime(belief=r.belief))[0]


def ready_section(reference: Sequence[Mapping[str, Foretold]], of_own: Sequence[Mapping[str, Foretold]]) -> list[str]:
    """Ready times foretold."""
    return [
        "### Ready times foretold\n",
        said(
            "The time shown, looked at every 5 s from the first second of the way down to READY. Median / worst of the plants, in the order in which it happens",
            "to each: never seen before at first, then with what the ways down before have taught. Goal: within a minute.",
        ),
        f"{len(reference)} random plants of the reference scenario (seeds 1001 to {1000 + len(reference)}), each with the model identified on it; aged: a tenth less",
        "nitrogen and 15 % less heat exchange from one evening to the next morning.\n",
        *ready_times.rows(reference),
        "",
        f"{len(of_own)} of the project's own two-room plant as others would build it (seeds 2001 to {2000 + len(of_own)}: walls, foam, coil, nitrogen flow, fittings ±20 %, supply line",
        "±50 %, treatment room at 18 to 26 °C), all with the model of the profile, which is of none of them.\n",
        *ready_times.rows(of_own),
        "",
    ]


def section(work: Work) -> list[str]:
    """Nominal plant of the reference scenario, the project's own plant, and every random plant for the ready times."""
    jobs = [reference_day.Job(policy, work.nominal) for policy in ("hold", "plan")]
    days = work.pool.apply_async(own)
    account = work.pool.apply_async(break_account.rows)
    foretold = work.pool.map_async(ready_times.reference, work.found, chunksize=1)
    own_foretold = work.pool.map_async(ready_times.own, range(1, ready_times.OWN_PLANTS + 1), chunksize=1)
    held, planned = work.pool.map(reference_day.play, jobs, chunksize=1)
    own_held, own_planned = days.get()
    lines = [f"| reference | {d.policy} | {d.kg:.1f} | {d.after_kg:.1f} | {d.ready_k:.2f} |" for d in (held, planned)]
    lines += [
        f"| own | {d.policy} | {d.kg:.1f} | {d.after_kg:.1f} | {max(abs(e) for e in d.block_error_k):.2f} |"
        for d in (own_held, own_planned)
    ]
    return [
        "## A day of twelve sessions\n",
        "Three blocks of four sessions of three people, 90 and 120 minutes between them, from the warm; both days end 12 minutes after the last session began.",
        "Held: cooled from the first minute, one hour before the first session. Planned: precooled when the screen asks for it, then by the plan.\n",
        *_HEAD,
        *lines,
        "",
        f"Planned against held: reference {100.0 * (planned.kg / held.kg - 1.0):.1f} % of the day, {100.0 * (planned.after_kg / held.after_kg - 1.0):.1f} % from the first",
        f"session on; own plant {100.0 * (own_planned.kg / own_held.kg - 1.0):.1f} % and {100.0 * (own_planned.after_kg / own_held.after_kg - 1.0):.1f} %.",
        f"On the own plant READY came {', '.join(f'{s:.0f}' for s in own_planned.ready_early_s)} s before the blocks; re-cools were foretold within {own_planned.foretold_error_s:.0f} s.\n",
        "Where the nitrogen of a break goes on the own plant, with half an hour of holding after it, nobody there:\n",
        *account.get(),
        "",
        *ready_section(foretold.get(), own_foretold.get()),
    ]
