"""The simulated PLC beyond its table: lease, mailbox, states, retentive memory, clamps, door interlock."""

from __future__ import annotations

from itertools import pairwise

import pytest

from chamber.states import CycleState
from plc_bridge.codec import encode
from plc_bridge.contract import MAGIC, MAP_VERSION, NONCE_XOR, Flag, MailReason, MailResult, Opcode, Output, PlcState, Trip, Voice
from plc_bridge.register_map import COMMAND
from simulator.plc_memory import COMMAND_WORDS, parse_command
from tests.simulator.cards import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.req("SRS-CFG-003")
def test_block_is_marked_whole_and_simulated(bench: Bench) -> None:
    counters = []
    for _ in range(3):
        bench.scan()
        assert bench.status["magic"] == MAGIC
        assert bench.status["map_version"] == MAP_VERSION
        assert bench.status["begin_counter"] == bench.status["end_counter"]
        assert bench.flag(Flag.SIMULATED)
        counters.append(int(bench.status["begin_counter"]))
    assert [(b - a) & 0xFFFF for a, b in pairwise(counters)] == [1, 1]


def test_nonce_changes_every_second_and_follows_the_seed() -> None:
    def nonces(seed: int) -> list[int]:
        bench = Bench(seed)
        out = []
        for _ in range(50):
            bench.scan()
            out.append(int(bench.status["nonce"]))
        return out

    first = nonces(1)
    assert sum(a != b for a, b in pairwise(first)) == 5
    assert first == nonces(1)
    assert first != nonces(2)


# -- lease -----------------------------------------------------------------------------------------------------------


def _beat(bench: Bench, seq: int, echo: int) -> None:
    bench.beating = False
    bench.command = encode(COMMAND, bench.told | {"hb_seq": seq, "hb_echo": echo})
    bench.scan()


@pytest.mark.req("SRS-LNK-007")
def test_replayed_block_moves_nothing(bench: Bench) -> None:
    """H-21: an old block with a new sequence number but the nonce of 2.1 s ago is ignored whole."""
    bench.run()
    old = int(bench.status["nonce"])
    bench.scan(31)
    bench.tell(valve_main=100.0)
    _beat(bench, 999, old ^ NONCE_XOR)
    assert bench.status["valve_main_out"] == pytest.approx(40.0)
    bench.scan(49)
    assert bench.trips == {Trip.LEASE_LOST}


@pytest.mark.parametrize(("age_scans", "renews"), [(20, True), (21, False)])
def test_echo_of_a_nonce_counts_for_2_s(bench: Bench, age_scans: int, renews: bool) -> None:
    bench.scan()
    previous = int(bench.status["nonce"])
    while int(bench.status["nonce"]) == previous:
        bench.scan()
    fresh = int(bench.status["nonce"])  # issued in this very scan
    bench.scan(age_scans - 1)
    before = int(bench.status["lease_remaining"])
    bench.beating = False
    _beat(bench, 50_000, fresh ^ NONCE_XOR)
    assert (int(bench.status["lease_remaining"]) >= before) is renews


def test_same_sequence_number_does_not_renew(bench: Bench) -> None:
    bench.run()
    bench.scan()
    seq = bench._count
    for _ in range(50):
        _beat(bench, seq, int(bench.status["nonce"]) ^ NONCE_XOR)
    assert bench.trips == {Trip.LEASE_LOST}


def test_wrong_echo_does_not_renew(bench: Bench) -> None:
    bench.run()
    for k in range(51):
        _beat(bench, 1000 + k, int(bench.status["nonce"]))
    assert bench.trips == {Trip.LEASE_LOST}


# -- mailbox ---------------------------------------------------------------------------------------------------------


def test_same_id_is_answered_but_not_repeated(bench: Bench) -> None:
    bench.run()
    assert bench.mail(Opcode.STOP, mail_id=50) is MailReason.NONE
    assert bench.mail(Opcode.START_COOLING, mail_id=51) is MailReason.NONE
    assert bench.mail(Opcode.STOP, mail_id=51) is MailReason.NONE  # same id: same answer, no action
    assert bench.state is PlcState.RUN
    assert bench.status["mail_ack_id"] == 51


def test_wrong_complement_is_refused_even_for_stop(bench: Bench) -> None:
    bench.run()
    assert bench.mail(Opcode.STOP, mail_id=60, complement=60) is MailReason.BAD_COMPLEMENT
    assert bench.status["mail_result"] == MailResult.REJECTED
    assert bench.state is PlcState.RUN


