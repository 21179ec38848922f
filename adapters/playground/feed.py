"""What the pages are told, numbered, so that one that lost its connection can go on."""

import asyncio
from collections import deque
from typing import Any

import msgspec

REMEMBERED = 4000
"""Updates kept in memory for pages that come back. Who was away for longer gets everything."""
BEHIND = 2000
"""Updates that may wait for one page. A page that is slower is told to begin afresh."""


class Feed:
    """Numbers every update and hands it to every page that listens."""

    def __init__(self) -> None:
        self.last = 0
        self._kept: deque[tuple[int, bytes]] = deque(maxlen=REMEMBERED)
        self._pages: set[asyncio.Queue[bytes | None]] = set()

    def tell(self, kind: str, **what: Any) -> None:
        """Hand an update to every page."""
        self.last += 1
        body = msgspec.json.encode({"n": self.last, "kind": kind, **what})
        self._kept.append((self.last, body))
        for page in tuple(self._pages):
            if page.qsize() < BEHIND:
                page.put_nowait(body)
            else:
                self._pages.discard(page)
                page.put_nowait(None)

    def since(self, number: int) -> list[bytes] | None:
        """The updates after `number`; None where some of them are not remembered."""
        if number > self.last or number < self.last - len(self._kept):
            return None
        return [body for n, body in self._kept if n > number]

    def listen(self) -> "asyncio.Queue[bytes | None]":
        """A queue of all updates from now on; None in it means: too far behind, begin afresh."""
        page: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._pages.add(page)
        return page

    def leave(self, page: "asyncio.Queue[bytes | None]") -> None:
        """The page is gone."""
        self._pages.discard(page)
