"""The oldest bytes ever shipped stay readable, whatever becomes of the records."""

from datetime import UTC, datetime

import pytest

from bot.contract.records import Record
from bot.session.records import CODEC, Open, Plan, Pledged

THEN = datetime(2026, 3, 2, 12, tzinfo=UTC)

OLDEST = [
    (
        b"\x93\xa4open\x01\x85\xa2id\xa2a1\xaastarted_at\xb42026-03-02T12:00:00Z\xa5until\xb42026-03-02T12:00:00Z\xa7told_at\xb42026-03-02T12:00:00Z\xa4owed\xc3",
        Open(id="a1", started_at=THEN, until=THEN, told_at=THEN, owed=True),
    ),
    (
        b"\x93\xa4plan\x01\x86\xa5first\xb02026-03-05T19:00\xa6repeat\xa6weekly\xa7minutesZ\xa7skipped\x91\xb02026-03-12T19:00\xa6passed\xb42026-03-02T12:00:00Z\xa4told\x02",
        Plan(
            first="2026-03-05T19:00",
            repeat="weekly",
            minutes=90,
            skipped=("2026-03-12T19:00",),
            passed=THEN,
            told=2,
        ),
    ),
    (b"\x93\xa7pledged\x01\x81\xa7session\xa2a1", Pledged(session="a1")),
]


@pytest.mark.parametrize(("written", "record"), OLDEST, ids=[type(r).__name__ for _, r in OLDEST])
def test_the_first_bytes_of_each_record_are_read(written: bytes, record: Record) -> None:
    """A change of a record needs a new version and an upgrade; these bytes never change."""
    assert CODEC.decode(written) == record
    assert CODEC.encode(record) == written
