"""The compiled program and the simulated PLC answer alike, status word by status word and coil by coil."""

from __future__ import annotations

from collections import Counter

import pytest

from chamber.states import CycleState
from chamber.tags import ANALOG_TAGS, BIT_TAGS
from plc_bridge.codec import decode
from plc_bridge.contract import MailReason, Opcode, PlcState, QualityNibble, Trip
from plc_bridge.program.vectors import Step, Vector
from plc_bridge.register_map import COMMAND, STATUS, Register
from tests.plc_program.cards import PER_UNIT, current, register_value
from tests.plc_program.compiled import WHY_SKIPPED, CompiledPlc, build, matiec
from tests.plc_program.player import FILE, CompiledRig, play
from tests.plc_program.twin import NAMES, Twin
from tests.plc_program.walk import Walk

if matiec() is None:
    pytest.skip(WHY_SKIPPED, allow_module_level=True)

SCANS = 2000
TRIPPING: dict[str, Vector] = {}
"""By criterion (row and number), the first vector that ends in its trip."""
for _vector in FILE["vectors"]:
    if _vector["steps"][-1].get("latched"):
        TRIPPING.setdefault(_vector["name"].split()[0], _vector)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> CompiledPlc:
    directory = matiec()
    assert directory is not None
    return CompiledPlc(build(directory, tmp_path_factory.mktemp("plc")))


def _walk(compiled: CompiledPlc, run: int) -> Counter[str]:
    twin = Twin(compiled, f"twin {run}", scan_ms=20 if run % 5 == 4 else 100)
    walk = Walk(twin, f"walk {run}")
    for _ in range(SCANS):
        assert walk.step() == []
    return twin.seen


@pytest.mark.req("SRS-LNK-009")
@pytest.mark.parametrize("vector", [pytest.param(v, id=v["name"].replace(" ", "-")) for v in FILE["vectors"]])
def test_compiled_program_decides_as_the_table_says(compiled: CompiledPlc, vector: Vector) -> None:
    assert play(vector, CompiledRig(Twin(compiled))) == []


@pytest.mark.parametrize("occupied", [False, True])
@pytest.mark.parametrize("vector", [pytest.param(v, id=key) for key, v in TRIPPING.items()])
def test_way_back_is_the_same(compiled: CompiledPlc, vector: Vector, occupied: bool) -> None:
    """After each vector: healthy again, reset too early, reset without and with a door opened, started, power cut."""
    twin = Twin(compiled)
    rig = CompiledRig(twin)
    if occupied:  # what follows is then no longer what the vector expects, but still the same for both
        rig.apply(Step(told={"occupied": 1}, contacts={"YS-201": 1}))
        rig.scan(5)
    unmet = play(vector, rig)
    assert occupied or not unmet
    rig.apply(FILE["start"])
    rig.apply(Step(contacts={t.tag: 0 for t in BIT_TAGS if t.tag.startswith("YS") or t.tag.endswith("1B")}, told={"occupied": 0}))
    rig.apply(Step(contacts={"HS-001B": 1, "HS-101": 0}, told={"cycle_state": CycleState.FAULT}))
    twin.devices = [0] * len(twin.devices)
    for wait, opcode, outer_open in (
        (5, Opcode.RESET, False),
        (110, Opcode.RESET, False),
        (5, Opcode.CONFIRM_EMPTY, False),
        (2, Opcode.RESET, True),
        (2, Opcode.CONFIRM_EMPTY, False),
        (110, Opcode.RESET, False),
        (5, Opcode.START_COOLING, False),
    ):
        rig.apply(Step(contacts={"ZS-201A": not outer_open, "ZS-201B": outer_open}))
        rig.scan(wait)
        rig.apply(Step(mail=opcode))
        rig.scan(1)
    assert twin.words[NAMES.index("plc_state")] in (PlcState.RUN, PlcState.SAFE)
    twin.power_cycle()
    assert twin.scan(20) == []


