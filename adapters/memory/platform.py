"""The reference platform: rooms and people in plain objects.

Tests and authors of other adapters build on it. It passes the same contract suite as the
adapters of real platforms. What people do is a method (`join`, `post`, `type`); what they saw
is kept in `heard` (private words) and in a room's `posts`.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable
from datetime import UTC, datetime
from itertools import count
from typing import assert_never

import msgspec

from bot.boundary.capabilities import Capabilities, Person, Recorder, RoomView
from bot.boundary.effects import (
    Admit,
    BlockRecorder,
    Hold,
    Leave,
    Remove,
    RestoreRoom,
    SetGate,
    SetHearing,
    TakeDown,
    Unsay,
)
from bot.boundary.errors import Undeliverable, Unsupported
from bot.boundary.events import (
    CallChanged,
    CallJoined,
    CallLeft,
    CommandGiven,
    Inbound,
    MemberJoined,
    MemberKnocked,
    MemberLeft,
    MessagePosted,
    RoomAdopted,
    RoomChanged,
    RoomLost,
    RoomSeen,
    WordsGiven,
)
from bot.boundary.ids import MemberId, MessageId, RoomId
from bot.boundary.ports import Finding, Health, Sink
from bot.boundary.steps import Bell, Post, ShowForm, ShowStatus, Step, Tell

NAME = "memory"
KEEPER = MemberId(NAME, "@keeper")

EVERYTHING = Capabilities(
    door=True,
    mute="levels",
    take_down=True,
    pins=True,
    files=True,
    calls_seen=True,
    blocks_recorders=True,
    status=True,
    command_prefix="!",
)


class MemoryRoom(msgspec.Struct):
    """A room: who is in it, what was said, and what holds there."""

    id: RoomId
    name: str
    people: dict[MemberId, Person] = msgspec.field(default_factory=dict)
    posts: list[tuple[MessageId, MemberId, str]] = msgspec.field(default_factory=list)
    """What can be read in the room now: (message, author, words)."""
    gate: str = "notice"
    speakers: set[MemberId] = msgspec.field(default_factory=set)
    """Whom the gate `mute` lets speak."""
    can: Capabilities = EVERYTHING
    bridges: tuple[str, ...] = ()
    encrypted: bool = False
    recorders: dict[str, Recorder] = msgspec.field(default_factory=dict)
    blocked: set[str] = msgspec.field(default_factory=set)
    """Recorders that were stopped; they stay here, to be let go on."""
    status: str = ""
    """The standing line of the room's call."""
    keeper_inside: bool = True


