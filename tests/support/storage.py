"""Small values for tests of a storage, and the storage that is measured."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.sqlite import SqliteStore, open_store
from adapters.vault import open_vault
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Batch, Outgoing, Row

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROOM = RoomId("test", "!kitchen:example.org")
OTHER = RoomId("test", "!garden:example.org")
ANN = MemberId("test", "@ann:example.org")
BEN = MemberId("test", "@ben:example.org")


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)


def row(member: MemberId | None = ANN, key: str = "standing", **changes: Any) -> Row:
    """A record, of Ann's consent unless said otherwise."""
    values: dict[str, Any] = {"feature": "consent", "room": ROOM, "version": 1, "body": b"agreed"}
    return Row(**{**values, "member": member, "key": key, **changes})


def waiting(id: str, member: MemberId | None = ANN, **changes: Any) -> Outgoing:
    """An effect that waits, due now in Ann's lane unless said otherwise."""
    values: dict[str, Any] = {"room": ROOM, "lane": "ann", "body": b"hello", "due_at": NOW}
    return Outgoing(**{**values, "id": id, "member": member, **changes})


def batch(event_id: str, *puts: Row, **changes: Any) -> Batch:
    """What an event in the kitchen changes."""
    return Batch(**{"event_id": event_id, "room": ROOM, "now": NOW, "puts": puts, **changes})


async def open_sqlite(folder: Path) -> SqliteStore:
    """The storage in a folder, with the key file in it, as the program opens it."""
    return await open_store(folder, open_vault(folder / "master.key", folder, {}))
