"""What the pages send a reader to is there: files, headings, commands, make targets, modules to run."""

from __future__ import annotations

import importlib.util
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from cryochamber.cli import app
from cryochamber.config import load

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "tests/README.md", *sorted((ROOT / "docs").rglob("*.md")))
FENCED = re.compile(r"^```.*?^```", re.M | re.S)


def _anchor(heading: str) -> str:
    """As the forges make it of a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"[`*]", "", heading.strip()))
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


@cache
def _anchors(page: Path) -> frozenset[str]:
    text = FENCED.sub("", page.read_text())
    return frozenset(re.findall(r'<a (?:id|name)="([^"]+)"', text)) | {_anchor(h) for h in re.findall(r"^#{1,6} (.+)$", text, re.M)}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def _command(words: list[str]) -> str | None:
    """The word that is no command, or no option of the command that stands before it."""
    at: Any = typer.main.get_command(app)
    for word in words:
        if word.startswith("--"):
            if word not in {o for p in at.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}:
                return word
        elif hasattr(at, "commands"):
            if word not in at.commands:
                return word
            at = at.commands[word]
    return None


def test_every_command_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = 0
    for page in PAGES:
        text = page.read_text()
        for code in (*re.findall(r"`([^`\n]+)`", text), *(line for block in FENCED.findall(text) for line in block.splitlines())):
            for line in re.findall(r"(?:^|/|\$ )cryochamber ([a-z].*)", code):
                words = [w for w in re.split(r"[\s\[\]]+", line.split("#")[0]) if re.fullmatch(r"(--)?[a-z][a-z-]*", w)]
                assert _command(words[:4]) is None, f"{page.name}: cryochamber {line}"
                named += 1
            for target in re.findall(r"(?:^|&& )make ([a-z][a-z-]+)", code):
                assert target in targets, f"{page.name}: make {target}"
                named += 1
            for module in re.findall(r"python -m ([a-z][a-z_.]+)", code):
                assert importlib.util.find_spec(module), f"{page.name}: python -m {module}"
                named += 1
    assert named > 50


def test_every_file_named_exists() -> None:
    """Paths in back-ticks below one of the rooms, or below the page's own folder."""
    rooms = "chamber|control|plc_bridge|records|api|simulator|cryochamber|hmi|tests|bench|deploy|scenarios|docs"
    for page in PAGES:
        for path in re.findall(rf"`((?:{rooms})/[\w./-]*)`", FENCED.sub("", page.read_text())):
            assert (ROOT / path).exists() or (page.parent / path).exists(), f"{page.name}: {path}"


def test_every_address_of_the_api_stands_on_its_page() -> None:
    page = (ROOT / "docs/api.md").read_text()
    for path in json.loads((ROOT / "hmi/openapi.json").read_text())["paths"]:
        told = re.sub(r"\{\w+\}", "{[a-z]+}", path.removeprefix("/api/v1"))
        last = "/" + told.rsplit("/", 1)[-1]  # `/a/{id}/b`, `/c`: what shares its beginning is not said again
        assert re.search(rf"[` ]{told}`", page) or (re.search(rf"`{last}`", page) and told.split("/")[1] in page), path


def test_the_configuration_for_a_site_is_good() -> None:
    """And says the folders that the units make."""
    settings = load(ROOT / "deploy/cryochamber.toml", environment={}).settings
    for unit in (ROOT / "deploy/systemd").iterdir():
        assert f"StateDirectory={settings.data_dir.relative_to('/var/lib')}\n" in unit.read_text()
        assert f"RuntimeDirectory={settings.run_dir.relative_to('/run')}\n" in unit.read_text()


def test_what_the_containers_are_told_is_understood() -> None:
    told = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    environment = told["x-part"]["environment"]
    settings = load(environment=environment).settings
    assert settings.plc.host in told["services"]
    assert settings.mqtt.host in told["services"]
    volumes = {v.split(":")[1]: v.split(":")[0] for v in told["x-part"]["volumes"]}
    assert {str(settings.data_dir), str(settings.run_dir)} == set(volumes)
    assert set(volumes.values()) <= set(told["volumes"])
    for name, service in told["services"].items():
        assert set(service["networks"]) <= set(told["networks"])
        if name != "broker":
            assert _command([w for w in service["command"] if not w[0].isdigit()]) is None
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
    assert set(told["services"]["control"]["networks"]) == {"plant"}  # Modbus has no authentication
    assert re.search(r"^USER (?!root)", (ROOT / "Dockerfile").read_text(), re.M)
