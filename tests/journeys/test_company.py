"""Who else is there: other networks, other bots, strangers, and many people at the same moment."""

import asyncio

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, agree


async def test_twenty_people_agree_at_the_same_moment_and_all_may_speak(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """One writer of power levels: no grant is lost, and nobody else's level changes."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute")
    people = [await circle.welcome(await someone(f"p{n}", keeper)) for n in range(20)]
    await asyncio.gather(*(agree(person) for person in people))
    await asyncio.gather(*(circle.speaks(person) for person in people))
    assert await circle.may_speak(circle.members[0])
    levels = await circle.admin.powers(circle.room)
    assert levels["users"][keeper.user_id] == 100


async def test_a_bridge_does_not_arrive_unnoticed(keeper: BotProcess, someone: MakePerson) -> None:
    """Facilitators and the room hear of it; people behind it are counted apart and not asked."""
    circle = await Circle.guarded(someone, keeper, "ben")
    await circle.admin.ask_bot("!members")
    circle.admin.heard()
    bridge = {
        "bridgebot": "@telegrambot:keeper.test",
        "protocol": {"id": "telegram", "displayname": "Telegram"},
    }
    await circle.admin.set_state(circle.room, "m.bridge", bridge, key="telegram")
    await circle.admin.see(
        circle.room,
        lambda e: e["sender"] == keeper.user_id and "Telegram" in str(e["content"].get("body")),
    )
    ghost = await circle.welcome(await someone("telegram_12345", keeper))
    await asyncio.sleep(2)
    await ghost.look_once()
    assert not ghost.chats
    assert "another network" in await circle.admin.ask_bot("!members", "another network")
    assert "Telegram" in await circle.members[0].ask_bot("!privacy", "Telegram")


async def test_a_stranger_gets_no_direct_chat(keeper: BotProcess, someone: MakePerson) -> None:
    """Somebody of no group may open one only where the operator allows it; they learn of no group."""
    circle = await Circle.guarded(someone, keeper, "ben", name="Hidden Garden")
    stranger = await someone("stranger", keeper)
    await stranger.say_to_bot("!consent")
    said = (await stranger.answer())["content"]["body"]
    assert circle.name not in said
    await stranger.say_to_bot(f'!in "{circle.name}" group')
    assert "gate" not in (await stranger.answer())["content"]["body"]


async def test_who_leaves_and_comes_back_is_still_agreed(keeper: BotProcess, someone: MakePerson) -> None:
    """An agreement lasts as it said, also over a leave; it is not asked again."""
    circle = await Circle.guarded(someone, keeper, gate="mute")
    dora = await circle.welcome(await someone("dora", keeper))
    await agree(dora)
    await circle.speaks(dora)
    await dora.leave(circle.room)
    await circle.admin.invite(circle.room, dora.user_id)
    dora.heard()
    await dora.join(circle.room)
    await circle.speaks(dora)
    await asyncio.sleep(2)
    assert not any("consent understood" in e["content"]["body"] for e in dora.words[1:])


async def test_a_new_agreement_asks_again_and_takes_nothing_away(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """A new text is a new version; the old agreement holds until its grace ends."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute")
    await circle.admin.ask_bot("!group set quiet_hours none confirm")
    dora = await circle.welcome(await someone("dora", keeper))
    first = await agree(dora)
    await circle.speaks(dora)
    dora.heard()
    await circle.admin.ask_bot('!group set agreement "We keep it here. We listen." confirm')
    await dora.answer("consent understood", timeout=40)
    assert await circle.may_speak(dora)
    second = await agree(dora, asked=False)
    assert b"We keep it here" in second.agreement
    assert second.matches
    assert second.fields["text_sha256"] != first.fields["text_sha256"]
