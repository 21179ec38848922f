"""What every storage promises: the same suite over the reference and over SQLite."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path

import pytest

from adapters.memory import MemoryStore
from bot.boundary.errors import StorageTrouble
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import SEEN_FOR_HOURS, Gone, Read, Row, Store
from tests.support.storage import ANN, BEN, NOW, OTHER, ROOM, batch, hours, open_sqlite, row, waiting

EVERYTHING = tuple(
    Read(feature=feature, room=room) for feature in ("consent", "gate") for room in (ROOM, OTHER)
)


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened: Store = MemoryStore() if request.param == "memory" else await open_sqlite(tmp_path / "data")
    yield opened
    await opened.close()


async def rows(store: Store, *reads: Read) -> set[Row]:
    return set(await store.load(reads or EVERYTHING))


async def test_a_new_storage_is_empty(store: Store) -> None:
    """Absence looks as the port says: empty, or None."""
    assert await store.rooms() == ()
    assert await store.load(EVERYTHING) == []
    assert await store.load([]) == []
    assert await store.outbox() == []
    assert await store.due(NOW, 10) == []
    assert await store.next_due() is None
    assert await store.known(["consent"], ANN) == ()
    assert await store.get("position") is None
    assert not await store.seen("$1")
    assert await store.sweep(NOW) == 0


async def test_what_is_put_comes_back_exactly(store: Store) -> None:
    """Every field of a row, microseconds, empty and large bodies, and unusual words included."""
    puts = (
        row(due_at=NOW + timedelta(microseconds=1), delete_at=NOW + hours(9000), version=7),
        row(key="", body=b""),
        row(member=None, key="group", body=bytes(range(256)) * 1000),
        row(key="nul\0 and ünïcode \U0001f642", body=b"\x80\0\0"),
        row(feature="gate"),
        row(room=OTHER),
    )
    await store.commit(batch("$1", *puts))
    assert await rows(store) == set(puts)
    assert await store.rooms() == tuple(sorted((ROOM, OTHER)))


async def test_a_put_replaces_the_row_in_its_place(store: Store) -> None:
    """The same feature, room, person and key: one row."""
    await store.commit(batch("$1", row(due_at=NOW)))
    await store.commit(batch("$2", row(version=2, body=b"withdrawn")))
    assert await rows(store) == {row(version=2, body=b"withdrawn")}
    assert await store.next_due() is None


async def test_a_read_names_rows_by_feature_person_and_key(store: Store) -> None:
    """`member=None` means nobody's rows; what is not said means all."""
    ann, anns_other, ben, nobodys = row(), row(key="ask"), row(BEN), row(None)
    await store.commit(batch("$1", ann, anns_other, ben, nobodys, row(feature="gate"), row(room=OTHER)))
    consent = partial(Read, feature="consent", room=ROOM)
    assert await rows(store, consent()) == {ann, anns_other, ben, nobodys}
    assert await rows(store, consent(member=ANN)) == {ann, anns_other}
    assert await rows(store, consent(member=None)) == {nobodys}
    assert await rows(store, consent(key="standing")) == {ann, ben, nobodys}
    assert await rows(store, consent(member=ANN, key="ask")) == {anns_other}
    assert await rows(store, consent(member=BEN, key="ask")) == set()


async def test_a_row_that_two_reads_name_comes_once(store: Store) -> None:
    """A decision never sees the same record twice."""
    await store.commit(batch("$1", row(), row(BEN)))
    reads = [Read(feature="consent", room=ROOM), Read(feature="consent", room=ROOM, member=ANN)]
    assert len(await store.load(reads)) == 2


async def test_ids_that_look_alike_are_different(store: Store) -> None:
    """Where one word ends and the next begins matters, and so does the platform."""
    rooms = [RoomId("ab", "c"), RoomId("a", "bc"), RoomId("abc", "")]
    people = [MemberId("ab", "c"), MemberId("a", "bc")]
    puts = {row(person, room=room) for room in rooms for person in people}
    await store.commit(batch("$1", *puts))
    for room in rooms:
        for person in people:
            read = Read(feature="consent", room=room, member=person)
            assert await rows(store, read) == {row(person, room=room)}


