"""Law 1 at the storage: who takes the data folder without the key learns sizes and times, no more."""

import base64
import itertools
import logging
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from adapters.sqlite import SqliteStore, back_up, open_store, rekeying, restore
from adapters.vault import Vault
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Batch, Outgoing, Row
from bot.boundary.sealing import DATABASE
from tests.support.storage import NOW, hours

MASTER = bytes(range(7, 39))
ROOMS = [RoomId("matrix", f"!lighthouse{number}:shelter.example") for number in range(3)]
PEOPLE = [MemberId("matrix", f"@marguerite{number}:shelter.example") for number in range(5)]
FEATURES = ["consent", "gatekeeping", "breach-reports"]
KEYS = ["standing-key", "ask-key"]
WORDS = "Marguerite declined because of her diagnosis"
LANE = "lane-of-marguerite"
CABINET = ("matrix-sync-position", b"s72594_4483_1934")
DRAWER = "matrix-crypto MARGUERITE-DEV"
KEPT = {
    "devices @marguerite0:shelter.example": b"MARGUERITES-PHONE 3xbtqj0pQuZ9r7eCurveKeyOfMarguerite",
    "megolm !lighthouse0:shelter.example Kr5eSessionIdOfMarguerite": b"pickle-of-marguerite",
}
"""What the Matrix adapter keeps of its encryption."""

# None is so short that random bytes would have it by chance.
SECRETS = [
    *(native for some in (ROOMS, PEOPLE) for one in some for native in (one.native, one.native[1:12])),
    "shelter.example",
    "matrix",
    *FEATURES,
    *KEYS,
    WORDS,
    "Marguerite",
    "declined",
    "diagnosis",
    LANE,
    CABINET[0],
    CABINET[1].decode(),
    "$event-of-marguerite",
    "outbox-id-of-marguerite",
    DRAWER,
    "MARGUERITES-PHONE",
    "CurveKeyOfMarguerite",
    "SessionIdOfMarguerite",
    "pickle-of-marguerite",
]


def forms(secret: str) -> Iterator[bytes]:
    """A word as it might lie around: plain, wide, in base64 at any offset, hex, escaped, backwards."""
    for plain in (secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")):
        yield plain
        yield plain[::-1]
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + plain)
            # The first and last characters mix with the neighbours: only the inner ones are certain.
            inner = encoded[4 if offset else 0 : len(encoded.rstrip(b"=")) - 1]
            if len(inner) >= 7:
                yield inner
                yield inner.replace(b"+", b"-").replace(b"/", b"_")
    yield quote(secret).encode()


