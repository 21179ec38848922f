"""The room, its people and what was said: what a chat platform would be here.

It knows nothing of the bot's rules. It shows what happened to the pages (`Feed`) and has it
written down (`Keep`).
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from adapters.playground.feed import Feed
from adapters.playground.keep import Keep
from adapters.playground.state import ALL_CAN, KEEPER, Item, Presence, Room, Someone, State
from bot.boundary.ports import Cabinet, Clock

People = tuple[tuple[str, bool], ...]
"""Names, each with whether they have power in the room."""
FIRST_PEOPLE: People = (("Robin", True), ("Sam", False), ("Kim", False))
"""Who is in the room at the first start."""
ROOM_NAME = "Evening circle"
REMEMBERED = 1000
"""Numbers of steps and of what pages sent that are kept against doing anything twice."""


class World:
    """One room and everybody in it. Every change is told to the pages at once."""

    def __init__(self, state: State, items: Iterable[Item], keep: Keep, feed: Feed, clock: Clock) -> None:
        self.state = state
        self.items = {item.id: item for item in items if item.n >= state.first}
        self.feed = feed
        self.clock = clock
        self.cause = ""
        """What is being done just now: a step's id, or a page's own number."""
        self._keep = keep

    @classmethod
    async def open(cls, cabinet: Cabinet, feed: Feed, clock: Clock, people: People = FIRST_PEOPLE) -> "World":
        """The world as it was left, or the first one. Raises `StorageTrouble`."""
        keep = Keep(cabinet)
        if found := await keep.load():
            room = found[0].room
            # A room that an earlier version kept could not do these yet.
            room.can = msgspec.structs.replace(room.can, calls_seen=True, blocks_recorders=True, status=True)
            return cls(*found, keep, feed, clock)
        world = cls(first_state(), (), keep, feed, clock)
        world.people_the_room(people)
        await world.saved()
        return world

    async def saved(self) -> None:
        """Return when everything so far is kept. Raises `StorageTrouble`."""
        await self._keep.saved(self.state, self.items.values())
        while self.items and (oldest := next(iter(self.items.values()))).n < self.state.first:
            del self.items[oldest.id]

    @property
    def room(self) -> Room:
        """The one room."""
        return self.state.room

    def inside(self, who: str) -> bool:
        """Whether this person is in the room."""
        found = self.state.people.get(who)
        return found is not None and found.presence == "inside"

    def may_speak(self, who: str) -> bool:
        """Whether the platform itself lets this person's words through."""
        room = self.room
        held = room.gate == "mute" and room.can.mute == "levels"
        return who == KEEPER or not held or who in room.speakers

    # What changes -----------------------------------------------------------------------------

    def people_the_room(self, people: People = FIRST_PEOPLE) -> None:
        """Put the first people into the room."""
        for name, administrator in people:
            self.add(name, administrator=administrator, presence="inside")

    def add(
        self,
        name: str,
        *,
        kind: Literal["human", "bot"] = "human",
        administrator: bool = False,
        presence: Presence = "outside",
    ) -> Someone:
        """Somebody new, with an id that nobody had before."""
        stem = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", name).lower()).strip("-")[:20]
        stem = stem or "member"
        if stem == KEEPER:
            stem = "member"
        count = self.state.names_used.get(stem, 0) + 1
        self.state.names_used[stem] = count
        made = stem if count == 1 else f"{stem}.{count}"
        someone = Someone(id=made, name=name, kind=kind, administrator=administrator, presence=presence)
        self.state.people[made] = someone
        self.changed_person(someone)
        return someone

    def changed_person(self, someone: Someone) -> None:
        """Tell the pages how somebody is now."""
        self._keep.changed()
        self.feed.tell("person", person=self.shown(someone))

    def changed_room(self) -> None:
        """Tell the pages how the room is now, and who may speak in it."""
        self._keep.changed()
        self.feed.tell("room", room=self.shown_room(), people=self.shown_people())

    def changed_story(self) -> None:
        """Tell the pages where the story is."""
        self._keep.changed()
        self.feed.tell("story", at=self.state.story)

    def moved(self, ahead: float) -> None:
        """The clock was moved: it goes on from there at the next start."""
        self.state.ahead = ahead
        self._keep.changed()
        self.feed.tell("clock", now=self.clock.now().isoformat(), ahead=ahead)

    def put(self, kind: str, **what: Any) -> Item:
        """Put something into the room or into one pane."""
        item = msgspec.convert(
            {
                "n": self.state.next,
                "id": secrets.token_hex(8),
                "at": self.clock.now().isoformat(timespec="milliseconds"),
                "kind": kind,
                "room": self.room.id,
                "cause": self.cause,
                **what,
            },
            Item,
        )
        self.state.next += 1
        self.items[item.id] = item
        self._keep.changed(item.n)
        self.feed.tell("item", item=item)
        return item

    def notice(self, text: str, to: str = "") -> None:
        """The platform's own words, for all or for one."""
        self.put("notice", text=text, to=to)

    def take_down(self, item: Item) -> None:
        """Nobody sees these words any more, and they are not kept."""
        item.text, item.files, item.buttons, item.gone = "", [], [], True
        self.changed_item(item)

    def changed_item(self, item: Item) -> None:
        """Tell the pages how an item is now."""
        self._keep.changed(item.n)
        self.feed.tell("item", item=item)

    def once(self, seen: list[str], number: str) -> bool:
        """Whether this is the first time; remembers it."""
        if number in seen:
            return False
        seen.append(number)
        del seen[:-REMEMBERED]
        self._keep.changed()
        return True

    def start_again(self) -> None:
        """A new room with the first people in it. The pages are told everything anew."""
        fresh = first_state()
        old = self.state
        fresh.names_used = old.names_used
        fresh.token, fresh.ahead, fresh.given = old.token, old.ahead, old.given
        fresh.next, fresh.first = old.next, old.next
        fresh.room.can = old.room.can
        self._keep.changed(*(item.n for item in self.items.values()))
        self.state, self.items = fresh, {}
        self.people_the_room()
        self.feed.tell("afresh")

    # What a page is shown ---------------------------------------------------------------------

    def shown(self, someone: Someone) -> dict[str, Any]:
        """Somebody as the pages have it."""
        shown: dict[str, Any] = msgspec.to_builtins(someone)
        return shown | {"may_speak": self.may_speak(someone.id)}

    def shown_people(self) -> list[dict[str, Any]]:
        """Everybody, in the order in which they came."""
        return [self.shown(someone) for someone in self.state.people.values()]

    def shown_room(self) -> dict[str, Any]:
        """The room as the pages have it."""
        room = self.room
        return {
            "id": room.id,
            "name": room.name,
            "gate": room.gate,
            "keeper_inside": room.keeper_inside,
            "status": room.status,
            "can": msgspec.to_builtins(room.can),
        }


def first_state() -> State:
    """A room that nobody has said anything in yet."""
    return State(
        token=secrets.token_urlsafe(24),
        room=Room(id=f"circle-{secrets.token_hex(6)}", name=ROOM_NAME, can=ALL_CAN),
    )
