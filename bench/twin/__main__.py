"""``python -m bench.twin``: every fault once, then ten healthy chambers; prints the table of docs/twin.md. About six minutes of CPU."""

from __future__ import annotations

from bench.twin.proof import FAULTS, after_learning, broken, healthy

HEALTHY = 10


def main() -> None:
    learned = after_learning(0)
    print("| what is broken | alarm | after | evidence | other alarms |\n|---|---|---|---|---|")
    for fault in FAULTS:
        r = broken(learned, fault)
        after = "not found" if r.after_h is None else f"{r.after_h:.1f} h"
        print(f"| {fault.text} | {fault.alarm} | {after} | {r.evidence} | {', '.join(r.others) or 'none'} |", flush=True)
    for seed in range(1, HEALTHY + 1):
        print(f"healthy chamber {seed}, two days: {', '.join(healthy(seed)) or 'no alarm'}", flush=True)


if __name__ == "__main__":
    main()
