"""Ids for the core."""

import secrets

from adapters.playground.state import KEEPER, PLATFORM
from bot.boundary.ids import MemberId

ME = MemberId(PLATFORM, KEEPER)


def member(who: str) -> MemberId:
    """Somebody's id for the core."""
    return MemberId(PLATFORM, who)


def fresh(kind: str) -> str:
    """An event id that was never used: after a crash nothing new can be taken for a replay."""
    return f"{kind}-{secrets.token_hex(12)}"
