"""The bot in encrypted rooms, as somebody sees it whose client excludes what is not signed."""

import asyncio

from tests.peers.evening import Evening, MakePeer, Talk
from tests.support.api import Api
from tests.support.botprocess import BotProcess, MakeBot


async def test_the_bot_answers_in_an_encrypted_direct_chat(keeper: BotProcess, make_peer: MakePeer) -> None:
    """Somebody opens the chat, encrypted, as Element does; the bot reads them and is read by them."""
    talk = await Talk.opened(await make_peer("ann"), keeper.user_id)
    first = await talk.ask("!help")
    assert first.clean, first
    again = await talk.ask("!urgent")
    assert again.clean, again


async def test_the_bot_is_signed_by_its_own_identity(keeper: BotProcess, make_peer: MakePeer) -> None:
    """From the first start: to today's clients an unsigned device is blind and mute."""
    ann = await make_peer("ann")
    await Talk.opened(ann, keeper.user_id)
    assert (await ann.status(keeper.user_id)).has_identity
    assert [device.signed for device in await ann.devices(keeper.user_id)] == [True]


async def test_a_group_in_an_encrypted_room_is_guarded_without_a_shield(
    make_keeper: MakeBot, make_peer: MakePeer
) -> None:
    """Notices and private words can be read: at first, after a restart, and from a new device of the bot."""
    keeper = await make_keeper().start_beside()
    evening = await Evening.guarded(make_peer, keeper, "ben")
    ben = evening.members[0]
    assert await ben.peer.encrypted(ben.room)
    for notice in await evening.notices(ben.peer):
        assert notice.clean, notice
    for notice in await evening.announce("mute"):
        assert notice.clean, notice

    assert keeper.stop() == 0
    await keeper.start_beside()
    for notice in await evening.announce("notice"):
        assert notice.clean, notice
    assert (await ben.ask("!rules")).clean

    keeper.stop()
    await _sign_out_everywhere(keeper)
    await keeper.start_beside()
    for notice in await evening.announce("mute"):
        assert notice.clean, notice
    assert (await ben.ask("!rules")).clean


async def _sign_out_everywhere(keeper: BotProcess) -> None:
    """The homeserver forgets the bot's device and its keys, as after "sign out all sessions"."""
    async with Api(keeper.homeserver, keeper.user_id, "") as nobody:
        identifier = {"type": "m.id.user", "user": keeper.user_id}
        body = {"type": "m.login.password", "identifier": identifier, "password": keeper.account.password}
        token = (await nobody.call("POST", "/login", body))["access_token"]
    async with Api(keeper.homeserver, keeper.user_id, token) as bot:
        await bot.call("POST", "/logout/all")


async def test_the_bot_is_signed_and_understood_again_after_it_was_signed_out(
    make_keeper: MakeBot, make_peer: MakePeer
) -> None:
    """It signs in by itself, while it runs, and puts its keys up again."""
    keeper = await make_keeper().start_beside()
    ann = await make_peer("ann")
    talk = await Talk.opened(ann, keeper.user_id)
    assert (await talk.ask("!help")).clean
    await _sign_out_everywhere(keeper)

    async def signed() -> bool:
        return any(device.signed for device in await ann.devices(keeper.user_id))

    await ann.wait_for(signed, "a signed device of the bot")
    assert (await talk.ask("!urgent")).clean


async def test_the_bot_goes_along_with_somebody_whose_identity_is_new(
    keeper: BotProcess, make_peer: MakePeer
) -> None:
    """After "reset all": same device, other identity; and after a new phone beside it."""
    evening = await Evening.guarded(make_peer, keeper, "ben")
    ben = evening.members[0]
    await ben.peer.reset_identity()
    await ben.peer.quiet()
    assert (await ben.ask("!rules")).clean
    assert all(notice.clean for notice in await evening.announce("mute"))

    phone = Talk(await ben.peer.another_device(), keeper.user_id, ben.room)
    try:
        await phone.peer.quiet()
        answer = await phone.ask("!rules")
        assert answer.clean
        assert (await ben.peer.see_event(ben.room, answer.id)).clean
    finally:
        await phone.peer.close()


