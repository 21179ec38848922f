"""kill -9 in the middle of a form, on the real program."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord.process import DiscordProcess, process
from tests.discord.scene import AGREE, ALL_BOXES, BOXES, LIMITS_READ, READ, Scene, receipt_of
from tests.localdiscord import LocalDiscord, NotAnswered


class Outside(Scene):
    """A scene whose bot is a process of its own."""

    process: DiscordProcess

    async def settled(self) -> None:
        """Discord hears nothing more for a while."""
        before, quiet = -1, 0
        while quiet < 4:
            await asyncio.sleep(0.05)
            now = len(self.server.requests)
            quiet, before = (quiet + 1, now) if now == before else (0, now)


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Outside]:
    """Ann's server, with the program running on it."""
    async with LocalDiscord() as server:
        made = Outside(server, tmp_path)
        made.keeper = None  # type: ignore[assignment]
        made.process = process(server, tmp_path)
        await made.prepare()
        try:
            await made.process.start_beside()
            yield made
        finally:
            made.process.kill()
        assert not server.violations
        assert not server.crashes


async def test_killed_in_the_middle_of_a_form(there: Outside) -> None:
    """The form was opened before, sent after: it counts. What was agreed to is kept, sealed, once."""
    await there.set_up("mute")
    await there.zoe.join_guild(there.guild)
    assert there.bell is not None
    reply = await there.zoe.click(there.bell, READ)
    form = await there.zoe.click(reply, LIMITS_READ)
    there.process.kill()
    await there.process.start_beside()
    reply = await there.zoe.submit(form, {BOXES: ALL_BOXES})
    waiting = asyncio.create_task(there.zoe.click(reply, AGREE))
    await asyncio.sleep(0)
    there.process.kill()
    with contextlib.suppress(NotAnswered, TimeoutError):
        await asyncio.wait_for(waiting, 6)  # else Discord says so to Zoe: it may not have counted
    await there.process.start_beside()
    await there.settled()
    reply = await there.zoe.slash(there.evening, "consent", "show")
    if "You have agreed" not in reply.text:
        await there.zoe.click(reply, AGREE)  # the boxes were kept: only the answer was lost
        await there.settled()
    reply = await there.zoe.slash(there.evening, "consent", "receipt")
    assert receipt_of(reply.message).matches
    assert await there.may_write(there.zoe)
    assert len(there.bells) == 1
    assert len([m for m in there.zoe.inbox if "Welcome" in m.text]) <= 1
    await asyncio.to_thread(there.process.stop)
    assert str(there.zoe.id).encode() not in b"".join(
        file.read_bytes() for file in there.process.data.rglob("*") if file.is_file()
    )
    logged = there.process.logs()
    assert str(there.zoe.id) not in logged
    assert "evening" not in logged
    assert "Traceback" not in logged
