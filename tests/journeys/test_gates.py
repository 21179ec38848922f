"""What each gate does to people who were inside, who come, and who stay away."""

import asyncio

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, agree, plain_and_encrypted, until
from tests.support.client import Person


@plain_and_encrypted
async def test_a_newcomer_is_asked_within_ten_seconds(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """Promised: 10 s from when the platform shows the join; ours: 5."""
    circle = await Circle.guarded(someone, keeper, encrypted=encrypted)
    dora = await someone("dora", keeper, kind=circle.kind)
    dora.watch()
    await circle.welcome(dora)
    await dora.answer("consent understood", timeout=10)


@plain_and_encrypted
async def test_grace_lasts_until_a_facilitator_enforces_the_gate(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """Nobody who was inside falls silent by a clock: `group enforce` shows a number and asks first."""
    circle = await Circle.guarded(someone, keeper, "ben", "cleo", gate="mute", encrypted=encrypted)
    ben, cleo = circle.members
    await agree(ben)
    assert await circle.may_speak(cleo)

    preview = await circle.admin.ask_bot("!group enforce")
    assert "1" in preview or "2" in preview
    assert cleo.user_id not in preview
    assert await circle.may_speak(cleo)
    await circle.admin.ask_bot("confirm")
    await circle.falls_silent(cleo)
    assert await circle.may_speak(ben)

    await agree(cleo, asked=False)
    await circle.speaks(cleo)


async def test_group_open_turns_every_gate_off_and_says_so(keeper: BotProcess, someone: MakePerson) -> None:
    """An emergency must never wait for consent."""
    circle = await Circle.guarded(someone, keeper, gate="mute")
    dora = await circle.welcome(await someone("dora", keeper))
    await circle.falls_silent(dora)
    await circle.admin.ask_bot("!group open")
    await circle.speaks(dora)
    await circle.admin.see(
        circle.room, lambda e: e["sender"] == keeper.user_id and e["type"] == "m.room.message"
    )


async def test_a_guest_pass_lets_somebody_speak_who_cannot_use_the_bot(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """`members admit WHO 72h`, by a facilitator; never a reason asked."""
    circle = await Circle.guarded(someone, keeper, gate="mute")
    dora = await circle.welcome(await someone("dora", keeper))
    await circle.falls_silent(dora)
    said = await circle.admin.ask_bot(f"!members admit {dora.user_id} 72h")
    if "confirm" in said:
        await circle.admin.ask_bot("confirm")
    await circle.speaks(dora)


@plain_and_encrypted
async def test_without_power_over_levels_the_bot_takes_down_and_explains(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """Words, stickers and reactions alike are gone within 5 s; after agreeing they stay."""
    circle = await Circle.gather(someone, keeper, encrypted=encrypted)
    await circle.adopt(power=50)
    await circle.set_up(gate="mute")
    dora = await circle.welcome(await someone("dora", keeper, kind=circle.kind))
    await asyncio.sleep(0.5)
    sent = [
        await dora.say(circle.room, "hello"),
        await dora.send(circle.room, "m.sticker", {"body": "wave", "url": "mxc://keeper.test/x", "info": {}}),
        await dora.send(circle.room, "org.matrix.msc3381.poll.start", {"question": {}}),
    ]
    for event in sent:
        await until(lambda e=event: dora.gone(circle.room, e), "taken down", timeout=5)  # type: ignore[misc]
    await agree(dora)

    async def stays() -> bool:
        event = await dora.say(circle.room, "hello again")
        await asyncio.sleep(1)
        return not await dora.gone(circle.room, event)

    await until(stays, "words stay after agreeing")


async def test_power_given_by_hand_is_respected(keeper: BotProcess, someone: MakePerson) -> None:
    """What a person with power does by hand is never fought over; facilitators are told once."""
    circle = await Circle.guarded(someone, keeper, gate="mute")
    dora = await circle.welcome(await someone("dora", keeper))
    await circle.falls_silent(dora)
    circle.admin.heard()
    await circle.admin.powers(circle.room, users={dora.user_id: 25})
    await circle.admin.answer(circle.name)
    await asyncio.sleep(2)
    assert await circle.may_speak(dora)


async def knocks(circle: Circle, someone: MakePerson, name: str) -> Person:
    """Somebody outside asks to come in."""
    person = await someone(name, circle.keeper, kind=circle.kind)
    person.watch()
    await person.knock(circle.room)
    return person


@plain_and_encrypted
async def test_who_knocks_agrees_in_private_and_is_let_in(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """The door: asked outside, then invited."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="door", encrypted=encrypted)
    rule = await circle.admin.state(circle.room, "m.room.join_rules")
    assert rule is not None
    assert rule["join_rule"] == "knock"
    dora = await knocks(circle, someone, "dora")
    await agree(dora)
    await dora.see_invitation(circle.room)
    await dora.join(circle.room)
    assert await circle.may_speak(dora)
    assert await circle.may_speak(circle.members[0])


async def test_a_knock_of_who_declines_is_refused_without_a_reason(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Nothing that others can read says why."""
    circle = await Circle.guarded(someone, keeper, gate="door")
    dora = await knocks(circle, someone, "dora")
    await dora.answer("consent understood", timeout=40)
    await dora.ask_bot("!consent decline")
    circle.admin.watch()
    await circle.admin.see_membership(circle.room, dora.user_id, "leave")
    member = next(
        e
        for e in reversed(circle.admin.timelines[circle.room])
        if e["type"] == "m.room.member" and e["state_key"] == dora.user_id
    )
    assert "reason" not in member["content"]


async def test_withdrawing_behind_a_door_leaves_ten_minutes_to_come_back(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """It says that withdrawing means leaving, and nobody is shown out before the time is over."""
    circle = await Circle.guarded(someone, keeper, gate="door")
    dora = await knocks(circle, someone, "dora")
    await agree(dora)
    await dora.see_invitation(circle.room)
    await dora.join(circle.room)
    said = await dora.ask_bot("!consent withdraw")
    assert "10 minutes" in said
    await asyncio.sleep(1)
    await dora.ask_bot("!consent undo")
    assert (await circle.admin.memberships(circle.room))[dora.user_id] == "join"
