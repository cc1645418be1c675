"""Decision vectors: for every criterion of the rule table, inputs at its limit and beyond it, and what must follow.

A vector is a list of steps. A step changes inputs, runs a number of scans of ``SCAN_MS`` and states what must then hold.
What is expected comes from the table alone, so that any PLC (simulated, compiled, or the one in the cabinet) can be
held against it. Analogue values are in register units, ``quality`` holds codes of the contract, ``told`` engineering values.
"""

from __future__ import annotations

from typing import TypedDict

from chamber.states import CycleState
from chamber.tags import ANALOG_TAGS, FACE_ABOVE_RIM, Unit
from plc_bridge.contract import EXPOSURE_EXIT_S, SERVICE_VALVE_MAX_PCT, MailReason, Opcode, Output, PlcState, QualityNibble, Trip
from plc_bridge.plc_rules import PROVEN_OUTPUT, ROWS, SERVICE_KEY, START_HOLDS, Criterion, Effect, Row, Test
from plc_bridge.program.declarations import TEMPERATURE_PER_UNIT, register_units, tag_register
from plc_bridge.program.rules import set_point

SCAN_MS = 100
SETPOINT_C = -110.0
EXPOSURE_S = 60.0
_HEALTHY_C = {
    "TT-101": -110.0,
    "TT-102": -110.0,
    "TT-103": -110.0,
    "TT-111": -120.0,
    "TT-201": -60.0,
    "TT-202": -60.0,
    "TT-211": -80.0,
    "JT-001": 100.0,
}
_CLOSED = ("ZS-101A", "ZS-201A", "HS-001A", "HS-001B", "FS-102", "FS-301", "ES-001", "ZSC-401", "JS-001", "HS-301", "YS-103")
_OUTPUTS_OF: dict[Effect, tuple[Output, ...]] = {
    Effect.LEAVE: (Output.LIGHT_MAIN, Output.LIGHT_PRE),
    Effect.DOOR_FREE: (Output.DOOR_HEATER,),
    Effect.PURGE: (Output.PURGE_FAN,),
    Effect.EXTRACT_BOOST: (Output.EXTRACT_BOOST,),
    Effect.ROOM_EVACUATE: (Output.SOUNDER, Output.BEACON_NO_ENTRY),
    Effect.STANDBY_EXTRACT: (Output.STANDBY_EXTRACT,),
    Effect.SOUNDER: (Output.SOUNDER,),
}
_MEASURED = {Test.BELOW: -1, Test.BELOW_SETPOINT: -1, Test.ABOVE: 1, Test.POSITION_OPEN: 1, Test.FLOW_WHILE_CLOSED: 1}
_BY_TURNS = (*_MEASURED, Test.BAD, Test.BIT_CLEAR, Test.EXPOSED_CLEAR, Test.BIT_SET, Test.UNEXPECTED)


class Step(TypedDict, total=False):
    """``scans`` scans with the changes applied before the first; what is expected holds after the last.

    ``latched`` speaks of the vector's trip; ``state``, ``reason`` (of the last mailbox answer) and ``valve_main_out`` are
    register values.
    """

    analog: dict[str, int]
    quality: dict[str, int]
    contacts: dict[str, int]
    told: dict[str, float]
    beating: bool
    purge_answers: bool
    mail: int
    scans: int
    latched: bool
    on: list[str]
    off: list[str]
    state: int
    reason: int
    valve_main_out: int


class Vector(TypedDict):
    """Named steps after the common start; ``trip`` is the trip that ``latched`` speaks of, None if it is not about one."""

    name: str
    trip: str | None
    steps: list[Step]


class Document(TypedDict):
    """The file: scan time, the start that every vector begins with, the vectors."""

    scan_ms: int
    start: Step
    vectors: list[Vector]


def _join(*steps: Step) -> Step:
    joined = Step()
    for step in steps:
        joined.update(step)
    return joined


def healthy() -> Step:
    """Cold, closed, quiet: the inputs every vector starts from, and a supervisor that asks for nitrogen and fan in IDLE."""
    per_kind = {Unit.OXYGEN: 20.95, Unit.BAR_A: 2.0, Unit.KILOPASCAL: 101.3, Unit.PERCENT: 0.0, Unit.KILOGRAM: 2000.0, Unit.CELSIUS: 22.0}
    analog = {t.tag: register_units(_HEALTHY_C.get(t.tag, per_kind.get(t.unit, 0.0)), tag_register(t.tag).per_unit) for t in ANALOG_TAGS}
    told = {
        "cycle_state": float(CycleState.IDLE),
        "setpoint_main": SETPOINT_C,
        "setpoint_pre": -60.0,
        "exposure_limit": EXPOSURE_S,
        "demand_bits": float((1 << Output.XV_401) | (1 << Output.RECIRC_FAN)),
    }
    return Step(analog=analog, contacts=dict.fromkeys(_CLOSED, 1), told=told, beating=True, purge_answers=True, scans=3)


