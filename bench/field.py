"""Rooms on a real homeserver: some guarded by the bot, as many others watched by the trivial bot.

The same people are in all of them. The bot may take messages down and not change levels, so that it
holds `mute` by taking down what people write who have not agreed; the trivial bot takes down what one
person writes with a word in it.
"""

import asyncio
import json
import time
from collections import defaultdict

import aiohttp

from bench.group import agreed, keep
from bench.here import storage_of
from tests.support.api import Api, Json
from tests.support.botprocess import BotProcess
from tests.support.client import Person
from tests.support.synapse import Account, Synapse

ENCRYPTION = {"algorithm": "m.megolm.v1.aes-sha2"}
_FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "state": {"types": []},
            "ephemeral": {"types": []},
            "timeline": {"types": ["m.room.redaction"], "limit": 50},
        },
    }
)


class Watcher:
    """Another client, which sees when something is taken down."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._gone: defaultdict[str, asyncio.Future[float]] = defaultdict(
            asyncio.get_running_loop().create_future
        )
        self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        params = {"filter": _FILTER, "timeout": "0"}
        while True:
            try:
                news = await self._api.call("GET", "/sync", params=params)
            except (aiohttp.ClientError, TimeoutError):
                continue
            at = time.perf_counter()
            params |= {"since": news["next_batch"], "timeout": "30000"}
            for part in news.get("rooms", {}).get("join", {}).values():
                for event in part["timeline"]["events"]:
                    taken = event.get("redacts") or event["content"].get("redacts")
                    if taken and not self._gone[taken].done():
                        self._gone[taken].set_result(at)

    async def gone(self, event: str, within: float = 20.0) -> float:
        """When (by `time.perf_counter`) this event was seen to be taken down."""
        return await asyncio.wait_for(asyncio.shield(self._gone[event]), within)

    async def close(self) -> None:
        """Stop looking."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class Field:
    """The rooms and the people. `grow` makes more rooms of both kinds, while no bot runs."""

    def __init__(self, homeserver: Synapse, bot: BotProcess, floor: Account, stem: str) -> None:
        self._bot = bot
        self.facilitator = Person.named(homeserver, f"fay-{stem}", bot.user_id)
        self.speaker_account = homeserver.register(f"sam-{stem}")
        self.speaker = Api(homeserver.url, self.speaker_account.user_id, self.speaker_account.token)
        self._keepers = [
            Api(homeserver.url, account.user_id, account.token) for account in (bot.account, floor)
        ]
        self.ours: list[str] = []
        self.floors: list[str] = []

    async def close(self) -> None:
        """Let go of the connections."""
        for api in (self.facilitator, self.speaker, *self._keepers):
            await api.close()

    async def grow(self, rooms: int, *, encrypted: bool = False) -> None:
        """Have so many rooms of each kind. In the bot's storage they are groups that were set up: the
        facilitator has agreed, and the speaker, who came later, was asked and has not answered."""
        begun = len(self.ours)
        for number in range(begun, rooms):
            for place, keeper in zip((self.ours, self.floors), self._keepers, strict=True):
                place.append(await self._made(number, keeper, encrypted))
        people = {"@fay": self.facilitator.user_id, "@sam": self.speaker.user_id}
        rows = await agreed(2, "sam")
        async with storage_of(self._bot) as store:
            await keep(store, rows, self.ours[begun:], encrypted=encrypted, called=people.__getitem__)

    async def _made(self, number: int, keeper: Api, encrypted: bool) -> str:
        before: list[Json] = [{"type": "m.room.encryption", "content": ENCRYPTION}] if encrypted else []
        room = await self.facilitator.create_room(
            keeper.user_id,
            self.speaker.user_id,
            name="Evening",
            power_level_content_override={"users": {keeper.user_id: 50}},
            initial_state=before,
        )
        await keeper.join(room)
        await self.speaker.join(room)
        return room
