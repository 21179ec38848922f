"""Every error of Discord and its library -> one of ours, once."""

import asyncio

import aiohttp
import discord

from bot.boundary.errors import CannotStart, Undeliverable

SOON = 2.0
"""Seconds until another try, where Discord fails and does not say when to come back."""
OPENING_TOO_FAST = 40003
"""Direct messages are opened too fast; Discord names no time, so a while (ours)."""
OPEN_AGAIN = 30.0

CLOSED = frozenset({50007, 50278, 20026})
"""The person takes no direct messages from the bot: switched off, no server in common, or Discord has
stopped this bot from opening any."""
GONE = frozenset({10003, 10004, 10007, 10008, 10011, 10013, 10015, 10062, 50027})
"""Unknown channel, server, member, message, role, user, webhook, interaction; token that has expired."""
ACKNOWLEDGED = 40060
"""An interaction that was answered already."""

TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError, asyncio.TimeoutError, RuntimeError)
"""Whatever a request can raise. A `RuntimeError` is aiohttp's word for a session that was closed."""


def undeliverable(error: Exception) -> Undeliverable:
    """Why a request failed, and when to try again."""
    match error:
        case Undeliverable():
            return error
        case discord.RateLimited(retry_after=after):
            return Undeliverable("rate_limited", after)
        case discord.HTTPException(code=code) if code in CLOSED:
            return Undeliverable("closed")
        case discord.HTTPException(code=code) if code in GONE:
            return Undeliverable("gone")
        case discord.HTTPException(code=code) if code == OPENING_TOO_FAST:
            return Undeliverable("rate_limited", OPEN_AGAIN)
        case discord.HTTPException(status=429):
            return Undeliverable("rate_limited", SOON)
        case discord.HTTPException(status=status) if status >= 500:
            return Undeliverable("unreachable", SOON)
        case discord.HTTPException(status=401 | 403):
            return Undeliverable("forbidden")
        case discord.HTTPException(status=404):
            return Undeliverable("gone")
        case discord.HTTPException():
            return Undeliverable("refused")
        case _:
            return Undeliverable("unreachable", SOON)


def must_stop(error: Exception) -> CannotStart | None:
    """What a person must mend before the bot can run; None where waiting can help."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return CannotStart(
                "Discord does not accept the bot's token.",
                "In the developer portal, under Bot, press Reset Token, and put the new one in the file.",
            )
        case discord.ConnectionClosed(code=4011):
            return CannotStart(
                "The bot is on more servers than one connection may serve.",
                "Remove it from some servers: this version serves at most 2,500.",
            )
        case discord.ConnectionClosed(code=4013):
            return CannotStart(
                "Discord does not know an intent that this version asks for.", "Update Circlekeeper."
            )
        case discord.ConnectionClosed(code=4014) | discord.PrivilegedIntentsRequired():
            return CannotStart(
                "Discord refuses an intent that config.yaml asks for.",
                "In the developer portal, under Bot, switch on Message Content Intent, "
                "or set discord.message_content to false.",
            )
        case _:
            return None
