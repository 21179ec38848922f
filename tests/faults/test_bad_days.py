"""A homeserver behind a proxy that fails in every way that homeservers fail."""

import asyncio

import pytest

from tests.support.botprocess import MakeBot
from tests.support.circle import Circle, MakePerson, agree, receipt_of, until
from tests.support.proxy import Fault, Proxy
from tests.support.synapse import Synapse

FAULTS = [fault for fault in Fault if fault is not Fault.NONE]
LASTS = 4.0
"""Seconds of failing: several rounds of any honest back-off."""
RECOVERS_WITHIN = 90.0
"""Seconds: the longest wait of the back-off, and the time after which a hanging call is given up."""
MESSAGES = 120
"""More than the 100 events that one sync may carry, so that a gap has to be filled."""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("fault", "encrypted"),
    [*((fault, False) for fault in FAULTS), (Fault.LOST, True)],
    ids=lambda value: value.name.lower() if isinstance(value, Fault) else "encrypted" if value else "plain",
)
async def test_nothing_is_missed_and_nobody_is_hammered(
    homeserver: Synapse, make_keeper: MakeBot, someone: MakePerson, fault: Fault, encrypted: bool
) -> None:
    """While it fails: at most 5 requests/s. Afterwards: a joiner is asked, an answer is taken, and a
    private command in the middle of a gap of more than 100 messages is taken down, where the bot can
    read it."""
    async with Proxy(homeserver.url) as proxy:
        keeper = await make_keeper(url=proxy.url).start_beside()
        circle = await Circle.guarded(someone, keeper, "ben", gate="mute", encrypted=encrypted)
        ben = circle.members[0]
        await ben.answer("consent understood", timeout=40)
        dora = await someone("dora", keeper, kind=circle.kind)

        proxy.break_with(fault)
        began = asyncio.get_running_loop().time()
        ben.heard()
        await ben.say(await ben.chat(), "!consent understood")
        await circle.welcome(dora)
        slip = await ben.say(circle.room, "!consent withdraw")
        for number in range(MESSAGES):
            await ben.say(circle.room, f"we talk on, {number}")
        await asyncio.sleep(max(0.0, began + LASTS - asyncio.get_running_loop().time()))
        assert keeper.running
        assert proxy.times, "the bot did meet the fault"
        assert proxy.busiest_second() <= 5

        proxy.mend()
        await ben.answer("consent agree", timeout=RECOVERS_WITHIN)
        await ben.say_to_bot("!consent agree")
        assert (await receipt_of(ben)).matches
        await agree(dora)
        await circle.speaks(dora)
        if not encrypted:
            await until(lambda: ben.gone(circle.room, slip), "the slip is taken down")
        assert not ben.unread()
        assert not dora.unread()


async def test_a_homeserver_that_fails_at_the_start_is_waited_for(
    homeserver: Synapse, make_keeper: MakeBot
) -> None:
    """Not ready, not dead, not hammering; ready as soon as the homeserver is."""
    async with Proxy(homeserver.url) as proxy:
        proxy.break_with(Fault.HTML_502)
        keeper = make_keeper(url=proxy.url)
        keeper.launch()
        await asyncio.sleep(6)
        assert keeper.running
        assert await asyncio.to_thread(keeper.status, "/readyz") == 503
        assert 0 < proxy.busiest_second() <= 5
        proxy.mend()
        await keeper.start_beside()


@pytest.mark.parametrize(
    ("encrypted", "refused"),
    [(False, "/send/"), (True, "/send/"), (True, "/sendToDevice/")],
    ids=["plain", "encrypted", "keys"],
)
async def test_only_sending_is_rate_limited(
    homeserver: Synapse, make_keeper: MakeBot, someone: MakePerson, encrypted: bool, refused: str
) -> None:
    """An answer that was refused with 429 comes once the homeserver takes it, and comes once. Never before
    the key to it: a restart made the bot begin with a new one."""
    async with Proxy(homeserver.url) as proxy:
        keeper = await make_keeper(url=proxy.url).start_beside()
        circle = await Circle.guarded(someone, keeper, "ben", encrypted=encrypted)
        ben = circle.members[0]
        await ben.answer("consent understood", timeout=40)
        await asyncio.to_thread(keeper.stop)
        await keeper.start_beside()
        proxy.strikes = lambda request: request.method == "PUT" and refused in request.path
        proxy.break_with(Fault.RATE_LIMIT)
        await ben.say_to_bot("!consent understood")
        await asyncio.sleep(3)
        assert 0 < proxy.busiest_second() <= 5
        proxy.mend()
        await ben.answer("consent agree", timeout=30)
        await asyncio.sleep(2)
        assert sum("consent agree" in e["content"]["body"] for e in ben.words) == 1
        assert not ben.unread()


async def test_sigterm_ends_it_in_time_while_the_homeserver_hangs(
    homeserver: Synapse, make_keeper: MakeBot, someone: MakePerson
) -> None:
    """Within 5 s and with exit code 0, whatever is under way; what was under way is done after the start."""
    async with Proxy(homeserver.url) as proxy:
        keeper = await make_keeper(url=proxy.url).start_beside()
        circle = await Circle.guarded(someone, keeper, "ben")
        ben = circle.members[0]
        await ben.answer("consent understood", timeout=40)
        proxy.strikes = lambda request: request.method == "PUT"
        proxy.break_with(Fault.HANG)
        await ben.say_to_bot("!consent understood")
        await asyncio.sleep(1)
        began = asyncio.get_running_loop().time()
        assert await asyncio.to_thread(keeper.stop) == 0
        assert asyncio.get_running_loop().time() - began < 5
        proxy.mend()
        await keeper.start_beside()
        await ben.answer("consent agree", timeout=30)
