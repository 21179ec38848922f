"""Writing, coming and going, being heard."""

from tests.localdiscord import members, messages, voice
from tests.localdiscord.model import Channel, Guild, Json, Member, Message, VoiceState
from tests.localdiscord.people.client import CannotDo, Client
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import missing_permissions


class Life(Client):
    """What anybody does in a server."""

    async def send(
        self, channel: Channel, text: str = "", reply_to: Message | None = None,
        forward: Message | None = None,
        files: dict[str, bytes] | None = None,
    ) -> Message:  # fmt: skip
        """A message. `forward` passes on another, from wherever this person sees it."""
        self._may_take_part(channel)
        data: Json = {"content": text}
        other = reply_to or forward
        if other is not None:
            data["message_reference"] = {
                "type": 1 if forward else 0,
                "message_id": str(other.id),
                "channel_id": str(other.channel.id),
            }
        packed = {
            n: (name, raw, "application/octet-stream") for n, (name, raw) in enumerate((files or {}).items())
        }
        return messages.send(self.world, self.user, channel, data, packed)

    async def edit(self, message: Message, text: str) -> None:
        messages.edit(self.world, self.user, message, {"content": text})

    async def delete(self, message: Message) -> None:
        messages.delete(self.world, self.user, message)

    async def dismiss(self, message: Message) -> None:
        """ "Dismiss message" below an ephemeral one."""
        assert message.only_for is self.user
        messages.remove(self.world, message)

    async def react(self, message: Message, emoji: str, there: bool = True) -> None:
        messages.react(self.world, self.user, message, emoji, there)

    async def pin(self, message: Message, pinned: bool = True) -> None:
        messages.pin(self.world, self.user, message, pinned)

    async def join_guild(self, guild: Guild, pending: bool = False) -> Member:
        """Comes in; `pending` until the rules are accepted."""
        return members.join(self.world, guild, self.user, pending)

    async def accept_rules(self, guild: Guild) -> None:
        guild.members[self.user.id].pending = False
        members.member_changed(self.world, guild, guild.members[self.user.id])

    async def leave(self, guild: Guild) -> None:
        members.leave(self.world, guild, self.user)

    async def rename(self, name: str) -> None:
        """Another display name, everywhere."""
        self.user.global_name = name
        for guild in self.world.guilds.values():
            if self.user.id in guild.members:
                members.member_changed(self.world, guild, guild.members[self.user.id])

    async def nick(self, guild: Guild, nick: str | None) -> None:
        member = guild.members[self.user.id]
        members.edit_member(self.world, self.user, guild, member, {"nick": nick})

    async def close_dms(self, closed: bool = True) -> None:
        """Takes no direct messages from the server's members any more."""
        self.user.dms_open = not closed

    async def join_voice(self, channel: Channel, **more: bool) -> VoiceState:
        """Comes into a call; `self_deaf=True` and the like as in the voice state."""
        self._may_take_part(channel)
        return voice.join(self.world, self.world.guilds[channel.guild_id or 0], self.user, channel, **more)

    async def leave_voice(self, guild: Guild) -> None:
        voice.leave(self.world, guild, self.user.id)

    async def stream(self, guild: Guild, on: bool = True) -> None:
        """Shares the screen."""
        await self._voice(guild, P.STREAM, self_stream=on)

    async def camera(self, guild: Guild, on: bool = True) -> None:
        await self._voice(guild, P.STREAM, self_video=on)

    async def deafen(self, guild: Guild, on: bool = True) -> None:
        """Deafens themself."""
        await self._voice(guild, P(0), self_deaf=on)

    async def _voice(self, guild: Guild, need: P, **more: bool) -> None:
        state = guild.voice.get(self.user.id)
        if state is None:
            raise CannotDo("This person is in no call.")
        if not self.world.can(guild.channels[state.channel_id], self.user, need):
            raise missing_permissions()
        voice.change(self.world, guild, state, **more)
