"""The oldest bytes ever shipped stay readable, whatever becomes of the records."""

from datetime import UTC, datetime

import pytest

from bot.contract.records import Record
from bot.recording.records import CODEC, Agreed, Ask, Asked, Call, CallTold, Kept, Seen, State

THEN = datetime(2026, 3, 2, 12, tzinfo=UTC)

OLDEST = [
    (
        (
            b"\x93\xa5state\x01\x88\xa7session\xa2a1"
            b"\xa5since\xb42026-03-02T12:00:00Z\xa5phase\xa6asking\xa3ask\xa2b2"
            b"\xa5scope\xa4call\xa5until\xb42026-03-02T12:00:00Z\xa5asked\x05\xa7stopped\xc3"
        ),
        State(
            session="a1",
            since=THEN,
            phase="asking",
            ask="b2",
            scope="call",
            until=THEN,
            asked=5,
            stopped=True,
        ),
    ),
    (
        b"\x93\xa3ask\x01\x84\xa3ask\xa2b2\xa7purpose\xabto practise\xa7viewers\xa2us\xa4days\x1e",
        Ask(ask="b2", purpose="to practise", viewers="us", days=30),
    ),
    (b"\x93\xa5asked\x01\x82\xa3ask\xa2b2\xa3yes\xc3", Asked(ask="b2", yes=True)),
    (
        (
            b"\x93\xa6agreed\x01\x86\xa3ask\xa2b2\xa7purpose\xabto practise\xa7viewers\xa2us"
            b"\xa5scope\xa4call\xa9delete_on\xb42026-03-02T12:00:00Z"
            b"\xa2at\xb42026-03-02T12:00:00Z"
        ),
        Agreed(ask="b2", purpose="to practise", viewers="us", scope="call", delete_on=THEN, at=THEN),
    ),
    (
        (
            b"\x93\xa4kept\x01\x85\xa3ask\xa2b2\xa7purpose\xabto practise"
            b"\xa9delete_on\xb42026-03-02T12:00:00Z\xa2at\xb42026-03-02T12:00:00Z\xa4told\xc3"
        ),
        Kept(ask="b2", purpose="to practise", delete_on=THEN, at=THEN, told=True),
    ),
    (
        b"\x93\xa4call\x01\x83\xa7told_at\xb42026-03-02T12:00:00Z\xa4owed\xc3\xa4over\xc3",
        Call(told_at=THEN, owed=True, over=True),
    ),
    (b"\x93\xa9call-told\x01\x81\xa2at\xb42026-03-02T12:00:00Z", CallTold(at=THEN)),
    (
        b"\x93\xa4seen\x01\x84\xa8recorder\xa2c3\xa7blocked\xc3\xa7stopped\xc3\xa4gone\xb42026-03-02T12:00:00Z",
        Seen(recorder="c3", blocked=True, stopped=True, gone=THEN),
    ),
]


@pytest.mark.parametrize(("written", "record"), OLDEST, ids=[type(r).__name__ for _, r in OLDEST])
def test_the_first_bytes_of_each_record_are_read(written: bytes, record: Record) -> None:
    """A change of a record needs a new version and an upgrade; these bytes never change."""
    assert CODEC.decode(written) == record
    assert CODEC.encode(record) == written
