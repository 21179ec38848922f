"""A group whose people use somebody else's client, and their talks with the bot in private."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.peers.peer import Peer
from tests.peers.shown import Seen
from tests.support.botprocess import BotProcess
from tests.support.client import PATIENCE

MakePeer = Callable[..., Awaitable[Peer]]


@dataclass
class Talk:
    """One person's direct chat with the bot, in their own client."""

    peer: Peer
    bot: str
    room: str
    _heard: set[str] = field(default_factory=set)

    @classmethod
    async def opened(cls, peer: Peer, bot: str, encrypted: bool = True) -> "Talk":
        """The person opens the chat."""
        room = await peer.create_direct(bot, encrypted=encrypted)
        await peer.see_membership(room, bot)
        return cls(peer, bot, room)

    @classmethod
    async def accepted(cls, peer: Peer, bot: str, timeout: float = 2 * PATIENCE) -> "Talk":
        """The bot has opened the chat, or does soon, and the person comes in."""
        return cls(peer, bot, await peer.accept_invitation(sender=bot, timeout=timeout))

    async def say(self, words: str) -> str:
        """Send words. What the bot said until now counts as heard."""
        self._heard |= {event.id for event in await self.peer.timeline(self.room)}
        return await self.peer.say(self.room, words)

    async def answer(self, containing: str = "", timeout: float = 2 * PATIENCE) -> Seen:
        """The bot's next words that nobody heard yet and that contain these; they count as heard."""

        def fits(event: Seen) -> bool:
            words = event.sender == self.bot and event.type == "m.room.message" and event.failure is None
            new = words and not event.redacted and event.id not in self._heard
            return new and containing.casefold() in event.body.casefold()

        found = await self.peer.see(self.room, fits, f"the bot to say “{containing}”", timeout)
        self._heard.add(found.id)
        return found

    async def ask(self, words: str, containing: str = "") -> Seen:
        """Say words, and give back the answer."""
        await self.say(words)
        return await self.answer(containing)


@dataclass
class Evening:
    """A guarded room of people with foreign clients: `admin` made it, and everybody was asked."""

    room: str
    bot: BotProcess
    admin: Talk
    members: list[Talk]

    @classmethod
    async def guarded(
        cls, make_peer: MakePeer, bot: BotProcess, *names: str, encrypted: bool = True, gate: str = "notice"
    ) -> "Evening":
        """People meet; the administrator adds the bot, gives it power and sets the group up."""
        admin, *others = await asyncio.gather(make_peer("ada"), *(make_peer(name) for name in names))
        invited = [other.user_id for other in others]
        room = await admin.create_room(*invited, encrypted=encrypted, name="Evening circle")
        await asyncio.gather(*(other.accept_invitation(room) for other in others))
        await admin.invite(room, bot.user_id)
        await admin.see_membership(room, bot.user_id)
        levels = await admin.state(room, "m.room.power_levels")
        levels["users"] = {**levels.get("users", {}), bot.user_id: 100}
        await admin.set_state(room, "m.room.power_levels", levels)
        talk = await Talk.accepted(admin, bot.user_id)
        await talk.answer()
        await talk.ask(f"!setup gate {gate} confirm", "is set up")
        members = await asyncio.gather(*(Talk.accepted(other, bot.user_id) for other in others))
        await asyncio.gather(*(one.answer("consent understood") for one in (talk, *members)))
        return cls(room, bot, talk, list(members))

    async def notices(self, peer: Peer, containing: str = "") -> list[Seen]:
        """What the bot has said to everybody, as one person's client shows it now."""
        return [
            event
            for event in await peer.timeline(self.room)
            if event.sender == self.bot.user_id
            and event.type in ("m.room.message", "m.room.encrypted")
            and not event.redacted
            and containing.casefold() in event.body.casefold()
        ]

    async def announce(self, gate: str) -> list[Seen]:
        """Another gate, of which the room is told: the notice as each member's client shows it."""
        before = {event.id for event in await self.notices(self.admin.peer)}
        await self.admin.ask(f"!group set gate {gate} confirm", "gate")

        def new(event: Seen) -> bool:
            said = event.sender == self.bot.user_id and event.type in ("m.room.message", "m.room.encrypted")
            return said and event.id not in before and not event.redacted and not event.waiting

        first = await self.admin.peer.see(self.room, new, "the notice")
        return list(
            await asyncio.gather(
                *(one.peer.see_event(self.room, first.id) for one in (self.admin, *self.members))
            )
        )
