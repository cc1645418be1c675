"""``make bench-control``: the regulators side by side, on the reference scenario and on the project's own two-room plant.

    python -m bench.regulation [PLANTS]      30 random plants unless said otherwise; writes docs/control.md and its plots

Every regulator is commissioned by an identification of its own plant: a recording of a precool, a relay test and one door
opening, and nothing else. The full feed is taken from the data sheet, up to 25 % wrong.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl

from bench.regulation.commissioning import DATA_SHEET_FEED_KG_S, record
from bench.regulation.ours import ModelBased, Pid
from bench.regulation.own_day import Own, play
from bench.regulation.peers import KilnWindow, SimplePid, Thermostat
from bench.regulation.plant import NOMINAL, Parameters, random_parameters
from bench.regulation.scenario import Conditions, Figures, Regulator, Trace, figures, run
from control import gate
from control.identify import Identified, identify
from control.room_model import RoomModel
from control.tuning import process_at, simc

mpl.use("Agg")

PAGE = Path(__file__).resolve().parents[2] / "docs" / "control.md"
SETPOINT_C = -110.0
MAKERS: dict[str, Callable[[RoomModel], Regulator]] = {
    "on/off ±1 K": lambda _m: Thermostat(),
    "simple-pid (SIMC)": lambda m: SimplePid(simc(process_at(m, SETPOINT_C)), "simple-pid (SIMC)"),
    "kiln style, 5 K window": lambda m: KilnWindow(simc(process_at(m, SETPOINT_C))),
    "ours, PID": lambda m: Pid(m, "ours, PID"),
    "ours, model-based": lambda m: ModelBased(m, "ours, model-based"),
}


class Commissioned(NamedTuple):
    parameters: Parameters
    identified: Identified
    relay_s: float
    excursion_k: float
    gate: str | None


def _commission(seed: int) -> Commissioned:
    p = NOMINAL if seed == 0 else random_parameters(1000 + seed)
    recorded = record(p, seed=7 + seed)
    found = identify(recorded.samples, DATA_SHEET_FEED_KG_S)
    return Commissioned(p, found, recorded.relay_s, recorded.excursion_k, gate.judge(found.model, found.dead_std_s, SETPOINT_C).refused)


class Job(NamedTuple):
    maker: str
    commissioned: Commissioned
    conditions: Conditions


def _one(job: Job) -> Figures:
    tr = run(MAKERS[job.maker](job.commissioned.identified.model), job.commissioned.parameters, job.conditions)
    return figures(job.maker, tr, job.conditions)


def _full_open_s(p: Parameters) -> float:
    """Time the plant itself needs: valve full open until within 2 K."""

    class Full:
        name = "full"

        def step(self, seen: object) -> float:
            return 100.0

    c = Conditions(sessions=0, hold_s=0.0, cool_limit_s=5400.0)
    tr = run(Full(), p, c)
    return float(tr.t_s[int((tr.true_c < SETPOINT_C + 2.0).argmax())])


def _mid(values: Sequence[float | None]) -> str:
    known = [v if v is not None else float("inf") for v in values]
    return f"{statistics.median(known):.2f} / {max(known):.2f}"


_COLUMNS: tuple[tuple[str, Callable[[Figures], float | None]], ...] = (
    ("cool, min", lambda f: None if f.cooled_s is None else f.cooled_s / 60.0),
    ("over, K", lambda f: f.overshoot_k),
    ("hold RMS, K", lambda f: f.hold_rms_k),
    ("occupied RMS, K", lambda f: f.occupied_rms_k),
    ("settle in, s", lambda f: f.settle_in_s),
    ("settle out, s", lambda f: f.settle_out_s),
    ("under, K", lambda f: f.undershoot_k),
    ("kg/session", lambda f: f.session_kg),
    ("travel, %", lambda f: f.travel_pct),
    ("µs/step", lambda f: f.cpu_us),
)


def _table(rows: Sequence[tuple[str, Sequence[Figures]]]) -> str:
    head = "| regulator | " + " | ".join(name for name, _ in _COLUMNS) + " |\n|" + "---|" * (len(_COLUMNS) + 1) + "\n"
    lines = (f"| {name} | " + " | ".join(_mid([get(f) for f in group]) for _, get in _COLUMNS) + " |" for name, group in rows)
    return head + "\n".join(lines) + "\n"


def _plot(m: RoomModel, p: Parameters, path: Path) -> None:
    from matplotlib import pyplot as plt

    figure, (top, low) = plt.subplots(2, 1, figsize=(9, 5.5), sharex=True)
    for maker in ("simple-pid (SIMC)", "ours, PID", "ours, model-based"):
        c = Conditions(sessions=1)
        tr: Trace = run(MAKERS[maker](m), p, c)
        t = (tr.t_s - tr.plan.starts[0]) / 60.0
        w = (t > -1.0) & (t < 8.0)
        top.plot(t[w], tr.true_c[w], label=maker, linewidth=1.2)
        low.plot(t[w], tr.valve_pct[w], linewidth=0.8)
    top.axhspan(SETPOINT_C - 2.0, SETPOINT_C + 2.0, alpha=0.15, color="grey")
    top.set_ylabel("room, °C")
    low.set_ylabel("valve, %")
    low.set_xlabel("minutes from the entry door's opening")
    top.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main() -> None:
    plants = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    short = Conditions(hold_s=1200.0, sessions=3)
    with Pool() as pool:
        found = pool.map(_commission, range(1, plants + 1), chunksize=1)
        jobs = [Job(maker, c, short._replace(seed=50 + i)) for maker in MAKERS for i, c in enumerate(found)]
        many = pool.map(_one, jobs, chunksize=4)
        noticed = pool.map(_one, [Job("ours, model-based", c, short._replace(seed=50 + i, notice_s=10.0)) for i, c in enumerate(found)])
        nominal = _commission(0)
        extra = {
            "−160 °C": Conditions(setpoint_c=-160.0, cool_limit_s=9000.0),
            "valve shut while a door is open": Conditions(shut_while_open=True),
            "on/off valve, 2 s dwell": Conditions(on_off_dwell_s=2.0),
        }
        variants = {name: pool.map(_one, [Job(m, nominal, c) for m in list(MAKERS)[1:]]) for name, c in extra.items()}
        full = pool.map(_full_open_s, [c.parameters for c in found])
        own = pool.map(play, [Own(r, n) for r in ("profile PID", "profile model") for n in (1, 3)])
    groups = [(maker, many[i * plants : (i + 1) * plants]) for i, maker in enumerate(MAKERS)]
    groups.append(("ours, model-based, 10 s notice", noticed))
    ours = groups[4][1]
    cool = [f.cooled_s / t for f, t in zip(ours, full, strict=True) if f.cooled_s is not None]
    base = groups[1][1]
    ratio = statistics.median(a.occupied_rms_k / b.occupied_rms_k for a, b in zip(ours, base, strict=True))
    refused = [c.gate or c.identified.refused for c in found if c.gate or c.identified.refused]
    page = [
        "# Temperature control: how good it is, and how that was measured\n",
        "Made by `make bench-control` (`bench/regulation`). Simulated throughout; median / worst of the plants named. Settling: last instant outside",
        "±2 K after a door has shut. Occupied RMS: from 60 s after the door until the exit. Travel: sum of the valve's moves a session.\n",
        f"## Reference scenario, {plants} random plants, each regulator commissioned by its own identification\n",
        _table(groups),
        f"Occupied RMS of ours to simple-pid, paired median: **{ratio:.2f}**. Precool against the same plant full open: {statistics.median(cool):.3f} x median,",
        f"{max(cool):.3f} x worst. Relay test: {_mid([c.relay_s for c in found])} s, excursion {_mid([c.excursion_k for c in found])} K. Dead time found with ±",
        f"{_mid([c.identified.dead_std_s for c in found])} s (its own estimate). Models refused by the gate: {len(refused)} of {plants}.\n",
        "## The nominal plant in other circumstances\n",
    ]
    for name, rows in variants.items():
        page += [f"**{name}**" + (f", cycles a session: {', '.join(f'{f.cycles:.0f}' for f in rows)}" if "on/off" in name else "") + "\n"]
        page += [_table([(f.name, [f]) for f in rows])]
    page += [
        "## The project's own two-room plant\n",
        "Nitrogen boiling in a coil, valve shut while a door is open, guests through the pre-chamber; three sessions.",
        "",
    ]
    page += [
        "| law | people | hold RMS, K | occupied RMS, K | worst, K | back within 2 K after, s | travel, % | kg/session |",
        "|---|---|---|---|---|---|---|---|",
    ]
    page += [
        f"| {o.name} | {o.people} | {o.hold_rms_k:.2f} | {o.occupied_rms_k:.2f} | {o.worst_k:.1f} | {o.back_s:.0f} | {o.travel_pct:.0f} | {o.session_kg:.2f} |"
        for o in own
    ]
    page += ["\nWith three people the coil is at its limit: the law cannot hold what the nitrogen cannot carry.\n"]
    page += ["![one session](control-session.png)\n", _NOTES]
    PAGE.write_text("\n".join(page), encoding="utf-8")
    _plot(nominal.identified.model, nominal.parameters, PAGE.parent / "control-session.png")
    print("\n".join(page))


_NOTES = """## What it is

