"""What the visitor does in the page: as anybody in the room, and to the playground itself."""

import unicodedata
from collections.abc import Callable

import msgspec

from adapters.playground import words
from adapters.playground.clock import MovableClock
from adapters.playground.platform import Playground, fresh, member
from adapters.playground.state import Item, Someone, pretend
from adapters.playground.story import STORY
from bot.boundary.effects import Choice
from bot.boundary.events import (
    CommandGiven,
    Event,
    MemberJoined,
    MemberKnocked,
    MemberLeft,
    MemberRenamed,
    MessagePosted,
    RoomChanged,
    RoomLost,
    WordsGiven,
)
from bot.boundary.ids import MessageId, ReplyHandle

LONGEST_WORDS = 4000
"""Characters of one message, as on Discord with its larger limit."""
LONGEST_NAME = 64
MOST_PEOPLE = 150
REPLY_WITHIN = 15 * 60
"""Seconds in which an interaction can be answered, as on Discord."""


class Refused(Exception):
    """It cannot be done; `text` says why and what to do, for the visitor."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Asked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One message of a page. Every field but `do` and `c` belongs to some of the doings."""

    do: str
    c: str = ""
    """The page's own number, so that what is sent again after a break is not done again."""
    who: str = ""
    to: str = ""
    text: str = ""
    item: str = ""
    button: int = 0
    values: dict[str, str] = {}
    seconds: float = 0
    switch: str = ""
    on: bool = False
    at: int = 0
    tab: str = ""
    """With `hello`: the start of the program that the page knows, and the last number it has."""
    since: int = 0


