"""The Platform port over the world: what the engine sees of it and may do in it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from adapters.playground import words
from adapters.playground.calls import recorders, room_of
from adapters.playground.doing import Snapshot, perform
from adapters.playground.inspector import Overview
from adapters.playground.names import ME, fresh, member
from adapters.playground.state import PLATFORM, Someone
from adapters.playground.world import World
from bot.boundary.capabilities import Missing, Person, RoomView
from bot.boundary.errors import StorageTrouble, Undeliverable
from bot.boundary.events import Event, Inbound, RoomAdopted, RoomSeen
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Clock, Finding, Health, Sink
from bot.boundary.steps import Step

log = logging.getLogger(__name__)

TRY_AGAIN = 1.0
"""Seconds until what the storage refused is handed in again."""


class Playground:
    """One world as a platform. `page` serves it until cancelled."""

    name = PLATFORM

    def __init__(
        self,
        clock: Clock,
        open_world: Callable[[], Awaitable[World]],
        page: Callable[["Playground"], Awaitable[None]],
        overview: Overview | None = None,
    ) -> None:
        self.clock, self.overview = clock, overview
        self._open_world, self._page = open_world, page
        self._found: World | None = None
        self._sink: Sink | None = None
        self._again: set[asyncio.Task[None]] = set()
        self._health = Health(ready=False, last_good=None)

    async def open(self) -> None:
        """Read the world back. Raises `StorageTrouble`."""
        if self._found is None:
            self._found = await self._open_world()

    @property
    def world(self) -> World:
        """The room and its people."""
        assert self._found is not None, "the world is opened before anything happens in it"
        return self._found

    @property
    def room_id(self) -> RoomId:
        """The room's id for the core."""
        return room_of(self.world)

    @property
    def sink(self) -> Sink:
        """The engine, while it runs this platform."""
        assert self._sink is not None, "the platform runs before anybody does anything"
        return self._sink

    # Towards the engine -----------------------------------------------------------------------

    async def run(self, sink: Sink) -> None:
        """See the port. Raises `CannotStart` where the page's port is taken."""
        await self.open()
        self._sink = sink
        try:
            await self.greet()
            self._health = Health(ready=True, last_good=self.clock.now())
            await self._page(self)
        finally:
            self._health = Health(ready=False, last_good=self._health.last_good)
            for task in self._again:
                task.cancel()

    async def greet(self) -> None:
        """The first look: the bot was added, or sees the room again."""
        world, room = self.world, self.room_id
        if not world.room.keeper_inside:
            return
        if world.room.adopted:
            await self._settle(RoomSeen(id=fresh("seen"), room=room))
        else:
            await self.adopt(self.administrator())

    async def adopt(self, by: str) -> None:
        """The bot is in the room since `by` added it, and the engine knows."""
        world = self.world
        event = RoomAdopted(id=fresh("adopted"), room=self.room_id, by=member(by))
        await self._settle(event)
        world.room.adopted = True
        world.changed_room()
        await world.saved()

    def happened(self, event: Event) -> None:
        """Hand in what happened in the room: the bot learns only of rooms where it is."""
        if self.world.room.keeper_inside:
            self.hand_in(event)

    def hand_in(self, event: Inbound) -> None:
        """Hand in what happened. What the storage refuses is handed in again until it is kept."""
        if taken := self._submit(event):
            task = asyncio.ensure_future(self._patiently(event, taken))
            self._again.add(task)
            task.add_done_callback(self._again.discard)

    def _submit(self, event: Inbound) -> Awaitable[None] | None:
        taken = self.sink.submit(event)
        if taken is None and self.overview:
            self.overview.unneeded(type(event).__name__)
        return taken

    async def _settle(self, event: Inbound) -> None:
        if taken := self._submit(event):
            await self._patiently(event, taken)

    async def _patiently(self, event: Inbound, taken: Awaitable[None] | None) -> None:
        while taken is not None:
            try:
                await taken
            except StorageTrouble:
                log.warning("not_kept event=%s", type(event).__name__)
                self.world.feed.tell("trouble", text=words.TROUBLE)
                await asyncio.sleep(TRY_AGAIN)
                taken = self._submit(event)
            else:
                break

    # What the engine sees ---------------------------------------------------------------------

    def view(self, room: RoomId) -> RoomView | None:
        """See the port."""
        if self._found is None:
            return None
        there = self.world.room
        if room != RoomId(PLATFORM, there.id) or not there.keeper_inside:
            return None
        people = {
            member(s.id): _person(s, self.world.may_speak(s.id))
            for s in self.world.state.people.values()
            if s.presence != "outside"
        }
        return RoomView(
            id=room,
            name=there.name,
            people=people,
            can=there.can,
            me=ME,
            missing=self._missing(),
            recorders=recorders(there, self.world.state.people),
            snapshot=msgspec.json.encode(Snapshot(there.gate, tuple(sorted(there.speakers)))),
            max_upload=1 << 20,
        )

    def _missing(self) -> tuple[Missing, ...]:
        can = self.world.room.can
        lacks = {
            "take_down": not can.take_down,
            "levels": can.mute != "levels",
            "join_rules": not can.door,
        }
        return tuple(Missing(ability=a, words=MISSING[a]) for a, lacking in lacks.items() if lacking)

    def rooms_of(self, member: MemberId) -> tuple[RoomId, ...]:
        """See the port."""
        if self._found is None:
            return ()
        found = self.world.state.people.get(member.native)
        if found is None or found.presence == "outside" or not self.world.room.keeper_inside:
            return ()
        return (self.room_id,)

    def find_member(self, room: RoomId, words: str) -> MemberId | None:
        """See the port."""
        if self._found is None or room.native != self.world.room.id:
            return None
        wanted = words.strip().removeprefix("@").casefold()
        people = [s for s in self.world.state.people.values() if s.presence != "outside"]
        if any(s.id == wanted for s in people):
            return member(wanted)
        named = [s for s in people if s.name.casefold() == wanted]
        return member(named[0].id) if len(named) == 1 else None

    def health(self) -> Health:
        """See the port."""
        return self._health

    async def examine(self) -> list[Finding]:
        """See the port."""
        return [Finding(fine=True, what="The playground needs no account and no network.")]

    async def close(self) -> None:
        """See the port."""
        for task in self._again:
            task.cancel()
        if self._found is not None:
            await self.world.saved()

    # What the engine may do -------------------------------------------------------------------

    async def perform(self, step: Step) -> None:
        """See the port. Done once for each `step.id`, also over a restart."""
        world = self.world
        if step.id not in world.state.steps:
            world.cause = step.id
            happened = perform(world, self.sink.commands, step.action)
            world.once(world.state.steps, step.id)
            if self.overview:
                self.overview.performed(type(step.action).__name__)
            for event in happened:
                self.hand_in(event)
        try:
            await world.saved()
        except StorageTrouble:
            world.feed.tell("trouble", text=words.TROUBLE)
            raise Undeliverable("unreachable", TRY_AGAIN) from None

    def administrator(self) -> str:
        """Who has power in the room."""
        people = self.world.state.people.values()
        return next((s.id for s in people if s.administrator), next(iter(self.world.state.people)))


MISSING: Mapping[str, str] = {
    "take_down": "playground-missing-take-down",
    "levels": "playground-missing-levels",
    "join_rules": "playground-missing-join-rules",
}


def _person(someone: Someone, may_speak: bool) -> Person:
    assert someone.presence != "outside"
    return Person(
        id=member(someone.id),
        name=someone.name,
        kind=someone.kind,
        presence=someone.presence,
        administrator=someone.administrator,
        may_speak=may_speak,
        in_call=someone.in_call,
    )
