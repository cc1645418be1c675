"""What an alarm looks and sounds like, as numbers: one source for the panel, a sounder and the tests (IEC 60601-1-8).

Limits and melodies as in the safety reference, 1.6; the figures of the standard itself are to be checked against the bought
text before a claim is made of them. Times are seconds, frequencies Hz, levels dB below the fundamental. H-23, H-24.
"""

from __future__ import annotations

from typing import NamedTuple

from chamber.alarm_list import Melody, Priority

AUDIO_PAUSE_MAX_S = 120.0  # H-24: a pause ends by itself, and with any new alarm

_C4, _D4, _E4, _F4, _G4, _A4, _B4, _C5 = 261.63, 293.66, 329.63, 349.23, 392.00, 440.00, 493.88, 523.25

MELODIES: dict[Melody, tuple[float, float, float, float, float]] = {
    # fundamentals of the five notes of a high-priority burst; lower priorities play the first ones
    Melody.GENERAL: (_C4, _C4, _C4, _C4, _C4),
    Melody.OXYGEN: (_C5, _B4, _A4, _G4, _F4),
    Melody.TEMPERATURE: (_C4, _D4, _E4, _F4, _G4),
}


class Harmonic(NamedTuple):
    """``multiple`` of the fundamental; ``level_db`` against it."""

    multiple: int
    level_db: float


HARMONICS: tuple[Harmonic, ...] = (
    Harmonic(1, 0.0),
    Harmonic(2, -3.0),
    Harmonic(3, -4.5),
    Harmonic(4, -6.0),
    Harmonic(5, -8.0),
    Harmonic(6, -10.0),
)


class Signal(NamedTuple):
    """Light and sound of one priority. ``gaps_s`` are the silences between pulses; ``notes`` the note of each pulse.

    ``flash_hz`` is None for a constant light. ``inter_burst_s`` is the silence between two bursts. ``edge_s`` is the rise
    and the fall of a pulse, inside its duration: without them a loudspeaker clicks.
    """

    colour: str
    flash_hz: float | None
    duty_pct: float
    pulse_s: float
    gaps_s: tuple[float, ...]
    notes: tuple[int, ...]
    inter_burst_s: float
    edge_s: float

    @property
    def starts_s(self) -> tuple[float, ...]:
        """Start of each pulse, from the start of the burst."""
        starts = [0.0]
        for gap in self.gaps_s:
            starts.append(starts[-1] + self.pulse_s + gap)
        return tuple(round(s, 6) for s in starts)

    @property
    def burst_s(self) -> float:
        return round(self.starts_s[-1] + self.pulse_s, 6)


_X, _TD = 0.1, 0.15  # pulse spacing and duration of the high-priority burst
_FIVE = (_X, _X, 2.0 * _X + _TD, _X)  # three pulses, a rest as long as one more, two pulses

SIGNALS: dict[Priority, Signal] = {
    Priority.HIGH: Signal("red", 2.0, 50.0, _TD, (*_FIVE, 0.5, *_FIVE), (0, 1, 2, 3, 4) * 2, 5.0, 0.02),
    Priority.MEDIUM: Signal("yellow", 0.6, 50.0, 0.2, (0.2, 0.2), (0, 1, 2), 10.0, 0.03),
    Priority.LOW: Signal("cyan", None, 100.0, 0.2, (0.2,), (0, 1), 20.0, 0.03),
}
