from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import zmq
import zmq.asyncio
from api_helpers import SignIn, client_of, context_of, until
from fake_control import FakeControl, alarm, site
from fastapi import FastAPI
from fastapi.routing import APIRoute
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.schema import render
from chamber.commands import Role
from chamber.events import Event, EventKind
from chamber.settings import Settings
from records.telemetry import TelemetryWriter
from records.writer import Recorder
from simulator.faults import catalogue


async def test_health_without_and_with_control(app: FastAPI, client: httpx.AsyncClient, settings: Settings) -> None:
    down = (await client.get("/api/v1/health")).json()
    assert down["status"] == "down"
    assert down["plc"] == "unknown"
    assert down["control"] == {"connected": False, "snapshot_age_s": None}
    silent = await client.get("/api/v1/snapshot")
    assert silent.status_code == 503
    assert silent.json()["code"] == "control_silent"
    async with FakeControl(settings).running():
        await until(context_of(app).hub.fresh)
        assert (await client.get("/api/v1/health")).json()["status"] == "ok"
        assert (await client.get("/api/v1/snapshot")).json()["main"]["temperature_c"] == -110.0
        assert (await client.get("/api/v1/description")).json()["persons_max"] == 3


async def test_a_snapshot_of_another_version_is_refused(app: FastAPI, client: httpx.AsyncClient) -> None:
    hub = context_of(app).hub
    for nonsense in (b"{", b"[]", b"{}", b'{"boot_id": "x", "link": null}'):
        hub.offer(nonsense)
    assert hub.frame is None
    assert hub.refused == 4


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b'{"name": "operator", "pin": }', "application/json", "no JSON: Expecting value at character 28"),
        (b'{"name": "operator", "pin": "7"}', "text/plain", "missing or no JSON object"),
        (b"[1]", "application/json", "missing or no JSON object"),
        (b"", "application/json", "missing or no JSON object"),
    ],
)
async def test_what_is_no_json_is_told_so(client: httpx.AsyncClient, body: bytes, kind: str, said: str) -> None:
    answer = await client.post("/api/v1/sign-in", content=body, headers={"Content-Type": kind})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid_json")
    assert said in problem["detail"]
    assert "operator" not in problem["detail"]
    assert "application/json" in problem["remedy"]


async def test_metrics(heard: httpx.AsyncClient, control: FakeControl, app: FastAPI) -> None:
    await control.publish(alarms=[alarm()])
    await until(lambda: b'"O2-CH-L"' in (context_of(app).hub.body() or b""))
    text = (await heard.get("/metrics")).text
    samples = {(s.name, *s.labels.values()): s.value for family in text_string_to_metric_families(text) for s in family.samples}
    assert samples["cryochamber_temperature_celsius", "main"] == -110.0
    assert samples["cryochamber_oxygen_percent", "room_floor"] == 20.9
    assert samples["cryochamber_alarms", "medium"] == 1.0
    assert samples["cryochamber_state", "READY"] == 1.0
    assert samples["cryochamber_api_control_connected",] == 1.0
    assert ("cryochamber_mqtt_connected",) not in samples  # no broker configured: absent, not zero


async def test_metrics_of_a_silent_control_process_show_no_values(client: httpx.AsyncClient) -> None:
    text = (await client.get("/metrics")).text
    assert "cryochamber_api_control_connected 0.0" in text
    assert "temperature" not in text


def test_every_route_is_documented(app_only: FastAPI) -> None:
    routes = [r for r in app_only.routes if isinstance(r, APIRoute) and r.include_in_schema]
    schema = orjson.loads(render(app_only))
    for path, operations in schema["paths"].items():
        for verb, operation in operations.items():
            place = f"{verb} {path}"
            assert operation.get("summary"), place
            assert operation.get("description"), place
            if path == "/metrics":
                continue
            assert "$ref" in str(operation["responses"]["200"]["content"]["application/json"]["schema"]), place
            assert operation["responses"]["422"]["content"]["application/json"]["schema"]["$ref"].endswith("Problem"), place
    assert len(schema["paths"]) >= 17
    assert all(r.description for r in routes)


def test_stream_messages_are_in_the_schema(app_only: FastAPI) -> None:
    schemas = orjson.loads(render(app_only))["components"]["schemas"]
    assert {"$ref": "#/components/schemas/SnapshotMessage"} in schemas["StreamMessage"]["oneOf"]
    assert {"$ref": "#/components/schemas/StopRequest"} in schemas["StreamRequest"]["oneOf"]
    text = render(app_only).decode()
    named = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert named == schemas.keys() - {"StreamMessage", "StreamRequest"}  # nothing dangles, nothing is left over