@pytest.mark.parametrize("register", [r for r in COMMAND if not r.name.startswith("hb")], ids=lambda r: r.name)
def test_clamps(compiled: CompiledPlc, register: Register) -> None:
    """Each command word at the ends of its range, one beyond, and at the ends of the register."""
    twin = Twin(compiled)
    twin.told |= {"cycle_state": CycleState.READY, "demand_bits": 0b11}
    twin.contact(False, "ZSC-401")
    assert twin.scan(3) == []
    twin.mail(Opcode.START_COOLING)
    ends = [round(v * register.per_unit) for v in (register.low, register.high) if v is not None]
    for raw in {end + d for end in (*ends, 7, 20, 1023, 0, 0x7FFF, 0x8000, 0xFFFF) for d in (-1, 0, 1)}:
        twin.demand = {register.name: raw & 0xFFFF}
        assert twin.scan(2) == []


@pytest.mark.parametrize("run", range(5))
def test_random_sequences(compiled: CompiledPlc, run: int) -> None:
    seen = _walk(compiled, run)
    assert seen[f"state {PlcState.EVACUATE.value}"]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_random_sequences_reach_everything(compiled: CompiledPlc) -> None:
    seen: Counter[str] = Counter()
    for run in range(28):  # the rarest, FACE_LOW, comes up in one of some twenty
        seen += _walk(compiled, run)
    assert {t.name for t in Trip if not seen[f"cause {t.value}"]} == set()
    assert {r.name for r in MailReason if not seen[f"reason {r.value}"]} == set()
    assert {s.name for s in PlcState if s is not PlcState.INIT and not seen[f"state {s.value}"]} == set()
    assert seen["valve open"]


@pytest.mark.parametrize("ua", [0, 3599, 3600, 3799, 3800, 4000, 11_337, 20_000, 20_500, 20_501, 21_000, 21_001, 65_535])
def test_current_inputs(compiled: CompiledPlc, ua: int) -> None:
    twin = Twin(compiled)
    twin.currents = [ua] * len(twin.currents)
    assert twin.scan(3) == []


@pytest.mark.parametrize("code", [q.value for q in QualityNibble])
def test_transmitter_status_never_makes_a_signal_better(compiled: CompiledPlc, code: int) -> None:
    twin = Twin(compiled)
    twin.devices = [code] * len(twin.devices)
    twin.currents[::2] = [3000] * len(twin.currents[::2])
    assert twin.scan(3) == []


@pytest.mark.parametrize("fault", ["silent", "stale echo", "sequence stands"])
def test_lease_is_lost_alike(compiled: CompiledPlc, fault: str) -> None:
    """A heartbeat counts only if it is new and answers a fresh nonce, however much else in the block changes (H-14, H-21)."""
    twin = Twin(compiled)
    assert twin.scan(10) == []
    twin.beating, twin.stale_echo, twin.counting = fault != "silent", fault == "stale echo", fault != "sequence stands"
    for n in range(50):
        twin.told["valve_main"] = n / 10
        assert twin.scan() == []
    status = decode(STATUS, twin.theirs)
    assert status["trips"] == 1 << Trip.LEASE_LOST
    assert status["first_out"] == Trip.LEASE_LOST + 1


def test_clock_wraps_without_a_trip(compiled: CompiledPlc) -> None:
    """49.7 days are 2^32 ms. Timers count up and stop at a bound, so only the published clock wraps."""
    twin = Twin(compiled, scan_ms=100_000_000)
    twin.beating = False
    assert twin.scan(50) == []
    at = NAMES.index("uptime_ms_hi")
    assert twin.words[at : at + 2] == twin.theirs[at : at + 2]
    assert (twin.theirs[at] << 16 | twin.theirs[at + 1]) == 49 * 100_000_000 - 2**32


@pytest.mark.parametrize("tag", [pytest.param(i, id=t.tag) for i, t in enumerate(ANALOG_TAGS)])
def test_every_value_of_a_register_can_be_wired(tag: int) -> None:
    """4 to 20 mA in steps of 1 uA is finer than every register: no set point falls between two currents."""
    low, high = (round(v * PER_UNIT[tag]) for v in (ANALOG_TAGS[tag].low, ANALOG_TAGS[tag].high))
    assert register_value(tag, 4000) == low
    assert register_value(tag, 20_000) == high
    for raw in range(low, high + 1, 7):
        assert register_value(tag, current(tag, raw)) == raw
