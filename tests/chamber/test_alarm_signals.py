"""Light and sound of the alarms against the limits of the safety reference, 1.6, typed a second time."""

from __future__ import annotations

import pytest

from chamber.alarm_list import ALARMS, Melody, Priority
from chamber.alarm_signals import AUDIO_PAUSE_MAX_S, HARMONICS, MELODIES, SIGNALS

H, M, L = Priority.HIGH, Priority.MEDIUM, Priority.LOW


@pytest.mark.req("SRS-ALM-009")
def test_colours_and_flash() -> None:
    assert [SIGNALS[p].colour for p in (H, M, L)] == ["red", "yellow", "cyan"]
    high, medium = SIGNALS[H].flash_hz, SIGNALS[M].flash_hz
    assert high is not None
    assert medium is not None
    assert 1.4 <= high <= 2.8
    assert 0.4 <= medium <= 0.8
    assert (SIGNALS[L].flash_hz, SIGNALS[L].duty_pct) == (None, 100.0)
    assert all(20.0 <= SIGNALS[p].duty_pct <= 60.0 for p in (H, M))


@pytest.mark.req("SRS-ALM-009")
def test_burst_of_high_priority() -> None:
    s = SIGNALS[H]
    assert len(s.starts_s) == len(s.notes) == 10
    assert 0.075 <= s.pulse_s <= 0.2
    x = s.gaps_s[0]
    assert 0.05 <= x <= 0.125
    assert s.gaps_s[:4] == s.gaps_s[5:] == (x, x, pytest.approx(2 * x + s.pulse_s), x)
    assert 0.35 <= s.gaps_s[4] <= 1.3
    assert 2.5 <= s.inter_burst_s <= 15.0


@pytest.mark.parametrize(("priority", "pulses", "shortest", "longest"), [(M, 3, 2.5, 30.0), (L, 2, 15.0, float("inf"))])
def test_bursts_of_the_others(priority: Priority, pulses: int, shortest: float, longest: float) -> None:
    s = SIGNALS[priority]
    assert len(s.starts_s) == len(s.notes) == pulses
    assert 0.125 <= s.pulse_s <= 0.25
    assert all(0.125 <= gap <= 0.25 for gap in s.gaps_s)
    assert shortest <= s.inter_burst_s <= longest


@pytest.mark.parametrize("priority", Priority)
def test_starts_follow_from_pulses_and_gaps(priority: Priority) -> None:
    s = SIGNALS[priority]
    between = [b - a - s.pulse_s for a, b in zip(s.starts_s, s.starts_s[1:], strict=False)]
    assert between == pytest.approx(list(s.gaps_s))
    assert s.burst_s == pytest.approx(s.starts_s[-1] + s.pulse_s)
    assert 0.0 < 2 * s.edge_s < s.pulse_s


@pytest.mark.req("SRS-ALM-009")
@pytest.mark.parametrize("melody", Melody)
def test_every_note_has_a_fundamental_in_range_and_four_harmonics_beside_it(melody: Melody) -> None:
    for hz in MELODIES[melody]:
        assert 150.0 <= hz <= 1000.0
        beside = [h for h in HARMONICS if h.multiple > 1 and 300.0 <= hz * h.multiple <= 4000.0]
        assert len(beside) >= 4
    assert all(-15.0 <= h.level_db <= 15.0 for h in HARMONICS)
    assert len({h.multiple for h in HARMONICS}) == len(HARMONICS)


def test_melodies_are_those_of_the_table() -> None:
    semitones = {"C4": 0, "D4": 2, "E4": 4, "F4": 5, "G4": 7, "A4": 9, "B4": 11, "C5": 12}

    def hz(name: str) -> float:
        return 440.0 * 2.0 ** ((semitones[name] - 9) / 12.0)

    expected = {Melody.GENERAL: "C4 C4 C4 C4 C4", Melody.OXYGEN: "C5 B4 A4 G4 F4", Melody.TEMPERATURE: "C4 D4 E4 F4 G4"}
    for melody, notes in expected.items():
        assert MELODIES[melody] == pytest.approx([hz(n) for n in notes.split()], rel=1e-4)


def test_oxygen_sounds_like_oxygen() -> None:
    assert {i for i, a in ALARMS.items() if a.melody is Melody.OXYGEN} == {i for i in ALARMS if i.startswith("O2-")}


def test_no_pause_lasts_longer_than_two_minutes() -> None:
    assert AUDIO_PAUSE_MAX_S == 120.0
