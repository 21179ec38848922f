"""All that a moderation bot does through discord.py, against Discord's description and its rules."""

import asyncio
import datetime as dt
from typing import Any

import discord
from discord import app_commands
from discord.http import Route

from tests.localdiscord import LocalDiscord, P
from tests.localdiscord.conftest import HANDS
from tests.localdiscord.model import Channel, Guild
from tests.localdiscord.people import Human
from tests.localdiscord.toy import Toy, intents, running

MORE = HANDS | P.MANAGE_GUILD | P.MANAGE_NICKNAMES | P.BAN_MEMBERS | P.MUTE_MEMBERS


def _circle(server: LocalDiscord) -> tuple[Human, Guild, Channel]:
    ann = server.person("ann")
    guild = server.guild("Circle", ann, MORE)
    return ann, guild, server.channel(guild, "general")


async def test_roles_channels_and_members(discord_server: LocalDiscord) -> None:
    ann, guild, room = _circle(discord_server)
    bob = discord_server.person("bob")
    await bob.join_guild(guild)
    await bob.join_voice(discord_server.channel(guild, "Lounge"))
    async with running(discord_server, Toy(intents())) as client:
        seen = client.get_guild(guild.id)
        assert seen is not None
        role = await seen.create_role(name="Agreed", reason="why")
        await role.edit(
            name="Has agreed", mentionable=False, permissions=discord.Permissions(view_channel=True)
        )
        other = await seen.create_role(name="Other")
        await seen.edit_role_positions({other: 2, role: 1})
        shut: dict[Any, discord.PermissionOverwrite] = {
            seen.default_role: discord.PermissionOverwrite(view_channel=False),
            role: discord.PermissionOverwrite(view_channel=True),
            seen.me: discord.PermissionOverwrite(view_channel=True, send_messages=True),
        }
        category = await seen.create_category("Circle rooms")
        inner = await seen.create_text_channel("inner room", category=category, overwrites=shut, topic="t")
        assert inner.name == "inner-room" and not bob.may(guild.channels[inner.id], P.VIEW_CHANNEL)
        await inner.edit(
            overwrites={**shut, role: discord.PermissionOverwrite(send_messages=True)}, slowmode_delay=5
        )
        await inner.set_permissions(role, overwrite=None)
        await inner.edit(sync_permissions=True, topic="")
        call = await seen.create_voice_channel("Call", user_limit=5)
        await call.edit(name="The call", status="Talking")
        await seen.fetch_channels()
        await seen.fetch_roles()
        member = await seen.fetch_member(bob.id)
        await member.add_roles(role, other)
        await member.remove_roles(other)
        await member.edit(nick="Bobby", deafen=True)
        await member.move_to(call)
        await member.move_to(None)
        await member.timeout(dt.timedelta(minutes=5))
        assert [one.name async for one in seen.fetch_members()]
        assert await seen.query_members("bo")
        await seen.chunk()
        await seen.invites()
        await seen.webhooks()
        await member.kick(reason="why")
        await seen.ban(discord.Object(bob.id), delete_message_seconds=0)
        await seen.unban(discord.Object(bob.id))
        await call.delete()
        await role.delete()
        await client.application_info()
        await client.http.request(
            Route("PUT", "/channels/{c}/voice-status", c=discord_server.channel(guild, "Lounge").id),
            json={"status": None},
        )
    assert ann.may(room, P.VIEW_CHANNEL)