class Visitor:
    """Does what pages ask for. Raises `Refused`."""

    def __init__(self, platform: Playground) -> None:
        self._platform = platform
        self._doings: dict[str, Callable[[Asked], None]] = {
            "say": self._say,
            "press": self._press,
            "fill": self._fill,
            "order": self._order,
            "add": self._add,
            "rename": self._rename,
            "leave": self._leave,
            "come": self._come,
            "let_in": self._let_in,
            "away": self._away,
            "forward": self._forward,
            "pretend": self._pretend,
            "story": self._story,
        }

    async def do(self, asked: Asked) -> None:
        """Do one thing, at most once by its number."""
        world = self._platform.world
        if asked.c and asked.c in world.state.given:
            return
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

    def _say(self, asked: Asked) -> None:
        who, world = self._present(asked.who), self._platform.world
        text = _clean(asked.text)
        if not text.strip():
            raise Refused(words.EMPTY)
        if len(text) > LONGEST_WORDS:
            raise Refused(words.TOO_LONG.format(long=len(text), most=LONGEST_WORDS))
        room = world.room
        native = room.can.native_commands and text.startswith("/")
        if native or asked.to == "keeper":
            if not native and not room.can.private:
                raise Refused(words.NO_PRIVATE)
            world.put("ask", by=who.id, to=who.id, text=text)
            self._platform.hand_in(
                WordsGiven(id=fresh("words"), by=member(who.id), words=text, reply=self._reply(who))
            )
            return
        if who.presence != "inside":
            raise Refused(words.NOT_INSIDE.format(name=who.name))
        if not world.may_speak(who.id):
            command = "/consent" if room.can.native_commands else "!consent to Circlekeeper"
            raise Refused(words.MUTED.format(name=who.name, command=command))
        item = world.put("said", by=who.id, text=text)
        message = MessageId(self._platform.name, item.id)
        by = member(who.id)
        here = self._platform.room_id
        self._happened(MessagePosted(id=f"message-{item.id}", room=here, by=by, message=message))
        if room.keeper_inside and room.can.hears_words and text.lstrip()[:1] in ("!", "/"):
            self._platform.hand_in(
                WordsGiven(id=f"words-{item.id}", by=by, words=text, room=here, message=message)
            )

    def _press(self, asked: Asked) -> None:
        who, item = self._present(asked.who), self._item(asked)
        if not 0 <= asked.button < len(item.buttons):
            raise Refused(words.GONE)
        choice = msgspec.convert(item.buttons[asked.button]["choice"], Choice)
        self._platform.world.put("ask", by=who.id, to=who.id, text=item.buttons[asked.button]["label"])
        self._command(who, choice.name, choice.sub, choice.values, confirmed=choice.confirmed)

    def _order(self, asked: Asked) -> None:
        """A native command with its options, filled in as the platform's own form."""
        who, room = self._present(asked.who), self._platform.world.room
        spec = next((c for c in self._platform.sink.commands() if c.full == asked.text), None)
        if spec is None or not room.can.native_commands:
            raise Refused(words.GONE)
        values = _values({o.name for o in spec.options}, asked.values)
        typed = " ".join(["/" + spec.full, *(values[o.name] for o in spec.options if o.name in values)])
        self._platform.world.put("ask", by=who.id, to=who.id, text=typed)
        self._command(who, spec.name, spec.sub, values, confirmed=False)

    def _fill(self, asked: Asked) -> None:
        who, item = self._present(asked.who), self._item(asked)
        if not item.form or item.done:
            raise Refused(words.GONE)
        values = _values({field["name"] for field in item.form["fields"]}, asked.values)
        item.done = True
        self._platform.world.changed_item(item)
        self._command(who, item.form["name"], item.form["sub"], values, confirmed=False)

    def _command(self, who: Someone, name: str, sub: str, values: dict[str, str], *, confirmed: bool) -> None:
        self._happened(
            CommandGiven(
                id=fresh("command"),
                room=self._platform.room_id,
                by=member(who.id),
                name=name,
                sub=sub,
                values=values,
                confirmed=confirmed,
                private=True,
                reply=self._reply(who),
            )
        )

    def _rename(self, asked: Asked) -> None:
        who, name = self._somebody(asked.who), self._name(asked.text)
        before, who.name = who.name, name
        self._platform.world.changed_person(who)
        if who.presence == "inside":
            self._platform.world.notice(words.RENAMED.format(before=before, name=name))
        if who.presence != "outside":
            here = self._platform.room_id
            self._happened(MemberRenamed(id=fresh("renamed"), room=here, who=member(who.id)))

    def _leave(self, asked: Asked) -> None:
        who, world = self._somebody(asked.who), self._platform.world
        if who.presence == "outside":
            raise Refused(words.NOT_POSSIBLE)
        was_inside, who.presence = who.presence == "inside", "outside"
        world.room.speakers.discard(who.id)
        world.changed_person(who)
        world.notice(words.LEFT.format(name=who.name), to="" if was_inside else who.id)
        self._happened(MemberLeft(id=fresh("left"), room=self._platform.room_id, who=member(who.id)))
        if who.kind == "bot":
            self._happened(RoomChanged(id=fresh("bots"), room=self._platform.room_id, what="bots"))

    def _come(self, asked: Asked) -> None:
        who = self._somebody(asked.who)
        if who.presence not in ("outside", "invited"):
            raise Refused(words.NOT_POSSIBLE)
        self._come_in(who)

    def _come_in(self, who: Someone) -> None:
        world, room = self._platform.world, self._platform.room_id
        guarded = world.room.gate == "door" and world.room.can.door
        if guarded and who.presence == "outside":
            who.presence = "knocking"
            world.changed_person(who)
            world.notice(words.ASKS_TO_COME_IN.format(name=who.name))
            self._happened(MemberKnocked(id=fresh("knocked"), room=room, who=member(who.id)))
            return
        who.presence = "inside"
        world.changed_person(who)
        world.notice(words.CAME_IN.format(name=who.name))
        self._happened(MemberJoined(id=fresh("joined"), room=room, who=member(who.id)))
        if who.kind == "bot":
            self._happened(RoomChanged(id=fresh("bots"), room=room, what="bots"))

    def _let_in(self, asked: Asked) -> None:
        """By hand, past the bot: `who` is let in by the administrator `to`."""
        who, by = self._somebody(asked.who), self._somebody(asked.to)
        if not by.administrator or by.presence != "inside" or who.presence != "knocking":
            raise Refused(words.NOT_POSSIBLE)
        notice = words.LET_IN.format(name=who.name, by=by.name)
        for event in self._platform.let_in(who, notice, by.id):
            self._happened(event)

    def _away(self, asked: Asked) -> None:
        who = self._somebody(asked.who)
        who.away = asked.on
        self._platform.world.changed_person(who)

    # To the playground itself -----------------------------------------------------------------

    def _add(self, asked: Asked) -> None:
        world = self._platform.world
        name = self._name(asked.text)
        if len(world.state.people) >= MOST_PEOPLE:
            raise Refused(words.ROOM_FULL.format(most=MOST_PEOPLE))
        self._come_in(world.add(name, kind="bot" if asked.switch == "bot" else "human"))

    async def _invite(self, asked: Asked) -> None:
        who, world = self._somebody(asked.who), self._platform.world
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
        self._happened(RoomChanged(id=fresh("powers"), room=self._platform.room_id, what="powers"))

    def _story(self, asked: Asked) -> None:
        if not -1 <= asked.at <= len(STORY):
            raise Refused(words.STRANGE)
        self._platform.world.state.story = asked.at
        self._platform.world.changed_story()

    # Small things -----------------------------------------------------------------------------

    def _happened(self, event: Event) -> None:
        """The bot learns only of what happens in a room where it is."""
        if self._platform.world.room.keeper_inside:
            self._platform.hand_in(event)

    def _reply(self, who: Someone) -> ReplyHandle | None:
        if not self._platform.world.room.can.ephemeral:
            return None
        until = self._platform.clock.now().timestamp() + REPLY_WITHIN
        return ReplyHandle(f"{who.id}:{fresh('reply')}", until)

    def _somebody(self, who: str) -> Someone:
        found = self._platform.world.state.people.get(who)
        if found is None:
            raise Refused(words.GONE)
        return found

    def _present(self, who: str) -> Someone:
        found = self._somebody(who)
        if found.away:
            raise Refused(words.AWAY.format(name=found.name))
        return found

    def _item(self, asked: Asked) -> Item:
        """Something that this person has before their eyes."""
        item = self._platform.world.items.get(asked.item)
        if item is None or item.gone or (item.to and item.to != asked.who):
            raise Refused(words.GONE)
        return item

    def _name(self, text: str) -> str:
        name = " ".join(_clean(text).split())
        if not name:
            raise Refused(words.NO_NAME)
        if len(name) > LONGEST_NAME:
            raise Refused(words.NAME_TOO_LONG.format(most=LONGEST_NAME))
        return name


def _values(known: set[str], given: dict[str, str]) -> dict[str, str]:
    """What was filled in, of the fields that there are."""
    values = {name: _clean(value) for name, value in given.items() if name in known and value.strip()}
    longest = max((len(value) for value in values.values()), default=0)
    if longest > LONGEST_WORDS:
        raise Refused(words.TOO_LONG.format(long=longest, most=LONGEST_WORDS))
    return values


def _clean(text: str) -> str:
    """The words without what cannot be shown: control characters, lone halves of characters."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
