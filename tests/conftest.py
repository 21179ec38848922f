"""What tests share: one homeserver a worker, the bot as a real process, and people with clients."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.support.botprocess import BotProcess, MakeBot
from tests.support.circle import MakePerson
from tests.support.client import Person
from tests.support.sealed import SealedPerson
from tests.support.synapse import Synapse

# For planted faults: a failure is enough, its shortest form is not needed.
settings.register_profile("once", phases=(Phase.explicit, Phase.generate), database=None)

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def homeserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """A homeserver for the whole session. A test that stops it takes `own_homeserver`."""
    synapse = Synapse(tmp_path_factory.mktemp("homeserver"))
    try:
        yield synapse.start()
    finally:
        synapse.stop()


@pytest.fixture
def own_homeserver(tmp_path: Path) -> Iterator[Synapse]:
    """A homeserver for one test, which may stop and kill it."""
    synapse = Synapse(tmp_path / "homeserver")
    try:
        yield synapse.start()
    finally:
        synapse.kill()


def new_name(stem: str) -> str:
    """A name that no other test has taken on this homeserver."""
    return f"{stem}-{next(_NUMBERS)}"


@pytest.fixture(scope="session")
def _shared_keeper(homeserver: Synapse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    bot = BotProcess(
        tmp_path_factory.mktemp("keeper"), homeserver.url, homeserver.register(new_name("keeper"))
    )
    try:
        yield bot
    finally:
        bot.stop()
    # A fault of ours in any story is a fault, also where nobody in the story noticed it.
    assert not [line for line in bot.logs().splitlines() if "level=error" in line]


@pytest.fixture
def keeper(_shared_keeper: BotProcess) -> BotProcess:
    """The bot that the stories of a worker share, each with rooms and people of its own."""
    return _shared_keeper.start()


@pytest.fixture
def make_keeper(homeserver: Synapse, tmp_path: Path) -> Iterator[MakeBot]:
    """Makes a bot for one test, not started yet, which may be stopped and killed."""
    made: list[BotProcess] = []

    def make(server: Synapse | None = None, url: str | None = None, **more: object) -> BotProcess:
        server = server or homeserver
        folder = tmp_path / f"keeper{len(made)}"
        folder.mkdir()
        bot = BotProcess(folder, url or server.url, server.register(new_name("keeper")), **more)  # type: ignore[arg-type]
        made.append(bot)
        return bot

    yield make
    for bot in made:
        bot.kill()


@pytest.fixture
async def someone(homeserver: Synapse) -> AsyncIterator[MakePerson]:
    """Makes people: `await someone("ann", bot)`; `on` names another homeserver, `kind` their client."""
    made: list[Person] = []

    async def make(
        name: str, bot: BotProcess, on: Synapse | None = None, kind: type[Person] = Person
    ) -> Person:
        person = kind.named(on or homeserver, new_name(name), bot.user_id)
        made.append(person)
        if isinstance(person, SealedPerson):
            await person.publish()  # before anybody writes to them
        return person

    yield make
    for person in made:
        await person.close()