def test_unknown_opcode_is_refused(bench: Bench) -> None:
    assert bench.mail(99) is MailReason.UNKNOWN_OPCODE


@pytest.mark.req("SRS-CYC-001", "SRS-LNK-006")
@pytest.mark.parametrize("opcode", [Opcode.STOP, Opcode.EVACUATE])
def test_stop_and_evacuate_need_no_lease(bench: Bench, opcode: Opcode) -> None:
    bench.run()
    bench.beating = False
    bench.scan(60)
    assert bench.mail(opcode) is MailReason.NONE
    assert bench.status["mail_result"] == MailResult.ACCEPTED


@pytest.mark.parametrize("opcode", [Opcode.RESET, Opcode.START_COOLING, Opcode.CONFIRM_EMPTY])
def test_the_others_need_the_lease(opcode: Opcode) -> None:
    bench = Bench()
    bench.beating = False
    bench.scan(60)
    assert bench.mail(opcode) is MailReason.NO_LEASE


def test_start_is_refused_while_tripped_or_occupied_outside_a_session(bench: Bench) -> None:
    bench.contact(True, "YS-101")
    bench.scan()
    assert bench.mail(Opcode.START_COOLING) is MailReason.OCCUPIED
    bench.contact(False, "HS-001A")
    bench.scan()
    assert bench.mail(Opcode.START_COOLING) is MailReason.TRIPPED
    assert bench.state is PlcState.EVACUATE


def test_stop_ends_run_without_a_trip(bench: Bench) -> None:
    bench.run()
    bench.scan()
    assert bench.status["valve_main_out"] == pytest.approx(40.0)
    assert bench.mail(Opcode.STOP) is MailReason.NONE
    assert bench.state is PlcState.SAFE
    assert bench.status["valve_main_out"] == 0
    assert not bench.driven(Output.XV_401)


# -- reset -----------------------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-CYC-003", "SRS-CYC-004")
def test_reset_waits_10_s_and_never_restarts_cooling(bench: Bench) -> None:
    bench.run()
    assert bench.mail(Opcode.RESET) is MailReason.RESET_NOT_NEEDED
    bench.contact(False, "HS-001A")
    bench.contact(True, "ZSC-401")
    bench.scan()
    assert bench.mail(Opcode.RESET) is MailReason.CAUSE_PRESENT
    bench.contact(True, "HS-001A")
    bench.scan(98)
    assert bench.mail(Opcode.RESET) is MailReason.CAUSE_PRESENT
    bench.scan(2)
    assert bench.flag(Flag.RESET_POSSIBLE)
    assert bench.mail(Opcode.RESET) is MailReason.NONE
    assert bench.state is PlcState.SAFE
    assert not bench.trips
    assert bench.status["first_out"] == 0
    bench.scan(50)
    assert bench.state is PlcState.SAFE
    assert not bench.driven(Output.XV_401)


def test_reset_after_an_occupied_trip_needs_the_people_out_and_a_door_opened(bench: Bench) -> None:
    bench.run()
    bench.occupy()
    bench.contact(True, "HS-101", "ZSC-401")
    bench.scan(2)
    bench.contact(False, "HS-101")
    bench.tell(occupied=0, cycle_state=CycleState.EVACUATE)
    bench.scan(110)
    assert bench.mail(Opcode.RESET) is MailReason.OCCUPIED
    bench.contact(False, "YS-201")
    bench.scan(30)
    assert bench.flag(Flag.OCCUPIED)
    assert bench.mail(Opcode.RESET) is MailReason.DOOR_NOT_OPENED
    bench.door(2, True)
    bench.scan(10)
    bench.door(2, False)
    bench.scan(30)
    assert bench.flag(Flag.DOOR_OPENED_SINCE_TRIP)
    assert not bench.flag(Flag.OCCUPIED)
    assert bench.state is PlcState.TRIPPED
    assert bench.mail(Opcode.RESET) is MailReason.NONE


def test_first_out_is_the_first(bench: Bench) -> None:
    bench.run()
    bench.contact(False, "HS-001B")
    bench.scan()
    at = bench.status["first_out_ms"]
    bench.contact(False, "ES-001", "FS-301")
    bench.scan(60)
    assert bench.trips >= {Trip.ESTOP, Trip.MAINS_LOST, Trip.EXTRACT_LOST}
    assert bench.status["first_out"] == Trip.ESTOP + 1
    assert bench.status["first_out_ms"] == at