class MemoryPlatform:
    """Implements the `Platform` port without any network."""

    name = NAME

    def __init__(self) -> None:
        self.rooms: dict[RoomId, MemoryRoom] = {}
        self.heard: list[Tell] = []
        """Every private word, in the order in which it was said."""
        self.chats: dict[MemberId, list[tuple[MessageId, str, bool]]] = {}
        """What stands in each direct chat now: (message, words, by the person)."""
        self.forms: list[ShowForm] = []
        self.performed: list[Step] = []
        self.trouble: Undeliverable | None = None
        """Raised by `perform` while it is set: an outage, for tests."""
        self.deaf: set[MemberId] = set()
        """People whom no private word reaches."""
        self._done: set[str] = set()
        self._sink: Sink | None = None
        self._number = count(1)

    # --- what people do

    def room(self, name: str, *people: str, administrators: tuple[str, ...] = ()) -> RoomId:
        """Make a room with these people in it. The keeper is inside, but not adopted yet."""
        room_id = RoomId(NAME, f"!{name}")
        members = {
            who(p): Person(id=who(p), name=p.title(), administrator=p in administrators)
            for p in (*people, *(a for a in administrators if a not in people))
        }
        self.rooms[room_id] = MemoryRoom(id=room_id, name=name, people=members)
        return room_id

    async def adopt(self, room: RoomId, by: str) -> None:
        """Somebody adds the keeper to a room."""
        self.rooms[room].keeper_inside = True
        await self._tell(RoomAdopted(id=self._event(), room=room, by=who(by)))

    async def expel(self, room: RoomId) -> None:
        """Somebody removes the keeper."""
        self.rooms[room].keeper_inside = False
        await self._tell(RoomLost(id=self._event(), room=room))

    async def join(
        self, room: RoomId, name: str, *, let_in_by: str | None = None, kind: str = "human"
    ) -> None:
        """Somebody comes in."""
        person = Person(id=who(name), name=name.title(), kind=kind)  # type: ignore[arg-type]
        self.rooms[room].people[who(name)] = person
        by = who(let_in_by) if let_in_by else None
        await self._tell(MemberJoined(id=self._event(), room=room, who=who(name), let_in_by=by))

    async def knock(self, room: RoomId, name: str) -> None:
        """Somebody asks to come in."""
        self.rooms[room].people[who(name)] = Person(id=who(name), name=name.title(), presence="knocking")
        await self._tell(MemberKnocked(id=self._event(), room=room, who=who(name)))

    async def leave(self, room: RoomId, name: str) -> None:
        """Somebody leaves."""
        await self.hang_up(room, name)
        if self.rooms[room].people.pop(who(name), None):
            await self._tell(MemberLeft(id=self._event(), room=room, who=who(name)))

    async def rename(self, room: RoomId, name: str, shown: str) -> None:
        """Somebody changes the name that others see."""
        people = self.rooms[room].people
        people[who(name)] = msgspec.structs.replace(people[who(name)], name=shown)

    async def call(self, room: RoomId, name: str) -> None:
        """Somebody comes into the room's call."""
        if self._calling(room, name, True):
            await self._tell(CallJoined(id=self._event(), room=room, who=who(name)))

    async def hang_up(self, room: RoomId, name: str) -> None:
        """Somebody leaves the room's call, and takes with them what they record or show there."""
        if self._calling(room, name, False):
            place = self.rooms[room]
            place.recorders = {i: r for i, r in place.recorders.items() if r.who != who(name)}
            await self._tell(CallLeft(id=self._event(), room=room, who=who(name)))

    def _calling(self, room: RoomId, name: str, now: bool) -> bool:
        """Put somebody into the call or out of it. False: they were there, or not in the room."""
        people = self.rooms[room].people
        person = people.get(who(name))
        if person is None or person.in_call == now:
            return False
        people[who(name)] = msgspec.structs.replace(person, in_call=now)
        return True

    async def show_recorder(self, room: RoomId, recorder: Recorder) -> None:
        """Something shows itself as recording."""
        self.rooms[room].recorders[recorder.id] = recorder
        await self._tell(CallChanged(id=self._event(), room=room))

    async def hide_recorder(self, room: RoomId, recorder_id: str) -> None:
        """It does not any more."""
        self.rooms[room].recorders.pop(recorder_id, None)
        await self._tell(CallChanged(id=self._event(), room=room))

    async def change(self, room: RoomId, what: str, can: Capabilities | None = None) -> None:
        """A setting of the room changes."""
        if can is not None:
            self.rooms[room].can = can
        await self._tell(RoomChanged(id=self._event(), room=room, what=what))

    async def post(self, room: RoomId, name: str, words: str = "…") -> MessageId | None:
        """Somebody says something in the room. None: the room's settings did not let it through."""
        place = self.rooms[room]
        if place.can.mute == "levels" and place.gate == "mute" and who(name) not in place.speakers:
            return None
        message = MessageId(NAME, f"${next(self._number)}")
        place.posts.append((message, who(name), words))
        await self._tell(MessagePosted(id=message.native, room=room, by=who(name), message=message))
        if words.startswith("!"):
            given = WordsGiven(
                id=f"{message.native}:words", by=who(name), words=words, room=room, message=message
            )
            await self._tell(given)
        return message

    async def write(self, name: str, words: str, *, event_id: str = "") -> None:
        """Somebody writes to the keeper in private."""
        message = MessageId(NAME, event_id or self._event())
        chat = self.chats.setdefault(who(name), [])
        if all(message != known for known, _, _ in chat):
            chat.append((message, words, True))
        await self._tell(WordsGiven(id=message.native, by=who(name), words=words, message=message))

    async def press(self, tell: Tell, position: int) -> None:
        """Somebody presses a button under private words."""
        choice = tell.buttons[position].choice
        given = CommandGiven(
            id=self._event(),
            room=tell.room,
            by=tell.to,
            name=choice.name,
            sub=choice.sub,
            values=dict(choice.values),
            confirmed=choice.confirmed,
        )
        await self._tell(given)

    # --- what they saw

    def chat_with(self, name: str) -> list[str]:
        """What can be read in somebody's direct chat now, by both."""
        return [words for _, words, _ in self.chats.get(who(name), [])]

    def said_to(self, name: str) -> list[str]:
        """All private words to somebody, in order."""
        return [tell.text for tell in self.heard if tell.to == who(name)]

    def seen_in(self, room: RoomId) -> list[str]:
        """All that can be read in the room now."""
        return [words for _, _, words in self.rooms[room].posts]

    # --- the port

    async def run(self, sink: Sink) -> None:
        """See `Platform.run`."""
        self._sink = sink
        for room in list(self.rooms):
            await self._tell(RoomSeen(id=self._event(), room=room))
        await asyncio.Event().wait()

    async def perform(self, step: Step) -> None:
        """See `Platform.perform`."""
        await asyncio.sleep(0)
        if self.trouble is not None:
            raise self.trouble
        if step.id in self._done:
            return
        self._do(step)
        self._done.add(step.id)
        self.performed.append(step)

    def _do(self, step: Step) -> None:
        action = step.action
        room = self.rooms.get(action.room)
        if isinstance(action, Tell):
            if action.to in self.deaf:
                raise Undeliverable("closed")
            self.heard.append(action)
            said = (MessageId(NAME, step.id), action.text, False)
            self.chats.setdefault(action.to, []).append(said)
            return
        if isinstance(action, Unsay):
            self._unsay(action)
            return
        if isinstance(action, ShowForm):
            self.forms.append(action)
            return
        if room is None or not room.keeper_inside:
            raise Undeliverable("gone")
        match action:
            case Bell():
                raise Unsupported
            case Post():
                room.posts.append((MessageId(NAME, f"${next(self._number)}"), KEEPER, action.text))
            case TakeDown():
                if not room.can.take_down:
                    raise Unsupported
                room.posts = [post for post in room.posts if post[0] != action.message]
            case SetGate():
                room.gate = action.gate
                room.speakers |= set(action.inside)
            case Admit():
                if action.gate == "door":
                    self._invite(room, action.who)
                room.speakers.add(action.who)
            case Hold():
                room.speakers.discard(action.who)
            case Remove():
                room.people.pop(action.who, None)
            case RestoreRoom():
                before = json.loads(action.snapshot or b"{}")
                room.gate = before.get("gate", "notice")
                room.speakers = {MemberId(NAME, n) for n in before.get("speakers", [])}
            case SetHearing():
                if not room.can.hearing:
                    raise Unsupported
                room.can = msgspec.structs.replace(room.can, hears_words=action.on)
            case BlockRecorder():
                if not room.can.blocks_recorders:
                    raise Unsupported
                (room.blocked.add if action.on else room.blocked.discard)(action.recorder)
                self._soon(CallChanged(id=self._event(), room=room.id))
            case ShowStatus():
                if not room.can.status:
                    raise Unsupported
                room.status = action.text
            case Leave():
                room.keeper_inside = False
            case _:
                assert_never(action)

    def _unsay(self, action: Unsay) -> None:
        """From the first message to the last; there are no times here."""
        chat = self.chats.get(action.to, [])
        ends = [message for message, _, _ in chat]
        first = ends.index(action.first) if action.first in ends else 0
        last = ends.index(action.last) if action.last in ends else len(ends) - 1
        del chat[first : last + 1]

    def _invite(self, room: MemoryRoom, member: MemberId) -> None:
        """An invitation past the door; the person comes in at once."""
        person = room.people.get(member) or Person(id=member, name=member.native)
        if person.presence == "inside" and member in room.people:
            return
        room.people[member] = msgspec.structs.replace(person, presence="inside")
        self._soon(MemberJoined(id=self._event(), room=room.id, who=member))

    def _soon(self, event: Inbound) -> None:
        """What follows from a step is handed in after it."""
        task = asyncio.ensure_future(self._tell(event))
        task.add_done_callback(lambda _: None)

    def view(self, room: RoomId) -> RoomView | None:
        """See `Platform.view`."""
        place = self.rooms.get(room)
        if place is None or not place.keeper_inside:
            return None
        people = {
            m: msgspec.structs.replace(p, may_speak=place.gate != "mute" or m in place.speakers)
            for m, p in place.people.items()
        }
        snapshot = {"gate": place.gate, "speakers": sorted(m.native for m in place.speakers)}
        return RoomView(
            id=room,
            name=place.name,
            people=people,
            can=place.can,
            me=KEEPER,
            recorders=tuple(r for i, r in place.recorders.items() if i not in place.blocked),
            bridges=place.bridges,
            encrypted=place.encrypted,
            snapshot=json.dumps(snapshot).encode(),
        )

    def rooms_of(self, member: MemberId) -> tuple[RoomId, ...]:
        """See `Platform.rooms_of`."""
        return tuple(r.id for r in self.rooms.values() if r.keeper_inside and member in r.people)

    def find_member(self, room: RoomId, words: str) -> MemberId | None:
        """See `Platform.find_member`."""
        place = self.rooms.get(room)
        if place is None:
            return None
        named = [m for m, p in place.people.items() if words.strip() in (m.native, m.native[1:], p.name)]
        return named[0] if len(named) == 1 else None

    def health(self) -> Health:
        """See `Platform.health`."""
        return Health(ready=self._sink is not None, last_good=datetime.now(UTC))

    async def examine(self) -> list[Finding]:
        """See `Platform.examine`."""
        return [Finding(fine=True, what="Rooms in memory need nothing.")]

    async def close(self) -> None:
        """See `Platform.close`."""
        self._sink = None

    def _event(self) -> str:
        return f"memory:{next(self._number)}"

    async def _tell(self, event: Inbound) -> None:
        if self._sink is None:
            return
        taken: Awaitable[None] | None = self._sink.submit(event)
        if taken is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await taken


def who(name: str) -> MemberId:
    """The id of somebody: `who("ann")` is `@ann`."""
    return MemberId(NAME, name if name.startswith("@") else f"@{name}")
