"""What several commands share: the configuration option, and how a command says that it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cryochamber.config import ConfigError, Loaded, load

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help="Configuration file (TOML). Default: cryochamber.toml if there is one. Environment: CRYOCHAMBER_SECTION__KEY=value.",
    ),
]


def fail(text: str, status: int = 1) -> typer.Exit:
    typer.echo(f"cryochamber: {text}", err=True)
    return typer.Exit(status)


def load_config(config: Path | None, device: str | None = None) -> Loaded:
    try:
        return load(config, device=device)
    except ConfigError as error:
        raise fail("the configuration cannot be used:\n" + "\n".join(f"  {c}" for c in error.complaints), 2) from None
