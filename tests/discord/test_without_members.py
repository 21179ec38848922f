"""Without the Server Members Intent: the bot works, harms nobody, and says what it cannot notice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord.keeper import comes
from tests.discord.scene import Scene, scene, words_of


@pytest.fixture
async def blind(tmp_path: Path) -> AsyncIterator[Scene]:
    """A scene where the operator has not switched the intent on."""
    async with scene(tmp_path, privileged=set()) as made:
        yield made


async def test_it_says_what_it_cannot_notice(blind: Scene) -> None:
    """In the set-up, with who can change that."""
    await blind.places()
    text = words_of(await blind.ann.slash(blind.evening, "setup", "show"))
    assert "I do not get the list of who is on this server" in text
    assert "Server Members Intent" in text


async def test_there_is_no_door_because_people_inside_would_be_shut_out(blind: Scene) -> None:
    """In doubt, refuse."""
    await blind.places()
    reply = await blind.ann.slash(blind.evening, "setup", "set", values="gate door", confirm=True)
    assert "Server Members Intent" in words_of(reply)
    assert blind.role is None


async def test_mute_takes_down_newcomers_and_lets_be_who_was_there_before(blind: Scene) -> None:
    """Nobody who was inside is muted, though the bot had never seen them."""
    blind.server.clock.advance(60)
    await blind.set_up("mute")
    blind.server.clock.advance(1)
    message = await blind.bob.send(blind.evening, "I was here before")
    await blind.settled()
    assert message in blind.ann.sees(blind.evening)
    await blind.zoe.join_guild(blind.guild)
    message = await blind.zoe.send(blind.evening, "too early")
    await comes(lambda: message not in blind.ann.sees(blind.evening), "the taking down")
    await comes(lambda: blind.zoe.inbox, "a word about it")
    assert (await blind.agree(blind.zoe)).matches
    message = await blind.zoe.send(blind.evening, "agreed")
    await blind.settled()
    assert message in blind.ann.sees(blind.evening)


async def test_somebody_who_uses_the_bot_is_not_asked_a_second_time_in_private(blind: Scene) -> None:
    """They are met by their own press."""
    await blind.set_up("notice")
    await blind.zoe.join_guild(blind.guild)
    assert (await blind.agree(blind.zoe)).matches
    await blind.settled()
    assert blind.zoe.inbox == []
