"""A group in a story: a server, its channels, its people, and the bot."""

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from adapters.discord.permissions import INVITED_WITH
from tests.discord.keeper import Keeper, comes
from tests.localdiscord import Human, LocalDiscord, P, Refused, Reply
from tests.localdiscord.model import Channel, Message, Role

READ, LIMITS_READ, AGREE, NO = "Read and answer", "I have read this, go on", "I agree", "No, thank you"
BOXES = "Tick each one that you have read"
ALL_BOXES = [str(n) for n in range(1, 10)]


class Scene:
    """Ann owns a server with the channels welcome, evening and Lounge. Bob is on it; Zoe is not yet."""

    def __init__(self, server: LocalDiscord, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.keeper = Keeper(server, folder)
        self.ann, self.bob, self.zoe = (server.person(n) for n in ("ann", "bob", "zoe"))

    async def begin(self, permissions: int = INVITED_WITH) -> "Scene":
        """The server is there, and the bot was added and runs."""
        await self.prepare(permissions)
        await self.keeper.start()
        return self

    async def prepare(self, permissions: int = INVITED_WITH) -> None:
        """The server is there, and the bot was added."""
        self.guild = self.server.guild("Circle", owner=self.ann, bot=P(permissions))
        self.welcome = await self.ann.create_channel(self.guild, "welcome")
        self.evening = await self.ann.create_channel(self.guild, "evening")
        self.lounge = self.server.channel(self.guild, "Lounge")
        await self.bob.join_guild(self.guild)

    async def places(self, voice: bool = True, entrance: bool = True) -> Reply:
        """Ann begins in the channel evening, and chooses the channels that belong to it."""
        reply = await self.ann.slash(self.evening, "setup", "start")
        await self.settled()
        page = page_of(reply)
        if voice:
            page = page_of(await self.ann.select(page, f"p:v:{self.evening.id}", self.lounge))
        if entrance:
            page = page_of(await self.ann.select(page, f"p:e:{self.evening.id}", self.welcome))
        return await self.ann.click(page, "Go on")

    async def set_up(self, gate: str = "mute", voice: bool = True, more: str = "") -> Reply:
        """The group is set up by Ann, in one line; everybody has been asked."""
        await self.places(voice=voice, entrance=gate == "door")
        values = f'gate {gate} crisis_contact "Call 112 now" {more}'
        reply = await self.ann.slash(self.evening, "setup", "set", values=values, confirm=True)
        await self.settled()
        await comes(lambda: self.bell is not None, "the doorbell")
        return reply

    async def settled(self) -> None:
        """Everything that is under way is done, and Discord has told the bot of it."""
        quiet, before = 0, -1
        while quiet < 2:
            await self.keeper.settled()
            await asyncio.sleep(0.03)
            now = len(self.server.requests) + len(self.server.gateway.log)
            quiet, before = (quiet + 1, now) if now == before else (0, now)

    # --- what is there now

    @property
    def bells(self) -> list[Message]:
        """The messages of the bot with a button, in all channels of the server."""
        channels = [c for c in self.guild.channels.values() if c.kind == 0]
        return [m for c in channels for m in self.ann.sees(c) if m.components and not m.ephemeral]

    @property
    def bell(self) -> Message | None:
        """The doorbell."""
        return self.bells[0] if self.bells else None

    @property
    def role(self) -> Role | None:
        """The group's role."""
        return next((r for r in self.guild.roles.values() if r.name.startswith("In ")), None)

    def has_role(self, who: Human) -> bool:
        """Whether somebody has it."""
        member = self.guild.members.get(who.id)
        role = self.role
        return bool(member is not None and role is not None and role.id in member.roles)

    def overwrites(self) -> dict[str, Any]:
        """All that the channels say about anybody."""
        return {
            c.name: sorted((o.id, o.kind, int(o.allow), int(o.deny)) for o in c.overwrites.values())
            for c in self.guild.channels.values()
        }

    # --- what people do

    async def agree(self, who: Human, at: Message | None = None) -> "Receipt":
        """Somebody presses the doorbell, reads, ticks, and agrees."""
        bell = at or self.bell
        assert bell is not None
        reply = await who.click(bell, READ)
        form = await who.click(reply, LIMITS_READ)
        reply = await who.submit(form, {BOXES: ALL_BOXES})
        reply = await who.click(reply, AGREE)
        await self.settled()
        return receipt_of(reply.message)

    async def may_write(self, who: Human, channel: Channel | None = None) -> bool:
        """Whether Discord takes somebody's words in the group's channel."""
        try:
            await who.send(channel or self.evening, "hello")
        except Refused:
            return False
        return True

    async def restart(self) -> None:
        """The bot's process ends, and another one starts on the same storage."""
        await self.keeper.stop()
        await self.keeper.start()


class Receipt:
    """A consent receipt as it came: the JSON object, and the agreement file beside it."""

    def __init__(self, fields: dict[str, Any], agreement: bytes) -> None:
        self.fields, self.agreement = fields, agreement

    @property
    def matches(self) -> bool:
        """Whether the agreement's hash can be recomputed from the file."""
        return bool(hashlib.sha256(self.agreement).hexdigest() == self.fields["text_sha256"])


def receipt_of(message: Message) -> Receipt:
    """The receipt in a message. Raises KeyError where there is none."""
    files = {a.filename: a for a in message.attachments}
    assert files["consent-receipt.json"].content_type.startswith("application/json")
    (agreement,) = (a.data for name, a in files.items() if name != "consent-receipt.json")
    return Receipt(json.loads(files["consent-receipt.json"].data), agreement)


def page_of(reply: Reply) -> Message:
    """The message with the channels to choose, among what came back."""
    for message in (reply.message, *reply.followups):
        if any(c.get("type") == 8 for row in message.components for c in row["components"]):
            return message
    raise AssertionError(f"no page among {[m.text[:60] for m in (reply.message, *reply.followups)]}")


def words_of(reply: Reply) -> str:
    """All words that came back."""
    return "\n".join(m.text for m in (reply.message, *reply.followups))


@contextlib.asynccontextmanager
async def scene(folder: Path, permissions: int = INVITED_WITH, **more: Any) -> AsyncIterator[Scene]:
    """A scene, and its end: no request may have been wrong by Discord's own description."""
    async with LocalDiscord(**more) as server:
        made = Scene(server, folder)
        try:
            yield await made.begin(permissions)
        finally:
            await made.keeper.stop()
        assert not server.violations
        assert not server.crashes
