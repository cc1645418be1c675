"""The embedded MQTT broker of the demo: loopback only, nothing kept. A site uses Mosquitto (see deploy/)."""

from __future__ import annotations

import asyncio
import logging

from amqtt.broker import Broker

from cryochamber.running import StartError, port_free


async def serve(host: str, port: int) -> None:
    """Run until cancelled. Raises StartError when the port is taken."""
    if not port_free(host, port):
        raise StartError(f"port {port} on {host} is taken; choose another with --port")
    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.WARNING)
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"{host}:{port}"}},
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
        }
    )
    await broker.start()
    try:
        await asyncio.Event().wait()
    finally:
        await broker.shutdown()
