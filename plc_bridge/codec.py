"""Registers to engineering values and back, driven by the register map alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from plc_bridge.register_map import Kind, Register, length

RawValue = int | float


class CodecError(ValueError):
    """A block has the wrong length, or a value cannot be expressed in its register."""


def encode(block: tuple[Register, ...], values: Mapping[str, RawValue]) -> list[int]:
    """Values by register name to words. Bits and nibbles are given as the packed integer.

    Raises CodecError for a missing, non-finite or unrepresentable value: an output that cannot be said is not sent.
    """
    words: list[int] = []
    for register in block:
        try:
            value = values[register.name]
        except KeyError:
            raise CodecError(f"{register.block}.{register.name}: no value given") from None
        if not math.isfinite(value):
            raise CodecError(f"{register.block}.{register.name}: {value} is not finite")
        raw = round(value * register.per_unit)
        words.extend(_pack(register, raw))
    return words


def _pack(register: Register, raw: int) -> tuple[int, ...]:
    if register.kind is Kind.I16:
        if not -0x8000 <= raw <= 0x7FFF:
            raise CodecError(f"{register.block}.{register.name}: {raw} does not fit a signed 16-bit register")
        return (raw & 0xFFFF,)
    top = 0xFFFF_FFFF if register.words == 2 else 0xFFFF
    if not 0 <= raw <= top:
        raise CodecError(f"{register.block}.{register.name}: {raw} does not fit an unsigned {16 * register.words}-bit register")
    return (raw >> 16, raw & 0xFFFF) if register.words == 2 else (raw,)


def decode(block: tuple[Register, ...], words: Sequence[int]) -> dict[str, RawValue]:
    """Words to values by register name (engineering units; bits and nibbles stay packed integers).

    Raises CodecError if the number of words is not the block's.
    """
    if len(words) != length(block):
        raise CodecError(f"{block[0].block}: got {len(words)} registers, the map has {length(block)}")
    base = block[0].address
    out: dict[str, RawValue] = {}
    for register in block:
        at = register.address - base
        raw = words[at]
        per_unit = register.per_unit
        if register.words == 2:
            raw = (raw << 16) | words[at + 1]
        elif register.kind is Kind.I16 and raw >= 0x8000:
            raw -= 0x10000
        out[register.name] = raw / per_unit if per_unit > 1 else raw
    return out