async def test_messages_threads_and_invites(discord_server: LocalDiscord) -> None:
    ann, _, room = _circle(discord_server)
    said = await ann.send(room, "words")
    async with running(discord_server, Toy(intents())) as client:
        channel = client.get_channel(room.id)
        assert isinstance(channel, discord.TextChannel)
        embed = discord.Embed(title="Rules", description="Be kind").add_field(name="One", value="Two")
        message = await channel.send(
            "x", embed=embed, nonce=5, silent=True, allowed_mentions=discord.AllowedMentions.none()
        )
        await message.edit(content="y", embed=None, attachments=[discord.File(__file__, "a.py")])
        await message.pin()
        await message.unpin()
        await message.add_reaction("\N{DOVE OF PEACE}")
        await message.remove_reaction("\N{DOVE OF PEACE}", client.user)  # type: ignore[arg-type]
        theirs = await channel.fetch_message(said.id)
        await theirs.reply("z", mention_author=False)
        await theirs.delete()
        assert [one.content async for one in channel.history(limit=5)] == ["z", "y"]
        thread = await channel.create_thread(name="private", invitable=False)
        await thread.add_user(discord.Object(ann.id))
        await thread.edit(archived=True, locked=True)
        await thread.delete()
        on_message = await message.create_thread(name="public")
        await on_message.send("in it")
        await on_message.leave()
        await on_message.join()
        invite = await channel.create_invite(max_age=600, max_uses=1, unique=True)
        assert await channel.invites()
        await invite.delete()
        await channel.webhooks()
        await channel.purge(limit=5)
        async with channel.typing():
            pass
        user = await client.fetch_user(ann.id)
        private = await user.send("hello")
        await private.edit(content="hello again")
        await private.delete()
    assert [one.text for one in ann.sees(room)] == []


class Press(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"press:(?P<what>\w+)"):
    """A button that outlives the process."""

    def __init__(self, what: str) -> None:
        super().__init__(discord.ui.Button(label=what, custom_id=f"press:{what}"))
        self.what = what

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Any, match: Any, /) -> "Press":
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction) -> Any:
        await interaction.response.edit_message(content=f"pressed {self.what}", view=None)


class Choose(discord.ui.View):
    """Selects of two kinds."""

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="who", placeholder="Who", max_values=2)
    async def who(self, interaction: discord.Interaction, select: discord.ui.UserSelect[Any]) -> None:
        await interaction.response.defer()
        await interaction.followup.send(",".join(sorted(one.name for one in select.values)), ephemeral=True)

    @discord.ui.select(
        custom_id="gate", placeholder="Gate", options=[discord.SelectOption(label="Door", value="door")]
    )
    async def gate(self, interaction: discord.Interaction, select: discord.ui.Select[Any]) -> None:
        await interaction.response.edit_message(content=select.values[0])


class Laid(discord.ui.LayoutView):
    """Components of the second kind."""

    words: Any = discord.ui.Container(discord.ui.TextDisplay("## Rules"), discord.ui.Separator())


