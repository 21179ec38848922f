"""The `matrix` section of config.yaml, and the secret files that it names."""

import re
import stat
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from bot.boundary.errors import CannotStart

_USER_ID = re.compile(r"@[^:\s]+:[^\s:]+(:\d{1,5})?")
_PATTERN = re.compile(r"[@*][^:\s]*:[^\s:]+(:\d{1,5})?")
MOST_SECRET_BYTES = 4096
"""A password or token is far shorter; a longer file is surely the wrong one."""


class MatrixSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account on one homeserver. Exactly one of the two secret files is needed.

    The descriptions are what `circlekeeper setup` asks.
    """

    homeserver: Annotated[
        str, Meta(description="Address of the homeserver, such as https://matrix.example.org")
    ]
    user_id: Annotated[str, Meta(description="Id of the bot's own account, such as @keeper:example.org")]
    password_file: Annotated[str | None, Meta(description="Password of that account")] = None
    access_token_file: Annotated[str | None, Meta(description="Access token of that account")] = None
    replace_identity: str | None = None
    """Cross-signing: the key of an identity, as `doctor` tells it, when the operator wants the bot to put
    a new one of its own in place of exactly that one: somebody else's, or a stolen one."""
    prefix: str = "!"
    """What stands before a command that is typed in the room."""
    accept_invites_from: Annotated[
        list[str],
        Meta(description="Who may add the bot to a room: user ids, or *:server for all of a server"),
    ] = []


def check(section: MatrixSection) -> None:
    """Refuse a section that cannot work. Raises `CannotStart`; touches no file and no network."""
    url = urlsplit(section.homeserver)
    if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment:
        raise CannotStart(
            "matrix.homeserver is not a web address.",
            "Write it like https://matrix.example.org.",
        )
    if not _USER_ID.fullmatch(section.user_id):
        raise CannotStart(
            "matrix.user_id is not a Matrix id.",
            "Write it like @keeper:example.org, in quotes.",
        )
    if (section.password_file is None) == (section.access_token_file is None):
        raise CannotStart(
            "matrix needs one secret file.",
            "Give either password_file or access_token_file, not both.",
        )
    if (
        not section.prefix
        or len(section.prefix) > 8
        or any(c.isspace() or c.isalnum() for c in section.prefix)
    ):
        raise CannotStart("matrix.prefix must be one to eight signs such as !.", 'Write prefix: "!".')
    if not all(
        _PATTERN.fullmatch(p) and (p[0] == "@" or p.startswith("*:")) for p in section.accept_invites_from
    ):
        raise CannotStart(
            "matrix.accept_invites_from has an entry that names nobody.",
            'Use full ids such as "@ann:example.org", or "*:example.org" for a whole server.',
        )


def may_invite(section: MatrixSection, user_id: str) -> bool:
    """Whether this person may add the bot to a room.

    >>> may_invite(MatrixSection(homeserver="", user_id="", accept_invites_from=["*:b.org"]), "@a:b.org")
    True
    """
    server = user_id.partition(":")[2]
    return any(
        p == user_id or (p.startswith("*:") and server and p[2:] == server)
        for p in section.accept_invites_from
    )


def secret(base: Path, name: str) -> str:
    """The secret in a file, without the line end. Relative paths count from `base`.

    Raises `CannotStart` where it is not there, empty, too long, or others can read it.
    """
    path = base / name
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise CannotStart(
                "The Matrix secret file in config.yaml is not a file.",
                "Give the path of the file with the secret.",
            )
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise CannotStart(
                "The Matrix secret file can be read by other users of this computer.",
                "Run chmod 600 on it, and change the secret if others may have seen it.",
            )
        found = path.read_bytes()
    except OSError:
        raise CannotStart(
            "The Matrix secret file in config.yaml cannot be read.",
            "Check the path (it counts from config.yaml's folder) and who owns the file.",
        ) from None
    try:
        words = found[: MOST_SECRET_BYTES + 1].decode().strip("\r\n")
    except UnicodeDecodeError:
        words = ""
    if not words.strip() or len(found) > MOST_SECRET_BYTES or "\n" in words:
        raise CannotStart(
            "The Matrix secret file does not hold one line with the secret.",
            "Put only the password or the access token in it.",
        )
    return words