def test_schema_file_of_the_panel_is_current(app_only: FastAPI) -> None:
    file = Path(__file__).parents[2] / "hmi" / "openapi.json"
    assert file.read_bytes() == render(app_only), "run: python -m api.schema > hmi/openapi.json"


async def test_headers_and_unknown_paths(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def test_large_bodies_are_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/api/v1/sign-in", content=b"x" * 70_000)).status_code == 413

    async def drip():
        for _ in range(70):
            yield b"x" * 1000

    answer = await client.post("/api/v1/sign-in", content=drip(), headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


async def test_panel_files(settings: Settings, tmp_path: Path) -> None:
    app = create_app(settings, panel=(tmp_path / "panel",))
    async with client_of(app) as client:
        missing = await client.get("/")
        assert missing.status_code == 503
        assert "npm run build" in missing.text
        (tmp_path / "panel" / "assets").mkdir(parents=True)
        (tmp_path / "panel" / "index.html").write_text("<p>panel")
        (tmp_path / "panel" / "assets" / "main-1a2b.js").write_text("1")
        (tmp_path / "secret").write_text("secret")
        for path in ("/", "/hands", "/deep/link"):
            page = await client.get(path)
            assert page.text == "<p>panel"
            assert page.headers["cache-control"] == "no-cache"
        assert "immutable" in (await client.get("/assets/main-1a2b.js")).headers["cache-control"]
        assert (await client.get("/assets/main-old.js")).status_code == 404
        for path in ("/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret", "/%00"):
            assert (await client.get(path)).text != "secret"


async def record(settings: Settings) -> None:
    """A day: one closed session with a trace, one alarm by a user."""
    recorder = Recorder(settings.place(settings.records.url), "chamber-1", "boot-1")
    at = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
    opening = {
        "session": 7,
        "program": "standard",
        "persons": 2,
        "limit_s": 180.0,
        "setpoint_c": -110.0,
        "checks": ["gloves"],
        "user": "ann",
    }
    closing = {"session": 7, "ended_by": "limit", "reason": "", "elapsed_s": 180.0, "persons": 2}
    closing |= {"main_min_c": -111.0, "main_mean_c": -109.5, "main_max_c": -104.0, "o2_main_min_pct": 20.7, "o2_room_min_pct": 20.8}
    closing |= {"skin": [{"site": "spot", "c": 4.1, "low_c": -1.9, "high_c": 10.1}]}
    change = {"alarm": "O2-CH-L", "priority": "medium", "from": "normal", "to": "unack", "detail": "19.9", "reason": "condition"}
    change |= {"event": "on", "user": "ann"}
    recorder.append([Event(EventKind.SESSION_OPENED, 1.0, opening), Event(EventKind.ALARM, 2.0, change)], at)
    recorder.append([Event(EventKind.SESSION_PHASE, 3.0, {"session": 7, "phase": "exposure", "t_s": 40.0})], at)
    for second in range(3):
        recorder.sample(7, float(second), {"main_c": -110.0 - second, "o2_main": 20.9})
    recorder.append([Event(EventKind.SESSION_CLOSED, 200.0, closing)], at)
    assert await asyncio.to_thread(recorder.close)


async def test_records(client: httpx.AsyncClient, settings: Settings, sign_in: SignIn) -> None:
    await record(settings)
    page = (await client.get("/api/v1/sessions", params={"limit": 1})).json()
    assert page["next_before"] == 7
    assert page["sessions"][0]["main_mean_c"] == -109.5
    assert page["sessions"][0]["skin"] == [{"site": "spot", "c": 4.1, "low_c": -1.9, "high_c": 10.1}]
    assert (await client.get("/api/v1/sessions", params={"before": 7})).json() == {"sessions": [], "next_before": None}
    session = (await client.get("/api/v1/sessions/7")).json()
    assert [s["main_c"] for s in session["trace"]] == [-110.0, -111.0, -112.0]
    assert session["trace"][0]["pre_c"] is None
    assert session["data"]["phases"] == [{"phase": "exposure", "t_s": 40.0}]
    assert session["state"] == "closed"
    assert "user" not in session["data"]
    assert (await client.get("/api/v1/sessions/8")).status_code == 404
    assert (await client.get("/api/v1/alarms")).json()["history"][0]["user"] is None
    await sign_in(client, Role.VIEWER)
    history = (await client.get("/api/v1/alarms")).json()["history"]
    assert history == [
        {
            "time": "2026-01-31T12:00:00Z",
            "alarm": "O2-CH-L",
            "from": "normal",
            "to": "unack",
            "priority": "medium",
            "detail": "19.9",
            "reason": "condition",
            "user": "ann",
        }
    ]
    assert (await client.get("/api/v1/sessions/7")).json()["data"]["user"] == "ann"
    kinds = [e["kind"] for e in (await client.get("/api/v1/journal", params={"limit": 3, "kind": "session_opened"})).json()["entries"]]
    assert kinds == ["session_opened"]


async def test_alarm_figures(client: httpx.AsyncClient, settings: Settings) -> None:
    await record(settings)
    day = {"from": "2026-01-31T00:00:00Z", "to": "2026-02-01T00:00:00Z"}
    view = (await client.get("/api/v1/alarms/figures", params=day)).json()
    assert (view["announced"], view["sessions"], view["priorities"]) == (1, 1, {"high": 0, "medium": 1, "low": 0})
    assert view["top"] == [{"alarm": "O2-CH-L", "count": 1}]
    by_id = {f["id"]: f for f in view["figures"]}
    assert by_id["per_10_sessions"] == {"id": "per_10_sessions", "value": 10.0, "unit": "per 10 sessions", "most": 1.0, "met": False}
    assert by_id["rate"]["value"] == pytest.approx(1 / 144)
    later = {"from": "2026-02-01T00:00:00Z", "to": "2026-02-02T00:00:00Z"}
    assert (await client.get("/api/v1/alarms/figures", params=later)).json()["announced"] == 0
    wrong = await client.get("/api/v1/alarms/figures", params={"from": day["to"], "to": day["from"]})
    assert wrong.status_code == 422


async def test_history(client: httpx.AsyncClient, settings: Settings) -> None:
    missing = await client.get("/api/v1/history", params={"tags": "TT-102"})
    assert missing.status_code == 503  # nothing recorded yet
    writer = TelemetryWriter(settings.place(settings.records.telemetry_url), ["TT-102", "YS-101", "main"])
    begin = 1_770_000_000
    for second in range(100):
        writer.put(begin + second, {"TT-102": -100.0 - second if second != 50 else None, "YS-101": second > 90})
    await asyncio.to_thread(writer.close)
    window = {"from": datetime.fromtimestamp(begin, UTC).isoformat(), "to": datetime.fromtimestamp(begin + 100, UTC).isoformat()}
    found = (await client.get("/api/v1/history", params={"tags": "TT-102,YS-101", "points": 10, **window})).json()
    assert found["bucket_s"] == 10.0
    assert found["tags"]["TT-102"]["min"][0] == -109.0
    assert found["tags"]["TT-102"]["max"][0] == -100.0
    assert found["tags"]["YS-101"]["max"] == [0.0] * 9 + [1.0]
    fine = (await client.get("/api/v1/history", params={"tags": "TT-102,main", "points": 100, **window})).json()["tags"]
    assert fine["TT-102"]["min"][50] is None
    assert set(fine["main"]["max"]) == {None}
    assert [(t["tag"], t["kind"]) for t in (await client.get("/api/v1/history/tags")).json()] == [
        ("TT-102", "analog"), ("YS-101", "bit"), ("main", "derived"),
    ]  # fmt: skip
    for params, word in (
        ({"tags": "TT-999"}, "TT-999"),
        ({"tags": "TT-102", "from": "yesterday"}, "yesterday"),
        ({"tags": "TT-102", "from": "-1", "to": "-5"}, "not before"),
        ({"tags": "TT-102", "from": "nan"}, "nan"),
    ):
        wrong = await client.get("/api/v1/history", params=params)
        assert wrong.status_code == 422
        assert word in wrong.json()["detail"]


async def test_records_out_of_reach(client: httpx.AsyncClient, settings: Settings) -> None:
    settings.data_dir.parent.mkdir(exist_ok=True)
    settings.data_dir.write_text("a file where the folder should be")
    answer = await client.get("/api/v1/journal")
    assert answer.status_code == 503
    assert answer.json()["code"] == "records_unavailable"
    assert "records.sqlite" in answer.json()["detail"]
    stop = await client.get("/api/v1/me")
    assert stop.status_code == 200


async def simulate(settings: Settings, asked: list[dict[str, Any]]) -> None:
    """The side channel of a simulated plant."""
    context = zmq.asyncio.Context()
    server = context.socket(zmq.REP)
    server.linger = 0
    try:
        server.bind(settings.place(settings.simulator.endpoint))
        while True:
            request = orjson.loads(await server.recv())
            asked.append(request)
            reply: dict[str, Any] = {"ok": True}
            if request["op"] == "status":
                reply |= {"time_s": 1.0, "doors": {"inner": "shut", "outer": "open"}, "truth": {"o2_main_pct": 20.9}, "faults": []}
                reply |= {"people": {"outside": 1, "pre": 0, "main": 0, "moving": 0}, "voice": "silent"}
                reply |= {"estop": False, "call": False, "autopilot": True}
            elif request["op"] == "faults":
                reply |= {"faults": catalogue()}
            elif request["op"] == "exercise":
                reply |= {"faults": [{"id": "f1", "kind": "mains_lost", "target": "supply", "text": "Mains lost", "surprise": True,
                                      "due_ago_s": 30.0, "began_ago_s": 20.0, "ended_ago_s": None, "refused": ""}]}  # fmt: skip
            elif request["op"] == "inject" and request["kind"] == "none":
                reply = {"ok": False, "error": "unknown fault none"}
            await server.send(orjson.dumps(reply))
    finally:
        server.close(linger=0)
        context.term()


async def test_a_mistake_in_the_api_is_a_problem_too(app: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context_of(app).hub, "fresh", lambda: 1 / 0)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        answer = await http.get("/api/v1/health")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"


async def test_simulator(heard: httpx.AsyncClient, control: FakeControl, app: FastAPI, settings: Settings, sign_in: SignIn) -> None:
    asked: list[dict[str, Any]] = []
    task = asyncio.create_task(simulate(settings, asked))
    try:
        for _ in range(20):  # a busy machine may stall for longer than a snapshot counts as fresh
            await until(lambda: context_of(app).hub.fresh())
            if (status := await heard.get("/api/v1/simulator")).status_code == 200:
                break
        assert status.json()["doors"]["outer"] == "open"
        assert (await heard.post("/api/v1/simulator", json={"op": "walk", "to": "pre", "persons": 2})).json()["ok"] is True
        assert asked[-1] == {"op": "walk", "to": "pre", "persons": 2}
        assert (await heard.post("/api/v1/simulator", json={"op": "walk", "to": "roof"})).status_code == 422
        kinds = (await heard.get("/api/v1/simulator/faults")).json()["faults"]
        assert {k["kind"] for k in kinds} == {k["kind"] for k in catalogue()}
        fault = {"op": "inject", "kind": "leak", "target": "main", "params": {"kg_h": 5.0}}
        assert (await heard.post("/api/v1/simulator", json=fault)).status_code == 401
        await sign_in(heard, Role.OPERATOR)
        assert (await heard.post("/api/v1/simulator", json=fault)).status_code == 403
        await sign_in(heard, Role.SERVICE)
        assert (await heard.post("/api/v1/simulator", json=fault)).status_code == 200
        report = (await heard.get("/api/v1/simulator/debrief")).json()
        assert [(f["id"], f["surprise"], f["first_alarm_s"], f["in_time"]) for f in report["faults"]] == [("f1", True, None, None)]
        later = {"op": "inject", "kind": "mains_lost", "after_s": 5.0, "for_s": 10.0}
        assert (await heard.post("/api/v1/simulator", json=later)).status_code == 200
        assert asked[-1] == later | {"params": {}}
        assert (await heard.post("/api/v1/simulator", json={"op": "surprise", "within_s": 1e9})).status_code == 422
        assert (await heard.post("/api/v1/simulator", json={"op": "forget"})).status_code == 200
        await sign_in(heard, Role.OPERATOR)
        for request in ({"op": "surprise"}, {"op": "forget"}):
            assert (await heard.post("/api/v1/simulator", json=request)).status_code == 403
        assert (await heard.get("/api/v1/simulator/debrief")).status_code == 403
        await sign_in(heard, Role.SERVICE)
        refused = await heard.post("/api/v1/simulator", json={"op": "inject", "kind": "none"})
        assert refused.status_code == 422
        assert refused.json()["detail"] == "unknown fault none"
        before = len(asked)
        for real in (False, None):  # a plant that does not say so is real
            await control.publish(site=site(simulated=real))
            await until(lambda: (view := context_of(app).hub.view()) is not None and view.site.simulated is not True)
            answer = await heard.post("/api/v1/simulator", json={"op": "estop", "pressed": True})
            assert answer.status_code == 404
            assert (await heard.get("/api/v1/simulator/debrief")).status_code == 404
        assert len(asked) == before
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def app_only() -> FastAPI:
    return create_app(Settings())


async def test_the_api_describes_itself_without_script_or_network(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "<script" not in page.text
    document = (await client.get("/api/v1/openapi.json")).json()
    for path in document["paths"]:
        assert path in page.text
    for model in document["components"]["schemas"]:
        assert f'id="{model}"' in page.text
    assert (await client.get("/docs.css")).headers["content-type"].startswith("text/css")
