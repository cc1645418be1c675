"""`cryochamber demo`: the whole house on one machine, with a simulated chamber.

Starts the simulated PLC, the control process, the API with the panel and, if no broker is configured, a small MQTT
broker, each as a process of its own, as on a real site. A process that dies is started again, as systemd would.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from chamber.commands import Role
from chamber.settings import Settings
from cryochamber.commission import BY_HAND, SIMULATED_BY, commission
from cryochamber.config import PROFILE_VARIABLE, Loaded
from cryochamber.running import StartError, make_folders, port_free
from records import users
from records.store import open_store

START_S = 120.0  # the first start compiles the simulator; a child that ends is told at once
STOP_S = 6.0
RESTART_S = 1.0
RESTARTS_MAX = 5  # within a minute; then the demo gives up
BROKER_PORTS = range(1883, 1893)
TAIL_LINES = 8
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class _Child:
    name: str
    arguments: list[str]
    log_file: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    log: IO[bytes] | None = None

    def start(self) -> None:
        self.log = self.log_file.open("ab")
        # own session: Ctrl-C reaches this program alone, which then ends the others in order
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own arguments
            [sys.executable, "-m", "cryochamber", *self.arguments],
            stdout=self.log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=self.environment,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, until_s: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.log is not None:
            self.log.close()

    def tail(self) -> str:
        lines = self.log_file.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return "\n".join(f"    {line}" for line in lines)


def _say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone; ending the parts matters more than saying so
        print(text, flush=True)


def _end_with_parent() -> None:
    """In the child, before it begins: if the demo is killed outright, its parts end too (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _check_ports(settings: Settings) -> None:
    for what, host, port, key in (
        ("simulated PLC", settings.plc.host, settings.plc.port, "CRYOCHAMBER_PLC__PORT"),
        ("panel and API", settings.api.host, settings.api.port, "CRYOCHAMBER_API__PORT"),
    ):
        if not port_free(host, port):
            raise StartError(
                f"port {port} on {host}, for the {what}, is taken. Is another demo still running? Stop it, or choose another port: {key}={port + 1} make run"
            )


def _check_loopback(settings: Settings) -> None:
    """H-28: a simulated plant is offered to this machine only."""
    if not socket.gethostbyname(settings.plc.host).startswith("127."):
        raise StartError(f"plc.host = {settings.plc.host}: the demo simulates the PLC on this machine only; use 127.0.0.1")


def _fresh_pins(settings: Settings) -> dict[str, str]:
    """New PINs at each start of the demo; nothing is shipped and nothing is kept in clear."""
    store = open_store(settings.place(settings.records.url))
    pins: dict[str, str] = {}
    try:
        known = {u.name for u in users.list_users(store.engine)}
        for name, role in (("operator", Role.OPERATOR), ("service", Role.SERVICE)):
            pins[name] = users.set_pin(store.engine, name) if name in known else users.create_user(store.engine, name, role)
    finally:
        store.close()
    return pins


def _broker_port(settings: Settings) -> int | None:
    if settings.mqtt.host:
        return None
    for port in BROKER_PORTS:
        if port_free("127.0.0.1", port):
            return port
    raise StartError(
        f"no free port from {BROKER_PORTS[0]} to {BROKER_PORTS[-1]} for the MQTT broker. Name yours: CRYOCHAMBER_MQTT__HOST=127.0.0.1 make run"
    )


def _children(loaded: Loaded, start: str, seed: int, broker_port: int | None) -> list[_Child]:
    settings = loaded.settings
    logs = settings.data_dir / "log"
    logs.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, PROFILE_VARIABLE: settings.site.profile}  # whoever asked for it: file, variable or option
    if loaded.file is not None:
        environment["CRYOCHAMBER_CONFIG"] = str(loaded.file.resolve())
    if broker_port is not None:
        environment |= {"CRYOCHAMBER_MQTT__HOST": "127.0.0.1", "CRYOCHAMBER_MQTT__PORT": str(broker_port)}

    def child(name: str, *arguments: str) -> _Child:
        return _Child(name, list(arguments), logs / f"{name}.log", environment)

    children = [child("plc-sim", "plc-sim", "--from", start, "--seed", str(seed))]
    if broker_port is not None:
        children.append(child("broker", "broker", "--port", str(broker_port)))
    return [*children, child("control", "control"), child("api", "api")]


