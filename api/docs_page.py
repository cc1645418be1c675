"""The API described on one page, from its own OpenAPI document: no script, no network, within the strict CSP."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #18242c; background: #f3f5f7 }
h2 { margin-top: 2.2rem; font-size: 1.15rem } code { background: #e6eaed; padding: .1rem .3rem; border-radius: 4px }
.m { display: inline-block; min-width: 4.2rem; font-weight: 700 } table { border-collapse: collapse; width: 100% }
td, th { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #bcc6cd; vertical-align: top } p { margin: .4rem 0 }
"""


def _words(text: str) -> str:
    return re.sub(r"``(.+?)``", r"<code>\1</code>", escape(text))


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " or ".join(_type(s) for s in schema[key])
    if "enum" in schema:
        return " | ".join(escape(repr(v)) for v in schema["enum"])
    if "const" in schema:
        return escape(repr(schema["const"]))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map to {_type(schema['additionalProperties'])}"
    return escape(str(kind))


def _content(body: dict[str, Any]) -> str:
    return ", ".join(_type(c.get("schema", {})) for c in body.get("content", {}).values())


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parts = [f'<h2><span class="m">{method.upper()}</span> <code>{escape(path)}</code></h2><p>{escape(operation.get("summary", ""))}</p>']
    if operation.get("description"):
        parts.append(f"<p>{_words(operation['description'])}</p>")
    rows = [(p["name"], _type(p.get("schema", {})), p.get("description", "")) for p in operation.get("parameters", [])]
    if rows:
        parts.append(
            "<table>"
            + "".join(f"<tr><td><code>{escape(n)}</code></td><td>{t}</td><td>{_words(d)}</td></tr>" for n, t, d in rows)
            + "</table>"
        )
    if "requestBody" in operation:
        parts.append(f"<p>Body: {_content(operation['requestBody'])}</p>")
    answers = [
        f"<b>{escape(code)}</b> {_content(r) or escape(r.get('description', ''))}" for code, r in operation.get("responses", {}).items()
    ]
    parts.append(f"<p>Answers: {' · '.join(answers)}</p>")
    return "".join(parts)


def _model(name: str, schema: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_type(s)}</td><td>{_words(s.get('description', ''))}</td></tr>"
        for field, s in schema.get("properties", {}).items()
    )
    return f'<h2 id="{escape(name)}">{escape(name)}</h2><p>{_words(schema.get("description", ""))}</p><table>{rows}</table>'


def render(document: dict[str, Any]) -> str:
    """HTML of an OpenAPI document."""
    info = document["info"]
    operations = "".join(_operation(m, path, o) for path, methods in document["paths"].items() for m, o in methods.items())
    models = "".join(_model(name, s) for name, s in document.get("components", {}).get("schemas", {}).items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])} API</title>'
        f'<link rel="stylesheet" href="/docs.css"></head><body><h1>{escape(info["title"])} API {escape(info["version"])}</h1>'
        f"<p>{escape(info.get('description', ''))}</p>"
        '<p>For programs: <a href="/api/v1/openapi.json">openapi.json</a>. The stream is a WebSocket at <code>/api/v1/stream</code>; '
        f"its messages are among the models below.</p>{operations}<h1>Models</h1>{models}</body></html>"
    )


def docs_router() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(render(request.app.openapi()))

    @router.get("/docs.css")
    def style() -> Response:
        return Response(STYLE, media_type="text/css")

    return router
