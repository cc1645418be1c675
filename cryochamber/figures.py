"""Key figures of a run: collected once a second from the truth of the plant and from the events of the scan."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from chamber.alarm_list import ALARMS
from chamber.events import Event, EventKind
from chamber.states import CycleState
from cryochamber.virtual import VirtualChamber
from simulator.people import Place

STEADY_AFTER_S = 60.0  # the first minute after the door belongs to physics
FATAL_FREE_PCT = 18.0  # true oxygen at the face below this is a violation (fatality factor above zero)
OVERSTAY_S = 190.0  # nobody may be in the main room longer: 180 s + 5 s of the PLC + walking out


class Row(NamedTuple):
    """One second of the run; temperatures °C, oxygen vol%, valves %, nitrogen kg."""

    t_s: float
    state: str
    main_c: float
    pre_c: float
    main_measured_c: float | None
    setpoint_c: float | None
    valve_main_pct: float
    valve_pre_pct: float
    o2_main_pct: float
    o2_pre_pct: float
    o2_room_pct: float
    persons_pre: int
    persons_main: int
    nitrogen_kg: float


class Collector:
    """Feed it every scan's events and one ``second`` a second."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.events: list[Event] = []
        self.violations: list[str] = []
        self.alarms: Counter[str] = Counter()
        self.sessions_closed = 0
        self.persons = 0
        self._main_since_s: float | None = None

    def take(self, events: Iterable[Event]) -> None:
        for e in events:
            self.events.append(e)
            if e.kind is EventKind.INVARIANT:
                self.violations.append(f"{e.t_s:.1f} s: invariant {e.data['invariant']} in {e.data['state']}")
            elif e.kind is EventKind.ALARM and e.data["to"] == "unack":
                self.alarms[str(e.data["alarm"])] += 1
            elif e.kind is EventKind.SESSION_CLOSED and float(e.data["elapsed_s"] or 0.0) > 0.0:
                self.sessions_closed += 1
                self.persons += int(e.data["persons"] or 0)

    def second(self, chamber: VirtualChamber) -> None:
        truth, state = chamber.world.truth(), chamber.state
        crowd = chamber.world.plant.crowd
        pre, main = crowd.count(Place.PRE), crowd.count(Place.MAIN)
        program = state.cycle.program
        row = Row(
            chamber.now_s,
            state.cycle.state.name.lower(),
            truth.t_main_c,
            truth.t_pre_c,
            None if state.facts is None else state.facts.main.value,
            None if program is None else program.setpoint_main_c,
            100.0 * truth.valve_main,
            100.0 * truth.valve_pre,
            truth.o2_main_pct,
            truth.o2_pre_pct,
            min(truth.o2_room_pct, truth.o2_floor_pct),
            pre,
            main,
            truth.nitrogen_kg,
        )
        self.rows.append(row)
        self._judge(row)

    def _judge(self, row: Row) -> None:
        """Violations that only the truth can show; told once an episode."""
        if row.persons_main == 0:
            self._main_since_s = None
        elif self._main_since_s is None:
            self._main_since_s = row.t_s
        elif row.t_s - self._main_since_s == OVERSTAY_S + 1.0:
            self.violations.append(f"{row.t_s:.0f} s: somebody in the main room for more than {OVERSTAY_S:.0f} s")
        face = min(row.o2_main_pct if row.persons_main > 0 else 100.0, row.o2_pre_pct if row.persons_pre > 0 else 100.0)
        if face < FATAL_FREE_PCT and not any("true oxygen" in v for v in self.violations):
            self.violations.append(f"{row.t_s:.0f} s: true oxygen at the face {face:.2f} % (below {FATAL_FREE_PCT:.0f} %)")


def _first(rows: list[Row], state: str) -> Row | None:
    return next((r for r in rows if r.state == state), None)


def _rms(values: list[float]) -> float | None:
    return math.sqrt(sum(v * v for v in values) / len(values)) if values else None


def _recoveries(events: list[Event]) -> list[float]:
    """Seconds from each confirmed exit (RECOOL) to READY."""
    times: list[float] = []
    since: float | None = None
    for e in events:
        if e.kind is not EventKind.STATE:
            continue
        if e.data["to"] == CycleState.RECOOL.name.lower():
            since = e.t_s
        elif e.data["to"] == CycleState.READY.name.lower() and since is not None:
            times.append(e.t_s - since)
            since = None
        else:
            since = None
    return times


def figures(c: Collector) -> dict[str, float | None]:
    """Name (with unit) -> value; None where the run had nothing to measure."""
    rows = c.rows
    precool, ready = _first(rows, "precool"), _first(rows, "ready")
    boarding = _first(rows, "boarding")
    occupied = [r for r in rows if r.state == "exposure" and r.persons_main > 0 and r.setpoint_c is not None]
    steady = _steady(rows)
    before_first = [r for r in rows if ready is not None and r.t_s >= ready.t_s and (boarding is None or r.t_s < boarding.t_s)]
    overshoot = None
    if before_first and before_first[0].setpoint_c is not None:
        overshoot = max(0.0, max(r.setpoint_c - r.main_c for r in before_first if r.setpoint_c is not None))
    recoveries = _recoveries(c.events)
    service = None if boarding is None else rows[-1].nitrogen_kg - boarding.nitrogen_kg
    high = sum(n for a, n in c.alarms.items() if ALARMS[a].latching)
    inside = [min(r.o2_main_pct, r.o2_pre_pct) for r in rows if r.persons_main + r.persons_pre > 0]
    return {
        "sessions": float(c.sessions_closed),
        "persons": float(c.persons),
        "cool_down_min": None if precool is None or ready is None else (ready.t_s - precool.t_s) / 60.0,
        "ready_after_precool_s": None if precool is None or ready is None else ready.t_s - precool.t_s,
        "cool_down_overshoot_k": overshoot,
        "rms_occupied_k": _rms([r.main_c - r.setpoint_c for r in occupied if r.setpoint_c is not None]),
        "rms_occupied_after_60s_k": _rms([r.main_c - r.setpoint_c for r in steady if r.setpoint_c is not None]),
        "mean_occupied_c": sum(r.main_c for r in occupied) / len(occupied) if occupied else None,
        "recovery_mean_s": sum(recoveries) / len(recoveries) if recoveries else None,
        "recovery_max_s": max(recoveries) if recoveries else None,
        "ln2_total_kg": rows[-1].nitrogen_kg if rows else None,
        "ln2_per_person_kg": service / c.persons if service is not None and c.persons > 0 else None,
        "o2_min_inside_pct": min(inside) if inside else None,
        "o2_min_chamber_pct": min(min(r.o2_main_pct, r.o2_pre_pct) for r in rows) if rows else None,
        "o2_min_room_pct": min(r.o2_room_pct for r in rows) if rows else None,
        "alarms": float(sum(c.alarms.values())),
        "alarms_high": float(high),
        "violations": float(len(c.violations)),
    }


def _steady(rows: list[Row]) -> list[Row]:
    """Seconds of exposure from STEADY_AFTER_S after it began."""
    out: list[Row] = []
    since: float | None = None
    for r in rows:
        if r.state != "exposure":
            since = None
            continue
        if since is None:
            since = r.t_s
        if r.t_s - since >= STEADY_AFTER_S and r.persons_main > 0:
            out.append(r)
    return out
