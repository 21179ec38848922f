"""Who may do what: permissions, overwrites and the order of roles, as Discord computes and refuses."""

from typing import Any

import pytest

from tests.localdiscord import P, Refused
from tests.localdiscord.conftest import HANDS, Scene
from tests.localdiscord.permissions import ALL

MISSING_ACCESS, MISSING_PERMISSIONS = (403, 50001), (403, 50013)


async def _without(scene: Scene, lacking: P) -> None:
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(HANDS & ~lacking)))
    everyone = scene.guild.everyone
    await scene.ann.edit_role(scene.guild, everyone, permissions=str(int(everyone.permissions & ~lacking)))


# What needs which permission: method, path, body. R is the room, G the server, B bob, O a role, M a message.
NEEDS: list[tuple[P, str, str, Any]] = [
    (P.SEND_MESSAGES, "POST", "/channels/R/messages", {"content": "x"}),
    (P.MANAGE_MESSAGES, "DELETE", "/channels/R/messages/M", None),
    (P.PIN_MESSAGES, "PUT", "/channels/R/messages/pins/M", None),
    (P.ADD_REACTIONS, "PUT", "/channels/R/messages/M/reactions/x/@me", None),
    (P.MANAGE_CHANNELS, "PATCH", "/channels/R", {"topic": "x"}),
    (P.MANAGE_CHANNELS, "DELETE", "/channels/R", None),
    (P.MANAGE_CHANNELS, "POST", "/guilds/G/channels", {"name": "x"}),
    (P.MANAGE_ROLES, "PUT", "/channels/R/permissions/O", {"type": 0, "allow": "0", "deny": "1024"}),
    (P.MANAGE_ROLES, "DELETE", "/channels/R/permissions/O", None),
    (P.MANAGE_ROLES, "POST", "/guilds/G/roles", {"name": "x", "permissions": "0"}),
    (P.MANAGE_ROLES, "PUT", "/guilds/G/members/B/roles/O", None),
    (P.MANAGE_ROLES, "DELETE", "/guilds/G/members/B/roles/O", None),
    (P.MANAGE_ROLES, "DELETE", "/guilds/G/roles/O", None),
    (P.MANAGE_ROLES, "PATCH", "/guilds/G/members/B", {"roles": []}),
    (P.KICK_MEMBERS, "DELETE", "/guilds/G/members/B", None),
    (P.BAN_MEMBERS, "PUT", "/guilds/G/bans/B", {}),
    (P.MANAGE_NICKNAMES, "PATCH", "/guilds/G/members/B", {"nick": "x"}),
    (P.MODERATE_MEMBERS, "PATCH", "/guilds/G/members/B", {"communication_disabled_until": None}),
    (P.DEAFEN_MEMBERS, "PATCH", "/guilds/G/members/B", {"deaf": True}),
    (P.MUTE_MEMBERS, "PATCH", "/guilds/G/members/B", {"mute": True}),
    (P.MOVE_MEMBERS, "PATCH", "/guilds/G/members/B", {"channel_id": None}),
    (P.SET_VOICE_CHANNEL_STATUS, "PUT", "/channels/V/voice-status", {"status": "x"}),
    (P.MANAGE_GUILD, "GET", "/guilds/G/invites", None),
    (P.MANAGE_WEBHOOKS, "GET", "/guilds/G/webhooks", None),
    (P.CREATE_INSTANT_INVITE, "POST", "/channels/R/invites", {}),
    (P.MANAGE_GUILD, "GET", "/guilds/G/widget", None),
    (P.MANAGE_GUILD, "GET", "/guilds/G/integrations", None),
    (P.MANAGE_WEBHOOKS, "GET", "/channels/R/webhooks", None),
    (P.MANAGE_CHANNELS, "GET", "/channels/R/invites", None),
    (P.MANAGE_CHANNELS, "PATCH", "/guilds/G/channels", []),
    (P.MANAGE_ROLES, "PATCH", "/guilds/G/roles", []),
    (P.MANAGE_ROLES, "PATCH", "/guilds/G/roles/O", {"name": "x"}),
    (P.MANAGE_MESSAGES, "DELETE", "/channels/R/messages/M/reactions", None),
    (P.SEND_MESSAGES, "POST", "/channels/R/typing", None),
    (P.READ_MESSAGE_HISTORY, "GET", "/channels/R/threads/archived/public", None),
    (P.MANAGE_THREADS, "GET", "/channels/R/threads/archived/private", None),
    (P.CHANGE_NICKNAME, "PATCH", "/guilds/G/members/@me", {"nick": "x"}),
    (P.CREATE_PUBLIC_THREADS, "POST", "/channels/R/threads", {"name": "x", "type": 11}),
    (P.CREATE_PRIVATE_THREADS, "POST", "/channels/R/threads", {"name": "x", "type": 12}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lacking", "method", "path", "body"), NEEDS, ids=[f"{n[0].name}-{n[1]}-{n[2]}" for n in NEEDS]
)
async def test_what_needs_a_permission_is_refused_without_it_and_done_with_it(
    scene: Scene, lacking: P, method: str, path: str, body: Any
) -> None:
    guild = scene.guild
    role = await scene.ann.create_role(guild, "Agreed")
    await scene.ann.overwrite(scene.room, role, allow=P.VIEW_CHANNEL)
    message = await scene.bob.send(scene.room, "words")
    await scene.bob.join_voice(scene.lounge)
    names = {
        "R": scene.room.id,
        "G": guild.id,
        "B": scene.bob.id,
        "O": role.id,
        "M": message.id,
        "V": scene.lounge.id,
    }
    path = "/".join(str(names.get(part, part)) for part in path.split("/"))
    await scene.ann.edit_role(guild, scene.role, permissions=str(int(HANDS | lacking)))
    await scene.ann.move_role(guild, scene.role, 2)
    before = scene.role.permissions
    await _without(scene, lacking)
    assert (await scene.raw.ask(method, path, body)).refusal == MISSING_PERMISSIONS
    await scene.ann.edit_role(guild, scene.role, permissions=str(int(before)))
    assert (await scene.raw.ask(method, path, body)).status < 300


async def test_a_channel_that_the_bot_does_not_see_is_missing_access(scene: Scene) -> None:
    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.VIEW_CHANNEL)
    for method, path, body in (
        ("GET", "", None), ("GET", "/messages", None), ("POST", "/messages", {"content": "x"}),
        ("PATCH", "", {"topic": "x"}),
    ):  # fmt: skip
        assert (
            await scene.raw.ask(method, f"/channels/{scene.room.id}{path}", body)
        ).refusal == MISSING_ACCESS


