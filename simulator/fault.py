"""What a fault of the simulated plant is: its kind, its parameters, and one that is in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simulator.world import World

    Deed = Callable[[World, "Fault"], None]


class Parameter(NamedTuple):
    """``rest``: the value at which nothing is broken; a fault that grows begins there. None: it cannot grow."""

    name: str
    unit: str
    low: float
    high: float
    default: float
    rest: float | None = None


class Kind(NamedTuple):
    """A kind of fault: id, plain text, what it can befall, parameters, how it starts and ends.

    ``each_scan``: ``start`` is repeated in every scan, because what it does changes with time; ``live``: what was started reads
    the parameters anew each time; else a growing fault is started again with each new value.
    """

    kind: str
    text: str
    targets: tuple[str, ...]
    params: tuple[Parameter, ...]
    start: Deed
    stop: Deed
    each_scan: bool = False
    live: bool = False


@dataclass(slots=True)
class Fault:
    """A fault in force. ``since_s`` and ``until_s`` are plant time; ``params`` are those of the moment, ``final`` those it grows to."""

    id: str
    kind: Kind
    target: str
    params: dict[str, float]
    since_s: float
    until_s: float | None = None
    final: dict[str, float] | None = None
    ramp_s: float = 0.0

    @property
    def text(self) -> str:
        values = ", ".join(f"{p.name} {self.params[p.name]:g} {p.unit}".rstrip() for p in self.kind.params)
        return f"{self.kind.text}: {self.target}" + (f" ({values})" if values else "")
