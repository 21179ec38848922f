"""What a person sees, and what comes back to them."""

from collections.abc import Callable

from tests.localdiscord import commands
from tests.localdiscord.interactions import Interaction
from tests.localdiscord.model import DM, Channel, Guild, Json, Member, Message, User
from tests.localdiscord.permissions import P
from tests.localdiscord.world import World


class NotAnswered(Exception):
    """The person saw "The application did not respond", or waited too long for a deferred answer."""


class CannotDo(Exception):
    """Discord's own client does not let this person do that: no such command, button or choice for them."""


class Reply:
    """What came back to a person for one thing they did. Its fields change while the bot goes on."""

    def __init__(self, human: "Client", interaction: Interaction) -> None:
        self.human = human
        self.interaction = interaction

    @property
    def message(self) -> Message:
        """The answer that the person sees, or the message that changed. Raises NotAnswered without one."""
        if self.interaction.original is None:
            raise NotAnswered(f"Only this came back: callback type {self.interaction.answered}")
        return self.interaction.original

    @property
    def text(self) -> str:
        """Its words, embeds included."""
        return self.message.text

    @property
    def ephemeral(self) -> bool:
        return self.message.ephemeral

    @property
    def modal(self) -> Json:
        """The form that opened. Raises NotAnswered when none did."""
        if self.interaction.modal is None:
            raise NotAnswered(f"No form opened: callback type {self.interaction.answered}")
        return self.interaction.modal

    @property
    def followups(self) -> list[Message]:
        """Further answers, oldest first."""
        return self.interaction.followups

    async def until(self, true: Callable[["Reply"], object], seconds: float = 5.0) -> "Reply":
        """Returns when `true(reply)` holds; TimeoutError otherwise."""
        await self.human.world.until(lambda: true(self), seconds, "the reply comes to that")
        return self


class Client:
    """One account at one client, looking. What it does is in the classes built on this."""

    # Real seconds that a person of a test waits for a deferred answer.
    patience = 5.0

    def __init__(self, world: World, user: User) -> None:
        self.world = world
        self.user = user

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def mention(self) -> str:
        return f"<@{self.user.id}>"

    @property
    def dm(self) -> Channel:
        """The direct chat with the bot."""
        return self.world.open_dm(self.user)

    def sees(self, channel: Channel) -> list[Message]:
        """The messages that this person sees there, oldest first: ephemeral ones only their own."""
        if not self.world.sees(channel, self.user):
            return []
        since = 0.0
        if channel.kind != DM and not self.world.can(channel, self.user, P.READ_MESSAGE_HISTORY):
            since = self._member(channel).joined_at
        return [
            one
            for one in channel.messages.values()
            if one.created_at >= since and (not one.ephemeral or one.only_for is self.user)
        ]

    def whispers(self, channel: Channel) -> list[Message]:
        """Only the ephemeral ones."""
        return [one for one in self.sees(channel) if one.ephemeral]

    @property
    def inbox(self) -> list[Message]:
        """What the bot wrote to this person directly."""
        channel = self.world.dms.get(self.user.id)
        return [one for one in channel.messages.values() if one.author is self.world.bot] if channel else []

    def commands(self, channel: Channel) -> list[str]:
        """The names of commands that the client offers there, in the person's language."""
        return [named(one, self.user.locale) for one in commands.available(self.world, self.user, channel)]

    def channels(self, guild: Guild) -> list[Channel]:
        """The channels that this person sees in the list."""
        return [one for one in guild.channels.values() if self.world.sees(one, self.user)]

    def may(self, channel: Channel, need: P) -> bool:
        """Does this person hold the permissions there?"""
        return self.world.can(channel, self.user, need)

    def _member(self, channel: Channel) -> Member:
        return self.world.guilds[channel.guild_id or 0].members[self.user.id]

    def _may_take_part(self, channel: Channel) -> None:
        """Who has not passed the rules screening can look but not act: `pending`."""
        if (
            channel.kind != DM
            and self.user.id in self.world.guilds[channel.guild_id or 0].members
            and self._member(channel).pending
        ):
            raise CannotDo("This member has not accepted the server's rules yet.")


def named(spec: Json, locale: str) -> str:
    """A command's or option's name in a language."""
    return str((spec.get("name_localizations") or {}).get(locale, spec["name"]))
