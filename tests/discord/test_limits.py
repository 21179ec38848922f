"""Discord's limits: 3 seconds, 15 minutes, 2,000 characters, rates, nonces, and mentions."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from adapters.memory import MemoryStore
from bot.boundary.errors import StorageTrouble
from bot.boundary.ports import Batch, Outgoing, Read, Row
from tests.discord.keeper import Keeper, comes
from tests.discord.scene import BOXES, LIMITS_READ, READ, Scene, scene, words_of
from tests.localdiscord import LocalDiscord


class SlowStore(MemoryStore):
    """A storage that takes its time, or refuses, while it is told to."""

    wait = 0.0
    refuse = False

    async def commit(self, batch: Batch) -> tuple[Outgoing, ...]:
        """See `Store.commit`."""
        await asyncio.sleep(self.wait)
        if self.refuse:
            raise StorageTrouble("The disk is full.", "Free some space.")
        return await super().commit(batch)

    async def load(self, reads: Sequence[Read]) -> list[Row]:
        """See `Store.load`."""
        return await super().load(reads)


async def with_store(here: Scene) -> SlowStore:
    """The scene's bot, on a storage that can be slow."""
    store = SlowStore()
    await here.keeper.stop()
    here.keeper = Keeper(here.server, here.folder, store)
    await here.keeper.start()
    return store


async def test_a_slow_answer_is_promised_in_time_and_comes(here: Scene) -> None:
    """Nobody reads "the application did not respond"."""
    store = await with_store(here)
    await here.set_up("mute")
    store.wait = 2.0
    reply = await here.bob.click(here.bell, READ, wait=False)  # type: ignore[arg-type]
    await reply.until(lambda r: r.interaction.original is not None and "What may not" in r.text, 8)
    assert reply.ephemeral
    assert any(r.body == {"type": 5, "data": {"flags": 64}} for r in here.server.requests)


async def test_a_form_that_comes_too_late_has_a_button_before_it(here: Scene) -> None:
    """A form can only be the first answer."""
    store = await with_store(here)
    await here.set_up("mute")
    limits = await here.bob.click(here.bell, READ)  # type: ignore[arg-type]
    store.wait = 2.0
    reply = await here.bob.click(limits, LIMITS_READ, wait=False)
    await reply.until(lambda r: r.interaction.original is not None and "open the form" in r.text, 8)
    store.wait = 0.0
    form = await here.bob.click(reply, "Open the form")
    assert BOXES in str(form.modal)


async def test_what_cannot_be_kept_is_said_and_did_not_happen(here: Scene) -> None:
    """The storage refuses: nothing was acknowledged, so nothing is lost."""
    store = await with_store(here)
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    store.refuse = True
    reply = await here.zoe.slash(here.evening, "consent", "withdraw")
    assert "I did nothing" in reply.text
    store.refuse = False
    reply = await here.zoe.slash(here.evening, "consent", "withdraw")
    assert "taken back" in reply.text


async def test_a_promise_that_was_not_kept_before_a_crash_is_closed(here: Scene) -> None:
    """Nobody sees "is thinking" for a quarter of an hour."""
    from adapters.discord import replies

    store = await with_store(here)
    await here.set_up("mute")
    store.wait = 60.0
    reply = await here.bob.slash(here.evening, "consent", "withdraw", wait=False)
    await comes(lambda: any(r.body == {"type": 5, "data": {"flags": 64}} for r in here.server.requests))
    await asyncio.sleep(0.1)
    here.keeper._running.cancel()  # type: ignore[union-attr]
    await here.keeper.platform.close()
    store.wait = 0.0
    before, replies.SILENT_AFTER = replies.SILENT_AFTER, 0.3
    try:
        here.keeper._running = None
        await here.keeper.start()
        await reply.until(lambda r: r.interaction.original is not None and "interrupted" in r.text, 5)
    finally:
        replies.SILENT_AFTER = before


async def test_after_fifteen_minutes_the_answer_comes_as_a_direct_message(here: Scene) -> None:
    """The token is dead; what was acknowledged is still answered."""
    store = await with_store(here)
    await here.set_up("mute")
    heard = len(here.bob.inbox)
    store.wait = 2.2
    await here.bob.slash(here.evening, "consent", "show", wait=False)
    await comes(lambda: any(r.body == {"type": 5, "data": {"flags": 64}} for r in here.server.requests))
    here.server.clock.advance(16 * 60)
    await comes(lambda: len(here.bob.inbox) > heard, "the direct message")
    assert "What may not stay private" in here.bob.inbox[-1].text


async def test_long_words_come_in_pages_with_the_buttons_at_the_end(here: Scene) -> None:
    """At most 2,000 characters each, nothing left out."""
    await here.set_up("mute")
    line = "We keep this promise too, number {}. "
    words = "".join(line.format(n) for n in range(75))
    await here.ann.slash(here.evening, "group", "set", key="agreement", value=words, confirm=True)
    await here.settled()
    reply = await here.bob.slash(here.evening, "rules")
    await here.settled()
    assert len(reply.followups) >= 1
    text = words_of(reply)
    assert all(f"number {n}." in text for n in range(75))
    assert all(len(m.text) <= 2000 for m in (reply.message, *reply.followups))
    assert all(m.ephemeral for m in reply.followups)


async def test_nothing_that_anybody_is_called_or_writes_pings(here: Scene) -> None:
    """`allowed_mentions` is none in every message of the bot; names become no links."""
    await here.bob.nick(here.guild, "@everyone [x](http://a.b)")
    await here.set_up("mute", more=f'contact "@everyone {here.ann.mention} @here"')
    await here.agree(here.bob)
    await here.bob.slash(here.evening, "consent", "talk")
    await here.settled()
    sent = (
        [m for c in here.guild.channels.values() for m in here.ann.sees(c)] + here.ann.inbox + here.bob.inbox
    )
    assert not any(m.pinged for m in sent if m.author.bot)
    assert "](http" not in "".join(m.text for m in here.ann.inbox)
    bodies = [r.body for r in here.server.requests if r.path.endswith("/messages") and r.method == "POST"]
    assert all(body["allowed_mentions"] == {"parse": []} for body in bodies)
    assert all(body["enforce_nonce"] and len(body["nonce"]) <= 25 for body in bodies)


async def test_under_real_limits_a_group_is_set_up_without_a_refused_request(tmp_path: Path) -> None:
    """Rate limits are waited for, not run into."""
    async with scene(tmp_path) as here:
        for n in range(2):
            await here.server.person(f"p{n}").join_guild(here.guild)
        here.server.limits.real()
        await here.places()
        await here.ann.slash(here.evening, "setup", "set", values="gate notice", confirm=True)
        await here.settled()
        assert here.server.limits.refused == 0
        assert isinstance(here.server, LocalDiscord)
