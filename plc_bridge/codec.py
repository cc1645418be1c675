"""Registers to engineering values and back, driven by the register map alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from plc_bridge.register_map import Kind, Register, length

RawValue = int | float
Block = tuple[Register, ...]


class CodecError(ValueError):
    """A block has the wrong length, or a value cannot be expressed in its register."""


def _plan(block: Block) -> tuple[int, tuple[tuple[str, int, int, bool, int], ...]]:
    """Length of the block and, per register: name, offset, words, signed, raw per unit. Made once a block."""
    base = block[0].address
    return length(block), tuple((r.name, r.address - base, r.words, r.kind is Kind.I16, r.per_unit) for r in block)


def encode(block: Block, values: Mapping[str, RawValue]) -> list[int]:
    """Values by register name to words. Bits and nibbles are given as the packed integer.

    Raises CodecError for a missing, non-finite or unrepresentable value: an output that cannot be said is not sent.
    """
    words: list[int] = []
    for name, _, size, signed, per_unit in _plan_of(block)[1]:
        value = values.get(name)
        if value is None:
            raise CodecError(f"{block[0].block}.{name}: no value given")
        if not math.isfinite(value):
            raise CodecError(f"{block[0].block}.{name}: {value} is not finite")
        raw = round(value * per_unit)
        if signed:
            if not -0x8000 <= raw <= 0x7FFF:
                raise CodecError(f"{block[0].block}.{name}: {raw} does not fit a signed 16-bit register")
            words.append(raw & 0xFFFF)
            continue
        if not 0 <= raw < 1 << 16 * size:
            raise CodecError(f"{block[0].block}.{name}: {raw} does not fit an unsigned {16 * size}-bit register")
        if size == 2:
            words.append(raw >> 16)
        words.append(raw & 0xFFFF)
    return words


def decode(block: Block, words: Sequence[int]) -> dict[str, RawValue]:
    """Words to values by register name (engineering units; bits and nibbles stay packed integers).

    Raises CodecError if the number of words is not the block's.
    """
    count, plan = _plan_of(block)
    if len(words) != count:
        raise CodecError(f"{block[0].block}: got {len(words)} registers, the map has {count}")
    out: dict[str, RawValue] = {}
    for name, at, size, signed, per_unit in plan:
        raw = words[at]
        if size == 2:
            raw = (raw << 16) | words[at + 1]
        elif signed and raw >= 0x8000:
            raw -= 0x10000
        out[name] = raw / per_unit if per_unit > 1 else raw
    return out


_PLANS: dict[int, tuple[Block, tuple[int, tuple[tuple[str, int, int, bool, int], ...]]]] = {}


def _plan_of(block: Block) -> tuple[int, tuple[tuple[str, int, int, bool, int], ...]]:
    """The plan by identity of the block: hashing a block of fifty registers twice a scan would cost more than decoding it."""
    known = _PLANS.get(id(block))
    if known is None or known[0] is not block:
        known = _PLANS[id(block)] = (block, _plan(block))
    return known[1]
