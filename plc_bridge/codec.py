"""Registers to engineering values and back, driven by the register map alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from struct import Struct
from struct import error as struct_error
from typing import NamedTuple

from plc_bridge.register_map import Kind, Register, length

RawValue = int | float
Block = tuple[Register, ...]


class CodecError(ValueError):
    """A block has the wrong length, or a value cannot be expressed in its register."""


class _Plan(NamedTuple):
    """Made once a block. ``layout``: the words as raw numbers, 32-bit values and signs put together.

    ``rows``: name, words, signed, raw per unit.
    """

    words: Struct
    layout: Struct
    rows: tuple[tuple[str, int, bool, int], ...]


_CODES = {Kind.I16: "h", Kind.U32: "I", Kind.BITS32: "I"}


def _plan(block: Block) -> _Plan:
    layout = "".join(_CODES.get(r.kind, "H") for r in block)
    rows = tuple((r.name, r.words, r.kind is Kind.I16, r.per_unit) for r in block)
    return _Plan(Struct(f">{length(block)}H"), Struct(f">{layout}"), rows)


def encode(block: Block, values: Mapping[str, RawValue]) -> list[int]:
    """Values by register name to words. Bits and nibbles are given as the packed integer.

    Raises CodecError for a missing, non-finite or unrepresentable value: an output that cannot be said is not sent.
    """
    words: list[int] = []
    for name, size, signed, per_unit in _plan_of(block).rows:
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


def unpack(block: Block, words: Sequence[int]) -> tuple[int, ...]:
    """Words to the raw number of every register, in the order of the map.

    Raises CodecError if the number of words is not the block's, or one of them is no word.
    """
    plan = _plan_of(block)
    try:
        return plan.layout.unpack(plan.words.pack(*words))
    except struct_error as error:
        count = length(block)
        fault = str(error) if len(words) == count else f"got {len(words)} registers, the map has {count}"
        raise CodecError(f"{block[0].block}: {fault}") from None


def decode(block: Block, words: Sequence[int]) -> dict[str, RawValue]:
    """Words to values by register name (engineering units; bits and nibbles stay packed integers).

    Raises CodecError as ``unpack`` does.
    """
    return {
        name: raw / per_unit if per_unit > 1 else raw
        for raw, (name, _, _, per_unit) in zip(unpack(block, words), _plan_of(block).rows, strict=True)
    }


_PLANS: dict[int, tuple[Block, _Plan]] = {}


def _plan_of(block: Block) -> _Plan:
    """The plan by identity of the block: hashing a block of fifty registers twice a scan would cost more than decoding it."""
    known = _PLANS.get(id(block))
    if known is None or known[0] is not block:
        known = _PLANS[id(block)] = (block, _plan(block))
    return known[1]