def _inside(state: CycleState) -> Step:
    return Step(told={"cycle_state": float(state), "occupied": 1.0, "persons": 1.0, "session_id": 1.0}, contacts={"YS-201": 1}, scans=3)


def _situation(c: Criterion) -> list[Step]:
    """The circumstances in which the criterion counts."""
    if c.test in (Test.BELOW_SETPOINT, Test.EXPOSED_CLEAR):
        return [_inside(CycleState.EXPOSURE)]
    if c.test is Test.UNEXPECTED:
        return [Step(told={"cycle_state": float(CycleState.READY)}, scans=3)]
    if c.test is Test.NOT_OPENED or c.occupied_only:
        return [_inside(CycleState.PRE_CHAMBER)]
    if c.test is Test.NOT_PROVEN:
        return [Step(purge_answers=False, scans=3)]
    return []


def _measured(c: Criterion, beyond: bool) -> Step:
    limit = set_point(c)
    if limit is None:
        raise ValueError(f"criterion {c.test} of {', '.join(c.signals)} needs a set point")
    if c.test is Test.BELOW_SETPOINT:
        limit = register_units(SETPOINT_C, TEMPERATURE_PER_UNIT) - limit
    return Step(analog=dict.fromkeys(c.signals[: c.votes], limit + (_MEASURED[c.test] if beyond else 0)))


def _provocation(c: Criterion, beyond: bool) -> Step:
    """The input change: just beyond the limit with exactly the votes needed, or at the limit (one vote short)."""
    if c.test in _MEASURED:
        return _measured(c, beyond)
    if c.test is Test.BAD:
        chosen = c.signals[: c.votes if beyond else c.votes - 1]
        return Step(quality=dict.fromkeys(chosen, int(QualityNibble.FAILURE_HIGH)))
    if not beyond:
        return Step()
    if c.test in (Test.BIT_CLEAR, Test.EXPOSED_CLEAR, Test.MAIN_NOT_CLOSED):
        return Step(contacts={c.signals[0]: 0})
    if c.test in (Test.BIT_SET, Test.UNEXPECTED):
        return Step(contacts={c.signals[0]: 1})
    if c.test is Test.CONTACTS_AGREE:
        return Step(contacts=dict.fromkeys(c.signals, 1))
    if c.test is Test.NOT_PROVEN:
        return Step(told={"demand_bits": float(1 << PROVEN_OUTPUT[c.signals[0]])})
    return Step(told={"cycle_state": float(CycleState.EXIT)})  # NOT_OPENED


def _effects(row: Row, occupied: bool) -> Step:
    effects = row.always | (row.if_occupied if occupied else Effect(0))
    on = {o for e, outputs in _OUTPUTS_OF.items() if effects & e for o in outputs}
    off = {Output.XV_401} | ({Output.RECIRC_FAN} if effects & Effect.FAN_OFF else set[Output]())
    return Step(latched=True, on=[o.name for o in sorted(on)], off=[o.name for o in sorted(off)])


def _timed(row: Row, c: Criterion, name: str) -> list[Vector]:
    before = _situation(c)
    occupied = any("occupied" in step.get("told", {}) for step in before) or c.test is Test.UNEXPECTED
    wait = round(c.delay_s * 1000 / SCAN_MS) + (1 if c.test is Test.NOT_PROVEN else 0)  # an output is judged in the scan after
    last = _join(Step(scans=1), _effects(row, occupied))
    provoked = _provocation(c, beyond=True)
    steps = [_join(provoked, Step(scans=wait, latched=False)), last] if wait else [_join(provoked, last)]
    kept = [_join(_provocation(c, beyond=False), Step(scans=wait + 20, latched=False))]
    found = [
        Vector(name=f"{name} beyond", trip=row.trip.name, steps=[*before, *steps]),
        Vector(name=f"{name} at the limit", trip=row.trip.name, steps=[*before, *kept]),
    ]
    if row.if_occupied and not occupied:
        met = _join(provoked, Step(scans=wait + 1), _effects(row, True))
        found.append(Vector(name=f"{name} occupied", trip=row.trip.name, steps=[_inside(CycleState.PRE_CHAMBER), *before, met]))
    if c.bad_votes:
        found += _bad_votes(row, c, name, before, wait)
    return found


