"""The gateway: who may connect, what is told to whom, and what a cut loses and does not lose."""

import aiohttp
import pytest

from tests.localdiscord import P
from tests.localdiscord.conftest import Scene
from tests.localdiscord.raw import EVERYTHING
from tests.localdiscord.world import I


@pytest.mark.parametrize(("data", "code"), [
    ({"token": "wrong", "intents": 1}, 4004),
    ({"token": "", "intents": 1 << 40}, 4013),
    ({"token": "", "intents": I.CONTENT}, 4014),
    ({"token": "", "intents": I.PRESENCES}, 4014),
    ({"token": "", "intents": 1, "shard": [1, 1]}, 4010),
])  # fmt: skip
async def test_a_wrong_identify_is_closed_with_its_code(
    scene: Scene, data: dict[str, object], code: int
) -> None:
    socket = await scene.raw.connect()
    assert (await socket.next())["op"] == 10
    await socket.send(2, {**data, "token": data["token"] or scene.server.token})
    assert await socket.closed() == code


async def test_the_members_intent_is_refused_where_it_is_switched_off(scene: Scene) -> None:
    scene.server.world.privileged.clear()
    socket = await scene.raw.connect()
    await socket.identify(scene.server.token, I.GUILDS | I.MEMBERS)
    assert await socket.closed() == 4014


async def test_what_is_no_protocol_closes_the_connection(scene: Scene) -> None:
    for text, code in (("no json", 4002), ('{"op": 77, "d": null}', 4001), ('{"op": 8, "d": {}}', 4003)):
        socket = await scene.raw.connect()
        await socket.socket.send_str(text)
        assert await socket.closed() == code
    socket = await scene.raw.identified()
    await socket.identify(scene.server.token, EVERYTHING)
    assert await socket.closed() == 4005


async def test_another_version_of_the_api_is_closed(scene: Scene) -> None:
    socket = await scene.raw.connect(version=6)
    assert await socket.closed() == 4012


async def test_too_many_frames_in_a_minute_close_the_connection(scene: Scene) -> None:
    socket = await scene.raw.identified()
    for _ in range(121):
        await socket.send(1, None)
    assert await socket.closed() == 4008


async def test_who_sends_no_heartbeat_is_dropped(scene: Scene) -> None:
    scene.server.gateway.heartbeat_ms = 40
    socket = await scene.raw.identified()
    assert await socket.closed() == 4009
    assert not scene.server.gateway.sessions, "docs, Close Event Codes: a new session"


async def test_a_resume_replays_exactly_what_was_missed(scene: Scene) -> None:
    socket = await scene.raw.identified()
    ready = await socket.event("READY")
    await socket.event("GUILD_CREATE")
    seen = socket.seen[-1]["s"]
    scene.server.gateway.cut()
    await scene.bob.send(scene.room, "one")
    await scene.bob.leave(scene.guild)
    again = await scene.raw.connect()
    await again.send(6, {"token": scene.server.token, "session_id": ready["session_id"], "seq": seen})
    await again.event("RESUMED")
    frames = [frame for frame in again.seen if frame["op"] == 0]
    assert [frame["t"] for frame in frames] == ["MESSAGE_CREATE", "GUILD_MEMBER_REMOVE", "RESUMED"]
    assert [frame["s"] for frame in frames] == [seen + 1, seen + 2, seen + 3]


async def test_a_resume_of_nothing_is_an_invalid_session(scene: Scene) -> None:
    socket = await scene.raw.identified()
    ready = await socket.event("READY")
    resume = {"token": scene.server.token, "session_id": ready["session_id"], "seq": 1}

    async def refused(body: dict[str, object]) -> bool:
        again = await scene.raw.connect()
        await again.send(6, body)
        return (await again.op(9))["d"] is False

    assert await refused({**resume, "session_id": "made-up"})
    scene.server.gateway.refuse_resume = True
    assert await refused(resume)
    scene.server.gateway.refuse_resume = False
    assert await refused(resume), "the session is gone for good"


async def test_a_resume_with_another_token_is_closed(scene: Scene) -> None:
    socket = await scene.raw.identified()
    ready = await socket.event("READY")
    again = await scene.raw.connect()
    await again.send(6, {"token": "wrong", "session_id": ready["session_id"], "seq": 1})
    assert await again.closed() == 4004


async def test_bytes_are_no_frames_and_a_closed_door_is_503(scene: Scene) -> None:
    socket = await scene.raw.connect()
    await socket.socket.send_bytes(b"{}")
    assert await socket.closed() == 4002
    scene.server.gateway.accepting = False
    with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
        await scene.raw.connect()


