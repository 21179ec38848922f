"""The files that hold secrets: each for its owner alone, or the bot does not start."""

import os
import stat
from pathlib import Path

import msgspec

from bot.boundary.errors import CannotStart
from bot.boundary.ports import Finding
from bot.config import Settings


def refuse_open_secrets(settings: Settings) -> None:
    """Raises `CannotStart` where a secret is missing or others can read it.

    Also where a kept sign-in would do without it: what others have read must be changed now.
    """
    for finding in secrets(settings):
        if not finding.fine:
            raise CannotStart(finding.what, finding.next_step)


def secret_files(settings: Settings) -> dict[str, Path]:
    """`matrix.password_file` -> its path, for every key of a section that names a secret's file."""
    return {
        f"{name}.{field.encode_name}": settings.base / Path(value).expanduser()
        for name, section in settings.sections.items()
        for field in msgspec.structs.fields(section)
        if field.name.endswith("_file") and isinstance(value := getattr(section, field.name), str)
    }


def secrets(settings: Settings) -> list[Finding]:
    """What there is to say of each secret's file."""
    return [_private(f"The secret file of {key}", path) for key, path in secret_files(settings).items()]


def _private(what: str, path: Path) -> Finding:
    try:
        status = path.stat()
    except OSError:
        return Finding(
            fine=False,
            what=f"{what} is not there or cannot be read: {path}.",
            next_step="Put the secret into that file, for the user that runs Circlekeeper.",
        )
    if not stat.S_ISREG(status.st_mode):
        return Finding(fine=False, what=f"{what} is not a file: {path}.", next_step="Name the file itself.")
    if status.st_mode & 0o077:
        return Finding(
            fine=False,
            what=f"{what} can be read by other users of this machine: {path}.",
            next_step=f"Run chmod 600 {path}, and change the secret if others may have seen it.",
        )
    if not os.access(path, os.R_OK):
        return Finding(
            fine=False,
            what=f"{what} cannot be read: {path}.",
            next_step="Give it to the user that runs Circlekeeper.",
        )
    return Finding(fine=True, what=f"{what} is there, and only its owner can read it.")
