"""Channels, threads and voice: what is refused beyond a lacking permission, and limits of servers."""

import pytest

from tests.localdiscord import CannotDo, P, Refused
from tests.localdiscord.conftest import HANDS, Scene
from tests.localdiscord.model import Channel, Json
from tests.localdiscord.world import I

INVALID, MISSING_PERMISSIONS, WRONG_KIND = (400, 50035), (403, 50013), (400, 50024)


@pytest.mark.parametrize(
    "body", [{"name": "x", "type": 99}, {"name": "x", "type": 1}, {"name": "x", "parent_id": "1"}]
)
async def test_a_channel_that_cannot_be_is_not_made(scene: Scene, body: Json) -> None:
    assert (await scene.raw.ask("POST", f"/guilds/{scene.guild.id}/channels", body)).refusal == INVALID
    assert len(scene.guild.channels) == 2


async def test_a_channel_goes_only_below_a_category(scene: Scene) -> None:
    path = f"/channels/{scene.room.id}"
    for parent in ("1", str(scene.lounge.id)):
        assert (await scene.raw.ask("PATCH", path, {"parent_id": parent})).refusal == INVALID
    category = await scene.ann.create_channel(scene.guild, "rooms", "category")
    assert (await scene.raw.ask("PATCH", path, {"parent_id": str(category.id)})).status == 200
    assert (await scene.raw.ask("PATCH", path, {"parent_id": None})).status == 200


async def test_a_channel_below_a_category_takes_its_overwrites_and_needs_its_permission(scene: Scene) -> None:
    category = await scene.ann.create_channel(scene.guild, "rooms", "category")
    await scene.ann.overwrite(category, scene.guild.everyone, deny=P.SEND_MESSAGES)
    path, body = f"/guilds/{scene.guild.id}/channels", {"name": "x", "parent_id": str(category.id)}
    made = await scene.raw.ask("POST", path, body)
    assert made.body["permission_overwrites"][0]["deny"] == str(int(P.SEND_MESSAGES))
    await scene.ann.overwrite(category, scene.role, deny=P.MANAGE_CHANNELS)
    assert (await scene.raw.ask("POST", path, body)).refusal == MISSING_PERMISSIONS


async def test_a_server_holds_500_channels_and_250_roles(scene: Scene) -> None:
    for number in range(500):
        scene.guild.channels.setdefault(number, Channel(number, 0, "x", scene.guild.id))
    got = await scene.raw.ask("POST", f"/guilds/{scene.guild.id}/channels", {"name": "x"})
    assert got.refusal == (400, 30013)
    for _ in range(248):
        await scene.ann.create_role(scene.guild, "x")
    got = await scene.raw.ask("POST", f"/guilds/{scene.guild.id}/roles", {"name": "x", "permissions": "0"})
    assert got.refusal == (400, 30005)


async def test_overwrites_in_an_edit_need_manage_roles(scene: Scene) -> None:
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(HANDS & ~P.MANAGE_ROLES)))
    one = {"id": str(scene.guild.id), "type": 0, "deny": str(int(P.VIEW_CHANNEL))}
    got = await scene.raw.ask("PATCH", f"/channels/{scene.room.id}", {"permission_overwrites": [one]})
    assert got.refusal == MISSING_PERMISSIONS


async def test_an_overwrite_names_a_role_or_a_user_that_there_is(scene: Scene) -> None:
    path = f"/channels/{scene.room.id}/permissions/1"
    assert (await scene.raw.ask("PUT", path, {"type": 0, "allow": "0", "deny": "0"})).refusal == (404, 10009)
    assert (await scene.raw.ask("PUT", path, {"type": 1, "allow": "0", "deny": "0"})).refusal == (404, 10013)
    wrong = {"permission_overwrites": [{"id": "1", "type": 0}]}
    assert (await scene.raw.ask("PATCH", f"/channels/{scene.room.id}", wrong)).refusal == (404, 10009)