def _bad_votes(row: Row, c: Criterion, name: str, before: list[Step], wait: int) -> list[Vector]:
    """A bad signal votes beside one good enough to see it; bad signals alone are another row's business."""
    failure = int(QualityNibble.FAILURE_HIGH)
    alone = Step(quality=dict.fromkeys(c.signals[: c.votes], failure), scans=wait + 20, latched=False)
    some_bad = Step(quality=dict.fromkeys(c.signals[: c.votes - 1], failure))
    one_left = c._replace(votes=1, signals=c.signals[c.votes - 1 :])
    beyond = _join(some_bad, _provocation(one_left, beyond=True), Step(scans=wait + 1, latched=True))
    at_limit = _join(some_bad, _provocation(one_left, beyond=False), Step(scans=wait + 20, latched=False))
    return [
        Vector(name=f"{name} bad alone", trip=row.trip.name, steps=[*before, alone]),
        Vector(name=f"{name} bad and beyond", trip=row.trip.name, steps=[*before, beyond]),
        Vector(name=f"{name} bad and at the limit", trip=row.trip.name, steps=[*before, at_limit]),
    ]


def _seconds(c: Criterion) -> float:
    if c.set_point is None:
        raise ValueError(f"criterion {c.test} needs a time as its set point")
    return c.set_point


def _lease(row: Row, c: Criterion, name: str) -> list[Vector]:
    scans = round(_seconds(c) * 1000 / SCAN_MS)
    before = [_inside(CycleState.PRE_CHAMBER)] if c.occupied_only else []
    steps = [Step(beating=False, scans=scans - 1, latched=False), _join(Step(scans=1), _effects(row, c.occupied_only))]
    return [Vector(name=name, trip=row.trip.name, steps=[*before, *steps])]


def _timer(row: Row, c: Criterion, name: str) -> list[Vector]:
    """From the scan that first sees EXPOSURE the elapsed time grows by one scan; with a visible exit it may last longer."""
    told = Step(told={"cycle_state": float(CycleState.EXPOSURE), "occupied": 1.0, "session_id": 1.0}, contacts={"YS-101": 1})
    scans = round((EXPOSURE_S + _seconds(c)) * 1000 / SCAN_MS)
    leaving = round(EXPOSURE_S * 1000 / SCAN_MS)
    visible = scans + round(EXPOSURE_EXIT_S * 1000 / SCAN_MS)
    last = _join(Step(scans=1), _effects(row, True))
    exit_step = Step(
        told={"cycle_state": float(CycleState.EXIT)}, contacts={"ZS-101A": 0, "ZS-101B": 1}, scans=visible - leaving - 1, latched=False
    )
    return [
        Vector(name=f"{name} told", trip=row.trip.name, steps=[_join(told, Step(scans=scans - 1, latched=False)), last]),
        Vector(
            name=f"{name} visible exit",
            trip=row.trip.name,
            steps=[_join(told, Step(scans=leaving, latched=False)), exit_step, last],
        ),
    ]


def _falling(row: Row, c: Criterion, name: str) -> list[Vector]:
    limit = set_point(c)
    if limit is None:
        raise ValueError("criterion falling needs a set point")
    start = tag_register(c.signals[0]).per_unit * 21  # a fall from here by the limit stays above every other oxygen set point
    before = [_inside(CycleState.PRE_CHAMBER), Step(analog=dict.fromkeys(c.signals, start), scans=130)]
    met = _join(Step(analog=dict.fromkeys(c.signals, start - limit), scans=20), _effects(row, True))
    missed = Step(analog=dict.fromkeys(c.signals, start - limit + 1), scans=120, latched=False)
    return [
        Vector(name=f"{name} met", trip=row.trip.name, steps=[*before, met]),
        Vector(name=f"{name} missed", trip=row.trip.name, steps=[*before, missed]),
    ]


def _request(row: Row, c: Criterion, name: str) -> list[Vector]:
    return [Vector(name=name, trip=row.trip.name, steps=[_join(Step(mail=int(Opcode.EVACUATE), scans=1), _effects(row, False))])]


def _start(reason: MailReason, state: PlcState) -> Step:
    return Step(mail=int(Opcode.START_COOLING), scans=1, reason=int(reason), state=int(state))


def _start_holds() -> list[Vector]:
    """Refuses a start from the end of the delay on; what already runs goes on."""
    found: list[Vector] = []
    for n, c in enumerate(START_HOLDS, start=1):
        wait = round(c.delay_s * 1000 / SCAN_MS)
        provoked = _provocation(c, beyond=True)
        name = f"START-HOLD-{n} {c.test.value} {c.signals[0]}"
        early = _join(provoked, Step(scans=wait))
        # a mailbox is read before the causes of its scan: the verdict of the scan before decides
        found += [
            Vector(
                name=f"{name} held", trip=None, steps=[_join(provoked, Step(scans=wait + 1)), _start(MailReason.BATTERY_LOW, PlcState.SAFE)]
            ),
            Vector(
                name=f"{name} not yet",
                trip=None,
                steps=[early, _start(MailReason.NONE, PlcState.RUN), Step(scans=50, state=int(PlcState.RUN))],
            ),
        ]
        if c.test in _MEASURED:
            kept = _join(_provocation(c, beyond=False), Step(scans=wait + 20))
            found.append(Vector(name=f"{name} at the limit", trip=None, steps=[kept, _start(MailReason.NONE, PlcState.RUN)]))
    return found


