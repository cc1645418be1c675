"""Shared plants: cooling one down takes a second, so the cold one is made once."""

from __future__ import annotations

import pytest

from simulator.parameters import PlantParameters, load
from simulator.world import World
from tests.simulator.driver import Driver


@pytest.fixture(scope="session")
def parameters() -> PlantParameters:
    return load()


@pytest.fixture
def world() -> World:
    return World(seed=7, start="precooled")


@pytest.fixture
def driver(world: World) -> Driver:
    return Driver(world)
