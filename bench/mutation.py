"""Mutation score of `chamber/`: break one thing at a time, run the tests that cover it, count what nobody notices.

    python -m bench.mutation [--sample N] [--seed S] [--file PART] [--of functions|tables] [--again OUTPUT]

Without ``--sample`` every mutant is tried. A mutant inside a function is put into a running process by exchanging the
function's code and tried in a fork with the tests that reach its line; one in a table or a class body is imported afresh.
Survivors that cannot be noticed are listed in `equivalents.toml` with the reason; the score is given with and without them.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import importlib.metadata
import json
import os
import random
import re
import signal
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import coverage
import hypothesis
import pytest

from bench.mutants import ROOT, Mutant, broken_tree, changed_code, files, mutants

TESTS = ("tests/chamber", "tests/cryochamber/test_config.py")
LIMIT_S = 60.0  # of processor time: a busy machine makes no mutant noticed
TIME_OR_CRASH = "time or crash"
COLLECTED = "collected"  # what runs while pytest collects
QUIET = ["-x", "-q", "-p", "no:cacheprovider", "-o", "timeout=0", "-m", "not long and not browser", "--hypothesis-profile=mutation"]
QUIET += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # hypothesis is imported here already, to be so in every fork
Key = tuple[str, str, str, int]
Verdict = tuple[bool, str]  # noticed, by which test
_LINE = re.compile(r":\d+(?= )")  # a survivor is known again although lines have moved


def in_fork(run: Callable[[], str | None]) -> Verdict:
    """``run`` in a child process: the name of what noticed the mutant, or None. No answer in time, or a crash, counts as noticed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        signal.setitimer(signal.ITIMER_PROF, LIMIT_S)  # ends the process
        noticed = run()
        os.write(writer, (noticed or "").encode())
        os._exit(0 if noticed is None else 1)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        name = pipe.read()
    _, status = os.waitpid(child, 0)
    return (status != 0, name or (TIME_OR_CRASH if status != 0 else ""))


# --- mutants inside functions ------------------------------------------------------------------------------------------------


class Zygote:
    """A pytest plugin that, instead of running the tests, measures who reaches what and then tries mutants in forks of itself."""

    def __init__(self, measured: coverage.Coverage, wanted: Sequence[Mutant], tell: Callable[[Mutant, Verdict], None]) -> None:
        self.measured, self.wanted, self.tell = measured, wanted, tell
        self.left: list[Mutant] = []  # to be imported afresh
        self.failed: str | None = None
        self._kills: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.measured.stop()
        at_import = self._lines(lambda name: name == "")
        took = self._all(session)
        self.measured.stop()
        reached = self._reached()
        functions = _functions()
        items = {item.nodeid: item for item in session.items}
        for mutant in self.wanted:
            lines = range(mutant.lines[0], mutant.lines[1] + 1)
            exchanged = {f: new for old, new in changed_code(mutant).items() for f in functions[old]}
            if any((mutant.file, n) in at_import for n in lines if mutant.where != "module") or not exchanged:
                self.left.append(mutant)
                continue
            names = {name for n in lines for name in reached[mutant.file, n]} & items.keys()
            order = sorted(names, key=lambda name: (-self._kills[name], took[name]))
            verdict = in_fork(lambda exchanged=exchanged, order=order: self._try(exchanged, [items[n] for n in order]))
            self._kills[verdict[1]] += 1
            self.tell(mutant, verdict)
        return True

    def _all(self, session: pytest.Session) -> dict[str, float]:
        """Every test once, unbroken, each under its name in the coverage data; returns how long each took."""
        took: dict[str, float] = {}
        self.measured.start()
        for n, item in enumerate(session.items):
            self.measured.switch_context(item.nodeid)
            began = time.perf_counter()
            following = session.items[n + 1] if n + 1 < len(session.items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            took[item.nodeid] = time.perf_counter() - began
            if self.failed is not None:
                raise pytest.UsageError(f"{self.failed} fails without any mutant")
        return took

    def _lines(self, wanted: Callable[[str], bool]) -> set[tuple[str, int]]:
        data = self.measured.get_data()
        return {
            (str(Path(f).relative_to(ROOT)), line)
            for f in data.measured_files()
            for line, names in data.contexts_by_lineno(f).items()
            if any(wanted(n) for n in names)
        }

    def _reached(self) -> dict[tuple[str, int], set[str]]:
        data = self.measured.get_data()
        found: dict[tuple[str, int], set[str]] = defaultdict(set)
        for f in data.measured_files():
            for line, names in data.contexts_by_lineno(f).items():
                found[str(Path(f).relative_to(ROOT)), line] = set(names)
        return found

    def _try(self, exchanged: dict[FunctionType, CodeType], items: list[pytest.Item]) -> str | None:
        for function, code in exchanged.items():
            function.__code__ = code
        for n, item in enumerate(items):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=items[n + 1] if n + 1 < len(items) else None)
            if self.failed is not None:
                return self.failed
        return None


