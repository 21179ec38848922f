"""The oldest bytes ever shipped stay readable, whatever becomes of the records."""

from datetime import UTC, datetime

import pytest

from bot.contract.records import Record
from bot.pause.records import CODEC, Asked, Paused

THEN = datetime(2026, 3, 2, 12, tzinfo=UTC)

OLDEST = [
    (
        b"\x93\xa5asked\x01\x83\xa2at\xb42026-03-02T12:00:00Z\xa4code\xa80a1b2c3d\xabmuted_until\xb42026-03-02T12:00:00Z",
        Asked(at=THEN, code="0a1b2c3d", muted_until=THEN),
    ),
    (b"\x93\xa6paused\x01\x81\xa2at\xb42026-03-02T12:00:00Z", Paused(at=THEN)),
]


@pytest.mark.parametrize(("written", "record"), OLDEST, ids=[type(r).__name__ for _, r in OLDEST])
def test_the_first_bytes_of_each_record_are_read(written: bytes, record: Record) -> None:
    """A change of a record needs a new version and an upgrade; these bytes never change."""
    assert CODEC.decode(written) == record
    assert CODEC.encode(record) == written