def _service_key() -> list[Vector]:
    """RUN in SERVICE only with the key and nobody inside, everywhere else only without the key (H-27)."""
    turned, back = Step(contacts={SERVICE_KEY: 1}, scans=1), Step(contacts={SERVICE_KEY: 0}, scans=1)
    full = register_units(SERVICE_VALVE_MAX_PCT, 10)
    service = Step(told={"cycle_state": float(CycleState.SERVICE), "valve_main": 40.0}, scans=2)
    cooling = Step(told={"cycle_state": float(CycleState.PRECOOL), "valve_main": 40.0}, scans=2)
    run, safe = int(PlcState.RUN), int(PlcState.SAFE)
    started = _start(MailReason.NONE, PlcState.RUN)
    return [
        Vector(name="SERVICE-KEY turned refuses", trip=None, steps=[turned, _start(MailReason.SERVICE_KEY, PlcState.SAFE)]),
        Vector(
            name="SERVICE-KEY turned drops",
            trip=None,
            steps=[
                cooling,
                started,
                Step(scans=1, state=run, valve_main_out=400),
                _join(turned, Step(state=safe, valve_main_out=0, off=["XV_401"])),
                _join(back, Step(state=safe)),
            ],
        ),
        Vector(name="SERVICE-KEY missing refuses", trip=None, steps=[service, _start(MailReason.SERVICE_KEY, PlcState.SAFE)]),
        Vector(
            name="SERVICE-KEY service clamps",
            trip=None,
            steps=[
                _join(service, turned),
                Step(scans=1),
                started,
                Step(scans=1, valve_main_out=full),
                _join(back, Step(state=safe, valve_main_out=0)),
            ],
        ),
        Vector(
            name="SERVICE-KEY service with somebody inside",
            trip=Trip.UNEXPECTED_OCCUPANCY.name,
            steps=[
                _join(service, turned),
                Step(scans=1),
                started,
                Step(contacts={"YS-201": 1}, scans=1, state=safe, valve_main_out=0, latched=False),
                Step(scans=5, latched=True),
            ],
        ),
    ]


def _face() -> list[Vector]:
    """With somebody on the platform of a head-out cabin the valves wait for the face above the rim (H-01)."""
    boarding = Step(told={"cycle_state": float(CycleState.BOARDING), "valve_main": 40.0, "occupied": 1.0}, scans=2)
    low, seen = Step(contacts={FACE_ABOVE_RIM: 0}, scans=1), Step(contacts={FACE_ABOVE_RIM: 1}, scans=1)
    there, gone = Step(contacts={"YS-101": 1}, scans=1), Step(contacts={"YS-101": 0}, scans=1)
    steps = [
        boarding,
        _start(MailReason.NONE, PlcState.RUN),
        _join(low, Step(valve_main_out=400)),
        _join(there, Step(valve_main_out=0, state=int(PlcState.RUN))),
        _join(seen, Step(valve_main_out=400)),
        _join(low, Step(valve_main_out=0)),
        _join(gone, Step(valve_main_out=400)),
    ]
    return [Vector(name="FACE holds the valves", trip=Trip.FACE_LOW.name, steps=[*steps, Step(scans=20, latched=False)])]


def _turns(c: Criterion) -> list[Criterion]:
    """The criterion with its signals in turn, so that each of them is among those that vote once."""
    if c.test not in _BY_TURNS or len(c.signals) == 1:
        return [c]
    return [c._replace(signals=(*c.signals[k:], *c.signals[:k])) for k in range(len(c.signals))]


def document() -> Document:
    """All vectors, in the order of the table. Raises ValueError naming a criterion that lacks what its test needs."""
    special = {Test.LEASE: _lease, Test.TIMER: _timer, Test.FALLING: _falling, Test.REQUEST: _request}
    found: list[Vector] = []
    for row in ROWS:
        for n, c in enumerate(row.criteria):
            for turn in _turns(c):
                name = " ".join((f"{row.trip.name}-{n + 1} {c.test.value}", *turn.signals[: c.votes]))
                found += special.get(c.test, _timed)(row, turn, name)
    found += [*_start_holds(), *_service_key(), *_face()]
    return Document(scan_ms=SCAN_MS, start=healthy(), vectors=found)
