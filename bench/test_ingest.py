"""How many events a second the bot takes in, beside stock matrix-nio with the same answers, in turn.

The messages are ordinary ones of people who have agreed: nobody needs them, and that has to be found
out quickly. Nothing of the bot's way is left out but the network.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from nio import AsyncClient, AsyncClientConfig

from bench.answers import DEVICE, KEEPER, first, room, talk
from bench.ciphers import Clients
from bench.figures import Figures
from bench.here import homeserver_of
from bench.taking import Bot, Stock, groups
from tests.support.storage import open_sqlite

ROOMS, MEMBERS, ANSWERS, EACH = 50, 20, 10, 20
EVENTS = ROOMS * ANSWERS * EACH
ROUNDS = 3
Take = Callable[[bytes], Awaitable[None]]


async def seconds(take: Take, answers: list[bytes]) -> float:
    """How long it takes to take all of these answers."""
    begun = time.perf_counter()
    for answer in answers:
        await take(answer)
        await asyncio.sleep(0)
    return time.perf_counter() - begun


@asynccontextmanager
async def bot_in(folder: Path, *, encrypted: bool = False) -> AsyncIterator[Bot]:
    """The bot, which guards the rooms and has had its first look."""
    rooms = [room(n) for n in range(ROOMS)]
    folder.mkdir()
    store = await open_sqlite(folder / "data")
    await groups(store, rooms, MEMBERS, encrypted=encrypted)
    with homeserver_of(ROOMS, MEMBERS) as url:
        bot = await Bot.over(url, folder, store)
        await bot.look(first(ROOMS, MEMBERS, lazy=True, encrypted=encrypted), ROOMS)
        yield bot
        await bot.close()
    await store.close()


@asynccontextmanager
async def stock_in(folder: Path | None, clients: Clients | None = None) -> AsyncIterator[Stock]:
    """Stock matrix-nio in the same rooms; with a folder it encrypts, and has every key."""
    config = AsyncClientConfig(encryption_enabled=folder is not None)
    where = str(folder) if folder else ""
    client = AsyncClient("http://127.0.0.1:9", KEEPER, DEVICE, store_path=where, config=config)
    client.restore_login(KEEPER, DEVICE, "bench")
    if clients is not None:
        clients.tell_stock(client)
    stock = Stock(client)
    await stock.take(first(ROOMS, MEMBERS, lazy=False, encrypted=clients is not None))
    stock.heard = 0
    yield stock
    await client.close()


async def taken_by(bot: Bot, answers: list[bytes]) -> float:
    """Seconds; every message was found to be needed by nobody."""
    before = bot.engine.counts["unneeded"]
    taken = await seconds(bot.take, answers)
    assert bot.engine.counts["unneeded"] - before == EVENTS
    return taken


async def test_plain_rooms(tmp_path: Path, figures: Figures) -> None:
    """Unencrypted rooms, where the bot looks for commands in every message."""
    ours, floor = [], []
    async with bot_in(tmp_path / "bot") as bot:
        for n in range(ROUNDS):
            answers = talk(ROOMS, MEMBERS, range(n * ANSWERS, (n + 1) * ANSWERS), EACH)
            ours.append(await taken_by(bot, answers))
            async with stock_in(None) as stock:
                floor.append(await seconds(stock.take, answers))
                assert stock.heard == EVENTS
    figures.times_at_least("ingest, plain", EVENTS / min(ours), EVENTS / min(floor), "events a second", 5)


async def test_encrypted_rooms(tmp_path: Path, figures: Figures) -> None:
    """Encrypted rooms, with hearing off (the bot has no keys) and on; matrix-nio has every key.

    Beside them the bot takes in the same talk in plain rooms, which hearing off must not be slower than.
    """
    off, hearing, floor, plain = [], [], [], []
    async with (
        bot_in(tmp_path / "plain") as reading,
        bot_in(tmp_path / "off", encrypted=True) as deaf,
        bot_in(tmp_path / "on", encrypted=True) as listening,
    ):
        for n in range(ROUNDS):
            numbers = range(n * ANSWERS, (n + 1) * ANSWERS)
            clients = Clients()
            answers = talk(ROOMS, MEMBERS, numbers, EACH, clients.seal)
            await listening.hear([room(n) for n in range(ROOMS)], clients)
            plain.append(await taken_by(reading, talk(ROOMS, MEMBERS, numbers, EACH)))
            off.append(await taken_by(deaf, answers))
            hearing.append(await taken_by(listening, answers))
            (tmp_path / f"stock{n}").mkdir()
            async with stock_in(tmp_path / f"stock{n}", clients) as stock:
                floor.append(await seconds(stock.take, answers))
                assert stock.heard == EVENTS
    theirs = EVENTS / min(floor)
    unit = "events a second"
    figures.times_at_least("ingest, encrypted, hearing on", EVENTS / min(hearing), theirs, unit, 2.5)
    figures.times_at_least(
        "ingest, encrypted, hearing off, beside our plain", EVENTS / min(off), EVENTS / min(plain), unit, 1
    )
    figures.note("  beside matrix-nio", f"{EVENTS / min(off) / theirs:.1f}x")
