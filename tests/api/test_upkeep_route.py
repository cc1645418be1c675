"""GET /upkeep: what the control process goes by, names for who is signed in."""

from __future__ import annotations

import httpx
from api_helpers import SignIn

from chamber.commands import Role
from chamber.proof_tests import PROOF_TESTS
from control.twin.findings import NAMES


async def test_upkeep_as_the_control_process_has_it(heard: httpx.AsyncClient, sign_in: SignIn) -> None:
    shown = (await heard.get("/api/v1/upkeep")).json()
    assert {t["test"] for t in shown["tests"]} == {t.id for t in PROOF_TESTS}
    assert {t["standing"] for t in shown["tests"]} == {"ok", "never"}
    assert shown["configuration"]["fingerprint"] == shown["configuration"]["accepted_fingerprint"]
    assert (shown["configuration"]["changed"], shown["bypassable"]) == ([], ["PWR-MAINS"])
    assert {t["by"] for t in shown["tests"]} | {shown["configuration"]["accepted_by"]} == {None}
    await sign_in(heard, Role.VIEWER)
    named = (await heard.get("/api/v1/upkeep")).json()
    assert named["configuration"]["accepted_by"] == "simulated commissioning"


async def test_upkeep_of_a_silent_control_process_is_not_made_up(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/upkeep")
    assert (answer.status_code, answer.json()["code"]) == (503, "control_silent")


async def test_the_twin_says_of_each_estimate_whether_it_counts(heard: httpx.AsyncClient) -> None:
    shown = (await heard.get("/api/v1/twin")).json()
    assert (shown["off"], shown["minutes"]) == ("", 0)
    assert {e["id"] for e in shown["estimates"]} == set(NAMES)
    assert not any(e["valid"] or e["due"] for e in shown["estimates"])


async def test_the_twin_of_a_silent_control_process_is_not_made_up(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/twin")).status_code == 503
