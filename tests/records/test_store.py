from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from chamber.commands import Role
from chamber.events import Event, EventKind
from records import StorageError, open_store, reading, users
from records.schema import journal, metadata
from records.store import migration_config
from records.writer import Recorder


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a" / "b" / "records.sqlite"


def test_opening_makes_folder_tables_and_settings(file: Path) -> None:
    store = open_store(url_of(file))
    with store.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert store.notes == ()


def test_tables_and_migrations_agree(file: Path) -> None:
    store = open_store(url_of(file))
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


def test_migrations_go_down_and_up(file: Path) -> None:
    store = open_store(url_of(file))
    with store.engine.begin() as connection:
        command.downgrade(migration_config(connection), "base")
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    with store.engine.begin() as connection:
        command.upgrade(migration_config(connection), "head")
    with store.engine.connect() as connection:
        assert {"journal", "session", "session_sample", "user", "cursor"} <= set(sa.inspect(connection).get_table_names())
    store.close()


def test_a_newer_database_is_refused(file: Path) -> None:
    store = open_store(url_of(file))
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StorageError, match="newer version"):
        open_store(url_of(file))


@pytest.mark.parametrize("damage", ["header", "middle", "not a database"])
def test_a_damaged_file_is_set_aside(file: Path, damage: str) -> None:
    recorder = Recorder(url_of(file), "chamber-1", "boot-1")
    recorder.append([Event(EventKind.STATE, float(n), {"filler": "x" * 500}) for n in range(200)], datetime.now(UTC))
    assert recorder.close()
    content = bytearray(file.read_bytes())
    match damage:
        case "header":
            content[:100] = b"\xff" * 100
        case "middle":
            content[8192:40960] = os.urandom(32768)
        case _:
            content = bytearray(b"no database at all\n" * 100)
    file.write_bytes(content)
    with pytest.raises(StorageError) if damage != "middle" else open_only(file):
        open_store(url_of(file), repair=False)  # the API does not touch it
    store = open_store(url_of(file))
    assert len(store.notes) == 1
    assert "was damaged" in store.notes[0]
    kept = next(file.parent.glob("records.sqlite.damaged-*Z"))
    assert kept.read_bytes() == bytes(content)
    with store.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(journal)).scalar_one() == 0
    store.close()


