"""Kill -9 at random instants, then start again. Law 7: nothing acknowledged is lost or doubled."""

import asyncio
import os
import random
from dataclasses import dataclass, field

import pytest

from tests.support.botprocess import BotProcess, MakeBot
from tests.support.circle import Circle, MakePerson, receipt_of
from tests.support.client import Person
from tests.support.quickly import Quickly

ROUNDS = 1000 if os.environ.get("TORTURE") else 100
LONGEST_LIFE = 2.2
"""Seconds that the bot lives at most in a round; connecting takes about a quarter of it."""
PEOPLE = 24
EVER = ROUNDS * 4.0
"""Seconds: longer than all rounds together."""


@dataclass
class Member:
    """Somebody who agrees while the bot dies and comes back, and what was confirmed to them."""

    person: Person
    record_id: str = ""
    withdrawn: bool = False
    asked_with: list[str] = field(default_factory=list)

    async def live(self, withdraws: bool) -> None:
        """Agree; then perhaps withdraw. Each word is said once, and its answer waited for."""
        person = self.person
        await person.answer("consent understood", timeout=EVER)
        await person.ask_bot("!consent understood", "consent agree", timeout=EVER)
        await person.say_to_bot("!consent agree")
        self.record_id = (await receipt_of(person, timeout=EVER)).fields["record_id"]
        if withdraws:
            await person.ask_bot("!consent withdraw", "consent undo", timeout=EVER)
            self.withdrawn = True


async def rounds(keeper: BotProcess, dice: random.Random) -> None:
    """Start and kill, at instants that nobody chose."""
    with Quickly(keeper) as quick:
        for _ in range(ROUNDS):
            quick.start()
            await asyncio.sleep(dice.uniform(0.05, LONGEST_LIFE))
            assert quick.kill() == -9, "it went on until it was killed"


@pytest.mark.slow
@pytest.mark.timeout(420 if ROUNDS == 100 else 3600)
async def test_what_was_confirmed_survives_a_hundred_kills(make_keeper: MakeBot, someone: MakePerson) -> None:
    """Every receipt that a person has seen is there afterwards; no prompt and no answer came twice."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    keeper = await make_keeper().start_beside()
    circle = await Circle.guarded(someone, keeper, gate="notice")
    keeper.kill()
    killing = asyncio.create_task(rounds(keeper, random.Random(seed)))
    members: list[Member] = []
    lives: list[asyncio.Task[None]] = []
    for number in range(PEOPLE):
        member = Member(await circle.welcome(await someone(f"m{number}", keeper)))
        members.append(member)
        lives.append(asyncio.create_task(member.live(withdraws=number % 2 == 1)))
        await asyncio.sleep(ROUNDS * LONGEST_LIFE / 2 / PEOPLE)
    await killing

    await keeper.start_beside()
    await asyncio.wait(lives, timeout=90)
    stuck = [m.person.lately() for m, life in zip(members, lives, strict=True) if not life.done()]
    assert not stuck, "\n".join(stuck)
    await asyncio.gather(*lives)
    for member in members:
        await holds(member)


async def holds(member: Member) -> None:
    """What this person was told is still true, and they were told each thing once."""
    person = member.person
    bodies = [e["content"]["body"] for e in person.words]
    assert sum("consent understood" in b for b in bodies) == 1, "one question"
    assert sum("consent agree" in b and "consent understood" not in b for b in bodies) == 1, "one agreement"
    assert len(bodies) == len(set(bodies)), "nothing was said twice"
    if member.withdrawn:
        assert "consent understood" in await person.ask_bot("!consent")
    else:
        await person.say_to_bot("!consent receipt")
        assert (await receipt_of(person)).fields["record_id"] == member.record_id
