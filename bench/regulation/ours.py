"""This project's regulators behind the bench's interface, and the true parameters as a model with stated errors."""

from __future__ import annotations

from bench.regulation.plant import AMBIENT_K, Parameters
from bench.regulation.scenario import PERIOD_S, Seen
from chamber.profile import Regulator
from control import lqr, observer, pid
from control.room_model import ZERO_C_K, RoomModel, cooling_j_kg
from control.tuning import gentle

_GAS_J = 101325.0 * 0.0289 / 8.314 * 1015.0


def exact(p: Parameters) -> RoomModel:
    """The plant's own numbers, as far as the model has a place for them."""
    return RoomModel(
        gas_j=_GAS_J * p.volume_m3,
        liner_w_k=p.gas_liner_w_k,
        liner_j_k=p.liner_j_k,
        loss_w_k=7.0,
        feed_kg_s=p.feed_kg_s,
        dead_s=p.dead_s,
        feed_tau_s=p.evaporator_tau_s + p.valve_tau_s,
        sensor_tau_s=p.sensor_tau_s,
        quick_opening=p.quick_opening,
        person_w=650.0,
        door_w_k=360.0 * p.door_share / 0.21,
    )


class Pid:
    def __init__(self, m: RoomModel, name: str = "PID", *, door_share: float = 0.39) -> None:
        self.name = name
        g, self.ms = gentle(m, -110.0, ms_max=1.65)
        self._m = m
        self._door = door_share
        self._p = Regulator(
            full_flow_kg_h=216,
            gain_pct_per_k=g.gain_pct_per_k,
            integral_s=g.integral_s,
            derivative_s=g.derivative_s,
            derivative_filter=4.7,
            tracking_s=(g.integral_s * g.derivative_s) ** 0.5,
            schedule_reference_c=-110.0,
        )
        self._s = pid.PidState(integral_pct=15.0)
        self._shut_s = 100.0

    def step(self, seen: Seen) -> float:
        y = seen.measured_c
        self._shut_s = 0.0 if seen.door else self._shut_s + PERIOD_S
        full_w = self._m.feed_kg_s * cooling_j_kg(y + ZERO_C_K)
        load = seen.persons * self._m.person_w * 0.77
        if seen.door or seen.door_in_s is not None:
            load += self._door * self._m.door_w_k * (AMBIENT_K - ZERO_C_K - y)
        self._s, terms = pid.law(
            self._p,
            self._s,
            seen.setpoint_c,
            seen.measured_c,
            PERIOD_S,
            actual_pct=seen.actual_pct if seen.t_s > 0 else None,
            feedforward_pct=100.0 * load / full_w,
            hold=seen.door or self._shut_s < 6.0,
        )
        return terms.output_pct


class ModelBased:
    def __init__(self, m: RoomModel, name: str = "LQR + observer") -> None:
        self.name = name
        self._m = m
        self._o: observer.Observed | None = None
        self._pct = 0.0
        lqr.prepare(m)

    def step(self, seen: Seen) -> float:
        if self._o is None:
            self._o = observer.begin(self._m, seen.measured_c)
        self._o = observer.observe(self._m, self._o, seen.measured_c, seen.actual_pct, seen.persons, door=seen.door)
        self._pct = lqr.law(
            self._m,
            self._o,
            seen.setpoint_c,
            self._pct,
            seen.persons,
            lqr.Ahead(seen.door_left_s, seen.door_in_s, persons=seen.persons_next),
        )
        return self._pct
