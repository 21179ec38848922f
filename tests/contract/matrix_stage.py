"""The Matrix adapter on a stage: a real Synapse, people with clients, and a cabinet in memory."""

import asyncio
import contextlib
from pathlib import Path

from adapters.matrix import MatrixSection, connect
from adapters.memory import MemoryStore
from bot.boundary.ids import MemberId, MessageId, RoomId
from bot.boundary.ports import Cabinet, Platform
from bot.engine import SystemClock
from tests.conftest import new_name
from tests.contract.stage import Recorder, until
from tests.support.api import Refused
from tests.support.client import Person
from tests.support.synapse import Synapse


class MatrixStage:
    """See `Stage`. People are named after the test, so that stages do not meet."""

    platform: Platform
    room: RoomId
    me: MemberId
    kind: type[Person] = Person
    """The apps that the people have."""

    def __init__(self, homeserver: Synapse, folder: Path, cabinet: Cabinet | None = None) -> None:
        account = homeserver.register(new_name("keeper"))
        secret = folder / "password"
        secret.touch(0o600)
        secret.write_text(account.password)
        self._section = MatrixSection(
            homeserver=homeserver.url,
            user_id=account.user_id,
            password_file=str(secret),
            accept_invites_from=[f"*:{account.user_id.partition(':')[2]}"],
        )
        self._folder = folder
        self._cabinet: Cabinet = cabinet or MemoryStore()
        self.me = MemberId("matrix", account.user_id)
        self.people = {
            name: self.kind.named(homeserver, new_name(name), account.user_id)
            for name in ("ann", "bob", "zoe")
        }
        self.sink = Recorder()
        self._connect()

    def _connect(self) -> None:
        self.platform = connect(self._section, self._cabinet, SystemClock(), self._folder)
        self._task = asyncio.create_task(self.platform.run(self.sink))

    async def set_up(self) -> "MatrixStage":
        """Ann makes the room, and Bob is inside."""
        ann, bob = self.people["ann"], self.people["bob"]
        native = await ann.create_room(bob.user_id, name="Evening")
        await bob.join(native)
        self.room = RoomId("matrix", native)
        await until(lambda: self.platform.health().ready, "readiness")
        return self

    def someone(self, name: str) -> MemberId:
        return MemberId("matrix", self.people[name].user_id)

    async def adopt(self) -> None:
        ann = self.people["ann"]
        await ann.invite(self.room.native, self.me.native)
        await until(lambda: self.platform.view(self.room), "the bot in the room")
        await ann.powers(self.room.native, users={self.me.native: 100})
        await until(lambda: self.platform.view(self.room).can.take_down or None, "the power")  # type: ignore[union-attr]

    async def comes(self, name: str) -> None:
        await self.people["ann"].invite(self.room.native, self.people[name].user_id)
        await self.people[name].join(self.room.native)

    async def goes(self, name: str) -> None:
        await self.people[name].leave(self.room.native)

    async def calls(self, name: str, on: bool) -> None:
        person, kind = self.people[name], "org.matrix.msc3401.call.member"
        content = {"application": "m.call", "call_id": "", "device_id": "A", "expires": 14_400_000}
        await self.people["ann"].powers(self.room.native, events={kind: 0})
        await person.set_state(self.room.native, kind, content if on else {}, key=f"_{person.user_id}_A")

    async def says(self, name: str, words: str) -> MessageId | None:
        try:
            return MessageId("matrix", await self.people[name].say(self.room.native, words))
        except Refused:
            return None

    async def writes(self, name: str, words: str) -> None:
        await self.people[name].say_to_bot(words)

    async def read_in_room(self, name: str) -> list[str]:
        history = await self.people[name].history(self.room.native)
        return [str(e["content"].get("body", "")) for e in history if e["type"] == "m.room.message"]

    async def read_in_private(self, name: str) -> list[str]:
        person = self.people[name]
        for _ in range(4):
            await person.look_once(100)
        return [str(e["content"].get("body", "")) for e in person.words]

    async def reconnect(self) -> None:
        await self.close_bot()
        self._connect()

    async def close_bot(self) -> None:
        """The bot's process ends."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self.platform.close()

    async def close(self) -> None:
        """End the scene."""
        await self.close_bot()
        for person in self.people.values():
            await person.close()
