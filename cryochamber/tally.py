"""What a campaign counted, what follows from it, and in what words."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from cryochamber.bound import upper_bound, upper_rate
from cryochamber.judge import CLAIMS


class Line(NamedTuple):
    """A day as it is kept: figures only."""

    day: int
    begun: int
    whole: int
    upset: int
    persons: int
    planned: int
    simulated_s: float
    mishaps: tuple[str, ...]
    violations: tuple[tuple[str, float, str], ...]
    face_o2_min_pct: float | None
    skin_min_c: float | None
    stay_max_s: float
    given_up: bool
    cpu_s: float


class Tally:
    """Sums over days, in constant memory."""

    def __init__(self) -> None:
        self.days = self.begun = self.whole = self.upset = self.persons = self.planned = self.given_up = 0
        self.simulated_s = self.cpu_s = 0.0
        self.mishaps: Counter[str] = Counter()
        self.claims: Counter[str] = Counter()
        self.failed_days = 0
        self.face_o2_min_pct: float | None = None
        self.skin_min_c: float | None = None
        self.stay_max_s = 0.0

    def add(self, line: Line) -> None:
        self.days += 1
        self.begun += line.begun
        self.whole += line.whole
        self.upset += line.upset
        self.persons += line.persons
        self.planned += line.planned
        self.given_up += line.given_up
        self.simulated_s += line.simulated_s
        self.cpu_s += line.cpu_s
        self.mishaps.update(m.split()[0] for m in line.mishaps)
        self.claims.update({v[0] for v in line.violations})
        self.failed_days += bool(line.violations)
        self.face_o2_min_pct = _least(self.face_o2_min_pct, line.face_o2_min_pct)
        self.skin_min_c = _least(self.skin_min_c, line.skin_min_c)
        self.stay_max_s = max(self.stay_max_s, line.stay_max_s)

    def report(self) -> dict[str, Any]:
        hours = self.simulated_s / 3600.0
        return {
            "days": self.days,
            "sessions": self.begun,
            "sessions_whole": self.whole,
            "sessions_upset": self.upset,
            "sessions_planned": self.planned,
            "days_given_up": self.given_up,
            "persons": self.persons,
            "simulated_h": round(hours, 2),
            "cpu_s": round(self.cpu_s, 1),
            "days_with_violations": self.failed_days,
            "violations_by_claim": dict(self.claims),
            "mishaps": dict(self.mishaps.most_common()),
            "face_o2_min_pct": self.face_o2_min_pct,
            "skin_min_c": self.skin_min_c,
            "stay_max_s": self.stay_max_s,
            "bound_per_session_95": upper_bound(min(self.failed_days, self.begun), self.begun),
            "bound_per_hour_95": upper_rate(self.failed_days, hours),
        }


def _least(a: float | None, b: float | None) -> float | None:
    return b if a is None else a if b is None else min(a, b)


def summary(r: dict[str, Any], wall_s: float, sessions: int, workers: int, kinds: int) -> list[str]:
    """The report in words, limits included. ``kinds``: of mishap that the device can have."""
    pace = f"{sessions} sessions in {wall_s:.0f} s with {workers} workers, " if sessions else ""
    per = r["cpu_s"] / max(1, r["sessions"])
    speed = r["simulated_h"] * 3600.0 / max(1e-9, r["cpu_s"])
    lines = [
        f"{pace}{r['cpu_s']:.0f} s of CPU, {per:.2f} s a session, {speed:.0f} x real time a core",
        f"{r['sessions']} sessions of {r['sessions_planned']} planned on {r['days']} days, {r['simulated_h']:.1f} h, "
        f"{r['persons']} persons in the main room; "
        f"{r['sessions_upset']} sessions with something broken, {r['sessions_whole']} ran their time, "
        f"{r['days_given_up']} days could not go on",
        f"lowest true oxygen at a face {_s(r['face_o2_min_pct'])} %, coldest true skin {_s(r['skin_min_c'])} °C, "
        f"longest unhindered stay in the main room {r['stay_max_s']:.1f} s",
    ]
    lines += [f"VIOLATED on {n} days: {claim}: {CLAIMS[claim]}" for claim, n in r["violations_by_claim"].items()]
    lines.append(
        f"{r['days_with_violations']} days with a violation: with 95 % confidence fewer than {r['bound_per_session_95']:.2e} a session "
        f"and {r['bound_per_hour_95']:.2e} an hour"
    )
    lines.append(
        f"Holds for sessions drawn like these only: a simulated plant, {kinds} kinds of mishap at rates far above "
        "any plant's, two channels of one safeguard never broken at once, an operator who follows the panel. No figure for a real chamber."
    )
    return lines


def _s(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
