"""The upkeep record: proof tests given, work done, configuration accepted. Nothing but its entries opens the chamber.

The record is a list of entries that only grows; what holds now is the fold over it. An empty or lost record means that nothing
was accepted and no test was given: new sessions are blocked (H-27).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, assert_never, cast

from chamber.profile import DeviceProfile
from chamber.proof_tests import PROOF_TESTS, WARN_S, After, Given, Gives, Standing, Status, instruments, status

Configuration = Mapping[str, str]
"""What is in force, flat: name of a setting or of a part of the software -> its value or digest."""


class Kind(StrEnum):
    PROOF_TEST = "proof_test"
    WORK = "work"  # the device was or may have been worked on
    REPLACED = "replaced"  # an instrument was replaced; counts as work, too
    ACCEPTED = "accepted"  # a configuration was accepted; counts as work, too
    CHECKLIST = "checklist"  # the daily start-up checklist was signed, or something on it was found not in order


class Work(StrEnum):
    """Why the device counts as worked on (H-27)."""

    SERVICE_KEY = "service_key"
    SERVICE_STATE = "service_state"
    PLC_PROGRAM = "plc_program"


class Entry(NamedTuple):
    """``subject``: id of a test, reason of work, tag of an instrument, fingerprint of a configuration.

    ``configuration`` of a checklist: what was found at each point.
    """

    kind: Kind
    utc_s: float | None  # None: the date was not known
    subject: str
    instrument: str = ""
    passed: bool = True
    by: str = ""
    note: str = ""
    configuration: Configuration = {}


class Accepted(NamedTuple):
    utc_s: float | None  # None: the date was not known
    by: str
    configuration: Configuration


class Signed(NamedTuple):
    """The newest start-up checklist. ``passed``: all in order."""

    utc_s: float | None  # None: the date was not known
    by: str
    passed: bool
    note: str


class LastWork(NamedTuple):
    serial: int
    utc_s: float | None  # None: the date was not known
    reason: str


class Upkeep(NamedTuple):
    """What holds now. ``in_force``: the configuration this process runs with."""

    in_force: Configuration = {}
    serial: int = 0
    given: Mapping[tuple[str, str], Given] = {}
    work: LastWork | None = None
    replaced: Mapping[str, int] = {}
    accepted: Accepted | None = None
    checklist: Signed | None = None


def event_data(entry: Entry) -> dict[str, Any]:
    """The entry as the data of an event (and of a line of the journal)."""
    return {
        "entry": entry.kind.value,
        "subject": entry.subject,
        "instrument": entry.instrument,
        "passed": entry.passed,
        "note": entry.note,
        "utc_s": entry.utc_s,
        "configuration": dict(entry.configuration),
        "user": entry.by,
    }


def fold(upkeep: Upkeep, entries: Iterable[Entry]) -> Upkeep:
    """The record with these entries added, oldest first."""
    for e in entries:
        serial = upkeep.serial + 1
        upkeep = upkeep._replace(serial=serial)
        if e.kind is Kind.PROOF_TEST:
            given = Given(serial, e.utc_s, e.passed, e.by, e.note)
            upkeep = upkeep._replace(given={**upkeep.given, (e.subject, e.instrument): given})
            continue
        if e.kind is Kind.CHECKLIST:
            upkeep = upkeep._replace(checklist=Signed(e.utc_s, e.by, e.passed, e.note))
            continue
        upkeep = upkeep._replace(work=LastWork(serial, e.utc_s, e.subject if e.kind is Kind.WORK else e.kind.value))
        if e.kind is Kind.REPLACED:
            upkeep = upkeep._replace(replaced={**upkeep.replaced, e.subject: serial})
        if e.kind is Kind.ACCEPTED:
            upkeep = upkeep._replace(accepted=Accepted(e.utc_s, e.by, e.configuration))
    return upkeep


def statuses(upkeep: Upkeep, profile: DeviceProfile, utc_s: float | None) -> tuple[Status, ...]:
    """Where every test stands, in the order of the table."""
    worked = None if upkeep.work is None else upkeep.work.serial
    return tuple(
        status(
            test,
            instrument,
            upkeep.given.get((test.id, instrument)),
            utc_s,
            work_serial=worked if test.after is After.WORK else upkeep.replaced.get(instrument),
        )
        for test in PROOF_TESTS
        for instrument in instruments(test, profile)
    )


def valid_until(found: Iterable[Status]) -> float | None:
    """When the first of these statuses changes by the mere passing of time (seconds since 1970); None: never."""
    turns: list[float] = []
    for s in found:
        if s.due_utc_s is not None and s.standing in (Standing.OK, Standing.SOON):
            early = min(WARN_S, s.test.interval_s / 4.0) if s.standing is Standing.OK else 0.0
            turns.append(s.due_utc_s - early)
    return min(turns, default=None)


# --- configuration -------------------------------------------------------------------------------------------------------


def fingerprint(configuration: Configuration) -> str:
    """Sixteen hex digits that change with any value."""
    return hashlib.sha256(json.dumps(sorted(configuration.items())).encode()).hexdigest()[:16]


def flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every value of a nested structure under its dotted name, as a configuration holds it."""
    if isinstance(value, dict):
        for key, inner in cast(dict[str, Any], value).items():
            yield from flat(f"{name}.{key}", inner)
    elif isinstance(value, list):
        for n, inner in enumerate(cast(list[Any], value)):
            own = cast(dict[str, Any], inner)["id"] if isinstance(inner, dict) and "id" in inner else n
            yield from flat(f"{name}.{own}", inner)
    else:
        yield name, str(value)


