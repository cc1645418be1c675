"""``python -m bench.skin [sessions]``: prints the tables of docs/skin.md. 36 sessions take about two minutes of CPU."""

from __future__ import annotations

import math
import statistics
import sys
from collections import defaultdict

from bench.skin.play import EVERY_S, Play, Said
from bench.skin.published import Row, rows
from chamber.profile import DeviceProfile, Program
from chamber.voting import Vote
from control.skin.model import Estimate
from control.skin.state import Look, begin, follow
from cryochamber.config import load_profile

COLD = Program(id="cold", name="Cold", setpoint_main_c=-140.0, exposure_s=150.0)
PERSONS = (1, 2, 3)
STEADY_C = (-100.0, -105.0, -110.0, -115.0, -120.0, -130.0, -140.0)
MIDDLE_C = 5.0  # proposed end of the reference


def main() -> None:
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else 36
    profile = load_profile()
    _covered([Play(profile, seed, PERSONS[seed % 3]) for seed in range(1, sessions + 1)])
    print()
    _ended(profile)
    print()
    _steady(profile.limits.skin_end_c)
    print()
    _published(rows())


def _covered(plays: list[Play]) -> None:
    """How often the truth of a drawn guest lies inside the bounds."""
    said: dict[str, list[Said]] = defaultdict(list)
    ends: dict[str, list[Said]] = defaultdict(list)
    people = 0
    for play in plays:
        last: list[Said] = []
        for second in play.seconds():
            for s in second:
                if s.seconds % EVERY_S == 0:
                    said[s.estimate.site].append(s)
            last = second or last
        for s in last:
            ends[s.estimate.site].append(s)
        people += len(play.guests)
    print(f"{len(plays)} sessions, {people} guests")
    print("| site | half width at the end | mean place: off at the end | inside | own place: off at the end | inside | below the bound |")
    print("|---|---|---|---|---|---|---|")
    for site, every in said.items():
        half = statistics.mean(0.5 * (s.estimate.high_c - s.estimate.low_c) for s in ends[site])
        mean, placed = ([(s.estimate, getattr(s, of)) for s in every] for of in ("true_c", "placed_c"))
        off, off_placed = ([s.estimate.c - getattr(s, of) for s in ends[site]] for of in ("true_c", "placed_c"))
        below = f"{100 * statistics.mean(true_c < e.low_c for e, true_c in placed):.1f} %"
        print(f"| {site} | {half:.1f} K | {_off(off)} | {_inside(mean)} | {_off(off_placed)} | {_inside(placed)} | {below} |")
    print(f"each share of {len(next(iter(said.values())))} looks, every {EVERY_S} s")


def _off(off: list[float]) -> str:
    return f"{statistics.mean(off):+.1f} ± {statistics.pstdev(off):.1f} K"


def _inside(looks: list[tuple[Estimate, float]]) -> str:
    return f"{100 * statistics.mean(e.low_c <= true_c <= e.high_c for e, true_c in looks):.1f} %"


def _ended(profile: DeviceProfile) -> None:
    """Where it acts: a program at the coldest set point that the profile allows."""
    cold = profile.model_copy(update={"programs": (*profile.programs, COLD)})
    print("| program | guests | ended by | after | coldest spot | true spots |\n|---|---|---|---|---|---|")
    for program, persons in (("standard", 1), ("standard", 3), ("cold", 1), ("cold", 3)):
        play = Play(cold, 7, persons, program)
        true_c = math.inf
        for second in play.seconds():
            true_c = min([true_c, *(s.true_c for s in second if s.estimate.site == "spot")])
        told = play.closed
        least = min(told.get("skin") or [{}], key=lambda e: e.get("c", 0.0))
        print(f"| {program} | {persons} | {told.get('ended_by')} | {told.get('elapsed_s')} s | {least} | {true_c:.1f} °C |", flush=True)


def _steady(end_c: float) -> None:
    """When it acts in gas that stays as it is, and when the middle of the coldest spot is at 5 °C."""
    print("| true gas, °C |", " | ".join(f"{c:.0f}" for c in STEADY_C), "|\n|" + "---|" * (len(STEADY_C) + 1))
    for said, before_s in (("from warm", 0), ("after 30 s at -60 °C", 30)):
        times = [_reached(c, before_s, end_c) for c in STEADY_C]
        print(f"| row acts, {said} |", " | ".join(str(acts) for acts, _ in times), "|")
        print(f"| middle at 5 °C, {said} |", " | ".join(str(middle) for _, middle in times), "|")


def _reached(gas_c: float, before_s: int, end_c: float) -> tuple[int, int]:
    """Seconds in the main room until either; a look falls on every other second."""
    s, t, middle_s = begin(1, 1, (1, 1), 0.0, head_out=False), 0, 0
    pre, main = Vote(-60.0, -60.0, -60.0, 2, 2), Vote(gas_c, gas_c, gas_c, 3, 3)
    while s.low_c is None or s.low_c > end_c:
        t += 1
        inside = t > before_s
        s = follow(s, Look((pre,), (main,), (None, None), not inside, inside, outer_shut=True, inner_shut=True, leaving=False), float(t))
        if s.now and middle_s == 0 and s.now[0][-1].c <= MIDDLE_C:
            middle_s = t - before_s
    return t - before_s, middle_s


def _published(found: list[Row]) -> None:
    print("| study | what | measured | gas as displayed | gas warmer by the offset |\n|---|---|---|---|---|")
    for r in found:
        sd = "" if r.sd is None else f" ± {r.sd:g}"
        print(f"| {r.study} | {r.what} | {r.measured:g}{sd} | {_interval(r.nominal)} | {_interval(r.offset)} |")
    for name, of in (("as displayed", [r.nominal for r in found]), ("warmer by the offset", [r.offset for r in found])):
        colder = [(middle - r.measured) * (1 if r.what.endswith("drop") else -1) for r, (middle, _, _) in zip(found, of, strict=True)]
        inside = sum(low <= r.measured <= high for r, (_, low, high) in zip(found, of, strict=True))
        rms = math.sqrt(statistics.mean(x * x for x in colder))
        print(f"{name}: {inside} of {len(found)} inside; too cold by {statistics.mean(colder):+.1f} K, RMS {rms:.1f} K")


def _interval(of: tuple[float, float, float]) -> str:
    return f"{of[0]:.1f} ({of[1]:.1f} to {of[2]:.1f})"


if __name__ == "__main__":
    main()
