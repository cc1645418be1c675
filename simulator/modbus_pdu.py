"""What the simulated PLC answers to one Modbus request: bytes in, bytes out, no socket.

Functions 1 to 6, 15 and 16 of the Modbus Application Protocol V1.1b3, over the published map. Registers: STATUS may be read,
COMMAND and MAILBOX read and written. Bits: each bit of a bit register has the address ``16 x register + bit``; those of STATUS
are discrete inputs, those of COMMAND coils. Whatever is not in the map answers with "illegal data address".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from plc_bridge.register_map import COMMAND, COMMAND_BASE, MAILBOX_BASE, STATUS, STATUS_BASE, bit_words
from simulator.plc_memory import COMMAND_WORDS, MAILBOX_WORDS

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
_INPUT_WORDS, _COIL_WORDS = frozenset(bit_words(STATUS)), frozenset(bit_words(COMMAND))
_MOST_BITS, _MOST_WORDS, _MOST_COILS, _MOST_WRITTEN = 2000, 125, 1968, 123
_ON, _OFF = 0xFF00, 0x0000


class Registers(Protocol):
    """What the server reads and writes: the PLC's memory."""

    command: list[int]
    mailbox: list[int]

    @property
    def status(self) -> list[int]: ...

    @property
    def answering(self) -> bool: ...


class _RefusedError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def answer(memory: Registers, pdu: bytes) -> bytes:
    """The response to a request, both without transaction header; an exception response for whatever cannot be done."""
    if not pdu:
        return bytes((0x80, ILLEGAL_FUNCTION))
    function = pdu[0]
    work = _FUNCTIONS.get(function)
    if work is None:
        return bytes((function | 0x80, ILLEGAL_FUNCTION))
    try:
        return bytes((function,)) + work(memory, pdu[1:])
    except _RefusedError as refused:
        return bytes((function | 0x80, refused.code))


def _pair(body: bytes, length: int | None = None) -> tuple[int, int]:
    """The two 16-bit fields at the head; a body of another length than the function's is no valid value."""
    if len(body) < 4 or (length is not None and len(body) != length):
        raise _RefusedError(ILLEGAL_VALUE)
    return int.from_bytes(body[:2], "big"), int.from_bytes(body[2:4], "big")


def _within(count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise _RefusedError(ILLEGAL_VALUE)


# -- registers ----------------------------------------------------------------------------------------------------------


def _readable(memory: Registers, address: int, count: int) -> Sequence[int]:
    for base, block in ((STATUS_BASE, memory.status), (COMMAND_BASE, memory.command), (MAILBOX_BASE, memory.mailbox)):
        if base <= address and address + count <= base + len(block):
            return block[address - base : address - base + count]
    raise _RefusedError(ILLEGAL_ADDRESS)


def _writable(memory: Registers, address: int, count: int) -> tuple[list[int], int]:
    """The block and where in it."""
    if address >= COMMAND_BASE and address + count <= COMMAND_BASE + COMMAND_WORDS:
        return memory.command, address - COMMAND_BASE
    if address >= MAILBOX_BASE and address + count <= MAILBOX_BASE + MAILBOX_WORDS:
        return memory.mailbox, address - MAILBOX_BASE
    raise _RefusedError(ILLEGAL_ADDRESS)


def _read_registers(memory: Registers, body: bytes) -> bytes:
    address, count = _pair(body, 4)
    _within(count, _MOST_WORDS)
    words = _readable(memory, address, count)
    return bytes((2 * count,)) + b"".join(w.to_bytes(2, "big") for w in words)


def _write_register(memory: Registers, body: bytes) -> bytes:
    address, value = _pair(body, 4)
    block, at = _writable(memory, address, 1)
    block[at] = value
    return body


def _write_registers(memory: Registers, body: bytes) -> bytes:
    address, count = _pair(body)
    _within(count, _MOST_WRITTEN)
    if len(body) != 5 + 2 * count or body[4] != 2 * count:
        raise _RefusedError(ILLEGAL_VALUE)
    block, at = _writable(memory, address, count)
    block[at : at + count] = [int.from_bytes(body[5 + 2 * i : 7 + 2 * i], "big") for i in range(count)]
    return body[:4]


# -- bits ---------------------------------------------------------------------------------------------------------------


def _bit_addresses(words: frozenset[int], address: int, count: int) -> range:
    bits = range(address, address + count)
    if any(word not in words for word in range(address // 16, (address + count - 1) // 16 + 1)):
        raise _RefusedError(ILLEGAL_ADDRESS)
    return bits


def _bits(words: frozenset[int], base: int, block: Sequence[int], body: bytes) -> bytes:
    address, count = _pair(body, 4)
    _within(count, _MOST_BITS)
    packed = 0
    for n, bit in enumerate(_bit_addresses(words, address, count)):
        packed |= (block[bit // 16 - base] >> (bit % 16) & 1) << n
    size = (count + 7) // 8
    return bytes((size,)) + packed.to_bytes(size, "little")


def _read_coils(memory: Registers, body: bytes) -> bytes:
    return _bits(_COIL_WORDS, COMMAND_BASE, memory.command, body)


def _read_inputs(memory: Registers, body: bytes) -> bytes:
    return _bits(_INPUT_WORDS, STATUS_BASE, memory.status, body)


def _set(memory: Registers, bit: int, on: int) -> None:
    at, mask = bit // 16 - COMMAND_BASE, 1 << bit % 16
    memory.command[at] = memory.command[at] | mask if on else memory.command[at] & ~mask


def _write_coil(memory: Registers, body: bytes) -> bytes:
    address, value = _pair(body, 4)
    if value not in (_ON, _OFF):
        raise _RefusedError(ILLEGAL_VALUE)
    (bit,) = _bit_addresses(_COIL_WORDS, address, 1)
    _set(memory, bit, value)
    return body


def _write_coils(memory: Registers, body: bytes) -> bytes:
    address, count = _pair(body)
    _within(count, _MOST_COILS)
    size = (count + 7) // 8
    if len(body) != 5 + size or body[4] != size:
        raise _RefusedError(ILLEGAL_VALUE)
    values = int.from_bytes(body[5:], "little")
    for n, bit in enumerate(_bit_addresses(_COIL_WORDS, address, count)):
        _set(memory, bit, values >> n & 1)
    return body[:4]


_FUNCTIONS: dict[int, Callable[[Registers, bytes], bytes]] = {
    1: _read_coils,
    2: _read_inputs,
    3: _read_registers,
    4: _read_registers,
    5: _write_coil,
    6: _write_register,
    15: _write_coils,
    16: _write_registers,
}
