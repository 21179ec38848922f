"""The `discord` section of config.yaml, and the secret file that it names."""

import re
import stat
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from bot.boundary.errors import CannotStart

_API = re.compile(r"/api/v\d+/?")
MOST_SECRET_BYTES = 4096
"""A token has about 70 characters; a longer file is surely the wrong one."""


class DiscordSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One bot account. The descriptions are what `circlekeeper setup` asks."""

    token_file: Annotated[str, Meta(description="Token of the bot, from the developer portal")]
    message_content: bool = False
    """The operator's switch, for all groups: whether what is said there reaches this program."""
    api_base: str | None = None
    """Another server in place of Discord, for tests: its full address with the version."""
    gateway: str | None = None
    """The full WebSocket address of that server."""


def check(section: DiscordSection) -> None:
    """Refuse a section that cannot work. Raises `CannotStart`; touches no file and no network."""
    if section.api_base is not None:
        url = urlsplit(section.api_base)
        if url.scheme not in ("http", "https") or not url.hostname or not _API.fullmatch(url.path):
            raise CannotStart(
                "discord.api_base is not the address of an API with its version.",
                "Leave it out for Discord itself, or write it like http://127.0.0.1:3001/api/v10.",
            )
    if section.gateway is not None:
        url = urlsplit(section.gateway)
        if url.scheme not in ("ws", "wss") or not url.hostname:
            raise CannotStart(
                "discord.gateway is not a WebSocket address.",
                "Leave it out for Discord itself, or write it like ws://127.0.0.1:3001/gateway.",
            )


def token(section: DiscordSection, base: Path) -> str:
    """The token in the section's file. Relative paths count from `base`.

    Raises `CannotStart` where it is not there, empty, too long, or others can read it.
    """
    path = base / section.token_file
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise CannotStart(
                "The Discord token file in config.yaml is not a file.",
                "Give the path of the file with the token.",
            )
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise CannotStart(
                "The Discord token file can be read by other users of this computer.",
                "Run chmod 600 on it. If others may have seen it, reset it in the developer portal.",
            )
        found = path.read_bytes()
    except OSError:
        raise CannotStart(
            "The Discord token file in config.yaml cannot be read.",
            "Check the path (it counts from config.yaml's folder) and who owns the file.",
        ) from None
    words = found[: MOST_SECRET_BYTES + 1].decode("utf-8", "replace").strip().removeprefix("Bot ")
    if not words or len(found) > MOST_SECRET_BYTES or not words.isascii() or len(words.split()) > 1:
        raise CannotStart(
            "The Discord token file does not hold one line with the token.",
            "Put only the token in it, as the developer portal shows it after Reset Token.",
        )
    return words
