"""The sync loop: asks, fills gaps, hands in, and never dies of what it is told."""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from adapters.matrix.account import Account
from adapters.matrix.backoff import Backoff
from adapters.matrix.direct import DIRECT, Directs
from adapters.matrix.errors import Refusal, TokenRefused, must_stop
from adapters.matrix.hearing import hear
from adapters.matrix.http import Server, path
from adapters.matrix.inbound import Reader
from adapters.matrix.joins import Joining, Joins
from adapters.matrix.lowwater import HandingIn, LowWater
from adapters.matrix.rooms import KEPT_TYPES, Room, is_state
from adapters.matrix.view import PLATFORM, member, room_id
from adapters.matrix.world import World
from bot.boundary.errors import StorageTrouble
from bot.boundary.events import (
    CannotRead,
    Event,
    MessagePosted,
    RoomAdopted,
    RoomLost,
    RoomMoved,
    RoomSeen,
    WordsGiven,
)
from bot.boundary.ids import MessageId

LONG_POLL = 25
"""Seconds that the homeserver may hold an empty answer back: well below the 60 of `/healthz`."""
FIRST_WITHIN, ANSWER_WITHIN = 60.0, 20.0
"""Seconds for a whole answer, beyond the long poll; a first one of a thousand rooms takes some. A
homeserver that hangs is so noticed before `/healthz` calls the bot ill."""
MOST_ASKED = 60.0
"""Seconds that a homeserver may make the loop wait."""
LONGEST_PAUSE = 8.0
"""Seconds between two tries at most: an outage's end is noticed soon."""
PAGE = 100
"""Events a page: the homeserver's own cap."""
MOST_PAGES = 500
"""Pages that a gap is filled with: 50,000 events of one room. What is older is only looked at."""

MOST_STATE_KEYS = 8
"""State events that are asked for one by one. More than that are members, who come in one list."""

FIRST_LOOK = 10.0
"""Seconds that the very first look may take before its position is kept."""

