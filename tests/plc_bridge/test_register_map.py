"""The register map: no overlaps, contiguous, one request each, and frozen in a file that a reviewer sees change."""

from __future__ import annotations

from pathlib import Path

import pytest

from chamber.tags import ANALOG_TAGS, BIT_TAGS
from cryochamber.docs_pages import PAGES, register_csv
from plc_bridge import contract
from plc_bridge.contract import MAGIC, MAP_VERSION, Flag, Output, Trip
from plc_bridge.register_map import BLOCKS, COMMAND, MAILBOX, STATUS, Kind, Register, length

DOCS = Path(__file__).resolve().parents[2] / "docs"
READ_MAX, WRITE_MAX = 125, 123  # registers of one Modbus request (FC03, FC16)


@pytest.mark.parametrize("name", BLOCKS)
def test_block_is_contiguous_and_fits_one_request(name: str) -> None:
    block = BLOCKS[name]
    address = block[0].address
    for r in block:
        assert r.address == address, r.name
        assert r.block == name
        address += r.words
    assert length(block) == address - block[0].address
    assert length(block) <= (READ_MAX if name == "status" else WRITE_MAX)


def test_blocks_do_not_overlap_and_names_are_unique() -> None:
    used: dict[int, str] = {}
    for block in BLOCKS.values():
        names = [r.name for r in block]
        assert len(set(names)) == len(names)
        for r in block:
            for a in range(r.address, r.address + r.words):
                assert a not in used, f"{r.name} lies on {used.get(a)}"
                used[a] = r.name
    assert (STATUS[0].address, COMMAND[0].address, MAILBOX[0].address) == (0, 1024, 1056)


def test_begin_and_end_counter_enclose_the_block() -> None:
    assert (STATUS[0].name, STATUS[-1].name) == ("begin_counter", "end_counter")


def test_every_tag_has_a_value_and_a_quality() -> None:
    by_name = {r.name: r for r in STATUS}
    assert {t.tag for t in ANALOG_TAGS} <= set(by_name)
    rated = [tag for r in STATUS if r.kind is Kind.NIBBLES for tag in r.parts]
    assert rated == [t.tag for t in ANALOG_TAGS]
    assert by_name["inputs"].parts == tuple(t.tag for t in BIT_TAGS)
    assert len(by_name["trips"].parts) == len(Trip) <= 32
    assert len(by_name["outputs"].parts) == len(Output) <= 16
    assert len(by_name["flags"].parts) == len(Flag) <= 16


@pytest.mark.parametrize("register", [r for b in BLOCKS.values() for r in b if r.low is not None], ids=lambda r: f"{r.block}.{r.name}")
def test_ranges_fit_their_registers(register: Register) -> None:
    assert register.low is not None
    assert register.high is not None
    low, high = (-0x8000, 0x7FFF) if register.kind is Kind.I16 else (0, 0xFFFF)
    assert low <= register.low * register.per_unit
    assert register.high * register.per_unit <= high
    assert register.text


def test_wire_constants_are_fixed() -> None:
    assert (MAGIC, MAP_VERSION, contract.NONCE_XOR) == (0xC47A, 3, 0xA5A5)
    assert (contract.LEASE_OCCUPIED_S, contract.LEASE_EMPTY_S, contract.EXPOSURE_ABSOLUTE_S, contract.EXPOSURE_GRACE_S) == (2, 5, 180, 5)
    assert [int(t) for t in Trip] == list(range(27))
    assert (int(Trip.O2_MAIN_LL), int(Trip.ESTOP), int(Trip.LEASE_LOST), int(Trip.O2_FALLING)) == (0, 8, 19, 23)


def test_the_map_is_the_one_in_the_docs() -> None:
    """A change of the map shows here first: raise MAP_VERSION if it changes a meaning, then run ``cryochamber docs``."""
    assert (DOCS / "register-map.csv").read_text() == register_csv()


@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_are_up_to_date(page: str) -> None:
    assert (DOCS / page).read_text() == PAGES[page](), f"{page} is out of date; run: cryochamber docs"
