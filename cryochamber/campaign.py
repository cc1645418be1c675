"""`cryochamber faults`: every fault case in virtual time, judged by what the plant really did, not by what was displayed."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from chamber.commands import CHECKLIST, Command, CommandKind, Role
from chamber.states import CycleState
from cryochamber.config import ConfigError, load_profile
from cryochamber.fault_case import INJECTION, Act, Case, Expect, read_cases
from cryochamber.fault_watch import Seen
from cryochamber.figures import Collector
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession, ScenarioError
from cryochamber.virtual import SCAN_S, VirtualChamber
from simulator.faults import FaultError

_SCANS_PER_S = round(1.0 / SCAN_S)
_REACHED_WITHIN_S = 900.0
_ENTRY_PROVEN_S = 61.0  # oxygen good for so long: boarding would be allowed


class Verdict(NamedTuple):
    """``times`` holds seconds after the injection at which each mark was first seen; ``wrong`` is what failed."""

    case: Case
    word: str  # PASS, FAIL, GAP, elsewhere, hardware
    wrong: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    times: dict[str, float] = {}
    face_o2_min_pct: float | None = None
    bump_k: float | None = None

    @property
    def failed(self) -> bool:
        return self.word == "FAIL"


class Stage:
    """A chamber with guests and an operator, brought to the moment at which something is going to break."""

    def __init__(self, case: Case) -> None:
        try:
            profile = load_profile()
        except ConfigError as error:
            raise ScenarioError(str(error)) from None
        if profile.program(case.program) is None:
            raise ScenarioError(f"{case.id}: no program {case.program!r} in profile {profile.id}")
        self.chamber = VirtualChamber(profile, case.seed, "precooled")
        self.chamber.world.guests.autopilot = True
        plan = [PlannedSession(at_s=0, persons=case.persons, program=case.program)] if case.persons > 0 else []
        self.operator = Operator(case.program, plan, random.Random(f"{case.seed}/operator"))  # noqa: S311
        self.collector = Collector()

    def scan(self, commands: Sequence[Command] = ()) -> None:
        if self.chamber.scans % _SCANS_PER_S == 0:
            self.collector.second(self.chamber)
        pressed = self.operator.look(self.chamber.state, self.chamber.now_s)
        self.collector.take(self.chamber.scan((*commands, *pressed)))

    def reach(self, case: Case) -> None:
        """Run until the state of ``case.after`` is entered, and ``delay_s`` more."""
        wanted = CycleState[case.after.upper()]
        while not self._reached(wanted):
            if self.chamber.now_s > _REACHED_WITHIN_S:
                raise ScenarioError(f"{case.id}: {case.after} not reached within {_REACHED_WITHIN_S:g} s; are there guests (persons)?")
            self.scan()
        for _ in range(round(case.delay_s / SCAN_S)):
            self.scan()

    def _reached(self, wanted: CycleState) -> bool:
        state = self.chamber.state
        if state.cycle.state is not wanted:
            return False
        return wanted is not CycleState.READY or (state.facts is not None and state.facts.o2_entry_good_s >= _ENTRY_PROVEN_S)


class Stages:
    """Stages by what leads to them: cases that begin alike share the way there."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Stage] = {}

    def of(self, case: Case) -> Stage:
        key = (case.seed, case.program, case.persons, case.after, case.delay_s)
        if key not in self._made:
            stage = Stage(case)
            stage.reach(case)
            self._made[key] = stage
        return copy.deepcopy(self._made[key])