log = logging.getLogger(__name__)
Waits = list["asyncio.Future[None]"]


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
        reader: Reader,
        hand: HandingIn,
        low_water: LowWater,
        good: Callable[[], None],
        ready: Callable[[], None],
    ) -> None:
        self._account, self._server, self._world = account, server, world
        self._directs, self._joins, self._reader = directs, joins, reader
        self._hand, self._low_water = hand, low_water
        self._good, self._ready = good, ready
        self._parallel = asyncio.Semaphore(4)
        self._tasks: set[asyncio.Future[None]] = set()

    async def run(self) -> None:
        """Sync for ever. Raises `CannotStart` when a person must mend something."""
        position = await self._low_water.load()
        first = True
        pause = Backoff(0.5, LONGEST_PAUSE)
        while True:
            try:
                answer = await self._ask(position, first)
                follows = answer.get("next_batch")
                if not isinstance(follows, str):
                    raise Refusal("unreachable", 1.0)
                if first and position is not None and await self._is_foreign(answer):
                    log.warning("the homeserver does not know the position that was kept")
                    position = None
                    continue
                waits = await self._take(answer, position, first)
            except TokenRefused:
                await self._account.again()
                continue
            except Refusal as no:
                if (stop := must_stop(no)) is not None:
                    raise stop from None
                if first and no.reason == "refused":
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
            self._good()

    async def look(self) -> None:
        """One first look without handing anything in: for `doctor`. Raises `Refusal`."""
        answer = await self._ask(None, True)
        joined = _table(_table(answer.get("rooms")).get("join"))
        for native, part in joined.items():
            room = self._world.rooms.setdefault(native, Room(native))
            self._room(part, room)
            # `state` is how the room was before the timeline began (Client-Server API, "Syncing").
            for event in _events(part, "timeline"):
                if "state_key" in event:
                    room.apply(event)

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
        if _table(_table(answer.get("rooms")).get("join")):
            return False
        return bool((await self._server.ask("GET", path("joined_rooms"), patient=True)).get("joined_rooms"))

    async def _take(self, answer: Mapping[str, Any], position: str | None, first: bool) -> Waits:
        """Hand in everything of one answer. Raises `Refusal` where a gap could not be filled yet."""
        for event in _events(answer, "account_data"):
            if event.get("type") == DIRECT and not first:
                self._directs.learn(event.get("content"))
        rooms = _table(answer.get("rooms"))
        joined = {n: _table(p) for n, p in _table(rooms.get("join")).items()}
        gaps = await self._gaps(joined, position, first)
        members = await self._member_lists(joined, answer, first)
        now = {} if first else await self._present(joined)
        waits: Waits = []
        for native, part in _table(rooms.get("leave")).items():
            await self._lost(native, _table(part), waits)
        # Direct chats last: a command there must find the groups as they were when it was given.
        for native in sorted(joined, key=self._directs.is_direct):
            part = joined[native]
            await self._joined(native, part, gaps.get(native), members.get(native), position, first, waits)
            for event in now.get(native, ()):
                self._world.rooms[native].apply(event)
        for native, part in _table(rooms.get("invite")).items():
            waits.append(self._judged(native, _events(_table(part), "invite_state")))
        if first:
            self._joins.resume()
        return waits

    async def _gaps(
        self, joined: Mapping[str, dict[str, Any]], position: str | None, first: bool
    ) -> dict[str, list[dict[str, Any]]]:
        """What happened between the last position and these timelines, in order, of each room."""
        if position is None:
            return {}
        with_gap = [
            native
            for native, part in joined.items()
            if _table(part.get("timeline")).get("limited") is True and (first or native in self._world.rooms)
        ]
        found = await asyncio.gather(*(self._gap(n, joined[n], position) for n in with_gap))
        return dict(zip(with_gap, found, strict=True))

    async def _gap(self, native: str, part: Mapping[str, Any], since: str) -> list[dict[str, Any]]:
        start = _table(part.get("timeline")).get("prev_batch")
        events: list[dict[str, Any]] = []
        async with self._parallel:
            for _ in range(MOST_PAGES):
                if not isinstance(start, str):
                    break
                query = {"dir": "b", "from": start, "to": since, "limit": str(PAGE)}
                try:
                    page = await self._server.ask(
                        "GET", path("rooms", native, "messages"), query=query, patient=True
                    )
                except Refusal as no:
                    if no.retry_after is not None:
                        raise
                    break  # not allowed any more: the look at the room must do
                chunk = _dicts(page.get("chunk"))
                events.extend(chunk)
                start = page.get("end") if chunk or page.get("end") != start else None
        events.reverse()
        return events

    async def _present(self, joined: Mapping[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
        """The present state of what an answer names beside the timeline, in rooms that are known.

        That state is from before the timeline, and where events crossed on their way it is older than
        what the last answer said (the fault that MSC4222 mends): believed, it takes back a power that
        the bot has just been given. So it is asked for.
        """

        async def fetch(native: str, keys: set[tuple[str, str]]) -> list[dict[str, Any]]:
            async with self._parallel:
                if len(keys) <= MOST_STATE_KEYS:
                    return [e for kind, key in sorted(keys) for e in await self._state(native, kind, key)]
                members = await self._state(native, "", "")
                rest = sorted(k for k in keys if k[0] != "m.room.member")
                return members + [e for kind, key in rest for e in await self._state(native, kind, key)]

        beside = {
            native: {(e["type"], e["state_key"]) for e in _events(part, "state") if is_state(e)}
            for native, part in joined.items()
            if native in self._world.rooms and not self._world.rooms[native].expected
        }
        named = {native: keys for native, keys in beside.items() if keys}
        found = await asyncio.gather(*(fetch(native, keys) for native, keys in named.items()))
        return dict(zip(named, found, strict=True))

    async def _state(self, native: str, kind: str, key: str) -> list[dict[str, Any]]:
        """A state event as it is now, or (kind "") all of the members. Empty where it is refused."""
        try:
            if kind:
                where, query = path("rooms", native, "state", kind, key), {"format": "event"}
                return [await self._server.ask("GET", where, query=query, patient=True)]
            found = await self._server.ask("GET", path("rooms", native, "members"), patient=True)
        except Refusal as no:
            if no.retry_after is not None:
                raise
            return []
        return _dicts(found.get("chunk"))

    async def _member_lists(
        self, joined: Mapping[str, dict[str, Any]], answer: Mapping[str, Any], first: bool
    ) -> dict[str, list[dict[str, Any]]]:
        """The complete list of members of every room, where lazy loading left some out."""
        if not first:
            return {}

        async def fetch(native: str) -> list[dict[str, Any]] | None:
            query = {"not_membership": "leave", "at": str(answer["next_batch"])}
            async with self._parallel:
                try:
                    found = await self._server.ask(
                        "GET", path("rooms", native, "members"), query=query, seconds=60.0, patient=True
                    )
                except Refusal as no:
                    if no.retry_after is not None:
                        raise
                    return None
            return _dicts(found.get("chunk"))

        guarded = []
        for native, part in joined.items():
            room = self._world.rooms.setdefault(native, Room(native))
            self._room(part, room)
            if not self._directs.is_direct(native) and native not in self._world.moved:
                guarded.append(native)
        found = await asyncio.gather(*(fetch(n) for n in guarded))
        return {n: list_ for n, list_ in zip(guarded, found, strict=True) if list_ is not None}

    def _room(self, part: Mapping[str, Any], room: Room) -> None:
        for event in _events(part, "state"):
            room.apply(event)

    async def _joined(
        self,
        native: str,
        part: Mapping[str, Any],
        gap: list[dict[str, Any]] | None,
        members: list[dict[str, Any]] | None,
        position: str | None,
        first: bool,
        waits: Waits,
    ) -> None:
        """One room's part of an answer, everything in order."""
        room = self._world.rooms.get(native)
        new = room is None or room.expected
        timeline = _events(part, "timeline")
        if new or first:
            await self._world.gates.load(native)
        if room is None or room.expected:
            # Filled before it is shown: nobody may see half a room.
            room = Room(native)
            self._room(part, room)
            # A room just made comes whole in its timeline. What it was made as must be known first:
            # a direct chat of the bot's own may be heard of before `createRoom` has answered.
            for event in timeline:
                if event.get("type") == "m.room.create" and is_state(event):
                    room.apply(event)
            room.complete = True
            self._world.rooms[native] = room
        if members is not None:
            room.replace_members(members)
        arrived = self._joins.arrived(native)
        direct = self._directs.is_direct(native)
        if position is None or native in self._world.moved:
            for event in timeline:
                room.apply(event)
        elif direct:
            events = [*(gap or ()), *timeline]
            for event in events:
                room.apply(event)
            for event in events:
                await self._direct(room, event, waits)
        else:
            own = self._own_join([*(gap or ()), *timeline])
            before = own is not None  # what stood here before the bot came is none of its business
            for event in gap or ():
                if event is own:
                    await self._settle(room, arrived, own, waits)
                    before, arrived = False, None
                # At a first look the state at the timeline's start is known already, and newer.
                if before or (first and is_state(event) and event["type"] != "m.room.member"):
                    if not first:
                        room.apply(event)
                    continue
                await self._guarded(room, event, waits)
            for event in timeline:
                if event is own:
                    await self._settle(room, arrived, own, waits)
                    before, arrived = False, None
                if before:
                    room.apply(event)
                    continue
                await self._guarded(room, event, waits)
        if direct or native in self._world.moved:
            return
        if arrived is not None:
            await self._settle(room, arrived, self._own_member(timeline), waits)
        if first or gap is not None or new:
            await self._look_at_directory(room)
            await self._give(RoomSeen(id=f"seen {secrets.token_hex(12)}", room=room_id(native)), waits)
            if room.replacement:
                waits.append(self._durable(lambda: self._joins.upgraded(room)))

    async def _guarded(self, room: Room, event: Mapping[str, Any], waits: Waits) -> None:
        """One event of a guarded room. Whatever is wrong with it, it does not slip by."""
        try:
            found: list[Event | WordsGiven] = self._reader.read(room, event, self._world.gates.get(room.id))
        except Exception as failed:  # noqa: BLE001 - nothing that people send may end the loop
            log.warning("a malformed event", extra={"kind": type(failed).__name__})
            found = _posted(room, event)
        for each in found:
            if isinstance(each, WordsGiven):
                self._directs.heard(each.by.native)
            await self._give(each, waits)
        if event.get("type") == "m.room.tombstone" and room.replacement:
            waits.append(self._durable(lambda: self._joins.upgraded(room)))

    async def _direct(self, room: Room, event: Mapping[str, Any], waits: Waits) -> None:
        try:
            found = hear(room, event, self._world.me)
        except Exception as failed:  # noqa: BLE001 - nothing that people send may end the loop
            log.warning("a malformed event", extra={"kind": type(failed).__name__})
            return
        if found is not None:
            self._directs.heard(found.by.native, room.id)
            await self._give(found, waits)

    async def _lost(self, native: str, part: Mapping[str, Any], waits: Waits) -> None:
        """The bot is not in this room any more."""
        known = self._world.guarded(native) is not None
        direct = self._directs.is_direct(native) or native in self._world.moved
        self._world.rooms.pop(native, None)
        own = [e for e in _events(part, "timeline") if self._is_own(e)]
        last = own[-1] if own else {}
        before = _table(_table(last.get("unsigned")).get("prev_content")).get("membership")
        if not direct and (known or before == "join"):
            event_id = last.get("event_id")
            lost = f"{event_id} lost" if isinstance(event_id, str) else f"lost {secrets.token_hex(12)}"
            await self._give(RoomLost(id=lost, room=room_id(native)), waits)
        waits.append(self._durable(lambda: self._joins.settled(native)))

    async def _settle(
        self, room: Room, arrived: Joining | None, own: Mapping[str, Any] | None, waits: Waits
    ) -> None:
        """Say as what the bot came here: adopted, or moved with a room that was upgraded."""
        if arrived is None:
            return
        event_id = own.get("event_id") if own else None
        stem = event_id if isinstance(event_id, str) else f"{room.id} {arrived.by}"
        if arrived.why == "move":
            if room.predecessor != arrived.old:
                log.warning("an upgraded room does not point back")
                await self._joins.settled(room.id)
                await self._joins.leave(room.id)
                self._world.rooms.pop(room.id, None)
                return
            standing = self._world.gates.get(arrived.old)
            if standing is not None:
                await self._world.gates.put(room.id, standing)
            event: Event = RoomMoved(id=f"{stem} moved", room=room_id(arrived.old), to=room_id(room.id))
        elif arrived.why == "group":
            event = RoomAdopted(id=f"{stem} adopted", room=room_id(room.id), by=member(arrived.by))
        else:
            return
        done = await self._hand.give(event)
        waits.append(self._durable(lambda: self._after(done, room, arrived)))
        if arrived.why == "move" and done is not None:
            await asyncio.wait([done], timeout=10)

    async def _after(self, done: "asyncio.Future[None] | None", room: Room, arrived: Joining) -> None:
        if done is not None:
            await done
        if arrived.why == "move":
            await self._joins.moved(arrived.old)
        await self._joins.settled(room.id)

    def _judged(self, native: str, state: list[dict[str, Any]]) -> "asyncio.Future[None]":
        return self._durable(lambda: self._joins.invited(native, state))

    def _durable(self, deed: Callable[[], Awaitable[None]]) -> "asyncio.Future[None]":
        """Do something that must be kept before the position may move on: again until it is."""

        async def again() -> None:
            pause = Backoff(0.5, 30.0)
            while True:
                try:
                    await deed()
                    return
                except (Refusal, StorageTrouble) as no:
                    log.warning("not kept yet", extra={"kind": type(no).__name__})
                    await pause.wait()

        task = asyncio.ensure_future(again())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Let go of what is not kept yet: it comes again after the next start."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look_at_directory(self, room: Room) -> None:
        try:
            found = await self._server.ask("GET", path("directory", "list", "room", room.id))
        except Refusal:
            return
        room.listed = found.get("visibility") == "public"
        room.changed += 1

    async def _give(self, event: Event | WordsGiven | CannotRead, waits: Waits) -> None:
        done = await self._hand.give(event)
        if done is not None:
            waits.append(done)

    def _is_own(self, event: Mapping[str, Any]) -> bool:
        return is_state(event) and (event["type"], event["state_key"]) == ("m.room.member", self._world.me)

    def _own_member(self, events: list[dict[str, Any]]) -> Mapping[str, Any] | None:
        return next((e for e in reversed(events) if self._is_own(e)), None)

    def _own_join(self, events: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The bot's own coming in, where it is among these events."""

        def came(event: dict[str, Any]) -> bool:
            before = _table(_table(event.get("unsigned")).get("prev_content")).get("membership")
            return (
                self._is_own(event)
                and event["content"].get("membership") == "join"
                and before != "join"
                and isinstance(event.get("event_id"), str)
            )

        return next((e for e in reversed(events) if came(e)), None)


def _posted(room: Room, event: Mapping[str, Any]) -> list[Event | WordsGiven]:
    """The least that is known of an event that could not be read."""
    event_id, sender = event.get("event_id"), event.get("sender")
    if not isinstance(event_id, str) or not isinstance(sender, str) or is_state(event):
        return []
    return [
        MessagePosted(
            id=event_id, room=room_id(room.id), by=member(sender), message=MessageId(PLATFORM, event_id)
        )
    ]


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _events(part: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return _dicts(_table(part.get(name)).get("events"))