async def test_a_resume_from_the_future_is_closed(scene: Scene) -> None:
    socket = await scene.raw.identified()
    ready = await socket.event("READY")
    again = await scene.raw.connect()
    await again.send(6, {"token": scene.server.token, "session_id": ready["session_id"], "seq": 999})
    assert await again.closed() == 4007


async def test_an_orderly_goodbye_ends_the_session(scene: Scene) -> None:
    socket = await scene.raw.identified()
    await socket.event("READY")
    await socket.socket.close(code=1000)
    await scene.server.until(lambda: not scene.server.gateway.sessions)


async def test_ops_seven_and_nine_reach_the_client(scene: Scene) -> None:
    socket = await scene.raw.identified()
    scene.server.gateway.ask_to_reconnect()
    await socket.event("READY")
    await socket.op(7)
    scene.server.gateway.invalidate()
    assert (await socket.op(9))["d"] is False
    assert not scene.server.gateway.sessions


# What a person does, and the event that needs this intent.
async def test_an_event_comes_only_with_its_intent(scene: Scene) -> None:
    cyd = scene.server.person("cyd")
    needs = {
        I.GUILDS: {"GUILD_CREATE", "CHANNEL_UPDATE", "GUILD_ROLE_CREATE", "THREAD_CREATE"},
        I.MEMBERS: {"GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"},
        I.VOICE: {"VOICE_STATE_UPDATE"},
        I.INVITES: {"INVITE_CREATE"},
        I.WEBHOOKS: {"WEBHOOKS_UPDATE"},
        I.MESSAGES: {"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"},
        I.REACTIONS: {"MESSAGE_REACTION_ADD"},
        I.DMS: {"MESSAGE_CREATE"},
        I.MODERATION: {"GUILD_BAN_ADD"},
    }
    sockets = {intent: await scene.raw.identified(intent) for intent in needs}
    for socket in sockets.values():
        await socket.event("READY")
        await socket.names()
        socket.seen.clear()
    scene.server.add_bot(scene.server.guild("Other", scene.bob))
    await scene.ann.edit_channel(scene.room, topic="x")
    role = await scene.ann.create_role(scene.guild, "x")
    await scene.bob.create_thread(scene.room, "x")
    await cyd.join_guild(scene.guild)
    await scene.ann.give_role(scene.guild, cyd, role)
    await cyd.join_voice(scene.lounge)
    await cyd.leave_voice(scene.guild)
    await scene.ann.create_invite(scene.room, max_age=0)
    await scene.ann.create_webhook(scene.room, "x")
    message = await scene.bob.send(scene.room, "x")
    await scene.bob.edit(message, "y")
    await scene.bob.react(message, "x")
    await scene.bob.delete(message)
    await scene.bob.send(scene.bob.dm, "x")
    await scene.ann.ban(scene.guild, cyd)
    for intent, expected in needs.items():
        assert set(await sockets[intent].names()) == expected, f"{intent:b}"


async def test_about_itself_a_bot_is_told_without_the_members_intent(scene: Scene) -> None:
    socket = await scene.raw.identified(I.GUILDS)
    await scene.ann.timeout(scene.guild, scene.bob, 60)
    role = await scene.ann.create_role(scene.guild, "x")
    await scene.ann.give_role(scene.guild, scene.server.bot, role)
    told = await socket.event("GUILD_MEMBER_UPDATE")
    assert told["user"]["id"] == str(scene.server.bot.id)


async def test_words_come_only_where_the_bot_may_read(scene: Scene) -> None:
    socket = await scene.raw.identified()
    await scene.bob.send(scene.room, "private words", files={"a.txt": b"x"})
    told = await socket.event("MESSAGE_CREATE")
    assert (told["content"], told["attachments"]) == ("", [])
    path = f"/channels/{scene.room.id}/messages/{told['id']}"
    assert (await scene.raw.ask("GET", path)).body["content"] == "", "nor over REST"
    await scene.bob.send(scene.room, f"hello <@{scene.server.bot.id}>")
    assert (await socket.event("MESSAGE_CREATE"))["content"].startswith("hello")
    await scene.bob.send(scene.bob.dm, "to you")
    assert (await socket.event("MESSAGE_CREATE"))["content"] == "to you"
    scene.server.world.privileged.add("message_content")
    reading = await scene.raw.identified(I.MESSAGES | I.CONTENT)
    await reading.event("READY")
    await scene.bob.send(scene.room, "now heard")
    assert (await reading.event("MESSAGE_CREATE"))["content"] == "now heard"
    assert (await scene.raw.ask("GET", path)).body["content"] == "private words"


