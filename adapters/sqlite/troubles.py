"""SQLite's and the system's errors, mapped once to plain sentences for the operator."""

import errno
import sqlite3
from typing import NamedTuple

from bot.boundary.errors import CannotStart, StorageTrouble
from bot.boundary.sealing import Unreadable


class Saying(NamedTuple):
    """What is wrong, and what to do next."""

    what: str
    next_step: str

    def cannot_start(self) -> CannotStart:
        """For the start of the program."""
        return CannotStart(*self)

    def trouble(self) -> StorageTrouble:
        """For a program that runs."""
        return StorageTrouble(*self)


FULL = Saying("The disk with the data folder is full.", "Free some space; what was kept so far is safe.")
LOCKED = Saying(
    "Another program holds the database.", "Close the program that has it open, such as a database browser."
)
DAMAGED = Saying(
    "The database is damaged.",
    "Stop Circlekeeper, keep a copy of the data folder, and put back your last backup of it.",
)
UNWRITABLE = Saying(
    "The data folder cannot be written to.",
    "Give the user that runs Circlekeeper access to it, or set `data` to another folder.",
)
DISK_FAILS = Saying(
    "The disk with the data folder answers with errors.",
    "Check the disk, its free space and how it is mounted.",
)
CONTRADICTION = Saying(
    "The storage refused a change that contradicts what it holds.", "Nothing was changed. Please report this."
)
UNREADABLE = Saying(
    "A sealed record does not open: it was changed from outside, or the disk is damaged.",
    "Stop Circlekeeper, keep a copy of the data folder, and put back your last backup of it.",
)
CLOSED = Saying("The storage is closed.", "Start Circlekeeper again.")
OTHER = Saying("The database refuses to work.", "Stop Circlekeeper, and check the disk and the data folder.")

_BY_CODE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_READONLY: UNWRITABLE,
    sqlite3.SQLITE_CANTOPEN: UNWRITABLE,
    sqlite3.SQLITE_PERM: UNWRITABLE,
    sqlite3.SQLITE_AUTH: UNWRITABLE,
    sqlite3.SQLITE_IOERR: DISK_FAILS,
    sqlite3.SQLITE_CONSTRAINT: CONTRADICTION,
}


def saying(error: sqlite3.Error | OSError) -> Saying:
    """What to tell the operator of an error of SQLite or of the system."""
    if isinstance(error, OSError):
        return FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else UNWRITABLE
    # The low byte is the kind, the rest says more than an operator can use (sqlite.org/rescode.html).
    return _BY_CODE.get(getattr(error, "sqlite_errorcode", -1) & 0xFF, OTHER)


def translated(error: Exception) -> Exception:
    """The error that the port promises, for one that came out of the database or the vault."""
    match error:
        case sqlite3.Error():
            trouble = saying(error).trouble()
        case Unreadable():
            trouble = UNREADABLE.trouble()
        case _:
            return error
    trouble.__cause__ = error
    return trouble
