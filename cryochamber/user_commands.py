"""`cryochamber user`: who may sign in. Works on the records directly, so the first PIN needs no running API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cryochamber.options import Config, fail, load_config

user_app = typer.Typer(help="People who may sign in: list, add, new PIN, disable.", no_args_is_help=True)


def _users(config: Path | None) -> Any:
    from cryochamber.running import make_folders
    from records.errors import StorageError
    from records.store import open_store

    settings = load_config(config).settings
    try:
        make_folders(settings)
        return open_store(settings.place(settings.records.url))
    except StorageError as error:
        raise fail(str(error)) from None


@user_app.command("list")
def user_list(config: Config = None) -> None:
    """Who may sign in."""
    from records import users

    store = _users(config)
    for u in users.list_users(store.engine):
        typer.echo(f"{u.name:20} {u.role.value:10} {'disabled' if u.disabled is not None else ''}".rstrip())
    store.close()


@user_app.command("add")
def user_add(name: str, role: Annotated[str, typer.Option(help="viewer, operator or service")] = "operator", config: Config = None) -> None:
    """Add somebody. Prints a random PIN once; it is stored nowhere in clear."""
    from chamber.commands import Role
    from records import users

    if role not in (Role.VIEWER, Role.OPERATOR, Role.SERVICE):
        raise fail(f"--role {role}: must be viewer, operator or service", 2)
    store = _users(config)
    try:
        typer.echo(f"{name}: PIN {users.create_user(store.engine, name, Role(role))}")
    except users.UserError as error:
        raise fail(str(error)) from None
    finally:
        store.close()


@user_app.command("new-pin")
def user_new_pin(name: str, config: Config = None) -> None:
    """Give somebody a new random PIN and print it once."""
    from records import users

    store = _users(config)
    try:
        typer.echo(f"{name}: PIN {users.set_pin(store.engine, name)}")
    except users.UserError as error:
        raise fail(str(error)) from None
    finally:
        store.close()


@user_app.command("disable")
def user_disable(name: str, config: Config = None) -> None:
    """Nobody signs in under this name any more."""
    from records import users

    store = _users(config)
    try:
        users.disable_user(store.engine, name)
        typer.echo(f"{name}: disabled")
    except users.UserError as error:
        raise fail(str(error)) from None
    finally:
        store.close()


@user_app.command("enable")
def user_enable(name: str, config: Config = None) -> None:
    """Let somebody who was disabled sign in again, with the old PIN."""
    from records import users

    store = _users(config)
    try:
        users.enable_user(store.engine, name)
        typer.echo(f"{name}: enabled")
    except users.UserError as error:
        raise fail(str(error)) from None
    finally:
        store.close()
