"""The panel's files: built assets of the checkout or of the installed package.

Assets carry a hash in their name and may be kept for ever; ``index.html`` is asked for each time. A path that is no file
gets ``index.html``: the panel routes itself (``/inside`` for the people inside, ``/door`` at the room's door, ``/hands``, ``/instructor``).
"""

from __future__ import annotations

from pathlib import Path

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.models import Problem
from api.problems import problem_response

_HERE = Path(__file__).resolve().parent
CANDIDATES = (_HERE / "panel", _HERE.parent / "hmi" / "dist")  # installed, checkout
ASSET_CACHE = "public, max-age=31536000, immutable"

NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Panel not built</title>
<h1>The panel is not built</h1>
<p>The server runs, but this checkout has no panel files.</p>
<pre>cd hmi &amp;&amp; npm ci &amp;&amp; npm run build</pre>
<p>Then load this page again. The API answers under <a href="/api/v1/health">/api/v1/health</a>;
the emergency stop button at the chamber works without any panel.</p>
</html>
"""


def panel_folder(candidates: tuple[Path, ...] = CANDIDATES) -> Path | None:
    """The first folder with a built panel, or None."""
    return next((folder for folder in candidates if (folder / "index.html").is_file()), None)


def _resolve(folder: Path, path: str) -> Path | None:
    """The file meant by ``path``, or None if there is none inside ``folder``."""
    if "\0" in path:
        return None
    wanted = (folder / path.lstrip("/")).resolve()
    return wanted if wanted.is_file() and wanted.is_relative_to(folder.resolve()) else None


def static_router(candidates: tuple[Path, ...] = CANDIDATES) -> APIRouter:
    """Everything that is not the API. Looks for the files on each request: building them needs no restart."""
    router = APIRouter(include_in_schema=False)

    @router.get("/{path:path}")
    async def panel(path: str, request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]
        if path == "api" or path.startswith("api/"):
            problem = Problem(detail=f"There is no {request.url.path}.", remedy="See /api/v1/openapi.json.", code="not_found")
            return problem_response(404, problem)
        return await anyio.to_thread.run_sync(_answer, candidates, path)

    return router


def _answer(candidates: tuple[Path, ...], path: str) -> Response:
    folder = panel_folder(candidates)
    if folder is None:
        return HTMLResponse(NOT_BUILT, 503, {"Cache-Control": "no-cache"})
    found = _resolve(folder, path)
    if found is None and path.startswith(("assets/", "voice/")):
        # An old page asks for files of an older build: index.html in their place would be run as a script or heard as noise.
        problem = Problem(detail=f"There is no /{path}.", remedy="Load the page again.", code="not_found")
        return problem_response(404, problem)
    hashed = found is not None and path.startswith("assets/")
    return FileResponse(found or folder / "index.html", headers={"Cache-Control": ASSET_CACHE if hashed else "no-cache"})
