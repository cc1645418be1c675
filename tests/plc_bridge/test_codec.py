"""Golden words by hand, round trips of every register, and everything that must be refused."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber.states import CycleState
from chamber.tags import BIT_TAGS
from control.state import Demand, Mail, Outputs
from control.wire import command_words, mailbox_words
from plc_bridge.codec import CodecError, decode, encode
from plc_bridge.contract import Opcode, Output, PlcState, Trip, Voice
from plc_bridge.register_map import BLOCKS, COMMAND, MAILBOX, STATUS, Kind, Register, length
from plc_bridge.status import PlcStatus, Refused, first_out_name, read_block, trip_names
from tests.control.blocks import status_words


@pytest.mark.req("SRS-LNK-008")
def test_command_block_word_by_word() -> None:
    demand = Demand(
        cycle_state=CycleState.EXPOSURE,
        setpoint_main_c=-110.0,
        setpoint_pre_c=-60.5,
        valve_main_pct=37.25,
        valve_pre_pct=100.0,
        bits=1 << Output.XV_401 | 1 << Output.RECIRC_FAN | 1 << Output.STANDBY_EXTRACT,
        occupied=True,
        persons=3,
        session_id=70_000,
        exposure_limit_s=180.0,
        voice=Voice.TEN_SECONDS,
    )
    words = command_words(Outputs(demand, True, 258, 0x1234, None, ()))
    assert words == [
        258,
        0xB791,  # 0x1234 XOR 0xA5A5
        9,
        0xFBB4,  # -1100
        0xFDA3,  # -605
        372,  # 37.25 % at 0.1 % (half to even)
        1000,
        0x0203,
        1,
        3,
        0x0001,  # 70000 = 1 * 65536 + 4464, high word first
        0x1170,
        1800,
        4,
    ]


def test_mailbox_word_by_word() -> None:
    assert mailbox_words(Mail(0x00FF, Opcode.RESET)) == [0x00FF, 3, 0, 0, 0xFF00]
    assert mailbox_words(Mail(0xFFFF, Opcode.STOP)) == [0xFFFF, 1, 0, 0, 0]


@pytest.mark.req("SRS-LNK-008")
def test_status_block_word_by_word() -> None:
    words = [0] * length(STATUS)
    words[0] = words[-1] = 0xFFFF
    words[1:3] = [0xC47A, 3]
    words[3:6] = [0x1234, 0x5678, 0xBEEF]  # program id, nonce
    words[6:8] = [0x0001, 0x86A0]  # uptime 100000 ms
    words[8:10] = [2, 0b111]
    words[10:12] = [0x0080, 0x0001]  # trips 0 and 23
    inputs = next(r.address for r in STATUS if r.name == "inputs")
    words[inputs : inputs + 2] = [0x0001, 0x8000]  # contacts 16 and 15
    at = next(r.address for r in STATUS if r.name == "TT-101")
    words[at] = 0xFBB4  # -110.0 °C
    words[at + 1] = 0x8000  # -3276.8
    oxygen = next(r.address for r in STATUS if r.name == "AT-101A")
    words[oxygen] = 2090  # 20.90 vol%
    quality = next(r.address for r in STATUS if r.name == "quality_0")
    words[quality] = 0x0921  # TT-101 good, TT-102 out of spec, TT-103 failure low, TT-111 never
    block = read_block(words, 12.5, None)
    assert isinstance(block, PlcStatus)
    assert (block.counter, block.nonce, block.uptime_ms, block.acquired_at_s) == (0xFFFF, 0xBEEF, 100_000, 12.5)
    assert block.program_id == 0x1234_5678
    assert {tag for tag, closed in block.bits.items() if closed} == {BIT_TAGS[15].tag, BIT_TAGS[16].tag}
    assert block.state is PlcState.RUN
    assert trip_names(block.trips) == {"o2_main_ll", "o2_falling"}
    assert block.analog["TT-101"] == (-110.0, 1)
    assert block.analog["TT-102"] == (-3276.8, 2)
    assert block.analog["TT-103"] == (0.0, 9)
    assert block.analog["TT-111"] == (0.0, 0)
    assert block.analog["AT-101A"][0] == 20.9


def limits(r: Register) -> tuple[int, int]:
    if r.kind is Kind.I16:
        return -0x8000, 0x7FFF
    return 0, (1 << 16 * r.words) - 1


@pytest.mark.parametrize("name", BLOCKS)
@given(data=st.data())
def test_round_trip_of_every_register(name: str, data: st.DataObject) -> None:
    block = BLOCKS[name]
    raws = {r.name: data.draw(st.integers(*limits(r))) for r in block}
    values = {r.name: raws[r.name] / r.per_unit if r.per_unit > 1 else raws[r.name] for r in block}
    words = encode(block, values)
    assert len(words) == length(block)
    assert all(0 <= w <= 0xFFFF for w in words)
    assert decode(block, words) == values


@pytest.mark.parametrize("register", [r for b in BLOCKS.values() for r in b], ids=lambda r: f"{r.block}.{r.name}")
def test_the_ends_of_every_register_and_what_lies_beyond(register: Register) -> None:
    block = BLOCKS[register.block]
    zeros = {r.name: 0 for r in block}
    low, high = limits(register)
    for raw in (low, high):
        value = raw / register.per_unit
        assert decode(block, encode(block, zeros | {register.name: value}))[register.name] == pytest.approx(value)
    for raw in (low - 1, high + 1):
        with pytest.raises(CodecError, match=rf"{register.block}\.{register.name}: .* does not fit"):
            encode(block, zeros | {register.name: raw / register.per_unit})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", [r.name for r in COMMAND])
def test_what_is_not_finite_is_not_sent(name: str, value: float) -> None:
    with pytest.raises(CodecError, match=rf"command\.{name}: .* is not finite"):
        encode(COMMAND, {r.name: 0 for r in COMMAND} | {name: value})


@pytest.mark.parametrize("name", [r.name for r in MAILBOX])
def test_a_missing_value_is_not_sent(name: str) -> None:
    with pytest.raises(CodecError, match=rf"mailbox\.{name}: no value given"):
        encode(MAILBOX, {r.name: 0 for r in MAILBOX if r.name != name})


@pytest.mark.parametrize("count", [0, 1, length(STATUS) - 1, length(STATUS) + 1])
def test_a_block_of_the_wrong_length_is_refused(count: int) -> None:
    with pytest.raises(CodecError, match=f"got {count} registers, the map has {length(STATUS)}"):
        read_block([0] * count, 0.0, None)


REFUSALS: list[tuple[dict[str, Any], Refused]] = [
    ({"magic": 0xC47B}, Refused.MAGIC),
    ({"magic": 0}, Refused.MAGIC),
    ({"map_version": 2}, Refused.VERSION),
    ({"map_version": 4}, Refused.VERSION),
    ({"map_version": 0}, Refused.VERSION),
    ({"end_counter": 8}, Refused.TORN),
    ({"begin_counter": 6}, Refused.TORN),
    ({"plc_state": 0}, Refused.NOT_FILLED),
    ({"plc_state": 5}, Refused.NOT_FILLED),
    ({"begin_counter": 3, "end_counter": 3}, Refused.REPEATED),
]


@pytest.mark.req("SRS-LNK-003")
@pytest.mark.parametrize(("changes", "why"), REFUSALS)
def test_blocks_that_must_not_be_used(changes: dict[str, Any], why: Refused) -> None:
    assert read_block(status_words(**changes), 0.0, 3) is why


def test_an_unwritten_memory_is_refused() -> None:
    assert read_block([0] * length(STATUS), 0.0, None) is Refused.MAGIC


def test_first_block_after_a_connection_has_nothing_to_repeat() -> None:
    assert isinstance(read_block(status_words(), 0.0, None), PlcStatus)
    assert isinstance(read_block(status_words(), 0.0, 6), PlcStatus)


@given(st.lists(st.integers(0, 0xFFFF), min_size=length(STATUS), max_size=length(STATUS)))
def test_garbage_never_raises(words: list[int]) -> None:
    assert isinstance(read_block(words, 0.0, None), PlcStatus | Refused)
    words[1:3], words[-1], words[8] = [0xC47A, 3], words[0], 2
    assert isinstance(read_block(words, 0.0, None), PlcStatus)


def test_names_of_trips() -> None:
    assert trip_names(0) == frozenset()
    assert trip_names(0xFFFFFFFF) == {t.name.lower() for t in Trip}
    assert first_out_name(0) is None
    assert first_out_name(1) == "o2_main_ll"
    assert first_out_name(24) == "o2_falling"
    assert first_out_name(27) == "face_low"
    assert first_out_name(28) == "unknown"