# -- occupied and retentive memory -----------------------------------------------------------------------------------


def _visit(bench: Bench) -> None:
    """In through the outer door, presence in the pre-chamber."""
    bench.tell(cycle_state=CycleState.BOARDING, occupied=1, session_id=4711)
    bench.door(2, True)
    bench.scan(20)
    bench.contact(True, "YS-201")
    bench.scan(20)
    bench.door(2, False)
    bench.scan(20)


def test_occupied_clears_when_seen_to_leave(bench: Bench) -> None:
    _visit(bench)
    assert bench.flag(Flag.OCCUPIED)
    bench.tell(cycle_state=CycleState.EXIT, occupied=0)
    bench.contact(False, "YS-201")
    bench.scan(30)
    bench.door(2, True)
    bench.scan(10)
    bench.door(2, False)
    bench.scan(5)
    assert not bench.flag(Flag.OCCUPIED)


def test_session_told_and_cancelled_with_doors_shut_leaves_no_flag(bench: Bench) -> None:
    bench.tell(cycle_state=CycleState.BOARDING, occupied=1)
    bench.scan(5)
    assert bench.flag(Flag.OCCUPIED)
    bench.tell(cycle_state=CycleState.READY, occupied=0)
    bench.scan(30)
    assert not bench.flag(Flag.OCCUPIED)


@pytest.mark.req("SRS-CYC-007")
def test_memory_survives_a_power_cycle_and_run_does_not(bench: Bench) -> None:
    bench.run()
    _visit(bench)
    bench.contact(True, "YS-101")
    bench.tell(cycle_state=CycleState.EXPOSURE)
    bench.scan(100)
    elapsed = float(bench.status["exposure_elapsed"])
    assert elapsed == pytest.approx(10.0, abs=0.2)
    bench.plc.power_cycle(bench.now_s + 3.0)
    bench.now_s += 3.0
    bench.beating = False
    bench.command = [0] * COMMAND_WORDS
    bench.scan()
    assert bench.state is PlcState.SAFE
    assert bench.flag(Flag.OCCUPIED)
    assert bench.status["session_id"] == 4711
    assert float(bench.status["exposure_elapsed"]) == pytest.approx(elapsed, abs=0.15)
    assert bench.status["valve_main_out"] == 0
    bench.scan(19)
    assert not bench.trips
    bench.scan(1)
    assert bench.trips == {Trip.LEASE_LOST}  # somebody may be inside: nobody speaks for them
    assert bench.state is PlcState.EVACUATE


def test_mail_standing_in_the_box_at_boot_is_not_executed(bench: Bench) -> None:
    bench.run()
    bench.mail(Opcode.STOP)
    bench.mailbox = [77, Opcode.EVACUATE, 0, 0, ~77 & 0xFFFF]
    bench.plc.power_cycle(bench.now_s)
    bench.scan(5)
    assert not bench.trips
    assert bench.status["mail_ack_id"] == 0


@pytest.mark.req("SRS-CYC-006")
def test_confirm_empty(bench: Bench) -> None:
    assert bench.mail(Opcode.CONFIRM_EMPTY) is MailReason.NONE  # nothing to clear
    _visit(bench)
    assert bench.mail(Opcode.CONFIRM_EMPTY) is MailReason.NOT_EMPTY
    bench.contact(False, "YS-201")
    bench.tell(occupied=0, cycle_state=CycleState.RECOVERY)
    bench.plc.power_cycle(bench.now_s)
    bench.scan(30)
    assert bench.flag(Flag.OCCUPIED)
    assert bench.mail(Opcode.CONFIRM_EMPTY) is MailReason.DOOR_NOT_OPENED
    bench.door(2, True)
    bench.scan()
    assert bench.mail(Opcode.CONFIRM_EMPTY) is MailReason.NONE
    assert not bench.flag(Flag.OCCUPIED)
    assert bench.status["exposure_elapsed"] == 0


# -- valves and clamps -----------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-DOR-001")
@pytest.mark.parametrize("contact", ["ZS-101A", "ZS-101B", "ZS-201A", "ZS-201B"])
def test_one_contact_of_one_door_closes_both_valves_in_the_same_scan(bench: Bench, contact: str) -> None:
    bench.run()
    bench.scan()
    assert bench.status["valve_main_out"] == pytest.approx(40.0)
    bench.contact(contact.endswith("B"), contact)
    bench.scan()
    assert bench.status["valve_main_out"] == bench.status["valve_pre_out"] == 0