async def test_a_thread_is_changed_by_its_maker_or_who_manages_threads(scene: Scene) -> None:
    cyd = scene.server.person("cyd")
    await cyd.join_guild(scene.guild)
    thread = await scene.bob.create_thread(scene.room, "thread")
    await scene.bob.edit_channel(thread, name="renamed")
    with pytest.raises(Refused, match="50013"):
        await cyd.edit_channel(thread, name="mine")
    with pytest.raises(Refused, match="50013"):
        await scene.bob.edit_channel(thread, locked=True)
    await scene.ann.overwrite(scene.room, scene.bob, deny=P.SEND_MESSAGES_IN_THREADS)
    with pytest.raises(Refused, match="50013"):
        await scene.bob.edit_channel(thread, name="again")


async def test_an_archived_thread_is_opened_before_it_is_changed(scene: Scene) -> None:
    thread = await scene.bob.create_thread(scene.room, "thread")
    path = f"/channels/{thread.id}"
    assert (await scene.raw.ask("PATCH", path, {"archived": True})).status == 200
    assert (await scene.raw.ask("PATCH", path, {"name": "x"})).refusal == (400, 50083)
    assert (await scene.raw.ask("PATCH", path, {"archived": False, "name": "x"})).status == 200


async def test_threads_hang_below_text_and_have_no_overwrites_of_their_own(scene: Scene) -> None:
    assert (
        await scene.raw.ask("POST", f"/channels/{scene.lounge.id}/threads", {"name": "x"})
    ).refusal == WRONG_KIND
    thread = await scene.bob.create_thread(scene.room, "thread")
    body = {"type": 0, "allow": "0", "deny": "0"}
    got = await scene.raw.ask("PUT", f"/channels/{thread.id}/permissions/{scene.guild.id}", body)
    assert got.refusal == WRONG_KIND
    assert (await scene.raw.ask("PUT", f"/channels/{scene.room.id}/thread-members/@me")).refusal == WRONG_KIND


async def test_a_message_carries_one_thread(scene: Scene) -> None:
    message = await scene.bob.send(scene.room, "words")
    path = f"/channels/{scene.room.id}/messages/{message.id}/threads"
    assert (await scene.raw.ask("POST", path, {"name": "x"})).body["id"] == str(message.id)
    assert (await scene.raw.ask("POST", path, {"name": "x"})).refusal == (400, 160004)


async def test_who_does_not_see_the_channel_cannot_be_put_into_its_thread(scene: Scene) -> None:
    thread = await scene.ann.create_thread(scene.room, "thread", private=True)
    await scene.ann.overwrite(scene.room, scene.bob, deny=P.VIEW_CHANNEL)
    path = f"/channels/{thread.id}/thread-members"
    assert (await scene.raw.ask("PUT", f"{path}/{scene.bob.id}")).refusal == (403, 50001)
    assert (await scene.raw.ask("PUT", f"{path}/1")).refusal == (404, 10013)
    stranger = scene.server.person("stranger")
    assert (await scene.raw.ask("PUT", f"{path}/{stranger.id}")).refusal == (404, 10007)


async def test_who_may_not_write_in_a_thread_adds_nobody_and_who_manages_none_removes_nobody(
    scene: Scene,
) -> None:
    cyd = scene.server.person("cyd")
    await cyd.join_guild(scene.guild)
    thread = await scene.bob.create_thread(scene.room, "thread")
    path = f"/channels/{thread.id}/thread-members/{scene.bob.id}"
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(HANDS & ~P.MANAGE_THREADS)))
    assert (await scene.raw.ask("DELETE", path)).refusal == MISSING_PERMISSIONS
    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.SEND_MESSAGES_IN_THREADS)
    path = f"/channels/{thread.id}/thread-members/{cyd.id}"
    assert (await scene.raw.ask("PUT", path)).refusal == MISSING_PERMISSIONS


