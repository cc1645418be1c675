"""The digital twin in the scan: what it is shown once a second, and when its knowledge is told to the journal."""

from __future__ import annotations

from collections.abc import Mapping

from chamber.events import EventKind
from chamber.facts import Facts
from chamber.profile import DeviceProfile
from chamber.readings import NEVER, Reading
from chamber.session import Session
from chamber.states import COOLING, SESSION, CycleState
from control.scan import Scan
from control.twin.look import Look
from control.twin.record import twin_data
from control.twin.state import Twin
from control.twin.update import observe, relearn, start
from plc_bridge.contract import Output
from plc_bridge.status import PlcStatus

TELL_EVERY_MINUTES = 60
_FRESH = SESSION | {CycleState.READY, CycleState.RECOOL}
_XV_401, _FAN = 1 << Output.XV_401, 1 << Output.RECIRC_FAN


def new_twin(profile: DeviceProfile) -> Twin | None:
    """A twin that knows the design only; None without design data."""
    return None if profile.twin is None else start(profile.twin)


def follow_twin(scan: Scan, before: CycleState) -> Twin | None:
    """One second of the twin. It reads what the scan has found and changes nothing but itself."""
    t, design = scan.old.twin, scan.profile.twin
    if t is None or design is None:
        return None
    replaced, known = scan.shop.upkeep.replaced, scan.old.shop.upkeep.replaced
    if replaced is not known:
        t = relearn(t, frozenset(tag for tag, when in replaced.items() if known.get(tag) != when))
    new = observe(t, look(scan.facts, scan.perception.analog, scan.plc, scan.cycle.state, scan.session), scan.profile, design)
    whole = new.gathering.seconds == 0
    rested = before in COOLING and scan.cycle.state not in COOLING
    if rested or (whole and new.minutes % TELL_EVERY_MINUTES == 0) or new.found != t.found:
        scan.tell(EventKind.TWIN, **twin_data(new, design))
    return new


def look(facts: Facts, analog: Mapping[str, Reading[float]], plc: PlcStatus | None, state: CycleState, session: Session | None) -> Look:
    """What was measured in this scan. Values of uncertain or bad quality are not known."""

    def good(tag: str) -> float | None:
        return analog.get(tag, NEVER).good

    inside = 1 if facts.somebody_seen else 0
    return Look(
        main_c=facts.main.value,
        pre_c=facts.pre.value,
        room_c=good("TT-301"),
        outlet_main_c=good("TT-111"),
        outlet_pre_c=good("TT-211"),
        main_pct=good("ZT-101"),
        pre_pct=good("ZT-201"),
        flow_kg_h=good("FT-401"),
        supply_bar=good("PT-401"),
        tank_kg=good("LT-401"),
        asked_main_pct=0.0 if plc is None else plc.valve_main_pct,
        asked_pre_pct=0.0 if plc is None else plc.valve_pre_pct,
        cooling=plc is not None and plc.outputs & _XV_401 != 0,
        fresh=state in _FRESH and plc is not None and plc.outputs & _FAN != 0,
        drying=state is CycleState.DRYING,
        doors_shut=facts.doors_shut,
        persons=inside if session is None or session.exposure_from_s is None or session.exit_from_s is not None else session.persons,
    )