async def test_gone_rows_are_gone(store: Store) -> None:
    """Removing what is not there changes nothing; a put in the same batch comes after."""
    await store.commit(batch("$1", row(), row(BEN), row(None)))
    gone = [Gone(feature="consent", room=ROOM, member=who, key="standing") for who in (ANN, BEN)]
    nowhere = Gone(feature="consent", room=RoomId("test", "!nowhere"), member=ANN, key="standing")
    await store.commit(batch("$2", row(BEN, version=2), gone=(*gone, nowhere)))
    assert await rows(store) == {row(BEN, version=2), row(None)}


async def test_an_event_is_seen_once_its_batch_is_kept(store: Store) -> None:
    """Also when the batch changes nothing else; the same event again changes nothing."""
    await store.commit(batch("$1"))
    assert await store.seen("$1")
    assert not await store.seen("$2")
    assert await store.commit(batch("$1", row(), outgoing=(waiting("a"),))) == ()
    assert await rows(store) == set()
    assert await store.outbox() == []


async def test_the_same_event_twice_at_once_counts_once(store: Store) -> None:
    """Law 10: a repeat that races with its first is still a repeat."""
    both = await asyncio.gather(*(store.commit(batch("$1", outgoing=(waiting(w),))) for w in "ab"))
    assert sorted(len(sent) for sent in both) == [0, 1]
    assert len(await store.outbox()) == 1


async def test_a_batch_of_no_event_is_kept_every_time(store: Store) -> None:
    """An empty event id is nobody's, and is not remembered."""
    await store.commit(batch("", row()))
    await store.commit(batch("", row(version=2)))
    assert await rows(store) == {row(version=2)}
    assert not await store.seen("")


async def test_outgoing_effects_count_up_over_all_rooms(store: Store) -> None:
    """`seq` orders the outbox for ever, whatever was delivered in between."""
    first = await store.commit(batch("$1", outgoing=(waiting("a"), waiting("b", room=OTHER))))
    await store.delivered("b")
    second = await store.commit(batch("$2", outgoing=(waiting("c", None),)))
    seqs = [sent.seq for sent in first + second]
    assert seqs == sorted(set(seqs))
    assert min(seqs) >= 1
    assert await store.outbox() == [first[0], second[0]]
    assert second[0] == waiting("c", None, seq=seqs[2])


async def test_delivered_and_postponed_effects(store: Store) -> None:
    """Unknown ids change nothing; a batch can settle effects too."""
    a, b, _ = await store.commit(batch("$1", outgoing=tuple(waiting(i) for i in "abc")))
    await store.postponed("a", NOW + hours(1), 3)
    await store.postponed("unknown", NOW, 1)
    await store.delivered("unknown")
    await store.commit(batch("$2", delivered=("c", "unknown")))
    later = waiting("a", seq=a.seq, due_at=NOW + hours(1), attempts=3)
    assert await store.outbox() == [later, b]


async def test_a_batch_that_fails_leaves_nothing_and_takes_nobody_along(store: Store) -> None:
    """All of a batch or nothing; those that wait at the same time are kept all the same."""
    await store.commit(batch("$1", outgoing=(waiting("taken"),)))
    bad = batch("$bad", row(BEN), outgoing=(waiting("new"), waiting("taken")))
    outcomes = await asyncio.gather(
        store.commit(batch("$2", row(key="before"))),
        store.commit(bad),
        store.commit(batch("$3", row(key="after"))),
        return_exceptions=True,
    )
    assert [isinstance(outcome, StorageTrouble) for outcome in outcomes] == [False, True, False]
    assert await rows(store) == {row(key="before"), row(key="after")}
    assert not await store.seen("$bad")
    assert [kept.id for kept in await store.outbox()] == ["taken"]


