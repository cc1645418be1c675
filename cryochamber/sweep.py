"""`cryochamber campaign`: thousands of random sessions in virtual time on all cores, each under the eyes of the judge.

Days are drawn by number, played by whatever worker is free and counted in the order of their numbers: the result depends on
seed and number of sessions alone. One line per day is kept in the run's folder, so that a run that was stopped goes on.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TextIO

from chamber.profile import DeviceProfile
from chamber.upkeep import fingerprint
from cryochamber import __version__
from cryochamber.chance import device_of, draw
from cryochamber.config import ConfigError, load_profile
from cryochamber.configuration import in_force
from cryochamber.scenario import ScenarioError
from cryochamber.tally import Line, Tally, summary
from cryochamber.trial import Outcome, Trials

PACKAGES = ("chamber", "control", "plc_bridge", "simulator", "cryochamber")
DAYS_A_TASK = 1  # at the end, or at Ctrl-C, only days just being played are waited for
TASKS_AHEAD = 3  # for each worker: enough that none waits, few enough that memory stays small
HEADER, LINES, FAILURES, REPORT = "campaign.json", "days.jsonl", "failures.jsonl", "report.json"
_trials: dict[str, Trials] = {}


def build(profile: DeviceProfile) -> dict[str, str]:
    """What a result belongs to: the version, the configuration in force, and every line of code and data that takes part."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parent.parent
    for package in PACKAGES:
        for file in sorted(f for f in (root / package).rglob("*") if f.suffix in (".py", ".toml", ".json")):
            digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return {"version": __version__, "configuration": fingerprint(in_force(profile)), "code": digest.hexdigest()[:16]}


# -- a worker -----------------------------------------------------------------------------------------------------------


def _begin_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides


def play_days(seed: int, numbers: range, profile_id: str) -> list[Line]:
    """Play these days; chambers that stand ready are made once in each process."""
    if profile_id not in _trials:
        _trials[profile_id] = Trials(load_profile(profile_id))
    return [_line(_trials[profile_id], seed, number) for number in numbers]


def _line(trials: Trials, seed: int, number: int) -> Line:
    began = time.process_time()
    o: Outcome = trials.play(draw(seed, number, device_of(trials.profile)))
    return Line(
        number, o.begun, o.whole, o.upset, o.persons, len(o.day.visits), round(o.simulated_s, 1), o.happened,
        tuple((v.claim, v.t_s, v.text) for v in o.violations),
        None if o.face_o2_min_pct is None else round(o.face_o2_min_pct, 3),
        None if o.skin_min_c is None else round(o.skin_min_c, 2),
        round(o.stay_max_s, 1), o.given_up, round(time.process_time() - began, 3),
    )  # fmt: skip


# -- the whole ----------------------------------------------------------------------------------------------------------


class Kept:
    """The run's folder. Raises ScenarioError if it belongs to another campaign or cannot be written."""

    def __init__(self, folder: Path, seed: int, sessions: int, profile: DeviceProfile) -> None:
        self.folder = folder
        mine = {"seed": seed, "profile": profile.id, "build": build(profile)}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            header = folder / HEADER
            if header.exists():
                theirs = json.loads(header.read_text())
                if {k: theirs.get(k) for k in mine} != mine:
                    raise ScenarioError(f"{folder} holds a campaign of another seed, device or build. Name another folder with --out.")
            header.write_text(json.dumps({**mine, "sessions": sessions}, indent=2) + "\n")
            self._file: TextIO = (folder / LINES).open("a+")
        except OSError as error:
            raise ScenarioError(f"{folder}: cannot be used: {error.strerror or error}. Name another folder with --out.") from None
        except json.JSONDecodeError as error:
            raise ScenarioError(f"{folder / HEADER}: not readable ({error}). Name another folder with --out.") from None

    def lines(self) -> Iterator[Line]:
        """Days already played, in order; what a stop left half written is cut off."""
        self._file.seek(0)
        whole, number = 0, 0
        while text := self._file.readline():
            try:
                values = json.loads(text)
                line = Line(*values)
            except (json.JSONDecodeError, TypeError):
                break
            if not text.endswith("\n") or line.day != number:
                break
            whole, number = self._file.tell(), number + 1
            yield line._replace(mishaps=tuple(line.mishaps), violations=tuple((v[0], v[1], v[2]) for v in line.violations))
        self._file.seek(whole)
        self._file.truncate()

    def add(self, line: Line) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def failure(seed: int, line: Line, built: dict[str, str], profile: DeviceProfile) -> dict[str, Any]:
    """Everything that repeats a failing day elsewhere, and what was wrong with it."""
    return {
        "seed": f"{seed}:{line.day}",
        "profile": profile.id,
        "build": built,
        "violations": [{"claim": c, "t_s": t, "text": x} for c, t, x in line.violations],
        "mishaps": list(line.mishaps),
        "day": draw(seed, line.day, device_of(profile)).model_dump(mode="json", exclude_defaults=True),
    }


