"""Appointments and users over the API: who may, what is refused and why, what is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from api_helpers import SignIn

from chamber.commands import Role

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
BODY = {"starts": SOON.isoformat(), "program": "standard", "persons": 2}
WINDOW = {"start": (SOON - timedelta(hours=2)).isoformat(), "end": (SOON + timedelta(hours=2)).isoformat()}


async def test_an_appointment_is_entered_listed_and_taken_out(heard: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(heard, Role.OPERATOR)
    later = BODY | {"starts": (SOON + timedelta(minutes=20)).isoformat(), "persons": 1}
    second = (await heard.post("/api/v1/schedule", json=later)).json()
    first = (await heard.post("/api/v1/schedule", json=BODY)).json()
    listed = (await heard.get("/api/v1/schedule", params=WINDOW)).json()["appointments"]
    assert [a["id"] for a in listed] == [first["id"], second["id"]]  # in the order of the day
    assert listed[0]["persons"] == 2
    assert (await heard.delete(f"/api/v1/schedule/{first['id']}")).status_code == 200
    again = await heard.delete(f"/api/v1/schedule/{first['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "no_such_appointment")
    assert len((await heard.get("/api/v1/schedule", params=WINDOW)).json()["appointments"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"program": "sauna"}, "unknown_program"),
        ({"persons": 9}, "persons_range"),
        ({"persons": 0}, "invalid_request"),
        ({"starts": "2026-05-03T10:40:00"}, "invalid_request"),
        ({"starts": (SOON + timedelta(days=400)).isoformat()}, "invalid_request"),
        ({"starts": (SOON - timedelta(days=3)).isoformat()}, "invalid_request"),
    ],
)
async def test_an_impossible_one_is_refused(heard: httpx.AsyncClient, sign_in: SignIn, change: dict[str, object], code: str) -> None:
    await sign_in(heard, Role.OPERATOR)
    answer = await heard.post("/api/v1/schedule", json=BODY | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["remedy"]


@pytest.mark.parametrize("role", [None, Role.VIEWER])
async def test_only_operators_plan(heard: httpx.AsyncClient, sign_in: SignIn, role: Role | None) -> None:
    if role is not None:
        await sign_in(heard, role)
    wanted = 401 if role is None else 403
    assert (await heard.post("/api/v1/schedule", json=BODY)).status_code == wanted
    assert (await heard.delete("/api/v1/schedule/1")).status_code == wanted
    assert (await heard.get("/api/v1/schedule", params=WINDOW)).status_code == 200


@pytest.mark.parametrize(
    ("start", "end"), [(WINDOW["end"], WINDOW["start"]), (WINDOW["start"], "2035-01-01T00:00:00Z")], ids=["turned round", "too long"]
)
async def test_the_window_is_checked(heard: httpx.AsyncClient, start: str, end: str) -> None:
    assert (await heard.get("/api/v1/schedule", params={"start": start, "end": end})).status_code == 422


async def test_service_makes_a_user_who_can_sign_in_and_is_kept_out_again(heard: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(heard, Role.SERVICE)
    made = (await heard.post("/api/v1/users", json={"name": "anna", "role": "operator"})).json()
    changed = (await heard.post("/api/v1/users/anna/pin")).json()
    assert made["pin"] != changed["pin"]
    listed = {u["name"]: u for u in (await heard.get("/api/v1/users")).json()["users"]}
    assert (listed["anna"]["role"], listed["anna"]["disabled"]) == ("operator", None)
    assert (await heard.post("/api/v1/users/anna/disable")).json()["users"]
    assert (await heard.post("/api/v1/sign-in", json={"name": "anna", "pin": changed["pin"]})).status_code == 401
    await heard.post("/api/v1/users/anna/enable")
    journal = (await heard.get("/api/v1/journal", params={"kind": "system"})).json()["entries"]
    assert [e["data"]["change"] for e in journal] == ["user_enabled", "user_disabled", "pin_changed", "user_created"]
    assert {(e["user"], e["data"]["user"]) for e in journal} == {("service", "anna")}
    assert (await heard.post("/api/v1/sign-in", json={"name": "anna", "pin": made["pin"]})).status_code == 401  # the old PIN is void
    assert (await heard.post("/api/v1/sign-in", json={"name": "anna", "pin": changed["pin"]})).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/api/v1/users", {"name": "service", "role": "viewer"}, "exists"),
        ("/api/v1/users", {"name": "a b", "role": "viewer"}, "is not a user name"),
        ("/api/v1/users", {"name": "x", "role": "anonymous"}, "not a role"),
        ("/api/v1/users/nobody/pin", None, "no user"),
        ("/api/v1/users/nobody/enable", None, "no user"),
        ("/api/v1/users/service/disable", None, "himself"),
    ],
)
async def test_refusals_say_why(heard: httpx.AsyncClient, sign_in: SignIn, path: str, body: dict[str, str] | None, said: str) -> None:
    await sign_in(heard, Role.SERVICE)
    answer = await heard.post(path, json=body)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.OPERATOR])
async def test_only_service_sees_and_changes_users(heard: httpx.AsyncClient, sign_in: SignIn, role: Role | None) -> None:
    if role is not None:
        await sign_in(heard, role)
    wanted = 401 if role is None else 403
    assert (await heard.get("/api/v1/users")).status_code == wanted
    for path in ("/api/v1/users", "/api/v1/users/anna/pin", "/api/v1/users/anna/disable", "/api/v1/users/anna/enable"):
        assert (await heard.post(path, json={"name": "anna", "role": "service"} if path.endswith("users") else None)).status_code == wanted
