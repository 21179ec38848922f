"""`circlekeeper backup` and `restore`."""

import asyncio
import os
from pathlib import Path

from bot.config import Settings
from bot.operator import log, parts, tell
from bot.operator.assemble import adapters_marks

AFTER_A_RESTORE = """\
All is as it was when the backup was made. Whoever agreed or withdrew since then counts as before it, and \
whoever had their data erased since then is kept again, as far as the platforms do not tell it anew.
When the bot runs again, it reads what the platforms still tell of that time, and sends once more what \
waited to be sent when the backup was made. What it was told in encrypted chats since then it cannot read \
again, and asks the people to send it once more.
Tell your facilitators from which day the backup is: members may have to repeat what they decided since."""


def back_up(settings: Settings, target: Path) -> None:
    """Write one sealed copy of the data, also while the bot runs. Raises `CannotStart`."""
    parts.backup_maker()(settings.data, target.absolute())
    tell.word(f"Written: {target}, for its owner alone.")
    tell.word(
        "It is sealed like the data, and the master key is not in it: keep a copy of that key elsewhere. "
        "Without it nobody can read this backup, and neither can you."
    )
    kept = settings.operator.backups_kept
    tell.word(
        "Set operator.backups_kept in the configuration, and delete it in time: members who have their data "
        "erased are told how long backups are kept."
        if kept is None
        else f"Delete it in time: the bot tells members that you keep backups for {kept}."
    )


def restore(settings: Settings, backup: Path, replace: bool) -> None:
    """Put a copy in the place of the data. Raises `CannotStart`."""
    log.set_up("error")
    sealer = parts.sealer_factory()(settings.master_key_file, settings.data, os.environ, make=False)
    put_back = parts.restorer()(
        settings.data, backup.absolute(), sealer, replace=replace, marks=adapters_marks()
    )
    aside = asyncio.run(put_back)
    tell.word(f"Restored: {backup} is in {settings.data} now, and opens with the key in {sealer.origin}.")
    tell.word("The bot needs that key from now on: where it starts with another one, put it there.")
    if aside is not None:
        tell.word(f"What was there before is kept in {aside}. Delete it when you do not need it.")
    tell.word(AFTER_A_RESTORE)
