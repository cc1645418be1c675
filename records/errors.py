"""The one error of this package."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class StorageError(Exception):
    """Storage cannot be used. ``place`` is the file or database, ``remedy`` what to do about it."""

    def __init__(self, place: str, problem: str, remedy: str, *, corrupt: bool = False) -> None:
        super().__init__(f"{place}: {problem}. {remedy}")
        self.place = place
        self.detail = f"{place}: {problem}"
        self.remedy = remedy
        self.corrupt = corrupt


# First match wins; the words are SQLite's and PostgreSQL's own.
_KNOWN: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("disk is full", "no space left", "disk quota"), "disk full", "Free space or enlarge the volume; writing resumes by itself."),
    (("readonly", "read-only"), "not writable", "Make the file and its folder writable for the service user."),
    (("is locked",), "locked by another program", "End the other program that holds the database open."),
    (("malformed", "not a database", "corrupt"), "file damaged", "It is set aside at the next start; restore it from a copy."),
    (("unable to open", "permission denied"), "cannot be opened", "Check that the folder exists and the service user may write there."),
    (("disk i/o error",), "disk error or disk full", "Check free space and the health of the disk."),
    (("connection refused", "could not connect", "connection failed", "server closed", "timeout expired", "terminating connection"),
     "database server does not answer", "Start the server or correct records.url."),
    (("no module named",), "driver missing", "Install the optional dependency: pip install 'cryochamber[postgres]'."),
)  # fmt: skip


def storage_error(place: str, error: BaseException) -> StorageError:
    """Translate an error of the database, its driver or the file system."""
    cause: BaseException = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = str(cause).lower() or type(cause).__name__
    corrupt = getattr(cause, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        text = "no space left"
    for words, problem, remedy in _KNOWN:
        if any(word in text for word in words):
            return StorageError(place, problem, remedy, corrupt=corrupt)
    first_line = (str(cause).splitlines() or [type(cause).__name__])[0]
    return StorageError(place, first_line, "See the log of the service.", corrupt=corrupt)


DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error, OSError, ImportError)
"""What opening, reading or writing a database may raise."""
