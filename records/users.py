"""Users and their PINs. There is no default user and no default PIN: the first one is made on the command line."""

from __future__ import annotations

import itertools
import re
import secrets
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from chamber.commands import Role
from records.schema import user as table
from records.store import writing

PIN_DIGITS = 8
PIN_MINIMUM = 6  # safety reference, 7
_NAME = re.compile(r"[A-Za-z0-9._-]{1,32}")
_PIN = re.compile(rf"[0-9]{{{PIN_MINIMUM},32}}")
_SERIAL = "users"  # users are one list, whatever the chamber

_hasher = PasswordHasher()  # argon2id, RFC 9106 low-memory profile


@cache
def _nobody() -> str:
    """A hash to check when the name is unknown, so that time does not tell; made at the first such try."""
    return _hasher.hash(secrets.token_hex(16))


class UserError(ValueError):
    """A user cannot be made or changed as asked; the message says why and what would do."""


class User(NamedTuple):
    name: str
    role: Role
    created: datetime
    disabled: datetime | None


def create_user(engine: Engine, name: str, role: Role, pin: str | None = None) -> str:
    """Make a user and return the PIN: the given one, or a random one that is shown this once and kept nowhere.

    Raises UserError for a bad name, a role that cannot sign in, a weak PIN, or a name that exists.
    """
    if not _NAME.fullmatch(name):
        raise UserError(f"{name!r} is not a user name: 1 to 32 letters, digits, '.', '_', '-'")
    if role is Role.ANONYMOUS:
        raise UserError("anonymous is not a role to sign in with; use viewer, operator or service")
    chosen = random_pin() if pin is None else _checked(pin)
    row = {"name": name, "role": role.value, "pin_hash": _hasher.hash(chosen), "created": datetime.now(UTC)}
    try:
        with writing(engine, _SERIAL) as connection:
            connection.execute(sa.insert(table).values(row))
    except IntegrityError:
        raise UserError(f"user {name} exists; choose another name or set a new PIN") from None
    return chosen


def random_pin() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))


def _checked(pin: str) -> str:
    if not _PIN.fullmatch(pin):
        raise UserError(f"a PIN has at least {PIN_MINIMUM} digits and nothing else")
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise UserError("a PIN of equal or consecutive digits is guessed at once; choose another")
    return pin


def set_pin(engine: Engine, name: str) -> str:
    """Give a user a new random PIN and return it. Raises UserError when there is no such user."""
    chosen = random_pin()
    _change(engine, name, {"pin_hash": _hasher.hash(chosen)})
    return chosen


def disable_user(engine: Engine, name: str) -> None:
    """No further sign-in; running sessions end within seconds. The row stays: the journal refers to the name."""
    _change(engine, name, {"disabled": datetime.now(UTC)})


def enable_user(engine: Engine, name: str) -> None:
    _change(engine, name, {"disabled": None})


def _change(engine: Engine, name: str, values: dict[str, object]) -> None:
    with writing(engine, _SERIAL) as connection:
        if connection.execute(sa.update(table).where(table.c.name == name).values(values)).rowcount != 1:
            raise UserError(f"there is no user {name}")


def verify(engine: Engine, name: str, pin: str) -> Role | None:
    """The role when name and PIN fit and the user is not disabled, else None. Takes about 50 ms on purpose."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(table.c.role, table.c.pin_hash, table.c.disabled).where(table.c.name == name)).first()
    try:
        _hasher.verify(_nobody() if row is None else row.pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return None
    return None if row is None or row.disabled is not None else Role(row.role)


def role_of(engine: Engine, name: str) -> Role | None:
    """The present role; None when there is no such user or it is disabled."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(table.c.role, table.c.disabled).where(table.c.name == name)).first()
    return None if row is None or row.disabled is not None else Role(row.role)


def list_users(engine: Engine) -> list[User]:
    with engine.connect() as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.name)).all()
    return [User(r.name, Role(r.role), r.created, r.disabled) for r in rows]
