"""The foreign client does what the tests with the bot rely on: seen between two of its own kind."""

import asyncio
from pathlib import Path

import pytest

from tests.peers.evening import MakePeer
from tests.peers.node import Node, PeerRefused
from tests.peers.peer import Peer
from tests.peers.verification import Verification


async def _meet(host: Peer, *guests: Peer) -> str:
    """An encrypted room in which everybody has seen everybody."""
    room = await host.create_room(*(guest.user_id for guest in guests))
    for guest in guests:
        await guest.accept_invitation(room)
    for one in (host, *guests):
        for other in (host, *guests):
            await one.see_membership(room, other.user_id)
    return room


async def test_signed_people_read_each_other_without_a_shield(make_peer: MakePeer) -> None:
    ann, bea = await asyncio.gather(make_peer("ann"), make_peer("bea"))
    room = await _meet(ann, bea)
    there = await bea.see_event(room, await ann.say(room, "good evening"))
    assert (there.body, there.clean) == ("good evening", True)
    back = await ann.see_event(room, await bea.say(room, "and to you"))
    assert (back.body, back.clean) == ("and to you", True)
    plain = await ann.see_event(
        room, await bea.send_plain(room, "m.room.message", {"msgtype": "m.text", "body": "unsealed"})
    )
    assert not plain.encrypted


async def test_somebody_unsigned_is_blind_and_mute_to_this_client(make_peer: MakePeer) -> None:
    ann, una = await asyncio.gather(make_peer("ann"), make_peer("una", signed=False))
    room = await _meet(ann, una)
    unread = await una.see_event(room, await ann.say(room, "good evening"))
    assert unread.failure == "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"
    unheard = await ann.see_event(room, await una.say(room, "can you hear me"))
    assert unheard.failure == "UNSIGNED_SENDER_DEVICE"
    await una.sign()
    await ann.quiet()
    read = await una.see_event(room, await ann.say(room, "and now"))
    heard = await ann.see_event(room, await una.say(room, "yes"))
    assert read.clean
    assert heard.clean


async def _compare(asking: Verification, asked: Verification) -> None:
    """Both look at the same emoji and say so."""
    await asked.accept()
    first, second = await asyncio.gather(asking.emoji(), asked.emoji())
    assert first == second
    assert len(first) == 7
    assert await asked.decimal() == await asking.decimal()
    await asyncio.gather(asking.confirm(), asked.confirm())
    await asyncio.gather(asking.reach("done"), asked.reach("done"))


async def test_two_people_verify_each_other_in_a_direct_chat(make_peer: MakePeer) -> None:
    ann, bea = await asyncio.gather(make_peer("ann"), make_peer("bea"))
    chat = await ann.create_direct(bea.user_id)
    assert (await ann.directs())[bea.user_id] == [chat]
    await bea.accept_invitation(sender=ann.user_id)
    await ann.see_membership(chat, bea.user_id)
    assert not (await ann.status(bea.user_id)).verified
    asking = await ann.request_verification(bea.user_id, room=chat)
    await _compare(asking, await bea.see_verification(ann.user_id))
    await asyncio.gather(ann.see_verified(bea.user_id), bea.see_verified(ann.user_id))
    device = await ann.device(bea.user_id, bea.device_id)
    assert device is not None
    assert device.cross_signed


async def test_two_people_verify_each_other_outside_of_any_room(make_peer: MakePeer) -> None:
    ann, bea = await asyncio.gather(make_peer("ann"), make_peer("bea"))
    room = await _meet(ann, bea)  # who shares no room does not follow the other's devices
    await bea.see_event(room, await ann.say(room, "good evening"))
    asking = await ann.request_verification(bea.user_id, device=bea.device_id)
    await _compare(asking, await bea.see_verification(ann.user_id))
    await asyncio.gather(ann.see_verified(bea.user_id), bea.see_verified(ann.user_id))