async def test_somebody_verifies_the_bot_in_their_direct_chat(
    keeper: BotProcess, make_peer: MakePeer
) -> None:
    """The bot shows its pictures, the person compares; js-sdk sends these events unencrypted."""
    ann = await make_peer("ann")
    talk = await Talk.opened(ann, keeper.user_id)
    asking = await ann.request_verification(keeper.user_id, room=talk.room)
    emoji = await asking.emoji()
    shown = (await talk.answer(emoji[0])).body
    places = [shown.index(picture) for picture in dict.fromkeys(emoji)]
    assert places == sorted(places)
    await asking.confirm()
    await asking.reach("done")
    await ann.see_verified(keeper.user_id)
    assert [device.trusted for device in await ann.devices(keeper.user_id)] == [True]
    assert (await talk.ask("!help")).clean


async def test_somebody_verifies_the_bots_device_outside_of_any_room(
    keeper: BotProcess, make_peer: MakePeer
) -> None:
    """By to-device messages, from the list of devices."""
    ann = await make_peer("ann")
    talk = await Talk.opened(ann, keeper.user_id)
    (device,) = await ann.devices(keeper.user_id)
    asking = await ann.request_verification(keeper.user_id, device=device.id)
    emoji = await asking.emoji()
    await talk.answer(emoji[0])
    await asking.confirm()
    await asking.reach("done")
    await ann.see_verified(keeper.user_id)


async def test_pictures_that_differ_verify_nobody(keeper: BotProcess, make_peer: MakePeer) -> None:
    """The person says so; the bot takes it as the end, and goes on answering."""
    ann = await make_peer("ann")
    talk = await Talk.opened(ann, keeper.user_id)
    asking = await ann.request_verification(keeper.user_id, room=talk.room)
    await asking.emoji()
    await asking.confirm(same=False)
    await asking.reach("cancelled")
    assert not (await ann.status(keeper.user_id)).verified
    assert (await talk.ask("!help")).clean


async def test_the_bot_hears_the_guarded_room_only_while_the_group_lets_it(
    keeper: BotProcess, make_peer: MakePeer
) -> None:
    """People's apps do hand the bot their keys to the room; what they say there it acts on only then."""
    evening = await Evening.guarded(make_peer, keeper, "ben", "cleo")
    ben, cleo = evening.members
    await _is_not_heard(evening, ben)
    assert (await ben.ask("!rules")).clean

    await evening.admin.ask("!group set hearing commands confirm", "hearing")
    await cleo.peer.see(evening.room, lambda event: "hear commands" in event.body, "that it hears now")
    for talk in (cleo, ben):
        # Ben gave the bot a key before, which it threw away: his app has to give it once more.
        await _is_heard(evening, talk)

    await evening.admin.ask("!group set hearing off confirm", "hearing")
    await evening.admin.peer.quiet()
    await _is_not_heard(evening, cleo)


async def _is_heard(evening: Evening, talk: Talk) -> None:
    before = {event.id for event in await evening.notices(talk.peer)}
    await talk.peer.say(evening.room, "!rules")
    answer = await talk.peer.see(
        evening.room, lambda event: "in the words that" in event.body and event.id not in before, "the rules"
    )
    assert answer.clean
    assert answer.sender == evening.bot.user_id


async def _is_not_heard(evening: Evening, talk: Talk) -> None:
    before = len(await evening.notices(talk.peer))
    await talk.peer.say(evening.room, "!rules")
    await talk.peer.say(evening.room, f"{talk.bot} !rules")
    await asyncio.sleep(2)
    assert len(await evening.notices(talk.peer)) == before
