"""The one path: event -> decisions -> one transaction."""

import logging
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from bot.boundary.capabilities import RoomView
from bot.boundary.effects import AlertFacilitators, Effect, Whisper, say
from bot.boundary.events import CommandGiven, Due, EffectFailed, Event, RoomMoved
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import ANY, Clock, Outgoing, Read, Store
from bot.contract.feature import Feature, Held, Here, Key, Operator, Rows, Stamp
from bot.engine.answers import Misunderstood, answer
from bot.engine.commands import Book
from bot.engine.rooms import Room, Rooms, empty_view, roles_in
from bot.engine.work import ALERT_EVERY, Work

log = logging.getLogger(__name__)

MOST_FACTS = 32
"""Events and facts handled in one turn. More than that is a loop between features: a fault."""

IDS_PER_DECISION = 16

SPENT_FOR = timedelta(hours=1)
"""How long a decision that `spends` counts."""

OUR_FAULTS = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, AssertionError)
"""What a fault in a feature raises. Trouble of the storage is not among them: it goes up."""

Everything = Mapping[str, tuple[tuple[Key, Held], ...]]


class FeatureLoop(ValueError):
    """Facts that go on for ever."""


class Taken(msgspec.Struct, frozen=True):
    """What came of an event: the effects to deliver now, and the work for whoever looks on."""

    outgoing: tuple[Outgoing, ...]
    work: Work


