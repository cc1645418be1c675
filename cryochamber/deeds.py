"""Does in a virtual chamber what cases and random days plan: breaks things, presses buttons, moves people, stops the supervisor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from chamber.commands import CHECKLIST, Command, CommandKind
from cryochamber.fault_case import Act
from cryochamber.operator import Operator
from cryochamber.scenario import ScenarioError
from cryochamber.virtual import VirtualChamber
from simulator.faults import FaultError

_EPS_S = 1e-9


class Deeds:
    """The acts of one run in the order of their times. ``name`` stands in complaints; ``program`` and ``persons`` are for commands.

    Once a scan: ``due`` does what is due and returns what is pressed; ``away`` says whether the supervisor is stopped.
    """

    def __init__(self, name: str, chamber: VirtualChamber, operator: Operator, acts: Iterable[Act], program: str) -> None:
        self._name, self._chamber, self._operator, self._program = name, chamber, operator, program
        self._todo = sorted(acts, key=lambda a: a.at_s)
        self._mend: list[tuple[float, Callable[[], object]]] = []
        self._away_until_s: float | None = None
        self._starts_anew = False
        self._pressed = 0
        self.restarted: Callable[[float], None] = lambda t_s: None
        """Called when the control process has just begun anew."""

    def add(self, act: Act) -> None:
        self._todo = sorted((*self._todo, act), key=lambda a: a.at_s)

    @property
    def idle(self) -> bool:
        """Nothing is to be done, to end or to be mended any more."""
        return not (self._todo or self._mend) and self._away_until_s is None

    def hold(self, door: str, for_s: float, t_s: float) -> None:
        """Hold a door open for so long."""
        self._chamber.world.hold_door(door, True)
        self._mend.append((t_s + for_s, partial(self._chamber.world.hold_door, door, False)))

    def due(self, t_s: float) -> list[Command]:
        """Do what is due ``t_s`` after the beginning. Raises ScenarioError for an act that cannot be done."""
        commands: list[Command] = []
        while self._todo and self._todo[0].at_s <= t_s + _EPS_S:
            self._act(self._todo.pop(0), t_s, commands)
        if self._mend:
            for mend in [m for m in self._mend if m[0] <= t_s + _EPS_S]:
                mend[1]()
                self._mend.remove(mend)
        return commands

    def away(self, t_s: float) -> bool:
        """Whether the supervisor does not run now; begins it anew when its time has come."""
        if self._away_until_s is None:
            return False
        if t_s < self._away_until_s - _EPS_S:
            return True
        self._away_until_s = None
        if self._starts_anew:
            self._chamber.restart()
            self.restarted(t_s)
            self._starts_anew = False
        return False

    def _act(self, act: Act, t_s: float, commands: list[Command]) -> None:
        chamber, operator, world = self._chamber, self._operator, self._chamber.world
        match act.act:
            case "inject":
                self._inject(act, t_s)
            case "hang" | "die":
                if act.for_s is None:
                    raise ScenarioError(f"{self._name}: {act.act} needs for_s")
                self._away_until_s, self._starts_anew = t_s + act.for_s, act.act == "die"
            case "command":
                commands.append(self._command(act))
            case "operator_leaves" | "operator_returns":
                operator.present = act.act == "operator_returns"
                if act.act == "operator_leaves" and act.for_s is not None:
                    self._mend.append((t_s + act.for_s, partial(setattr, operator, "present", True)))
            case "estop":
                world.press_estop(True)
                if act.for_s is not None:
                    self._mend.append((t_s + act.for_s, partial(world.press_estop, False)))
            case "call":
                world.press_call(True)
                if act.for_s is not None:
                    self._mend.append((t_s + act.for_s, partial(world.press_call, False)))
            case "walk":
                world.guests.autopilot = False
                world.walk(act.target or "", act.persons)
                if act.for_s is not None:
                    self._mend.append((t_s + act.for_s, self._walk_out))
            case "hold_inner" | "hold_outer":
                door = act.act.removeprefix("hold_")
                if act.for_s is None:
                    world.hold_door(door, True)
                else:
                    self.hold(door, act.for_s, t_s)
            case "records_fail":
                chamber.records_ok = False
                if act.for_s is not None:
                    self._mend.append((t_s + act.for_s, partial(setattr, chamber, "records_ok", True)))
            case "api_silent":
                chamber.api_age_s = 60.0
                if act.for_s is not None:
                    self._mend.append((t_s + act.for_s, partial(setattr, chamber, "api_age_s", 0.0)))
            case "clock_step":
                chamber.utc_offset_s += act.by_s
            case "restart":
                chamber.restart()
                self.restarted(t_s)

    def _walk_out(self) -> None:
        self._chamber.world.walk("outside")
        self._chamber.world.guests.autopilot = True

    def _inject(self, act: Act, t_s: float) -> None:
        faults = self._chamber.world.faults
        try:
            fault = faults.inject(act.kind, act.target, act.params, ramp_s=act.ramp_s)
        except FaultError as error:
            raise ScenarioError(f"{self._name}: do: {error}") from None
        if act.mend_after_s is not None:
            self._mend.append((t_s + act.mend_after_s, partial(faults.clear, fault.id)))

    def _command(self, act: Act) -> Command:
        try:
            kind = CommandKind(act.kind)
        except ValueError:
            raise ScenarioError(f"{self._name}: no command {act.kind!r}; known: {', '.join(CommandKind)}") from None
        self._pressed += 1
        filled: dict[str, str | int | float | list[str]] = {}
        if kind is CommandKind.BEGIN_BOARDING:
            filled = {"program": self._program, "persons": act.persons, "checks": list(CHECKLIST)}
        elif kind is CommandKind.PRECOOL:
            filled = {"program": self._program}
        return Command(f"case-{self._pressed}", kind, filled | act.args, act.role.value, act.role, "fault case")
