"""The watchdog starts the browser again when the page is silent, and only then."""

from __future__ import annotations

import http.server
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "kiosk" / "watchdog.sh"


@pytest.fixture
def server() -> Iterator[tuple[http.server.HTTPServer, dict[str, bytes | None]]]:
    answer: dict[str, bytes | None] = {"body": None}

    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answer["body"]
            self.send_response(503 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            return

    serving = http.server.HTTPServer(("127.0.0.1", 0), Health)
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield serving, answer
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.mark.parametrize(
    ("body", "restarted"),
    [
        (b'{"panels":1,"panel_age_s":0.8,"version":"x"}', False),
        (b'{"panels":1,"panel_age_s":9.9,"version":"x"}', False),
        (b'{"panels":1,"panel_age_s":10.2,"version":"x"}', True),
        (b'{"panels":0,"panel_age_s":null,"version":"x"}', True),
        (b'{"panels":0}', False),
        (None, False),
    ],
)
def test_only_a_silent_page_is_started_again(
    server: tuple[http.server.HTTPServer, dict[str, bytes | None]], tmp_path: Path, body: bytes | None, restarted: bool
) -> None:
    serving, answer = server
    answer["body"] = body
    mark = tmp_path / "restarted"
    environment = {
        "PATH": "/usr/bin:/bin",
        "CRYOCHAMBER_PANEL": f"http://127.0.0.1:{serving.server_port}/?x=1",
        "EVERY_S": "0.05",
        "GRACE_S": "0",
    }
    with subprocess.Popen([SCRIPT, "touch", str(mark)], env=environment, stdout=subprocess.DEVNULL) as running:
        try:
            running.wait(0.6)
        except subprocess.TimeoutExpired:
            running.terminate()
        else:
            pytest.fail("the watchdog ended by itself")
    assert mark.exists() == restarted
