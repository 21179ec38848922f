"""What the bot is given of people's words: nothing, unless the operator switched it on for all."""

import logging
from pathlib import Path

import pytest

from bot.boundary.errors import CannotStart
from tests.discord.keeper import Keeper, comes
from tests.discord.scene import Scene, words_of
from tests.localdiscord import LocalDiscord


async def test_no_words_of_the_group_reach_the_program(here: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Law 2: the intent is not asked for, and `privacy` says so."""
    caplog.set_level(logging.DEBUG)
    await here.set_up("mute")
    await here.bob.send(here.evening, "what I say about my sister")
    await here.settled()
    assert "sister" not in caplog.text
    told = [data for name, data in here.server.gateway.log if name == "MESSAGE_CREATE"]
    mine = [data for data in told if data["author"]["id"] == str(here.bob.id)]
    assert mine
    assert not any(data["content"] for data in mine)
    reply = await here.bob.slash(here.evening, "privacy")
    await here.settled()
    assert "I am not given what is said here" in words_of(reply)


async def test_with_the_operators_switch_privacy_says_so_and_typed_commands_are_heard(tmp_path: Path) -> None:
    """INTERFACE.md: `message_content` is the operator's switch, for all groups."""
    async with LocalDiscord(privileged={"members", "message_content"}) as server:
        scene = Scene(server, tmp_path)
        scene.keeper = Keeper(server, tmp_path, message_content=True)
        try:
            await scene.begin()
            await scene.set_up("notice")
            reply = await scene.bob.slash(scene.evening, "privacy")
            await scene.settled()
            assert "what is said here reaches my program" in words_of(reply)
            message = await scene.bob.send(scene.evening, "/consent withdraw")
            await comes(lambda: message not in scene.ann.sees(scene.evening), "the taking down")
        finally:
            await scene.keeper.stop()


async def test_a_switch_that_the_portal_does_not_allow_ends_the_program(
    tmp_path: Path,
) -> None:
    """A person must mend it."""
    async with LocalDiscord() as server:
        keeper = Keeper(server, tmp_path, message_content=True)
        with pytest.raises(CannotStart) as refused:
            await keeper.start()
        assert "message_content" in refused.value.next_step
        keeper._running = None
        await keeper.platform.close()
