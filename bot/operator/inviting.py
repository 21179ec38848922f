"""`circlekeeper invite-url`: how the bot is added, where a platform has an address for that."""

from typing import cast

from bot.boundary.errors import CannotStart
from bot.config import Settings
from bot.operator import parts

Invitation = tuple[str, tuple[tuple[str, str], ...]]
"""The address, and each permission that it asks for with its reason."""


async def invitations(settings: Settings) -> list[Invitation]:
    """The addresses of all configured platforms that have one. Raises `CannotStart`."""
    asked = [
        (cast(parts.Inviting, module).invitation, section)
        for name, section in settings.sections.items()
        if hasattr(module := parts.platform(name), "invitation")
    ]
    if not asked:
        raise CannotStart(
            "No platform in the configuration is joined by an address.",
            "Add a `discord` section. On Matrix the bot is invited to a room like anybody else.",
        )
    return [await invitation(section, settings.base) for invitation, section in asked]
