"""Any history: SQLite answers as the reference storage does, restarts in between included."""

import asyncio
import itertools
import tempfile
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from adapters.memory import MemoryStore
from adapters.sqlite import SqliteStore
from bot.boundary.errors import StorageTrouble
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import ANY, Batch, Gone, Outgoing, Read, Row, Store
from tests.support.storage import NOW, open_sqlite

T = TypeVar("T")

ROOMS = [RoomId("test", f"!room{number}") for number in range(3)]
PEOPLE = [MemberId("test", "@ann"), MemberId("test", "@ben"), MemberId("other", "@ann")]
FEATURES = ["consent", "gate"]
KEYS = ["", "standing", "ask"]

rooms, people = st.sampled_from(ROOMS), st.sampled_from(PEOPLE)
members, features, keys = st.none() | people, st.sampled_from(FEATURES), st.sampled_from(KEYS)
moments = st.integers(-100, 100).map(lambda number: NOW + timedelta(hours=number, microseconds=number))
events = st.sampled_from(["", *(f"$e{number}" for number in range(30))])
outbox_ids = st.sampled_from([f"o{number}" for number in range(12)])
puts = st.builds(
    Row,
    feature=features,
    room=rooms,
    member=members,
    key=keys,
    version=st.integers(1, 9),
    body=st.binary(max_size=9),
    due_at=st.none() | moments,
    delete_at=st.none() | moments,
)
effects = st.builds(
    Outgoing,
    id=outbox_ids,
    room=rooms,
    lane=st.sampled_from(["public", "ann"]),
    body=st.binary(max_size=9),
    member=members,
    due_at=moments,
    attempts=st.integers(0, 3),
)


def few(of: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(of, max_size=4).map(tuple)


batches = st.builds(
    Batch,
    event_id=events,
    room=rooms,
    now=moments,
    puts=few(puts),
    gone=few(st.builds(Gone, feature=features, room=rooms, member=members, key=keys)),
    outgoing=few(effects),
    delivered=few(outbox_ids),
    forget=st.none() | people,
    erase_room=st.sampled_from([False, False, False, True]),
    move_room_to=st.none() | rooms,
)
reads = st.builds(Read, feature=features, room=rooms, member=st.just(ANY) | members, key=st.just(ANY) | keys)


class Both(RuleBasedStateMachine):
    """The same calls to both storages, the same answers from both."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.memory = MemoryStore()
        self.sqlite: SqliteStore = self.run(open_sqlite(Path(self.folder.name) / "data"))
        self.seqs: dict[int, int] = {}

    def run(self, call: Awaitable[T]) -> T:
        return self.loop.run_until_complete(asyncio.wait_for(call, 20))

    def both(self, name: str, *args: Any) -> tuple[Any, Any]:
        return tuple(self.run(_answer(store, name, args)) for store in (self.sqlite, self.memory))  # type: ignore[return-value]

    def same(self, name: str, *args: Any) -> None:
        of_sqlite, of_memory = self.both(name, *args)
        assert of_sqlite == of_memory

    @rule(batch=batches)
    def commit(self, batch: Batch) -> None:
        of_sqlite, of_memory = self.both("commit", batch)
        assert _without_seq(of_sqlite) == _without_seq(of_memory)

    @rule(together=st.lists(batches, min_size=2, max_size=4))
    def commit_together(self, together: list[Batch]) -> None:
        async def gather(store: Store) -> list[object]:
            return await asyncio.gather(*(_answer(store, "commit", (batch,)) for batch in together))

        of_sqlite, of_memory = (self.run(gather(store)) for store in (self.sqlite, self.memory))
        assert [_without_seq(a) for a in of_sqlite] == [_without_seq(a) for a in of_memory]

    @rule(outbox_id=outbox_ids)
    def delivered(self, outbox_id: str) -> None:
        self.same("delivered", outbox_id)

    @rule(outbox_id=outbox_ids, due_at=moments, attempts=st.integers(0, 9))
    def postponed(self, outbox_id: str, due_at: object, attempts: int) -> None:
        self.same("postponed", outbox_id, due_at, attempts)

    @rule(now=moments)
    def sweep(self, now: object) -> None:
        self.same("sweep", now)

    @rule(name=keys, value=st.none() | st.binary(max_size=9))
    def cabinet(self, name: str, value: bytes | None) -> None:
        self.same(*(("drop", name) if value is None else ("put", name, value)))
        self.same("get", name)

    @rule(some=st.lists(reads, max_size=4))
    def load(self, some: list[Read]) -> None:
        of_sqlite, of_memory = self.both("load", some)
        assert len(of_sqlite) == len(of_memory)
        assert set(of_sqlite) == set(of_memory)

    @rule(now=moments)
    def due(self, now: object) -> None:
        of_sqlite, of_memory = self.both("due", now, 100)
        assert set(of_sqlite) == set(of_memory)
        assert [t.due_at for t in of_sqlite] == [t.due_at for t in of_memory]

    @rule(event_id=events)
    def seen(self, event_id: str) -> None:
        self.same("seen", event_id)

    @rule(some=st.lists(features, max_size=2), member=people)
    def known(self, some: list[str], member: MemberId) -> None:
        self.same("known", some, member)

    @rule()
    def restart(self) -> None:
        self.run(self.sqlite.close())
        self.sqlite = self.run(open_sqlite(Path(self.folder.name) / "data"))

    @invariant()
    def nothing_differs(self) -> None:
        self.same("rooms")
        self.same("next_due")
        of_sqlite, of_memory = self.both("outbox")
        assert _without_seq(of_sqlite) == _without_seq(of_memory)
        seqs = [waiting.seq for waiting in of_sqlite]
        assert seqs == sorted(set(seqs))
        self.load([Read(feature=f, room=r) for f, r in itertools.product(FEATURES, ROOMS)])

    def teardown(self) -> None:
        self.run(self.sqlite.close())
        self.folder.cleanup()
        self.loop.close()


async def _answer(store: Store, name: str, args: tuple[Any, ...]) -> object:
    """What a call gives back, or that it was refused."""
    try:
        answer: object = await getattr(store, name)(*args)
    except StorageTrouble:
        return "refused"
    return answer


def _without_seq(answer: Any) -> object:
    """The effects in their order; the numbers themselves may have gaps."""
    if isinstance(answer, str):
        return answer
    return [msgspec.structs.replace(waiting, seq=0) for waiting in answer]


# Without shrinking, which would take minutes: add `Phase.shrink` to make a failing history short.
Both.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
TestSqliteAnswersAsMemoryDoes = Both.TestCase
