"""What was kept by the first version stays readable for ever."""

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.boundary.ids import MemberId, MessageId
from bot.breach.records import CODEC, Case, Draft, Entry, Staffed, Told, Tombstone
from bot.contract.records import Record

FIRST = Path(__file__).parent / "first_bytes.json"
AT = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
FAY, GUS = MemberId("memory", "@fay"), MemberId("memory", "@gus")
TOLD = Told(kind="gossip", when="on Monday", harmed="me", wish="stop", words="it was told", without=(GUS,))
RECORDS: dict[str, Record] = {
    "draft": Draft(
        started_at=AT, first=MessageId("memory", "$1"), question="review", told=TOLD, offered=(FAY, GUS),
        named=False, code="abacus abdomen abdominal abide abiding ability", location="00ff", label="a-b",
    ),
    "case": Case(
        label="a-b", told=TOLD, opened_at=AT, reporter=FAY, state="open", holder=FAY, recused=(GUS,),
        entries=(Entry(kind="added", words="more", at=AT), Entry(kind="handover", by=FAY, to=GUS, at=AT)),
        step=2, muted=True, touched_on=AT, notice_at=AT, notify=(FAY,), tell_reporter=True, reminded=True,
        escalated=True, overdue_told=True,
    ),
    "tombstone": Tombstone(deleted_on=AT),
    "staffed": Staffed(confirmed_at=AT),
}  # fmt: skip


def test_the_oldest_bytes_are_read_as_what_they_meant() -> None:
    """Written by the version that kept them first; never written anew."""
    kept = json.loads(FIRST.read_text("utf-8"))
    assert {name: CODEC.decode(bytes.fromhex(body)) for name, body in kept.items()} == RECORDS


def test_every_record_goes_through_its_bytes() -> None:
    """With every field set."""
    for record in RECORDS.values():
        assert CODEC.decode(CODEC.encode(record)) == record
