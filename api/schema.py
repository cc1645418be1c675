"""OpenAPI with the stream's messages in it. ``python -m api.schema`` prints it; the panel's types are made from that."""

from __future__ import annotations

import sys
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.stream_models import (
    ChangesMessage,
    CommandMessage,
    EvacuateRequest,
    NoDataMessage,
    PanelHeartbeat,
    ResyncRequest,
    SnapshotMessage,
    StopRequest,
)

_REF = "#/components/schemas/{model}"
_SENT: tuple[type[BaseModel], ...] = (SnapshotMessage, ChangesMessage, NoDataMessage, CommandMessage)
_RECEIVED: tuple[type[BaseModel], ...] = (ResyncRequest, StopRequest, EvacuateRequest, PanelHeartbeat)


def _stream_schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    _, sent = models_json_schema([(m, "serialization") for m in _SENT], ref_template=_REF)
    _, received = models_json_schema([(m, "validation") for m in _RECEIVED], ref_template=_REF)
    schemas.update(sent["$defs"])
    schemas.update(received["$defs"])
    schemas = {name: _without_null_defaults(part) for name, part in schemas.items()}
    schemas["StreamMessage"] = _union("What the server sends over WS /api/v1/stream.", _SENT)
    schemas["StreamRequest"] = _union("What a client may send over WS /api/v1/stream.", _RECEIVED)
    return schemas


def _without_null_defaults(part: Any) -> Any:
    """FastAPI leaves ``default: null`` out; the same model must read the same from both makers."""
    if isinstance(part, dict):
        return {key: _without_null_defaults(value) for key, value in part.items() if not (key == "default" and value is None)}
    return [_without_null_defaults(value) for value in part] if isinstance(part, list) else part


def _union(text: str, members: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    refs = [{"$ref": _REF.format(model=m.__name__)} for m in members]
    return {"description": text, "oneOf": refs, "discriminator": {"propertyName": "type"}}


def openapi(app: FastAPI) -> dict[str, Any]:
    """The schema. Its version is that of the API, not of the build: it changes only when the interface does."""
    schema = get_openapi(
        title=app.title,
        version="1",
        openapi_version=app.openapi_version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
    )
    components: dict[str, Any] = schema["components"]["schemas"]
    for name, part in _stream_schemas().items():
        if name in components and components[name] != part:
            raise ValueError(f"schema {name} means two things: in a request and in an answer")
        components[name] = part
    schema["components"]["schemas"] = dict(sorted(components.items()))
    return schema


def install_schema(app: FastAPI) -> None:
    def cached() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi(app)
        return app.openapi_schema

    app.openapi = cached


def render(app: FastAPI) -> bytes:
    """Deterministic JSON: the same interface gives the same bytes."""
    return orjson.dumps(openapi(app), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def main() -> None:
    from api.app import create_app
    from chamber.settings import Settings

    sys.stdout.buffer.write(render(create_app(Settings())))


if __name__ == "__main__":
    main()