async def test_who_sees_other_emoji_ends_it(make_peer: MakePeer) -> None:
    ann, bea = await asyncio.gather(make_peer("ann"), make_peer("bea"))
    chat = await ann.create_direct(bea.user_id)
    await bea.accept_invitation(chat)
    await ann.see_membership(chat, bea.user_id)
    asking = await ann.request_verification(bea.user_id, room=chat)
    asked = await bea.see_verification(ann.user_id)
    await asked.accept()
    await asyncio.gather(asking.emoji(), asked.emoji())
    await asked.confirm(same=False)
    await asking.reach("cancelled")
    assert (await asking.shown())["cancelled"] == "m.mismatched_sas"
    assert not (await ann.status(bea.user_id)).verified


async def test_a_restarted_client_reads_what_it_read_and_goes_on(make_peer: MakePeer) -> None:
    ann, bea = await asyncio.gather(make_peer("ann"), make_peer("bea"))
    room = await _meet(ann, bea)
    before = await bea.see_event(room, await ann.say(room, "before"))
    await bea.restart()
    assert (await bea.see_event(room, before.id)).clean
    assert (await bea.see_event(room, await ann.say(room, "after"))).clean
    assert (await ann.see_event(room, await bea.say(room, "still me"))).clean


async def test_a_second_device_counts_when_its_owner_signed_it(make_peer: MakePeer) -> None:
    ann, bea = await asyncio.gather(make_peer("ann"), make_peer("bea"))
    room = await _meet(ann, bea)
    phone = await bea.another_device()
    tablet = await bea.another_device(signed=False)
    try:
        await ann.quiet()
        said = await ann.say(room, "to all of you")
        assert (await phone.see_event(room, said)).clean
        assert (await tablet.see_event(room, said)).failure == "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"
        signed = {device.id: device.signed for device in await ann.devices(bea.user_id)}
        assert signed == {bea.device_id: True, phone.device_id: True, tablet.device_id: False}
    finally:
        await asyncio.gather(phone.close(), tablet.close())


async def test_a_reset_identity_is_noticed_and_can_be_approved(make_peer: MakePeer) -> None:
    ann, bea = await asyncio.gather(make_peer("ann"), make_peer("bea"))
    room = await _meet(ann, bea)
    await bea.see_event(room, await ann.say(room, "good evening"))
    first = await ann.identity_keys(bea.user_id)
    await bea.reset_identity()
    assert await ann.identity_keys(bea.user_id) != first
    assert (await ann.status(bea.user_id)).needs_approval
    await ann.approve(bea.user_id)
    assert not (await ann.status(bea.user_id)).needs_approval
    assert (await bea.see_event(room, await ann.say(room, "still you"))).clean
    assert (await ann.see_event(room, await bea.say(room, "still me"))).clean


async def test_room_keys_can_be_looked_at(make_peer: MakePeer) -> None:
    ann = await make_peer("ann")
    room = await ann.create_room()
    await ann.see_event(room, await ann.say(room, "to myself"))
    assert [key["room_id"] for key in await ann.room_keys()] == [room]


async def test_what_the_homeserver_refuses_comes_back_as_its_own_code(make_peer: MakePeer) -> None:
    ann, bea = await asyncio.gather(make_peer("ann"), make_peer("bea"))
    room = await ann.create_room()
    with pytest.raises(PeerRefused) as refused:
        await bea.join(room)
    assert refused.value.code == "M_FORBIDDEN"
    taken = await ann.say(room, "never mind")
    await ann.redact(room, taken)
    await ann.see(room, lambda event: event.id == taken and event.redacted)


async def test_a_node_process_that_ends_fails_what_waits_for_it(tmp_path: Path) -> None:
    node = Node(tmp_path / "log")
    with pytest.raises(PeerRefused, match="nobody is called"):
        await node.ask("nobody", "status")
    waiting = asyncio.create_task(node.ask("ann", "login", url="http://127.0.0.1:9", user="a", password="b"))
    await asyncio.sleep(0.1)
    node.kill()
    with pytest.raises(PeerRefused):
        await waiting
    node.stop()
    assert not node.running
