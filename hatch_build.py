"""Packs the built panel into the wheel, and refuses to make a wheel without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PanelHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or self.target_name != "wheel":
            return  # a checkout serves hmi/dist itself
        panel = Path(self.root) / "hmi" / "dist"
        if not (panel / "index.html").is_file():
            raise FileNotFoundError(f"{panel}/index.html is missing: build the panel first (cd hmi && npm ci && npm run build)")
        build_data["force_include"][str(panel)] = "api/panel"
