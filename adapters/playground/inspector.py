"""The last event's way: event, decisions, records as the database has them, effects.

The records are read from the data folder's own files, without any key and without knowing the
storage: what is shown is what a thief of the disk would have.
"""

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from adapters.playground.feed import Feed
from bot.boundary.ports import Turn

SHOWN_BYTES = 12
"""Bytes of a sealed value that are shown: enough to see that it says nothing."""
SHOWN_ROWS = 8
"""Rows of one turn that are shown; the others are counted."""
MOST_ROWS = 5000
"""Rows of one table that are compared. A playground has a few hundred."""
OURS = {"cabinet"}
"""Where the page itself keeps its room: written with every message, and none of the bot's."""
LAST = {"seen", "rooms", "installation", "schema_versions"}
"""Shown after the rows that come from people."""
OWN = b"SQLite format 3\0"
PAUSE = 0.05
"""Seconds to wait before looking, so that many turns at once are looked at together."""

Place = tuple[str, tuple[Any, ...]]
"""A table, and the values of its key."""
Rows = dict[Place, tuple[Any, ...]]


class Overview:
    """Collects the last turn and what it did, and tells the pages. The port `Inspector`."""

    def __init__(self, folder: Path, feed: Feed) -> None:
        self._folder = folder
        self._feed = feed
        self._before: Rows = {}
        self._columns: dict[str, list[str]] = {}
        self._turn: dict[str, Any] = {}
        self._steps: list[str] = []
        self._changed: dict[Place, None] = {}
        self._removed = 0
        self._due = asyncio.Event()
        self.last: dict[str, Any] = {}
        """The last turn as the pages have it."""

    def turned(self, turn: Turn) -> None:
        """A turn is over and kept."""
        decided = [d for d in msgspec.to_builtins(turn.decided) if d["changes"] or d["facts"] or d["effects"]]
        self._begin({"event": turn.event, "decided": decided})

    def unneeded(self, event: str) -> None:
        """The engine took an event and nothing was left to do: no storage, no waiting."""
        self._begin({"event": event, "decided": None})

    def _begin(self, turn: dict[str, Any]) -> None:
        self._turn, self._steps, self._changed, self._removed = turn, [], {}, 0
        self._due.set()

    def performed(self, step: str) -> None:
        """The engine had the platform do something."""
        self._steps.append(step)
        self._due.set()

    async def run(self) -> None:
        """Look whenever something happened, until cancelled."""
        while True:
            await self._due.wait()
            await asyncio.sleep(PAUSE)
            self._due.clear()
            rows = await asyncio.to_thread(self._read)
            self._changed |= dict.fromkeys(key for key, row in rows.items() if self._before.get(key) != row)
            self._removed += sum(key not in rows for key in self._before)
            self._before = rows
            there = sorted((key for key in self._changed if key in rows), key=lambda key: key[0] in LAST)
            self.last = {
                "turn": self._turn,
                "kept": [self._shown(key, rows[key]) for key in there[:SHOWN_ROWS]],
                "more": max(0, len(there) - SHOWN_ROWS),
                "removed": self._removed,
                "total": len(rows),
                "did": list(self._steps),
            }
            self._feed.tell("turn", turn=self.last)

    def _shown(self, key: Place, row: tuple[Any, ...]) -> dict[str, Any]:
        table, _ = key
        names = self._columns[table]
        return {"table": table, "values": [[n, _plain(v)] for n, v in zip(names, row, strict=True)]}

    def _read(self) -> Rows:
        """Every row of every table of every database in the folder. Empty: nothing to read."""
        rows: Rows = {}
        for path in sorted(p for p in self._folder.glob("*") if p.is_file()):
            with contextlib.suppress(OSError, sqlite3.Error):
                with path.open("rb") as file:
                    if file.read(len(OWN)) != OWN:
                        continue
                with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)) as db:
                    self._tables(db, rows)
        return rows

    def _tables(self, db: sqlite3.Connection, rows: Rows) -> None:
        named = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (table,) in named.fetchall():
            if table in OURS:
                continue
            quoted = '"' + table.replace('"', '""') + '"'
            found = db.execute(f"SELECT * FROM {quoted} LIMIT {MOST_ROWS}")  # noqa: S608 - from the schema
            self._columns[table] = [c[0] for c in found.description]
            keys = self._key_columns(db, quoted)
            for row in found:
                rows[table, tuple(row[k] for k in keys) or tuple(row)] = tuple(row)

    def _key_columns(self, db: sqlite3.Connection, quoted: str) -> list[int]:
        return [c[0] for c in db.execute(f"PRAGMA table_info({quoted})") if c[5]]


def _plain(value: Any) -> str:
    match value:
        case None:
            return "none"
        case bytes():
            more = "…" if len(value) > SHOWN_BYTES else ""
            return f"{value[:SHOWN_BYTES].hex(' ')}{more} ({len(value)} bytes)"
        case _:
            return str(value)
