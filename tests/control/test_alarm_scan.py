"""Alarms through the whole scan: hiding and what it never touches, the sound, first-out in a flood, wrong sign-ins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chamber.alarm_list import ALARMS, AlarmClass, Priority
from chamber.alarm_states import AlarmEvent, AlarmState
from chamber.alarms import order
from chamber.commands import CommandKind, Outcome, Role
from chamber.events import EventKind
from chamber.states import CycleState
from control.publish import House, Tally, Trend, snapshot
from control.snapshot import LinkView, RecordsView, ScanView, SiteView, Snapshot
from control.state import Inputs
from tests.control.day import Day
from tests.control.test_queue import Bench, press

C, K, S = CycleState, CommandKind, AlarmState
MINUTE = 60.0


def view(bench: Bench) -> Snapshot:
    """What panels and integrators get of this moment."""
    result = bench.scan()
    house = House(
        boot_id="b",
        seq=1,
        epoch=datetime(2026, 1, 1, tzinfo=UTC),
        site=SiteView(site="s", chamber="c", name="n", profile="p", device="d", simulated=True, version="0"),
        link=LinkView(plc="ok", plc_age_s=0.0, requests=0, timeouts=0, refused_blocks=0, reconnects=0),
        scan=ScanView(count=1, late=0, missed=0, duration_ms=1.0, lateness_ms=0.0),
        records=RecordsView(ok=True, queued=0, journal_id=0, detail=""),
        tally=Tally(),
        trend=Trend(),
    )
    return snapshot(bench.state, Inputs(bench.now, None), result.outputs.demand, house)


def outcome(bench: Bench, kind: CommandKind, command_id: str, role: Role = Role.SERVICE, second: str | None = None, **args: Any) -> str:
    answer = bench.scan(press(kind, command_id, role, **args)._replace(second=second)).outputs.answers[0]
    return answer.outcome.value if answer.outcome is Outcome.ACCEPTED else answer.reasons[0].code


def bench(state: CycleState = C.STOPPED) -> Bench:
    b = Bench(state)
    b.run(3)
    assert b.state.alarms == {}
    return b


def events(result: Any, kind: EventKind) -> list[dict[str, Any]]:
    return [e.data for e in result.events if e.kind is kind]


def test_a_shelved_alarm_is_journalled_listed_and_comes_back() -> None:
    b = bench()
    result = b.scan(press(K.SHELVE, "s1", alarm="LN2-LOW", minutes=2, reason="tank is being changed"))
    (row,) = events(result, EventKind.ALARM)
    assert row | {"detail": ""} == {
        "alarm": "LN2-LOW",
        "priority": "low",
        "from": "normal",
        "to": "shelved",
        "detail": "",
        "event": "shelve",
        "reason": "tank is being changed",
        "second": None,
        "until_in_s": 120.0,
        "user": "anna",
    }
    (hidden,) = view(b).hidden_alarms
    assert (hidden.id, hidden.state, hidden.reason, hidden.klass) == ("LN2-LOW", "shelved", "tank is being changed", "equipment")
    assert hidden.remaining_s == pytest.approx(120.0, abs=1.0)
    b.now += 119.0
    b.scan()
    assert b.state.alarms["LN2-LOW"].state is S.SHELVED
    b.run(10)
    assert b.state.alarms == {}


def test_start_up_ends_all_shelving() -> None:
    b = bench()
    assert outcome(b, K.SHELVE, "s1", alarm="LN2-LOW", minutes=300, reason="tank") == "accepted"
    result = b.scan(press(K.START_UP, "u1"))
    assert b.state.cycle.state is C.SELF_TEST
    assert [r["reason"] for r in events(result, EventKind.ALARM)] == ["started up"]


@pytest.mark.req("SRS-ALM-006")
def test_a_safety_alarm_out_of_service_blocks_the_chamber_until_it_is_back() -> None:
    b = bench()
    args = {"alarm": "OVERCOLD", "reason": "sensor is being changed"}
    assert outcome(b, K.OUT_OF_SERVICE, "o1", **args) == "second_person_needed"
    assert outcome(b, K.OUT_OF_SERVICE, "o2", role=Role.OPERATOR, second="bob", **args) == "role_too_low"
    assert outcome(b, K.OUT_OF_SERVICE, "o3", second="bob", **args) == "accepted"
    b.scan()
    assert [c.id for c, _ in b.state.verdict.acting] == ["ALARM-OUT"]
    now = view(b)
    assert [(h.id, h.state) for h in now.hidden_alarms] == [("OVERCOLD", "out_of_service")]
    assert [a.id for a in now.alarms] == ["ALARM-OUT"]
    assert "ALARM-OUT" in {str(r.params.get("cause")) for r in now.commands["begin_boarding"].reasons} or now.action == "block_new"
    assert outcome(b, K.OUT_OF_SERVICE, "o4", alarm="ALARM-OUT", reason="no", second="bob") == "reason_missing"
    assert outcome(b, K.RETURN_TO_SERVICE, "o5", alarm="OVERCOLD") == "accepted"
    b.run(2)
    assert b.state.verdict.acting == ()


def test_out_of_service_ends_with_the_process() -> None:
    day = Day()
    day.operator = None
    alarms, _ = order({}, "OVERCOLD", AlarmEvent.TAKE_OUT, "anna and bob", "work", day.now)
    day.chamber.state = day.chamber.state._replace(alarms=alarms)
    day.chamber.restart()
    assert day.chamber.state.alarms == {}


FAULTS = (("ln2_supply_lost", "supply"), ("sensor_open", "TT-101"), ("sample_flow_lost", "chamber"), ("sensor_open", "AT-101A"))


@pytest.mark.req("SRS-ALM-006")
def test_a_hidden_alarm_hides_no_interlock(ready: Day) -> None:
    """The same faults with every alarm out of service that can be: the same states, causes and demands, scan by scan."""
    ready.operator = None
    plain, hidden = ready, ready.copy()
    alarms = dict(hidden.chamber.state.alarms)
    for alarm_id, info in ALARMS.items():
        if info.klass is not AlarmClass.SAFETY:
            alarms, _ = order(alarms, alarm_id, AlarmEvent.TAKE_OUT, "anna", "test of the rule", ready.now)
    hidden.chamber.state = hidden.chamber.state._replace(alarms=alarms)
    seen: set[str] = set()
    for n in range(600):
        for day in (plain, hidden):
            if n % 150 == 0:
                day.inject(*FAULTS[n // 150])
            day.scan()
        assert plain.chamber.outputs is not None
        assert hidden.chamber.outputs is not None
        assert plain.chamber.outputs.demand == hidden.chamber.outputs.demand
        assert plain.state is hidden.state
        assert plain.acting == hidden.acting
        seen |= set(plain.acting)
    assert {"T-SENS-BAD", "O2-SAMPLE", "O2-SENS-BAD"} <= seen
    assert hidden.chamber.state.alarms["T-SENS-BAD"].state is S.OUT_OF_SERVICE
    assert plain.chamber.state.alarms["T-SENS-BAD"].state is S.UNACK


@pytest.mark.req("SRS-ALM-008")
def test_the_sound_pauses_for_two_minutes_and_a_new_alarm_ends_it() -> None:
    b = bench()
    assert view(b).audio.model_dump() == {"priority": None, "melody": None, "alarm": None, "paused_s": None}
    assert outcome(b, K.AUDIO_PAUSE, "p1") == "nothing_sounds"
    b.scan(api_age_s=6.0)
    b.scan(api_age_s=6.0)
    assert b.state.alarms["API-SILENT"].state is S.UNACK
    result = b.scan(press(K.AUDIO_PAUSE, "p2"), api_age_s=6.0)
    assert events(result, EventKind.AUDIO) == [{"paused": True, "seconds": 120.0, "reason": "asked for", "user": "anna"}]
    b.now += 119.0
    assert not events(b.scan(api_age_s=6.0), EventKind.AUDIO)
    b.now += 0.7
    told = [e for _ in range(5) for e in events(b.scan(api_age_s=6.0), EventKind.AUDIO)]
    assert [(e["paused"], e["reason"]) for e in told] == [(False, "time over")]
    b.scan(press(K.AUDIO_PAUSE, "p3"), api_age_s=6.0)
    assert b.state.annunciation.paused_until_s is not None
    result = b.scan(api_age_s=6.0, sign_in_abused=True)  # a low alarm is a new alarm, too
    assert [(e["paused"], e["reason"]) for e in events(result, EventKind.AUDIO)] == [(False, "new alarm")]
    assert set(b.state.alarms) == {"API-SILENT", "SEC-AUTH"}


def test_wrong_sign_ins_are_told_and_touch_nothing() -> None:
    b = bench()
    b.scan(sign_in_abused=True)
    assert b.state.alarms["SEC-AUTH"].priority is Priority.LOW
    assert b.state.verdict.effects == frozenset()


FLOOD = (
    *(("sensor_open", tag) for tag in ("TT-101", "TT-102", "TT-201", "AT-101A", "AT-101B", "AT-201A", "AT-301", "LT-401")),
    *(("contact_stuck", contact) for contact in ("ZS-101A", "HS-101")),
    *((kind, None) for kind in ("mains_lost", "extract_fan_lost", "sample_flow_lost", "ln2_supply_lost", "recirculation_fan_lost")),
)


@pytest.mark.req("SRS-ALM-002")
def test_a_flood_has_one_first_cause_one_sound_and_everything_else_under_it(exposed: Day) -> None:
    """FI-23, with guests inside: what breaks within two seconds is one group under its first cause."""
    exposed.operator = None
    for kind, target in FLOOD:
        exposed.inject(kind, target)
        exposed.scan()
    exposed.run(8.0)
    bench = Bench()
    bench.state, bench.now, bench.silent = exposed.chamber.state, exposed.now, True
    now = view(bench)
    assert len(now.alarms) >= 8
    (first,) = (a for a in now.alarms if a.first_out)
    assert first.under is None
    rank = {"high": 3, "medium": 2, "low": 1}
    for a in now.alarms:
        if a.id == first.id:
            continue
        follows = a.since >= first.since and rank[a.priority] <= rank[first.priority] and not ALARMS[a.id].alone
        assert (a.under == first.id) is follows, a.id
    assert sum(a.under is not None for a in now.alarms) >= 6
    assert now.audio.priority == "high"
    assert now.audio.alarm == first.id


def test_an_alarm_that_stands_keeps_its_date_to_the_microsecond() -> None:
    """What is dated anew is sent and drawn anew, ten times a second."""
    b = bench()
    b.silent = True
    b.run(30)
    first = view(b).alarms
    assert [a.id for a in first] == ["COMM-PLC"]
    assert [a.since for a in view(b).alarms] == [a.since for a in first]