def _healthy(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://{settings.api.host}:{settings.api.port}/api/v1/health", timeout=1.0) as answer:
            health = json.load(answer)
    except (OSError, urllib.error.URLError, json.JSONDecodeError):
        return False
    return health.get("plc") == "ok" and bool(health.get("control", {}).get("connected"))


def _listening(settings: Settings) -> bool:
    """The simulated PLC takes calls: sooner, its silence would be the first alarm of the day."""
    try:
        socket.create_connection((settings.plc.host, settings.plc.port), 1.0).close()
    except OSError:
        return False
    return True


def _wait_until(so: Callable[[Settings], bool], settings: Settings, children: list[_Child]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        for c in children:
            if c.process is not None and c.process.poll() is not None:
                raise StartError(f"{c.name} ended at once (exit {c.process.returncode}). Its last lines ({c.log_file}):\n{c.tail()}")
        if so(settings):
            return
        time.sleep(0.1)
    raise StartError(f"not ready after {START_S:.0f} s. Look into the logs: {', '.join(str(c.log_file) for c in children)}")


def _welcome(settings: Settings, pins: dict[str, str], broker_port: int | None, took_s: float, start: str) -> None:
    url = f"http://{settings.api.host}:{settings.api.port}"
    mqtt = f"127.0.0.1:{broker_port}" if broker_port is not None else f"{settings.mqtt.host}:{settings.mqtt.port}"
    topic = f"cryochamber/v1/{settings.site.id}/{settings.site.chamber}/#"
    ready = "close to its set point" if start == "precooled" else "at room temperature (it has to cool down first)"
    _say(
        f"""
Ready after {took_s:.1f} s. The chamber is SIMULATED; it stands {ready}.
Its configuration was accepted and its proof tests were recorded as passed by "{SIMULATED_BY}"; a real chamber needs a person.

  Panel       {url}
  Sign in     operator, PIN {pins["operator"]}      (service, PIN {pins["service"]})
  API         {url}/docs          metrics {url}/metrics
  Technician  mosquitto_sub -h {mqtt.split(":")[0]} -p {mqtt.split(":")[1]} -v -t '{topic}'
  PLC         Modbus TCP {settings.plc.host}:{settings.plc.port}, map: cryochamber register-map
  Logs        {settings.data_dir / "log"}

Try first: open the panel, sign in, and do what its bottom line says next: confirm that the chamber is empty, start up,
precool (ready within 90 s), start a session. Open "Simulated hands" at the foot of the panel and let the guests play by
themselves. Then pull a plug: press the emergency stop there, or inject a fault on the Service screen.

Ctrl-C ends everything."""
    )


def run(loaded: Loaded, start: str, seed: int) -> int:
    """Run until Ctrl-C. Returns the exit status. Raises StartError before anything is left running."""
    began = time.monotonic()
    settings = loaded.settings
    _check_loopback(settings)
    _check_ports(settings)
    make_folders(settings)
    broker_port = _broker_port(settings)
    _say(
        "cryochamber: starting the simulated PLC, control, API and panel"
        + (" and an MQTT broker" if broker_port is not None else "")
        + " ..."
    )
    children = _children(loaded, start, seed, broker_port)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: ended.set())
    try:
        for c in sorted(children, key=lambda c: c.name == "control"):
            if c.name == "control":  # it reads the record once, at its start; the others need the time to load anyway
                commission(loaded, SIMULATED_BY, BY_HAND, "demo: the plant is simulated")
                _wait_until(_listening, settings, children)
            c.start()
        pins = _fresh_pins(settings)
        _wait_until(_healthy, settings, children)
        _welcome(settings, pins, broker_port, time.monotonic() - began, start)
        return _supervise(children, ended)
    finally:
        _say("\ncryochamber: ending ...")
        for c in reversed(children):
            c.stop()
        until = time.monotonic() + STOP_S
        for c in reversed(children):
            c.wait(until)
        _say("cryochamber: ended.")


def _supervise(children: list[_Child], ended: threading.Event) -> int:
    restarts: list[float] = []
    while not ended.wait(0.2):
        for c in children:
            if c.process is None or c.process.poll() is None:
                continue
            now = time.monotonic()
            restarts = [*(t for t in restarts if now - t < 60.0), now]
            _say(f"{c.name} ended (exit {c.process.returncode}); last lines:\n{c.tail()}")
            if len(restarts) > RESTARTS_MAX:
                _say(f"more than {RESTARTS_MAX} ends within a minute: giving up. Logs: {c.log_file.parent}")
                return 1
            if ended.wait(RESTART_S):
                return 0
            _say(f"{c.name}: starting again")
            c.start()
    return 0