class Handler:
    """Takes one event in its room's turn, and keeps all that follows from it at once."""

    def __init__(
        self,
        features: tuple[Feature, ...],
        book: Book,
        rooms: Rooms,
        store: Store,
        clock: Clock,
        operator: Operator,
        view: Callable[[RoomId], RoomView | None],
    ) -> None:
        self._features = {f.name: f for f in features}
        self._book, self._rooms, self._store = book, rooms, store
        self._clock, self._operator, self._view = clock, operator, view
        self._spent: dict[tuple[str, MemberId], list[datetime]] = {}

    async def take(self, room: Room, event: Event) -> Taken | None:
        """Handle an event whose turn it is. None: it was seen before, or is stale.

        Raises `StorageTrouble` where nothing could be kept; then it counts as not seen.
        """
        if await self._store.seen(event.id):
            return None
        work = self._work(room, event)
        if isinstance(event, RoomMoved) and event.to != room.id:
            work.move_to = event.to
        elif isinstance(event, Due) and not await self._ring(work, event):
            return None
        else:
            try:
                await self._decide(work)
            except OUR_FAULTS as fault:
                # A fault of ours must neither stop the bot nor half-happen: refuse, and say so.
                log.error("decision_failed event=%s error=%s", type(event).__name__, type(fault).__name__)
                log.debug("decision_failed", exc_info=True)
                work = self._work(room, event)
                if isinstance(event, Due):
                    await self._ring(work, event)  # it has rung, whatever came of it
                work.effects.append(("engine", _sorry(event)))
        await self._count_versions(work)
        kept = await self._store.commit(work.batch(self._rooms.group(room, work.changes)))
        self._follow(room, work)
        return Taken(kept, work)

    def _work(self, room: Room, event: Event) -> Work:
        return Work(room, event, self._clock.now(), self._view(room.id) or empty_view(room.id))

    async def _ring(self, work: Work, event: Due) -> bool:
        """A timer counts only while its record is what it was; acted upon, it never rings again."""
        feature = self._features.get(event.feature)
        if feature is None:
            return False
        key = Key(event.member, event.key)
        read = Read(feature=feature.name, room=event.room, member=event.member, key=event.key)
        held = (await self._rows(feature, [read], work)).get(key)
        if held is None or held.version != event.version:
            return False
        work.keep(feature, key, msgspec.structs.replace(held, due_at=None))
        return True

    async def _count_versions(self, work: Work) -> None:
        """A record's version goes up with every change, also where the feature did not read it."""
        unread = [
            Read(feature=name, room=work.room.id, member=key.member, key=key.key)
            for (name, key), held in work.changes.items()
            if held is not None and (name, key) not in work.versions
        ]
        for row in await self._store.load(unread) if unread else ():
            work.versions[row.feature, Key(row.member, row.key)] = row.version
        for place, held in work.changes.items():
            if held is not None:
                version = work.versions.get(place, 0) + 1
                work.changes[place] = msgspec.structs.replace(held, version=version)

    async def _decide(self, work: Work) -> None:
        todo: deque[Event] = deque([work.event])
        handled = 0
        while todo:
            happened = todo.popleft()
            handled += 1
            if handled > MOST_FACTS:
                raise FeatureLoop
            if isinstance(happened, CommandGiven | Misunderstood):
                said = answer(happened, self._here(work, None, {}), self._book)
                work.effects.extend(("engine", effect) for effect in said.effects)
                if said.final or said.event is None:
                    continue
                happened = said.event
            for feature in self._whom(happened, work.room):
                rows = Rows(await self._rows(feature, feature.reads(happened), work))
                here = self._here(work, feature, await self._everything(feature, happened, work))
                decision = feature.decide(rows, happened, here)
                work.add(feature, decision)
                todo.extend(decision.facts)

    def _whom(self, event: Event, room: Room) -> Sequence[Feature]:
        if isinstance(event, EffectFailed | Due):
            return [self._features[event.feature]] if event.feature in self._features else []
        return self._rooms.interested(event, room)

    async def _rows(self, feature: Feature, reads: Sequence[Read], work: Work) -> dict[Key, Held]:
        """The rows of these reads, as the batch so far would leave them."""
        if any(r.feature != feature.name or r.room != work.room.id for r in reads):
            raise ValueError("a feature reads its own rows of the event's room")
        held: dict[Key, Held] = {}
        cached = work.room.rows.get(feature.name)
        if cached is not None:
            held = {key: value for key, value in cached.items() if _named(reads, key)}
        elif reads:
            for row in await self._store.load(reads):
                record = feature.codec.decode(row.body)
                held[Key(row.member, row.key)] = Held(record, row.version, row.due_at, row.delete_at)
        for key, value in held.items():
            work.versions[feature.name, key] = value.version
        for (name, key), changed in work.changes.items():
            if name == feature.name and _named(reads, key):
                if changed is None:
                    held.pop(key, None)
                else:
                    held[key] = changed
        return held

    async def _everything(self, feature: Feature, event: Event, work: Work) -> Everything:
        if not (feature.sees_all_of and isinstance(event, CommandGiven)):
            return {}
        found: dict[str, tuple[tuple[Key, Held], ...]] = {}
        for other in self._features.values():
            read = Read(feature=other.name, room=event.room, member=event.by)
            if rows := await self._rows(other, [read], work):
                found[other.name] = tuple(rows.items())
        return found

    def _here(self, work: Work, feature: Feature | None, everything: Everything) -> Here:
        group = self._rooms.group(work.room, work.changes)
        return Here(
            room=work.view,
            group=group,
            stamp=Stamp(work.now, _fresh_ids()),
            operator=self._operator,
            roles=roles_in(work.view, group),
            settings=self._rooms.settings,
            spent=self._spent_by(feature, work),
            everything=(lambda _: everything) if feature is not None and feature.sees_all_of else None,
        )

    def _spent_by(self, feature: Feature | None, work: Work) -> int:
        if feature is None or not isinstance(work.event, CommandGiven):
            return 0
        times = self._spent.get((feature.name, work.event.by), ())
        return sum(at > work.now - SPENT_FOR for at in times)

    def _spend(self, work: Work) -> None:
        """Count what the decisions spent, and forget what is over an hour old."""
        since = work.now - SPENT_FOR
        for key, times in tuple(self._spent.items()):
            self._spent[key] = [at for at in times if at > since]
            if not self._spent[key]:
                del self._spent[key]
        for name, decision in work.decisions:
            if decision.spends and isinstance(work.event, CommandGiven):
                self._spent.setdefault((name, work.event.by), []).append(work.now)

    def _follow(self, room: Room, work: Work) -> None:
        self._spend(work)
        if work.alerted:
            lately = {s: at for s, at in room.alerted.items() if abs(work.now - at) < ALERT_EVERY}
            room.alerted = lately | dict.fromkeys(work.alerted, work.now)
        if work.move_to is not None or work.erase_room:
            self._rooms.drop(room)
            if work.move_to is not None:
                self._rooms.drop(self._rooms[work.move_to])
            return
        if work.forget is not None:
            self._rooms.forget(room, work.forget)
        self._rooms.apply(room, work.changes)


def _fresh_ids() -> tuple[str, ...]:
    """Random ids for one decision, for one call of the kernel."""
    digits = secrets.token_hex(16 * IDS_PER_DECISION)
    return tuple(digits[n : n + 32] for n in range(0, len(digits), 32))


def _named(reads: Sequence[Read], key: Key) -> bool:
    return any(
        (r.member is ANY or r.member == key.member) and (r.key is ANY or r.key == key.key) for r in reads
    )


def _sorry(event: Event) -> Effect:
    """What to say when a fault of ours stopped an event: to who asked, else to facilitators."""
    by: MemberId | None = getattr(event, "by", None) if isinstance(event, CommandGiven) else None
    if by is not None:
        reply = event.reply if isinstance(event, CommandGiven) else None
        return Whisper(room=event.room, to=by, body=(say("engine-went-wrong"),), reply=reply)
    return AlertFacilitators(room=event.room, subject="fault", body=(say("engine-went-wrong-inside"),))


__all__ = ["Handler", "Taken"]
