"""`cryochamber tune` against an API that answers with the API's own models and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from typer.testing import CliRunner

from api.models import Problem
from control.snapshot import CommandResult
from control.state import State
from control.tuning_state import Candidate, Phase, Proposal, Run
from control.tuning_view import WaitsView, tuning_view
from cryochamber.cli import app
from cryochamber.config import load_profile
from cryochamber.virtual import VirtualChamber

GAINS = Candidate(4.0, 60.0, 9.0, 1.7)


@cache
def proposed() -> State:
    state = VirtualChamber(load_profile(), 1, "precooled").state
    p = Proposal(load_profile().regulator_main, GAINS, GAINS, GAINS, 0.01, 5.0, 0.5, 0.2, "dead time is not known", "abc123")
    run = Run("main", "tom", Phase.PROPOSED, 0.0, frozenset(), None, p)
    return state._replace(tuning=state.tuning._replace(run=run, undo={"pre": load_profile().regulator_pre}))


class Fake(ThreadingHTTPServer):
    asked: list[tuple[str, str | None, Any]]
    result: CommandResult
    view: bytes


class Handler(BaseHTTPRequestHandler):
    server: Fake

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def answer(self, status: int, body: bytes, cookie: str | None = None) -> None:
        self.send_response(status)
        if cookie is not None:
            self.send_header("Set-Cookie", f"{cookie}; HttpOnly; Path=/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Cookie"], None))
        self.answer(200, self.server.view)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Cookie"], body))
        if self.path == "/api/v1/sign-in":
            if body["pin"] != "4711":
                problem = Problem(detail="Wrong name or PIN.", remedy="Try again.", code="wrong_pin", retry_after_s=None)
                return self.answer(401, problem.model_dump_json().encode())
            return self.answer(200, b"{}", "session=x1")
        self.answer(200, self.server.result.model_dump_json().encode() if self.path == "/api/v1/commands" else b"{}")
        return None


@pytest.fixture
def fake() -> Iterator[Fake]:
    server = Fake(("127.0.0.1", 0), Handler)
    server.asked = []
    server.result = CommandResult(id="1", kind="tune", outcome="accepted")
    server.view = tuning_view(proposed(), 5.0).without_names().model_dump_json().encode()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def tune(fake: Fake, *words: str, signed: bool = True, pin: str = "4711") -> tuple[int, str]:
    who = ["--user", "tom", "--pin", pin] if signed else []
    done = CliRunner().invoke(app, ["tune", *words, *who, "--url", f"http://127.0.0.1:{fake.server_address[1]}"])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("waits", "told"),
    [
        (WaitsView(why="ready", value=None, limit=None), "waits until the chamber is ready"),
        (WaitsView(why="record", value=55.0, limit=180.0), "waits for a record of 180 s; 55 s are there"),
        (WaitsView(why="room", value=1.23, limit=0.5), "within 0.5 K of its set point for 180 s; 1.2 K away"),
        (WaitsView(why="valve", value=3.14, limit=1.5), "moved by 3.1 % in 180 s, 1.5 % at most"),
    ],
)
def test_what_a_run_waits_for_is_shown(fake: Fake, waits: WaitsView, told: str) -> None:
    fake.view = (
        tuning_view(proposed(), 5.0).model_copy(update={"phase": "settling", "proposal": None, "waits": waits}).model_dump_json().encode()
    )
    code, output = tune(fake, "show", signed=False)
    assert code == 0, output
    assert told in output


def test_what_is_shown_names_the_proposal_and_how_to_accept_it(fake: Fake) -> None:
    code, output = tune(fake, "show", signed=False)
    assert code == 0, output
    assert fake.asked == [("/api/v1/tuning", None, None)]
    for told in ("pre   6 %/K, integral 150 s, derivative 8 s (the one before is kept: revert)", "after   4 %/K", "Ms 1.70"):
        assert told in output
    assert "stays as it is: dead time is not known" in output
    assert "cryochamber tune accept abc123" in output


@pytest.mark.parametrize(
    ("words", "kind", "args"),
    [
        (("start", "main"), "tune", {"room": "main"}),
        (("stop",), "end_tuning", {}),
        (("accept", "abc123"), "accept_tuning", {"fingerprint": "abc123"}),
        (("revert", "pre"), "revert_tuning", {"room": "pre"}),
    ],
)
def test_each_verb_is_one_command_of_somebody_signed_in(fake: Fake, words: tuple[str, ...], kind: str, args: dict[str, str]) -> None:
    assert tune(fake, *words)[0] == 0
    assert [(path, cookie) for path, cookie, _ in fake.asked] == [
        ("/api/v1/sign-in", None),
        ("/api/v1/commands", "session=x1"),
        ("/api/v1/sign-out", "session=x1"),
    ]
    sent = fake.asked[1][2]
    assert (sent["kind"], sent["args"]) == (kind, args)


def test_a_refusal_is_told_with_its_reason_and_signs_out(fake: Fake) -> None:
    reasons = [{"code": "no_precool_recorded", "text": "No precool out of the warm was recorded."}]
    fake.result = CommandResult.model_validate({"id": "1", "kind": "tune", "outcome": "rejected", "reasons": reasons})
    code, output = tune(fake, "start", "main")
    assert code == 1
    assert "rejected: No precool out of the warm was recorded." in output
    assert fake.asked[-1][0] == "/api/v1/sign-out"
    code, output = tune(fake, "start", "main", pin="0")
    assert code == 1
    assert "Wrong name or PIN. Try again." in output


def test_nobody_there(fake: Fake) -> None:
    done = CliRunner().invoke(app, ["tune", "show", "--url", "http://127.0.0.1:9"])
    assert done.exit_code == 1
    assert "no API answers at http://127.0.0.1:9/api/v1" in done.output
    assert CliRunner().invoke(app, ["tune", "show", "--url", "file:///etc"]).exit_code == 2
