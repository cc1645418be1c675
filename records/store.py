"""Opening the database: folder, damage check, migrations, settings of the connection."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from records.errors import DATABASE_ERRORS, StorageError, storage_error

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_MS = 2000
HEAD = "0004"  # newest revision; a database that is there needs no migration tool, which is slow to load
_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


@dataclass(frozen=True)
class Store:
    """An open database. ``notes`` says what happened while opening (a damaged file set aside, for instance)."""

    engine: Engine
    place: str
    notes: tuple[str, ...] = ()
    file: Path | None = None
    inode: int | None = None

    def replaced(self) -> bool:
        """The file under this name is another one by now (SQLite only)."""
        return self.file is not None and _inode(self.file) != self.inode

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str, *, repair: bool = True) -> Store:
    """Open ``url``, create what is missing, bring the tables up to date.

    A damaged SQLite file is set aside under a name with the time and a new one is begun, if ``repair``; ``notes`` reports
    it. Raises StorageError naming place and remedy.
    """
    parsed = _parse(url)
    file = sqlite_file(parsed)
    place = str(file) if file is not None else parsed.render_as_string(hide_password=True)
    try:
        if file is None:
            return _open(parsed, place, None, ())
        file.parent.mkdir(parents=True, exist_ok=True)
        with _alone(file):
            notes = _set_aside_if_damaged(file) if repair else ()
            return _open(parsed, place, file, notes)
    except StorageError:
        raise
    except DATABASE_ERRORS as error:
        raise storage_error(place, error) from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError(url.split("@")[-1], "not a database URL", "Write e.g. sqlite:///var/records.sqlite.") from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StorageError(parsed.get_backend_name(), "not supported", "Use sqlite:///... or postgresql://...")
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite URL; None for other databases. Raises StorageError for one in memory: it would not last."""
    if url.get_backend_name() != "sqlite":
        return None
    if url.database in (None, "", ":memory:"):
        raise StorageError(str(url), "a database in memory keeps nothing", "Name a file: sqlite:///var/records.sqlite.")
    return Path(str(url.database))


def _inode(file: Path) -> int | None:
    try:
        return file.stat().st_ino
    except OSError:
        return None


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Control process and API may start at once; one checks and migrates, the other waits."""
    with file.with_name(f"{file.name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _set_aside_if_damaged(file: Path) -> tuple[str, ...]:
    if not file.exists() or file.stat().st_size == 0:
        return ()
    complaint = _damage(file)
    if complaint is None:
        return ()
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = file.with_name(f"{file.name}.damaged-{stamp}")
    for suffix in ("", "-wal", "-shm"):
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return (f"{file} was damaged ({complaint}); kept as {aside.name}, a new file was begun. Restore from a copy.",)


def _damage(file: Path) -> str | None:
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(file)))
    try:
        with engine.connect() as connection:
            result = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            return None if result == "ok" else str(result).splitlines()[0]
    except DatabaseError as error:
        translated = storage_error(str(file), error)
        if translated.corrupt:
            return translated.detail
        raise translated from error
    finally:
        engine.dispose()


def _open(url: URL, place: str, file: Path | None, notes: tuple[str, ...]) -> Store:
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            if _revision(connection) != HEAD:
                migrate(connection)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, place, notes, file, None if file is None else _inode(file))


def _engine(url: URL) -> Engine:
    options: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": orjson.loads}
    if url.get_backend_name() == "postgresql":
        options |= {"pool_pre_ping": True, "pool_size": 3, "connect_args": {"connect_timeout": 5, "options": "-c statement_timeout=10000"}}
    engine = sa.create_engine(url, **options)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    return engine


def _to_json(value: Any) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _on_connect(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN leaves schema changes outside the transaction
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _on_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def writing(engine: Engine, chamber: str) -> Iterator[Connection]:
    """A transaction that writes. Journal ids become visible in their order: a reader by cursor misses none."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"cryochamber {chamber}"})
        yield connection


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def migration_config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection) -> None:
    """Bring the tables to what this program knows. A database of a newer program is refused."""
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('cryochamber migration'))"))
    try:
        command.upgrade(migration_config(connection), "head")
    except command.util.CommandError as error:
        place = connection.engine.url.render_as_string(hide_password=True)
        remedy = "It was made by a newer version of this program: install that one, or restore an older copy."
        raise StorageError(place, str(error), remedy) from error