class open_only:  # noqa: N801
    """Opening alone does not look into the middle of the file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        assert not list(self._file.parent.glob("*.damaged-*"))


def test_an_empty_file_is_no_damage(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.touch()
    store = open_store(url_of(file))
    assert store.notes == ()
    store.close()


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("records.sqlite", "not a database URL"),
        ("mysql://x/y", "not supported"),
        ("sqlite://", "memory"),
        ("sqlite:////proc/nowhere/records.sqlite", "/proc/nowhere"),
        ("postgresql://nobody@127.0.0.1:1/none", "does not answer"),
    ],
)
def test_places_that_cannot_work(url: str, word: str) -> None:
    with pytest.raises(StorageError, match=word) as failed:
        open_store(url)
    assert failed.value.remedy


def test_password_of_a_server_is_not_told() -> None:
    with pytest.raises(StorageError) as failed:
        open_store("postgresql://nobody:s3cret@127.0.0.1:1/none")
    assert "s3cret" not in str(failed.value)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root, to become somebody without rights")
def test_a_file_that_may_not_be_written(file: Path, tmp_path: Path) -> None:
    open_store(url_of(file)).close()
    for place in (file.parent, file.parent.parent, tmp_path, *tmp_path.parents):
        if place.is_relative_to(Path("/tmp")) and place != Path("/tmp"):  # noqa: S108 - a place another user may enter
            place.chmod(place.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    code = (
        "import sys; from records import open_store, StorageError\n"
        "try: open_store(sys.argv[1])\n"
        "except StorageError as e: print(e)\n"
    )  # fmt: skip
    python = shutil.which("python3") if not os.access("/root", os.X_OK) else None
    if python is None:
        import sys

        python = sys.executable
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", python, "-c", code, url_of(file)],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    if "Permission denied" in done.stderr and "import" in done.stderr:
        pytest.skip("the interpreter itself is out of reach without root")
    assert str(file) in done.stdout, done.stderr
    assert "service user" in done.stdout


# --- users ---


def test_users(file: Path) -> None:
    store = open_store(url_of(file))
    engine = store.engine
    pin = users.create_user(engine, "ann", Role.OPERATOR)
    assert len(pin) >= 6
    assert pin.isdigit()
    assert users.verify(engine, "ann", pin) is Role.OPERATOR
    assert users.verify(engine, "ann", pin[:-1]) is None
    assert users.verify(engine, "bob", pin) is None
    new = users.set_pin(engine, "ann")
    assert users.verify(engine, "ann", pin) is None
    assert users.verify(engine, "ann", new) is Role.OPERATOR
    users.disable_user(engine, "ann")
    assert users.verify(engine, "ann", new) is None
    assert users.role_of(engine, "ann") is None
    users.enable_user(engine, "ann")
    assert users.role_of(engine, "ann") is Role.OPERATOR
    assert [u.name for u in users.list_users(engine)] == ["ann"]
    with engine.connect() as connection:
        stored = connection.execute(sa.text('SELECT pin_hash FROM "user"')).scalar_one()
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,")  # not quicker to guess than RFC 9106 asks of its second choice
    assert new not in stored
    store.close()


@pytest.mark.req("SRS-SEC-003")
def test_there_is_no_user_from_the_start(file: Path) -> None:
    store = open_store(url_of(file))
    assert users.list_users(store.engine) == []
    store.close()


@pytest.mark.parametrize("pin", ["", "12345", "1234567a", "111111", "123456", "987654", "678901"])
def test_weak_pins_are_refused(file: Path, pin: str) -> None:
    store = open_store(url_of(file))
    with pytest.raises(users.UserError):
        users.create_user(store.engine, "ann", Role.OPERATOR, pin)
    assert users.list_users(store.engine) == []
    store.close()


def test_user_mistakes_are_named(file: Path) -> None:
    store = open_store(url_of(file))
    users.create_user(store.engine, "ann", Role.VIEWER, "271828")
    with pytest.raises(users.UserError, match="ann exists"):
        users.create_user(store.engine, "ann", Role.OPERATOR)
    with pytest.raises(users.UserError, match="not a user name"):
        users.create_user(store.engine, "ann b", Role.OPERATOR)
    with pytest.raises(users.UserError, match="anonymous"):
        users.create_user(store.engine, "bob", Role.ANONYMOUS)
    with pytest.raises(users.UserError, match="no user bob"):
        users.disable_user(store.engine, "bob")
    store.close()


# --- PostgreSQL ---


def _postgres_tools() -> Path | None:
    return next(
        (folder for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True) if (folder / "initdb").exists()), None
    )


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own on a free port."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    tools = _postgres_tools()
    if tools is None:
        pytest.skip("PostgreSQL is not installed (apt install postgresql)")
    root = os.geteuid() == 0
    if root and shutil.which("setpriv") is None:
        pytest.skip("PostgreSQL does not run as root, and there is no setpriv")
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if root else []
    folder = Path(f"/tmp/ccpg-{os.getpid()}")  # noqa: S108 - a place another user may enter
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    try:
        subprocess.run(
            [*as_user, str(tools / "initdb"), "-D", str(data), "-U", "cc", "-A", "trust"], check=True, capture_output=True, cwd=folder
        )
        server = [str(tools / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1"]
        with subprocess.Popen([*as_user, *server], stderr=subprocess.DEVNULL, cwd=folder) as process:
            url = f"postgresql://cc@127.0.0.1:{port}/postgres"
            for _ in range(200):
                try:
                    open_store(url).close()
                    break
                except StorageError:
                    if process.poll() is not None:
                        pytest.fail("the server has ended")
                    subprocess.run(["sleep", "0.05"], check=True)
            yield url
            process.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_postgres(postgres: str) -> None:
    recorder = Recorder(postgres, "chamber-1", "boot-1")
    at = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
    recorder.append([Event(EventKind.SESSION_OPENED, 1.0, {"session": 1, "program": "standard", "persons": 2, "limit_s": 180.0})], at)
    recorder.sample(1, 0.0, {"main_c": -110.0})
    recorder.sample(1, 0.0, {"main_c": -111.0})
    recorder.append(
        [Event(EventKind.STATE, 1.0, {"bad": "\x00"}), Event(EventKind.SESSION_CLOSED, 2.0, {"session": 1, "ended_by": "limit"})], at
    )
    assert recorder.close(20.0), recorder.health
    store = open_store(postgres)
    row, trace = reading.session_with_trace(store.engine, "chamber-1", 1) or pytest.fail("no session")
    assert row["opened_utc"] == at
    assert row["state"] == "closed"
    assert [s["main_c"] for s in trace] == [-110.0]
    for statement in (sa.update(journal).values(kind="x"), sa.delete(journal)):
        with store.engine.connect() as connection, pytest.raises(sa.exc.DatabaseError, match="append-only"):
            connection.execute(statement)
    assert users.verify(store.engine, "ann", users.create_user(store.engine, "ann", Role.OPERATOR)) is Role.OPERATOR
    reading.write_cursor(store.engine, "chamber-1", "mqtt", 3)
    assert reading.read_cursor(store.engine, "mqtt") == 3
    with store.engine.begin() as connection:
        command.downgrade(migration_config(connection), "base")
    store.close()