async def test_a_bot_can_lock_itself_out(scene: Scene) -> None:
    path = f"/channels/{scene.room.id}/permissions"
    deny = {"type": 0, "allow": "0", "deny": str(int(P.VIEW_CHANNEL))}
    assert (await scene.raw.ask("PUT", f"{path}/{scene.guild.id}", deny)).status == 204
    assert (await scene.raw.ask("DELETE", f"{path}/{scene.guild.id}")).refusal == MISSING_ACCESS


async def test_a_voice_channel_that_one_cannot_connect_to_cannot_be_managed(scene: Scene) -> None:
    await scene.ann.overwrite(scene.lounge, scene.guild.everyone, deny=P.CONNECT)
    got = await scene.raw.ask("PATCH", f"/channels/{scene.lounge.id}", {"name": "x"})
    assert got.refusal == MISSING_ACCESS


async def test_an_overwrite_gives_only_what_the_bot_holds(scene: Scene) -> None:
    path = f"/channels/{scene.room.id}/permissions/{scene.guild.id}"
    held = {"type": 0, "allow": "0", "deny": str(int(P.SEND_MESSAGES))}
    assert (await scene.raw.ask("PUT", path, held)).status == 204
    for bits in (P.MUTE_MEMBERS, P.MANAGE_ROLES):
        more = {"type": 0, "allow": str(int(bits)), "deny": "0"}
        assert (await scene.raw.ask("PUT", path, more)).refusal == MISSING_PERMISSIONS
    more = {
        "name": "x",
        "permission_overwrites": [{"id": str(scene.guild.id), "type": 0, "allow": str(int(P.BAN_MEMBERS))}],
    }
    assert (
        await scene.raw.ask("POST", f"/guilds/{scene.guild.id}/channels", more)
    ).refusal == MISSING_PERMISSIONS


async def test_an_overwrite_is_taken_away_whatever_it_holds(scene: Scene) -> None:
    await scene.ann.overwrite(scene.room, scene.bob, deny=P.BAN_MEMBERS)
    path = f"/channels/{scene.room.id}/permissions/{scene.bob.id}"
    more = {"type": 1, "allow": "0", "deny": "0"}
    assert (await scene.raw.ask("PUT", path, more)).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("DELETE", path)).status == 204


