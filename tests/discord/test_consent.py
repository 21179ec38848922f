"""Consent through the doorbell: limits with a box for each, the agreement, the receipt, and back."""

import pytest

from tests.discord.keeper import comes
from tests.discord.scene import AGREE, ALL_BOXES, BOXES, LIMITS_READ, NO, READ, Scene
from tests.localdiscord import CannotDo, P, Refused


async def test_agreeing_ends_with_a_receipt_whose_hash_can_be_recomputed(here: Scene) -> None:
    """Limits before the agreement, each with its own box; everything is seen by one person alone."""
    await here.set_up("mute")
    assert here.bell is not None
    reply = await here.bob.click(here.bell, READ)
    assert reply.ephemeral
    assert "Call 112 now" in reply.text
    assert "A court can order people" in reply.text
    form = await here.bob.click(reply, LIMITS_READ)
    with pytest.raises((Refused, CannotDo)):
        await here.bob.submit(form, {BOXES: ALL_BOXES[:-1]})
    reply = await here.bob.submit(form, {BOXES: ALL_BOXES})
    assert "What is said here stays here" in reply.text
    reply = await here.bob.click(reply, AGREE)
    assert reply.ephemeral
    assert "You have agreed" in reply.text
    await here.settled()
    reply = await here.bob.slash(here.evening, "consent", "receipt")
    assert "text_sha256" in reply.message.attachments[0].data.decode()
    assert all(m.only_for and m.only_for.id == here.ann.id for m in here.ann.whispers(here.evening))


async def test_a_newcomer_is_let_speak_by_agreeing_and_silenced_by_withdrawing_at_once(here: Scene) -> None:
    """The role is given and taken; withdrawing is one step, and can be undone."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    assert not await here.may_write(here.zoe)
    receipt = await here.agree(here.zoe)
    assert receipt.matches
    assert await here.may_write(here.zoe)
    assert here.has_role(here.zoe)
    reply = await here.zoe.slash(here.evening, "consent", "withdraw")
    await here.settled()
    assert not here.has_role(here.zoe)
    assert not await here.may_write(here.zoe)
    await here.zoe.click(reply, "Undo, I still agree")
    await here.settled()
    assert await here.may_write(here.zoe)


async def test_a_no_changes_nothing_and_is_told_to_nobody(here: Scene) -> None:
    """Law 3: facilitators get no word of it; who was inside keeps what they had."""
    await here.set_up("mute")
    heard = len(here.ann.inbox)
    assert here.bell is not None
    reply = await here.bob.click(await here.bob.click(here.bell, READ), NO)
    await here.settled()
    assert "I tell nobody" in reply.text
    assert await here.may_write(here.bob)
    assert len(here.ann.inbox) == heard


async def test_a_newcomer_is_asked_in_private_and_the_doorbell_is_left_where_that_is_closed(
    here: Scene,
) -> None:
    """Direct messages where they are allowed; where not, no word to the room, and the doorbell works."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await comes(lambda: here.zoe.inbox, "the question")
    assert "Welcome" in here.zoe.inbox[0].text
    closed = here.server.person("cleo")
    await closed.join_guild(here.guild)
    await closed.close_dms()
    before = len(here.bob.sees(here.evening))
    await here.settled()
    assert closed.inbox == []
    assert len(here.bob.sees(here.evening)) == before
    assert (await here.agree(closed)).matches


async def test_the_question_in_private_can_be_answered_there(here: Scene) -> None:
    """Buttons of a direct message lead the same way."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await comes(lambda: here.zoe.inbox, "the question")
    form = await here.zoe.click(here.zoe.inbox[0], LIMITS_READ)
    reply = await here.zoe.submit(form, {BOXES: ALL_BOXES})
    await here.zoe.click(reply, AGREE)
    await here.settled()
    assert await here.may_write(here.zoe)


async def test_under_door_the_doorbell_lets_in_who_agrees(here: Scene) -> None:
    """Who is outside sees neither channel; the doorbell hangs where newcomers see it."""
    await here.set_up("door")
    assert here.bell is not None
    assert here.bell.channel.id == here.welcome.id
    await here.zoe.join_guild(here.guild)
    await here.settled()
    assert not here.zoe.may(here.evening, P.VIEW_CHANNEL)
    assert not here.zoe.may(here.lounge, P.VIEW_CHANNEL)
    assert here.zoe.inbox == []
    assert (await here.agree(here.zoe)).matches
    assert here.zoe.may(here.evening, P.VIEW_CHANNEL)
    assert await here.may_write(here.zoe)
    assert here.bob.may(here.evening, P.VIEW_CHANNEL), "who was inside stays"


async def test_under_door_a_no_leaves_the_door_shut_and_it_can_be_rung_again(here: Scene) -> None:
    """No reason is given to anybody; ringing again begins anew."""
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    assert here.bell is not None
    reply = await here.zoe.click(await here.zoe.click(here.bell, READ), NO)
    await here.settled()
    assert "The door stays closed" in reply.text
    assert not here.zoe.may(here.evening, P.VIEW_CHANNEL)
    assert (await here.agree(here.zoe)).matches
    assert here.zoe.may(here.evening, P.VIEW_CHANNEL)


async def test_somebody_who_agreed_and_lost_the_role_gets_it_back_by_ringing(here: Scene) -> None:
    """Asking from outside with an agreement in force opens the door, without agreeing again."""
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    await here.zoe.leave(here.guild)
    await here.settled()
    await here.zoe.join_guild(here.guild)
    await here.settled()
    assert here.bell is not None
    reply = await here.zoe.click(here.bell, READ)
    await here.settled()
    assert "You have agreed" in reply.text
    assert here.zoe.may(here.evening, P.VIEW_CHANNEL)


async def test_who_has_to_accept_the_servers_rules_first_waits_for_that(here: Scene) -> None:
    """Discord's rules screening: nothing is given while somebody is pending."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild, pending=True)
    await here.settled()
    assert here.zoe.inbox == []
    assert here.bell is not None
    with pytest.raises(CannotDo):
        await here.zoe.click(here.bell, READ)
    await here.zoe.accept_rules(here.guild)
    await comes(lambda: here.zoe.inbox, "the question")
    assert (await here.agree(here.zoe)).matches
    assert await here.may_write(here.zoe)


async def test_the_forms_and_buttons_of_somebody_are_of_no_use_to_others(here: Scene) -> None:
    """Each answer is to one person; another's press of the public doorbell is their own."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    mine = here.zoe.whispers(here.evening)
    assert mine
    assert all(m.only_for and m.only_for.id == here.zoe.id for m in mine)
    assert not {m.id for m in mine} & {m.id for m in here.bob.sees(here.evening)}
