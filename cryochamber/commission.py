"""Commissioning: a named person accepts the configuration in force and says which proof tests were passed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime

from chamber.events import EventKind
from chamber.profile import DeviceProfile
from chamber.proof_tests import PROOF_TESTS, Gives, Standing
from chamber.upkeep import Entry, Upkeep, commissioning, differences, fingerprint, fold, statuses
from cryochamber.config import Loaded
from cryochamber.configuration import in_force, in_use
from records.reading import journal_rows
from records.store import Store, open_store
from records.upkeep import add_entries, read_entries

SIMULATED_BY = "simulated commissioning"
BY_HAND = tuple(t.id for t in PROOF_TESTS if t.gives is not Gives.SELF_TEST)
"""Tests a person answers for; the others are given by the self-test at the next start-up."""


def commission(loaded: Loaded, by: str, passed: Iterable[str], note: str) -> list[Entry]:
    """Write the entries. They count from the next start of the control process on. Raises StorageError, KeyError."""
    settings = loaded.settings
    store = open_store(settings.place(settings.records.url))
    try:
        entries = commissioning(_recorded(store, loaded), loaded.profile, by, time.time(), passed, note)
        add_entries(store.engine, settings.site.chamber, entries, "commissioning")
    finally:
        store.close()
    return entries


def commissioned(profile: DeviceProfile, utc_s: float) -> Upkeep:
    """The record of a simulated chamber that has just been commissioned, made of the same entries."""
    upkeep = Upkeep(in_force(profile))
    return fold(upkeep, commissioning(upkeep, profile, SIMULATED_BY, utc_s, BY_HAND, "simulated plant"))


def _recorded(store: Store, loaded: Loaded) -> Upkeep:
    """The record on disk against what is in force now."""
    with store.engine.connect() as connection:
        entries = read_entries(connection, loaded.settings.site.chamber)
    rows = journal_rows(store.engine, loaded.settings.site.chamber, 1, None, EventKind.TUNING.value)
    profile, _ = in_use(loaded.profile, rows[0]["data"] if rows else None)
    return fold(Upkeep(in_force(profile)), entries)


def lines(loaded: Loaded) -> tuple[bool, list[str]]:
    """(Something blocks sessions, what to print). Raises StorageError."""
    store = open_store(loaded.settings.place(loaded.settings.records.url))
    try:
        upkeep = _recorded(store, loaded)
    finally:
        store.close()
    found = statuses(upkeep, loaded.profile, time.time())
    text = [f"{'test':24} {'standing':12} {'last':17} {'due':17} by"]
    for s in found:
        last, by = ("-", "") if s.last is None else (_moment(s.last.utc_s), s.last.by)
        text.append(f"{s.name:24} {s.standing.value:12} {last:17} {_moment(s.due_utc_s):17} {by}".rstrip())
    work, accepted = upkeep.work, upkeep.accepted
    text.append("last work on the device: " + ("none recorded" if work is None else f"{work.reason}, {_moment(work.utc_s)}"))
    mine = fingerprint(upkeep.in_force)
    if accepted is None:
        return True, [*text, f"configuration in force: {mine}; none was ever accepted (cryochamber commission)"]
    changed = differences(accepted.configuration, upkeep.in_force)
    text.append(
        f"configuration in force: {mine}; accepted: {fingerprint(accepted.configuration)} by {accepted.by}, {_moment(accepted.utc_s)}"
    )
    blocked = bool(changed) or any(s.standing not in (Standing.OK, Standing.SOON) for s in found)
    return blocked, [*text, *(f"  changed {line}" for line in changed)]


def _moment(utc_s: float | None) -> str:
    return "-" if utc_s is None else f"{datetime.fromtimestamp(utc_s, UTC):%Y-%m-%d %H:%MZ}"
