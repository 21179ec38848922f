"""A person with a Matrix client: looks at rooms by sync, and talks with the bot in a direct chat."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

import aiohttp

from tests.support.api import Api, Json, Refused
from tests.support.synapse import Synapse

T = TypeVar("T")
PATIENCE = 20.0
"""Seconds to wait for what should take one: the machine may be busy."""
_FILTER = '{"room":{"timeline":{"limit":100},"ephemeral":{"limit":0}},"account_data":{"types":[]}}'


class NotSeen(AssertionError):
    """What was waited for did not come; says what came instead."""


class Person(Api):
    """Somebody in a story. `bot` is the account that they talk with in private."""

    def __init__(self, url: str, user_id: str, token: str, bot: str) -> None:
        super().__init__(url, user_id, token)
        self.bot = bot
        self.timelines: dict[str, list[Json]] = defaultdict(list)
        self.invitations: dict[str, list[Json]] = {}
        self.chats: list[str] = []
        """Direct chats with the bot, the newest last."""
        self.words: list[Json] = []
        """Every message of the bot to this person alone, as they came."""
        self.accepts_chats = True
        """Whether direct chats that the bot opens are joined at once."""
        self._heard = 0
        self._position: str | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()

    @classmethod
    def named(cls, homeserver: Synapse, name: str, bot: str, url: str | None = None) -> "Person":
        """Register somebody new."""
        account = homeserver.register(name)
        return cls(url or homeserver.url, account.user_id, account.token, bot)

    async def close(self) -> None:
        """Stop looking, and let go of the connections."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        await super().close()

    # Looking

    def watch(self) -> None:
        """Begin to look at what comes in. The methods that wait do it by themselves."""
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            try:
                await self.look_once(30_000 if self._position else 0)
            except (aiohttp.ClientError, TimeoutError, ValueError, Refused):
                await asyncio.sleep(0.2)

    async def look_once(self, wait: int = 0) -> None:
        """One sync, waiting up to `wait` milliseconds for news."""
        params = {"timeout": str(wait), "filter": _FILTER}
        if self._position:
            params["since"] = self._position
        news = await self.call("GET", "/sync", params=params)
        rooms = news.get("rooms", {})
        for room, seen in rooms.get("join", {}).items():
            self.invitations.pop(room, None)
            self.timelines[room] += seen["timeline"]["events"]
            if room in self.chats:
                self.words += [e for e in seen["timeline"]["events"] if self._from_bot(e)]
        for room, seen in rooms.get("leave", {}).items():
            self.invitations.pop(room, None)
            self.timelines[room] += seen["timeline"]["events"]
        for room, seen in rooms.get("invite", {}).items():
            self.invitations[room] = seen["invite_state"]["events"]
        self._position = news["next_batch"]
        await self._accept_chats()
        async with self._news:
            self._news.notify_all()

    async def _accept_chats(self) -> None:
        for room, state in list(self.invitations.items()):
            mine = [e for e in state if e["type"] == "m.room.member" and e["state_key"] == self.user_id]
            from_bot = bool(mine) and mine[0]["sender"] == self.bot
            if self.accepts_chats and from_bot and mine[0]["content"].get("is_direct"):
                del self.invitations[room]
                with contextlib.suppress(Refused):
                    await self.join(room)
                    self.chats.append(room)

    async def wait_for(self, found: Callable[[], T | None], timeout: float = PATIENCE) -> T:
        """Wait until `found()` is true, looking again at every sync. Raises `NotSeen`."""
        self.watch()
        try:
            async with asyncio.timeout(timeout), self._news:
                while not (result := found()):
                    await self._news.wait()
                return result
        except TimeoutError:
            raise NotSeen(f"{self.user_id} waited {timeout:g} s; {self.lately()}") from None

    def lately(self) -> str:
        """What was said in the direct chats, for the message of a failure."""
        lines = [
            f"  {e['sender']} {e['type']}: {str(e['content'])[:300]}"
            for chat in self.chats
            for e in self.timelines[chat][-8:]
        ]
        return "\n".join(["lately in the direct chats:", *lines])

    async def see(
        self, room: str, match: Callable[[Json], object], timeout: float = PATIENCE, after: int = 0
    ) -> Json:
        """Wait for an event in a room. `after`: skip so many events of its timeline."""

        def first() -> Json | None:
            return next((e for e in self.timelines[room][after:] if match(e)), None)

        return await self.wait_for(first, timeout)

    async def see_membership(self, room: str, user: str, membership: str, timeout: float = PATIENCE) -> None:
        """Wait until somebody's newest membership in a room is this one."""

        def now() -> bool:
            events = [
                e for e in self.timelines[room] if e["type"] == "m.room.member" and e.get("state_key") == user
            ]
            return bool(events) and events[-1]["content"].get("membership") == membership

        await self.wait_for(now, timeout)

    async def see_invitation(self, room: str, timeout: float = PATIENCE) -> None:
        """Wait to be invited into a room."""
        await self.wait_for(lambda: room in self.invitations, timeout)

    # Talking with the bot

    def _from_bot(self, event: Json) -> bool:
        return event["sender"] == self.bot and event["type"] == "m.room.message" and bool(event["content"])

    async def chat(self) -> str:
        """The direct chat with the bot; opened by this person where there is none yet."""
        self.watch()
        if not self.chats:
            room = await self.create_room(self.bot, direct=True, preset="trusted_private_chat")
            self.chats.append(room)
            await self.see_membership(room, self.bot, "join")
        return self.chats[-1]

    async def say_to_bot(self, words: str) -> str:
        """Send words to the bot in private. What it said until now counts as heard."""
        chat = await self.chat()
        self.heard()
        return await self.say(chat, words)

    async def file(self, content: Json) -> bytes:
        """The bytes of a file that came with a message."""
        return await self.download(content["url"])

    def heard(self) -> None:
        """Take everything that the bot has said until now as heard."""
        self._heard = len(self.words)

    async def answer(
        self,
        containing: str = "",
        timeout: float = PATIENCE,
        match: Callable[[Json], object] | None = None,
    ) -> Json:
        """The bot's next private message that nobody heard yet and that fits; it counts as heard.

        `containing` is looked for without regard to case.
        """

        def next_one() -> tuple[int, Json] | None:
            for place, event in enumerate(self.words[self._heard :], self._heard + 1):
                fits = containing.casefold() in event["content"].get("body", "").casefold()
                if fits and (match is None or match(event)):
                    return place, event
            return None

        self.watch()
        self._heard, event = await self.wait_for(next_one, timeout)
        return event

    def unread(self) -> list[Json]:
        """What the bot wrote to this person that they cannot read: only where it is encrypted."""
        return []

    async def asked(self) -> None:
        """Wait for the question for consent, and leave it unheard."""
        await self.wait_for(
            lambda: any("consent understood" in e["content"].get("body", "") for e in self.words), 40
        )

    async def ask_bot(self, words: str, containing: str = "", timeout: float = PATIENCE) -> str:
        """Say words to the bot in private, and give back what its answer says."""
        await self.say_to_bot(words)
        return str((await self.answer(containing, timeout))["content"]["body"])
