"""`cryochamber replay`: a day of a random campaign once more, with everything that can be said of it written down."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from chamber.events import Event
from chamber.profile import DeviceProfile
from cryochamber.chance import Day, device_of, draw
from cryochamber.config import ConfigError, load_profile
from cryochamber.figures import Collector
from cryochamber.scenario import ScenarioError
from cryochamber.sweep import build
from cryochamber.trial import Outcome, Trials
from cryochamber.virtual import VirtualChamber
from simulator.people import Place

_SEED = re.compile(r"(\d+):(\d+)")


class Wanted(NamedTuple):
    """A day to repeat; ``violations`` and ``build`` as kept by the campaign, None if only the seed is known."""

    name: str
    day: Day
    profile: DeviceProfile
    violations: list[tuple[str, float]] | None = None
    build: dict[str, str] | None = None


def wanted(what: str, profile_id: str) -> list[Wanted]:
    """``what``: "seed:day" of a campaign of this device, or a file with failures. Raises ScenarioError naming place and remedy."""
    found = _SEED.fullmatch(what)
    if found is not None:
        profile = _profile(profile_id, "option --profile")
        return [Wanted(what, draw(int(found[1]), int(found[2]), device_of(profile)), profile)]
    path = Path(what)
    try:
        texts = path.read_text().splitlines()
    except OSError as error:
        reason = error.strerror or error
        raise ScenarioError(
            f"{what}: {reason}. Name a file of failures (failures.jsonl of a campaign) or a day as SEED:DAY, e.g. 1:42."
        ) from None
    days: list[Wanted] = []
    for n, text in enumerate(texts, 1):
        try:
            kept: dict[str, Any] = json.loads(text)
            violations = [(str(v["claim"]), float(v["t_s"])) for v in kept["violations"]]
            profile = _profile(str(kept["profile"]), f"{path}:{n}")
            days.append(Wanted(str(kept["seed"]), Day.model_validate(kept["day"]), profile, violations, kept["build"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ScenarioError(f"{path}:{n}: not a failure kept by cryochamber campaign: {error}") from None
    if not days:
        raise ScenarioError(f"{path}: holds no failures")
    return days


def _profile(profile_id: str, where: str) -> DeviceProfile:
    try:
        return load_profile(profile_id, where)
    except ConfigError as error:
        raise ScenarioError(str(error)) from None


class _Trace:
    """What the truth was in every scan, and what was journalled."""

    FIELDS = (
        "t_s", "state", "main_c", "pre_c", "o2_main_pct", "o2_pre_pct", "o2_room_pct", "o2_floor_pct", "flow_kg_h",
        "main_valve_driven", "valve_main", "valve_pre", "main_valve", "inner_open", "outer_open", "persons_pre", "persons_main",
        "skin_min_c", "voice", "trips", "faults",
    )  # fmt: skip

    def __init__(self, began_s: float) -> None:
        self.began_s = began_s
        self.rows: list[tuple[Any, ...]] = []
        self.events: list[Event] = []
        self.collector = Collector()

    def __call__(self, chamber: VirtualChamber, events: Sequence[Event]) -> None:
        world, truth = chamber.world, chamber.world.truth()
        plant, crowd = world.plant, world.plant.crowd
        inside = [p for p in crowd.people if p.place is not Place.OUTSIDE]
        self.events += events
        self.collector.take(events)
        if chamber.scans % 10 == 0:
            self.collector.second(chamber)
        self.rows.append(
            (
                round(chamber.now_s - self.began_s, 1), chamber.state.cycle.state.name.lower(),
                round(truth.t_main_c, 2), round(truth.t_pre_c, 2),
                round(truth.o2_main_pct, 3), round(truth.o2_pre_pct, 3), round(truth.o2_room_pct, 3), round(truth.o2_floor_pct, 3),
                round(3600.0 * plant.flow_kg_s, 2), int(world.actuators.xv_401), round(truth.valve_main, 3), round(truth.valve_pre, 3),
                round(truth.main_valve, 3), round(plant.inner.fraction, 2), round(plant.outer.fraction, 2), crowd.count(Place.PRE),
                crowd.count(Place.MAIN), round(min(min(p.body.surfaces_k) for p in inside) - 273.15, 2) if inside else "", world.voice,
                f"{world.plc.trips:#x}", " ".join(f"{f.kind.kind}:{f.target}" for f in world.faults.active.values()),
            )
        )  # fmt: skip


def run(what: str, out: Path, profile_id: str, *, plot: bool) -> bool:
    """Repeat, write and print. Returns whether nothing was violated. Raises ScenarioError."""
    made: dict[str, tuple[Trials, dict[str, str]]] = {}
    clean = True
    for day in wanted(what, profile_id):
        if day.profile.id not in made:
            made[day.profile.id] = Trials(day.profile), build(day.profile)
        trials, here = made[day.profile.id]
        trace = _Trace(trials.chamber(day.day).now_s)
        outcome = trials.play(day.day, trace)
        folder = out / f"replay-{day.name.replace(':', '-')}"
        try:
            _write(folder, day, outcome, trace, plot=plot)
        except OSError as error:
            raise ScenarioError(f"{folder}: cannot write: {error.strerror or error}. Name another folder with --out.") from None
        _print(day, outcome, folder, here)
        clean = clean and not outcome.violations
    return clean


def _write(folder: Path, day: Wanted, outcome: Outcome, trace: _Trace, *, plot: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "trace.csv").open("w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(trace.FIELDS)
        writer.writerows(trace.rows)
    with (folder / "journal.jsonl").open("w") as f:
        f.writelines(json.dumps({"t_s": round(e.t_s - trace.began_s, 1), "kind": e.kind.value, **e.data}) + "\n" for e in trace.events)
    verdict = {
        "day": day.day.model_dump(mode="json", exclude_defaults=True),
        "violations": [v._asdict() for v in outcome.violations],
        "mishaps": outcome.happened,
        "face_o2_min_pct": outcome.face_o2_min_pct,
        "skin_min_c": outcome.skin_min_c,
    }
    (folder / "day.json").write_text(json.dumps(verdict, indent=2) + "\n")
    if plot:
        from cryochamber.plot import draw as draw_plot

        draw_plot(trace.collector.rows, f"random day {day.name}", folder / "plot.png")


def _print(day: Wanted, outcome: Outcome, folder: Path, here: dict[str, str]) -> None:
    print(f"day {day.name}: {outcome.begun} sessions, {outcome.simulated_s:.0f} s; broken: {', '.join(outcome.happened) or 'nothing'}")
    for v in outcome.violations:
        print(f"  {v.t_s:8.1f} s  {v.claim}: {v.text}")
    if day.violations is not None:
        same = [(v.claim, v.t_s) for v in outcome.violations] == day.violations
        other = "" if day.build == here else " (kept by another build)"
        print(f"  {'the same as kept' if same else 'NOT the same as kept'}{other}")
    print(f"  written: {folder}/trace.csv, journal.jsonl, day.json" + (", plot.png" if (folder / "plot.png").exists() else ""))
