"""The Matrix adapter on a stage where everything is encrypted, and people whose apps do as they are told."""

import asyncio
import secrets
from typing import Any

from adapters.matrix.crypto.machine import Machine
from adapters.matrix.platform import Matrix
from bot.boundary.effects import SetHearing
from bot.boundary.events import CannotRead, MessagePosted, WordsGiven
from bot.boundary.ids import RoomId
from bot.boundary.steps import Step
from tests.contract.matrix_stage import MatrixStage
from tests.contract.stage import until
from tests.support.api import Json
from tests.support.sealed import ENCRYPTED, SealedPerson

QUIET = 0.3
"""Seconds after a good command was heard in which an attack before it might still show its effect."""


class SealedStage(MatrixStage):
    """Ann and Bob in an encrypted room that the bot guards, with hearing off."""

    kind = SealedPerson

    async def set_up(self) -> "SealedStage":
        """Ann makes the room, and Bob is inside."""
        ann, bob = self.person("ann"), self.person("bob")
        native = await ann.create_room(bob.user_id, name="Evening", initial_state=[ENCRYPTED])
        await bob.join(native)
        self.room = RoomId("matrix", native)
        await until(lambda: self.platform.health().ready, "readiness")
        return self

    def person(self, name: str) -> SealedPerson:
        """Somebody whose app encrypts whatever it is told to."""
        found = self.people[name]
        assert isinstance(found, SealedPerson)
        return found

    @property
    def machine(self) -> Machine:
        """The bot's own keys, in this very process."""
        assert isinstance(self.platform, Matrix)
        return self.platform._encryption._machine

    async def hear(self, on: bool) -> None:
        """The group's choice reaches the platform."""
        action = SetHearing(room=self.room, on=on)
        await self.platform.perform(Step(id=secrets.token_hex(8), action=action))

    def words(self) -> list[str]:
        """All that was heard, in private and in rooms."""
        return [e.words for e in self.sink.of(WordsGiven)]

    def unread(self) -> list[str]:
        """Why what could not be read in private could not be."""
        return [e.why for e in self.sink.of(CannotRead)]

    async def still_hears(self, name: str, room: str) -> None:
        """The bot lives on: a real command in this room is heard, after everything before it."""
        word = f"!consent {secrets.token_hex(4)}"
        await self.people[name].say(room, word)
        await until(lambda: word in self.words() or None, "a real command after an attack")
        await asyncio.sleep(QUIET)

    async def still_guards(self, name: str) -> None:
        """The bot lives on: what is said in the room is noticed, after everything before it."""
        said = await self.people[name].say(self.room.native, "good evening")
        await until(
            lambda: [e for e in self.sink.of(MessagePosted) if e.message.native == said] or None,
            "a message after an attack",
        )

    def standing(self) -> Any:
        """Everything of the room that an attack might want to change."""
        return self.platform.view(self.room)


async def sealed(person: SealedPerson, room: str, payload: Any = None, raw: str | None = None) -> Json:
    """Send the ciphertext of any payload; gives back the content, for a replay."""
    content = await person.seal(room, payload, raw)
    await person.send_plain(room, "m.room.encrypted", content)
    return content
