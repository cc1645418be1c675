"""Random days: drawn, played, judged, counted, kept and repeated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import beta, chi2
from typer.testing import CliRunner

from chamber.events import Event, EventKind
from cryochamber import sweep
from cryochamber.bound import upper_bound, upper_rate
from cryochamber.chance import CHANCES, Day, Visit, device_of
from cryochamber.chance import draw as draw_for
from cryochamber.cli import app
from cryochamber.config import load_profile
from cryochamber.fault_case import Act
from cryochamber.judge import CLAIMS, Judge
from cryochamber.sweep import play_days, run
from cryochamber.tally import Line, Tally, summary
from cryochamber.trial import GIVEN_UP_S, Trials
from cryochamber.virtual import VirtualChamber
from simulator.cabin.plant import CabinPlant
from simulator.faults import KINDS
from simulator.people import Person, Place
from simulator.world import lacks

WALK_IN = device_of(load_profile())
CABIN = device_of(load_profile("cabin"))


def draw(seed: int, number: int) -> Day:
    return draw_for(seed, number, WALK_IN)


@pytest.fixture(scope="module")
def trials() -> Trials:
    return Trials(load_profile())


def day(**more: Any) -> Day:
    visit = {"pause_s": 0.0, "persons": 2, "program": "first-visit"} | more.pop("visit", {})
    return Day.model_validate({"number": 0, "seed": 5, "stage": 0, "goes_on": False, "visits": [visit]} | more)


# -- drawing ------------------------------------------------------------------------------------------------------------


def test_every_chance_names_something_that_can_be_broken() -> None:
    for c in CHANCES:
        if c.kind in KINDS:
            kind = KINDS[c.kind]
            assert set(c.targets) <= set(kind.targets), c
            ranges = {p.name: (p.low, p.high) for p in kind.params}
            for name, low, high in c.params:
                assert ranges[name][0] <= low <= high <= ranges[name][1], c
        else:
            Act.model_validate({"act": "command" if c.kind in ("stop", "evacuate") else c.kind})


def test_the_same_seed_draws_the_same_day_and_another_another() -> None:
    assert draw(3, 17) == draw(3, 17)
    assert len({draw(3, n).model_dump_json() for n in range(50)} | {draw(4, n).model_dump_json() for n in range(50)}) == 100


def test_shares_of_what_is_drawn() -> None:
    visits = [v for n in range(800) for v in draw(1, n).visits]
    calm = sum(not v.mishaps for v in visits) / len(visits)
    assert 0.50 < calm < 0.60
    assert max(len(v.mishaps) for v in visits) == 3
    drawn = {a.kind or a.act for v in visits for a in v.mishaps}
    assert {c.kind for c in WALK_IN.chances} <= drawn | {"command"} | {c.kind for c in CHANCES if c.weight <= 1.0}


def test_two_channels_of_one_safeguard_are_never_broken_on_one_day() -> None:
    for n in range(800):
        broken = [a for v in draw(2, n).visits for a in v.mishaps if a.act == "inject"]
        for pair in (("AT-101A", "AT-101B", "AT-101C"), ("ZS-101A", "ZS-101B"), ("TT-101", "TT-102", "TT-103")):
            assert sum(a.target in pair for a in broken) <= 1
        assert sum(a.kind in ("valve_stuck", "valve_passing", "nitrogen_leak") for a in broken) <= 1


def test_a_day_of_a_cabin_has_one_guest_and_breaks_only_what_a_cabin_has() -> None:
    visits = [v for n in range(400) for v in draw_for(1, n, CABIN).visits]
    assert {v.persons for v in visits} == {1}
    mishaps = [a for v in visits for a in v.mishaps]
    assert not {a.target for a in mishaps} & lacks("cabin")
    assert "hold_outer" not in {a.act for a in mishaps}
    assert {"lift_low", "YS-103"} <= {a.kind for a in mishaps} | {a.target for a in mishaps}
    assert {c.kind for c in WALK_IN.chances} == {c.kind for c in CHANCES} - {"lift_low"}


# -- playing and judging -------------------------------------------------------------------------------------------------


def test_a_clean_day_is_whole_and_clean_and_repeats_itself(trials: Trials) -> None:
    first, again = trials.play(day()), trials.play(day())
    assert first == again
    assert (first.begun, first.whole, first.persons, first.violations) == (1, 1, 2, ())
    assert first.face_o2_min_pct is not None
    assert 20.0 < first.face_o2_min_pct < 21.0
    assert first.skin_min_c is not None
    assert 8.0 < first.skin_min_c < 25.0
    assert 85.0 < first.stay_max_s < 100.0


def test_a_day_that_cannot_go_on_is_given_up_once_nothing_more_is_to_happen(trials: Trials) -> None:
    silent = Act(at_s=30.0, act="inject", kind="plc_silent", target="plc")
    held = Act(at_s=40.0, act="call", for_s=100.0)
    outcome = trials.play(day(visit={"mishaps": [silent, held]}))
    assert (outcome.given_up, outcome.begun, outcome.whole, outcome.violations) == (True, 1, 0, ())
    assert 40.0 + 100.0 + GIVEN_UP_S <= outcome.simulated_s <= 300.0


def test_an_operator_who_is_told_that_no_door_was_opened_opens_it_and_looks_in(trials: Trials) -> None:
    """Guests who turn round in the door: it has not been seen to open since the PLC holds them to be inside."""
    turned_down = 0
    for at_s in (4.5, 5.5):
        events: list[Event] = []
        key = Act(at_s=at_s, act="inject", kind="service_key", target="cabinet")
        outcome = trials.play(day(visit={"mishaps": [key]}), lambda _, told, into=events: into.extend(told))
        confirmed = [e.data["outcome"] for e in events if e.kind is EventKind.COMMAND and e.data["command"] == "confirm_empty"]
        assert confirmed in (["accepted"], ["rejected", "accepted"])
        assert not outcome.given_up
        turned_down += len(confirmed) - 1
    assert turned_down > 0


@pytest.fixture
def judged(trials: Trials) -> tuple[VirtualChamber, Judge]:
    chamber = trials.chamber(day())
    return chamber, Judge(chamber)


def _scans(chamber: VirtualChamber, judge: Judge, seconds: float, hold: Any = lambda: None, ran: bool = True) -> set[str]:
    """Let plant time pass with the truth held as ``hold`` sets it, without anybody who would act on it; what was violated."""
    for _ in range(round(seconds * 10)):
        chamber.world.plant.scan += 1
        hold()
        judge.look((), ran)
    return {v.claim for v in judge.violations}


def _somebody(chamber: VirtualChamber, place: Place) -> Person:
    person = Person()
    person.place = person.goal = place
    chamber.world.plant.crowd.people.append(person)
    return person


def test_the_judge_sees_low_oxygen_where_somebody_is_and_only_there(judged: tuple[VirtualChamber, Judge]) -> None:
    chamber, judge = judged
    truth = chamber.world.truth()
    chamber.world.truth = lambda: truth._replace(o2_main_pct=17.9)  # type: ignore[method-assign]
    _somebody(chamber, Place.PRE)
    assert "face-oxygen" not in _scans(chamber, judge, 1.0)
    _somebody(chamber, Place.MAIN)
    assert "face-oxygen" in _scans(chamber, judge, 1.0)


def test_the_judge_sees_a_sunk_face_and_nitrogen_about_it() -> None:
    chamber = VirtualChamber(load_profile("cabin"), 1, "precooled")
    judge = Judge(chamber)
    person = _somebody(chamber, Place.MAIN)
    person.fainted = True
    plant, truth = chamber.world.plant, chamber.world.truth()
    assert isinstance(plant, CabinPlant)
    plant._slumped, plant.flow_kg_s = 1.0, 0.01
    chamber.world.truth = lambda: truth._replace(o2_main_pct=14.0)  # type: ignore[method-assign]
    assert not {"face-oxygen", "flow-face"} & _scans(chamber, judge, 2.5)
    assert "flow-face" in _scans(chamber, judge, 1.0)
    assert "face-oxygen" not in _scans(chamber, judge, 10.0)  # it may take the purge so long
    assert "face-oxygen" in _scans(chamber, judge, 2.5)


def test_the_judge_sees_flow_with_a_door_open(judged: tuple[VirtualChamber, Judge]) -> None:
    chamber, judge = judged
    plant = chamber.world.plant
    plant.inner.fraction, plant.flow_kg_s = 0.5, 0.01
    assert "flow-door" not in _scans(chamber, judge, 2.9)
    plant.defects.supply_bar = 7.3  # the same stroke lets more through
    assert "flow-door" not in _scans(chamber, judge, 1.0)
    plant.defects.supply_bar = None
    assert "flow-door" in _scans(chamber, judge, 0.4)


def test_the_judge_sees_cold_skin_overstay_and_nobody_calling(judged: tuple[VirtualChamber, Judge]) -> None:
    chamber, judge = judged
    chamber.world.plant.flow_kg_s = 0.0
    person = _somebody(chamber, Place.MAIN)
    person.body.stand(173.15, 200.0, 0.2, 150.0)
    assert not {"called", "stay", "skin"} & _scans(chamber, judge, 180.5)
    assert "called" in _scans(chamber, judge, 2.0)
    assert "stay" in _scans(chamber, judge, 9.0)
    person.body.stand(163.15, 163.15, 2.0, 600.0)
    assert "skin" in _scans(chamber, judge, 2.0)


def test_the_judge_sees_who_cannot_get_out_and_spares_the_house_a_stuck_door(judged: tuple[VirtualChamber, Judge]) -> None:
    chamber, judge = judged
    person = _somebody(chamber, Place.MAIN)
    person.goal = Place.OUTSIDE
    chamber.world.plant.inner.stuck = True
    assert "locked-in" not in _scans(chamber, judge, 40.0)
    chamber.world.plant.inner.stuck = False
    assert "locked-in" in _scans(chamber, judge, 31.0)


def test_the_judge_sees_flow_with_people_in_a_state_for_nobody(judged: tuple[VirtualChamber, Judge]) -> None:
    chamber, judge = judged
    chamber.world.plant.flow_kg_s = 0.01
    _somebody(chamber, Place.PRE)
    assert "flow-nobody" in _scans(chamber, judge, 3.2)  # READY


def test_the_judge_sees_a_valve_that_outlives_the_lease(judged: tuple[VirtualChamber, Judge]) -> None:
    chamber, judge = judged
    chamber.world.actuators = chamber.world.actuators._replace(xv_401=True)
    assert "lease" not in _scans(chamber, judge, 5.5, ran=False)
    assert "lease" in _scans(chamber, judge, 0.4, ran=False)


@pytest.mark.parametrize(
    ("kind", "data", "claim"),
    [
        (EventKind.STATE, {"from": "idle", "to": "precool", "cause": "condition:time"}, "cold-command"),
        (EventKind.STATE, {"from": "evacuate", "to": "stopped", "cause": "command:stop"}, "latch"),
        (EventKind.STATE, {"from": "ready", "to": "exposure", "cause": "command:start_session"}, "exposure"),
        (EventKind.COMMAND, {"command": "stop", "outcome": "refused"}, "stop"),
        (EventKind.INVARIANT, {"invariant": "I4", "state": "ready"}, "monitor"),
    ],
)
def test_the_judge_sees_what_the_supervisor_must_not_say(
    judged: tuple[VirtualChamber, Judge], kind: EventKind, data: dict[str, Any], claim: str
) -> None:
    chamber, judge = judged
    judge.look([Event(kind, chamber.now_s, data)], True)
    assert {v.claim for v in judge.violations} == {claim}


def test_the_judge_sees_a_latched_state_that_nobody_is_told_of(judged: tuple[VirtualChamber, Judge]) -> None:
    chamber, judge = judged
    chamber.state = chamber.state._replace(alarms={})
    judge.look([Event(EventKind.STATE, chamber.now_s, {"from": "ready", "to": "fault", "cause": "cause:X"})], True)
    assert "alarm" not in _scans(chamber, judge, 1.9)
    assert "alarm" in _scans(chamber, judge, 0.4)


def test_the_judge_sees_somebody_left_behind(judged: tuple[VirtualChamber, Judge]) -> None:
    chamber, judge = judged
    _somebody(chamber, Place.MAIN)
    judge.look([Event(EventKind.STATE, chamber.now_s, {"from": "exit", "to": "recool", "cause": "command:confirm_empty"})], True)
    assert "left-behind" in {v.claim for v in judge.violations}


def test_a_supervisor_that_ignores_doors_is_found_out(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: plant, doors and guests as ever, but the PLC and the supervisor told that every door is shut."""
    shut = {"ZS-101A": 1.0, "ZS-101B": 0.0, "ZS-201A": 1.0, "ZS-201B": 0.0}
    acts = [Act(act="inject", kind="contact_stuck", target=t, params={"closed": v}) for t, v in shut.items()]
    outcome = trials.play(day(visits=[Visit(pause_s=0.0, persons=2, program="first-visit", mishaps=tuple(acts))]))
    assert {v.claim for v in outcome.violations} & set(CLAIMS)