async def test_whom_the_channel_itself_gives_manage_roles_may_write_any_bit_there_but_that(
    scene: Scene,
) -> None:
    path = f"/channels/{scene.room.id}/permissions/{scene.guild.id}"
    await scene.ann.overwrite(scene.room, scene.role, allow=P.MANAGE_ROLES)
    any_bit = {"type": 0, "allow": "0", "deny": str(int(P.BAN_MEMBERS))}
    assert (await scene.raw.ask("PUT", path, any_bit)).status == 204
    roles = {"type": 0, "allow": str(int(P.MANAGE_ROLES)), "deny": "0"}
    assert (await scene.raw.ask("PUT", path, roles)).refusal == MISSING_PERMISSIONS


async def test_a_role_gives_only_what_the_bot_holds(scene: Scene) -> None:
    body = {"name": "x", "permissions": str(int(P.BAN_MEMBERS))}
    assert (
        await scene.raw.ask("POST", f"/guilds/{scene.guild.id}/roles", body)
    ).refusal == MISSING_PERMISSIONS
    role = await scene.ann.create_role(scene.guild, "Agreed")
    path = f"/guilds/{scene.guild.id}/roles/{role.id}"
    assert (await scene.raw.ask("PATCH", path, body)).refusal == MISSING_PERMISSIONS


async def test_roles_at_and_above_the_bots_own_are_out_of_reach(scene: Scene) -> None:
    guild = scene.guild
    high = await scene.ann.create_role(guild, "High")
    await scene.ann.move_role(guild, high, 2)
    base = f"/guilds/{guild.id}"
    assert high.position > scene.role.position
    for method, path, body in (
        ("PUT", f"/members/{scene.bob.id}/roles/{high.id}", None),
        ("PATCH", f"/members/{scene.bob.id}", {"roles": [str(high.id)]}),
        ("PATCH", f"/roles/{high.id}", {"name": "x"}),
        ("DELETE", f"/roles/{high.id}", None),
        ("DELETE", f"/roles/{scene.role.id}", None),
        ("PATCH", "/roles", [{"id": str(high.id), "position": 1}]),
    ):
        assert (await scene.raw.ask(method, base + path, body)).refusal == MISSING_PERMISSIONS, path
    await scene.ann.give_role(guild, scene.bob, high)
    assert (await scene.raw.ask("DELETE", f"{base}/members/{scene.bob.id}")).refusal == MISSING_PERMISSIONS


async def test_nobody_stands_above_the_owner(scene: Scene) -> None:
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(ALL)))
    path = f"/guilds/{scene.guild.id}/members/{scene.ann.id}"
    assert (await scene.raw.ask("DELETE", path)).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("PATCH", path, {"nick": "x"})).refusal == MISSING_PERMISSIONS


async def test_a_new_role_stands_below_the_bot_and_can_be_given(scene: Scene) -> None:
    made = await scene.raw.ask(
        "POST", f"/guilds/{scene.guild.id}/roles", {"name": "Agreed", "permissions": "0"}
    )
    assert made.body["position"] < scene.role.position
    path = f"/guilds/{scene.guild.id}/members/{scene.bob.id}/roles/{made.body['id']}"
    assert (await scene.raw.ask("PUT", path)).status == 204
    assert int(made.body["id"]) in scene.guild.members[scene.bob.id].roles


async def test_everyone_roles_and_the_persons_own_overwrites_apply_in_that_order(scene: Scene) -> None:
    no, yes = await scene.ann.create_role(scene.guild, "No"), await scene.ann.create_role(scene.guild, "Yes")
    for role in (no, yes):
        await scene.ann.give_role(scene.guild, scene.bob, role)

    def can() -> bool:
        return scene.bob.may(scene.room, P.SEND_MESSAGES)

    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.SEND_MESSAGES)
    assert not can()
    await scene.ann.overwrite(scene.room, no, deny=P.SEND_MESSAGES)
    await scene.ann.overwrite(scene.room, yes, allow=P.SEND_MESSAGES)
    assert can()
    await scene.ann.overwrite(scene.room, scene.bob, deny=P.SEND_MESSAGES)
    assert not can()
    await scene.ann.edit_role(scene.guild, yes, permissions=str(int(P.ADMINISTRATOR)))
    assert can(), "no overwrite holds an administrator"


