"""Side channel to the simulated plant: one question, one answer, never waiting long."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import zmq
import zmq.asyncio

from api.problems import ProblemError

ANSWER_MS = 2000


class SideChannel:
    """A REQ socket per question: an unanswered one leaves nothing behind."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._one_at_a_time = asyncio.Lock()

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Raises ProblemError 404 when nobody answers, 422 when the simulator refuses."""
        async with self._one_at_a_time:
            reply = await self._exchange(orjson.dumps(request))
        if reply is None:
            raise ProblemError(404, "simulator_absent", "The simulated plant does not answer.", "Start it: cryochamber plc-sim.")
        if reply.get("ok") is not True:
            raise ProblemError(
                422, "simulator_refused", str(reply.get("error", "refused")), "GET /api/v1/simulator/faults lists what there is."
            )
        return reply

    async def _exchange(self, payload: bytes) -> dict[str, Any] | None:
        context = zmq.asyncio.Context()
        socket = context.socket(zmq.REQ)
        try:
            socket.linger = 0
            socket.connect(self._address)
            await socket.send(payload)
            if not await socket.poll(timeout=ANSWER_MS):
                return None
            reply = orjson.loads(await socket.recv())
            return reply if isinstance(reply, dict) else None
        except orjson.JSONDecodeError:
            return None
        finally:
            socket.close(linger=0)
            context.term()
