"""The cabinet's drawers: many small sealed values that are read and changed together."""

import sqlite3
from collections.abc import Mapping

import msgspec

from adapters.sqlite.values import bound_to
from bot.boundary.sealing import Seal


class Drawers:
    """Reads and changes drawers. A name is sealed with its value, and found by a blind index."""

    def __init__(self, installation: Seal) -> None:
        self._seal = installation

    def read(self, conn: sqlite3.Connection, drawer: str) -> dict[str, bytes]:
        """Everything in a drawer, by name."""
        drawer_ix = self._seal.index("drawer", drawer)
        found = conn.execute("SELECT name_ix, sealed FROM drawers WHERE drawer_ix = ?", (drawer_ix,))
        opened = (self._seal.unseal(sealed, _place(drawer_ix, name_ix)) for name_ix, sealed in found)
        return dict(msgspec.msgpack.decode(plain, type=tuple[str, bytes]) for plain in opened)

    def change(self, conn: sqlite3.Connection, drawer: str, changes: Mapping[str, bytes | None]) -> None:
        """Keep values, or (None) remove them."""
        drawer_ix = self._seal.index("drawer", drawer)
        for name, value in changes.items():
            name_ix = self._seal.index("drawer-name", drawer, name)
            if value is None:
                conn.execute("DELETE FROM drawers WHERE drawer_ix = ? AND name_ix = ?", (drawer_ix, name_ix))
                continue
            sealed = self._seal.seal(msgspec.msgpack.encode((name, value)), _place(drawer_ix, name_ix))
            conn.execute(
                "INSERT OR REPLACE INTO drawers (drawer_ix, name_ix, sealed) VALUES (?, ?, ?)",
                (drawer_ix, name_ix, sealed),
            )


def _place(drawer_ix: bytes, name_ix: bytes) -> bytes:
    return bound_to("drawer", drawer_ix, name_ix)
