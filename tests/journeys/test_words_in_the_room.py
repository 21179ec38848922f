"""Commands that are typed where everybody can read them."""

import asyncio

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, until


async def test_a_private_command_in_the_room_is_taken_down_and_answered_in_private(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Nobody outs themselves by a slip; the answer comes to the direct chat."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    await ben.answer("consent understood", timeout=40)
    ben.heard()
    slip = await ben.say(circle.room, "!consent withdraw")
    await until(lambda: ben.gone(circle.room, slip), "taken down", timeout=5)
    await ben.answer(circle.name)
    said = [
        e
        for e in await ben.history(circle.room)
        if e["sender"] == keeper.user_id and e["type"] == "m.room.message"
    ]
    assert not any("withdr" in str(e["content"]).casefold() for e in said)


async def test_rules_asked_in_the_room_are_answered_in_the_room(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """`rules` is for everybody's eyes; the question stays."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    ben.watch()
    question = await ben.say(circle.room, "!rules")
    await ben.see(circle.room, lambda e: e["sender"] == keeper.user_id and e["type"] == "m.room.message")
    assert not await ben.gone(circle.room, question)


async def test_a_mistyped_command_gets_the_nearest_one(keeper: BotProcess, someone: MakePerson) -> None:
    """Also when the prefix is a slash that the client sends as text."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    assert "consent" in await ben.ask_bot("!consnet")
    assert "consent withdraw" in await ben.ask_bot("!consent witdraw")
    assert "consent" in await ben.ask_bot("/help consent")


async def test_urgent_works_for_anybody_at_once(keeper: BotProcess, someone: MakePerson) -> None:
    """Before any agreement, and it asks nothing."""
    circle = await Circle.gather(someone, keeper)
    await circle.adopt()
    await circle.set_up(gate="mute", crisis_contact='"Call 555 0199"')
    dora = await circle.welcome(await someone("dora", keeper))
    assert "555 0199" in await dora.ask_bot("!urgent", "555")


async def test_ordinary_talk_is_none_of_the_bots_business(keeper: BotProcess, someone: MakePerson) -> None:
    """Words, other bots' commands and replies bring no answer."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    before = len(await ben.history(circle.room))
    for words in ("good evening", "!weather tomorrow", "I agree", "confirm", "consent"):
        await ben.say(circle.room, words)
    await asyncio.sleep(1.5)
    assert len(await ben.history(circle.room)) == before + 5