async def test_a_thread_takes_its_parents_overwrites_and_has_its_own_permission_to_write(
    scene: Scene,
) -> None:
    thread = await scene.bob.create_thread(scene.room, "thread")
    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.SEND_MESSAGES)
    await scene.bob.send(thread, "still")
    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.SEND_MESSAGES_IN_THREADS)
    with pytest.raises(Refused, match="50013"):
        await scene.bob.send(thread, "no more")
    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.VIEW_CHANNEL)
    assert scene.bob.sees(thread) == []


async def test_a_private_thread_is_for_those_in_it_and_who_manages_threads(scene: Scene) -> None:
    cyd = scene.server.person("cyd")
    await cyd.join_guild(scene.guild)
    thread = await scene.bob.create_thread(scene.room, "thread", private=True)
    assert not cyd.may(thread, P.VIEW_CHANNEL)
    assert scene.ann.may(thread, P.VIEW_CHANNEL), "the owner may everything"
    await scene.bob.join_thread(thread, cyd)
    assert cyd.may(thread, P.VIEW_CHANNEL)


async def test_who_is_timed_out_can_only_read_until_it_ends(scene: Scene) -> None:
    await scene.ann.timeout(scene.guild, scene.bob, 60)
    assert not scene.bob.may(scene.room, P.SEND_MESSAGES) and scene.bob.may(scene.room, P.VIEW_CHANNEL)
    scene.server.clock.advance(61)
    assert scene.bob.may(scene.room, P.SEND_MESSAGES)


async def test_a_direct_message_to_somebody_who_closed_them_is_50007(scene: Scene) -> None:
    opened = await scene.raw.ask("POST", "/users/@me/channels", {"recipient_id": str(scene.bob.id)})
    path = f"/channels/{opened.body['id']}/messages"
    assert (await scene.raw.ask("POST", path, {"content": "x"})).status == 200
    await scene.bob.close_dms()
    assert (await scene.raw.ask("POST", path, {"content": "x"})).refusal == (403, 50007)


async def test_a_direct_message_to_somebody_without_a_common_server_is_50007(scene: Scene) -> None:
    await scene.bob.leave(scene.guild)
    opened = await scene.raw.ask("POST", "/users/@me/channels", {"recipient_id": str(scene.bob.id)})
    path = f"/channels/{opened.body['id']}/messages"
    assert (await scene.raw.ask("POST", path, {"content": "x"})).refusal == (403, 50007)


async def test_another_persons_words_cannot_be_changed(scene: Scene) -> None:
    message = await scene.bob.send(scene.room, "words")
    path = f"/channels/{scene.room.id}/messages/{message.id}"
    assert (await scene.raw.ask("PATCH", path, {"content": "x"})).refusal == (403, 50005)


async def test_what_is_not_there_is_unknown(scene: Scene) -> None:
    guild, room = f"/guilds/{scene.guild.id}", f"/channels/{scene.room.id}"
    for method, path, code in (
        ("GET", "/guilds/1", 10004), ("GET", "/channels/1", 10003), ("GET", f"{room}/messages/1", 10008),
        ("GET", f"{guild}/members/1", 10007), ("PUT", f"{guild}/members/{scene.bob.id}/roles/1", 10011),
        ("DELETE", f"{room}/permissions/1", 10009), ("GET", "/users/1", 10013), ("GET", "/invites/x", 10006),
    ):  # fmt: skip
        assert (await scene.raw.ask(method, path)).refusal == (404, code), path


async def test_a_wrong_token_is_401(scene: Scene) -> None:
    assert (await scene.raw.ask("GET", "/users/@me", token="wrong")).status == 401


async def test_who_is_in_no_call_cannot_be_moved_or_deafened(scene: Scene) -> None:
    path = f"/guilds/{scene.guild.id}/members/{scene.bob.id}"
    assert (await scene.raw.ask("PATCH", path, {"channel_id": None})).refusal == (400, 40032)
    assert (await scene.raw.ask("PATCH", path, {"deaf": True})).refusal == (400, 40032)
    await scene.bob.join_voice(scene.lounge)
    assert (await scene.raw.ask("PATCH", path, {"channel_id": None})).status == 200
    assert not scene.guild.voice


async def test_without_the_members_intent_the_list_of_members_is_closed(scene: Scene) -> None:
    path = f"/guilds/{scene.guild.id}/members"
    assert (await scene.raw.ask("GET", path)).status == 200
    scene.server.world.privileged.clear()
    assert (await scene.raw.ask("GET", path)).refusal == MISSING_ACCESS