# -- counting, keeping, repeating -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "n"), [(0, 1), (0, 10_000), (1, 50), (3, 3), (7, 1000)])
def test_the_bound_is_clopper_pearson(k: int, n: int) -> None:
    exact = 1.0 if k == n else float(beta.ppf(0.95, k + 1, n - k))
    assert upper_bound(k, n) == pytest.approx(exact, rel=1e-9)
    assert upper_rate(k, n) == pytest.approx(float(chi2.ppf(0.95, 2 * k + 2)) / 2.0 / n, rel=1e-9)


def test_bounds_that_cannot_be_are_refused() -> None:
    assert upper_bound(0, 0) == 1.0
    for bad in ((2, 1, 0.95), (-1, 1, 0.95), (0, 1, 1.0)):
        with pytest.raises(ValueError, match="cannot be"):
            upper_bound(*bad)


def _line(number: int, violations: tuple[tuple[str, float, str], ...] = ()) -> Line:
    return Line(number, 2, 2, 1, 4, 2, 400.0, ("hang",), violations, 20.5, 11.0, 95.0, False, 0.5)


def test_a_stopped_run_goes_on_and_another_campaign_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[int] = []

    def some(seed: int, numbers: range, _device: str) -> list[Line]:
        if len(played) == 3:
            raise KeyboardInterrupt
        played.extend(numbers)
        return [_line(n) for n in numbers]

    monkeypatch.setattr(sweep, "play_days", some)
    assert run(20, 1, 1, tmp_path) is False
    kept = (tmp_path / "days.jsonl").read_text()
    (tmp_path / "days.jsonl").write_text(kept + '[3, 2, "torn')  # the line that was being written
    monkeypatch.setattr(sweep, "play_days", lambda seed, numbers, _device: [_line(n) for n in numbers])
    assert run(20, 1, 1, tmp_path) is True
    assert [json.loads(x)[0] for x in (tmp_path / "days.jsonl").read_text().splitlines()] == list(range(10))
    assert json.loads((tmp_path / "report.json").read_text())["sessions"] == 20
    result = CliRunner().invoke(app, ["campaign", "--seed", "2", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "another seed, device or build" in result.output


def test_violations_are_kept_with_all_that_repeats_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = (("skin", 120.0, "skin at 3.0 °C"),)
    monkeypatch.setattr(sweep, "play_days", lambda seed, numbers, _device: [_line(n, wrong if n == 1 else ()) for n in numbers])
    assert run(6, 9, 1, tmp_path) is False
    (text,) = (tmp_path / "failures.jsonl").read_text().splitlines()
    kept = json.loads(text)
    assert kept["seed"] == "9:1"
    assert kept["violations"] == [{"claim": "skin", "t_s": 120.0, "text": "skin at 3.0 °C"}]
    assert Day.model_validate(kept["day"]) == draw(9, 1)
    assert set(kept["build"]) == {"version", "configuration", "code"}
    assert "VIOLATED on 1 days: skin" in capsys.readouterr().out


def test_the_report_states_the_bound_and_its_limits() -> None:
    tally = Tally()
    for n in range(500):
        tally.add(_line(n))
    report = tally.report()
    assert report["bound_per_session_95"] == pytest.approx(3.0 / 1000.0, rel=0.01)
    text = "\n".join(summary(report, 10.0, 1000, 2, 40))
    assert "2.99e-03 a session" in text
    assert "No figure for a real chamber" in text


def test_replay_repeats_a_kept_failure_with_trace_and_journal(tmp_path: Path, trials: Trials) -> None:
    mishap = Act(at_s=20.0, act="inject", kind="door_stuck", target="inner")
    outcome = trials.play(day(visit={"mishaps": [mishap]}))
    kept = {
        "seed": "1:0",
        "profile": "walk-in-two-room",
        "build": {},
        "violations": [{"claim": v.claim, "t_s": v.t_s, "text": v.text} for v in outcome.violations],
        "day": outcome.day.model_dump(mode="json", exclude_defaults=True),
    }
    (tmp_path / "f.jsonl").write_text(json.dumps(kept) + "\n")
    result = CliRunner().invoke(app, ["replay", str(tmp_path / "f.jsonl"), "--out", str(tmp_path), "--no-plot"])
    assert "the same as kept" in result.output
    assert "NOT" not in result.output
    rows = (tmp_path / "replay-1-0" / "trace.csv").read_text().splitlines()
    assert len(rows) == round(outcome.simulated_s * 10) + 1
    journal = [json.loads(x) for x in (tmp_path / "replay-1-0" / "journal.jsonl").read_text().splitlines()]
    assert any(e["kind"] == "session_opened" for e in journal)


@pytest.mark.parametrize(
    ("what", "error"), [("nothing.jsonl", "SEED:DAY"), ("bad.jsonl", "bad.jsonl:1: not a failure"), ("empty.jsonl", "holds no failures")]
)
def test_what_cannot_be_replayed_is_told(tmp_path: Path, what: str, error: str) -> None:
    (tmp_path / "bad.jsonl").write_text('{"seed": 1}\n')
    (tmp_path / "empty.jsonl").write_text("")
    result = CliRunner().invoke(app, ["replay", str(tmp_path / what)])
    assert result.exit_code == 2
    assert error in result.output


@pytest.mark.long
def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    assert run(12, 5, 1, tmp_path / "one") == run(12, 5, 2, tmp_path / "two")
    one, two = ([json.loads(x)[:-1] for x in (tmp_path / n / "days.jsonl").read_text().splitlines()] for n in ("one", "two"))
    assert one == two


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_hundreds_of_sessions_without_a_violation(seed: int) -> None:
    lines = [line for n in range(150) for line in play_days(seed, range(n, n + 1), "walk-in-two-room")]
    assert [(f"{seed}:{x.day}", x.mishaps, x.violations) for x in lines if x.violations] == []