async def test_commands_menus_and_components(discord_server: LocalDiscord) -> None:
    ann, guild, room = _circle(discord_server)
    bob = discord_server.person("bob", locale="de")
    await bob.join_guild(guild)
    client = Toy(intents())
    consent = app_commands.Group(name="consent", description="Consent", guild_only=False)

    @consent.command(name="show", description="Where I stand")
    @app_commands.describe(key="Which")
    async def show(
        interaction: discord.Interaction, key: str = "", minutes: app_commands.Range[int, 1, 90] = 5
    ) -> None:
        view = discord.ui.View(timeout=None).add_item(Press("yes"))
        await interaction.response.send_message(f"{key} {minutes}", view=view, ephemeral=True)
        original = await interaction.original_response()
        assert original.content == f"{key} {minutes}"
        more = await interaction.followup.send("more", ephemeral=True, wait=True)
        await more.edit(content="more still")
        await more.delete()

    @show.autocomplete("key")
    async def keys(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=typed + "!", value=typed)]

    @client.tree.command(description="Lays out")
    async def rules(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Laid(), ephemeral=True)

    @client.tree.command(description="Chooses")
    async def choose(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("choose", view=Choose(), ephemeral=True)

    @client.tree.context_menu(name="Report privately")
    async def report(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"noted {message.jump_url}", ephemeral=True)

    @client.tree.context_menu(name="Look")
    async def look(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(member.name, ephemeral=True)

    client.tree.add_command(consent)
    client.add_dynamic_items(Press)
    async with running(discord_server, client):
        synced = await client.tree.sync()
        await client.tree.fetch_commands()
        await client.tree.sync(guild=discord.Object(guild.id))
        assert len(synced) == 5
        assert await bob.complete(room, "consent", "show", option="key", typed="a") == [
            {"name": "a!", "value": "a"}
        ]
        reply = await bob.slash(room, "consent", "show", key="gate", minutes=90)
        assert reply.text == "gate 90"
        await bob.click(reply, "press:yes")
        assert reply.text == "pressed yes"
        assert "## Rules" in (await bob.slash(room, "rules")).text
        choice = await bob.slash(room, "choose")
        picked = await bob.select(choice, "Who", ann, bob)
        await picked.until(lambda one: one.followups)
        assert picked.followups[0].text == "ann,bob"
        assert (await bob.select(choice, "Gate", "Door")).text == "door"
        said = await ann.send(room, "secret words")
        assert str(said.id) in (await bob.context_menu(said, "Report privately")).text
        assert (await bob.context_menu(ann, "Look", room)).text == "ann"
        direct = await bob.slash(bob.dm, "consent", "show", key="x")
        assert direct.ephemeral and direct.text == "x 5"
        await discord_server.until(
            lambda: not direct.followups or direct.followups[0].id not in bob.dm.messages
        )
    assert ann.sees(room) == [said]


async def test_sessions_end_and_begin_again(discord_server: LocalDiscord) -> None:
    ann, _, room = _circle(discord_server)
    async with running(discord_server, Toy(intents())) as client:
        gateway = discord_server.gateway
        gateway.ask_to_reconnect()
        await discord_server.until(lambda: gateway.resumed == 1)
        gateway.forget_sessions()
        gateway.cut()
        await discord_server.until(lambda: gateway.identified == 2, 15)
        await discord_server.until(lambda: len(client.noted("ready")) == 2)
        await ann.send(room, "after")
        await discord_server.until(lambda: client.noted("message"))
        await asyncio.sleep(0)


async def test_what_people_do_by_hand_is_told(discord_server: LocalDiscord) -> None:
    ann, guild, room = _circle(discord_server)
    craig = discord_server.person("Craig", bot=True, id=272937604339466240)
    bob = discord_server.person("bob")
    async with running(discord_server, Toy(intents())) as client:
        seen = client.get_guild(guild.id)
        assert seen is not None
        await bob.join_guild(guild, pending=True)
        await bob.accept_rules(guild)
        await craig.join_guild(guild)
        await craig.nick(guild, "[RECORDING] Craig")
        lounge = discord_server.channel(guild, "Lounge")
        await craig.join_voice(lounge)
        await bob.join_voice(lounge, self_mute=True)
        await bob.stream(guild)
        await ann.edit_guild(guild, name="Renamed")
        await ann.give_server(guild, bob)
        forum = await bob.create_channel(guild, "forum", "forum")
        stage = await bob.create_channel(guild, "stage", "stage")
        await bob.open_stage(stage, "Talk")
        await bob.delete_channel(room)
        await discord_server.until(lambda: seen.get_channel(room.id) is None)
        member = seen.get_member(bob.id)
        assert member is not None and member.pending is False
        assert member.voice is not None and member.voice.self_stream
        recorder = seen.get_member(craig.id)
        assert recorder is not None and recorder.display_name == "[RECORDING] Craig"
        assert seen.name == "Renamed" and seen.owner_id == bob.id
        assert isinstance(seen.get_channel(forum.id), discord.ForumChannel)
        assert seen.stage_instances
        discord_server.outage(guild)
        await discord_server.until(lambda: client.noted("guild_unavailable"))
        discord_server.outage(guild, down=False)
        await discord_server.until(lambda: client.noted("guild_available"))
        await bob.kick(guild, discord_server.bot)
        await discord_server.until(lambda: client.noted("guild_remove"))
