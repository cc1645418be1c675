"""The local sockets alone: late answers, a full queue, several who ask for the same. Time is the test's."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import zmq
import zmq.asyncio

from chamber.commands import Answer, CommandKind, Outcome
from control.describe import describe
from control.ipc import ANSWER_S, QUEUE, Ipc, settle
from control.snapshot import SiteView
from tests.chamber.asking import PROFILE

SITE = SiteView(site="s", chamber="c", name="n", profile="p", device="d", simulated=None, version="v")


class Post:
    def __init__(self, folder: str) -> None:
        self.now = 100.0
        self.ipc = Ipc(f"ipc://{folder}/p", f"ipc://{folder}/c", lambda: describe(PROFILE, SITE), lambda: self.now)
        self.ipc.open()
        self.context = zmq.asyncio.Context()
        self.dealer: Any = self.context.socket(zmq.DEALER)
        self.dealer.connect(f"ipc://{folder}/c")
        self.serving = asyncio.create_task(self.ipc.serve())

    async def send(self, req: str, command_id: str, kind: str = "acknowledge") -> None:
        body = {"req": req, "op": "command", "id": command_id, "kind": kind, "user": "a", "role": "operator", "origin": "t"}
        await self.dealer.send_multipart([b"", orjson.dumps(body)])

    async def receive(self) -> dict[str, Any]:
        frames = await asyncio.wait_for(self.dealer.recv_multipart(), 20.0)
        return orjson.loads(frames[-1])

    async def tell_alive(self, panel_age_s: object) -> None:
        await self.dealer.send_multipart([b"", orjson.dumps({"req": "x", "op": "alive", "panel_age_s": panel_age_s})])
        assert await self.receive() == {"req": "x", "ok": True}

    async def queued(self, count: int) -> tuple[Any, ...]:
        """The queue once that many commands have come in."""
        taken: tuple[Any, ...] = ()
        async with asyncio.timeout(3.0):
            while len(taken) < count:
                await asyncio.sleep(0)
                taken += self.ipc.take()
        return taken


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    with tempfile.TemporaryDirectory(prefix="cc") as folder:
        p = Post(folder)
        yield p
        await settle(p.serving)
        p.ipc.close()
        p.context.destroy(linger=0)


async def test_answers_go_to_all_who_asked(post: Post) -> None:
    await post.send("r1", "same")
    await post.send("r2", "same")
    assert [c.id for c in await post.queued(2)] == ["same", "same"]
    await post.ipc.answer((Answer("same", CommandKind.ACKNOWLEDGE, Outcome.ACCEPTED),))
    answers = [await post.receive(), await post.receive()]
    assert {a["req"] for a in answers} == {"r1", "r2"}
    assert {a["outcome"] for a in answers} == {"accepted"}


async def test_no_answer_in_time_is_uncertain(post: Post) -> None:
    await post.send("r1", "lost")
    await post.queued(1)
    post.now += ANSWER_S - 0.01
    await post.ipc.answer(())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(post.dealer.recv_multipart(), 0.05)
    post.now += 0.02
    await post.ipc.answer(())
    late = await post.receive()
    assert (late["req"], late["outcome"], late["reasons"][0]["code"]) == ("r1", "uncertain", "plc_no_answer")


async def test_a_full_queue_refuses_all_but_stop(post: Post) -> None:
    for n in range(QUEUE):
        await post.send(f"r{n}", f"id{n}")
    await post.send("over", "over")
    busy = await post.receive()
    assert (busy["req"], busy["outcome"], busy["reasons"][0]["code"]) == ("over", "rejected", "command_busy")
    await post.send("halt", "halt", "stop")
    taken = await post.queued(QUEUE + 1)
    assert taken[-1].kind is CommandKind.STOP


async def test_serving_before_opening_is_an_error() -> None:
    ipc = Ipc("ipc:///nowhere", "ipc:///nowhere", lambda: describe(PROFILE, SITE), lambda: 0.0)
    with pytest.raises(RuntimeError, match="open"):
        await ipc.serve()
    await ipc.publish(b"t", b"p")  # nothing to publish on: nothing happens
    ipc.close()


async def test_an_address_that_is_taken_is_named() -> None:
    with tempfile.TemporaryDirectory(prefix="cc") as folder:
        first = Ipc(f"ipc://{folder}/p", f"ipc://{folder}/c", lambda: describe(PROFILE, SITE), lambda: 0.0)
        second = Ipc(f"ipc://{folder}/none/p", f"ipc://{folder}/c", lambda: describe(PROFILE, SITE), lambda: 0.0)
        first.open()
        with pytest.raises(zmq.ZMQError, match="none/p"):
            second.open()
        first.close()
        second.close()


@pytest.mark.req("SRS-ALM-011")
async def test_when_a_panel_was_last_seen_outlives_a_restart_of_the_api(post: Post) -> None:
    assert post.ipc.panel_seen_s is None
    await post.tell_alive(None)  # an API that has just started knows of no panel
    assert post.ipc.panel_seen_s is None
    await post.tell_alive(2.0)
    assert post.ipc.panel_seen_s == 98.0
    for told in (None, 30.0, -1.0, "soon"):
        await post.tell_alive(told)
        assert post.ipc.panel_seen_s == 98.0
    post.now = 103.0
    await post.tell_alive(0)
    assert post.ipc.panel_seen_s == 103.0
