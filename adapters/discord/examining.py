"""What `doctor` says about Discord: token, intents, permissions in each group, and Discord's own rule."""

import asyncio
from pathlib import Path

from adapters.discord.client import Client, closed
from adapters.discord.errors import TROUBLE, must_stop
from adapters.discord.section import DiscordSection, token
from adapters.discord.view import missing
from adapters.discord.world import World
from bot.boundary.errors import CannotStart
from bot.boundary.ports import Finding

CONNECT_WITHIN = 30.0
NAMES = {
    "discord-missing-speak": "see the channel and write in it",
    "discord-missing-roles-mute": "Manage Roles",
    "discord-missing-roles-door": "Manage Roles",
    "discord-missing-bits": "some of the permissions that it hands on",
    "discord-missing-order": "a role that stands above the group's role",
    "discord-missing-take-down": "Manage Messages",
    "discord-missing-role": "the group's role, which was deleted",
    "discord-missing-overwrites": "the channel's permissions as the gate had set them",
}
"""What is missing -> its name for the operator. What facilitators choose themselves is not among them."""

HEALTH_RULE = Finding(
    fine=True,
    what="Discord's Developer Policy forbids to collect health information. That somebody is in a group for "
    "grief or addiction is such information; the bot keeps only who agreed, sealed, and no message.",
    next_step="Read the policy, say in your privacy notice what is kept, and leave message_content off "
    "unless every group asked for it.",
)


async def examine(section: DiscordSection, base: Path, world: World) -> list[Finding]:
    """Everything there is to say. It changes nothing."""
    try:
        words = token(section, base)
    except CannotStart as no:
        return [Finding(fine=False, what=no.what, next_step=no.next_step)]
    ready = asyncio.Event()
    client = Client(
        lambda name, _: ready.set() if name == "ready" else None,
        members=False,
        message_content=False,
        api_base=section.api_base,
        gateway=section.gateway,
    )
    try:
        await client.login(words)
        found = [Finding(fine=True, what="Discord answers, and accepts the bot's token.")]
        found += _intents(client, section)
        await world.load()
        world.client = client
        found += await _groups(client, world, ready)
        return [*found, HEALTH_RULE]
    except TROUBLE as error:
        if (stop := must_stop(error)) is not None:
            return [Finding(fine=False, what=stop.what, next_step=stop.next_step)]
        return [
            Finding(
                fine=False,
                what="Discord does not answer as it should.",
                next_step="Check the network, and discord.api_base if it is set.",
            )
        ]
    finally:
        await closed(client)


def _intents(client: Client, section: DiscordSection) -> list[Finding]:
    flags = client.application_flags
    found = []
    if flags.gateway_guild_members or flags.gateway_guild_members_limited:
        found.append(Finding(fine=True, what="The Server Members Intent is on: all gates can be held."))
    else:
        found.append(
            Finding(
                fine=True,
                what="The Server Members Intent is off: there is no gate `door`, `mute` is held by taking "
                "down, and the bot notices people only when they use it, write, or join a call.",
                next_step="Switch it on in the developer portal, under Bot.",
            )
        )
    if section.message_content and not (
        flags.gateway_message_content or flags.gateway_message_content_limited
    ):
        found.append(
            Finding(
                fine=False,
                what="config.yaml sets message_content, but the Message Content Intent is off.",
                next_step="Set discord.message_content to false; nothing needs it.",
            )
        )
    return found


async def _groups(client: Client, world: World, ready: asyncio.Event) -> list[Finding]:
    connecting = asyncio.ensure_future(client.connect(reconnect=False))
    waiting = asyncio.ensure_future(ready.wait())
    try:
        await asyncio.wait({connecting, waiting}, timeout=CONNECT_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if not ready.is_set():
            if connecting.done() and (error := connecting.exception()) is not None:
                raise error
            raise TimeoutError
        servers = len(client.guilds)
        found = [Finding(fine=True, what=f"The gateway answers. The bot is on {servers} servers.")]
        for n, circle in enumerate(sorted(world.circles.values(), key=lambda c: c.group.channel), 1):
            found.append(_group(world, n, circle.group.channel))
        return found
    finally:
        waiting.cancel()
        await closed(client)
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)


def _group(world: World, number: int, key: int) -> Finding:
    circle = world.circles[key]
    channel = world.text(circle)
    if channel is None:
        return Finding(
            fine=False,
            what=f"Discord group {number}: the bot cannot see its channel any more.",
            next_step="Ask its facilitators whether the channel was deleted or the bot removed.",
        )
    lacks = dict.fromkeys(NAMES[m.words] for m in missing(world, circle, channel) if m.words in NAMES)
    if not lacks:
        return Finding(fine=True, what=f"Discord group {number}: all permissions are there.")
    return Finding(
        fine=False,
        what=f"Discord group {number}: the bot lacks: {', '.join(lacks)}.",
        next_step="A facilitator finds where to click with `/setup show` in that channel.",
    )
