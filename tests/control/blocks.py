"""PLC status blocks for tests: one healthy block, to be changed by register name."""

from __future__ import annotations

from plc_bridge.codec import RawValue, encode
from plc_bridge.contract import MAGIC, MAP_VERSION, Flag, PlcState
from plc_bridge.fingerprint import PROGRAM_ID
from plc_bridge.register_map import STATUS, Kind
from plc_bridge.status import PlcStatus, Refused, read_block

SHUT = {"ZS-101A": 1, "ZS-101B": 0, "ZS-201A": 1, "ZS-201B": 0}
# Contacts in order of the map: doors shut, nobody, e-stop released, flows proven, mains there, main valve closed.
CONTACTS = ("ZS-101A", "ZS-201A", "HS-001A", "HS-001B", "FS-101", "FS-102", "FS-301", "ES-001", "ZSC-401", "JS-001", "HS-301")
VALUES: dict[str, float] = {
    "TT-101": -110.0,
    "TT-102": -110.0,
    "TT-103": -110.0,
    "TT-111": -120.0,
    "TT-201": -60.0,
    "TT-202": -60.0,
    "TT-211": -80.0,
    "TT-301": 21.0,
    "AT-101A": 20.9,
    "AT-101B": 20.9,
    "AT-101C": 20.9,
    "AT-201A": 20.9,
    "AT-201B": 20.9,
    "AT-301": 20.9,
    "AT-302": 20.9,
    "PT-401": 3.0,
    "LT-401": 2000.0,
    "FT-401": 30.0,
    "ZT-101": 0.0,
    "ZT-201": 0.0,
    "PT-301": 101.3,
    "JT-001": 100.0,
}


def packed(names: tuple[str, ...], parts: tuple[str, ...]) -> int:
    return sum(1 << parts.index(n) for n in names)


def status_words(*, quality: dict[str, int] | None = None, contacts: tuple[str, ...] = CONTACTS, **changes: RawValue) -> list[int]:
    """The words of a block. Register names with a dash are given with an underscore."""
    values: dict[str, RawValue] = {r.name: 0 for r in STATUS} | VALUES
    values |= {"magic": MAGIC, "map_version": MAP_VERSION, "begin_counter": 7, "end_counter": 7, "nonce": 1234, "uptime_ms": 60_000}
    values |= {
        "plc_state": PlcState.RUN,
        "program_id": PROGRAM_ID,
        "flags": 1 << Flag.SIMULATED | 1 << Flag.LEASE_ALIVE,
        "lease_remaining": 1900,
    }
    for r in STATUS:
        if r.kind is Kind.NIBBLES:
            values[r.name] = sum((quality or {}).get(tag, 1) << 4 * n for n, tag in enumerate(r.parts))
        if r.name == "inputs":
            values[r.name] = packed(contacts, r.parts)
    for name, value in changes.items():
        tag = name.replace("_", "-")
        values[tag if tag in values else name] = value
    return encode(STATUS, values)


def status(
    at_s: float = 100.0,
    counter: int | None = None,
    *,
    quality: dict[str, int] | None = None,
    contacts: tuple[str, ...] = CONTACTS,
    **changes: RawValue,
) -> PlcStatus:
    if counter is not None:
        changes |= {"begin_counter": counter, "end_counter": counter}
    block = read_block(status_words(quality=quality, contacts=contacts, **changes), at_s, None)
    assert not isinstance(block, Refused)
    return block