async def test_the_members_of_a_thread_are_listed_only_with_the_members_intent(scene: Scene) -> None:
    thread = await scene.bob.create_thread(scene.room, "thread")
    path = f"/channels/{thread.id}/thread-members"
    assert [one["user_id"] for one in (await scene.raw.ask("GET", path)).body] == [str(scene.bob.id)]
    scene.server.world.privileged.clear()
    assert (await scene.raw.ask("GET", path)).refusal == (403, 50001)


async def test_a_full_call_takes_only_who_may_move_members(scene: Scene) -> None:
    cyd = scene.server.person("cyd")
    await cyd.join_guild(scene.guild)
    await scene.ann.edit_channel(scene.lounge, user_limit=1)
    await scene.bob.join_voice(scene.lounge)
    with pytest.raises(Refused, match="50013"):
        await cyd.join_voice(scene.lounge)
    await scene.ann.join_voice(scene.lounge)
    with pytest.raises(Refused, match="50024"):
        await cyd.join_voice(scene.room)


async def test_a_member_is_moved_only_where_the_bot_may_connect(scene: Scene) -> None:
    other = await scene.ann.create_channel(scene.guild, "Other", "voice")
    await scene.bob.join_voice(scene.lounge)
    path = f"/guilds/{scene.guild.id}/members/{scene.bob.id}"
    await scene.ann.overwrite(other, scene.role, deny=P.CONNECT)
    assert (await scene.raw.ask("PATCH", path, {"channel_id": str(other.id)})).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("PATCH", path, {"channel_id": str(scene.room.id)})).refusal == (404, 10003)
    await scene.ann.clear_overwrite(other, scene.role)
    assert (await scene.raw.ask("PATCH", path, {"channel_id": str(other.id)})).status == 200
    assert scene.guild.voice[scene.bob.id].channel_id == other.id


async def test_the_status_of_a_call_is_set_from_within_or_by_who_manages_it(scene: Scene) -> None:
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(HANDS & ~P.MANAGE_CHANNELS)))
    path = f"/channels/{scene.lounge.id}/voice-status"
    assert (await scene.raw.ask("PUT", path, {"status": "x"})).refusal == MISSING_PERMISSIONS
    socket = await scene.raw.identified(I.GUILDS)
    await socket.send(
        4, {"guild_id": str(scene.guild.id), "channel_id": str(scene.lounge.id), "self_deaf": True}
    )
    await scene.server.until(lambda: scene.server.bot.id in scene.guild.voice)
    assert (await scene.raw.ask("PUT", path, {"status": "x"})).status == 204
    assert (await socket.event("VOICE_CHANNEL_STATUS_UPDATE"))["status"] == "x"
    got = await scene.raw.ask("PUT", f"/channels/{scene.room.id}/voice-status", {"status": "x"})
    assert got.refusal == WRONG_KIND


async def test_a_bot_joins_no_call_that_it_may_not(scene: Scene) -> None:
    await scene.ann.overwrite(scene.lounge, scene.role, deny=P.CONNECT)
    socket = await scene.raw.identified()
    await socket.send(4, {"guild_id": str(scene.guild.id), "channel_id": str(scene.lounge.id)})
    await socket.names()
    assert not scene.guild.voice


async def test_only_who_may_stream_streams_and_only_in_a_call(scene: Scene) -> None:
    with pytest.raises(CannotDo):
        await scene.bob.stream(scene.guild)
    await scene.bob.join_voice(scene.lounge)
    await scene.bob.stream(scene.guild)
    assert scene.guild.voice[scene.bob.id].self_stream
    await scene.ann.overwrite(scene.lounge, scene.guild.everyone, deny=P.STREAM)
    with pytest.raises(Refused, match="50013"):
        await scene.bob.camera(scene.guild)


