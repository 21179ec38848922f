"""The bot comes into a room that exists already."""

import asyncio

import pytest

from tests.support.botprocess import BotProcess, MakeBot
from tests.support.circle import Circle, MakePerson, plain_and_encrypted, until
from tests.support.client import Person


def words_in_room(events: list[dict], bot: str) -> list[str]:  # type: ignore[type-arg]
    """What the bot has said to everybody."""
    return [
        e["content"].get("body", "") for e in events if e["sender"] == bot and e["type"] == "m.room.message"
    ]


@plain_and_encrypted
async def test_whoever_adds_the_bot_is_greeted_and_nobody_else_is_troubled(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """Before `setup` is finished, members are asked nothing; the room hears one line, that it is here."""
    circle = await Circle.gather(someone, keeper, "ben", "cleo", encrypted=encrypted)
    await circle.adopt()
    assert any(circle.name in e["content"]["body"] for e in circle.admin.words)
    await asyncio.sleep(2)
    for member in circle.members:
        await member.look_once()
        assert not member.invitations
    assert len(words_in_room(await circle.admin.history(circle.room), keeper.user_id)) <= 1


async def test_a_missing_power_is_named_with_a_next_step(keeper: BotProcess, someone: MakePerson) -> None:
    """An administrator reads what the bot still needs; once it is given, `setup` has no complaint."""
    circle = await Circle.gather(someone, keeper)
    await circle.adopt(power=0)
    before = await circle.admin.ask_bot("!setup")
    await circle.admin.powers(circle.room, users={keeper.user_id: 100})
    await asyncio.sleep(1)
    after = await circle.admin.ask_bot("!setup")
    assert "power" in before.casefold() or "permission" in before.casefold()
    assert len(after) < len(before)


async def test_an_invitation_from_elsewhere_is_not_accepted(
    make_keeper: MakeBot, someone: MakePerson
) -> None:
    """Only those named in `accept_invites_from` can add the bot to a room."""
    keeper = await make_keeper(accept_from=("@nobody:keeper.test",)).start_beside()
    stranger = await someone("stranger", keeper)
    room = await stranger.create_room(keeper.user_id, name="Elsewhere")
    await asyncio.sleep(3)
    assert (await stranger.memberships(room))[keeper.user_id] != "join"


@pytest.mark.parametrize("version", ["10", "12"])
async def test_the_gate_holds_in_old_and_new_room_versions(
    keeper: BotProcess, someone: MakePerson, version: str
) -> None:
    """In version 12 the creator has power without standing in the levels; before it stands there."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute", room_version=version)
    newcomer = await circle.welcome(await someone("dora", keeper))
    await circle.falls_silent(newcomer)
    assert await circle.may_speak(circle.members[0])
    assert await circle.may_speak(circle.admin)


async def test_a_bot_that_is_removed_tells_its_facilitators_and_can_come_back(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Whoever guards the group learns in private that nobody does any more."""
    circle = await Circle.guarded(someone, keeper, "ben")
    circle.admin.heard()
    await circle.admin.kick(circle.room, keeper.user_id)
    await circle.admin.answer(circle.name)
    circle.admin.heard()
    await circle.adopt()


@plain_and_encrypted
async def test_a_room_upgrade_takes_the_group_along(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """The bot follows to the new room, where facilitators and settings still hold."""
    circle = await Circle.guarded(someone, keeper, "ben", room_version="10", encrypted=encrypted)
    await circle.admin.ask_bot("!group set contact Ask-Ada-first confirm")
    new = await circle.admin.upgrade(circle.room, "11")
    await circle.admin.invite(new, keeper.user_id)
    await circle.admin.see_membership(new, keeper.user_id, "join")

    async def knows() -> bool:
        return "Ask-Ada-first" in await circle.admin.ask_bot("!group")

    await until(knows, "the settings moved along", every=1)


async def test_help_shows_a_member_what_a_member_may_do(keeper: BotProcess, someone: MakePerson) -> None:
    """`help` lists what this person may do here, and nothing else."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben: Person = circle.members[0]
    shown = await ben.ask_bot("!help", "consent")
    assert "group enforce" not in shown
    assert "group enforce" in await circle.admin.ask_bot("!help", "consent")
