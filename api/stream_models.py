"""Messages of the WebSocket stream, both ways."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.models import CommandId, Model
from control.snapshot import CommandResult, Snapshot


class Ages(Model):
    """How old the news is when it leaves the server, ms. ``plc_ms`` is None when the PLC was never read."""

    snapshot_ms: float
    plc_ms: float | None


class SnapshotMessage(Model):
    """Everything. First message of a connection, after a resync and when the control process has restarted.

    ``seq`` counts the snapshot and changes messages of this connection, without gaps.
    """

    type: Literal["snapshot"]
    seq: int
    server_time: datetime
    mono_s: float
    ages: Ages
    snapshot: Snapshot


class ChangesMessage(Model):
    """What changed since the previous message of this connection.

    ``set`` holds whole sections of the snapshot by name (``main``, ``session``, ...); sections that are tables (tags,
    commands, regulators) are set by entry, ``tags/TT-101``. ``remove`` names entries that are gone. A slow client gets
    fewer messages, never older ones.
    """

    type: Literal["changes"]
    seq: int
    server_time: datetime
    mono_s: float
    ages: Ages
    set: dict[str, Any]
    remove: list[str]


class NoDataAges(Model):
    snapshot_ms: float | None


class NoDataMessage(Model):
    """Every 200 ms while the control process is silent for more than 500 ms."""

    type: Literal["no_data"]
    server_time: datetime
    ages: NoDataAges


class CommandMessage(Model):
    """Answer to a stop or evacuate sent over this connection."""

    type: Literal["command"]
    result: CommandResult


StreamMessage = Annotated[SnapshotMessage | ChangesMessage | NoDataMessage | CommandMessage, Field(discriminator="type")]


class ResyncRequest(Model):
    type: Literal["resync"]


class StopRequest(Model):
    """Stop without sign-in: the second path beside ``POST /commands``. ``id`` ties both paths together."""

    type: Literal["stop"]
    id: CommandId | None = None


class EvacuateRequest(Model):
    type: Literal["evacuate"]
    id: CommandId | None = None


class PanelHeartbeat(Model):
    """The page is alive and its screen shows; the control process watches the panels by it."""

    type: Literal["panel"]
    visible: bool


StreamRequest = Annotated[ResyncRequest | StopRequest | EvacuateRequest | PanelHeartbeat, Field(discriminator="type")]
