"""Copies of the database: made while a bot runs, and put back where none does."""

import contextlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from adapters.sqlite.folder import RESTORING, claim, holds_data, private_file, refuse_half_restored, sync
from adapters.sqlite.line import BUSY_SECONDS
from adapters.sqlite.opening import make_reading, open_store
from adapters.sqlite.schema import APPLICATION_ID, recognise
from adapters.sqlite.troubles import DAMAGED, FULL, saying
from bot.boundary.errors import CannotStart, StorageTrouble
from bot.boundary.sealing import DATABASE, Sealer

_COMPANIONS = ("-wal", "-shm", "-journal")
_STAGE = ".circlekeeper-restore"
"""The folder, in the data folder, where a copy is proved before it replaces anything."""


def back_up(folder: Path, target: Path) -> None:
    """See `BackupMaker`. A reader's snapshot: the running bot is not held up, nor asked."""
    if not holds_data(folder):
        raise CannotStart(f"There are no data in {folder} yet.", "Check `data` in the configuration.")
    refuse_half_restored(folder)
    refusal = CannotStart(
        f"There is already a file {target}.", "Give another name: a backup never overwrites anything."
    )
    if target.is_symlink() or target.exists():
        raise refusal
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(folder, draft)
        sync(draft)
        _publish(draft, target)
        sync(target.parent)
    except FileExistsError as error:
        raise refusal from error
    except (OSError, sqlite3.Error) as error:
        if saying(error) == FULL:
            raise CannotStart(
                f"There is no space for {target}.", "Free some, or name another disk."
            ) from error
        if isinstance(error, OSError):
            raise CannotStart(
                f"The file {target} cannot be written.",
                "Check its folder, and that this user may write there.",
            ) from error
        raise saying(error).cannot_start() from error
    finally:
        for path in (draft, *(draft.with_name(draft.name + end) for end in _COMPANIONS)):
            path.unlink(missing_ok=True)


def _copy(folder: Path, draft: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(folder / DATABASE, timeout=BUSY_SECONDS)) as source,
        contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as copy,
    ):
        make_reading(source)
        recognise(source, folder)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
        if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise DAMAGED.cannot_start()


def _publish(draft: Path, target: Path) -> None:
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: then a file that is made in this very moment would be lost.
        if target.exists():
            raise FileExistsError(target) from None
        draft.replace(target)


async def restore(
    folder: Path, backup: Path, sealer: Sealer, *, replace: bool, marks: Mapping[str, bytes]
) -> Path | None:
    """See `Restorer`."""
    _refuse_what_is_no_backup(backup)
    claimed = claim(folder)
    try:
        unfinished = folder / RESTORING
        if holds_data(folder) and not replace and not unfinished.exists():
            raise CannotStart(
                f"There are data in {folder} already.",
                "To put the backup in their place, say so with --replace. They are kept aside, not deleted.",
            )
        stage = folder / _STAGE
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(mode=0o700)
        await _prove(stage, backup, sealer, marks)
        aside = _exchange(folder, stage / DATABASE)
        shutil.rmtree(stage, ignore_errors=True)
        return aside
    except OSError as error:
        raise saying(error).cannot_start() from error
    except StorageTrouble as trouble:
        raise CannotStart(trouble.what, trouble.next_step) from trouble
    finally:
        claimed.give_back()


def _refuse_what_is_no_backup(backup: Path) -> None:
    try:
        with backup.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise CannotStart(
            f"The file {backup} cannot be read.", "Check its name, and that this user may read it."
        ) from error
    # sqlite.org/fileformat2.html, 1.3: magic, and the application's number at offset 68.
    ours = header.startswith(b"SQLite format 3\0") and header[68:72] == APPLICATION_ID.to_bytes(4, "big")
    log = backup.with_name(f"{backup.name}-wal")
    if not ours or (log.exists() and log.stat().st_size > 0):
        raise CannotStart(
            f"The file {backup} is not a backup by Circlekeeper.", "Name one that `circlekeeper backup` made."
        )


async def _prove(stage: Path, backup: Path, sealer: Sealer, marks: Mapping[str, bytes]) -> None:
    """Copy, open with the key as at a start, mark, and close to one file again."""
    private_file(stage / DATABASE)
    shutil.copyfile(backup, stage / DATABASE)
    store = await open_store(stage, sealer, called=backup)
    try:
        for name, value in marks.items():
            await store.put(name, value)
    finally:
        await store.close()
    if (stage / f"{DATABASE}-wal").exists():
        raise DAMAGED.cannot_start()
    sync(stage / DATABASE)


def _exchange(folder: Path, proved: Path) -> Path | None:
    """Put the old database aside with its log, and the new one in its place.

    A database and the log of another one must never be opened together: while there can be such
    a pair, `RESTORING` stands beside it, and names where the old one went.
    """
    live, unfinished = folder / DATABASE, folder / RESTORING
    if not unfinished.exists():
        if not holds_data(folder):
            proved.replace(live)
            sync(folder)
            return None
        aside = folder / f"{DATABASE}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        draft = folder / f".{RESTORING}"
        draft.write_text(aside.name)
        sync(draft)
        draft.replace(unfinished)
        sync(folder)
    aside = folder / Path(unfinished.read_text()).name
    if live.exists() and not aside.exists():
        live.rename(aside)
    log = folder / f"{DATABASE}-wal"
    if log.exists():
        log.replace(aside.with_name(f"{aside.name}-wal"))
    (folder / f"{DATABASE}-shm").unlink(missing_ok=True)
    sync(folder)
    proved.replace(live)
    sync(folder)
    unfinished.unlink()
    sync(folder)
    return aside
