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

ROUNDS = 500 if os.environ.get("TORTURE") else 100
"""Of each kind. `make torture` comes ten times: 5,000 rounds."""
LONGEST_LIFE = 2.2
"""Seconds that the bot lives at most in a round; connecting takes about a quarter of it."""
LONG_LIFE = 7.0
"""Seconds of every twentieth life: long enough for the bot to keep its position in between."""
PEOPLE = ROUNDS // 4
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
        for number in range(ROUNDS):
            quick.start()
            await asyncio.sleep(dice.uniform(0.05, LONG_LIFE if number % 20 == 10 else LONGEST_LIFE))
            assert quick.kill() == -9, "it went on until it was killed"


@pytest.mark.slow
@pytest.mark.timeout(420 if ROUNDS == 100 else 3600)
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
async def test_what_was_confirmed_survives_a_hundred_kills(
    make_keeper: MakeBot, someone: MakePerson, encrypted: bool
) -> None:
    """Every receipt that a person has seen is there afterwards; no prompt and no answer came twice.

    Encrypted, also: every word reaches its reader. None is left that its reader cannot open.
    """
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    keeper = await make_keeper().start_beside()
    circle = await Circle.guarded(someone, keeper, gate="notice", encrypted=encrypted)
    keeper.kill()
    killing = asyncio.create_task(rounds(keeper, random.Random(seed)))
    members: list[Member] = []
    lives: list[asyncio.Task[None]] = []
    for number in range(PEOPLE):
        person = await someone(f"m{number}", keeper, kind=circle.kind)
        member = Member(await circle.welcome(person))
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
        if encrypted:
            all_was_read(member.person)


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


def all_was_read(person: Person) -> None:
    """Nothing of the bot is left closed to this person, and nothing of theirs was closed to the bot."""
    assert not person.unread(), "messages of the bot that cannot be opened"
    bodies = [e["content"]["body"] for e in person.words]
    assert not [b for b in bodies if "so nothing has been done" in b or "For your safety" in b]
    assert all(e.get("was_sealed") for e in person.words), "every word came encrypted"
