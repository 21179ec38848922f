"""What the visitor does in the page: as anybody in the room, and to the playground itself."""

from collections.abc import Callable

from adapters.playground import words
from adapters.playground.asked import Asked, Refused, named, somebody
from adapters.playground.calling import Calling
from adapters.playground.calls import changed, hang_up
from adapters.playground.clock import MovableClock
from adapters.playground.doing import let_in
from adapters.playground.names import fresh, member
from adapters.playground.platform import Playground
from adapters.playground.state import Someone, pretend
from adapters.playground.story import STORY
from adapters.playground.talking import Talking
from bot.boundary.events import (
    MemberJoined,
    MemberKnocked,
    MemberLeft,
    MemberRenamed,
    RoomChanged,
    RoomLost,
)

MOST_PEOPLE = 150
"""More than any support group has; the page lists them all."""
POWERS = {"take_down", "levels", "door"}
"""Switches that change what the bot may do in the room, rather than how it can be talked with."""


class Visitor:
    """Does what pages ask for. Raises `Refused`."""

    def __init__(self, platform: Playground) -> None:
        self._platform = platform
        talking, calling = Talking(platform), Calling(platform)
        self._doings: dict[str, Callable[[Asked], None]] = {
            "say": talking.say,
            "press": talking.press,
            "fill": talking.fill,
            "order": talking.order,
            "add": self._add,
            "rename": self._rename,
            "leave": self._leave,
            "come": self._come,
            "let_in": self._let_in,
            "away": self._away,
            "call": calling.call,
            "screen": calling.screen,
            "hear": calling.hear,
            "forward": self._forward,
            "pretend": self._pretend,
            "story": self._story,
        }

    async def do(self, asked: Asked) -> None:
        """Do one thing, at most once by its number."""
        world = self._platform.world
        if asked.c and asked.c in world.state.given:
            return
        world.cause = asked.c
        match asked.do:
            case "invite":
                await self._invite(asked)
            case "afresh":
                await self._start_again()
            case _ if doing := self._doings.get(asked.do):
                doing(asked)
            case _:
                raise Refused(words.STRANGE)
        if asked.c:
            world = self._platform.world
            world.once(world.state.given, asked.c)

    # As somebody in the room ------------------------------------------------------------------

    def _rename(self, asked: Asked) -> None:
        who, name = somebody(self._platform.world, asked.who), named(asked.text)
        before, who.name = who.name, name
        self._platform.world.changed_person(who)
        if who.presence == "inside":
            self._platform.world.notice(words.RENAMED.format(before=before, name=name))
        if who.presence != "outside":
            here = self._platform.room_id
            self._platform.happened(MemberRenamed(id=fresh("renamed"), room=here, who=member(who.id)))
        if who.in_call:
            self._platform.happened(changed(self._platform.world))

    def _leave(self, asked: Asked) -> None:
        who, world = somebody(self._platform.world, asked.who), self._platform.world
        if who.presence == "outside":
            raise Refused(words.NOT_POSSIBLE)
        for event in hang_up(world, who):
            self._platform.happened(event)
        was_inside, who.presence = who.presence == "inside", "outside"
        world.room.speakers.discard(who.id)
        world.changed_person(who)
        world.notice(words.LEFT.format(name=who.name), to="" if was_inside else who.id)
        self._platform.happened(MemberLeft(id=fresh("left"), room=self._platform.room_id, who=member(who.id)))
        if who.kind == "bot":
            self._platform.happened(RoomChanged(id=fresh("bots"), room=self._platform.room_id, what="bots"))

    def _come(self, asked: Asked) -> None:
        who = somebody(self._platform.world, asked.who)
        if who.presence == "inside" or (who.presence == "knocking" and self._guarded()):
            raise Refused(words.NOT_POSSIBLE)
        self._come_in(who)

    def _guarded(self) -> bool:
        room = self._platform.world.room
        return room.gate == "door" and room.can.door

    def _come_in(self, who: Someone) -> None:
        world, room = self._platform.world, self._platform.room_id
        # Bots do not knock: on every platform it is somebody with power who adds them.
        if self._guarded() and who.presence == "outside" and who.kind == "human":
            who.presence = "knocking"
            world.changed_person(who)
            world.notice(words.ASKS_TO_COME_IN.format(name=who.name))
            self._platform.happened(MemberKnocked(id=fresh("knocked"), room=room, who=member(who.id)))
            return
        who.presence = "inside"
        world.changed_person(who)
        world.notice(words.CAME_IN.format(name=who.name))
        by = member(self._platform.administrator()) if who.kind == "bot" else None
        joined = MemberJoined(id=fresh("joined"), room=room, who=member(who.id), let_in_by=by)
        self._platform.happened(joined)
        if who.kind == "bot":
            self._platform.happened(RoomChanged(id=fresh("bots"), room=room, what="bots"))

    def _let_in(self, asked: Asked) -> None:
        """By hand, past the bot: `who` is let in by the administrator `to`."""
        who, by = somebody(self._platform.world, asked.who), somebody(self._platform.world, asked.to)
        if not by.administrator or by.presence != "inside" or who.presence != "knocking":
            raise Refused(words.NOT_POSSIBLE)
        notice = words.LET_IN.format(name=who.name, by=by.name)
        for event in let_in(self._platform.world, who, notice, by.id):
            self._platform.happened(event)

    def _away(self, asked: Asked) -> None:
        who = somebody(self._platform.world, asked.who)
        who.away = asked.on
        self._platform.world.changed_person(who)

    # To the playground itself -----------------------------------------------------------------

    def _add(self, asked: Asked) -> None:
        world = self._platform.world
        name = named(asked.text)
        if len(world.state.people) >= MOST_PEOPLE:
            raise Refused(words.ROOM_FULL.format(most=MOST_PEOPLE))
        self._come_in(world.add(name, kind="bot" if asked.switch == "bot" else "human"))

    async def _invite(self, asked: Asked) -> None:
        who, world = somebody(self._platform.world, asked.who), self._platform.world
        if world.room.keeper_inside or who.presence != "inside":
            raise Refused(words.NOT_POSSIBLE)
        world.room.keeper_inside = True
        world.changed_room()
        world.notice(words.KEEPER_CAME.format(name=who.name))
        await self._platform.adopt(who.id)

    async def _start_again(self) -> None:
        if self._platform.world.room.keeper_inside:
            self._platform.hand_in(RoomLost(id=fresh("lost"), room=self._platform.room_id))
        self._platform.world.start_again()
        await self._platform.greet()

    def _forward(self, asked: Asked) -> None:
        clock, world = self._platform.clock, self._platform.world
        if not isinstance(clock, MovableClock) or not clock.forward(asked.seconds):
            raise Refused(words.TOO_FAR)
        world.moved(clock.ahead)

    def _pretend(self, asked: Asked) -> None:
        world = self._platform.world
        try:
            world.room.can = pretend(world.room.can, asked.switch, asked.on)
        except KeyError:
            raise Refused(words.STRANGE) from None
        world.changed_room()
        if asked.switch in POWERS:
            here = self._platform.room_id
            self._platform.happened(RoomChanged(id=fresh("powers"), room=here, what="powers"))

    def _story(self, asked: Asked) -> None:
        if not -1 <= asked.at <= len(STORY):
            raise Refused(words.STRANGE)
        self._platform.world.state.story = asked.at
        self._platform.world.changed_story()