def differences(accepted: Configuration, in_force: Configuration) -> tuple[str, ...]:
    """What changed, a line each, in alphabetical order."""
    return tuple(
        f"{name}: {accepted.get(name, '(none)')} -> {in_force.get(name, '(none)')}"
        for name in sorted({*accepted, *in_force})
        if accepted.get(name) != in_force.get(name)
    )


# --- what the rules see --------------------------------------------------------------------------------------------------


class UpkeepFacts(NamedTuple):
    """The record as the rules see it: names of tests, "" for nothing to say."""

    soon: tuple[str, ...] = ()  # due soon
    soon_by_itself: tuple[str, ...] = ()  # due soon, and given by the next start-up
    calibration_soon: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # never given, failed or overdue
    missing_by_itself: tuple[str, ...] = ()  # the same, and given by the next start-up
    after_work: tuple[str, ...] = ()  # passed, but before the last work
    work: str = ""  # reason of the last work
    not_accepted: str = ""  # why the configuration does not count as accepted


_STANDINGS = ("soon", "soon_by_itself", "calibration_soon", "missing", "missing_by_itself", "after_work")


def look(upkeep: Upkeep, found: Iterable[Status]) -> UpkeepFacts:
    """Sort the statuses for the rules."""
    names: dict[str, list[str]] = {name: [] for name in _STANDINGS}
    for s in found:
        by_itself = "_by_itself" if s.test.gives is Gives.SELF_TEST else ""
        match s.standing:
            case Standing.OK:
                continue
            case Standing.SOON:
                names["calibration_soon" if s.test.after is After.REPLACED else f"soon{by_itself}"].append(s.name)
            case Standing.AFTER_WORK:
                names["after_work"].append(s.name)
            case Standing.OVERDUE | Standing.FAILED | Standing.NEVER:
                names[f"missing{by_itself}"].append(s.name)
            case _:
                assert_never(s.standing)
    return UpkeepFacts(
        **{name: tuple(listed) for name, listed in names.items()},
        work="" if upkeep.work is None else upkeep.work.reason,
        not_accepted=_not_accepted(upkeep),
    )


def _not_accepted(upkeep: Upkeep) -> str:
    if upkeep.accepted is None:
        return "no configuration was ever accepted here"
    changed = differences(upkeep.accepted.configuration, upkeep.in_force)
    if not changed and not upkeep.in_force:
        return "what is in force is not known"
    return f"{len(changed)} changed: {'; '.join(changed[:3])}" if changed else ""


def commissioning(upkeep: Upkeep, profile: DeviceProfile, by: str, utc_s: float, passed: Iterable[str], note: str) -> list[Entry]:
    """Entries of a commissioning by a named person: the configuration in force, unless it is accepted already, then the tests passed.

    Raises KeyError for a test that is not in the table.
    """
    wanted = dict.fromkeys(passed, True)
    entries: list[Entry] = []
    if _not_accepted(upkeep):
        mine = dict(upkeep.in_force)
        entries.append(Entry(Kind.ACCEPTED, utc_s, fingerprint(mine), by=by, note=note, configuration=mine))
    for test in PROOF_TESTS:
        if wanted.pop(test.id, False):
            entries += [Entry(Kind.PROOF_TEST, utc_s, test.id, i, by=by, note=note) for i in instruments(test, profile)]
    if wanted:
        raise KeyError(next(iter(wanted)))
    return entries
