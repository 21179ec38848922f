"""The oldest bytes ever shipped stay readable, whatever becomes of the records."""

from datetime import UTC, datetime

import pytest

from bot.contract.records import Record
from bot.gate.records import CODEC, GateState, Guest, Leaving, Meeting, Pass, Taken, Told

THEN = datetime(2026, 3, 2, 12, tzinfo=UTC)

OLDEST = [
    (
        b"\x93\xa4gate\x01\x83\xa4gate\xa4mute\xa4held\xa6levels\xa4room\xae!r:example.org",
        GateState(gate="mute", held="levels", room="!r:example.org"),
    ),
    (
        b"\x93\xa4pass\x01\x82\xa4kind\xa6agreed\xa5since\xb42026-03-02T12:00:00Z",
        Pass(kind="agreed", since=THEN),
    ),
    (b"\x93\xa5guest\x01\x82\xa5until\xb42026-03-02T12:00:00Z\xa4over\xc3", Guest(until=THEN, over=True)),
    (b"\x93\xa5taken\x01\x81\xa5since\xb42026-03-02T12:00:00Z", Taken(since=THEN)),
    (b"\x93\xa7leaving\x01\x81\xa5until\xb42026-03-02T12:00:00Z", Leaving(until=THEN)),
    (b"\x93\xa4told\x01\x81\xa2at\xb42026-03-02T12:00:00Z", Told(at=THEN)),
    (b"\x93\xa7meeting\x01\x81\xa5since\xb42026-03-02T12:00:00Z", Meeting(since=THEN)),
]


@pytest.mark.parametrize(("written", "record"), OLDEST, ids=[type(r).__name__ for _, r in OLDEST])
def test_the_first_bytes_of_each_record_are_read(written: bytes, record: Record) -> None:
    """A change of a record needs a new version and an upgrade; these bytes never change."""
    assert CODEC.decode(written) == record
    assert CODEC.encode(record) == written