async def test_who_is_banned_does_not_come_back(scene: Scene) -> None:
    await scene.ann.ban(scene.guild, scene.bob)
    with pytest.raises(Refused, match="40007"):
        await scene.bob.join_guild(scene.guild)
    assert (
        await scene.raw.ask("DELETE", f"/guilds/{scene.guild.id}/bans/{scene.bob.id}")
    ).refusal == MISSING_PERMISSIONS
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(HANDS | P.BAN_MEMBERS)))
    path = f"/guilds/{scene.guild.id}/bans/{scene.bob.id}"
    assert (await scene.raw.ask("DELETE", path)).status == 204
    assert (await scene.raw.ask("DELETE", path)).refusal == (404, 10026)
    await scene.bob.join_guild(scene.guild)


async def test_a_timeout_lasts_28_days_at_most_and_holds_no_administrator(scene: Scene) -> None:
    with pytest.raises(Refused, match="50035"):
        await scene.ann.timeout(scene.guild, scene.bob, 29 * 86400)
    admin = await scene.ann.create_role(scene.guild, "Admin", P.ADMINISTRATOR)
    await scene.ann.give_role(scene.guild, scene.bob, admin)
    with pytest.raises(Refused, match="50013"):
        await scene.ann.timeout(scene.guild, scene.bob, 60)


async def test_invites_are_told_and_taken_back_by_who_manages_the_channel(scene: Scene) -> None:
    invite = await scene.bob.create_invite(scene.room, max_age=0)
    assert (await scene.raw.ask("GET", f"/channels/{scene.room.id}/invites")).body[0]["max_age"] == 0
    with pytest.raises(Refused, match="50013"):
        await scene.bob.delete_invite(invite)
    assert (await scene.raw.ask("DELETE", f"/invites/{invite['code']}")).status == 200
    assert (await scene.raw.ask("DELETE", f"/invites/{invite['code']}")).refusal == (404, 10006)
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(HANDS & ~P.MANAGE_CHANNELS)))
    assert (await scene.raw.ask("GET", f"/channels/{scene.room.id}/invites")).refusal == MISSING_PERMISSIONS


async def test_only_the_owner_gives_away_or_ends_a_server(scene: Scene) -> None:
    with pytest.raises(Refused):
        await scene.bob.give_server(scene.guild, scene.bob)
    with pytest.raises(Refused):
        await scene.bob.delete_guild(scene.guild)
    with pytest.raises(Refused, match="50013"):
        await scene.bob.edit_guild(scene.guild, name="mine")
    await scene.ann.give_server(scene.guild, scene.bob)
    await scene.bob.edit_guild(scene.guild, name="mine")


async def test_an_id_that_is_none_is_not_found(scene: Scene) -> None:
    assert (await scene.raw.ask("GET", "/guilds/abc")).status == 404


async def test_a_stage_is_opened_by_its_moderators_and_says_who_speaks(scene: Scene) -> None:
    stage = await scene.ann.create_channel(scene.guild, "stage", "stage")
    path, body = "/stage-instances", {"channel_id": str(stage.id), "topic": "Talk"}
    assert (await scene.raw.ask("GET", f"{path}/{stage.id}")).refusal == (404, 10067)
    assert (await scene.raw.ask("POST", path, body)).refusal == MISSING_PERMISSIONS
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(HANDS | P.MUTE_MEMBERS)))
    assert (
        await scene.raw.ask("POST", path, {**body, "channel_id": str(scene.lounge.id)})
    ).refusal == WRONG_KIND
    assert (await scene.raw.ask("POST", path, body)).status == 200
    voice = f"/guilds/{scene.guild.id}/voice-states/{scene.bob.id}"
    assert (await scene.raw.ask("GET", voice)).refusal == (404, 10065)
    await scene.bob.join_voice(scene.lounge)
    assert (await scene.raw.ask("PATCH", voice, {"suppress": False})).refusal == WRONG_KIND
    await scene.bob.join_voice(stage)
    assert (await scene.raw.ask("GET", voice)).body["suppress"] is True
    assert (await scene.raw.ask("PATCH", voice, {"suppress": False})).status == 204
    assert scene.guild.voice[scene.bob.id].suppress is False
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(HANDS)))
    assert (await scene.raw.ask("PATCH", voice, {"suppress": True})).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("DELETE", f"{path}/{stage.id}")).status == 204
