"""Hearing commands in an encrypted room: off unless a facilitator chose it, and everybody is asked anew."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from adapters.memory.platform import who
from bot.boundary.effects import AlertFacilitators, SetHearing
from bot.boundary.events import (
    CannotRead,
    EffectFailed,
    Inbound,
    MemberUnheard,
    PicturesShown,
    RoomSeen,
    WordsGiven,
)
from bot.boundary.ids import RoomId
from bot.contract.feature import Rows
from bot.hearing import FEATURE
from tests.laws.stories import AGREEING, FAY, do, gather
from tests.support.here import ROOM, here, person
from tests.support.house import House


class Sealed:
    """A group in a room that the bot cannot read."""

    def __init__(self, house: House, room: RoomId) -> None:
        self.house, self.room = house, room

    @property
    def hears(self) -> bool:
        return self.house.platform.rooms[self.room].can.hears_words

    def switched(self) -> list[bool]:
        """Every time that hearing was switched, in order."""
        return [s.action.on for s in self.house.platform.performed if isinstance(s.action, SetHearing)]

    async def says(self, name: str, words: str) -> None:
        await do(self.house, self.room, (name, words))

    async def happens(self, event: Inbound) -> None:
        done = self.house.engine.submit(event)
        if done is not None:
            await done
        await self.house.settle()

    def last(self, name: str, back: int = 1) -> str:
        return self.house.platform.said_to(name)[-back]


@pytest.fixture
async def sealed() -> AsyncIterator[Sealed]:
    async with House() as house:
        room = await gather(house, gate="notice", members=("ann", "bob"))
        place = house.platform.rooms[room]
        place.encrypted = True
        place.can = msgspec.structs.replace(place.can, hears_words=False, hearing=True)
        await house.platform.change(room, "encryption")
        await house.settle()
        for words in AGREEING:
            await do(house, room, ("ann", words))
        yield Sealed(house, room)


async def test_off_is_the_default(sealed: Sealed) -> None:
    """Nothing is ever switched that nobody asked for; and the rules say where to write."""
    assert not sealed.hears
    assert sealed.switched() == []
    await sealed.says("ann", "!rules")
    assert "I cannot see, nor help to hide" in sealed.last("ann")
    await sealed.says("ann", "!privacy")
    assert "I throw its keys away" in sealed.last("ann", 3)


async def test_a_facilitators_choice_is_announced_and_asks_everybody_again(sealed: Sealed) -> None:
    """Shown before it is done; what people can do stays while they have time to answer."""
    await sealed.says(FAY, "!group set hearing commands")
    assert "confirm" in sealed.last(FAY)
    assert "everything that is said here passes through my program" in sealed.last(FAY)
    assert not sealed.hears
    await sealed.says(FAY, "confirm")
    assert sealed.hears
    assert any("lets me hear commands" in post for post in sealed.house.platform.seen_in(sealed.room))
    await sealed.house.later(hours=20)
    asked = sealed.last("ann")
    assert "I ask you again" in asked
    assert "lets me hear commands in this encrypted room" in asked
    await sealed.says("ann", "!consent")
    assert "What you agreed to before holds until" in sealed.last("ann")
    await sealed.says("ann", "!privacy")
    assert "I hold a key to it" in sealed.last("ann", 3)


async def test_who_has_not_answered_is_not_pressed_for_it(sealed: Sealed) -> None:
    """Bob has not agreed to anything, and being heard is no new word of the agreement."""
    await sealed.house.later(hours=20)
    before = len(sealed.house.platform.said_to("bob"))
    await sealed.says(FAY, "!group set hearing commands confirm")
    await sealed.house.later(minutes=30)
    assert not [t for t in sealed.house.platform.said_to("bob")[before:] if "I ask you again" in t]


async def test_switching_it_off_asks_nobody_and_is_told(sealed: Sealed) -> None:
    """Less is read than people agreed to: nobody has to agree to that."""
    await sealed.says(FAY, "!group set hearing commands confirm")
    for words in AGREEING:
        await sealed.says("ann", words)
    before = len(sealed.house.platform.said_to("ann"))
    await sealed.says(FAY, "!group set hearing off confirm")
    assert not sealed.hears
    assert sealed.switched() == [True, False]
    assert any("thrown its keys away" in post for post in sealed.house.platform.seen_in(sealed.room))
    await sealed.house.later(hours=30)
    assert len(sealed.house.platform.said_to("ann")) == before


async def test_a_room_that_differs_from_the_choice_is_put_right(sealed: Sealed) -> None:
    """After a start, an upgrade or an undone set-up the room does what the group chose."""
    place = sealed.house.platform.rooms[sealed.room]
    place.can = msgspec.structs.replace(place.can, hears_words=True)
    await sealed.happens(RoomSeen(id="look", room=sealed.room))
    assert not sealed.hears
    await sealed.says(FAY, "!group set hearing commands confirm")
    await sealed.says(FAY, "!setup undo confirm")
    assert not sealed.hears


async def test_where_there_is_nothing_to_switch_it_is_refused_in_words() -> None:
    """A room without encryption is heard anyway."""
    async with House() as house:
        room = await gather(house, gate="notice", members=("ann",))
        await do(house, room, (FAY, "!group set hearing commands confirm"))
        assert "only for encrypted rooms" in house.platform.said_to(FAY)[-1]
        await do(house, room, (FAY, "!group"))
        assert "hearing: off" in house.platform.said_to(FAY)[-1]


async def test_facilitators_hear_of_a_device_that_keeps_its_key_back(sealed: Sealed) -> None:
    """A command of that person would not arrive, and nobody would know why. Deaf, it means nothing."""
    unheard = MemberUnheard(id="u", room=sealed.room, who=who("bob"))
    before = len(sealed.house.platform.said_to(FAY))
    await sealed.happens(unheard)
    assert len(sealed.house.platform.said_to(FAY)) == before
    await sealed.says(FAY, "!group set hearing commands confirm")
    await sealed.happens(msgspec.structs.replace(unheard, id="u2"))
    assert "does not give me its key" in sealed.last(FAY)


def test_a_switch_that_fails_is_told_to_facilitators() -> None:
    """It stays as it was, and somebody knows how to go on."""
    at = here([person("ann")], encrypted=True)
    failed = EffectFailed(
        id="f", room=ROOM, feature="hearing", effect=SetHearing(room=ROOM, on=True), reason="refused"
    )
    (alert,) = FEATURE.decide(Rows({}), failed, at).effects
    assert isinstance(alert, AlertFacilitators)


@pytest.mark.parametrize(
    ("words", "acted"),
    [("!consent", False), ("agree", False), ("confirm", False), ("!rules", True), ("!urgent", True)],
)
async def test_what_was_not_encrypted_is_acted_upon_only_if_anybody_may_ask_it(
    sealed: Sealed, words: str, acted: bool
) -> None:
    """INTERFACE.md: an unencrypted command is refused in an encrypted chat. Help is never refused."""
    await sealed.happens(WordsGiven(id="plain", by=who("ann"), words=words, exposed=True))
    assert ("was not encrypted" in sealed.last("ann")) == (not acted)


@pytest.mark.parametrize(
    ("why", "says"),
    [("encrypted", "send it again"), ("withheld", "another app"), ("unverified", "verify that device")],
)
async def test_what_cannot_be_read_is_answered_with_what_to_do(sealed: Sealed, why: str, says: str) -> None:
    await sealed.happens(CannotRead(id="sealed", by=who("ann"), why=why))  # type: ignore[arg-type]
    assert says in sealed.last("ann")


async def test_pictures_are_shown_in_private_to_who_compares_them(sealed: Sealed) -> None:
    posts = sealed.house.platform.seen_in(sealed.room)
    await sealed.happens(PicturesShown(id="sas", by=who("ann"), pictures="Dog · Cat"))
    assert "Dog · Cat" in sealed.last("ann")
    assert sealed.house.platform.seen_in(sealed.room) == posts