async def test_a_moment_without_a_zone_is_a_mistake(store: Store) -> None:
    """Time without a zone would be kept wrong: ValueError, and nothing is kept."""
    with pytest.raises(ValueError, match="time zone"):
        await store.commit(batch("$1", row(due_at=NOW.replace(tzinfo=None))))
    assert await rows(store) == set()
    assert not await store.seen("$1")


async def test_timers_come_oldest_first_and_no_more_than_asked(store: Store) -> None:
    """Due means its moment has come or passed, wherever on earth it was set."""
    east = timezone(hours(5))
    puts = [
        row(key="now", due_at=NOW.astimezone(east), version=4),
        row(None, key="early", due_at=NOW - hours(2), room=OTHER),
        row(key="later", due_at=NOW + timedelta(microseconds=1)),
        row(key="never"),
    ]
    await store.commit(batch("$1", *puts))
    timers = await store.due(NOW, 10)
    assert [(t.key, t.room, t.member, t.version, t.due_at) for t in timers] == [
        ("early", OTHER, None, 1, NOW - hours(2)),
        ("now", ROOM, ANN, 4, NOW),
    ]
    assert [t.key for t in await store.due(NOW, 1)] == ["early"]
    assert await store.next_due() == NOW - hours(2)


async def test_forget_removes_all_of_a_person_in_one_room(store: Store) -> None:
    """Every feature's rows, and what waits to be told to them; before the batch's own puts."""
    mine = [row(), row(key="ask"), row(feature="gate")]
    others = [row(BEN), row(None), row(room=OTHER)]
    await store.commit(
        batch("$1", *mine, *others, outgoing=(waiting("a"), waiting("b", BEN), waiting("c", room=OTHER)))
    )
    await store.commit(batch("$2", row(key="proof"), forget=ANN, outgoing=(waiting("bye"),)))
    assert await rows(store) == {*others, row(key="proof")}
    assert {kept.id for kept in await store.outbox()} == {"b", "c", "bye"}
    await store.commit(batch("$3", forget=ANN))
    assert await store.known(["consent", "gate"], ANN) == (OTHER,)


async def test_an_erased_room_leaves_nothing(store: Store) -> None:
    """Its rows and waiting effects go; other rooms stay; the room can begin anew in the same batch."""
    await store.commit(batch("$1", row(), row(room=OTHER), outgoing=(waiting("a"), waiting("b", room=OTHER))))
    await store.commit(batch("$2", erase_room=True))
    assert await store.rooms() == (OTHER,)
    assert await rows(store) == {row(room=OTHER)}
    assert [kept.id for kept in await store.outbox()] == ["b"]
    assert await store.seen("$1")
    await store.commit(batch("$3", row(version=9), erase_room=True, outgoing=(waiting("bye"),)))
    assert await rows(store) == {row(version=9), row(room=OTHER)}
    assert [kept.id for kept in await store.outbox()] == ["b", "bye"]


async def test_a_moved_room_takes_everything_with_it(store: Store) -> None:
    """Rows with their times, waiting effects in their order; what the batch itself changes too."""
    due = NOW + hours(1)
    await store.commit(
        batch("$1", row(due_at=due), row(BEN), row(None), outgoing=(waiting("a"), waiting("b")))
    )
    gone = Gone(feature="consent", room=ROOM, member=None, key="standing")
    await store.commit(
        batch("$2", row(BEN, version=2), gone=(gone,), outgoing=(waiting("c"),), move_room_to=OTHER)
    )
    assert await store.rooms() == (OTHER,)
    assert await rows(store) == {row(room=OTHER, due_at=due), row(BEN, room=OTHER, version=2)}
    assert [(kept.id, kept.room) for kept in await store.outbox()] == [(i, OTHER) for i in "abc"]
    assert [t.room for t in await store.due(due, 10)] == [OTHER]
    assert await store.known(["consent"], ANN) == (OTHER,)


