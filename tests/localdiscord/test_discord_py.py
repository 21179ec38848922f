"""A real discord.py client, as libraries and bots use it, against this server."""

import asyncio
import io

import discord
import pytest
from discord import app_commands

from tests.localdiscord import LocalDiscord, P
from tests.localdiscord.toy import Toy, intents, running

ALL_IT_NEEDS = P.MANAGE_ROLES | P.MANAGE_CHANNELS | P.MANAGE_MESSAGES | P.PIN_MESSAGES | P.KICK_MEMBERS


class Form(discord.ui.Modal, title="Limits"):
    limits: "discord.ui.Label[Form]" = discord.ui.Label(
        text="I understand",
        component=discord.ui.CheckboxGroup(
            custom_id="limits",
            options=[
                discord.CheckboxGroupOption(label="One", value="1"),
                discord.CheckboxGroupOption(label="Two", value="2"),
            ],
        ),
    )
    words: "discord.ui.Label[Form]" = discord.ui.Label(
        text="Words", component=discord.ui.TextInput(custom_id="words")
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        group, words = self.limits.component, self.words.component
        assert isinstance(group, discord.ui.CheckboxGroup) and isinstance(words, discord.ui.TextInput)
        said = f"{sorted(group.values)} {words.value}"
        file = discord.File(io.BytesIO(b"{}"), "receipt.json")
        await interaction.response.send_message(said, ephemeral=True, file=file)


class Buttons(discord.ui.View):
    @discord.ui.button(label="Open", custom_id="open")
    async def open(self, interaction: discord.Interaction, button: "discord.ui.Button[Buttons]") -> None:
        await interaction.response.send_modal(Form())


async def test_a_client_connects_and_sees_the_server(discord_server: LocalDiscord) -> None:
    ann = discord_server.person("ann")
    bob = discord_server.person("bob")
    guild = discord_server.guild("Circle", ann, ALL_IT_NEEDS)
    await bob.join_guild(guild)
    await bob.join_voice(discord_server.channel(guild, "Lounge"))
    async with running(discord_server, Toy(intents())) as client:
        seen = client.get_guild(guild.id)
        assert seen is not None
        assert {one.name for one in seen.members} == {"ann", "bob", "Keeper"}
        assert seen.me.guild_permissions.manage_roles
        assert [one.name for one in seen.voice_channels[0].members] == ["bob"]


async def test_a_slash_command_is_answered_for_one_person_alone(discord_server: LocalDiscord) -> None:
    ann, bob = discord_server.person("ann"), discord_server.person("bob")
    guild = discord_server.guild("Circle", ann, ALL_IT_NEEDS)
    await bob.join_guild(guild)
    room = discord_server.channel(guild, "general")
    client = Toy(intents())

    @client.tree.command(description="Says hello")
    @app_commands.describe(who="Whom to greet", times="How often")
    async def hello(interaction: discord.Interaction, who: discord.Member, times: int = 1) -> None:
        await interaction.response.send_message(f"hello {who.name} {times}", ephemeral=True)

    async with running(discord_server, client):
        await client.tree.sync()
        reply = await ann.slash(room, "hello", who=bob, times=3)
        assert reply.text == "hello bob 3"
        assert reply.ephemeral
        assert ann.whispers(room) == [reply.message]
        assert bob.sees(room) == []


async def test_a_client_resumes_after_a_cut_and_misses_nothing(discord_server: LocalDiscord) -> None:
    ann = discord_server.person("ann")
    guild = discord_server.guild("Circle", ann, ALL_IT_NEEDS)
    async with running(discord_server, Toy(intents())) as client:
        discord_server.gateway.cut()
        await ann.send(discord_server.channel(guild, "general"), "said while away")
        await discord_server.until(lambda: discord_server.gateway.resumed == 1)
        await discord_server.until(lambda: client.noted("message"))
        assert discord_server.gateway.identified == 1


async def test_files_selects_and_forms_go_the_whole_way(discord_server: LocalDiscord) -> None:
    ann = discord_server.person("ann")
    guild = discord_server.guild("Circle", ann, ALL_IT_NEEDS)
    room = discord_server.channel(guild, "general")
    client = Toy(intents())

    async with running(discord_server, client):
        channel = client.get_channel(room.id)
        assert isinstance(channel, discord.TextChannel)
        await channel.send("doorbell", view=Buttons(timeout=None), nonce="once")
        form = await ann.click(room, "Open")
        reply = await ann.submit(form, {"I understand": ["1", "2"], "words": "yes"})
        assert reply.text == "['1', '2'] yes"
        assert reply.message.attachments[0].data == b"{}"
        assert await (await client.fetch_channel(room.id)).fetch_message(ann.sees(room)[0].id)  # type: ignore[union-attr]


async def test_a_deferred_answer_is_seen_when_it_comes(discord_server: LocalDiscord) -> None:
    ann = discord_server.person("ann")
    guild = discord_server.guild("Circle", ann, ALL_IT_NEEDS)
    client = Toy(intents())

    @client.tree.command(description="Takes a while")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await asyncio.sleep(0.05)
        await interaction.edit_original_response(content="there")
        await interaction.followup.send("and more", ephemeral=True)

    async with running(discord_server, client):
        await client.tree.sync()
        reply = await ann.slash(discord_server.channel(guild, "general"), "slow")
        assert reply.text == "there"
        await reply.until(lambda one: one.followups)
        assert reply.followups[0].only_for is ann.user


async def test_roles_overwrites_and_direct_messages_work(discord_server: LocalDiscord) -> None:
    ann, bob = discord_server.person("ann"), discord_server.person("bob")
    guild = discord_server.guild("Circle", ann, ALL_IT_NEEDS)
    await bob.join_guild(guild)
    room = discord_server.channel(guild, "general")
    async with running(discord_server, Toy(intents())) as client:
        seen = client.get_guild(guild.id)
        assert seen is not None
        channel = seen.get_channel(room.id)
        assert isinstance(channel, discord.TextChannel)
        role = await seen.create_role(name="Agreed", permissions=discord.Permissions.none())
        await channel.set_permissions(seen.me, view_channel=True, send_messages=True)
        await channel.set_permissions(role, view_channel=True)
        await channel.set_permissions(seen.default_role, view_channel=False)
        assert bob.channels(guild) == [discord_server.channel(guild, "Lounge")]
        member = seen.get_member(bob.id)
        assert member is not None
        await member.add_roles(role)
        assert room in bob.channels(guild)
        await member.send("hello")
        assert [one.text for one in bob.inbox] == ["hello"]
        await bob.close_dms()
        with pytest.raises(discord.Forbidden) as refused:
            await member.send("hello again")
        assert refused.value.code == 50007


async def test_a_privileged_intent_that_is_off_refuses_the_client(discord_server: LocalDiscord) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(discord_server, Toy(intents(content=True))):
            pass


async def test_a_wrong_token_is_refused(discord_server: LocalDiscord) -> None:
    client = Toy(intents())
    with discord_server.for_discord_py():
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong")
        await client.close()
