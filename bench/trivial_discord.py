"""The smallest bot on discord.py that answers a slash command, without any storage: the floor."""

import asyncio
import sys

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

WORDS = """**evening**

You have agreed, on March 2, 2026, to version 1 of the agreement. It holds until March 2, 2027."""
"""As long as what it is compared with, with as many buttons."""


async def main(api: str, gateway: str, token: str) -> None:
    """Answer `/consent show` until the process ends."""
    discord.http.Route.BASE = api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    client = discord.Client(intents=discord.Intents.default(), max_messages=None)
    client._connection.guild_ready_timeout = 0.1
    tree = app_commands.CommandTree(client)
    consent = app_commands.Group(name="consent", description="Consent")

    @consent.command(name="show", description="Show")
    async def show(interaction: discord.Interaction) -> None:
        view = discord.ui.View()
        view.add_item(discord.ui.Button(label="Show my receipt", custom_id="receipt"))
        view.add_item(discord.ui.Button(label="Take my agreement back", custom_id="withdraw"))
        await interaction.response.send_message(WORDS, view=view, ephemeral=True)

    tree.add_command(consent)

    @client.event
    async def on_ready() -> None:
        await tree.sync()
        print("ready", flush=True)

    await client.start(token)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
