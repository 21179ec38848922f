"""The oldest bytes ever shipped stay readable, whatever becomes of the records."""

from datetime import UTC, datetime

import pytest

from bot.contract.group import FacilitatorRecord, GroupRecord
from bot.contract.records import Record
from bot.group.records import CODEC, Draft, KnownBot, Lost, Nominee, Watch

THEN = datetime(2026, 3, 2, 12, tzinfo=UTC)

OLDEST = [
    (
        (
            b"\x93\xa5group\x01\x85\xaaadopted_at\xb42026-03-02T12:00:00Z\xa9set_up_at\xb42026-03-02T12:00:00Z"
            b"\xa8settings\x81\xa4gate\xa4mute\xa6before\xc4\x02\x00\xff\xb0settings_version\x02"
        ),
        GroupRecord(
            adopted_at=THEN, set_up_at=THEN, settings={"gate": "mute"}, before=b"\x00\xff", settings_version=2
        ),
    ),
    (
        b"\x93\xabfacilitator\x01\x82\xa5state\xa8accepted\xa5since\xb42026-03-02T12:00:00Z",
        FacilitatorRecord(state="accepted", since=THEN),
    ),
    (
        b"\x93\xa5draft\x01\x83\xa4step\xa4gate\xa2me\xc3\xa8settings\x81\xa5grace\xa27d",
        Draft(step="gate", me=True, settings={"grace": "7d"}),
    ),
    (b"\x93\xa7nominee\x01\x81\xa5since\xb42026-03-02T12:00:00Z", Nominee(since=THEN)),
    (
        (
            b"\x93\xa5watch\x01\x88\xa7missing\x91\xa6levels\xa7bridges\x91\xa8Telegram\xa6public\xc3"
            b"\xaeworld_readable\xc3\xacpast_visible\xc2\xa9encrypted\xc3\xa4room\xa2!r\xa4name\xa7Evening"
        ),
        Watch(
            missing=("levels",),
            bridges=("Telegram",),
            public=True,
            world_readable=True,
            past_visible=False,
            encrypted=True,
            room="!r",
            name="Evening",
        ),
    ),
    (b"\x93\xa3bot\x01\x81\xa5since\xb42026-03-02T12:00:00Z", KnownBot(since=THEN)),
    (b"\x93\xa4lost\x01\x81\xa5since\xb42026-03-02T12:00:00Z", Lost(since=THEN)),
]


@pytest.mark.parametrize(("written", "record"), OLDEST, ids=[type(r).__name__ for _, r in OLDEST])
def test_the_first_bytes_of_each_record_are_read(written: bytes, record: Record) -> None:
    """A change of a record needs a new version and an upgrade; these bytes never change."""
    assert CODEC.decode(written) == record
    assert CODEC.decode(CODEC.encode(record)) == record
