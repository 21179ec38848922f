"""The sync loop: asks, fills gaps, hands in, and never dies of what it is told."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from adapters.matrix.account import Account
from adapters.matrix.backoff import Backoff
from adapters.matrix.crypto.encryption import Encryption
from adapters.matrix.direct import DIRECT, Directs
from adapters.matrix.errors import Refusal, TokenRefused, must_stop
from adapters.matrix.following import Follower, Waits
from adapters.matrix.http import Server, path
from adapters.matrix.joins import Joins
from adapters.matrix.lookup import PAGE, Lookup
from adapters.matrix.lowwater import LowWater
from adapters.matrix.parsing import events, table
from adapters.matrix.rooms import KEPT_TYPES
from adapters.matrix.world import World
from bot.boundary.errors import StorageTrouble

LONG_POLL = 25
"""Seconds that the homeserver may hold an empty answer back: well below the 60 of `/healthz`."""
FIRST_WITHIN, ANSWER_WITHIN = 60.0, 20.0
"""Seconds for a whole answer, beyond the long poll; a first one of a thousand rooms takes some. A
homeserver that hangs is so noticed before `/healthz` calls the bot ill."""
MOST_ASKED = 60.0
"""Seconds that a homeserver may make the loop wait."""
LONGEST_PAUSE = 8.0
"""Seconds between two tries at most: an outage's end is noticed soon."""
FIRST_LOOK = 10.0
"""Seconds that the very first look may take before its position is kept."""

log = logging.getLogger(__name__)


def wanted(*, first: bool, since: str | None) -> str:
    """The filter. The first look loads members lazily: those of guarded rooms are asked for beside."""
    lazy = {"lazy_load_members": True} if first else {}
    return json.dumps(
        {
            "presence": {"types": []},
            "account_data": {"types": [DIRECT]},
            "room": {
                "account_data": {"types": []},
                "ephemeral": {"types": []},
                "state": {"types": list(KEPT_TYPES), **lazy},
                "timeline": {"limit": PAGE if since else 1, **lazy},
            },
        }
    )


class SyncLoop:
    """Follows everything that happens to the account. `run` until cancelled."""

    def __init__(
        self,
        *,
        account: Account,
        server: Server,
        world: World,
        directs: Directs,
        joins: Joins,
        lookup: Lookup,
        follower: Follower,
        low_water: LowWater,
        encryption: Encryption,
        good: Callable[[], None],
        looked: Callable[[], None],
        ready: Callable[[], None],
    ) -> None:
        self._account, self._server, self._world = account, server, world
        self._directs, self._joins = directs, joins
        self._lookup, self._follower, self._low_water = lookup, follower, low_water
        self._encryption = encryption
        self._good, self._looked, self._ready = good, looked, ready

    async def run(self) -> None:
        """Sync for ever. Raises `CannotStart` when a person must mend something."""
        position = await self._low_water.load()
        first, refused, again = True, False, False
        pause = Backoff(0.5, LONGEST_PAUSE)
        while True:
            try:
                if refused:
                    await self._account.again()
                    refused, again = False, True
                if again:
                    await self._encryption.signed_in_again()
                    again = False
                answer = await self._ask(position, first)
                follows = answer.get("next_batch")
                if not isinstance(follows, str):
                    raise Refusal("unreachable", 1.0)
                self._good()
                if first and position is not None and await self._is_foreign(answer):
                    log.warning("the homeserver does not know the position that was kept")
                    position = None
                    continue
                waits = await self._take(answer, position, first)
            except TokenRefused:
                refused = True
                await pause.wait()
                continue
            except StorageTrouble:
                log.warning("the storage refuses, asking again")
                await pause.wait()
                continue
            except Refusal as no:
                if (stop := must_stop(no)) is not None:
                    raise stop from None
                if first and no.status == 400 and no.errcode:
                    position = None  # a homeserver that was set up anew does not know the position
                await pause.wait(min(no.retry_after or 0.0, MOST_ASKED))
                continue
            if position is None:
                # Nothing before this moment is handed in, so nothing can be lost by keeping it.
                if waits:
                    await asyncio.wait(waits, timeout=FIRST_LOOK)
                await self._low_water.force(follows)
            self._low_water.add(follows, waits, self._ready if first else None)
            position, first = follows, False
            pause.reset()
            self._looked()

    async def _ask(self, position: str | None, first: bool) -> dict[str, Any]:
        query = {
            "filter": wanted(first=first, since=position),
            "timeout": "0" if first else str(LONG_POLL * 1000),
            "set_presence": "offline",
        }
        if position is not None:
            query["since"] = position
        if first:
            query["full_state"] = "true"
        return await self._server.ask(
            "GET",
            path("sync"),
            query=query,
            seconds=FIRST_WITHIN if first else LONG_POLL + ANSWER_WITHIN,
            patient=True,
        )

    async def _is_foreign(self, answer: Mapping[str, Any]) -> bool:
        """Whether a first look shows no room although there are some.

        A homeserver that was restored from a backup answers so: it waits for a future that it has
        forgotten.
        """
        if table(table(answer.get("rooms")).get("join")):
            return False
        return bool((await self._server.ask("GET", path("joined_rooms"), patient=True)).get("joined_rooms"))

    async def _take(self, answer: Mapping[str, Any], position: str | None, first: bool) -> Waits:
        """Hand in everything of one answer. Raises `Refusal` where a gap could not be filled yet."""
        for event in events(answer, "account_data"):
            if event.get("type") == DIRECT and not first:
                self._directs.learn(event.get("content"))
        rooms = table(answer.get("rooms"))
        joined = {n: table(p) for n, p in table(rooms.get("join")).items()}
        gaps = await self._lookup.gaps(joined, position, first)
        members = await self._lookup.members(joined, answer, first)
        now = {} if first else await self._lookup.present(joined)
        # Keys before what they open; and only once it is known who is in the rooms.
        await self._encryption.receive(answer, first)
        waits: Waits = []
        for native, part in table(rooms.get("leave")).items():
            await self._follower.lost(native, table(part), waits)
        # Direct chats last: a command there must find the groups as they were when it was given.
        for native in sorted(joined, key=self._directs.is_direct):
            part = joined[native]
            try:
                await self._follower.joined(
                    native, part, gaps.get(native), members.get(native), position, first, waits
                )
            except (Refusal, StorageTrouble):
                raise
            except Exception as failed:  # noqa: BLE001 - a fault of ours in one room must not end them all
                log.error("a room could not be read", extra={"kind": type(failed).__name__})
                await self._follower.salvage(native, part, waits)
            if (room := self._world.rooms.get(native)) is not None:
                room.apply_all(now.get(native, ()))
        for native, part in table(rooms.get("invite")).items():
            waits.append(self._follower.invited(native, events(table(part), "invite_state")))
        if first:
            await self._encryption.looked()
            self._joins.resume()
        return waits
