"""A homeserver that fails now and then, in another way each time, while people go on."""

import asyncio
import random

import pytest
from aiohttp import web

from tests.support.botprocess import MakeBot
from tests.support.circle import Circle, MakePerson, receipt_of
from tests.support.client import Person
from tests.support.proxy import Fault, Proxy
from tests.support.synapse import Synapse

SOMETIMES = 0.3
"""The part of the requests that fail."""
FAULTS = (Fault.RATE_LIMIT, Fault.ERROR_500, Fault.HTML_502, Fault.TRUNCATED, Fault.CUT, Fault.LOST)


async def agrees(person: Person) -> None:
    """Agree, saying each word once, however long the answers take."""
    await person.answer("consent understood", timeout=120)
    await person.ask_bot("!consent understood", "consent agree", timeout=120)
    await person.say_to_bot("!consent agree")
    assert (await receipt_of(person, timeout=120)).matches


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("encrypted", "people", "lasts"), [(False, 8, 25.0), (True, 4, 12.0)], ids=["plain", "encrypted"]
)
async def test_everybody_gets_through_and_nothing_is_said_twice(
    homeserver: Synapse,
    make_keeper: MakeBot,
    someone: MakePerson,
    encrypted: bool,
    people: int,
    lasts: float,
) -> None:
    """Also where the homeserver did what it was asked and only the answer was lost: one direct chat each,
    every message once and readable, every grant kept. `lasts`: seconds."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)

    def now_and_then(_: web.Request) -> Fault:
        return dice.choice(FAULTS) if dice.random() < SOMETIMES else Fault.NONE

    async with Proxy(homeserver.url) as proxy:
        keeper = await make_keeper(url=proxy.url).start_beside()
        circle = await Circle.guarded(someone, keeper, gate="mute", encrypted=encrypted)
        newcomers = [await someone(f"p{n}", keeper, kind=circle.kind) for n in range(people)]
        proxy.dice = now_and_then
        lives = []
        for person in newcomers:
            person.watch()
            await circle.welcome(person)
            lives.append(asyncio.create_task(agrees(person)))
            await asyncio.sleep(lasts / people)
        proxy.mend()
        await asyncio.gather(*lives)
        for person in newcomers:
            await circle.speaks(person)
            assert len(person.chats) == 1, "one direct chat"
            bodies = [e["content"]["body"] for e in person.words]
            assert len(bodies) == len(set(bodies)), bodies
            assert not person.unread()
