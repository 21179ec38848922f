"""What a message costs that nobody needs, in few rooms or in many: nearly every message is one.

Taken twice: the whole way, from the bytes of an answer with that message alone to the finding that
nothing is to be done; and the engine's part of it alone, where what costs more in many rooms is the
memory that has to be fetched. The thread's own time counts, not what others take from the machine.
"""

import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from adapters.matrix.view import member, room_id
from bench.answers import answer, first, joined, person, room, said
from bench.figures import Figures
from bench.here import homeserver_of
from bench.taking import Bot, groups
from bot.boundary.events import MessagePosted
from bot.boundary.ids import MessageId
from bot.engine import Engine
from tests.support.storage import open_sqlite

MEMBERS = 10
MESSAGES = 20_000
ROUNDS = 5
MANY = 10_000
GOAL = 1.2


@asynccontextmanager
async def bot_of(rooms: int, folder: Path) -> AsyncIterator[Bot]:
    """A bot that guards so many groups under `mute` and has looked at all of them."""
    folder.mkdir()
    store = await open_sqlite(folder / "data")
    await groups(store, [room(n) for n in range(rooms)], MEMBERS)
    with homeserver_of(rooms, MEMBERS) as url:
        bot = await Bot.over(url, folder, store)
        await bot.look(first(rooms, MEMBERS, lazy=True), rooms)
        yield bot
        await bot.close()
    await store.close()


def by(number: int) -> str:
    """Who says the message of this number: somebody who has agreed."""
    return person(number % (MEMBERS - 2))


def events(rooms: int) -> list[MessagePosted]:
    """Messages in one room after the other, as the engine gets them."""
    return [
        MessagePosted(
            id=f"${n}",
            room=room_id(room(n % rooms)),
            by=member(by(n)),
            message=MessageId("matrix", f"${n}"),
        )
        for n in range(MESSAGES)
    ]


def answers(rooms: int) -> list[bytes]:
    """The same messages, each in an answer of its own."""
    places = [room(n % rooms) for n in range(MESSAGES)]
    return [
        msgspec.json.encode(answer(f"s{n}", {where: joined([said(where, n, by(n))])}))
        for n, where in enumerate(places)
    ]


def in_engine(engine: Engine, messages: list[MessagePosted]) -> float:
    """Microseconds that each takes in the engine."""
    submit = engine.submit
    begun = time.thread_time()
    for message in messages:
        assert submit(message) is None
    return (time.thread_time() - begun) / len(messages) * 1e6


async def whole_way(bot: Bot, all_of_them: list[bytes]) -> float:
    """Microseconds that each takes from its bytes."""
    before = bot.engine.counts["unneeded"]
    begun = time.thread_time()
    for each in all_of_them:
        await bot.take(each)
    taken = time.thread_time() - begun
    assert bot.engine.counts["unneeded"] - before == len(all_of_them)
    return taken / len(all_of_them) * 1e6


async def test_an_unneeded_message_costs_the_same_in_many_rooms(tmp_path: Path, figures: Figures) -> None:
    """At 1 and at 10,000 rooms, in turn; the best of several rounds each."""
    async with bot_of(1, tmp_path / "few") as few, bot_of(MANY, tmp_path / "many") as many:
        gc.collect()
        in_one, in_many = events(1), events(MANY)
        engine = [(in_engine(few.engine, in_one), in_engine(many.engine, in_many)) for _ in range(ROUNDS)]
        one, spread = answers(1), answers(MANY)
        whole = [(await whole_way(few, one), await whole_way(many, spread)) for _ in range(ROUNDS)]
    for what, rounds in (("the whole way", whole), ("in the engine alone", engine)):
        few_rooms, many_rooms = (min(found) for found in zip(*rounds, strict=True))
        what = f"an unneeded message at {MANY:,} rooms beside 1, {what}"
        figures.times_at_most(what, many_rooms, few_rooms, "µs", GOAL)
        assert many_rooms < 3 * few_rooms
