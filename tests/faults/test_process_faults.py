"""FI-10, FI-12 with the real thing: a control process of its own, stopped and killed by signal, over real Modbus TCP."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from chamber.states import COOLING, CycleState
from plc_bridge.contract import LEASE_OCCUPIED_S, Trip
from simulator.world import World
from tests.faults.site import BUSY_S, LEASE_LOST, running


@pytest.mark.req("SRS-LNK-001", "SRS-LNK-002")
async def test_a_stopped_control_process_loses_the_lease_and_does_not_take_it_back() -> None:
    async with running() as site:
        await site.occupied_and_leased()
        assert site.process is not None
        os.kill(site.process.pid, signal.SIGSTOP)
        took = await site.until(lambda w: w.plc.trips & LEASE_LOST, 4.0)
        assert LEASE_OCCUPIED_S - 0.3 <= took <= 2.2 + BUSY_S
        assert site.world.plc.first_out == Trip.LEASE_LOST + 1
        assert not site.world.actuators.xv_401
        os.kill(site.process.pid, signal.SIGCONT)
        await site.until(lambda w: w.plc.told.cycle_state == CycleState.EVACUATE, 20.0)
        await asyncio.sleep(2.0)
        assert site.world.plc.trips & LEASE_LOST  # it found a tripped plant and left it so
        assert not site.world.actuators.xv_401


@pytest.mark.req("SRS-CYC-005")
async def test_a_killed_control_process_comes_back_in_recovery() -> None:
    async with running() as site:
        await site.occupied_and_leased()
        assert site.process is not None
        site.process.kill()
        took = await site.until(lambda w: w.plc.trips & LEASE_LOST, 4.0)
        assert took <= 2.2 + BUSY_S
        assert await site.process.wait() == -signal.SIGKILL
        told: list[int] = []
        await site.start_control()
        before = site.world.plc.told

        def heard(w: World) -> bool:
            if w.plc.told is not before:
                told.append(w.plc.told.cycle_state)
            return len(told) > 50

        await site.until(heard, 60.0)  # a process starts slowly on a busy machine
        assert set(told) <= {CycleState.RECOVERY, CycleState.EVACUATE}
        assert not set(told) & COOLING
        assert site.world.plc.trips & LEASE_LOST
        assert not site.world.actuators.xv_401
