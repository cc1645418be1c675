"""`cryochamber simulate`: a scenario from file to figures, plot and verdict."""

from __future__ import annotations

import csv
import json
import random
import time
from pathlib import Path
from typing import NamedTuple

from cryochamber import hand_held
from cryochamber.config import ConfigError, load_profile
from cryochamber.figures import Collector, Row, figures
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedFault, Scenario, ScenarioError, as_model, table, unmet
from cryochamber.virtual import SCAN_S, VirtualChamber
from simulator.faults import FaultError
from simulator.parameters import ParameterError

__all__ = ["ScenarioError", "play", "run_scenario"]
_SCANS_PER_S = round(1.0 / SCAN_S)


class Run(NamedTuple):
    collector: Collector
    figures: dict[str, float | None]
    wall_s: float
    simulated_s: float
    unmet: list[str]

    @property
    def ok(self) -> bool:
        return not self.collector.violations and not self.unmet


def play(scenario: Scenario) -> Run:
    """Run a scenario. Deterministic: the same scenario and seed give the same run. Raises ScenarioError."""
    try:
        profile = load_profile(scenario.profile)
    except ConfigError as error:
        raise ScenarioError(str(error)) from None
    for session in scenario.sessions:
        if profile.program(session.program) is None:
            raise ScenarioError(f"sessions: no program {session.program!r} in profile {profile.id}")
    try:
        chamber = VirtualChamber(profile, scenario.seed, scenario.start, scenario.plant)
    except ParameterError as error:
        raise ScenarioError(f"plant: {error}") from None
    chamber.world.guests.autopilot = True
    operator = Operator(scenario.program, sorted(scenario.sessions, key=lambda s: s.at_s), random.Random(f"{scenario.seed}/operator"))  # noqa: S311
    collector = Collector()
    faults = _Faults((*scenario.faults, *_random(scenario)))
    began = time.perf_counter()
    for n in range(round(scenario.duration_s / SCAN_S)):
        if n % _SCANS_PER_S == 0:
            faults.advance(chamber)
            collector.second(chamber)
        collector.take(chamber.scan(operator.look(chamber.state, chamber.now_s)))
    wall = time.perf_counter() - began
    values = figures(collector)
    return Run(collector, values, wall, scenario.duration_s, unmet(values, scenario.expect))


def _random(scenario: Scenario) -> list[PlannedFault]:
    """Faults of ``[random_faults]``, drawn from the scenario's seed; one at a time for each target."""
    wanted = scenario.random_faults
    if wanted is None:
        return []
    rng = random.Random(f"{scenario.seed}/random faults")  # noqa: S311
    planned: list[PlannedFault] = []
    free_s: dict[str, float] = {}
    kinds = list(wanted.per_hour)
    t_s = wanted.from_s
    while True:
        t_s += rng.expovariate(sum(wanted.per_hour.values()) / 3600.0)
        if t_s >= (scenario.duration_s if wanted.until_s is None else wanted.until_s):
            return planned
        kind = rng.choices(kinds, list(wanted.per_hour.values()))[0]
        target, lasts_s = rng.choice(wanted.targets_of(kind)), rng.uniform(*wanted.lasts_s)
        if free_s.get(target, 0.0) <= t_s:
            free_s[target] = t_s + lasts_s + 2.0
            planned.append(PlannedFault(at_s=t_s, kind=kind, target=target, clear_at_s=t_s + lasts_s))


class _Faults:
    def __init__(self, planned: tuple[PlannedFault, ...]) -> None:
        self._todo = sorted(planned, key=lambda f: f.at_s)
        self._clear: list[tuple[float, str]] = []

    def advance(self, chamber: VirtualChamber) -> None:
        now = chamber.now_s
        while self._todo and self._todo[0].at_s <= now:
            planned = self._todo.pop(0)
            try:
                fault = chamber.world.faults.inject(planned.kind, planned.target, planned.params, ramp_s=planned.ramp_s)
            except FaultError as error:
                raise ScenarioError(f"faults: {error}") from None
            if planned.clear_at_s is not None:
                self._clear.append((planned.clear_at_s, fault.id))
        for at_s, fault_id in [c for c in self._clear if c[0] <= now]:
            chamber.world.faults.clear(fault_id)
            self._clear.remove((at_s, fault_id))


def run_scenario(path: Path, out: Path, seed: int | None, *, plot: bool) -> bool:
    """Read, run, write and print. Returns whether everything expected held. Raises ScenarioError."""
    values = table(path)
    if "device" in values:
        return hand_held.run_scenario(path, as_model(path, values, hand_held.HandScenario), out, plot=plot)
    scenario = as_model(path, values, Scenario)
    if seed is not None:
        scenario = scenario.model_copy(update={"seed": seed})
    run = play(scenario)
    stem = path.stem
    try:
        out.mkdir(parents=True, exist_ok=True)
        _write_csv(run.collector.rows, out / f"{stem}.csv")
        (out / f"{stem}.json").write_text(
            json.dumps({"scenario": scenario.name, "seed": scenario.seed, "figures": run.figures, "alarms": run.collector.alarms}, indent=2)
        )
        if plot:
            from cryochamber.plot import draw

            draw(run.collector.rows, f"{scenario.name}, seed {scenario.seed}", out / f"{stem}.png")
    except OSError as error:
        raise ScenarioError(f"{out}: cannot write results: {error.strerror or error}. Name another folder with --out.") from None
    _print(scenario, run, out / stem, plot=plot)
    return run.ok


def _write_csv(rows: list[Row], file: Path) -> None:
    with file.open("w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(Row._fields)
        for row in rows:
            writer.writerow(["" if v is None else f"{v:.3f}" if isinstance(v, float) else v for v in row])


def _print(scenario: Scenario, run: Run, stem: Path, *, plot: bool) -> None:
    print(
        f"{scenario.name} (seed {scenario.seed}): {run.simulated_s / 3600.0:.1f} h simulated in {run.wall_s:.1f} s, {run.simulated_s / run.wall_s:.0f} x real time"
    )
    for name, value in run.figures.items():
        print(f"  {name:28} {'-' if value is None else f'{value:10.2f}'}")
    print(f"  alarms by id: {', '.join(f'{a} {n}' for a, n in sorted(run.collector.alarms.items())) or 'none'}")
    print(f"  written: {stem}.csv, {stem}.json" + (f", {stem}.png" if plot else ""))
    for violation in run.collector.violations:
        print(f"  VIOLATION {violation}")
    for line in run.unmet:
        print(f"  NOT AS EXPECTED {line}")
    print("  all invariants held, all expectations met" if run.ok else "  FAILED")
