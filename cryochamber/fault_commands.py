"""`cryochamber fault`: faults of the simulated plant that is running."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cryochamber.options import Config, fail, load_config

fault_app = typer.Typer(help="Faults of the simulated plant: list, inject, clear.", no_args_is_help=True)


def _ask_simulator(config: Path | None, request: dict[str, Any]) -> dict[str, Any]:
    import zmq

    settings = load_config(config).settings
    endpoint = settings.place(settings.simulator.endpoint)
    context = zmq.Context()
    try:
        s = context.socket(zmq.REQ)
        s.linger = 0
        s.rcvtimeo = s.sndtimeo = 2000
        s.connect(endpoint)
        s.send(json.dumps(request).encode())
        reply: dict[str, Any] = json.loads(s.recv())
    except zmq.Again:
        raise fail(f"no simulated plant answers at {endpoint}; start one: cryochamber demo") from None
    finally:
        context.destroy(linger=0)
    if not reply.get("ok"):
        raise fail(str(reply.get("error", reply)))
    return reply


@fault_app.command("list")
def fault_list(config: Config = None) -> None:
    """Kinds of faults with their targets and parameters, and the faults active now."""
    reply = _ask_simulator(config, {"op": "faults"})
    for entry in reply.get("catalogue", reply.get("faults", [])):
        params = ", ".join(f"{p['name']} [{p['unit']}] {p['low']:g} to {p['high']:g} (default {p['default']:g})" for p in entry["params"])
        typer.echo(f"{entry['kind']:18} {entry['text']}")
        typer.echo(f"{'':18} targets: {', '.join(entry['targets']) or '-'}" + (f"; {params}" if params else ""))
    active = _ask_simulator(config, {"op": "status"})["faults"]
    typer.echo("active: " + ("none" if not active else "; ".join(f"{f['id']} {f['kind']} {f.get('target') or ''}" for f in active)))


@fault_app.command("inject")
def fault_inject(
    kind: str,
    target: Annotated[str, typer.Argument(help="Tag or place, see: cryochamber fault list.")] = "",
    param: Annotated[list[str] | None, typer.Option("--param", "-p", help="name=value, may be repeated.")] = None,
    config: Config = None,
) -> None:
    """Inject a fault into the running simulated plant."""
    params: dict[str, float] = {}
    for item in param or []:
        name, _, value = item.partition("=")
        try:
            params[name] = float(value)
        except ValueError:
            raise fail(f"--param {item}: write name=number") from None
    reply = _ask_simulator(config, {"op": "inject", "kind": kind, "target": target or None, "params": params})
    typer.echo(f"injected: {reply['id']}")


@fault_app.command("clear")
def fault_clear(fault_id: Annotated[str, typer.Argument(help="Id of an active fault, or 'all'.")] = "all", config: Config = None) -> None:
    """Take a fault away again."""
    _ask_simulator(config, {"op": "clear", "all": True} if fault_id == "all" else {"op": "clear", "id": fault_id})
    typer.echo("cleared")
