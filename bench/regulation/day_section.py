"""The page's section on the day plan: nitrogen of a day held and planned, how ready the room was, and ready times foretold."""

from __future__ import annotations

from bench.regulation import break_account, plan_day, ready_times, reference_day
from bench.regulation.page import Work

_HEAD = (
    "| plant | policy | whole day, kg | from the first session on, kg | worst error before a block, K |",
    "|---|---|---|---|---|",
)


def own() -> tuple[plan_day.Day, plan_day.Day]:
    """The project's plant: held, then by the plan with the precool of the first day known."""
    held, curves = plan_day.play("hold", plan_day.starts(), ())
    return held, plan_day.play("plan", plan_day.starts(), curves)[0]


def section(work: Work) -> list[str]:
    """Nominal plant of the reference scenario, the project's own plant, and every random plant for the ready times."""
    jobs = [reference_day.Job(policy, work.nominal) for policy in ("hold", "plan")]
    days = work.pool.apply_async(own)
    account = work.pool.apply_async(break_account.rows)
    foretold = work.pool.map(ready_times.play, work.found, chunksize=1)
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
        *ready_times.rows(foretold),
        "",
    ]
