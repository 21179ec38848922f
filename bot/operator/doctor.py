"""`circlekeeper doctor`: what is wrong, and how to mend it. It makes nothing and changes nothing."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from bot.boundary.errors import CannotStart, InUse, StorageTrouble, Undeliverable
from bot.boundary.ports import Cabinet, Finding
from bot.boundary.sealing import DATABASE
from bot.config import Settings
from bot.operator import parts
from bot.operator.assemble import NoCabinet, connected
from bot.operator.private import secrets

ANSWER_WITHIN = 60.0
"""Seconds that one platform may take to be examined."""
LEAST_FREE = 200_000_000
"""Bytes. A database of ten thousand members takes a tenth of it; a full disk stops the bot."""


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Everything there is to say, in the order in which to mend it."""
    for finding in (*secrets(settings), _data_folder(settings.data), _backups(settings)):
        yield finding
    async with contextlib.AsyncExitStack() as stack:
        cabinet: Cabinet = NoCabinet()
        if not _has_data(settings.data):
            yield Finding(fine=True, what=f"There is no data yet: {_first_start(settings)}")
        else:
            try:
                sealer = parts.sealer_factory()(settings.master_key_file, settings.data, os.environ)
                yield Finding(
                    fine=True, what=f"The master key comes from {sealer.origin}. Keep a copy elsewhere."
                )
                store = await parts.store_factory()(settings.data, sealer)
                stack.push_async_callback(store.close)
                cabinet = store
                rooms = len(await store.rooms())
                yield Finding(
                    fine=True, what=f"The database opens with it, and knows {_count(rooms, 'room')}."
                )
            except InUse:
                yield Finding(
                    fine=True,
                    what="A bot is running with this data, so nothing else was opened beside it.",
                    next_step="Ask its /healthz and /readyz how it is doing, or stop it and run this again.",
                )
                return
            except (CannotStart, StorageTrouble) as refused:
                yield Finding(fine=False, what=refused.what, next_step=refused.next_step)
                yield Finding(
                    fine=True,
                    what="The platforms were not asked: the bot's sign-in is kept in that data.",
                    next_step="Run this again when the above is mended.",
                )
                return
        try:
            platforms = connected(settings, cabinet)
        except CannotStart as refused:
            yield Finding(fine=False, what=refused.what, next_step=refused.next_step)
            return
        for name, platform in platforms.items():
            try:
                for finding in await asyncio.wait_for(platform.examine(), ANSWER_WITHIN):
                    yield finding
            except (CannotStart, StorageTrouble) as refused:
                yield Finding(fine=False, what=refused.what, next_step=refused.next_step)
            except (TimeoutError, Undeliverable):
                yield Finding(
                    fine=False,
                    what=f"The platform {name} does not answer.",
                    next_step="Check its address in config.yaml, the network, and whether it runs.",
                )
            finally:
                await platform.close()


def _data_folder(folder: Path) -> Finding:
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding(
            fine=False,
            what=f"The data folder {folder} cannot be written to.",
            next_step="Give the user that runs Circlekeeper access to it, or set `data` to another folder.",
        )
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE:
        return Finding(
            fine=False,
            what=f"The disk with the data folder is nearly full: {free // 1_000_000} MB are left.",
            next_step=f"Free some space, at least {LEAST_FREE // 1_000_000} MB.",
        )
    if there == folder and folder.stat().st_mode & 0o077:
        return Finding(
            fine=False,
            what=f"The data folder {folder} is open to other users of this machine.",
            next_step=f"Run chmod 700 {folder}.",
        )
    return Finding(fine=True, what=f"The data folder {folder} can be used, and its disk has space.")


def _backups(settings: Settings) -> Finding:
    kept = settings.operator.backups_kept
    if kept is None:
        return Finding(
            fine=True,
            what="Members who have data erased are told that you have not said how long you keep backups.",
            next_step="Set operator.backups_kept in the configuration (30d, say, or none), and keep to it.",
        )
    said = "make no backups" if kept == "none" else f"delete each backup after {kept}"
    return Finding(fine=True, what=f"Members are told that you {said}.")


def _has_data(folder: Path) -> bool:
    try:
        return any(path.stat().st_size > 0 for path in folder.glob(f"{DATABASE}*"))
    except OSError:
        return False


def _first_start(settings: Settings) -> str:
    if os.environ.get("CIRCLEKEEPER_MASTER_KEY") or settings.master_key_file.exists():
        return "the first start makes the database, with your master key."
    return f"the first start makes it, and the master key in {settings.master_key_file}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