- Default and fall-back: PID in ISA form (`control/pid.py`), derivative on the measurement and filtered, conditional integration and back-calculation from
  what limits and valve really gave, gain schedule, feed-forward from people.
- Model-based (`control/observer.py`, `control/lqr.py`): Kalman filter with liner and unknown load, linear-quadratic law with preview of the announced door.
  Only with a model identified on this very device (`control/identify.py`) that has passed `control/gate.py`: closed loop on rooms whose dead time, feed and
  gas differ from the model as far as it may be wrong. The model is given up for the PID after 30 s of surprise and gets another chance at the next self-test.
- Valve: proportional, moved only by 2 % or more; or on/off (`valve = "on_off"`, `dwell_s`
  in the profile) by pulse density with the remainder carried (`control/valve_stage.py`): whatever is demanded, no cycle takes less than
  four dwells. Travel and openings of every valve since it was fitted are counted from what the PLC drove (`control/wear.py`), kept in
  the journal and shown to service.
- Automatic tuning (`control/autotune.py`, service screen): every precool out of the warm is recorded; once the room stands still a relay
  test (at most 6 min, ended at 1.5 K) whose amplitude finds an excursion of about 0.8 K by itself; then identification in a process of its own,
  SIMC gains slowed until Ms is at most 1.8 with the dead time as long as it may be, AMIGO beside them. Shown with what is in force, accepted by service
  or put away, revertible; it counts as work on the device. A model comes with it only if its dead time is known well enough; on the project's own plant
  a precool and a relay test alone do not know it (±5 s, the coil hides it), so there the gains change and the model stays.
- Set-back (`control/set_back.py`, day screen): by the operator's order the rooms are held 30 and 15 K warmer until it is time to cool again. Project's
  own plant, a break of 60 minutes: ready 59.5 min after the order, 16.0 kg of nitrogen against 24.3 kg held cold (-34 %, simulated, one run).
- The law of one session moves nitrogen by about 1 %: savings come from the day plan, not from here.

## What is not there yet

Figures of a whole day with set-back, set-back that orders itself from the schedule, cascades, maintenance alarms from the estimates, skin estimate.
"""


if __name__ == "__main__":
    main()
