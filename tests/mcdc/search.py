"""Search for independence: for each condition two questions that differ in one input, in this condition, and in the answer.

A subject is a function with inputs by name. From its base questions one input at a time is changed; a question whose
decisions went as never before is kept and changed further. Values come from the type of the input and from what the
rules were seen to compare: the neighbourhood of each limit is tried by itself, new limits need no new list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple

from tests.mcdc.instrument import Evaluated, Recorder, Vector

Question = Mapping[str, Any]
Moves = Callable[[Question, frozenset[float]], Iterable[tuple[str, Any]]]
ALTERNATIVES = 20
KINDS = 150  # ways a subject's decisions can go that are followed further


class Subject(NamedTuple):
    """``answer`` of a question; ``bases``: questions to begin from; ``moves``: (input, new value) given distances to limits."""

    name: str
    answer: Callable[[Question], Hashable]
    bases: tuple[Question, ...]
    moves: Moves
    rounds: int = 6  # 1: a list of predicates that are subjects themselves


class Asked(NamedTuple):
    question: Question
    answer: Hashable
    seen: tuple[Evaluated, ...]
    distances: frozenset[float]


class Pair(NamedTuple):
    """The evidence for one condition: a question, the one input changed, how the decision went, and both answers."""

    subject: str
    question: Question
    changed: str
    value: Any
    vectors: tuple[Vector, Vector]
    answers: tuple[Hashable, Hashable]

    def __str__(self) -> str:
        given = ", ".join(f"{k}={v}" for k, v in self.question.items())
        return f"{self.subject}({given}) = {self.answers[0]}; {self.changed} = {self.value}: {self.answers[1]}"


def alone(a: Vector, b: Vector) -> int | None:
    """The one condition in which two evaluations differ, all others being equal or skipped; None if there is no such one."""
    differing = [n for n, (x, y) in enumerate(zip(a, b, strict=True)) if x is not None and y is not None and x is not y]
    return differing[0] if len(differing) == 1 else None


class Found:
    """``pairs``: evidence by (decision, condition). ``locally``: conditions that changed their decision, if not yet an answer.

    ``excused``: conditions for which no evidence can be.
    """

    def __init__(self, recorder: Recorder, excused: frozenset[tuple[int, int]] = frozenset()) -> None:
        self.recorder = recorder
        self.pairs: dict[tuple[int, int], list[Pair]] = {}
        self.locally: set[tuple[int, int]] = set()
        self.asked = 0
        self._excused = excused
        self._vectors: dict[int, set[tuple[Vector, bool]]] = {}

    def search(self, subject: Subject) -> None:
        """Until each condition of each decision met has its pair, or nothing new comes up."""
        known: set[tuple[frozenset[Evaluated], Hashable]] = set()
        met: set[int] = set()
        rim = [self._ask(subject, q) for q in subject.bases]
        for _ in range(subject.rounds):
            fresh: list[Asked] = []
            for a in rim:
                met.update(e.decision for e in a.seen)
                if len(known) > 1 and self._complete(met):
                    return
                for name, value in subject.moves(a.question, a.distances):
                    b = self._ask(subject, {**a.question, name: value})
                    self._compare(subject, a, b, name, value)
                    met.update(e.decision for e in b.seen)
                    kind = (frozenset(b.seen), isinstance(b.answer, bool) and b.answer)
                    if kind not in known and len(known) < KINDS:
                        known.add(kind)
                        fresh.append(b)
            rim = fresh

    def _complete(self, decisions: set[int]) -> bool:
        wanted = ((d, n) for d in decisions for n in range(len(self.recorder.decisions[d].conditions)))
        return all(w in self.pairs or w in self._excused for w in wanted)

    def vectors(self, decision: int) -> set[Vector]:
        """A small set of vectors that holds a pair for each condition: n + 1 where the pairs found share enough."""
        chosen: set[Vector] = set()
        for n in range(len(self.recorder.decisions[decision].conditions)):
            if (decision, n) in self.pairs:
                chosen |= set(min((p.vectors for p in self.pairs[decision, n]), key=lambda v: len(set(v) - chosen)))
        return chosen

    def _ask(self, subject: Subject, question: Question) -> Asked:
        r = self.recorder
        r.clear()
        answer = subject.answer(question)
        self.asked += 1
        distances = {b - a for a, b in zip(r.numbers, r.numbers[1:], strict=False) if a is not None and b is not None}
        for decision, vector, outcome in r.seen:
            known = self._vectors.setdefault(decision, set())
            if (vector, outcome) not in known:
                for v, o in known:
                    n = alone(v, vector)
                    if n is not None and o is not outcome:
                        self.locally.add((decision, n))
                known.add((vector, outcome))
        return Asked(question, answer, tuple(r.seen), frozenset(distances))

    def _compare(self, subject: Subject, a: Asked, b: Asked, name: str, value: Any) -> None:
        if a.answer == b.answer:
            return
        before, after = Counter(a.seen), Counter(b.seen)
        # what went so in one and not in the other; in a loop: this way once more and that way once less
        gone = {(x, y) for x in before.keys() - after.keys() for y in after} | {(x, y) for x in before - after for y in after - before}
        for x, y in gone:
            n = alone(x.vector, y.vector) if x.decision == y.decision and x.outcome is not y.outcome else None
            if n is not None:
                pairs = self.pairs.setdefault((x.decision, n), [])
                if len(pairs) < ALTERNATIVES:
                    pairs.append(Pair(subject.name, a.question, name, value, (x.vector, y.vector), (a.answer, b.answer)))
