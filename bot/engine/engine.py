"""The engine: takes events from platforms in order, and keeps everything going."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from bot.boundary.capabilities import Capabilities, RoomView
from bot.boundary.codes import CodeLocator
from bot.boundary.commands import Command, Option
from bot.boundary.effects import Whisper
from bot.boundary.errors import CannotStart, StorageTrouble
from bot.boundary.events import (
    CannotRead,
    CommandGiven,
    Due,
    EffectFailed,
    Event,
    Inbound,
    PicturesShown,
    RoomMoved,
    WordsGiven,
)
from bot.boundary.ids import RoomId
from bot.boundary.ports import Clock, Decided, Inspector, Platform, Store, Turn
from bot.contract.feature import Feature, Operator
from bot.engine.answers import Misunderstood, summary_key
from bot.engine.codes import Codes
from bot.engine.commands import Book
from bot.engine.degrade import Degrader
from bot.engine.deliver import PROMPT_EVERY, Deliverer
from bot.engine.handle import Handler, Taken
from bot.engine.intake import Intake
from bot.engine.rooms import Room, Rooms
from bot.engine.texts import Texts, Voice
from bot.engine.timers import Timers
from bot.engine.troubles import told
from bot.engine.work import Work

log = logging.getLogger(__name__)

SWEEP_EVERY = 900.0
"""Seconds between sweeps of what is past its time."""

STOP_WITHIN = 2.0
"""Seconds that turns under way may take when stopping (INTERFACE.md: SIGTERM within 5 s)."""


ALWAYS = (CommandGiven, Misunderstood, Due, EffectFailed, RoomMoved)
"""Events that are needed whatever the features say: somebody waits, or the engine does."""


class Engine:
    """Everything that features share. Implements the `Sink` port."""

    def __init__(
        self,
        *,
        features: tuple[Feature, ...],
        store: Store,
        clock: Clock,
        operator: Operator,
        texts: Texts,
        codes: CodeLocator,
        defaults: Mapping[str, str] | None = None,
        inspector: Inspector | None = None,
        prompt_every: float = PROMPT_EVERY,
    ) -> None:
        self._store, self._clock = store, clock
        self._platforms: dict[str, Platform] = {}
        self.book = Book(c for f in features for c in f.commands)
        self._outsider_features = tuple(f.name for f in features)
        self.rooms = Rooms(features, store, defaults or {}, self._view)
        self.deliver = Deliverer(
            store, clock, self.rooms, Degrader(texts, self.book), self._platforms, self.submit, prompt_every
        )
        self._handler = Handler(features, self.book, self.rooms, store, clock, operator, self._view)
        self._intake = Intake(self.book, clock, lambda name: self._platforms[name])
        self._codes = Codes(codes, features, self.book, store, clock)
        self._inspector = inspector
        self._texts = texts
        texts.learn(self.book.all)
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers = Timers(store, clock, self._platforms, self._event)
        self.counts: dict[str, int] = {"handled": 0, "unneeded": 0, "repeated": 0, "not_kept": 0}

    def add(self, platform: Platform) -> None:
        """Connect a platform. Before `run`."""
        self._platforms[platform.name] = platform

    def commands(self) -> Sequence[Command]:
        """See `Sink.commands`."""
        voices = {
            language: self._texts.voice(language, Capabilities(), None, ZoneInfo("UTC"))
            for language in self._texts.languages
        }
        return [
            msgspec.structs.replace(
                command,
                meaning=voices["en"].text(summary_key(command)),
                meanings={lang: voice.text(summary_key(command)) for lang, voice in voices.items()},
                options=tuple(self._explained(option, voices) for option in command.options),
            )
            for command in self.book.all
        ]

    def complete(self, option: str, given: Mapping[str, str]) -> Sequence[str]:
        """See `Sink.complete`."""
        if option == "key":
            return tuple(sorted(self.rooms.settings))
        setting = self.rooms.settings.get(given.get("key", "").casefold()) if option == "value" else None
        return setting.choices if setting is not None else ()

    def _explained(self, option: Option, voices: Mapping[str, Voice]) -> Option:
        """An option for completion. What the settings are called, only all features together know."""
        key = f"option-{option.name}"
        return msgspec.structs.replace(
            option,
            meaning=voices["en"].text(key),
            meanings={lang: voice.text(key) for lang, voice in voices.items()},
            choices=tuple(self.complete("key", {})) if option.name == "key" else option.choices,
        )

    def submit(self, event: Inbound) -> Awaitable[None] | None:
        """See `Sink.submit`."""
        match event:
            case WordsGiven() | CannotRead() | PicturesShown():
                return self._words(event)
            case _:
                return self._event(event)

    async def run(self) -> None:
        """Run until cancelled. Raises `CannotStart` when a platform cannot be used like this."""
        await self.deliver.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._timers.run())
                group.create_task(self._sweeps())
                for platform in self._platforms.values():
                    group.create_task(platform.run(self))
        except ExceptionGroup as several:
            refusals = several.subgroup(CannotStart)
            raise (refusals or several).exceptions[0] from None

    async def stop(self) -> None:
        """Finish the turns under way, stop delivering, let go of the platforms."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_WITHIN)
        await self.deliver.stop()
        for task in list(self._tasks):
            task.cancel()
        for platform in self._platforms.values():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(platform.close(), 2.0)

    async def settled(self) -> None:
        """Return when no event and no delivery is under way. For tests and the playground."""
        while self._tasks or self.deliver.waiting:
            if self._tasks:
                await asyncio.wait(set(self._tasks))
            await asyncio.sleep(0)

    # --- taking events

    def _event(self, event: Event) -> Awaitable[None] | None:
        if isinstance(event, CommandGiven) and self._codes.concerns(event):
            return self._spawn(self._with_code(event))
        return self._queued(event)

    async def _with_code(self, event: CommandGiven) -> None:
        """Slow, so it is done before the room's turn: nobody waits for somebody else's code."""
        taken = self._queued(await self._codes.prepared(event))
        if taken is not None:
            await taken

    def _queued(self, event: Event) -> Awaitable[None] | None:
        room = self.rooms[event.room]
        if room.loaded and not room.busy and not self._needed(event, room):
            self.counts["unneeded"] += 1
            return None
        done = asyncio.get_running_loop().create_future()
        room.queue.append((event, done))
        if not room.busy:
            room.busy = True
            self._spawn(self._turns(room))
        return done

    def _needed(self, event: Event, room: Room) -> bool:
        """Whether the engine itself or any feature needs an event."""
        return isinstance(event, ALWAYS) or self.rooms.wanted(event, room)

    def _words(self, event: WordsGiven | CannotRead | PicturesShown) -> Awaitable[None] | None:
        rooms = self._platforms[event.by.platform].rooms_of(event.by)
        if not rooms and isinstance(event, WordsGiven) and event.room is None:
            return self._spawn(self._outsider(event))
        return self._understood(event, rooms)

    def _understood(
        self, event: WordsGiven | CannotRead | PicturesShown, rooms: tuple[RoomId, ...]
    ) -> Awaitable[None] | None:
        if isinstance(event, CannotRead | PicturesShown):
            return self._event(self._intake.unasked(event, rooms))
        taken = [t for found in self._intake.understand(event, rooms) if (t := self._event(found))]
        return _all_of(taken) if taken else None

    async def _outsider(self, event: WordsGiven) -> None:
        """Somebody who is in no group (any more): what is kept of them they may see and erase."""
        rooms = await self._store.known(self._outsider_features, event.by)
        taken = self._understood(event, rooms)
        if taken is not None:
            await taken

    async def _turns(self, room: Room) -> None:
        """One event after the other, in the order in which they came.

        Nothing overtakes what could not be kept: what queues behind it is refused with it, to be
        handed in again after it. A fault ends its event alone, so that nobody waits for ever.
        """
        try:
            while room.queue:
                event, done = room.queue.popleft()
                try:
                    await self._turn(room, event)
                except StorageTrouble as trouble:
                    log.error("not_kept event=%s", type(event).__name__, extra=told(trouble))
                    self.counts["not_kept"] += 1
                    behind = [waits for _, waits in room.queue]
                    room.queue.clear()
                    for each in (done, *behind):
                        _refuse(each, trouble)
                except Exception as fault:  # whatever it is, the next event has its turn
                    log.error("turn_failed event=%s error=%s", type(event).__name__, type(fault).__name__)
                    log.debug("turn_failed", exc_info=True)
                    self.rooms.drop(room)  # what is cached may be half of a change
                    _refuse(done, fault)
                else:
                    if not done.cancelled():
                        done.set_result(None)
        finally:
            room.busy = False

    async def _turn(self, room: Room, event: Event) -> None:
        await self.rooms.load(room)
        if not self._needed(event, room):
            self.counts["unneeded"] += 1
            return
        taken = await self._handler.take(room, event)
        if taken is None:
            self.counts["repeated"] += 1
            return
        self.counts["handled"] += 1
        self._after(room, event, taken)

    def _after(self, room: Room, event: Event, taken: Taken) -> None:
        work = taken.work
        if work.erase_room:
            self.deliver.forget(room.id)
        if work.forget is not None:
            self.deliver.forget(room.id, work.forget)
            self._intake.forget(work.forget)
        if work.awaits_confirm and isinstance(event, CommandGiven):
            self._intake.awaits_confirm(event)
        for _, effect in work.effects:
            if isinstance(effect, Whisper) and effect.unasked:
                self._intake.prompted(effect.to, room.id)
        if isinstance(event, CommandGiven):
            asked = (e.awaits for _, e in work.effects if isinstance(e, Whisper) and e.to == event.by)
            self._intake.awaits(event, next((choice for choice in asked if choice), None))
        if any(held is not None and held.due_at is not None for held in work.changes.values()):
            self._timers.news.set()
        self.deliver.wake(taken.outgoing)
        if work.move_to is not None and isinstance(event, RoomMoved):
            self.deliver.move(room.id, work.move_to)
            self._event(RoomMoved(id=event.id + ":moved", room=work.move_to, to=work.move_to))
        if self._inspector is not None:
            self._inspector.turned(_turn_of(event, work))

    # --- time

    async def _sweeps(self) -> None:
        while True:
            try:
                now = self._clock.now()
                await self._store.sweep(now)
                self.rooms.sweep(now)
                self._intake.sweep()
                self._codes.sweep()
            except StorageTrouble as trouble:
                log.error("sweep_failed", extra=told(trouble))
            await self._clock.sleep(SWEEP_EVERY)

    # --- small things

    def _view(self, room: RoomId) -> RoomView | None:
        platform = self._platforms.get(room.platform)
        return platform.view(room) if platform else None

    def _spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        assert isinstance(task, asyncio.Task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _all_of(taken: list[Awaitable[None]]) -> None:
    for each in taken:
        await each


def _refuse(done: asyncio.Future[None], why: Exception) -> None:
    if not done.done():
        done.set_exception(why)
        done.exception()  # whoever does not wait for it must not be warned


def _turn_of(event: Event, work: Work) -> Turn:
    """A turn for the inspector: kinds and counts."""
    return Turn(
        event=type(event).__name__,
        decided=tuple(
            Decided(
                feature=name,
                changes=len(decision.changes),
                facts=tuple(type(f).__name__ for f in decision.facts),
                effects=tuple(type(e).__name__ for e in decision.effects),
            )
            for name, decision in work.decisions
        ),
    )
