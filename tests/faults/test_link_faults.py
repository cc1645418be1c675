"""FI-16, FI-17, FI-18: control over a network that is slow, lossy, dead, or delivers what it should not. Real sockets, real time."""

from __future__ import annotations

import itertools
import random

import pytest

from chamber.commands import Command, CommandKind, Outcome, Role
from chamber.readings import Quality
from tests.faults.bench_plc import RECONNECT_MAX_S, TIMEOUT_S, Rig, rig

BUSY_S = 0.4  # slack of a busy test machine


def longest_gap_s(r: Rig, since: int = 0) -> float:
    times = [t.at_s for t in r.taken[since:]]
    return max(b - a for a, b in itertools.pairwise(times))


@pytest.mark.req("SRS-LNK-003")
async def test_latency_and_jitter_never_pass_for_fresh_data(seed: int) -> None:
    """400 ms and 300 ms of jitter around a patience of 500 ms: some replies come in time, none is used late."""
    async with rig(random.Random(seed)) as r:
        r.proxy.spoil.latency_s, r.proxy.spoil.jitter_s = 0.4, 0.3
        before, late = len(r.taken), r.link.client.counters.timeouts
        assert await r.run(40.0, lambda r: len(r.taken) - before >= 4 and r.link.client.counters.timeouts - late >= 3)
        r.never_wrong()
        assert "LEASE_LOST" not in r.trips  # slow is not dead: the empty chamber's lease is 5 s
        r.proxy.spoil.latency_s = r.proxy.spoil.jitter_s = 0.0
        known = len(r.taken)
        assert await r.run(2.0, lambda r: len(r.taken) > known + 3)
        r.never_wrong()


async def test_random_resets_are_survived_and_reconnected_within_2_s(seed: int) -> None:
    async with rig(random.Random(seed)) as r:
        r.proxy.spoil.reset_chance = 0.05
        known = len(r.taken)
        assert await r.run(30.0, lambda r: r.proxy.spoil.resets >= 4), "no connection was reset"
        r.proxy.spoil.reset_chance = 0.0
        await r.run(1.5)
        assert r.link.client.counters.connects >= 4
        assert longest_gap_s(r, known) < 2.0
        r.never_wrong()
        assert r.trips == set()


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.req("SRS-LNK-003", "SRS-LNK-004")
async def test_ten_minutes_of_a_bad_network(seed: int) -> None:
    """Latency, jitter and 5 % resets together: nothing stale is used, nothing bad passes for good, no gap reaches the lease."""
    async with rig(random.Random(seed)) as r:
        r.proxy.spoil.latency_s, r.proxy.spoil.jitter_s, r.proxy.spoil.reset_chance = 0.15, 0.1, 0.05
        before = len(r.taken)
        await r.run(600.0)
        assert r.proxy.spoil.resets > 20
        assert len(r.taken) - before > 1000
        assert longest_gap_s(r, before) < 2.0
        assert r.trips == set()
        r.never_wrong()


@pytest.mark.req("SRS-LNK-003")
async def test_a_black_hole_is_late_lost_and_used_again() -> None:
    """Uncertain at 1.5 s, bad at 3 s, the PLC's lease at 5 s; afterwards a new socket and nothing old."""
    async with rig(random.Random(1)) as r:
        r.proxy.spoil.black_hole = True
        last = r.taken[-1].at_s
        assert await r.run(8.0, lambda r: "LEASE_LOST" in r.trips)
        since = {q: next(at for at, quality in r.qualities if quality is q and at > last) - last for q in (Quality.UNCERTAIN, Quality.BAD)}
        assert 1.5 <= since[Quality.UNCERTAIN] <= 1.5 + TIMEOUT_S + BUSY_S  # a reply may have been on its way when the hole opened
        assert 3.0 <= since[Quality.BAD] <= 3.0 + TIMEOUT_S + BUSY_S
        assert r.proxy.spoil.lost > 0
        connects = r.link.client.counters.connects
        r.proxy.spoil.black_hole = False
        known = len(r.taken)
        assert await r.run(RECONNECT_MAX_S + TIMEOUT_S + BUSY_S, lambda r: len(r.taken) > known)
        assert r.link.client.counters.connects > connects
        await r.run(1.0)
        assert r.state.perception.analog["TT-101"].quality is Quality.GOOD
        assert "LEASE_LOST" in r.trips  # back on the line, still latched
        assert not r.world.actuators.xv_401
        r.never_wrong()


