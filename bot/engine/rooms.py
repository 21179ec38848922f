"""The rooms: one event at a time in each, many rooms at once, and what is known without storage."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.boundary.capabilities import Capabilities, RoomView
from bot.boundary.events import Event
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Store
from bot.contract.feature import Feature, Held, Key, Rows, all_of
from bot.contract.group import GROUP, FacilitatorRecord, Group, GroupRecord
from bot.contract.settings import Policy, Setting

Changes = Mapping[tuple[str, Key], Held | None]
"""What a batch changes: (feature, key) -> the new record, or None where it is removed."""


class Room:
    """One room's cache and queue.

    With slots: nearly every message is looked at here and needed by nobody, and what that costs in
    many rooms is the memory that it touches.
    """

    __slots__ = ("alerted", "busy", "group", "id", "loaded", "name", "queue", "rows", "summaries")

    def __init__(self, room_id: RoomId) -> None:
        self.id = room_id
        self.loaded = False
        self.queue: deque[tuple[Event, asyncio.Future[None]]] = deque()
        self.busy = False
        """Somebody is in turn or queues: then nothing may overtake."""
        self.rows: dict[str, dict[Key, Held]] = {}
        self.summaries: tuple[Any, ...] = ()
        """What each feature's `wants` is told, in the order of the features; () until loaded."""
        self.group = Group(record=None, policy=Policy({}))
        self.alerted: dict[str, datetime] = {}
        self.name = ""
        """The room's name when it was last seen, for words about it after the bot has gone."""


class Rooms:
    """All rooms' caches, and how groups and roles are read from them."""

    def __init__(
        self,
        features: tuple[Feature, ...],
        store: Store,
        defaults: Mapping[str, str],
        view: Callable[[RoomId], RoomView | None],
    ) -> None:
        self._features = features
        self._store = store
        self._view = view
        self.settings: dict[str, Setting] = {s.key: s for f in features for s in f.settings}
        self._defaults = {s.key: s.default for s in self.settings.values()} | dict(defaults)
        self._cached = [f for f in features if f.summarise or f.name == GROUP]
        self._wants = tuple(f.wants for f in features)
        self._codecs = {f.name: f.codec for f in features}
        self._rooms: dict[RoomId, Room] = {}

    def __getitem__(self, room_id: RoomId) -> Room:
        room = self._rooms.get(room_id)
        if room is None:
            room = self._rooms[room_id] = Room(room_id)
        return room

    def __iter__(self) -> Iterator[Room]:
        return iter(tuple(self._rooms.values()))

    async def load(self, room: Room) -> None:
        """Fill the cache from the storage, once."""
        if room.loaded:
            return
        found = await self._store.load([all_of(f.name, room.id) for f in self._cached])
        if _loaded(room):
            return  # somebody else was quicker, and what is cached may have been changed since
        room.rows = {f.name: {} for f in self._cached}
        for row in found:
            record = self._codecs[row.feature].decode(row.body)
            held = Held(record, row.version, row.due_at, row.delete_at)
            room.rows[row.feature][Key(row.member, row.key)] = held
        self._renew(room, {f.name for f in self._cached})
        room.loaded = True

    def apply(self, room: Room, changes: Changes) -> None:
        """The batch is kept: the cache follows."""
        touched = set()
        for (feature, key), held in changes.items():
            if feature in room.rows:
                touched.add(feature)
                if held is None:
                    room.rows[feature].pop(key, None)
                else:
                    room.rows[feature][key] = held
        if touched:
            self._renew(room, touched)

    def forget(self, room: Room, member: MemberId) -> None:
        """Every cached row of a person goes."""
        for rows in room.rows.values():
            for key in [k for k in rows if k.member == member]:
                del rows[key]
        self._renew(room, set(room.rows))

    def sweep(self, now: datetime) -> None:
        """What is past its time leaves the cache, as it leaves the storage."""
        for room in self:
            over = set()
            for feature, rows in room.rows.items():
                for key in [k for k, held in rows.items() if held.delete_at and held.delete_at <= now]:
                    del rows[key]
                    over.add(feature)
            if over:
                self._renew(room, over)

    def drop(self, room: Room) -> None:
        """The room's rows are gone or belong to another room: read them again when needed."""
        room.loaded = False
        room.rows, room.summaries = {}, ()
        room.group = Group(record=None, policy=Policy({}))

    def group(self, room: Room, changes: Changes | None = None) -> Group:
        """The group as it is, or as a batch that is being decided would make it."""
        rows = dict(room.rows.get(GROUP, {}))
        for (feature, key), held in (changes or {}).items():
            if feature == GROUP:
                if held is None:
                    rows.pop(key, None)
                else:
                    rows[key] = held
        record = next((h.record for h in rows.values() if isinstance(h.record, GroupRecord)), None)
        people = {
            k.member: h.record.state
            for k, h in rows.items()
            if k.member is not None and isinstance(h.record, FacilitatorRecord)
        }
        return Group(
            record=record,
            policy=Policy(self._defaults | (record.settings if record else {})),
            facilitators=frozenset(m for m, state in people.items() if state == "accepted"),
            named=frozenset(m for m, state in people.items() if state == "named"),
        )

    def _renew(self, room: Room, touched: set[str]) -> None:
        if GROUP in touched:
            room.group = self.group(room)
        before = room.summaries or (None,) * len(self._features)
        room.summaries = tuple(
            self._summary(feature, room, was, touched)
            for feature, was in zip(self._features, before, strict=True)
        )

    def _summary(self, feature: Feature, room: Room, was: Any, touched: set[str]) -> Any:
        """What `wants` is told: the feature's own summary, or the group where it has none."""
        if feature.summarise is None:
            return room.group
        # A summary may depend on the settings, so all follow when the group changes.
        if feature.name in touched or GROUP in touched:
            return feature.summarise(Rows(room.rows.get(feature.name, {})), room.group)
        return was

    def wanted(self, event: Event, room: Room) -> bool:
        """Whether any feature needs this event, in a loaded room. Without storage and without waiting."""
        for wants, summary in zip(self._wants, room.summaries, strict=True):  # noqa: SIM110 (twice as quick)
            if wants(event, summary):
                return True
        return False

    def interested(self, event: Event, room: Room) -> tuple[Feature, ...]:
        """The features that need this event, in a loaded room."""
        return tuple(f for f, s in zip(self._features, room.summaries, strict=True) if f.wants(event, s))


def _loaded(room: Room) -> bool:
    """Asked again after waiting: another task may have loaded it meanwhile."""
    return room.loaded


def roles_in(view: RoomView | None, group: Group) -> Callable[[MemberId], frozenset[str]]:
    """What a person is in a room now. Power on the platform alone makes nobody a facilitator,
    and a bot is never anything."""

    def roles(who: MemberId) -> frozenset[str]:
        person = view.people.get(who) if view else None
        if person is None or person.kind != "human":
            return frozenset()
        found = {"member"}
        if person.presence == "inside":
            if who in group.facilitators:
                found.add("facilitator")
            if who in group.named:
                found.add("named")
            if person.administrator:
                found.add("administrator")
        return frozenset(found)

    return roles


def empty_view(room_id: RoomId) -> RoomView:
    """A room that the bot is not in, or not yet: nobody, and no ability but to write in private."""
    return RoomView(id=room_id, name="", people={}, can=Capabilities(), me=MemberId(room_id.platform, ""))