async def test_moving_into_a_known_room_keeps_what_moves(store: Store) -> None:
    """Consent that was given holds, whatever the new room began with meanwhile."""
    await store.commit(batch("$1", row(body=b"moved")))
    await store.commit(batch("$2", row(body=b"begun", room=OTHER), row(BEN, room=OTHER), room=OTHER))
    await store.commit(batch("$3", move_room_to=OTHER))
    assert await rows(store) == {row(body=b"moved", room=OTHER), row(BEN, room=OTHER)}


async def test_moving_a_room_onto_itself_or_of_which_nothing_is_kept_is_nothing(store: Store) -> None:
    """A repeated upgrade harms nothing."""
    await store.commit(batch("$1", row()))
    await store.commit(batch("$2", move_room_to=ROOM))
    await store.commit(batch("$3", room=OTHER, move_room_to=ROOM))
    assert await rows(store) == {row()}


async def test_known_names_the_rooms_where_something_is_kept_of_a_person(store: Store) -> None:
    """Only the features asked for count; nobody's rows are nobody's."""
    await store.commit(batch("$1", row(), row(feature="gate", room=OTHER), row(BEN, room=OTHER), row(None)))
    assert await store.known(["consent"], ANN) == (ROOM,)
    assert set(await store.known(["consent", "gate"], ANN)) == {ROOM, OTHER}
    assert await store.known([], ANN) == ()


async def test_the_sweep_removes_what_is_over(store: Store) -> None:
    """Rows whose `delete_at` has come are counted; events are remembered for `SEEN_FOR_HOURS`."""
    await store.commit(batch("$1", row(delete_at=NOW), row(BEN, delete_at=NOW + hours(1)), row(None)))
    assert await store.sweep(NOW - timedelta(microseconds=1)) == 0
    assert await store.sweep(NOW) == 1
    assert await rows(store) == {row(BEN, delete_at=NOW + hours(1)), row(None)}
    assert await store.sweep(NOW + hours(SEEN_FOR_HOURS)) == 1
    assert await store.seen("$1")
    assert await store.sweep(NOW + hours(SEEN_FOR_HOURS) + timedelta(microseconds=1)) == 0
    assert not await store.seen("$1")
    assert await rows(store) == {row(None)}


async def test_a_room_that_was_swept_empty_can_begin_again(store: Store) -> None:
    """Nothing left means no room; the next record makes it anew."""
    await store.commit(batch("$1", row(delete_at=NOW)))
    await store.sweep(NOW)
    assert await store.rooms() == ()
    await store.commit(batch("$2", row()))
    assert await rows(store) == {row()}


async def test_the_cabinet_keeps_values_by_name(store: Store) -> None:
    """A value replaces the one before; dropping what is not there is nothing."""
    await store.put("position", b"s1")
    await store.put("position", b"")
    await store.put("device", b"\0" * 70_000)
    assert await store.get("position") == b""
    assert await store.get("device") == b"\0" * 70_000
    await store.drop("position")
    await store.drop("position")
    assert await store.get("position") is None


async def test_many_at_once_all_count(store: Store) -> None:
    """Hundreds of rooms and people at the same moment: each batch is kept, each `seq` is its own."""
    people = [MemberId("test", f"@p{number}") for number in range(300)]
    sent = await asyncio.gather(
        *(store.commit(batch(f"${w.native}", row(w), outgoing=(waiting(w.native, w),))) for w in people)
    )
    assert len({effects[0].seq for effects in sent}) == 300
    assert len(await store.load(EVERYTHING)) == 300


async def test_a_drawer_keeps_what_belongs_together(store: Store) -> None:
    """All of a change is kept or nothing; drawers don't see each other's values."""
    assert await store.drawer("sessions") == {}
    await store.change_drawer("sessions", {"ann": b"1", "ben": b""})
    await store.change_drawer("other", {"ann": b"2"})
    await store.change_drawer("sessions", {"ann": b"3", "ben": None, "cem": b"4", "nobody": None})
    assert await store.drawer("sessions") == {"ann": b"3", "cem": b"4"}
    assert await store.drawer("other") == {"ann": b"2"}
    assert await store.get("ann") is None
