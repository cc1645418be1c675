"""Prometheus metrics, made from the newest snapshot at each scrape. What is unknown is absent, never zero."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from control.snapshot import Snapshot

if TYPE_CHECKING:
    from api.context import Context


def _gauge(name: str, text: str, value: float | bool | None) -> Iterator[Metric]:
    if value is not None:
        yield GaugeMetricFamily(f"cryochamber_{name}", text, value=float(value))


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"cryochamber_{name}", text, value=value)


def _labelled(name: str, text: str, label: str, values: Iterable[tuple[str, float | bool | None]]) -> Metric:
    family = GaugeMetricFamily(f"cryochamber_{name}", text, labels=[label])
    for key, value in values:
        if value is not None:
            family.add_metric([key], float(value))
    return family


def _own(context: Context) -> Iterator[Metric]:
    hub, mqtt = context.hub, context.mqtt
    yield from _gauge("api_control_connected", "1 while snapshots are fresh", hub.fresh())
    yield from _gauge("api_snapshot_age_seconds", "Age of the newest snapshot", hub.age_s())
    yield _counter("api_snapshots_received", "Snapshots received", hub.received)
    yield _counter("api_snapshots_refused", "Snapshots that did not fit the model", hub.refused)
    yield from _gauge("api_panels", "Connected panels", hub.panels)
    yield from _gauge("api_records_ok", "1 while the API can read the records", context.books.ok)
    if mqtt.configured:
        yield from _gauge("mqtt_connected", "1 while connected to the broker", mqtt.connected)
        yield from _gauge("mqtt_backlog", "Journal entries not yet delivered", mqtt.backlog)
    commands = CounterMetricFamily("cryochamber_api_commands", "Commands by kind and outcome", labels=["kind", "outcome"])
    for (kind, outcome), count in sorted(context.commander.outcomes.items()):
        commands.add_metric([kind, outcome], count)
    yield commands


def _chamber(view: Snapshot) -> Iterator[Metric]:
    yield _counter("scans", "Scans of the control process", view.scan.count)
    yield _counter("scans_late", "Scans that began late", view.scan.late)
    yield _counter("scans_missed", "Scans left out", view.scan.missed)
    yield from _gauge("scan_duration_seconds", "Duration of the last scan", view.scan.duration_ms / 1000.0)
    yield from _gauge("scan_lateness_seconds", "Lateness of the last scan", view.scan.lateness_ms / 1000.0)
    yield from _gauge("plc_age_seconds", "Since the last good read of the PLC", view.link.plc_age_s)
    yield _labelled("plc_link", "State of the PLC link", "state", [(s, s == view.link.plc) for s in ("ok", "slow", "silent")])
    yield _counter("plc_requests", "Modbus requests", view.link.requests)
    yield _counter("plc_timeouts", "Modbus timeouts", view.link.timeouts)
    yield _counter("plc_refused_blocks", "Input blocks refused", view.link.refused_blocks)
    yield _counter("plc_reconnects", "Modbus reconnects", view.link.reconnects)
    yield _labelled("state", "Cycle state", "state", [(view.cycle.state, 1.0)])
    rooms = [("main", view.main)] if view.pre is None else [("main", view.main), ("pre", view.pre)]
    yield _labelled(
        "temperature_celsius", "Voted temperature", "room", [*((n, r.temperature_c) for n, r in rooms), ("room", view.room.temperature_c)]
    )
    yield _labelled("setpoint_celsius", "Set point", "room", ((n, r.setpoint_c) for n, r in rooms))
    yield _labelled("valve_percent", "Nitrogen valve", "room", ((n, r.valve_pct) for n, r in rooms))
    oxygen = [*((n, r.oxygen_pct) for n, r in rooms), ("room", view.room.oxygen_pct), ("room_floor", view.room.oxygen_floor_pct)]
    yield _labelled("oxygen_percent", "Voted oxygen, vol%", "room", oxygen)
    yield _labelled("oxygen_sensors_good", "Oxygen sensors that count", "room", ((n, r.oxygen_good) for n, r in rooms))
    alarms = [(p, sum(1 for a in view.alarms if a.priority == p)) for p in ("high", "medium", "low")]
    yield _labelled("alarms", "Annunciated alarms", "priority", alarms)
    yield _labelled("causes", "Active causes of the cause-and-effect table", "cause", ((c.id, c.present) for c in view.causes))
    yield from _gauge("session_running", "1 while a session is open", view.session is not None)
    yield from _gauge("nitrogen_tank_kilograms", "Tank content", view.nitrogen.tank_kg)
    yield from _gauge("nitrogen_flow_kg_per_hour", "Nitrogen flow", view.nitrogen.flow_kg_h)
    yield from _gauge("nitrogen_today_kilograms", "Nitrogen used today", view.nitrogen.today_kg)
    yield from _gauge("records_ok", "1 while the control process can record", view.records.ok)
    yield from _gauge("records_queued", "Events waiting to be written", view.records.queued)
    yield from _gauge("simulated", "1 when the plant is simulated", view.site.simulated)


class _Collector:
    def __init__(self, context: Context) -> None:
        self._context = context

    def collect(self) -> Iterator[Metric]:
        yield from _own(self._context)
        view = self._context.hub.view() if self._context.hub.fresh() else None
        if view is not None:
            yield from _chamber(view)


def exposition(context: Context) -> bytes:
    """All metrics in the text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(context))  # pyright: ignore[reportArgumentType]  # duck-typed by prometheus_client
    return generate_latest(registry)
