"""What is asked: every predicate of the rules as a function of named inputs, with questions to begin from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from chamber import cycle, interlocks, monitor, permissives, self_test, voting
from chamber.cause_effect import Action, Deadband, Effect
from chamber.causes import BY_ID, CAUSES
from chamber.causes.oxygen import oxygen_quiet
from chamber.checklist import BY_PERSON
from chamber.commands import CommandKind, Role
from chamber.facts import Facts
from chamber.interlocks import CauseState, Verdict
from chamber.states import CycleState
from tests.chamber.asking import ARGS, ask
from tests.chamber.expected_causes import SPOIL
from tests.mcdc import domains
from tests.mcdc.search import Moves, Question, Subject

C = CycleState
K = CommandKind


def _of_facts(name: str, answer: Callable[[Facts], Hashable], bases: Iterable[Question]) -> Subject:
    """A function of Facts alone; only fields it reads are changed."""

    def spying(question: Question) -> Hashable:
        return answer(domains.spied(question))

    def moves(question: Question, distances: frozenset[float]) -> Iterable[tuple[str, Any]]:
        answer(domains.spied(question))
        return list(domains.moves(question, distances, set(domains.Spy.asked)))

    return Subject(name, spying, tuple(bases), moves)


ALSO: dict[str, list[dict[str, Any]]] = {
    "O2-CH-LL": [{"occupied": o, "o2_pre": (19.5, 19.5)} for o in (False, True)],  # a device with one room
    "PROOF-DUE": [{"upkeep.soon_by_itself": ("oxygen",)}],
    "PROOF-OVERDUE": [{"upkeep.missing_by_itself": ("oxygen",)}],
}
"""Questions to begin from where a row can be present in a way that the table of the tests does not need."""


def rows() -> Iterator[Subject]:
    """Each row of the cause-and-effect table, from a healthy chamber and from one where it is present."""
    for cause in CAUSES:
        spoiled = SPOIL[cause.id][0]
        bases = [{"occupied": o, **changes} for o in (False, True) for changes in ({}, spoiled)] + ALSO.get(cause.id, [])
        yield _of_facts(f"row {cause.id}", lambda f, present=cause.present: present(f), bases)
        if cause.deadband is not None:
            yield _of_facts(f"deadband of {cause.id}", lambda f, band=cause.deadband: band.still(f, band.value), bases)
        if cause.deadband is not None:
            still, value = cause.deadband.still, cause.deadband.value
            yield _of_facts(f"deadband of {cause.id}", lambda f, still=still, value=value: still(f, value), bases)
        yield _of_facts(f"detail of {cause.id}", lambda f, detail=cause.detail: detail(f), bases[:2])

    yield _of_facts("oxygen_quiet", oxygen_quiet, [{"occupied": False}, {"o2_pre": (19.0, 19.0)}])


def checks() -> Iterator[Subject]:
    for check in self_test.CHECKS:
        yield _of_facts(f"self-test {check.id}", lambda f, passed=check.passed: passed(f), [{"occupied": False}, {"o2_room": 21.3}])
    yield _of_facts("self-test", self_test.failing, [{"occupied": False}])._replace(rounds=1)


def _fixed(domain: dict[str, tuple[Any, ...]]) -> Moves:
    """Inputs of few values: all of them."""
    return lambda _question, _distances: [(name, value) for name, options in domain.items() for value in options]


# --- the cycle -----------------------------------------------------------------------------------------------------------

_STOPPING, _BLOCKING = BY_ID["O2-CH-LL"], BY_ID["LN2-LOW"]
_ACTS = CauseState(50.0, 60.0, latched=False, acted_occupied=False, clear_since_s=None)
_VERDICTS = tuple(Verdict(Action.NONE, frozenset(), tuple((c, _ACTS) for c in which), None) for which in ((), (_STOPPING,), (_BLOCKING,)))
_VERDICTS += (Verdict(Action.NONE, frozenset({Effect.CLOSE_LN2}), (), None),)
_CAUSES: tuple[dict[str, CauseState], ...] = ({}, {_STOPPING.id: _ACTS})
_ASKED: dict[str, tuple[Any, ...]] = {
    "verdict": _VERDICTS,
    "causes": _CAUSES,
    "program": (None, *ask(K.PRECOOL, C.IDLE).profile.programs),
    "durable": (False, True),
    "door_opened_since_trip": (False, True),
    "in_band": (False, True),
    "role": tuple(Role),
    "arg.program": ("standard", "mild", "none such", 7),
    "arg.output": ("PURGE_FAN", "XV_401"),
    "arg.value": (0, 1),
    "arg.persons": (1, 3, 5, 0, 99, True, "two", None),
    "arg.count": (3, 2, True, "three", None),
    "arg.minutes": (60, 0, 20, 19, 480, 481, True, "two", None),
    "arg.failed": ([], [*BY_PERSON[:1]]),
    "arg.checks": ([], "dry_skin", ARGS[K.BEGIN_BOARDING]["checks"]),
    "command": (None,),
}
_BEGIN_ALSO: dict[CommandKind, tuple[Question, ...]] = {
    K.CONFIRM_EMPTY: ({"facts.count_due": 3},),
    K.FORCE: ({"arg.output": "none such"}, {"arg.output": "XV_401", "facts.o2_entry_good_s": 0.0}),
    K.SIGN_CHECKLIST: (
        {"facts.extract_flow": False},
        {"facts.extract_flow": False, "arg.failed": list(BY_PERSON[:1])},
        {"arg.confirmed": []},
    ),
    K.SHELVE: ({"arg.alarm": "none such"},),  # what an order depends on is asked in tests/chamber/test_alarm_orders.py
}
"""Commands whose guards also ask about what is not there in an ordinary chamber."""
GROUP_MAIN = "facts.main"


def _question(kind: CommandKind, state: CycleState, q: Question) -> permissives.Asked:
    changes = {k: v for k, v in q.items() if "." not in k}
    changes |= {k.replace("arg.", "arg__"): v for k, v in q.items() if k.startswith("arg.")}
    of_facts = {k.removeprefix("facts."): v for k, v in q.items() if k.startswith("facts.")}
    asked = ask(kind, state, **changes)
    base = {n: v for n, v in asked.facts._asdict().items() if n not in domains.GROUPS and not n.endswith("_readings")}
    return asked._replace(facts=domains.Spy._make(domains.build({**base, **of_facts})))


def _guarded(name: str, kind: CommandKind, state: CycleState, answer: Callable[[permissives.Asked], Hashable]) -> Subject:
    def asking(q: Question) -> Hashable:
        domains.Spy.asked.clear()
        return answer(_question(kind, state, q))

    def moves(q: Question, distances: frozenset[float]) -> Iterable[tuple[str, Any]]:
        facts = _question(kind, state, q).facts
        domains.Spy.asked.clear()
        answer(_question(kind, state, q))
        read = set(domains.Spy.asked)
        base = {n: v for n, v in facts._asdict().items() if n not in domains.GROUPS and not n.endswith("_readings")}
        of_facts = {k.removeprefix("facts."): v for k, v in q.items() if k.startswith("facts.")}
        found = [(f"facts.{n}", v) for n, v in domains.moves({**base, **of_facts}, distances, read)]
        return [*found, *((n, v) for n, options in _ASKED.items() for v in options)]

    nitrogen: dict[str, Any] = {"arg.output": "XV_401", "arg.value": 1}
    return Subject(name, asking, ({}, nitrogen, {"arg.value": 7}) if kind is K.FORCE else ({},), moves)


def guards() -> Iterator[Subject]:
    """Each permissive once, from every state that its first command is taken in, and the whole of ``refusals``."""
    known: set[permissives.Guard] = set()
    for kind, needed in permissives.GUARDS.items():
        for n, guard in enumerate(needed):
            if guard not in known:
                known.add(guard)
                subject = _guarded(f"{kind}, guard {n}", kind, next(iter(cycle.COMMANDED[kind])), guard_answer(guard))
                yield subject._replace(bases=({}, *_BEGIN_ALSO.get(kind, ())))
    yield _guarded("refusals", K.PRECOOL, C.IDLE, lambda a: tuple(r.code for r in permissives.refusals(K.PRECOOL, a)))._replace(
        bases=({}, {"role": Role.VIEWER}), rounds=1
    )
    kinds = {"kind": (K.STOP, K.PRECOOL)}
    yield Subject(
        "refusals of any command",
        lambda q: len(permissives.refusals(q["kind"], ask(K.PRECOOL, C.FAULT))),
        ({"kind": K.STOP},),
        _fixed(kinds),
    )


def guard_answer(guard: permissives.Guard) -> Callable[[permissives.Asked], Hashable]:
    def answer(a: permissives.Asked) -> Hashable:
        reason = guard(a)
        return None if reason is None else (reason.code, tuple(reason.params.items()))

    return answer


def forced() -> Subject:
    """Where a verdict sends the cycle: every state, every action, latched or not, nitrogen held or not, from outside or not."""
    extern, own = BY_ID["FAN-EXTRACT"], BY_ID["T-ALL-BAD"]

    def answer(q: Question) -> Hashable:
        state = CauseState(50.0, 60.0, latched=q["latched"], acted_occupied=False, clear_since_s=None)
        acting = tuple((c, state) for c in q["acting"])
        effects = frozenset({Effect.CLOSE_LN2}) if q["closes"] else frozenset[Effect]()
        return cycle.forced(q["state"], Verdict(q["action"], effects, acting, None), occupied=q["occupied"])

    domain: dict[str, tuple[Any, ...]] = {
        "state": tuple(C),
        "action": tuple(Action),
        "latched": (False, True),
        "closes": (False, True),
        "acting": ((extern,), (own,), (extern, own), (extern, BY_ID["T-DEV-LO"])),
        "occupied": (False, True),
    }
    return Subject("forced", answer, ({n: options[0] for n, options in domain.items()},), _fixed(domain))


def targets() -> Subject:
    domain: dict[str, tuple[Any, ...]] = {
        "kind": (K.STOP, K.END_SESSION, K.EVACUATE),
        "state": (C.BOARDING, C.IDLE, C.EXPOSURE),
        "empty": (False, True),
    }
    return Subject(
        "target", lambda q: cycle.target(q["kind"], q["state"], empty=q["empty"]), ({n: o[0] for n, o in domain.items()},), _fixed(domain)
    )


# --- the engine ----------------------------------------------------------------------------------------------------------

_LATCHING = BY_ID["T-ALL-BAD"]  # X in A9
_IF_OCCUPIED = BY_ID["O2-SENS-BAD"]  # o in A9
_BY_DOOR = BY_ID["O2-CH-LL"]
_STATES: tuple[CauseState | None, ...] = (
    None,
    *(
        CauseState(since, acting, latched=latched, acted_occupied=was, clear_since_s=clear)
        for (since, acting, clear), latched, was in product(
            ((50.0, None, None), (99.0, None, None), (50.0, 60.0, None), (None, 60.0, 95.0), (None, 60.0, 80.0), (None, 60.0, None)),
            (False, True),
            (False, True),
        )
    ),
)


def engine() -> Iterator[Subject]:
    """The interlock engine over one row of each kind in every condition it can be in."""
    rows = (_LATCHING, _IF_OCCUPIED, _BY_DOOR, *(BY_ID[n] for n in ("LN2-LOW", "PLC-TRIP", "COMM-PLC", "T-DEV-LO", "PWR-MAINS")))
    kinds = (
        *rows,
        replace(BY_ID["LN2-LOW"], needs=("ES-001",)),
        replace(BY_ID["COMM-PLC"], needs_plc=True),
        replace(_IF_OCCUPIED, effects=_IF_OCCUPIED.effects[:8] + "-"),
        replace(_LATCHING, alarm=None),
    )
    domain: dict[str, tuple[Any, ...]] = {
        "old": _STATES,
        "other": _STATES,
        "row": kinds,
        "occupied": (False, True),
        "block_age_s": (None, 0.05, 1.499, 1.5),
        "present": (False, True),
        "door": (False, True),
        "not_fitted": (frozenset(), frozenset({"ES-001"})),
        "bypassed": (frozenset(), frozenset({"PWR-MAINS"})),
        "still": (None, False, True),
    }
    bases = tuple(
        {"old": None, "other": None, "row": row, "occupied": o, "block_age_s": 0.05, "present": o, "door": True, "not_fitted": missing}
        | {"bypassed": frozenset(), "still": None}
        for row in kinds
        for o, missing in ((False, frozenset()), (True, frozenset(row.needs)))
    )

    lasting = {"old": _STATES[9], "row": BY_ID["PWR-MAINS"], "still": True, "bypassed": frozenset({"PWR-MAINS"})}
    bases += tuple({**bases[0], **lasting, "present": present} for present in (False, True))

    def states(q: Question) -> dict[str, CauseState]:
        second = _BY_DOOR if q["row"] is not _BY_DOOR else _LATCHING
        return {c.id: s for c, s in ((q["row"], q["old"]), (second, q["other"])) if s is not None}

    def evaluated(q: Question) -> Hashable:
        spoiled = SPOIL[q["row"].id][0] if q["present"] else {}
        f = domains.build(
            {
                "occupied": q["occupied"],
                "block_age_s": q["block_age_s"],
                "not_fitted": q["not_fitted"],
                "bypassed": q["bypassed"],
                **spoiled,
            }
        )
        new, changes = interlocks.evaluate(states(q), f)
        return tuple(sorted(new.items())), tuple((c.cause.id, c.what) for c in changes)

    def judged(q: Question) -> Hashable:
        verdict = interlocks.judge(states(q), occupied=q["occupied"])
        return verdict.action, verdict.effects, verdict.first_out, verdict.latched, verdict.held, tuple(c.id for c, _ in verdict.acting)

    def blocked(q: Question) -> Hashable:
        f = domains.build({"occupied": q["occupied"]})
        return tuple((code, c.id) for code, c in interlocks.reset_blockers(states(q), f, door_opened_since_trip=q["door"]))

    def dropped(q: Question) -> Hashable:
        kept, changes = interlocks.reset(states(q))
        return tuple(sorted(kept.items())), tuple(c.cause.id for c in changes)

    for name, answer in (("evaluate", evaluated), ("judge", judged), ("reset_blockers", blocked), ("reset", dropped)):
        yield Subject(name, _with_rows(answer), bases, _fixed(domain))


def standing() -> Iterator[Subject]:
    """Which rows are asked: all of them, or without those that look only at what has not changed."""
    blind, other, low = (("block_age_s", None),), (("bypassed", frozenset({"PWR-MAINS"})),), (("o2_room", 19.9),)
    stands = tuple(c.id for c in CAUSES if c.stands)[:2]
    moving, oxygen = next(c.id for c in CAUSES if not (c.stands or c.oxygen)), next(c.id for c in CAUSES if c.oxygen)
    domain: dict[str, tuple[Any, ...]] = {
        "states": ((), stands[:1], stands, (moving,), (oxygen,)),
        "now": ((), blind, other, low),
        "before": (None, (), blind, other),
    }

    def asked(q: Question) -> Hashable:
        before = None if q["before"] is None else domains.build(dict(q["before"]))
        return tuple(c.id for c in interlocks.to_ask(dict.fromkeys(q["states"], _ACTS), domains.build(dict(q["now"])), before))

    yield Subject("to_ask", asked, ({"states": (), "now": (), "before": ()},), _fixed(domain))


def _with_rows(answer: Callable[[Question], Hashable]) -> Callable[[Question], Hashable]:
    """The engine with the rows of the question as its whole table: what one row does is not hidden by the others."""

    def asking(q: Question) -> Hashable:
        with pytest.MonkeyPatch.context() as patch:
            row = replace(q["row"], deadband=None if q["still"] is None else Deadband(1.0, "", lambda _f, _v: q["still"]))
            patch.setattr(interlocks, "CAUSES", (row, _BY_DOOR if q["row"] is not _BY_DOOR else _LATCHING))
            return answer(q)

    return asking


def votes() -> Iterator[Subject]:
    readings = (
        domains.good(1.0),
        domains.good(3.0),
        domains.good(5.0),
        domains.bad(),
        domains.bad(1.0),
        domains.good(14.0),
        domains.good(1.0)._replace(value=None),
    )
    ends = tuple(product(readings, repeat=2))
    domain: dict[str, tuple[Any, ...]] = {
        "first": (None, *readings),
        "rest": ((), *((r,) for r in readings), *ends),
        "needed": (1, 2),
        "occupied": (False, True),
    }
    base = {"first": readings[1], "rest": ends[0], "needed": 2, "occupied": False}

    def group(q: Question) -> tuple[Any, ...]:
        return (() if q["first"] is None else (q["first"],)) + q["rest"]

    yield Subject("vote", lambda q: voting.vote(group(q)), (base,), _fixed(domain))
    yield Subject("below", lambda q: voting.below(group(q), 2.0, q["needed"], occupied=q["occupied"]), (base,), _fixed(domain))


def monitored() -> Iterator[Subject]:
    """Each invariant of the run-time monitor."""
    from tests.chamber.test_self_test_and_monitor import watched

    over_time = {"after": C.EXPOSURE, "facts.occupied": True, "facts.exposure_elapsed_s": 182.0, "facts.session_limit_s": 180.0}
    for invariant in monitor.INVARIANTS:

        def holds(q: Question, holds: Callable[[monitor.Watched], bool] = invariant.holds) -> Hashable:
            return holds(_watched(q))

        def moves(q: Question, distances: frozenset[float]) -> Iterable[tuple[str, Any]]:
            hints = domains.get_type_hints(monitor.Watched)
            w = _watched(q)
            found = [(n, v) for n, hint in hints.items() if n != "facts" for v in domains.values(hint, getattr(w, n), distances)]
            domains.Spy.asked.clear()
            invariant.holds(w)  # noqa: B023  called while this invariant is searched
            read = set(domains.Spy.asked)
            of_facts = {k.removeprefix("facts."): v for k, v in q.items() if k.startswith("facts.")}
            return [*found, *((f"facts.{n}", v) for n, v in domains.moves(of_facts, distances, read))]

        def _watched(q: Question) -> monitor.Watched:
            of_facts = {k.removeprefix("facts."): v for k, v in q.items() if k.startswith("facts.")}
            return watched(**{k: v for k, v in q.items() if "." not in k})._replace(facts=domains.Spy._make(domains.build(of_facts)))

        yield Subject(f"invariant {invariant.id}", holds, ({}, over_time), moves)
        if invariant.id == "I2":
            yield Subject("broken", lambda q: monitor.broken(_watched(q)), ({},), moves, rounds=1)


def every() -> Iterator[Subject]:
    """What others use comes first: whoever meets only decisions that are shown already is soon done."""
    yield from votes()
    yield from checks()
    yield from rows()
    yield from guards()
    yield forced()
    yield targets()
    yield from engine()
    yield from standing()
    yield from monitored()
