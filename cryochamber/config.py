"""Configuration: one TOML file plus environment variables, checked whole, every complaint with place, key, value and range."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from chamber.limits import GUARDRAILS
from chamber.profile import NARROWING, DeviceProfile
from chamber.settings import NarrowingError, Settings, narrowed
from control.site_day import UnknownZoneError, zone

DEFAULT_FILE = Path("cryochamber.toml")
ENV_PREFIX = "CRYOCHAMBER_"
PROFILE_VARIABLE = "CRYOCHAMBER_SITE__PROFILE"
PROFILES = Path(__file__).resolve().parent.parent / "chamber" / "profiles"
_NOT_SETTINGS = frozenset({"CRYOCHAMBER_CONFIG", "CRYOCHAMBER_COMPILED", "CRYOCHAMBER_PIN"})


class ConfigError(Exception):
    """The configuration cannot be used. ``complaints`` has one line a problem."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


class Loaded(NamedTuple):
    settings: Settings
    profile: DeviceProfile  # with the site's limits applied
    file: Path | None


def load(file: Path | None = None, environment: Mapping[str, str] | None = None, device: str | None = None) -> Loaded:
    """Read file (``cryochamber.toml`` if present and none is named) and environment.

    ``CRYOCHAMBER_PLC__HOST=10.0.0.5`` sets ``plc.host`` and wins over the file; ``device``, the option ``--profile``, wins over both.
    Raises ConfigError.
    """
    env = os.environ if environment is None else environment
    if file is None and env.get("CRYOCHAMBER_CONFIG"):
        file = Path(env["CRYOCHAMBER_CONFIG"])
    named = file is not None
    path = file if file is not None else DEFAULT_FILE
    values: dict[str, Any] = {}
    if named or path.exists():
        values = _read(path)
    sources = _overlay(values, env if device is None else {**env, PROFILE_VARIABLE: device})
    if device is not None:
        sources["site.profile"] = "option --profile"
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_complaints(error, str(path), values, sources)) from None
    try:
        zone(settings.site.timezone)
    except UnknownZoneError as error:
        raise ConfigError([f"{sources.get('site.timezone', str(path))}: site.timezone: {error}"]) from None
    profile = _profile(settings, sources.get("site.profile", f"{path}: site.profile"))
    try:
        profile = narrowed(profile, settings.limits)
    except NarrowingError as error:
        raise ConfigError(
            [f"{sources.get(f'limits.{error.key}', str(path))}: {error} (allowed: {_limit_range(error.key, profile)})"]
        ) from None
    return Loaded(settings, profile, path if values and (named or path.exists()) else None)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as f:
            return tomllib.load(f)
    except FileNotFoundError:
        raise ConfigError([f"{path}: no such file. Name an existing one with --config, or leave it out for the defaults."]) from None
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}. Check its permissions."]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: not valid TOML: {error}"]) from None


def _overlay(values: dict[str, Any], env: Mapping[str, str]) -> dict[str, str]:
    """Put environment values into ``values``; returns dotted key -> name of the variable."""
    sources: dict[str, str] = {}
    for name in sorted(env):
        if not name.startswith(ENV_PREFIX) or name in _NOT_SETTINGS:
            continue
        keys = name.removeprefix(ENV_PREFIX).lower().split("__")
        place = values
        for key in keys[:-1]:
            inner = place.setdefault(key, {})
            if not isinstance(inner, dict):
                raise ConfigError([f"environment variable {name}: {'.'.join(keys[:-1])} is not a section"])
            place = inner
        place[keys[-1]] = _literal(env[name])
        sources[".".join(keys)] = f"environment variable {name}"
    return sources


def _literal(text: str) -> Any:
    """Numbers, booleans and lists as TOML reads them; anything else is text."""
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return text


def _complaints(error: ValidationError, file: str, values: Mapping[str, Any], sources: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for e in error.errors():
        key = ".".join(str(k) for k in e["loc"]) or "(whole file)"
        unknown = e["type"] == "extra_forbidden"  # an unknown section may come from a variable that names a key in it
        source = next((v for k, v in sources.items() if key == k or key.startswith(k + ".") or (unknown and k.startswith(key + "."))), file)
        shown = "" if e["type"] in ("missing", "extra_forbidden") or not e["loc"] else f" = {e['input']!r}"
        lines.append(f"{source}: {key}{shown}: {_message(e)}")
    return lines


def _message(e: Any) -> str:
    context = e.get("ctx", {})
    if e["type"] == "extra_forbidden":
        model: type[BaseModel] | None = Settings
        for k in e["loc"][:-1]:
            field = model.model_fields.get(str(k)) if model is not None else None
            inner = field.annotation if field is not None else None
            model = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
        known = ", ".join(model.model_fields) if model is not None else ""
        return f"unknown key; known here: {known}"
    if e["type"] == "value_error":
        return str(context["error"])
    bounds = {k: v for k, v in context.items() if k in ("ge", "le", "gt", "lt")}
    return f"{e['msg']} (allowed: {_range_of(e)})" if bounds else str(e["msg"])


def _range_of(e: Any) -> str:
    """Both ends of the range, looked up in the model, because pydantic names only the end that was crossed."""
    field = None
    model: Any = Settings
    for k in e["loc"]:
        field = model.model_fields.get(str(k)) if isinstance(model, type) and issubclass(model, BaseModel) else None
        model = field.annotation if field is not None else None
    low = high = None
    for m in [] if field is None else field.metadata:
        for part in getattr(m, "metadata", [m]):
            low = getattr(part, "ge", getattr(part, "gt", low))
            high = getattr(part, "le", getattr(part, "lt", high))
    return f"{'' if low is None else low} to {'' if high is None else high}".strip()


def _limit_range(key: str, profile: DeviceProfile) -> str:
    rail = GUARDRAILS["setpoint_main_c" if key == "setpoint_main_min_c" else key]
    current = getattr(profile.limits, key)
    low, high = (rail.low, current) if NARROWING[key] == "down" else (current, rail.high)
    return f"{low:g} to {high:g} {rail.unit}".strip()


def _profile(settings: Settings, where: str) -> DeviceProfile:
    path = PROFILES / f"{settings.site.profile}.toml"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in PROFILES.glob("*.toml")))
        raise ConfigError([f"{where}: no such device profile {settings.site.profile!r}; known: {known}"])
    values = _read(path)
    try:
        return DeviceProfile.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_complaints(error, str(path), values, {})) from None


def load_profile(profile_id: str = "walk-in-two-room", where: str = "profile") -> DeviceProfile:
    """A device profile by id, as shipped; ``where`` stands in complaints. Raises ConfigError."""
    try:
        settings = Settings.model_validate({"site": {"profile": profile_id}})
    except ValidationError as error:
        raise ConfigError(_complaints(error, where, {}, {})) from None
    return _profile(settings, where)
