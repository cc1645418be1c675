"""Plays decision vectors on anything that looks like a test bench."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Protocol

from chamber.readings import Quality
from plc_bridge.codec import RawValue, decode
from plc_bridge.contract import QUALITY, Output, Trip
from plc_bridge.program.generate import VECTORS
from plc_bridge.program.vectors import Document, Step, Vector
from plc_bridge.register_map import STATUS
from simulator.sensors import INDEX
from tests.plc_program.cards import PER_UNIT
from tests.plc_program.twin import Twin
from tests.simulator.cards import Bench

FILE: Document = json.loads(VECTORS.read_text(encoding="utf-8"))


class Rig(Protocol):
    """What a vector needs of a test bench."""

    def apply(self, step: Step) -> None:
        """Change the inputs."""

    def scan(self, count: int) -> dict[str, RawValue]:
        """Run scans; the status after the last."""


class SimulatedRig:
    """The simulated PLC alone."""

    def __init__(self) -> None:
        self._bench = Bench()

    def apply(self, step: Step) -> None:
        bench = self._bench
        for tag, raw in step.get("analog", {}).items():
            bench.value(tag, raw / PER_UNIT[INDEX[tag]])
        for tag, code in step.get("quality", {}).items():
            bench.quality[INDEX[tag]] = code
        for tag, closed in step.get("contacts", {}).items():
            bench.contact(bool(closed), tag)
        bench.told |= step.get("told", {})
        bench.beating = step.get("beating", bench.beating)
        bench.purge_answers = step.get("purge_answers", bench.purge_answers)
        if "mail" in step:
            mail_id = bench.mailbox[0] + 1
            bench.mailbox = [mail_id, step["mail"], 0, 0, ~mail_id & 0xFFFF]

    def scan(self, count: int) -> dict[str, RawValue]:
        self._bench.scan(count)
        return self._bench.status


class CompiledRig:
    """The compiled program, with the simulated PLC beside it: every scan is compared as well."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    def apply(self, step: Step) -> None:
        twin = self._twin
        for tag, raw in step.get("analog", {}).items():
            twin.value(tag, raw)
        for tag, code in step.get("quality", {}).items():
            assert QUALITY[code][0] is not Quality.GOOD
            twin.devices[INDEX[tag]] = code
        for tag, closed in step.get("contacts", {}).items():
            twin.contact(bool(closed), tag)
        twin.told |= step.get("told", {})
        twin.beating = step.get("beating", twin.beating)
        twin.purge_answers = step.get("purge_answers", twin.purge_answers)
        if "mail" in step:
            twin.mail(step["mail"])

    def scan(self, count: int) -> dict[str, RawValue]:
        assert self._twin.scan(count) == []
        return decode(STATUS, self._twin.theirs)


def _unmet(step: Step, trip: str | None, status: dict[str, RawValue]) -> Iterator[str]:
    if "latched" in step:
        latched = bool(int(status["trips"]) >> Trip[str(trip)] & 1)
        if latched is not step["latched"]:
            yield f"{trip} latched: {latched}"
    if step.get("state", status["plc_state"]) != status["plc_state"]:
        yield f"state {status['plc_state']}"
    if step.get("reason", status["mail_reason"]) != status["mail_reason"]:
        yield f"reason {status['mail_reason']}"
    valve = round(10 * float(status["valve_main_out"]))
    if step.get("valve_main_out", valve) != valve:
        yield f"valve {valve}"
    outputs = int(status["outputs"])
    yield from (f"{name} is off" for name in step.get("on", []) if not outputs >> Output[name] & 1)
    yield from (f"{name} is on" for name in step.get("off", []) if outputs >> Output[name] & 1)


def play(vector: Vector, rig: Rig) -> list[str]:
    """Run a vector; what it expected and did not get, by step."""
    rig.apply(FILE["start"])
    rig.scan(FILE["start"].get("scans", 1))
    found: list[str] = []
    for n, step in enumerate(vector["steps"]):
        rig.apply(step)
        status = rig.scan(step.get("scans", 1))
        found += [f"step {n}: {text}" for text in _unmet(step, vector["trip"], status)]
    return found
