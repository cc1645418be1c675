"""`cryochamber tune`: the automatic tuning from a terminal, through the REST API and with its rights.

Nothing here knows more than the panel does: `start`, `stop`, `accept` and `revert` are the commands the service screen sends, signed in
with name and PIN and out again.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from control.relay import STEADY_S
from cryochamber.options import fail, load_config

tune_app = typer.Typer(
    help="Automatic tuning of the regulators, through the API of the running chamber: show, start, stop, accept, revert.",
    no_args_is_help=True,
)
REPLY_S = 10.0

Config = Annotated[Path | None, typer.Option("--config", "-c", help="Configuration file (TOML) of the running chamber.")]
Url = Annotated[str | None, typer.Option(help="Where the API is. Default: host and port of the configuration.")]
Name = Annotated[str, typer.Option("--user", prompt="Name", help="Who signs in; the role must be service.")]
Pin = Annotated[str, typer.Option(prompt="PIN", hide_input=True, envvar="CRYOCHAMBER_PIN", help="Asked for if not given.")]
Room = Annotated[str, typer.Argument(help="main or pre")]


class _Api:
    """The API at one address; ``cookie`` once somebody is signed in."""

    def __init__(self, config: Path | None, url: str | None) -> None:
        if url is None:
            settings = load_config(config).settings
            url = f"http://{settings.api.host}:{settings.api.port}"
        if not url.startswith(("http://", "https://")):
            raise fail(f"--url {url}: must begin with http:// or https://", 2)
        self._base = url.rstrip("/") + "/api/v1"
        self._cookie: str | None = None

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """GET, or POST of ``body``. Ends the program with the API's own words and remedy if it refuses."""
        headers = {"Content-Type": "application/json"} | ({} if self._cookie is None else {"Cookie": self._cookie})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, headers)  # noqa: S310 (the scheme is checked above)
        try:
            with urllib.request.urlopen(request, timeout=REPLY_S) as answer:  # noqa: S310
                given = answer.headers.get("Set-Cookie")
                self._cookie = given.split(";")[0] if given else self._cookie
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise fail(_said(error)) from None
        except (OSError, json.JSONDecodeError) as error:
            raise fail(f"no API answers at {self._base}: {error}. Is the chamber running? Another address: --url") from None

    def command(self, name: str, pin: str, kind: str, args: dict[str, str]) -> None:
        """Sign in, send one command, sign out; ends the program if it is refused."""
        self.ask("/sign-in", {"name": name, "pin": pin})
        try:
            result = self.ask("/commands", {"id": str(uuid.uuid4()), "kind": kind, "args": args})
        finally:
            self.ask("/sign-out", {})
        if result["outcome"] != "accepted":
            reasons = "; ".join(r["text"] for r in result["reasons"]) or "look at the plant before trying again"
            raise fail(f"{result['outcome']}: {reasons}")


def _said(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.load(error)
        return f"{problem['detail']} {problem['remedy']}"
    except (json.JSONDecodeError, KeyError, TypeError):
        return f"the API answered {error.code} {error.reason}"


def _gains(g: dict[str, Any]) -> str:
    ms = "" if g["ms"] is None else f", Ms {g['ms']:.2f}"
    return f"{g['gain_pct_per_k']:g} %/K, integral {g['integral_s']:g} s, derivative {g['derivative_s']:g} s{ms}"


def _waits(w: dict[str, Any]) -> str:
    value, limit = w["value"], w["limit"]
    match w["why"]:
        case "record":
            return f"waits for a record of {limit:.0f} s; {value:.0f} s are there"
        case "room":
            return f"waits for a steady room: within {limit:g} K of its set point for {STEADY_S} s; {value:.1f} K away in that time"
        case "valve":
            return f"waits for a steady valve: its mean opening moved by {value:.1f} % in {STEADY_S} s, {limit:g} % at most"
        case _:
            return "waits until the chamber is ready"


@tune_app.command()
def show(config: Config = None, url: Url = None) -> None:
    """The regulators in force, the run that is under way, and the proposal with its fingerprint."""
    t = _Api(config, url).ask("/tuning")
    for r in t["in_force"]:
        typer.echo(f"{r['room']:5} {_gains(r['gains'])}" + (" (the one before is kept: revert)" if r["revertible"] else ""))
    recorded = t["recorded_s"]
    typer.echo("recording: none; it begins with a precool out of the warm" if recorded is None else f"recording: {recorded} s")
    if t["phase"] is None:
        typer.echo("run: none" + (f"; the last one ended: {t['ended']} {t['ended_by']}".rstrip() if t["ended"] else ""))
        return
    swing = "" if t["excursion_k"] is None else f", relay {t['relay_s']:.0f} s, excursion {t['excursion_k']:.2f} K"
    typer.echo(f"run: {t['room']}, {t['phase']} for {t['since_s']:.0f} s{swing}")
    if t["waits"] is not None:
        typer.echo(f"  {_waits(t['waits'])}")
    p = t["proposal"]
    if p is not None:
        for name in ("before", "after", "amigo"):
            typer.echo(f"  {name:7} {_gains(p[name])}")
        typer.echo(
            f"  slope {p['slope_k_s_pct']:.5f} K/s for 1 %, dead time {p['dead_s']:.1f} ± {p['dead_std_s']:.1f} s, residual {p['residual_k']:.2f} K"
        )
        typer.echo("  model: " + ("comes with it" if p["model_refused"] is None else f"stays as it is: {p['model_refused']}"))
        typer.echo(f"  to accept: cryochamber tune accept {p['fingerprint']}")


@tune_app.command()
def start(room: Room, user: Name, pin: Pin, config: Config = None, url: Url = None) -> None:
    """Begin: the relay test starts once the room stands still. Only after a precool out of the warm, doors shut, nobody inside."""
    _Api(config, url).command(user, pin, "tune", {"room": room})
    typer.echo("begun; look: cryochamber tune show")


@tune_app.command()
def stop(user: Name, pin: Pin, config: Config = None, url: Url = None) -> None:
    """End the test, or put the proposal away. The regulator in force goes on."""
    _Api(config, url).command(user, pin, "end_tuning", {})
    typer.echo("ended")


@tune_app.command()
def accept(
    fingerprint: Annotated[str, typer.Argument(help="Of the proposal that was looked at, see: cryochamber tune show.")],
    user: Name,
    pin: Pin,
    config: Config = None,
    url: Url = None,
) -> None:
    """Accept the proposal. It counts as work on the device: proof tests are due before the next session."""
    _Api(config, url).command(user, pin, "accept_tuning", {"fingerprint": fingerprint})
    typer.echo("accepted; proof tests are due before the next session")


@tune_app.command()
def revert(room: Room, user: Name, pin: Pin, config: Config = None, url: Url = None) -> None:
    """Put the regulator back that was in force before the last acceptance. This counts as work on the device, too."""
    _Api(config, url).command(user, pin, "revert_tuning", {"room": room})
    typer.echo("reverted; proof tests are due before the next session")
