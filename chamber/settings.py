"""Site settings: one TOML file plus environment variables, checked whole before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from chamber.profile import NARROWING, DeviceProfile, Limits, Strict

Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


class Site(Strict):
    id: Name = "site"
    chamber: Name = "chamber-1"
    name: Annotated[str, Field(min_length=1, max_length=32)] = "Chamber 1"
    profile: Name = "walk-in-two-room"
    timezone: str = "local"


class Plc(Strict):
    """Modbus TCP link. A silent PLC must be noticed within 0.5 s, hence the bounds."""

    host: str = "127.0.0.1"
    port: Port = 5020
    device_id: Annotated[int, Field(ge=0, le=255)] = 1
    timeout_s: Annotated[float, Field(ge=0.05, le=0.5)] = 0.5
    reconnect_max_s: Annotated[float, Field(ge=0.1, le=1.0)] = 0.5


class Control(Strict):
    """Local message sockets between the control process and the API."""

    publish: str = "ipc://{run}/control-publish.ipc"
    command: str = "ipc://{run}/control-command.ipc"


class Api(Strict):
    host: str = "127.0.0.1"
    port: Port = 8000
    allowed_origins: tuple[str, ...] = ()
    stream_hz: Annotated[float, Field(ge=5, le=10)] = 10.0
    max_panels: Annotated[int, Field(ge=1, le=200)] = 50
    session_idle_s: Annotated[float, Field(ge=60, le=86400)] = 43200.0


class Records(Strict):
    """``url`` holds journal, sessions, users (SQLite file by default, or PostgreSQL); telemetry has its own SQLite file."""

    url: str = "sqlite:///{data}/records.sqlite"
    telemetry_url: str = "sqlite:///{data}/telemetry.sqlite"
    telemetry_days: Annotated[float, Field(ge=1, le=3650)] = 90.0


class Mqtt(Strict):
    """Broker; an empty host means none (``cryochamber demo`` then starts an embedded one)."""

    host: str = ""
    port: Port = 1883
    username: str = ""
    password_file: Path | None = None
    tls: bool = False
    ca_file: Path | None = None
    telemetry_period_s: Annotated[float, Field(ge=0.2, le=60)] = 1.0


class Simulator(Strict):
    """Side channel to the simulated plant; used only when the PLC says it is simulated."""

    endpoint: str = "ipc://{run}/simulator.ipc"


class Settings(Strict):
    data_dir: Path = Path("var")
    run_dir: Path = Path("run")
    site: Site = Site()
    plc: Plc = Plc()
    control: Control = Control()
    api: Api = Api()
    records: Records = Records()
    mqtt: Mqtt = Mqtt()
    simulator: Simulator = Simulator()
    limits: dict[str, float] = {}

    @field_validator("limits")
    @classmethod
    def _known_limits(cls, value: dict[str, float]) -> dict[str, float]:
        for key in value:
            if key not in NARROWING:
                raise ValueError(f"unknown limit {key!r}; known: {', '.join(NARROWING)}")
        return value

    @model_validator(mode="after")
    def _places(self) -> Self:
        for url in (self.records.url, self.records.telemetry_url):
            if "://" not in url:
                raise ValueError(f"{url!r} is not a database URL such as sqlite:///var/records.sqlite")
        return self

    def place(self, template: str) -> str:
        """A socket or database address with ``{run}`` and ``{data}`` filled in (absolute paths)."""
        return template.format(run=self.run_dir.resolve(), data=self.data_dir.resolve())


class NarrowingError(ValueError):
    """A site limit tries to widen the profile's limit, or breaks its guardrail."""

    def __init__(self, key: str, value: float, message: str) -> None:
        super().__init__(f"limits.{key} = {value:g}: {message}")
        self.key = key
        self.value = value


def narrowed(profile: DeviceProfile, site_limits: dict[str, float]) -> DeviceProfile:
    """The profile with the site's limits applied, programs cut to fit.

    Raises NarrowingError if a site value is on the unsafe side of the profile's, or outside the guardrail.
    """
    base = profile.limits
    merged: dict[str, Any] = base.model_dump()
    for key, value in site_limits.items():
        current = float(getattr(base, key))
        down = NARROWING[key] == "down"
        if (down and value > current) or (not down and value < current):
            side = "at most" if down else "at least"
            raise NarrowingError(key, value, f"a site may only narrow: {side} {current:g}")
        merged[key] = int(value) if key == "persons" else value
    for key, value in site_limits.items():
        try:
            Limits.model_validate(merged)
        except ValueError as error:
            raise NarrowingError(key, value, str(error).splitlines()[-2].strip() if "\n" in str(error) else str(error)) from None
    limits = Limits.model_validate(merged)
    programs = [
        p.model_copy(
            update={
                "exposure_s": min(p.exposure_s, limits.exposure_s),
                "pre_chamber_s": min(p.pre_chamber_s, limits.pre_chamber_s),
                "setpoint_main_c": max(p.setpoint_main_c, limits.setpoint_main_min_c),
            }
        )
        for p in profile.programs
    ]
    return DeviceProfile.model_validate(
        profile.model_dump() | {"limits": limits.model_dump(), "programs": [p.model_dump() for p in programs]}
    )
