"""The PLC's rule table as Structured Text: set points, on-delays, one piece of code per criterion, effects per trip."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chamber.states import CycleState
from chamber.tags import MAIN_OXYGEN, MAIN_TEMPERATURES, PRE_OXYGEN
from plc_bridge.contract import Trip
from plc_bridge.plc_rules import FORBIDDEN_PRESENCE, LEAVING, PROVEN_OUTPUT, ROWS, START_HOLDS, Criterion, Effect, Reset, Row, Test
from plc_bridge.program.declarations import TEMPERATURE_PER_UNIT, identifier, milliseconds, register_units, tag_register

_VALVE_OF = {"ZT-101": "valve_main", "ZT-201": "valve_pre"}
_MAIN_VALVE_OUTPUT = "OUT_XV_401"
_UNIT_OF_TEST = (Test.BELOW, Test.ABOVE, Test.FALLING, Test.POSITION_OPEN, Test.FLOW_WHILE_CLOSED)


def told_is_one_of(states: Iterable[CycleState], variable: str = "told_state") -> str:
    """Expression: the told cycle state is one of these. ``variable``: where that state stands."""
    return " OR ".join(f"{variable} = CYCLE_{s.name}" for s in sorted(states))


def _name(row: Row, n: int) -> str:
    return f"{row.trip.name}_{n + 1}"


def _holds() -> list[tuple[str, Criterion]]:
    return [(f"HOLD_{n}", c) for n, c in enumerate(START_HOLDS, start=1)]


def _good(tag: str) -> str:
    return f"q_{identifier(tag)} = QUALITY_GOOD"


def set_point(criterion: Criterion) -> int | None:
    """Set point in register units (times: ms). None where the test has none. Raises ValueError where it must have one."""
    if criterion.set_point is None:
        if criterion.test in (*_UNIT_OF_TEST, Test.BELOW_SETPOINT, Test.TIMER, Test.LEASE):
            raise ValueError(f"criterion {criterion.test} of {', '.join(criterion.signals) or 'the PLC'} needs a set point")
        return None
    if criterion.test in (Test.TIMER, Test.LEASE):
        return milliseconds(criterion.set_point)
    if criterion.test is Test.BELOW_SETPOINT:
        return register_units(criterion.set_point, TEMPERATURE_PER_UNIT)
    scales = {tag_register(s).per_unit for s in criterion.signals}
    if len(scales) != 1:
        raise ValueError(f"criterion {criterion.test} of {', '.join(criterion.signals)}: signals of different scale share one set point")
    return register_units(criterion.set_point, scales.pop())


# -- conditions: lines before, and the expression ---------------------------------------------------------------------


def _count(criterion: Criterion, beyond: Callable[[str], str]) -> list[str]:
    lines = ["  hits := 0; bad := 0;"]
    for tag in criterion.signals:
        hit = beyond(identifier(tag))
        lines.append(f"  IF NOT ({_good(tag)}) THEN bad := bad + 1; ELSIF {hit} THEN hits := hits + 1; END_IF;")
    return lines


def _voted(criterion: Criterion) -> str:
    votes = "hits + bad" if criterion.bad_votes else "hits"
    return f"hits > 0 AND {votes} >= {criterion.votes}"


def _threshold(sign: str) -> Callable[[Criterion, str], tuple[list[str], str]]:
    return lambda c, name: (_count(c, lambda v: f"{v} {sign} SP_{name}"), _voted(c))


def _overcold(c: Criterion, name: str) -> tuple[list[str], str]:
    if c.signals != MAIN_TEMPERATURES or not c.bad_votes:
        raise ValueError("relative over-cold: the program arms it on the main room's thermometers and counts bad ones as votes")
    return _count(c, lambda v: f"{v} < told_setpoint - SP_{name}"), f"overcold_counts AND {_voted(c)}"


def _bad(c: Criterion, name: str) -> tuple[list[str], str]:
    lines = ["  bad := 0;"]
    for tag in c.signals:
        q = f"q_{identifier(tag)}"
        lines.append(f"  IF {q} <> QUALITY_GOOD AND {q} <> QUALITY_SAMPLE_FLOW THEN bad := bad + 1; END_IF;")
    return lines, f"bad >= {c.votes}"


def _falling(c: Criterion, name: str) -> tuple[list[str], str]:
    if len(c.signals) != 3:
        raise ValueError(f"criterion falling of {', '.join(c.signals)}: the program's median takes three signals")
    pairs = ", ".join(f"{p} := {identifier(s)}, {p}_good := {_good(s)}" for p, s in zip("abc", c.signals, strict=True))
    return [f"  fall_{name}({pairs},", f"    ms := ms, fall := SP_{name});"], f"fall_{name}.q"


def _contacts(c: Criterion, template: str, joint: str) -> tuple[list[str], str]:
    return [], f" {joint} ".join(template.format(identifier(s)) for s in c.signals)


def _not_opened(c: Criterion, name: str) -> tuple[list[str], str]:
    main, pre = (identifier(s) for s in c.signals)
    return [], f"({told_is_one_of(LEAVING)}) AND (({main} AND NOT exit_inner) OR ({pre} AND NOT exit_outer))"


def _unexpected(c: Criterion, name: str) -> tuple[list[str], str]:
    return [], f"({_contacts(c, '{}', 'OR')[1]}) AND ({told_is_one_of(FORBIDDEN_PRESENCE)})"


def _not_proven(c: Criterion, name: str) -> tuple[list[str], str]:
    return [], f"driven[OUT_{PROVEN_OUTPUT[c.signals[0]].name}] AND NOT {identifier(c.signals[0])}"


def _position(c: Criterion, name: str) -> tuple[list[str], str]:
    tag = c.signals[0]
    return [], f"{_VALVE_OF[tag]} = 0 AND {_good(tag)} AND {identifier(tag)} > SP_{name}"


def _flow(c: Criterion, name: str) -> tuple[list[str], str]:
    tag = c.signals[0]
    return [], f"valve_main = 0 AND valve_pre = 0 AND {_good(tag)} AND {identifier(tag)} > SP_{name}"


_CONDITION: dict[Test, Callable[[Criterion, str], tuple[list[str], str]]] = {
    Test.BELOW: _threshold("<"),
    Test.ABOVE: _threshold(">"),
    Test.BELOW_SETPOINT: _overcold,
    Test.FALLING: _falling,
    Test.BAD: _bad,
    Test.BIT_CLEAR: lambda c, _: _contacts(c, "NOT {}", "OR"),
    Test.BIT_SET: lambda c, _: _contacts(c, "{}", "OR"),
    Test.CONTACTS_AGREE: lambda c, _: _contacts(c, "{}", "="),
    Test.NOT_PROVEN: _not_proven,
    Test.POSITION_OPEN: _position,
    Test.MAIN_NOT_CLOSED: lambda c, _: ([], f"NOT driven[{_MAIN_VALVE_OUTPUT}] AND NOT {identifier(c.signals[0])}"),
    Test.FLOW_WHILE_CLOSED: _flow,
    Test.TIMER: lambda _, __: ([], "exposure_ms >= limit_ms + exit_ms"),
    Test.UNEXPECTED: _unexpected,
    Test.NOT_OPENED: _not_opened,
    Test.LEASE: lambda _, name: ([], f"(leased OR occupied) AND heartbeat_age >= SP_{name}"),
    Test.REQUEST: lambda _, __: ([], "requested"),
    Test.EXPOSED_CLEAR: lambda c, _: ([], f"told_state = CYCLE_{CycleState.EXPOSURE.name} AND ({_contacts(c, 'NOT {}', 'OR')[1]})"),
}


# -- what the generator takes from here -------------------------------------------------------------------------------


def constants() -> list[str]:
    """Set points (register units, ms) and delays (ms) of every criterion."""
    lines = ["  (* Set points in register units, delays in milliseconds *)", "  VAR CONSTANT"]
    for row in ROWS:
        for n, criterion in enumerate(row.criteria):
            name = _name(row, n)
            limit = set_point(criterion)
            if limit is not None and criterion.test is not Test.TIMER:  # the timer's grace is part of limit_ms
                lines.append(f"    SP_{name} : DINT := {limit}; (* {criterion.set_point:g} {criterion.unit} *)")
            lines.append(f"    DT_{name} : DINT := {milliseconds(criterion.delay_s)};")
    for name, hold in _holds():
        limit = set_point(hold)
        if limit is not None:
            lines.append(f"    SP_{name} : DINT := {limit}; (* {hold.set_point:g} {hold.unit} *)")
        lines.append(f"    DT_{name} : DINT := {milliseconds(hold.delay_s)};")
    return [*lines, "  END_VAR"]


def instances() -> list[str]:
    """On-delay timers and filters."""
    lines = ["  VAR"]
    for row in ROWS:
        for n, criterion in enumerate(row.criteria):
            lines.append(f"    t_{_name(row, n)} : held_for;")
            if criterion.test is Test.FALLING:
                lines.append(f"    fall_{_name(row, n)} : oxygen_fall;")
    lines += [f"    t_{name} : held_for;" for name, _ in _holds()]
    lines += [f"    fx_{e.name.lower()} : BOOL;" for e in Effect if e.name is not None]
    return [*lines, "  END_VAR"]


def causes() -> list[str]:
    """Evaluation of the table, row by row. Raises ValueError if rows are not in the order of the trip numbers (first-out)."""
    if [row.trip for row in ROWS] != list(Trip):
        raise ValueError("PLC rule table: rows must stand in the order of the trip numbers, once each; first-out depends on it")
    lines: list[str] = []
    for row in ROWS:
        lines += ["", f"  (* {row.trip.name}: row {row.matrix_row}, {', '.join(row.hazards)} *)"]
        for n, criterion in enumerate(row.criteria):
            name = _name(row, n)
            before, condition = _CONDITION[criterion.test](criterion, name)
            if criterion.occupied_only:
                condition = f"occupied AND ({condition})"
            lines += [*before, f"  t_{name}(cond := {condition},", f"    ms := ms, delay := DT_{name});"]
        present = " OR ".join(f"t_{_name(row, n)}.q" for n in range(len(row.criteria)))
        lines.append(f"  cause[TRIP_{row.trip.name}] := {present};")
    lines += ["", "  (* what refuses a start without tripping: row 26, H-17 *)"]
    for name, hold in _holds():
        before, condition = _CONDITION[hold.test](hold, name)
        lines += [*before, f"  t_{name}(cond := {condition},", f"    ms := ms, delay := DT_{name});"]
    lines.append(f"  start_held := {' OR '.join(f't_{name}.q' for name, _ in _holds())};")
    return lines


def effects() -> list[str]:
    """What the latched trips do, and which of them need a door opened before a reset."""
    names = {e: f"fx_{e.name.lower()}" for e in Effect if e.name is not None}
    lines = [f"  {name} := FALSE;" for name in names.values()]
    lines.append("  reset_needs_door := FALSE;")
    for row in ROWS:
        lines.append(f"  IF trip[TRIP_{row.trip.name}] THEN")
        lines += [f"    {name} := TRUE;" for e, name in names.items() if row.always & e]
        if row.reset is Reset.DOOR_OPENED:
            lines.append("    reset_needs_door := TRUE;")
        extra = [f"      {name} := TRUE;" for e, name in names.items() if row.if_occupied & ~row.always & e]
        if extra:
            lines += ["    IF tripped_occupied THEN", *extra, "    END_IF;"]
        lines.append("  END_IF;")
    return lines


def coldest() -> list[str]:
    """Coldest of the main room's good thermometers."""
    return [f"  IF {_good(t)} THEN good := good + 1; coldest := MIN(coldest, {identifier(t)}); END_IF;" for t in MAIN_TEMPERATURES]


def sampled() -> list[str]:
    """Cells behind the sample pump say nothing while it stands still; a cell that is bad already keeps its reason."""
    lines = ["  IF NOT FS_102 THEN"]
    lines += [f"    IF {_good(t)} THEN q_{identifier(t)} := QUALITY_SAMPLE_FLOW; END_IF;" for t in (*MAIN_OXYGEN, *PRE_OXYGEN)]
    return [*lines, "  END_IF;"]
