"""Removed, renamed, deleted, taken away: noticed, told to a facilitator, repaired on request."""

from adapters.discord.permissions import INVITED_WITH
from tests.discord.keeper import comes
from tests.discord.scene import Scene, words_of
from tests.localdiscord import P


def told(here: Scene, words: str) -> bool:
    """Whether Ann, the facilitator, was told this in private."""
    return any(words in m.text for m in here.ann.inbox)


async def test_a_deleted_doorbell_is_put_back_and_there_is_never_a_second_one(here: Scene) -> None:
    """Exactly one for each group, wherever it hangs."""
    await here.set_up("door")
    for _ in range(2):
        assert here.bell is not None
        await here.ann.delete(here.bell)
        await comes(lambda: len(here.bells) == 1, "the doorbell")
        await here.settled()
        assert len(here.bells) == 1


async def test_a_deleted_role_is_told_and_made_again_on_request(here: Scene) -> None:
    """The gate does not fall open: it is told how to mend it, and applying again mends it."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    assert here.role is not None
    await here.ann.delete_role(here.guild, here.role)
    await comes(lambda: told(here, "The role of this group was deleted"), "the alert")
    reply = await here.ann.slash(here.evening, "setup", "show")
    assert "`/setup start`, then apply" in reply.text
    await here.ann.slash(here.evening, "setup", "set", values="gate mute", confirm=True)
    await here.settled()
    assert here.role is not None
    assert here.has_role(here.zoe)
    assert await here.may_write(here.bob)
    cleo = here.server.person("cleo")
    await cleo.join_guild(here.guild)
    await here.settled()
    assert not await here.may_write(cleo), "repairing gives nobody a pass"


async def test_repairing_gives_no_pass_to_who_came_in_between(here: Scene) -> None:
    """Whoever came while the gate was broken has to agree like every newcomer."""
    await here.set_up("mute")
    cleo = here.server.person("cleo")
    await cleo.join_guild(here.guild)
    await here.settled()
    await here.ann.overwrite(here.evening, here.guild.roles[here.guild.id], allow=P.SEND_MESSAGES)
    await comes(lambda: told(here, "changed the permissions of the channel"), "the alert")
    message = await cleo.send(here.evening, "through the gap")
    await comes(lambda: message not in here.bob.sees(here.evening), "the taking down")
    reply = await here.places()
    for _ in range(4):
        reply = await here.ann.click(reply, "Go on")
    await here.ann.click(reply, "Apply")
    await here.settled()
    assert not await here.may_write(cleo)
    assert await here.may_write(here.bob)
    await comes(lambda: told(here, "I have all the powers again"), "the good news")


async def test_permissions_taken_away_are_told_and_come_back_by_themselves(here: Scene) -> None:
    """Who agrees meanwhile is not forgotten: their turn comes with the permission."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    bots = here.server.bot_role(here.guild)
    before = bots.permissions
    await here.ann.edit_role(here.guild, bots, permissions=before & ~P.MANAGE_ROLES)
    await comes(lambda: told(here, 'I lack the permission "Manage Roles"'), "the alert")
    reply = await here.zoe.click(here.bell, "Read and answer")  # type: ignore[arg-type]
    assert "What may not stay private" in reply.text
    assert not here.has_role(here.zoe)
    await here.ann.edit_role(here.guild, bots, permissions=before)
    await comes(lambda: told(here, "I have all the powers again"), "the good news")
    await here.agree(here.zoe)
    assert await here.may_write(here.zoe)


async def test_the_channel_or_the_bot_removed_is_told_to_facilitators(here: Scene) -> None:
    """In private, where the room is named; a channel that was only renamed goes on."""
    await here.set_up("mute")
    await here.agree(here.ann)
    await here.ann.edit_channel(here.evening, name="night")
    reply = await here.ann.slash(here.evening, "consent", "show")
    assert "**night**" in reply.text
    await here.ann.delete_channel(here.evening)
    await comes(lambda: told(here, "I am not in the room"), "the news")
    reply = await here.ann.slash(here.welcome, "mydata")
    assert words_of(reply)


async def test_a_bot_that_was_removed_goes_on_when_it_is_added_again(
    here: Scene,
) -> None:
    """The same role, the same doorbell, the same gate; what happened meanwhile is acted upon."""
    await here.set_up("mute")
    await here.agree(here.ann)
    role = here.role
    await here.ann.kick(here.guild, here.server.bot)
    await here.settled()
    cleo = here.server.person("cleo")
    await cleo.join_guild(here.guild)
    here.server.add_bot(here.guild, P(INVITED_WITH))
    await comes(lambda: cleo.inbox, "the question to who came meanwhile")
    await here.settled()
    assert here.role is role
    assert len(here.bells) == 1
    assert (await here.agree(cleo)).matches
    assert await here.may_write(cleo)


async def test_the_entrance_deleted_is_told(here: Scene) -> None:
    """Newcomers could not find the doorbell any more."""
    await here.set_up("door")
    await here.ann.delete_channel(here.welcome)
    await comes(lambda: told(here, "I need a channel that newcomers can see"), "the alert")
    assert here.bob.may(here.evening, P.VIEW_CHANNEL)


async def test_a_new_owner_manages_the_group_from_then_on(here: Scene) -> None:
    """The server was given away: power there is looked at, never remembered."""
    await here.set_up("notice")
    await here.ann.give_server(here.guild, here.bob)
    await here.settled()
    reply = await here.bob.slash(here.evening, "setup", "show")
    assert "This group was set up" in reply.text
    await comes(lambda: told(here, "This server has a new owner"), "the news")


async def test_undoing_and_leaving_takes_everything_along(here: Scene) -> None:
    """Role, overwrites and doorbell; the channel is no group any more."""
    before = here.overwrites()
    await here.set_up("mute")
    await here.ann.slash(here.evening, "setup", "undo", leave="leave", confirm=True)
    await comes(lambda: here.overwrites() == before and here.role is None and not here.bells, "the way back")
    await here.settled()
    reply = await here.bob.slash(here.evening, "rules")
    assert "There is no group in this channel" in reply.text


async def test_another_bot_in_the_channel_is_told(here: Scene) -> None:
    """It may be able to read what is said."""
    await here.set_up("notice")
    recorder = here.server.person("recorder", bot=True)
    await recorder.join_guild(here.guild)
    await comes(lambda: told(here, "There is a bot in the room that was not here before"), "the alert")