def _results(seed: int, first: int, workers: int, profile_id: str) -> Generator[Line, None, None]:
    """Days from ``first`` on, in order, for ever; closing the generator ends the workers."""
    if workers == 1:
        number = first
        while True:
            yield from play_days(seed, range(number, number + 1), profile_id)
            number += 1
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin_worker)
    ahead: deque[Future[list[Line]]] = deque()
    number = first
    try:
        while True:
            while len(ahead) < workers * TASKS_AHEAD:
                ahead.append(pool.submit(play_days, seed, range(number, number + DAYS_A_TASK), profile_id))
                number += DAYS_A_TASK
            yield from ahead.popleft().result()
    finally:
        for future in ahead:
            future.cancel()
        pool.shutdown(wait=True, cancel_futures=True)


def run(sessions: int, seed: int, workers: int | None, out: Path, profile_id: str = "walk-in-two-room") -> bool:
    """Play days until ``sessions`` sessions have begun. Returns whether nothing was violated. Raises ScenarioError."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    try:
        profile = load_profile(profile_id)
    except ConfigError as error:
        raise ScenarioError(str(error)) from None
    count = workers if workers is not None else len(os.sched_getaffinity(0))
    built = build(profile)
    kept, tally = Kept(out, seed, sessions, profile), Tally()
    began = time.perf_counter()
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("sessions, {task.fields[failed]} days with violations"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    failures = out / FAILURES
    try:
        with Progress(*columns, refresh_per_second=2) as bar, failures.open("w") as bad:
            task = bar.add_task("", total=sessions, failed=0)

            def count_in(line: Line) -> bool:
                tally.add(line)
                if line.violations:
                    bad.write(json.dumps(failure(seed, line, built, profile)) + "\n")
                    bad.flush()
                bar.update(task, completed=min(tally.begun, sessions), failed=tally.failed_days)
                return tally.begun >= sessions

            done = False
            for line in kept.lines():
                if not done:
                    done = count_in(line)
            earlier = tally.begun
            if not done:
                results = _results(seed, tally.days, count, profile_id)
                try:
                    for line in results:
                        kept.add(line)
                        if count_in(line):
                            break
                finally:
                    results.close()
    except KeyboardInterrupt:
        print(f"stopped after {tally.begun} sessions; the same command goes on from there")
        return False
    finally:
        kept.close()
    wall = time.perf_counter() - began
    report = {"seed": seed, "profile": profile.id, "build": built, **tally.report()}
    (out / REPORT).write_text(json.dumps(report, indent=2) + "\n")
    for text in summary(report, wall, tally.begun - earlier, count, len(device_of(profile).chances)):
        print(text)
    print(f"written: {out / REPORT}" + (f", {failures}; see each with: cryochamber replay {failures}" if tally.failed_days else ""))
    return tally.failed_days == 0
