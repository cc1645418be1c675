"""Running the API: uvicorn with the protocol that cuts stalled panels."""

from __future__ import annotations

import logging
import sys

import uvicorn

from api.app import create_app
from api.protocol import CuttingProtocol
from api.security import BODY_LIMIT
from chamber.settings import Settings

log = logging.getLogger(__name__)


def server(settings: Settings) -> uvicorn.Server:
    """A server ready to run. One worker: the hub and the signed-in sessions live in memory."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.api.host,
        port=settings.api.port,
        loop="uvloop" if sys.platform == "linux" else "asyncio",
        http="h11",
        ws=CuttingProtocol,
        ws_max_size=BODY_LIMIT,
        ws_ping_interval=5.0,
        ws_ping_timeout=10.0,
        ws_per_message_deflate=False,  # 10 Hz of small messages: compression costs more time than it saves
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
        limit_concurrency=settings.api.max_panels * 4 + 100,
    )
    return uvicorn.Server(config)


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Exits with status 1 when the port is taken (uvicorn logs which)."""
    log.info("API on http://%s:%d", settings.api.host, settings.api.port)
    server(settings).run()
