"""A group in a story: its room, its people, and the words that they exchange with the bot."""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.api import Json, Refused
from tests.support.botprocess import BotProcess
from tests.support.client import PATIENCE, NotSeen, Person
from tests.support.sealed import ENCRYPTED, SealedPerson

MakePerson = Callable[..., Awaitable[Person]]
plain_and_encrypted = pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
"""For a story that has to go the same way in both kinds of rooms: gives it `encrypted`."""
_BLOCK = re.compile(r"\{.*\}", re.DOTALL)


async def until(
    holds: Callable[[], Awaitable[object]], what: str, timeout: float = PATIENCE, every: float = 0.15
) -> None:
    """Wait until `holds()` is true. Raises `NotSeen` with `what`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while not await holds():
        if loop.time() > deadline:
            raise NotSeen(f"after {timeout:g} s still not: {what}")
        await asyncio.sleep(every)


@dataclass
class Receipt:
    """A consent receipt as it came: the JSON object, and the agreement file beside it."""

    fields: Json
    agreement: bytes

    @property
    def matches(self) -> bool:
        """Whether the agreement's hash can be recomputed from the file."""
        return hashlib.sha256(self.agreement).hexdigest() == str(self.fields["text_sha256"])


@dataclass
class Circle:
    """A room that exists before the bot comes: `admin` made it, `members` are inside."""

    room: str
    name: str
    keeper: BotProcess
    admin: Person
    members: list[Person] = field(default_factory=list)
    kind: type[Person] = Person
    """What the people here write with. For `someone(..., kind=...)`."""

    @classmethod
    async def gather(
        cls,
        someone: MakePerson,
        keeper: BotProcess,
        *names: str,
        name: str = "Evening circle",
        encrypted: bool = False,
        kind: type[Person] | None = None,
        **more: Any,
    ) -> "Circle":
        """People meet in a room. The bot is not there yet."""
        kind = kind or (SealedPerson if encrypted else Person)
        admin = await someone("ada", keeper, kind=kind)
        if encrypted:
            more["initial_state"] = [ENCRYPTED, *more.get("initial_state", ())]
        room = await admin.create_room(name=name, **more)
        circle = cls(room, name, keeper, admin, kind=kind)
        for stem in names:
            await circle.welcome(await someone(stem, keeper, kind=kind))
        return circle

    async def welcome(self, person: Person) -> Person:
        """The administrator invites somebody, who comes in."""
        await self.admin.invite(self.room, person.user_id)
        await person.join(self.room)
        self.members.append(person)
        return person

    async def adopt(self, power: int = 100) -> None:
        """The administrator adds the bot, gives it power, and is greeted in private."""
        self.admin.watch()
        await self.admin.invite(self.room, self.keeper.user_id)
        await self.admin.see_membership(self.room, self.keeper.user_id, "join")
        if power:
            await self.admin.powers(self.room, users={self.keeper.user_id: power})
        await self.admin.answer()

    async def set_up(self, asked: bool = True, **settings: str) -> str:
        """The administrator sets the group up in one line, and becomes its facilitator.

        `asked`: wait until everybody has been asked, so that no question comes between later words.
        """
        pairs = " ".join(f"{key} {value}" for key, value in ({"gate": "notice"} | settings).items())
        await self.admin.say_to_bot(f"!setup {pairs} confirm")
        said = await self.admin.answer(match=lambda e: "consent understood" not in e["content"]["body"])
        if asked:
            for person in (self.admin, *self.members):
                if person.accepts_chats:
                    await person.asked()
        return str(said["content"]["body"])

    @classmethod
    async def guarded(
        cls, someone: MakePerson, keeper: BotProcess, *names: str, gate: str = "notice", **more: Any
    ) -> "Circle":
        """The whole beginning in one call: gathered, adopted, set up."""
        circle = await cls.gather(someone, keeper, *names, **more)
        await circle.adopt()
        await circle.set_up(gate=gate)
        return circle

    async def may_speak(self, person: Person) -> bool:
        """Whether the homeserver takes this person's words now (the gate `mute` by levels)."""
        try:
            await person.say(self.room, "hello")
        except Refused as refused:
            if refused.errcode != "M_FORBIDDEN":
                raise
            return False
        return True

    async def shown_as(self, person: Person, name: str) -> bool:
        """Whether the room shows this person under this name by now."""
        member = await self.admin.state(self.room, "m.room.member", person.user_id) or {}
        return member.get("displayname") == name

    async def speaks(self, person: Person) -> None:
        """Wait until this person may speak."""
        await until(lambda: self.may_speak(person), "may speak")

    async def falls_silent(self, person: Person) -> None:
        """Wait until this person may not speak."""

        async def silent() -> bool:
            return not await self.may_speak(person)

        await until(silent, "may not speak")


async def agree(person: Person, asked: bool = True) -> Receipt:
    """Agree as a person does: read the limits, then the agreement. Gives back the receipt.

    `asked`: the bot's question has come or is on its way; otherwise the person begins.
    """
    if asked:
        await person.answer("consent understood", timeout=40)
    else:
        await person.ask_bot("!consent", "consent understood")
    await person.ask_bot("!consent understood", "consent agree")
    await person.say_to_bot("!consent agree")
    return await receipt_of(person)


async def receipt_of(person: Person, timeout: float = PATIENCE) -> Receipt:
    """The receipt that comes next, whether as files or as blocks of text."""
    fields: Json = {}
    agreement = b""
    while not (fields and agreement):
        event = await person.answer(timeout=timeout)
        content = event["content"]
        if content["msgtype"] == "m.file":
            found = await person.file(content)
            if content["body"].endswith(".json"):
                fields = json.loads(found)
            else:
                agreement = found
        elif (block := _BLOCK.search(content["body"])) and "text_sha256" in block[0]:
            fields = json.loads(block[0])
    return Receipt(fields, agreement)
