"""Events that the storage refused keep their order; invitations are what they say, or are refused."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

import pytest

from adapters.matrix.hearing import hear
from adapters.matrix.joins import Joins
from adapters.matrix.lowwater import HandingIn
from adapters.matrix.section import MatrixSection
from bot.boundary.commands import Command
from bot.boundary.errors import StorageTrouble
from bot.boundary.events import Inbound, WordsGiven
from bot.boundary.ids import MemberId
from tests.matrix.raw import ANN, BEN, ME, membership, message, room, state


class Refusing:
    """A sink whose storage refuses the first so many events."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.kept: list[str] = []

    def submit(self, event: Inbound) -> Awaitable[None] | None:
        """See `Sink.submit`."""
        self.times -= 1
        return self._take(event, self.times >= 0)

    async def _take(self, event: Inbound, refuse: bool) -> None:
        await asyncio.sleep(0)
        if refuse:
            raise StorageTrouble("The disk is full.", "Make room.")
        self.kept.append(event.id)

    def commands(self) -> Sequence[Command]:
        """See `Sink.commands`."""
        return ()

    def complete(self, option: str, given: Mapping[str, str]) -> Sequence[str]:
        return ()


async def test_what_was_refused_is_not_overtaken() -> None:
    """Law 10: the storage refuses "agree"; "withdraw", said a moment later, must stay the last word."""
    sink = Refusing(2)
    hand = HandingIn(sink)
    ann, ben = MemberId("matrix", ANN), MemberId("matrix", BEN)
    first = await hand.give(WordsGiven(id="agree", by=ann, words="agree"))
    await asyncio.sleep(0.1)
    second = await hand.give(WordsGiven(id="withdraw", by=ann, words="withdraw"))
    other = await hand.give(WordsGiven(id="ben", by=ben, words="agree"))
    assert first and second and other
    await asyncio.wait_for(asyncio.gather(first, second, other), 10)
    assert sink.kept.index("agree") < sink.kept.index("withdraw")
    assert sorted(sink.kept) == ["agree", "ben", "withdraw"]
    await hand.close()


def test_a_bare_word_in_a_chat_of_three_is_no_answer() -> None:
    """Ann says "agree" to Ben, who is in her chat with the bot as well: that is no consent."""
    three = room()
    assert hear(three, message({"msgtype": "m.text", "body": "agree"}, by=ANN), ME) is None
    asked = hear(three, message({"msgtype": "m.text", "body": "!urgent"}, by=ANN), ME)
    assert isinstance(asked, WordsGiven)
    two = room(membership(BEN, "leave", "join"))
    assert isinstance(hear(two, message({"msgtype": "m.text", "body": "agree"}, by=ANN), ME), WordsGiven)


class Judged(Joins):
    """Says what an invitation was taken for, and joins nothing."""

    taken = ""

    async def _keep(self, native: str, joining: Any) -> None:
        self.taken = joining.why

    async def _refuse(self, native: str) -> None:
        self.taken = "refused"

    def _start(self, native: str) -> None:
        pass


class Anywhere:
    """A world in which everybody shares a guarded room with the bot."""

    me = ME

    def shares_room(self, user: str) -> bool:
        """See `World.shares_room`."""
        return True


@pytest.mark.parametrize(
    ("maker", "may", "taken"),
    [(BEN, [], "direct"), (ANN, [], "refused"), (ANN, ["*:x.org"], "group"), ("", [], "refused")],
)
async def test_only_a_room_of_ones_own_is_a_direct_chat(maker: str, may: list[str], taken: str) -> None:
    """A guarded room that lost the bot must not be turned into somebody's "direct chat"."""
    section = MatrixSection(homeserver="https://x.org", user_id=ME, accept_invites_from=may)
    joins = Judged(section, None, Anywhere(), None, None)  # type: ignore[arg-type]
    invitation = state("m.room.member", {"membership": "invite", "is_direct": True}, by=BEN, key=ME)
    made = [state("m.room.create", {}, by=maker)] if maker else []
    await joins.invited("!group:x.org", [*made, invitation])
    assert joins.taken == taken
