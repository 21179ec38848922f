"""`circlekeeper invite-url`: the address by which a facilitator adds the bot to a server."""

import base64
import binascii
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from adapters.discord.permissions import ASKED, INVITED_WITH
from adapters.discord.section import DiscordSection, check, token
from bot.boundary.errors import CannotStart

AUTHORIZE = "https://discord.com/oauth2/authorize"
API = "https://discord.com/api/v10"
ANSWER_WITHIN = 10.0


async def invitation(section: DiscordSection, base: Path) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The address, and each permission in it with its reason. Raises `CannotStart`."""
    check(section)
    words = token(section, base)
    number = await _asked(section.api_base or API, words) or _in_token(words)
    if number is None:
        raise CannotStart(
            "Discord does not answer, and the token does not say which application it is of.",
            "Check the network, and try again.",
        )
    query = urlencode(
        {"client_id": number, "scope": "bot applications.commands", "permissions": INVITED_WITH}
    )
    return f"{AUTHORIZE}?{query}", tuple((asked.name, asked.reason) for asked in ASKED)


async def _asked(api: str, words: str) -> str | None:
    """The application's id, from Discord. None: it does not answer. Raises `CannotStart`."""
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(
                f"{api.rstrip('/')}/oauth2/applications/@me", headers={"Authorization": f"Bot {words}"}
            ) as answer,
        ):
            if answer.status == 401:
                raise CannotStart(
                    "Discord does not accept the bot's token.",
                    "In the developer portal, under Bot, press Reset Token, and put the new one in the file.",
                )
            found = await answer.json() if answer.status == 200 else {}
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return None
    number = found.get("id") if isinstance(found, dict) else None
    return str(number) if number else None


def _in_token(words: str) -> str | None:
    """A token begins with the bot's own id, in base64; so is the application's, since 2016."""
    first = words.partition(".")[0]
    try:
        number = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return number if number.isdigit() else None
