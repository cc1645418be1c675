"""How a piece gets its plants and its jobs done: a pool of workers, plants identified once and kept, and a line that tells how far it is."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from multiprocessing import Pool
from multiprocessing.pool import Pool as Workers
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from bench.regulation import commissioning
from bench.regulation.commissioning import Commissioned, commission, parameters_of
from bench.regulation.stored import ROOT, fingerprint
from control.identify import Identified
from control.room_model import RoomModel

KEPT = ROOT / "out" / "bench-control"
ALL_PLANTS = 30
J = TypeVar("J")
R = TypeVar("R")


class Work:
    """``cpu_s``: what the jobs have cost so far, without the identification of the plants, which is ``commissioning_s``."""

    def __init__(self, workers: Workers, plants: int) -> None:
        self.plants = plants
        self.piece = ""
        self.cpu_s = self.commissioning_s = 0.0
        self._workers = workers
        self._folder = KEPT / f"plants-{fingerprint(commissioning.__name__)}"
        self._plants: list[Commissioned] = []

    @property
    def nominal(self) -> Commissioned:
        """Plant 0, commissioned like the others."""
        return self.commissioned()[0]

    @property
    def found(self) -> list[Commissioned]:
        """The random plants, each commissioned by its own identification."""
        return self.commissioned()[1:]

    def share(self, most: int) -> int:
        """Of plants that are no part of ``found``: fewer in a run with fewer."""
        return min(most, max(1, most * self.plants // ALL_PLANTS))

    def map(self, function: Callable[[J], R], jobs: Iterable[J]) -> list[R]:
        """In the order of the jobs."""
        todo = [(i, function, job) for i, job in enumerate(jobs)]
        out: dict[int, R] = {}
        for i, result, cpu_s in self._workers.imap_unordered(_timed, todo):
            out[i] = result
            self.cpu_s += cpu_s
            _tell(self.piece, len(out), len(todo))
        return [out[i] for i in range(len(todo))]

    def commissioned(self) -> list[Commissioned]:
        """Plant 0 and the random ones; identified when first asked for, unless the same code has done it before."""
        if not self._plants:
            piece, before, self.piece = self.piece, self.cpu_s, "identification of plants"
            self._folder.mkdir(parents=True, exist_ok=True)
            kept = self.map(_kept, [(seed, self._folder) for seed in range(self.plants + 1)])
            self._plants = [k.commissioned for k in kept]
            self.commissioning_s = sum(k.cpu_s for k in kept)
            self.piece, self.cpu_s = piece, before
        return self._plants


class _Kept(NamedTuple):
    commissioned: Commissioned
    cpu_s: float


def _kept(job: tuple[int, Path]) -> _Kept:
    """A plant identified by the same code before is read, any other identified and kept."""
    seed, folder = job
    file = folder / f"{seed}.json"
    if file.exists():
        found = json.loads(file.read_text())
        identified = found.pop("identified")
        cpu_s = found.pop("cpu_s")
        model = Identified(**identified | {"model": RoomModel(**identified["model"])})
        return _Kept(Commissioned(parameters=parameters_of(seed), identified=model, **found), cpu_s)
    began = time.process_time()
    c = commission(seed)
    cpu_s = time.process_time() - began
    identified = c.identified._asdict() | {"model": c.identified.model._asdict()}
    text = json.dumps({"identified": identified, "relay_s": c.relay_s, "excursion_k": c.excursion_k, "gate": c.gate, "cpu_s": cpu_s})
    new = file.with_suffix(".new")
    new.write_text(text)
    new.replace(file)
    return _Kept(c, cpu_s)


def _timed(todo: tuple[int, Callable[[Any], Any], Any]) -> tuple[int, Any, float]:
    i, function, job = todo
    began = time.process_time()
    return i, function(job), time.process_time() - began


def _tell(piece: str, done: int, of: int) -> None:
    """On a terminal one line that is written over; elsewhere a line each tenth."""
    if sys.stderr.isatty():
        print(f"\r{piece}: {done} of {of}\033[K", end="\n" if done == of else "", file=sys.stderr, flush=True)
    elif done * 10 // of != (done - 1) * 10 // of:
        print(f"{piece}: {done} of {of}", file=sys.stderr, flush=True)


def _begin_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def workers() -> Workers:
    """One for each processor that this process may use."""
    return Pool(len(os.sched_getaffinity(0)), _begin_worker)
