"""The PLC's program compiled: Structured Text to C by matiec, C to a shared library, driven scan by scan.

Needs a matiec build (directory with ``iec2c`` and ``lib/``) named by the environment variable CRYOCHAMBER_IEC2C.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from chamber.tags import ANALOG_TAGS, BIT_TAGS
from plc_bridge.program.declarations import ANALOG_OUTPUT_BASE, DEVICE_STATUS_BASE, PHYSICAL_OUTPUTS, device_words
from plc_bridge.program.generate import PROGRAM
from plc_bridge.register_map import COMMAND, COMMAND_BASE, MAILBOX, MAILBOX_BASE, STATUS, length

VARIABLE = "CRYOCHAMBER_IEC2C"
WHY_SKIPPED = f"{VARIABLE} does not name a matiec build (directory with iec2c and lib/): the compiled program is not compared"

_HARNESS = """
#include <string.h>
#include "iec_std_lib.h"
#include "accessor.h"
#include "POUS.h"
#define __LOCATED_VAR(type, name, ...) type store##name; type *name = &store##name;
#include "LOCATED_VARIABLES.h"
TIME __CURRENT_TIME;
BOOL __DEBUG;
extern CRYOCHAMBER RES0__CHAMBER;
void config_init__(void);
void config_run__(unsigned long tick);
#define RETAINED(X) X(OCCUPIED) X(EXPOSURE_MS) X(SESSION_HI) X(SESSION_LO) X(NONCE_SEED)

void harness_start(void) {
  memset(&RES0__CHAMBER, 0, sizeof RES0__CHAMBER);
  config_init__();
}

void harness_power_cycle(void) {
  CRYOCHAMBER before = RES0__CHAMBER;
  harness_start();
#define X(name) RES0__CHAMBER.name.value = before.name.value;
  RETAINED(X)
#undef X
}

void harness_scan(int ms) {
  RES0__CHAMBER.SCAN_MS.value = ms;
  config_run__(0);
}
"""


def matiec() -> Path | None:
    """The matiec build, or None if the environment names none."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named and (Path(named) / "iec2c").exists() else None


def build(directory: Path, where: Path) -> Path:
    """Compile the program into ``where``; returns the shared library. Raises CalledProcessError with the compilers' words."""
    compiler = shutil.which("cc") or "gcc"
    library = where / "plc.so"
    translate = [str(directory / "iec2c"), "-f", "-l", "-p", "-I", str(directory / "lib"), "-T", str(where), str(PROGRAM)]
    subprocess.run(translate, check=True, capture_output=True, text=True)
    (where / "harness.c").write_text(_HARNESS, encoding="ascii")
    sources = [str(where / name) for name in ("harness.c", "Config0.c", "Res0.c")]
    options = ["-shared", "-fPIC", "-O1", "-w", f"-I{directory / 'lib' / 'C'}", f"-I{where}"]
    subprocess.run([compiler, *options, "-o", str(library), *sources], check=True, capture_output=True, text=True)
    return library


class Driven(NamedTuple):
    """Physical outputs of one scan: coils by name, analogue outputs in uA, announcement number."""

    coils: dict[str, bool]
    valve_main_ua: int
    valve_pre_ua: int
    voice: int


class CompiledPlc:
    """One program per loaded library: static memory, as in a PLC. ``start`` is a cold start."""

    def __init__(self, library: Path) -> None:
        lib = ctypes.CDLL(str(library))

        def words(area: str, start: int, count: int) -> list[ctypes.c_uint16]:
            return [ctypes.c_uint16.in_dll(lib, f"store__{area}{start + i}") for i in range(count)]

        def flags(area: str, count: int) -> list[ctypes.c_uint8]:
            return [ctypes.c_uint8.in_dll(lib, f"store__{area}{i // 8}_{i % 8}") for i in range(count)]

        self._contacts = flags("IX", len(BIT_TAGS))
        self._coils = flags("QX", len(PHYSICAL_OUTPUTS))
        self._currents = words("IW", 0, len(ANALOG_TAGS))
        self._devices = words("IW", DEVICE_STATUS_BASE, len(device_words()))
        self._status = words("QW", 0, length(STATUS))
        self._analog = words("QW", ANALOG_OUTPUT_BASE, 3)
        self._command = words("MW", 0, length(COMMAND))
        self._mailbox = words("MW", MAILBOX_BASE - COMMAND_BASE, length(MAILBOX))
        self._all_words = (*self._currents, *self._devices, *self._status, *self._analog, *self._command, *self._mailbox)
        self._scan: Callable[[int], None] = lib.harness_scan
        self._start: Callable[[], None] = lib.harness_start
        self.power_cycle: Callable[[], None] = lib.harness_power_cycle
        self.start()

    def start(self) -> None:
        """Cold start with empty registers and empty retentive memory."""
        self._start()
        for word in self._all_words:
            word.value = 0

    def scan(
        self, ms: int, currents: Sequence[int], devices: Sequence[int], bits: int, command: Sequence[int], mailbox: Sequence[int]
    ) -> tuple[Driven, list[int]]:
        """One scan ``ms`` after the last: currents in uA, transmitter status words, contacts as bits, words as written."""
        for i, contact in enumerate(self._contacts):
            contact.value = bits >> i & 1
        for area, values in (
            (self._currents, currents),
            (self._devices, devices),
            (self._command, command),
            (self._mailbox, mailbox),
        ):
            for word, value in zip(area, values, strict=True):
                word.value = value
        self._scan(ms)
        coils = {name: bool(c.value) for name, c in zip(PHYSICAL_OUTPUTS, self._coils, strict=True)}
        main, pre, voice = (w.value for w in self._analog)
        return Driven(coils, main, pre, voice), [w.value for w in self._status]
