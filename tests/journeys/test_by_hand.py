"""What people with power do by hand is respected, told once, and never fought over."""

import asyncio

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, agree, plain_and_encrypted, until


@plain_and_encrypted
async def test_who_is_invited_past_the_door_stays_and_facilitators_are_told_once(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """It counts as a guest pass until they decide."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="door", encrypted=encrypted)
    await circle.admin.ask_bot("!members")
    circle.admin.heard()
    eve = await someone("eve", keeper, kind=circle.kind)
    await circle.welcome(eve)
    told = await circle.admin.answer(eve.user_id)
    await asyncio.sleep(3)
    assert (await circle.admin.memberships(circle.room))[eve.user_id] == "join"
    assert await circle.may_speak(eve)
    again = circle.admin.words[circle.admin.words.index(told) + 1 :]
    assert not any(eve.user_id in e["content"]["body"] for e in again)


@plain_and_encrypted
async def test_enforcing_a_door_shows_out_who_has_not_agreed(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """After showing the number and being confirmed; nobody who agreed is touched; no reason is shown."""
    circle = await Circle.guarded(someone, keeper, "ben", "cleo", gate="door", encrypted=encrypted)
    ben, cleo = circle.members
    await agree(ben)
    await agree(circle.admin, asked=False)
    await circle.admin.ask_bot("!group enforce", "confirm")
    await circle.admin.ask_bot("confirm")

    async def outside() -> bool:
        return (await circle.admin.memberships(circle.room))[cleo.user_id] == "leave"

    await until(outside, "shown out")
    content = await circle.admin.state(circle.room, "m.room.member", cleo.user_id) or {}
    assert "reason" not in content
    assert (await circle.admin.memberships(circle.room))[ben.user_id] == "join"

    await cleo.knock(circle.room)
    await agree(cleo, asked=False)
    await cleo.see_invitation(circle.room)


async def test_a_level_taken_by_hand_is_not_given_back(keeper: BotProcess, someone: MakePerson) -> None:
    """A moderator who silences somebody is right until facilitators decide otherwise."""
    circle = await Circle.guarded(someone, keeper, gate="mute")
    dora = await circle.welcome(await someone("dora", keeper))
    await agree(dora)
    await circle.speaks(dora)
    await circle.admin.powers(circle.room, users={dora.user_id: -1})
    await asyncio.sleep(3)
    assert not await circle.may_speak(dora)


async def test_setup_undo_can_leave_and_leaves_nothing_behind(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """The room is as it was, and the bot is gone."""
    circle = await Circle.gather(someone, keeper, "ben")
    await circle.adopt()
    before = await circle.admin.powers(circle.room)
    await circle.set_up(gate="mute")
    await circle.admin.ask_bot("!setup undo leave confirm")

    async def gone() -> bool:
        return (await circle.admin.memberships(circle.room))[keeper.user_id] == "leave"

    await until(gone, "the bot has left")
    assert await circle.admin.powers(circle.room) == before


async def test_a_facilitator_who_is_removed_has_no_say_any_more(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """At once."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    await circle.admin.ask_bot(f"!facilitator add {ben.user_id}")
    await ben.answer("facilitator accept")
    await ben.ask_bot("!facilitator accept")
    await ben.ask_bot("!group", "gate:")
    await circle.admin.ask_bot(f"!facilitator remove {ben.user_id} confirm")
    await ben.ask_bot("!group", "facilitator")


async def test_in_a_room_with_other_bots_help_is_given_when_addressed(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """A bare `!help` there is anybody's; `!keeper help` and a mention are ours."""
    circle = await Circle.guarded(someone, keeper, "ben")
    await circle.welcome(await someone("bot-weather", keeper))
    ben = circle.members[0]
    await asyncio.sleep(1)

    async def said() -> int:
        events = await ben.history(circle.room)
        return sum(e["sender"] == keeper.user_id and e["type"] == "m.room.message" for e in events)

    before = await said()
    await ben.say(circle.room, "!help")
    await asyncio.sleep(1.5)
    assert await said() == before
    await ben.say(circle.room, "!keeper help")

    async def answered() -> bool:
        return await said() > before

    await until(answered, "help where it was asked for")