def assert_tells_nothing(folder: Path) -> None:
    """No byte of any file and no file name has any of the secrets in any form."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {DATABASE}
    for path in files:
        content = path.name.encode() + b"\n" + path.read_bytes()
        lowered = content.lower()
        for secret in SECRETS:
            for form in forms(secret):
                assert form not in content, (path.name, secret)
            assert secret.lower().encode() not in lowered, (path.name, secret)


async def opened(folder: Path) -> SqliteStore:
    return await open_store(folder, Vault(MASTER, "a test"))


async def full_of_secrets(store: SqliteStore) -> None:
    """Every table has rows, each of which holds ids and words."""
    for number, (room, who) in enumerate(itertools.product(ROOMS, PEOPLE)):
        puts = [
            Row(
                feature=feature,
                room=room,
                member=member,
                key=key,
                version=1,
                body=f"{WORDS} {who.native} {key}".encode(),
                due_at=NOW,
                delete_at=NOW + hours(9),
            )
            for feature, member, key in itertools.product(FEATURES, (who, None), KEYS)
        ]
        sent = Outgoing(
            id=f"outbox-id-of-marguerite-{number}",
            room=room,
            lane=LANE,
            body=WORDS.encode() * 100,
            member=who,
            due_at=NOW,
        )
        event = f"$event-of-marguerite-{number}"
        await store.commit(Batch(event_id=event, room=room, now=NOW, puts=tuple(puts), outgoing=(sent,)))
    await store.put(*CABINET)
    await store.change_drawer(DRAWER, KEPT)


def column(folder: Path, table: str, name: str) -> list[bytes]:
    hand = sqlite3.connect(folder / DATABASE)
    try:
        return [value for (value,) in hand.execute(f"SELECT {name} FROM {table}")]
    finally:
        hand.close()


def anywhere(folder: Path, needle: bytes) -> bool:
    return any(needle in path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_no_byte_of_the_data_folder_tells_anything(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """While it runs, with log and map beside the database; after changes; and when it is closed."""
    caplog.set_level(logging.DEBUG)
    store = await opened(tmp_path / "data")
    await full_of_secrets(store)
    assert (tmp_path / "data" / f"{DATABASE}-wal").stat().st_size > 0
    assert_tells_nothing(tmp_path / "data")
    batch = Batch(event_id="$event-of-marguerite", room=ROOMS[0], now=NOW, forget=PEOPLE[0])
    await store.commit(batch)
    moved = RoomId("matrix", "!lighthouse9:shelter.example")
    await store.commit(Batch(event_id="", room=ROOMS[1], now=NOW, move_room_to=moved))
    await store.delivered("outbox-id-of-marguerite-7")
    await store.change_drawer(DRAWER, dict.fromkeys(list(KEPT)[:1]))
    assert_tells_nothing(tmp_path / "data")
    await store.close()
    assert_tells_nothing(tmp_path / "data")
    logged = caplog.text.encode()
    for secret in SECRETS:
        if secret != "matrix":
            assert all(form not in logged for form in forms(secret)), secret


async def test_the_scan_would_find_what_is_not_sealed(tmp_path: Path) -> None:
    """The test itself is tested: one plain word in any form is found."""
    store = await opened(tmp_path / "data")
    await store.put(*CABINET)
    await store.close()
    for plain in (
        PEOPLE[0].native.encode("utf-16-le"),
        base64.b64encode(b"ab" + WORDS.encode()),
        b"BREACH-REPORTS",
    ):
        (tmp_path / "data" / "leak").write_bytes(b"\x93\x01" + plain)
        with pytest.raises(AssertionError):
            assert_tells_nothing(tmp_path / "data")


async def test_the_master_key_is_nowhere_in_the_database(tmp_path: Path) -> None:
    """Raw, hex or base64: the database is worth nothing without what lies outside it."""
    store = await opened(tmp_path / "data")
    await full_of_secrets(store)
    for form in (MASTER, MASTER.hex().encode(), base64.b64encode(MASTER), MASTER[:16], MASTER[16:]):
        assert not anywhere(tmp_path / "data", form)
    await store.close()


async def test_nobody_can_be_followed_from_room_to_room_or_feature_to_feature(tmp_path: Path) -> None:
    """Each person has another index in every room and feature, and so have features and keys."""
    store = await opened(tmp_path / "data")
    await full_of_secrets(store)
    await store.close()
    everybody = len(PEOPLE) + 1  # nobody's rows have an index like a person's
    found = {
        name: Counter(column(tmp_path / "data", "records", name))
        for name in ("member_ix", "feature_ix", "key_ix")
    }
    assert len(found["member_ix"]) == everybody * len(ROOMS) * len(FEATURES)
    assert len(found["feature_ix"]) == len(ROOMS) * len(FEATURES)
    assert len(found["key_ix"]) == len(ROOMS) * len(FEATURES) * len(KEYS)
    every = [*found["member_ix"], *found["feature_ix"], *found["key_ix"]]
    for table, name in (
        ("outbox", "member_ix"),
        ("outbox", "id_ix"),
        ("rooms", "room_ix"),
        ("seen", "event_ix"),
    ):
        every += column(tmp_path / "data", table, name)
    every += column(tmp_path / "data", "cabinet", "name_ix")
    every += column(tmp_path / "data", "drawers", "name_ix")
    assert len(set(every)) == len(every)
    assert {len(index) for index in every} == {16}


async def test_two_installations_have_nothing_in_common(tmp_path: Path) -> None:
    """Even with the same master key and the same people: no index and no sealed body is the same."""
    values = []
    for name in ("one", "other"):
        store = await opened(tmp_path / name)
        await full_of_secrets(store)
        await store.close()
        indexes = ("feature_ix", "member_ix", "key_ix", "sealed")
        values.append({value for index in indexes for value in column(tmp_path / name, "records", index)})
        values[-1] |= set(column(tmp_path / name, "rooms", "room_ix"))
    assert not values[0] & values[1]


async def test_a_yes_and_a_no_are_equally_long(tmp_path: Path) -> None:
    """Lengths come in classes: records of the size of an answer all look alike."""
    store = await opened(tmp_path / "data")
    for number in range(100):
        row = Row(
            feature="consent", room=ROOMS[0], member=PEOPLE[0], key=str(number), version=1, body=b"x" * number
        )
        await store.commit(Batch(event_id="", room=ROOMS[0], now=NOW, puts=(row,)))
    await store.close()
    assert len({len(sealed) for sealed in column(tmp_path / "data", "records", "sealed")}) == 1


async def test_erasing_a_room_destroys_its_key_on_the_disk(tmp_path: Path) -> None:
    """When `commit` returns, no copy of the wrapped key or of a record is left in any file."""
    store = await opened(tmp_path / "data")
    await full_of_secrets(store)
    keys = column(tmp_path / "data", "rooms", "wrapped")
    sealed = column(tmp_path / "data", "records", "sealed") + column(tmp_path / "data", "outbox", "sealed")
    assert all(anywhere(tmp_path / "data", kept) for kept in keys)
    for room in ROOMS:
        await store.commit(Batch(event_id="", room=room, now=NOW, erase_room=True))
    for gone in keys + sealed:
        assert not anywhere(tmp_path / "data", gone[:32])
    await store.close()


async def test_what_is_forgotten_is_overwritten_on_the_disk(tmp_path: Path) -> None:
    """Not only out of the tables: the bytes are gone from the database and its log."""
    store = await opened(tmp_path / "data")
    await full_of_secrets(store)
    before = set(
        column(tmp_path / "data", "records", "sealed") + column(tmp_path / "data", "outbox", "sealed")
    )
    for room in ROOMS:
        await store.commit(Batch(event_id="", room=room, now=NOW, forget=PEOPLE[0]))
    after = set(
        column(tmp_path / "data", "records", "sealed") + column(tmp_path / "data", "outbox", "sealed")
    )
    assert len(before - after) == len(ROOMS) * (len(FEATURES) * len(KEYS) + 1)
    for gone in before - after:
        assert not anywhere(tmp_path / "data", gone[:32])
    await store.close()


async def test_a_key_that_is_thrown_away_is_overwritten_on_the_disk(tmp_path: Path) -> None:
    """A room key that must not be kept any more is in no file when `change_drawer` returns."""
    store = await opened(tmp_path / "data")
    await full_of_secrets(store)
    sealed = column(tmp_path / "data", "drawers", "sealed")
    assert all(anywhere(tmp_path / "data", kept[:32]) for kept in sealed)
    await store.change_drawer(DRAWER, dict.fromkeys(KEPT))
    for gone in sealed:
        assert not anywhere(tmp_path / "data", gone[:32])
    await store.close()


async def test_what_is_over_is_overwritten_on_the_disk(tmp_path: Path) -> None:
    """Retention too: after the sweep nothing is left of a record but free space, and no key."""
    store = await opened(tmp_path / "data")
    await full_of_secrets(store)
    sealed = column(tmp_path / "data", "records", "sealed")
    for waiting in await store.outbox():
        await store.delivered(waiting.id)
    keys = column(tmp_path / "data", "rooms", "wrapped")
    assert await store.sweep(NOW + hours(9)) == len(sealed)
    for gone in sealed + keys:
        assert not anywhere(tmp_path / "data", gone[:32])
    await store.close()


async def test_no_byte_of_a_backup_tells_anything(tmp_path: Path) -> None:
    """Nor of the folder where it was put back, nor of what was kept aside there."""
    store = await opened(tmp_path / "data")
    await full_of_secrets(store)
    (tmp_path / "copy").mkdir()
    back_up(tmp_path / "data", tmp_path / "copy" / DATABASE)
    await store.close()
    assert_tells_nothing(tmp_path / "copy")
    for secret in (MASTER, Vault(MASTER, "")._wrapping):
        assert not anywhere(tmp_path / "copy", secret)
    key = Vault(MASTER, "a test")
    backup = tmp_path / "copy" / DATABASE
    await restore(tmp_path / "data", backup, key, replace=True, marks={CABINET[0]: CABINET[1]})
    assert_tells_nothing(tmp_path / "data")


async def test_no_byte_of_resealed_data_tells_anything(tmp_path: Path) -> None:
    """All is sealed under other keys, and nothing of it lies open on the way."""
    store = await opened(tmp_path / "data")
    await full_of_secrets(store)
    await store.close()
    with rekeying(tmp_path / "data") as data:
        data.reseal(Vault(MASTER, "a test"), Vault(MASTER[::-1], "another test"), {})
        assert_tells_nothing(tmp_path / "data")
    assert_tells_nothing(tmp_path / "data")