@pytest.mark.req("SRS-LNK-003")
async def test_closes_that_come_late_leave_no_old_answer_behind() -> None:
    """The PLC's side still holds sockets that the client has given up: no answer of theirs is taken, and the link is used again."""
    async with rig(random.Random(1)) as r:
        r.proxy.spoil.slow_close_s = 4.0
        for _ in range(2):
            connects = r.link.client.counters.connects
            r.proxy.spoil.black_hole = True
            await r.run(3.0, lambda r, n=connects: r.link.client.counters.timeouts > 0 and r.link.client.counters.connects > n)
            r.proxy.spoil.black_hole = False
            known = len(r.taken)
            assert await r.run(RECONNECT_MAX_S + TIMEOUT_S + BUSY_S, lambda r, n=known: len(r.taken) > n + 2)
        assert r.link.client.counters.connects >= 3
        r.never_wrong()
        assert "LEASE_LOST" not in r.trips  # an empty chamber's lease is 5 s


async def test_sliced_replies_are_put_together() -> None:
    async with rig(random.Random(1)) as r:
        r.proxy.spoil.slice_bytes = 3
        known = len(r.taken)
        await r.run(2.0)
        assert len(r.taken) - known >= 5
        assert r.link.client.counters.errors == 0
        assert sum(r.link.refused.values()) == r.link.refused["repeated"]  # nothing torn: only read twice within one PLC scan
        r.never_wrong()


async def test_duplicated_replies_are_never_taken_for_new_data() -> None:
    async with rig(random.Random(1)) as r:
        r.proxy.spoil.duplicate = True
        await r.run(3.0)
        r.never_wrong()
        r.proxy.spoil.duplicate = False
        known = len(r.taken)
        assert await r.run(3.0, lambda r: len(r.taken) > known + 3)
        r.never_wrong()


@pytest.mark.req("SRS-LNK-003")
async def test_a_late_reply_never_answers_the_next_request() -> None:
    """Each reply comes as the answer to the request after: other transaction, so it is not taken."""
    async with rig(random.Random(1)) as r:
        r.proxy.spoil.swap = True
        await r.run(3.0)
        assert r.link.client.counters.timeouts + r.link.client.counters.errors > 0
        r.never_wrong()
        r.proxy.spoil.swap = False
        known = len(r.taken)
        assert await r.run(3.0, lambda r: len(r.taken) > known + 3)
        r.never_wrong()


async def test_an_old_reply_before_each_new_one_is_never_taken() -> None:
    async with rig(random.Random(1)) as r:
        r.proxy.spoil.replay = True
        await r.run(3.0)
        assert r.proxy.spoil.replayed > 0
        r.never_wrong()
        r.proxy.spoil.replay = False
        known = len(r.taken)
        assert await r.run(3.0, lambda r: len(r.taken) > known + 3)
        r.never_wrong()


async def test_a_plc_restart_is_seen_by_its_clock_and_never_continued() -> None:
    """FI-30 on the wire: the clock begins anew, the cause latches although the new blocks are good."""
    async with rig(random.Random(1)) as r:
        r.world.faults.inject("plc_reboot", params={"off_s": 0.5})
        assert await r.run(4.0, lambda r: "PLC-RESTART" in r.state.causes)
        await r.run(0.5)
        assert r.state.causes["PLC-RESTART"].latched
        assert not r.world.actuators.xv_401


async def test_a_command_the_plc_never_answers_is_uncertain_and_sent_with_one_id_only(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(random.Random(1)) as r:
        r.commands.append(Command("evacuate", CommandKind.EVACUATE, {}, "operator", Role.OPERATOR, "test"))
        assert await r.run(3.0, lambda r: r.trips == {"EVACUATE_REQUESTED"} and r.state.pending is None)
        r.world.hold_door("outer", True)
        assert await r.run(3.0, lambda r: r.state.cycle.door_opened)
        ids: set[int] = set()
        monkeypatch.setattr(r.world.plc, "_mailbox", lambda words, bits, *, key_fits: ids.add(words[0]))
        before, state = r.memory.mailbox[0], r.state.cycle.state
        r.commands.append(Command("empty", CommandKind.CONFIRM_EMPTY, {}, "operator", Role.OPERATOR, "test"))
        assert await r.run(6.0, lambda r: any(a.id == "empty" for a in r.answers))
        assert [(a.outcome, a.reasons[0].code) for a in r.answers if a.id == "empty"] == [(Outcome.UNCERTAIN, "plc_no_answer")]
        assert len(ids - {before}) == 1
        assert r.trips == {"EVACUATE_REQUESTED"}
        assert r.state.cycle.state is state
