"""Messages and reactions: what is refused though one may write there."""

import pytest

from tests.localdiscord import P, Refused
from tests.localdiscord.conftest import Scene
from tests.localdiscord.content import LARGEST_FILE
from tests.localdiscord.messages import send

INVALID, MISSING_PERMISSIONS = (400, 50035), (403, 50013)


async def test_files_polls_and_replies_have_permissions_of_their_own(scene: Scene) -> None:
    path = f"/channels/{scene.room.id}/messages"
    said = await scene.bob.send(scene.room, "words")
    poll = {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "a"}}]}
    reply = {"content": "x", "message_reference": {"message_id": str(said.id)}}
    await scene.ann.overwrite(
        scene.room, scene.role, deny=P.ATTACH_FILES | P.SEND_POLLS | P.READ_MESSAGE_HISTORY
    )
    assert (await scene.raw.ask("POST", path, {}, files=[b"x"])).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("POST", path, {"poll": poll})).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("POST", path, reply)).refusal == MISSING_PERMISSIONS
    await scene.ann.clear_overwrite(scene.room, scene.role)
    for body, files in (({}, [b"x"]), ({"poll": poll}, None), (reply, None)):
        assert (await scene.raw.ask("POST", path, body, files=files)).status == 200


async def test_a_file_that_is_too_large_is_413(scene: Scene) -> None:
    got = await scene.raw.ask(
        "POST", f"/channels/{scene.room.id}/messages", {}, files=[b"x" * (LARGEST_FILE + 1)]
    )
    assert got.refusal == (413, 40005)


async def test_a_reply_to_nothing_is_refused_unless_it_may_fail(scene: Scene) -> None:
    path, nothing = f"/channels/{scene.room.id}/messages", {"message_id": "1"}
    assert (
        await scene.raw.ask("POST", path, {"content": "x", "message_reference": nothing})
    ).refusal == INVALID
    lenient = {"content": "x", "message_reference": {**nothing, "fail_if_not_exists": False}}
    assert (await scene.raw.ask("POST", path, lenient)).status == 200


async def test_nobody_forwards_what_they_do_not_see(scene: Scene) -> None:
    secret = await scene.ann.create_channel(scene.guild, "secret")
    said = await scene.ann.send(secret, "words")
    await scene.ann.overwrite(secret, scene.guild.everyone, deny=P.VIEW_CHANNEL)
    with pytest.raises(Refused, match="50035"):
        await scene.bob.send(scene.room, forward=said)


async def test_slow_mode_holds_people_and_not_who_manages(scene: Scene) -> None:
    await scene.ann.edit_channel(scene.room, rate_limit_per_user=10)
    await scene.bob.send(scene.room, "one")
    with pytest.raises(Refused, match="20016"):
        await scene.bob.send(scene.room, "two")
    scene.server.clock.advance(10)
    await scene.bob.send(scene.room, "two")
    for text in ("one", "two"):
        await scene.ann.send(scene.room, text)


async def test_the_second_kind_of_components_stays(scene: Scene) -> None:
    path = f"/channels/{scene.room.id}/messages"
    made = await scene.raw.ask("POST", path, {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}]})
    assert (await scene.raw.ask("PATCH", f"{path}/{made.body['id']}", {"flags": 0})).refusal == INVALID


async def test_in_a_direct_chat_only_ones_own_words_can_be_taken_down(scene: Scene) -> None:
    said = await scene.bob.send(scene.bob.dm, "words")
    path = f"/channels/{scene.bob.dm.id}/messages/{said.id}"
    assert (await scene.raw.ask("DELETE", path)).refusal == (403, 50003)
    await scene.bob.react(said, "x")
    assert (
        await scene.raw.ask("DELETE", f"{path}/reactions/x/{scene.bob.id}")
    ).refusal == MISSING_PERMISSIONS


async def test_many_messages_are_taken_down_at_once_when_they_are_young(scene: Scene) -> None:
    path = f"/channels/{scene.room.id}/messages/bulk-delete"
    ids = [str((await scene.bob.send(scene.room, str(n))).id) for n in range(2)]
    await scene.ann.overwrite(scene.room, scene.role, deny=P.MANAGE_MESSAGES)
    assert (await scene.raw.ask("POST", path, {"messages": ids})).refusal == MISSING_PERMISSIONS
    await scene.ann.clear_overwrite(scene.room, scene.role)
    scene.server.clock.advance(15 * 86400)
    assert (await scene.raw.ask("POST", path, {"messages": ids})).refusal == (400, 50034)
    young = [str((await scene.bob.send(scene.room, str(n))).id) for n in range(2)]
    assert (await scene.raw.ask("POST", path, {"messages": young})).status == 204
    assert [str(one) for one in scene.room.messages] == ids


async def test_a_channel_holds_250_pins(scene: Scene) -> None:
    for number in range(251):
        await scene.bob.send(scene.room, str(number))
    *most, last = scene.room.messages.values()
    for one in most:
        await scene.ann.pin(one)
    got = await scene.raw.ask("PUT", f"/channels/{scene.room.id}/messages/pins/{last.id}")
    assert got.refusal == (400, 30003)


async def test_reactions_of_others_need_manage_messages_and_must_be_there(scene: Scene) -> None:
    said = await scene.bob.send(scene.room, "words")
    path = f"/channels/{scene.room.id}/messages/{said.id}/reactions"
    assert (await scene.raw.ask("DELETE", f"{path}/x/@me")).refusal == (404, 10014)
    await scene.bob.react(said, "x")
    await scene.ann.overwrite(scene.room, scene.role, deny=P.MANAGE_MESSAGES)
    assert (await scene.raw.ask("DELETE", f"{path}/x/{scene.bob.id}")).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("DELETE", path)).refusal == MISSING_PERMISSIONS
    await scene.ann.clear_overwrite(scene.room, scene.role)
    assert (await scene.raw.ask("DELETE", f"{path}/x/{scene.bob.id}")).status == 204
    assert said.reactions == {}


async def test_without_the_history_nobody_reads_what_was_before_or_reacts(scene: Scene) -> None:
    said = await scene.ann.send(scene.room, "before")
    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.READ_MESSAGE_HISTORY)
    cyd = scene.server.person("cyd")
    scene.server.clock.advance(1)
    await cyd.join_guild(scene.guild)
    assert cyd.sees(scene.room) == []
    with pytest.raises(Refused, match="50013"):
        await cyd.react(said, "x")
    assert (await scene.raw.ask("GET", f"/channels/{scene.room.id}/messages/{said.id}")).refusal == (
        404,
        10008,
    )


async def test_the_bot_writes_to_no_category_and_not_to_itself(scene: Scene) -> None:
    category = await scene.ann.create_channel(scene.guild, "rooms", "category")
    with pytest.raises(Refused, match="50008"):
        send(scene.server.world, scene.server.bot, category, {"content": "x"})
    got = await scene.raw.ask("POST", "/users/@me/channels", {"recipient_id": str(scene.server.bot.id)})
    assert got.refusal == (400, 50007)
