"""Receipt codes on their way in: a code becomes its location before any feature sees it.

Guessing is limited in memory, where nothing tells who asked once the hour is over. A limit never
locks out somebody who has a code: a right one costs nothing, and some tries are always left.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from bot.boundary.codes import CodeLocator
from bot.boundary.commands import Command
from bot.boundary.events import CommandGiven, Event
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Clock, Read, Store
from bot.contract.feature import Feature
from bot.engine.answers import Misunderstood
from bot.engine.commands import Book

WRONG_CODES = 10
"""Wrong codes that one account may try in an hour."""
WRONG_CODES_OF_ALL = 100
"""Wrong codes of all accounts together in an hour; beyond that each has only `ALWAYS_LEFT`. At this
pace guessing one of 2^77 codes takes longer than the world is old."""
ALWAYS_LEFT = 3
"""Tries that every account has in an hour, whatever others do."""
MOST_AT_ONCE = 10
"""Commands with codes of one account that are being looked at (ours). Each takes a core and 64 MiB for
tens of milliseconds, one after the other: nobody who floods makes others wait for long."""
HOUR = timedelta(hours=1)


class Codes:
    """Prepares commands that make or take a code."""

    def __init__(
        self, locator: CodeLocator, features: tuple[Feature, ...], book: Book, store: Store, clock: Clock
    ) -> None:
        self._locator, self._book, self._store, self._clock = locator, book, store, clock
        self._owner: Mapping[str, str] = {c.name: f.name for f in features for c in f.commands}
        self._wrong: defaultdict[MemberId, list[datetime]] = defaultdict(list)
        self._under_way: Counter[MemberId] = Counter()

    def concerns(self, event: CommandGiven) -> bool:
        """Whether an event has to be prepared first."""
        command = self._book.find(event.name, event.sub)
        return command is not None and (command.mints_code or _option(command) is not None)

    async def prepared(self, event: CommandGiven) -> Event:
        """The event as features are to see it, in the room where what its code stands for is kept."""
        if self._under_way[event.by] >= MOST_AT_ONCE:
            return _instead(event, "engine-one-at-a-time")
        self._under_way[event.by] += 1
        try:
            return await self._prepared(event)
        finally:
            self._under_way[event.by] -= 1
            self._under_way += Counter()  # who has none under way is not remembered

    async def _prepared(self, event: CommandGiven) -> Event:
        command = self._book.find(event.name, event.sub)
        assert command is not None
        event = msgspec.structs.replace(event, code=None)
        if command.mints_code:
            event = msgspec.structs.replace(event, code=await self._locator.fresh())
        option = _option(command)
        if option is None or not event.values.get(option, "").strip():
            return event
        if self._refused(event.by):
            return _instead(event, "engine-too-many-codes")
        # Counted before it is looked at: many at once are not more tries than one after the other.
        tried = self._clock.now()
        self._wrong[event.by].append(tried)
        location = await self._locator.locate(event.values[option])
        room = await self._room_of(self._owner[command.name], location, event.room) if location else None
        if room is not None:
            self._right(event.by, tried)
        if room is not None and room != event.room and not event.private:
            # It stands where others read, and the case lies in another group: what follows would be
            # decided there, and could not take these words down here.
            return _instead(event, "engine-code-in-room")
        values = {**event.values, option: location or "unknown"}
        return msgspec.structs.replace(event, room=room or event.room, values=values)

    def sweep(self) -> None:
        """What is older than an hour is not remembered."""
        since = self._clock.now() - HOUR
        recent = {who: [at for at in times if at > since] for who, times in self._wrong.items()}
        self._wrong.clear()
        self._wrong.update({who: times for who, times in recent.items() if times})

    def _right(self, who: MemberId, tried: datetime) -> None:
        """It was no wrong one: it costs nothing."""
        if tried in (mine := self._wrong.get(who, [])):
            mine.remove(tried)

    def _refused(self, who: MemberId) -> bool:
        self.sweep()
        mine, everybody = len(self._wrong.get(who, ())), sum(map(len, self._wrong.values()))
        return mine >= (WRONG_CODES if everybody < WRONG_CODES_OF_ALL else ALWAYS_LEFT)

    async def _room_of(self, feature: str, location: str, first: RoomId) -> RoomId | None:
        """The room where a row of nobody lies under this key: a code works from any account."""
        for room in dict.fromkeys((first, *await self._store.rooms())):
            if await self._store.load([Read(feature=feature, room=room, member=None, key=location)]):
                return room
        return None


def _option(command: Command) -> str | None:
    """The option of a command that is a code; None where it has none."""
    return next((o.name for o in command.options if o.kind == "code"), None)


def _instead(event: CommandGiven, key: str) -> Misunderstood:
    """These words as the answer, in place of the command; where it stands in a room it is taken down."""
    return Misunderstood(
        id=event.id, room=event.room, by=event.by, key=key,
        message=None if event.private else event.message, reply=event.reply,
    )  # fmt: skip