async def test_a_forward_shows_where_it_came_from_and_not_its_words(scene: Scene) -> None:
    socket = await scene.raw.identified()
    secret = await scene.ann.create_channel(scene.guild, "circle")
    said = await scene.bob.send(secret, "said inside")
    await scene.bob.send(scene.room, forward=said)
    await socket.event("MESSAGE_CREATE")
    told = await socket.event("MESSAGE_CREATE")
    assert told["message_reference"]["type"] == 1
    assert told["message_reference"]["channel_id"] == str(secret.id)
    assert told["message_snapshots"][0]["message"]["content"] == ""


async def test_messages_in_a_channel_that_the_bot_does_not_see_are_not_told(scene: Scene) -> None:
    socket = await scene.raw.identified()
    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.VIEW_CHANNEL)
    await scene.ann.send(scene.room, "x")
    names = await socket.names()
    assert "MESSAGE_CREATE" not in names
    assert "CHANNEL_UPDATE" in names, "but the channel itself is"


async def test_on_arrival_only_the_bot_and_people_in_voice_are_listed(scene: Scene) -> None:
    cyd = scene.server.person("cyd")
    await cyd.join_guild(scene.guild)
    await cyd.join_voice(scene.lounge)
    socket = await scene.raw.identified()
    guild = await socket.event("GUILD_CREATE")
    assert {one["user"]["username"] for one in guild["members"]} == {"Keeper", "cyd"}
    assert guild["member_count"] == 4
    assert [one["user_id"] for one in guild["voice_states"]] == [str(cyd.id)]


async def test_members_come_in_chunks_of_a_thousand(scene: Scene) -> None:
    for number in range(1100):
        await scene.server.person(f"p{number}").join_guild(scene.guild)
    socket = await scene.raw.identified()
    await socket.event("GUILD_CREATE")
    await socket.send(8, {"guild_id": str(scene.guild.id), "query": "", "limit": 0, "nonce": "n"})
    chunks = [await socket.event("GUILD_MEMBERS_CHUNK") for _ in range(2)]
    assert [(len(one["members"]), one["chunk_index"], one["chunk_count"]) for one in chunks] == [
        (1000, 0, 2),
        (103, 1, 2),
    ]
    assert chunks[0]["nonce"] == "n"


async def test_without_the_members_intent_one_asks_by_name_or_id(scene: Scene) -> None:
    socket = await scene.raw.identified(I.GUILDS)
    await socket.send(8, {"guild_id": str(scene.guild.id), "query": "bo", "limit": 5})
    assert [one["user"]["username"] for one in (await socket.event("GUILD_MEMBERS_CHUNK"))["members"]] == [
        "bob"
    ]
    await socket.send(8, {"guild_id": str(scene.guild.id), "user_ids": [str(scene.bob.id), "1"]})
    chunk = await socket.event("GUILD_MEMBERS_CHUNK")
    assert len(chunk["members"]) == 1 and chunk["not_found"] == ["1"]
    await socket.send(8, {"guild_id": str(scene.guild.id), "query": "", "limit": 0})
    assert await socket.closed() == 4014


async def test_a_server_without_the_bot_tells_it_nothing(scene: Scene) -> None:
    socket = await scene.raw.identified()
    await socket.names()
    socket.seen.clear()
    other = scene.server.guild("Other", scene.ann)
    room = scene.server.channel(other, "general")
    await scene.bob.join_guild(other)
    await scene.bob.send(room, "x")
    await scene.ann.edit_channel(room, topic="x")
    assert await socket.names() == []
    assert (await scene.raw.ask("GET", f"/channels/{room.id}")).refusal == (403, 50001)


async def test_removing_the_bot_is_told_and_closes_everything(scene: Scene) -> None:
    socket = await scene.raw.identified()
    await scene.ann.kick(scene.guild, scene.server.bot)
    assert (await socket.event("GUILD_DELETE")) == {"id": str(scene.guild.id)}
    assert (await scene.raw.ask("GET", f"/guilds/{scene.guild.id}")).status == 404


async def test_nothing_comes_while_the_network_is_held(scene: Scene) -> None:
    scene.server.gateway.hold()
    socket = await scene.raw.connect()
    with pytest.raises(TimeoutError):
        await socket.socket.receive(timeout=0.05)
    scene.server.gateway.release()
    assert (await socket.next())["op"] == 10
