"""`cryochamber faults`: every fault case, judged by what the plant really did, not by what was displayed.

In virtual time where that is honest; over real sockets, processes and disks by the tests that a case names.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from cryochamber.fault_case import INJECTION, Case, Expect, read_cases
from cryochamber.fault_play import Player, Stage, Stages
from cryochamber.fault_tests import can_run, run_tests
from cryochamber.scenario import ScenarioError
from cryochamber.virtual import SCAN_S


class Verdict(NamedTuple):
    """``times`` holds seconds after the injection at which each mark was first seen; ``wrong`` is what failed.

    ``tests``: what became of the tests named by the case; empty while they have not been asked.
    """

    case: Case
    word: str  # PASS, FAIL, GAP, NOT RUN, hardware
    wrong: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    times: dict[str, float] = {}
    face_o2_min_pct: float | None = None
    bump_k: float | None = None
    tests: dict[str, str] = {}

    @property
    def failed(self) -> bool:
        return self.word == "FAIL"


def play_case(case: Case, stages: Stages | None = None) -> Verdict:
    """Run one case, or say why it is not run here. Deterministic. Raises ScenarioError."""
    if case.how == "gap":
        return Verdict(case, "GAP", gaps=case.gaps)
    if case.how != "virtual":
        return Verdict(case, "NOT RUN" if case.how == "elsewhere" else case.how)
    made = Stages() if stages is None else stages
    player = Player(case, made.of(case))
    player.run()
    seen = player.seen
    wrong, gaps = _judge(case.expect, seen.times)
    wrong += [f"{mark} seen after {seen.times[mark]:.1f} s, must not be" for mark in case.never if mark in seen.times]
    wrong += seen.violations
    overstay = "" if case.may_overstay is None else "somebody in the main room for more than"
    wrong += [v for v in player.stage.collector.violations if not overstay or overstay not in v]
    if seen.face_o2_min_pct is not None and seen.face_o2_min_pct < case.face_o2_min_pct:
        wrong.append(f"true oxygen at a face {seen.face_o2_min_pct:.2f} %, at least {case.face_o2_min_pct:g} % expected")
    bump = None if case.bump_max_k is None else _bump(case, player, made.of(case))
    if bump is not None and case.bump_max_k is not None and bump >= case.bump_max_k:
        wrong.append(f"main room {bump:.1f} K away from the same run without the fault, less than {case.bump_max_k:g} K expected")
    word = "FAIL" if wrong else "GAP" if gaps else "PASS"
    return Verdict(case, word, tuple(wrong), tuple(gaps), seen.times, seen.face_o2_min_pct, bump)


def _judge(expected: Iterable[Expect], times: dict[str, float]) -> tuple[list[str], list[str]]:
    """(what failed, known gaps that are still there)."""
    wrong: list[str] = []
    gaps: list[str] = []
    for e in expected:
        complaint = _complaint(e, times)
        if e.known_gap is None:
            wrong += [] if complaint is None else [complaint]
        elif complaint is None:
            wrong.append(f"the known gap is closed, take its note away: {e.text}")
        else:
            gaps.append(e.known_gap)
    return wrong, gaps


def _complaint(e: Expect, times: dict[str, float]) -> str | None:
    since = [0.0 if m == INJECTION else times[m] for m in e.after if m == INJECTION or m in times]
    if not since:
        return f"{' or '.join(e.after)} never came, so {' or '.join(e.seen)} could not be judged"
    found = [times[m] - min(since) for m in e.seen if m in times]
    if not found:
        return f"never seen: {e.text}"
    first = min(found)
    if first > e.within_s + 0.5 * SCAN_S:
        return f"too late, {first:.1f} s: {e.text}"
    if e.not_before_s is not None and first < e.not_before_s - 0.5 * SCAN_S:
        return f"too early, {first:.1f} s: {e.text}"
    return None


def _bump(case: Case, player: Player, twin: Stage) -> float:
    """Largest distance of the true main temperature from the same run without the fault, while the session lasts, K."""
    calm = Player(case.model_copy(update={"do": ()}), twin)
    calm.run()
    state = case.after
    pairs = zip(player.stage.collector.rows, calm.stage.collector.rows, strict=True)
    return max(abs(a.main_c - b.main_c) for a, b in pairs if a.t_s >= player.began_s and a.state == b.state == state)


def with_tests(verdict: Verdict, ran: dict[str, str]) -> Verdict:
    """The verdict of a case together with the tests it names. A skipped test shows nothing; a long one may be left for later."""
    mine = {node: ran[node] for node in verdict.case.proven_by if node in ran}
    if failed := [f"{node} failed" for node, word in mine.items() if word == "failed"]:
        return verdict._replace(word="FAIL", wrong=(*verdict.wrong, *failed), tests=mine)
    shown = "passed" in mine.values() and "skipped" not in mine.values()
    return verdict._replace(word="PASS" if verdict.word == "NOT RUN" and shown else verdict.word, tests=mine)


# -- the campaign -----------------------------------------------------------------------------------------------------


def run_campaign(folder: Path | None, out: Path, only: Sequence[str], *, tests: bool = True, long: bool = False) -> bool:
    """Run all cases, or ``only`` these ids, print the table, write ``faults.json``.

    ``tests``: also the tests that cases name (real sockets, processes, disks); ``long``: those marked long as well.
    Returns whether nothing failed. Raises ScenarioError.
    """
    cases = read_cases() if folder is None else read_cases(folder)
    unknown = set(only) - {c.id for c in cases}
    if unknown:
        raise ScenarioError(f"no case {', '.join(sorted(unknown))}; there are: {', '.join(c.id for c in cases)}")
    chosen = [c for c in cases if not only or c.id in only]
    tests = tests and can_run()
    stages = Stages()
    began = time.perf_counter()
    print(f"{'id':7}{'verdict':11}{'N2 shut':>8}{'out':>7}{'O2 min':>8}  what broke; first seen")
    verdicts: dict[str, Verdict] = {}
    for case in chosen:
        verdicts[case.id] = play_case(case, stages)
        if not (tests and case.proven_by):
            _print(verdicts[case.id])
    if tests and any(c.proven_by for c in chosen):
        print("now over real sockets, processes and disks")
        ran = run_tests((node for c in chosen for node in c.proven_by), long=long)
        for case in (c for c in chosen if c.proven_by):
            verdicts[case.id] = with_tests(verdicts[case.id], ran)
            _print(verdicts[case.id])
    _write(list(verdicts.values()), out)
    words = [v.word for v in verdicts.values()]
    counts = ", ".join(f"{words.count(w)} {w}" for w in ("PASS", "GAP", "FAIL", "NOT RUN", "hardware") if w in words)
    print(f"{counts} in {time.perf_counter() - began:.1f} s; written: {out / 'faults.json'}")
    return not any(v.failed for v in verdicts.values())


def _print(v: Verdict) -> None:
    shut, gone, face = v.times.get("true:nitrogen_closed"), v.times.get("true:everybody_out"), v.face_o2_min_pct
    print(f"{v.case.id:7}{v.word:11}{_s(shut):>8}{_s(gone):>7}{_s(face, 2):>8}  {v.case.title}{_first(v)}")
    for line in v.wrong:
        print(f"{'':18}FAIL {line}")
    for line in v.gaps:
        print(f"{'':18}GAP {line}")
    for node in v.case.proven_by:
        print(f"{'':18}{v.tests.get(node, 'not run')}: {node}")


def _s(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _first(v: Verdict) -> str:
    named = [(t, m) for m, t in v.times.items() if m.split(":")[0] in ("cause", "trip")]
    return "" if not named else "; {1} {0:.1f} s".format(*min(named))


def _write(verdicts: Sequence[Verdict], out: Path) -> None:
    body = [
        {
            "id": v.case.id,
            "title": v.case.title,
            "verdict": v.word,
            "seed": v.case.seed,
            "wrong": list(v.wrong),
            "gaps": list(v.gaps),
            "tests": {node: v.tests.get(node, "not run") for node in v.case.proven_by},
            "hardware": v.case.hardware,
            "face_o2_min_pct": v.face_o2_min_pct,
            "bump_k": v.bump_k,
            "first_seen_s": {m: round(t, 1) for m, t in sorted(v.times.items(), key=lambda i: i[1])},
        }
        for v in verdicts
    ]
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "faults.json").write_text(json.dumps(body, indent=2) + "\n")
    except OSError as error:
        raise ScenarioError(f"{out}: cannot write results: {error.strerror or error}. Name another folder with --out.") from None
