"""The data folder: private, and of one process at a time."""

import fcntl
import os
import pwd
import stat
from pathlib import Path

from adapters.sqlite.troubles import saying
from bot.boundary.errors import CannotStart, InUse
from bot.boundary.sealing import DATABASE

LOCK = "circlekeeper.lock"
RESTORING = "circlekeeper.restoring"
"""There while a restore exchanges the database's files: what lies beside it may be of two databases."""

_OURS = ("circlekeeper.", ".")
"""How the names of files begin that may be in the folder when it is made private unasked."""
_KEY = ".key"
"""A key file, and what is kept aside of one (`master.key.new`, `master.key.old-...`)."""


class Claim:
    """The folder is this process's own until `give_back`, or until the process ends, however it ends."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    def give_back(self) -> None:
        """Let another process have the folder. Given back already: nothing happens."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def claim(folder: Path) -> Claim:
    """Make the folder where there is none, see that it is private, and lock it.

    Raises `CannotStart`: it cannot be written to, others can read it, this is root and it is somebody
    else's; `InUse`: another process has it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_roots_hand(folder)
        _make_private(folder)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise saying(error).cannot_start() from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise InUse(
            f"Another Circlekeeper is running with the data folder {folder}.",
            "Stop that one first, or give this one a data folder of its own.",
        ) from error
    except OSError as error:
        os.close(handle)
        raise saying(error).cannot_start() from error
    return Claim(handle)


def holds_data(folder: Path) -> bool:
    """Whether a database with something in it is there. Raises `CannotStart` where that cannot be told."""
    try:
        files = (folder / DATABASE, folder / f"{DATABASE}-wal")
        return any(path.is_file() and path.stat().st_size > 0 for path in files)
    except OSError as error:
        raise saying(error).cannot_start() from error


def refuse_half_restored(folder: Path) -> None:
    """Raises `CannotStart` where a restore was killed while it exchanged files."""
    if (folder / RESTORING).exists():
        raise CannotStart(
            f"A restore into {folder} was interrupted, and its files are not in order yet.",
            "Run `circlekeeper restore` with the same backup again: it finishes what was begun, and keeps "
            "aside what was there before.",
        )


def sync(path: Path) -> None:
    """Make a file's content, or a folder's names, durable. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_file(path: Path) -> None:
    """Make a file with mode 0600 where there is none: SQLite would leave the mode to the umask."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise saying(error).cannot_start() from error


def _refuse_roots_hand(folder: Path) -> None:
    """What root made there, the bot's own user could not open any more."""
    owner = folder.stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = f"#{owner}"
        raise CannotStart(
            f"The data folder {folder} belongs to the user {name}, and this is root.",
            f"Run it as that user: sudo -u {name} circlekeeper ...",
        )


def _make_private(folder: Path) -> None:
    """Mode 0700. A folder with other things in it is not ours to close: then the operator decides."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & 0o077:
        return
    names = [path.name for path in folder.iterdir()]
    if not all(name.startswith(_OURS) or _KEY in name for name in names):
        raise CannotStart(
            f"The data folder {folder} can be entered by other users of this machine.",
            f"Make it private (chmod 700 {folder}), or set `data` to a folder of its own.",
        )
    folder.chmod(0o700)