class Player:
    """Does what the case says from the injection on, scan by scan, and watches."""

    def __init__(self, case: Case, stage: Stage) -> None:
        self.case, self.stage = case, stage
        self.began_s = stage.chamber.now_s
        self.seen = Seen(stage.chamber, case)
        self._todo = sorted(case.do, key=lambda a: a.at_s)
        self._mend: list[tuple[float, Callable[[], object]]] = []
        self._away_until_s: float | None = None
        self._starts_anew = False
        self._pressed = 0

    def run(self) -> None:
        for n in range(round(self.case.run_s / SCAN_S)):
            self._one(n * SCAN_S)

    def _one(self, t_s: float) -> None:
        stage, commands = self.stage, list[Command]()
        while self._todo and self._todo[0].at_s <= t_s + 1e-9:
            self._act(self._todo.pop(0), t_s, commands)
        for mend in [m for m in self._mend if m[0] <= t_s + 1e-9]:
            mend[1]()
            self._mend.remove(mend)
        known = len(stage.collector.events)
        if self._away(t_s):
            if stage.chamber.scans % _SCANS_PER_S == 0:
                stage.collector.second(stage.chamber)
            stage.chamber.hang()
        else:
            stage.scan(commands)
        self.seen.look(t_s + SCAN_S, stage.collector.events[known:])

    def _away(self, t_s: float) -> bool:
        if self._away_until_s is None:
            return False
        if t_s < self._away_until_s - 1e-9:
            return True
        self._away_until_s = None
        if self._starts_anew:
            self.stage.chamber.restart()
            self.seen.restarted(t_s)
            self._starts_anew = False
        return False

    def _act(self, act: Act, t_s: float, commands: list[Command]) -> None:
        chamber, operator = self.stage.chamber, self.stage.operator
        match act.act:
            case "inject":
                self._inject(act, t_s)
            case "hang" | "die":
                if act.for_s is None:
                    raise ScenarioError(f"{self.case.id}: {act.act} needs for_s")
                self._away_until_s, self._starts_anew = t_s + act.for_s, act.act == "die"
            case "command":
                commands.append(self._command(act))
            case "operator_leaves" | "operator_returns":
                operator.present = act.act == "operator_returns"
            case "estop":
                chamber.world.press_estop(True)
            case "call":
                chamber.world.press_call(True)
            case "walk":
                chamber.world.guests.autopilot = False
                chamber.world.walk(act.target or "", act.persons)
            case "hold_inner" | "hold_outer":
                door = act.act.removeprefix("hold_")
                chamber.world.hold_door(door, True)
                if act.for_s is not None:
                    self._mend.append((t_s + act.for_s, partial(chamber.world.hold_door, door, False)))
            case "records_fail":
                chamber.records_ok = False
            case "api_silent":
                chamber.api_age_s = 60.0

    def _inject(self, act: Act, t_s: float) -> None:
        try:
            fault = self.stage.chamber.world.faults.inject(act.kind, act.target, act.params)
        except FaultError as error:
            raise ScenarioError(f"{self.case.id}: do: {error}") from None
        if act.mend_after_s is not None:
            self._mend.append((t_s + act.mend_after_s, partial(self.stage.chamber.world.faults.clear, fault.id)))

    def _command(self, act: Act) -> Command:
        try:
            kind = CommandKind(act.kind)
        except ValueError:
            raise ScenarioError(f"{self.case.id}: no command {act.kind!r}; known: {', '.join(CommandKind)}") from None
        self._pressed += 1
        args: dict[str, str | int | float | list[str]] = {}
        if kind is CommandKind.BEGIN_BOARDING:
            args = {"program": self.case.program, "persons": act.persons, "checks": list(CHECKLIST)}
        elif kind is CommandKind.PRECOOL:
            args = {"program": self.case.program}
        return Command(f"case-{self._pressed}", kind, args, "operator", Role.OPERATOR, "fault case")


def play_case(case: Case, stages: Stages | None = None) -> Verdict:
    """Run one case, or say why it is not run here. Deterministic. Raises ScenarioError."""
    if case.how == "gap":
        return Verdict(case, "GAP", gaps=case.gaps)
    if case.how != "virtual":
        return Verdict(case, case.how)
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


# -- the campaign -----------------------------------------------------------------------------------------------------


def run_campaign(folder: Path | None, out: Path, only: Sequence[str]) -> bool:
    """Run all cases, or ``only`` these ids, print the table, write ``faults.json``. Returns whether nothing failed. Raises ScenarioError."""
    cases = read_cases() if folder is None else read_cases(folder)
    unknown = set(only) - {c.id for c in cases}
    if unknown:
        raise ScenarioError(f"no case {', '.join(sorted(unknown))}; there are: {', '.join(c.id for c in cases)}")
    chosen = [c for c in cases if not only or c.id in only]
    stages = Stages()
    began = time.perf_counter()
    print(f"{'id':7}{'verdict':11}{'N2 shut':>8}{'out':>7}{'O2 min':>8}  what broke; first seen")
    verdicts: list[Verdict] = []
    for case in chosen:
        verdicts.append(play_case(case, stages))
        _print(verdicts[-1])
    _write(verdicts, out)
    counts = {w: sum(v.word == w for v in verdicts) for w in ("PASS", "GAP", "FAIL", "elsewhere", "hardware")}
    print(f"{', '.join(f'{n} {w}' for w, n in counts.items() if n)} in {time.perf_counter() - began:.1f} s; written: {out / 'faults.json'}")
    return not any(v.failed for v in verdicts)


def _print(v: Verdict) -> None:
    shut, gone, face = v.times.get("true:nitrogen_closed"), v.times.get("true:everybody_out"), v.face_o2_min_pct
    print(f"{v.case.id:7}{v.word:11}{_s(shut):>8}{_s(gone):>7}{_s(face, 2):>8}  {v.case.title}{_first(v)}")
    for line in v.wrong:
        print(f"{'':18}FAIL {line}")
    for line in v.gaps:
        print(f"{'':18}GAP {line}")
    if v.word == "elsewhere":
        print(f"{'':18}{', '.join(v.case.proven_by)}")


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
            "wrong": list(v.wrong),
            "gaps": list(v.gaps),
            "proven_by": list(v.case.proven_by),
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
