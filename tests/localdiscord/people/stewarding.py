"""Looking after a server: what its owner and moderators do by hand."""

from typing import Any

from tests.localdiscord import channels, invites, members, messages, overwrites, roles, threads
from tests.localdiscord.clock import written
from tests.localdiscord.model import KINDS, Channel, Guild, Json, Message, Role, User
from tests.localdiscord.people.client import CannotDo, Client
from tests.localdiscord.permissions import NONE, P
from tests.localdiscord.refused import Refused, missing_permissions
from tests.localdiscord.world import I


class Stewarding(Client):
    """Channels, roles, members and the server itself."""

    async def create_channel(self, guild: Guild, name: str, kind: str = "text", **more: Any) -> Channel:
        """A channel of a kind of model.KINDS, in `category=`, with more fields as in the API."""
        category = more.pop("category", None)
        if category is not None:
            more["parent_id"] = str(category.id)
        return channels.create_channel(
            self.world, self.user, guild, {"name": name, "type": KINDS[kind], **more}
        )

    async def edit_channel(self, channel: Channel, **changes: Any) -> None:
        channels.edit_channel(self.world, self.user, channel, changes)

    async def delete_channel(self, channel: Channel) -> None:
        channels.delete_channel(self.world, self.user, channel)

    async def overwrite(
        self, channel: Channel, target: "Role | Client | User", allow: P = NONE, deny: P = NONE
    ) -> None:
        """Sets what a role or a person may do otherwise in a channel."""
        kind = 0 if isinstance(target, Role) else 1
        overwrites.set_overwrite(self.world, self.user, channel, target.id, kind, allow, deny)

    async def clear_overwrite(self, channel: Channel, target: "Role | Client | User") -> None:
        overwrites.delete_overwrite(self.world, self.user, channel, target.id)

    async def create_thread(
        self,
        parent: Channel,
        name: str,
        private: bool = False,
        message: Message | None = None,
        text: str = "",
    ) -> Channel:
        """A thread, on a message, or with a first one: a forum's post."""
        data = {"name": name, "type": 12 if private else 11}
        thread = threads.create_thread(self.world, self.user, parent, data, message.id if message else None)
        if text:
            messages.send(self.world, self.user, thread, {"content": text})
        return thread

    async def join_thread(self, thread: Channel, who: "Client | User | None" = None) -> None:
        """Joins, or adds somebody."""
        user = who.user if isinstance(who, Client) else who or self.user
        threads.join_thread(self.world, self.user, thread, user)

    async def create_role(self, guild: Guild, name: str, permissions: P = NONE, **more: Any) -> Role:
        return roles.create_role(
            self.world, self.user, guild, {"name": name, "permissions": str(int(permissions)), **more}
        )

    async def edit_role(self, guild: Guild, role: Role, **changes: Any) -> None:
        roles.edit_role(self.world, self.user, guild, role, changes)

    async def move_role(self, guild: Guild, role: Role, position: int) -> None:
        """Up or down the list; 1 is the lowest place."""
        roles.move_roles(self.world, self.user, guild, [{"id": str(role.id), "position": position}])

    async def delete_role(self, guild: Guild, role: Role) -> None:
        roles.delete_role(self.world, self.user, guild, role)

    async def give_role(self, guild: Guild, who: "Client | User", role: Role, given: bool = True) -> None:
        members.give_role(self.world, self.user, guild, guild.members[who.id], role, given)

    async def take_role(self, guild: Guild, who: "Client | User", role: Role) -> None:
        await self.give_role(guild, who, role, given=False)

    async def kick(self, guild: Guild, who: "Client | User") -> None:
        members.kick(self.world, self.user, guild, guild.members[who.id])

    async def ban(self, guild: Guild, who: "Client | User") -> None:
        members.ban(self.world, self.user, guild, who.user if isinstance(who, Client) else who)

    async def timeout(self, guild: Guild, who: "Client | User", seconds: float) -> None:
        """Holds somebody for a while."""
        until = written(self.world.clock.now() + seconds)
        members.edit_member(
            self.world, self.user, guild, guild.members[who.id], {"communication_disabled_until": until}
        )

    async def give_server(self, guild: Guild, to: "Client") -> None:
        """Makes somebody else the owner."""
        if guild.owner_id != self.user.id:
            raise missing_permissions()
        guild.owner_id = to.id
        self._guild_changed(guild)

    async def edit_guild(self, guild: Guild, **changes: Any) -> None:
        """name, locale, widget, features."""
        self.world.need_in_guild(guild, self.user, P.MANAGE_GUILD)
        for key, value in changes.items():
            if not hasattr(guild, key):
                raise CannotDo(f"A server has no {key}.")
            setattr(guild, key, value)
        self._guild_changed(guild)

    def _guild_changed(self, guild: Guild) -> None:
        self.world.tell("GUILD_UPDATE", guild.json(), I.GUILDS, guild.id)

    async def delete_guild(self, guild: Guild) -> None:
        if guild.owner_id != self.user.id:
            raise missing_permissions()
        del self.world.guilds[guild.id]
        self.world.tell("GUILD_DELETE", {"id": str(guild.id)}, I.GUILDS, guild.id)

    async def create_invite(self, channel: Channel, max_age: int = 86400, max_uses: int = 0) -> Json:
        """An invite; `max_age` 0 never ends."""
        return invites.create(self.world, self.user, channel, {"max_age": max_age, "max_uses": max_uses})

    async def delete_invite(self, invite: Json) -> None:
        invites.delete(self.world, self.user, invite["code"])

    async def create_webhook(self, channel: Channel, name: str) -> Json:
        """A webhook in the channel; a followed announcement channel is one of type 2."""
        self.world.need(channel, self.user, P.MANAGE_WEBHOOKS)
        guild = self.world.guilds[channel.guild_id or 0]
        hook: Json = {
            "id": str(self.world.clock.snowflake()), "type": 1, "guild_id": str(guild.id),
            "channel_id": str(channel.id),
            "name": name, "avatar": None, "application_id": None, "user": self.user.json(), "token": "-",
        }  # fmt: skip
        guild.webhooks[int(hook["id"])] = hook
        self.world.tell(
            "WEBHOOKS_UPDATE",
            {"guild_id": str(guild.id), "channel_id": str(channel.id)},
            I.WEBHOOKS,
            guild.id,
        )
        return hook

    async def open_stage(self, channel: Channel, topic: str) -> None:
        """Starts a stage's talk."""
        self.world.need(channel, self.user, P.MANAGE_CHANNELS)
        guild = self.world.guilds[channel.guild_id or 0]
        if channel.kind != KINDS["stage"]:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        guild.stages[channel.id] = {
            "id": str(self.world.clock.snowflake()), "guild_id": str(guild.id), "channel_id": str(channel.id),
            "topic": topic, "privacy_level": 2, "discoverable_disabled": True,
            "guild_scheduled_event_id": None,
        }  # fmt: skip
        self.world.tell("STAGE_INSTANCE_CREATE", guild.stages[channel.id], I.GUILDS, guild.id)