@pytest.mark.req("SRS-LN2-006")
@pytest.mark.parametrize("state", [CycleState.IDLE, CycleState.EXIT, CycleState.EVACUATE, CycleState.SERVICE, 77])
def test_no_nitrogen_in_a_told_state_that_has_none(bench: Bench, state: int) -> None:
    bench.run()
    bench.tell(cycle_state=state)
    bench.scan()
    assert bench.status["valve_main_out"] == 0


def test_main_valve_needs_run_and_demand(bench: Bench) -> None:
    bench.tell(demand_bits=1 << Output.XV_401, valve_main=50.0, cycle_state=CycleState.READY)
    bench.scan()
    assert not bench.driven(Output.XV_401)
    bench.run()
    bench.scan()
    assert bench.driven(Output.XV_401)
    bench.tell(demand_bits=0)
    bench.scan()
    assert not bench.driven(Output.XV_401)
    assert bench.status["valve_main_out"] == 0


@pytest.mark.req("SRS-LNK-006", "SRS-TMP-008")
@pytest.mark.parametrize(
    ("register", "word", "field", "clamped"),
    [
        ("setpoint_main", 0x10000 - 2500, "setpoint_main_c", -180.0),
        ("setpoint_pre", 0x10000 - 2500, "setpoint_pre_c", -100.0),
        ("setpoint_main", 900, "setpoint_main_c", 40.0),
        ("valve_main", 65_535, "valve_main_pct", 100.0),
        ("valve_pre", 1_001, "valve_pre_pct", 100.0),
        ("persons", 9, "persons", 5),
        ("exposure_limit", 9_000, "exposure_limit_s", 180.0),
        ("cycle_state", 99, "cycle_state", 0),
        ("voice", 99, "voice", 0),
        ("occupied", 7, "occupied", True),
        ("demand_bits", 0x8000, "demand_bits", 0),
    ],
)
def test_everything_told_is_clamped(register: str, word: int, field: str, clamped: float) -> None:
    words = [0] * COMMAND_WORDS
    words[next(r.address - COMMAND[0].address for r in COMMAND if r.name == register)] = word
    told = parse_command(words)
    assert getattr(told, field) == pytest.approx(clamped)
    assert told.clamped
    assert not parse_command([0] * COMMAND_WORDS).clamped


def test_clamped_flag_is_shown(bench: Bench) -> None:
    bench.run()
    words = list(bench.command)
    assert not bench.flag(Flag.CLAMPED)
    words[0], words[1] = 40_000, int(bench.status["nonce"]) ^ NONCE_XOR
    words[5] = 5000
    bench.beating = False
    bench.command = words
    bench.scan()
    assert bench.flag(Flag.CLAMPED)
    assert bench.status["valve_main_out"] == pytest.approx(100.0)


@pytest.mark.req("SRS-LNK-006")
def test_without_lease_no_demand_is_followed(bench: Bench) -> None:
    bench.tell(demand_bits=(1 << Output.RECIRC_FAN) | (1 << Output.PURGE_FAN), voice=Voice.WAIT)
    bench.scan()
    assert bench.driven(Output.RECIRC_FAN)
    assert bench.status["voice"] == Voice.WAIT
    bench.beating = False
    bench.scan(51)
    assert not bench.driven(Output.RECIRC_FAN)
    assert bench.status["voice"] == Voice.SILENT


def test_fresh_air_stands_still_only_in_an_empty_room_that_rests(bench: Bench) -> None:
    fan = 1 << Output.RECIRC_FAN
    for state, demanded, fresh in (
        (CycleState.RECOOL, fan, True),
        (CycleState.RECOOL, 0, False),
        (CycleState.READY, 0, True),
        (CycleState.PRECOOL, fan, False),
    ):
        bench.tell(cycle_state=state, demand_bits=demanded)
        bench.scan(2)
        assert bench.actuators.fresh_air is fresh, state
    bench.tell(cycle_state=CycleState.RECOOL, demand_bits=0, occupied=True)
    bench.scan(2)
    assert bench.actuators.fresh_air, "somebody is inside"


@pytest.mark.parametrize(("command", "mailbox"), [(3, 5), (14, 4)])
def test_blocks_of_wrong_length_are_refused(bench: Bench, command: int, mailbox: int) -> None:
    bench.beating = False
    bench.command, bench.mailbox = [1] * command, [0] * mailbox
    with pytest.raises(ValueError, match="registers, the map has"):
        bench.scan()