def _functions() -> dict[CodeType, list[FunctionType]]:
    found: dict[CodeType, list[FunctionType]] = defaultdict(list)
    here = str(ROOT / "chamber")
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(here):
            found[thing.__code__].append(thing)
    return found


def _zygote(wanted: Sequence[Mutant], tell: Callable[[Mutant, Verdict], None]) -> list[Mutant]:
    measured = coverage.Coverage(data_file=None, source=[str(ROOT / "chamber")], config_file=False)
    measured.start()
    for module in sorted((ROOT / "chamber").rglob("*.py")):
        importlib.import_module(".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    measured.switch_context(COLLECTED)
    plugin = Zygote(measured, wanted, tell)
    code = pytest.main([*QUIET, *TESTS], plugins=[plugin])
    if code not in (0, 5):
        raise SystemExit(f"pytest ended with {code}")
    return plugin.left


# --- mutants in tables and class bodies --------------------------------------------------------------------------------------


class _Broken(SourceFileLoader):
    tree: ast.Module

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.tree, self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self.path, self.tree = str(ROOT / mutant.file), broken_tree(mutant)

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name.startswith("chamber") else None
        if spec is None or spec.origin != self.path:
            return None
        loader = _Broken(name, self.path)
        loader.tree = self.tree
        spec.loader = loader
        return spec


class _First:
    """Pytest plugin that remembers the first test that failed."""

    name: str | None = None

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and self.name is None:
            self.name = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and self.name is None:
            self.name = report.nodeid


def _imported_afresh(wanted: Iterable[Mutant], tell: Callable[[Mutant, Verdict], None]) -> None:
    """Test files one after the other, those first that noticed most in this file so far."""
    paths = [p for t in TESTS for p in (sorted((ROOT / t).glob("test_*.py")) if (ROOT / t).is_dir() else [ROOT / t])]
    kills: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant in wanted:
        order = sorted((str(p.relative_to(ROOT)) for p in paths), key=lambda p: -kills[mutant.file][p])

        def run(mutant: Mutant = mutant, order: list[str] = order) -> str | None:
            sys.meta_path.insert(0, _Finder(mutant))
            for path in order:
                first = _First()
                if pytest.main([*QUIET, path], plugins=[first]) not in (0, 5):
                    return first.name or path
            return None

        verdict = in_fork(run)
        kills[mutant.file][verdict[1].partition("::")[0]] += 1
        tell(mutant, verdict)


# --- the whole ---------------------------------------------------------------------------------------------------------------


def _equivalents() -> dict[Key, str]:
    listed = tomllib.loads((ROOT / "bench" / "equivalents.toml").read_text())["mutant"]
    return {(m["file"], m["where"], m["what"], m.get("repeat", 0)): m["reason"] for m in listed}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mutation")
    parser.add_argument("--sample", type=int, help="so many mutants, chosen at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", default="", help="only files with this in their path")
    parser.add_argument("--of", choices=("functions", "tables"), help="only those inside functions (quick), or only the others")
    parser.add_argument("--again", type=Path, help="only those that survived according to this output of an earlier run")
    parser.add_argument("--at-least", type=float, default=0.0, help="exit code 1 below this score (%%) without the equivalent ones")
    asked = parser.parse_args()
    os.chdir(ROOT)
    for plugin in importlib.metadata.entry_points(group="pytest11"):
        plugin.load()  # once, not in every fork
    hypothesis.settings.register_profile("mutation", derandomize=True, database=None, deadline=None)
    every = [
        m for f in files() for m in mutants(f) if asked.file in m.file and asked.of in (None, "functions" if m.in_function else "tables")
    ]
    if asked.again is not None:
        survived = {
            _LINE.sub(":", line.split(maxsplit=1)[1]) for line in asked.again.read_text().splitlines() if line.startswith("SURVIVED")
        }
        every = [m for m in every if _LINE.sub(":", str(m)) in survived]
    chosen = every if asked.sample is None else random.Random(asked.seed).sample(every, min(asked.sample, len(every)))
    equivalent = _equivalents()
    verdicts: dict[Mutant, Verdict] = {}
    began = time.monotonic()

    def tell(mutant: Mutant, verdict: Verdict) -> None:
        verdicts[mutant] = verdict
        if not verdict[0]:
            print(f"{'equivalent' if mutant.key in equivalent else 'SURVIVED'}  {mutant}", file=sys.stderr, flush=True)

    reader, writer = os.pipe()
    child = os.fork()  # this process stays without the rules, for those to be imported afresh
    if child == 0:
        os.close(reader)
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        with os.fdopen(writer, "w") as out:
            said: list[Any] = []
            inner = [m for m in chosen if m.in_function]
            left = _zygote(inner, lambda m, v: said.append([chosen.index(m), v])) if inner else []
            json.dump({"said": said, "left": [chosen.index(m) for m in left]}, out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    if not text:
        raise SystemExit("the tests do not pass without a mutant; run pytest tests/chamber")
    told = json.loads(text)
    for index, verdict in told["said"]:
        tell(chosen[index], tuple(verdict))
    inside = time.monotonic() - began
    _imported_afresh([*(chosen[n] for n in told["left"]), *(m for m in chosen if not m.in_function)], tell)
    adjusted = _report(chosen, len(every), verdicts, equivalent)
    print(f"{(time.monotonic() - began) / 60.0:.1f} min, of it {inside / 60.0:.1f} min in functions")
    return 0 if adjusted >= asked.at_least else 1


def _report(chosen: Sequence[Mutant], possible: int, verdicts: dict[Mutant, Verdict], equivalent: Mapping[Key, str]) -> float:
    survived = [m for m in chosen if not verdicts[m][0]]
    for m in chosen:
        if verdicts[m][0] and m.key in equivalent:
            print(f"listed as equivalent, yet noticed by {verdicts[m][1]}: {m}")
    if len(chosen) == possible and {k[0] for k in equivalent} <= {m.file for m in chosen}:
        for key in equivalent.keys() - {m.key for m in chosen}:
            print(f"listed as equivalent, but there is no such mutant: {key}")
    by_file = Counter(m.file for m in chosen)
    lost = Counter(m.file for m in survived)
    for file, n in sorted(by_file.items()):
        print(f"{file:32s} {n - lost[file]:4d} of {n:4d}")
    reviewed = sum(m.key in equivalent for m in survived)
    caught = len(chosen) - len(survived)
    raw, adjusted = 100.0 * caught / len(chosen), 100.0 * caught / max(1, len(chosen) - reviewed)
    by_time = sum(verdict[1] == TIME_OR_CRASH for verdict in verdicts.values())
    print(f"{caught} of {len(chosen)} mutants noticed ({possible} possible), {by_time} of them by {LIMIT_S:.0f} s or a crash")
    print(f"raw {raw:.1f} %; {adjusted:.1f} % without the {reviewed} that were read and cannot be noticed")
    return adjusted


if __name__ == "__main__":
    sys.exit(main())
