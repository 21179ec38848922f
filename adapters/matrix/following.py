"""One room's part of an answer, handed in: what happened, in order, to whom it concerns."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from adapters.matrix.backoff import Backoff
from adapters.matrix.crypto.encryption import Encryption
from adapters.matrix.crypto.opening import Locked, Opened
from adapters.matrix.direct import Directs
from adapters.matrix.errors import Refusal
from adapters.matrix.hearing import hear
from adapters.matrix.inbound import Reader
from adapters.matrix.joins import Joining, Joins
from adapters.matrix.lookup import Events, Lookup
from adapters.matrix.lowwater import HandingIn
from adapters.matrix.parsing import events, table
from adapters.matrix.rooms import Members, Room, is_state
from adapters.matrix.view import PLATFORM, member, room_id
from adapters.matrix.waiting import Waiting
from adapters.matrix.world import World
from bot.boundary.errors import StorageTrouble
from bot.boundary.events import (
    CannotRead,
    Event,
    MemberUnheard,
    MessagePosted,
    RoomAdopted,
    RoomLost,
    RoomMoved,
    RoomSeen,
    WordsGiven,
)
from bot.boundary.ids import MessageId

log = logging.getLogger(__name__)
Waits = list["asyncio.Future[None]"]
"""What must be durable before the position may move past an answer."""


class Follower:
    """Hands in what happened in the rooms, and as what the bot came into them."""

    def __init__(
        self,
        *,
        world: World,
        directs: Directs,
        joins: Joins,
        reader: Reader,
        lookup: Lookup,
        hand: HandingIn,
        encryption: Encryption,
    ) -> None:
        self._world, self._directs, self._joins = world, directs, joins
        self._reader, self._lookup, self._hand = reader, lookup, hand
        self._encryption, self._waiting = encryption, Waiting(encryption)
        self._tasks: set[asyncio.Future[None]] = set()
        self._unheard: set[tuple[str, str]] = set()

    async def joined(
        self,
        native: str,
        part: Mapping[str, Any],
        gap: Events | None,
        members: Members | None,
        position: str | None,
        first: bool,
        waits: Waits,
    ) -> None:
        """One room's part of an answer, everything in order."""
        room = self._world.rooms.get(native)
        new = room is None or room.expected
        timeline = events(part, "timeline")
        if new or first:
            await self._world.gates.load(native)
        if room is None or room.expected:
            # Filled before it is shown: nobody may see half a room.
            room = Room(native)
            room.apply_all(events(part, "state"))
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
            await self._encryption.settle(native)
        elif direct:
            happened = [*(gap or ()), *timeline]
            room.apply_all(happened)
            # Not before it is known who is here: a room just made shows it in its timeline.
            await self._encryption.settle(native)
            for event in happened:
                await self._direct(room, event, waits)
        else:
            own = self._own_join([*(gap or ()), *timeline])
            before = own is not None  # what stood here before the bot came is none of its business
            for event in gap or ():
                if event is own:
                    await self._settle(room, arrived, own, waits)
                    before, arrived = False, None
                    if native not in self._world.rooms:
                        return
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
                    if native not in self._world.rooms:
                        return
                if before:
                    room.apply(event)
                    continue
                await self._guarded(room, event, waits)
            await self._encryption.settle(native)
        if direct or native in self._world.moved:
            return
        if arrived is not None:
            await self._settle(room, arrived, self._own_member(timeline), waits)
            if native not in self._world.rooms:
                return
        if first or gap is not None or new:
            if not first:
                await self._lookup.directory(room)
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
        if found and event.get("type") == "m.room.encrypted" and self._world.hearings.on(room.id):

            async def then(opened: Opened | Locked) -> None:
                if not self._world.hearings.on(room.id):
                    return  # switched off meanwhile
                if isinstance(opened, Opened):
                    said = self._reader.said(room, opened.event)
                    if said is not None:
                        await self._encryption.remember(room.id, event)
                        self._directs.heard(said.by.native)
                        await self._kept(said)
                elif opened.why != "forged":
                    await self._not_heard(room, str(event["sender"]))

            waits.append(self._waiting.add(room.id, event, then))

    async def _direct(self, room: Room, event: Mapping[str, Any], waits: Waits) -> None:
        """One event of a direct chat. What is encrypted is opened first, and may wait for its key."""
        if event.get("sender") == self._world.me or is_state(event):
            return
        if event.get("type") != "m.room.encrypted" and not self._waiting.busy(room.id, event):
            for done in await self._heard(room, event):
                waits.append(done)
            return

        async def then(opened: Opened | Locked) -> None:
            for done in await self._heard(room, event, opened):
                await done

        waits.append(self._waiting.add(room.id, event, then))

    async def _heard(
        self, room: Room, event: Mapping[str, Any], opened: Opened | Locked | None = None
    ) -> Waits:
        """Hand in what an event of a direct chat says to the bot; gives back what is not durable yet."""
        by = str(event.get("sender"))
        if event.get("type") != "m.room.encrypted":
            # matrix-js-sdk sends the steps of a verification in plain events, in encrypted chats too.
            if await self._encryption.verify(room, event):
                return []
            exposed = room.encrypted or self._world.needs_encryption(by)
            found = self._hear(room, event, exposed=exposed)
        elif isinstance(opened, Opened):
            await self._encryption.remember(room.id, event)
            if await self._encryption.verify(room, opened.event):
                return []
            found = self._hear(room, opened.event)
        elif opened is None or opened.why == "forged":
            log.warning("an encrypted event that no app makes")
            return []
        else:
            session = table(event.get("content")).get("session_id")
            withheld = self._encryption.was_withheld(room.id, session)
            no_key: Literal["withheld", "encrypted"] = "withheld" if withheld else "encrypted"
            why: Literal["unverified", "withheld", "encrypted"] = (
                "unverified" if opened.why == "unverified" else no_key
            )
            if why == "encrypted":
                await self._encryption.mend_with(by)
            found = CannotRead(id=str(event["event_id"]), by=member(by), why=why)
        if found is None:
            return []
        self._directs.heard(found.by.native, room.id)
        done = await self._hand.give(found)
        return [] if done is None else [done]

    def _hear(
        self, room: Room, event: Mapping[str, Any], *, exposed: bool = False
    ) -> WordsGiven | CannotRead | None:
        try:
            return hear(room, event, self._world.me, exposed=exposed)
        except Exception as failed:  # noqa: BLE001 - nothing that people send may end the loop
            log.warning("a malformed event", extra={"kind": type(failed).__name__})
            return None

    async def _not_heard(self, room: Room, user: str) -> None:
        if (room.id, user) not in self._unheard:
            self._unheard.add((room.id, user))
            unheard = f"unheard {secrets.token_hex(12)}"
            await self._kept(MemberUnheard(id=unheard, room=room_id(room.id), who=member(user)))

    async def _kept(self, event: WordsGiven | MemberUnheard) -> None:
        done = await self._hand.give(event)
        if done is not None:
            await done

    async def salvage(self, native: str, part: Mapping[str, Any], waits: Waits) -> None:
        """After a fault of ours: nothing that was posted slips by, and the room is looked at again."""
        room = self._world.guarded(native)
        if room is None:
            return
        for event in events(part, "timeline"):
            for posted in _posted(room, event):
                await self._give(posted, waits)
        await self._give(RoomSeen(id=f"seen {secrets.token_hex(12)}", room=room_id(native)), waits)

    async def lost(self, native: str, part: Mapping[str, Any], waits: Waits) -> None:
        """The bot is not in this room any more."""
        known = self._world.guarded(native) is not None
        direct = self._directs.is_direct(native) or native in self._world.moved
        self._world.rooms.pop(native, None)
        own = [e for e in events(part, "timeline") if self._is_own(e)]
        last = own[-1] if own else {}
        before = table(table(last.get("unsigned")).get("prev_content")).get("membership")
        if not direct and (known or before == "join"):
            event_id = last.get("event_id")
            lost = f"{event_id} lost" if isinstance(event_id, str) else f"lost {secrets.token_hex(12)}"
            await self._give(RoomLost(id=lost, room=room_id(native)), waits)
        waits.append(self._durable(lambda: self._encryption.leave(native)))
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

    def invited(self, native: str, state: Events) -> "asyncio.Future[None]":
        """Have an invitation judged."""
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
        await self._waiting.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _give(self, event: Event | WordsGiven | CannotRead, waits: Waits) -> None:
        done = await self._hand.give(event)
        if done is not None:
            waits.append(done)

    def _is_own(self, event: Mapping[str, Any]) -> bool:
        return is_state(event) and (event["type"], event["state_key"]) == ("m.room.member", self._world.me)

    def _own_member(self, events: Events) -> Mapping[str, Any] | None:
        return next((e for e in reversed(events) if self._is_own(e)), None)

    def _own_join(self, events: Events) -> dict[str, Any] | None:
        """The bot's own coming in, where it is among these events."""

        def came(event: dict[str, Any]) -> bool:
            before = table(table(event.get("unsigned")).get("prev_content")).get("membership")
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