async def test_a_field_that_must_be_there_is_400(scene: Scene) -> None:
    invalid = (400, 50035)
    assert (await scene.raw.ask("POST", "/users/@me/channels", {})).refusal == invalid
    assert (await scene.raw.ask("POST", f"/guilds/{scene.guild.id}/channels", {})).refusal == invalid
    assert (
        await scene.raw.ask("PUT", f"/channels/{scene.room.id}/permissions/{scene.guild.id}")
    ).refusal == invalid


async def test_the_text_of_a_voice_channel_is_for_who_can_connect(scene: Scene) -> None:
    await scene.bob.send(scene.lounge, "in the call")
    await scene.ann.overwrite(scene.lounge, scene.guild.everyone, deny=P.CONNECT)
    assert not scene.bob.may(scene.lounge, P.SEND_MESSAGES)
    assert (await scene.raw.ask("GET", f"/channels/{scene.lounge.id}/messages")).body == []
    with pytest.raises(Refused, match="50013"):
        await scene.bob.join_voice(scene.lounge)


async def test_a_forum_takes_posts_and_no_bare_messages(scene: Scene) -> None:
    forum = await scene.ann.create_channel(scene.guild, "forum", "forum")
    assert (await scene.raw.ask("POST", f"/channels/{forum.id}/messages", {"content": "x"})).refusal == (
        400,
        50008,
    )
    post = await scene.bob.create_thread(forum, "post", text="words")
    assert [one.text for one in scene.ann.sees(post)] == ["words"]
    assert (await scene.raw.ask("POST", f"/channels/{post.id}/messages", {"content": "x"})).status == 200


async def test_announcement_channels_need_a_community(scene: Scene) -> None:
    path, body = f"/guilds/{scene.guild.id}/channels", {"name": "news", "type": 5}
    assert (await scene.raw.ask("POST", path, body)).refusal == (400, 50035)
    scene.guild.features.append("COMMUNITY")
    assert (await scene.raw.ask("POST", path, body)).status == 201


async def test_a_thread_that_is_locked_is_for_who_manages_threads(scene: Scene) -> None:
    thread = await scene.bob.create_thread(scene.room, "thread")
    await scene.ann.edit_channel(thread, locked=True, archived=True)
    with pytest.raises(Refused, match="50083"):
        await scene.bob.send(thread, "x")
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(HANDS & ~P.MANAGE_THREADS)))
    assert (await scene.raw.ask("POST", f"/channels/{thread.id}/messages", {"content": "x"})).refusal == (
        400,
        50083,
    )


async def test_the_bots_own_role_cannot_be_given_or_deleted(scene: Scene) -> None:
    with pytest.raises(Refused, match="50028"):
        await scene.ann.delete_role(scene.guild, scene.role)
    with pytest.raises(Refused, match="50013"):
        await scene.ann.give_role(scene.guild, scene.bob, scene.role)


async def test_a_role_that_belongs_to_an_app_is_not_given_by_hand(scene: Scene) -> None:
    other = await scene.ann.create_role(scene.guild, "Another bot")
    other.managed = True
    base = f"/guilds/{scene.guild.id}/members/{scene.bob.id}"
    assert (await scene.raw.ask("PUT", f"{base}/roles/{other.id}")).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("PATCH", base, {"roles": [str(other.id)]})).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("PUT", f"{base}/roles/{scene.guild.id}")).refusal == (400, 50028)


async def test_who_stands_higher_is_not_timed_out_kicked_or_banned_and_nobody_kicks_themself(
    scene: Scene,
) -> None:
    more = HANDS | P.BAN_MEMBERS
    await scene.ann.edit_role(scene.guild, scene.role, permissions=str(int(more)))
    high = await scene.ann.create_role(scene.guild, "High")
    await scene.ann.move_role(scene.guild, high, 2)
    await scene.ann.give_role(scene.guild, scene.bob, high)
    base = f"/guilds/{scene.guild.id}"
    member = f"{base}/members/{scene.bob.id}"
    assert (
        await scene.raw.ask("PATCH", member, {"communication_disabled_until": None})
    ).refusal == MISSING_PERMISSIONS
    assert (await scene.raw.ask("PUT", f"{base}/bans/{scene.bob.id}", {})).refusal == MISSING_PERMISSIONS
    me = f"{base}/members/{scene.server.bot.id}"
    assert (await scene.raw.ask("DELETE", me)).refusal == MISSING_PERMISSIONS
