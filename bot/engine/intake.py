"""From words to an event of one group: which group is meant, what is confirmed, what was chosen.

What is remembered here for ten minutes stays in memory: a question that a restart forgets is
asked again, and nothing about it needs to be kept.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from bot.boundary.capabilities import RoomView
from bot.boundary.commands import Command
from bot.boundary.effects import Choice
from bot.boundary.events import CannotRead, CommandGiven, Event, PicturesShown, WordsGiven
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Clock, Platform
from bot.engine.answers import Misunderstood
from bot.engine.commands import Book
from bot.engine.parsed import CONFIRM, ENDINGS, HELP, NoCommand, Parsed, Problem
from bot.engine.texts import clean, clean_line

REMEMBER = timedelta(minutes=10)
"""INTERFACE.md: `confirm` within 10 minutes; the same for the answer to "which group?"."""

LOBBY = ""
"""The native id of the room that stands for "no group": answers to people of no group."""


class Memory(msgspec.Struct):
    """What one person was asked in their direct chat."""

    until: datetime
    confirm: CommandGiven | None = None
    confirm_until: datetime = datetime.min.replace(tzinfo=UTC)
    which: tuple[RoomId, ...] = ()
    words: WordsGiven | None = None
    focus: RoomId | None = None
    awaited: Choice | None = None
    """The command whose last option the next plain words are, in `focus`."""
    awaited_until: datetime = datetime.min.replace(tzinfo=UTC)
    last: Event | None = None
    """What the last words became: handed in again, because the storage refused, they mean the same."""


class Intake:
    """Understands words, for every platform alike."""

    def __init__(self, book: Book, clock: Clock, platform: Callable[[str], Platform]) -> None:
        self._book, self._clock, self._platform = book, clock, platform
        self._memory: dict[MemberId, Memory] = {}

    def understand(self, given: WordsGiven, rooms: tuple[RoomId, ...]) -> tuple[Event, ...]:
        """The events of these words, mostly one; none where they are not for the bot.

        `rooms` are the groups that a direct chat can mean: those the person is in.
        """
        if given.room is not None:
            event = self._in_room(given, given.room)
            return () if event is None else (event,)
        found = self._parse(given, rooms[0] if rooms else None)
        if isinstance(found, Parsed) and found.command.every_group and not found.group:
            # Somebody who needs help now is asked nothing: every group answers.
            places = rooms or (RoomId(given.by.platform, LOBBY),)
            ids = (given.id if not n else f"{given.id}:{n}" for n in range(len(places)))
            return tuple(
                self._command(msgspec.structs.replace(given, id=i), room, found, private=True)
                for i, room in zip(ids, places, strict=True)
            )
        memory = self._remembered(given.by)
        if memory is not None and memory.last is not None and memory.last.id == given.id:
            return (memory.last,)
        if given.exposed and not (isinstance(found, Parsed) and not found.command.private):
            # Others could have read it, or made it. What may be asked in the open is answered all the same.
            return (self._say(given, rooms[:1], "engine-cannot-read-unencrypted"),)
        event = self._direct(given, rooms)
        if (memory := self._remembered(given.by)) is not None:
            memory.last = event
        return (event,)

    def unasked(self, given: CannotRead | PicturesShown, rooms: tuple[RoomId, ...]) -> Event:
        """What to say to a message that could not be read, or to somebody who compares pictures."""
        room = rooms[0] if rooms else RoomId(given.by.platform, LOBBY)
        if isinstance(given, PicturesShown):
            return Misunderstood(
                id=given.id, room=room, by=given.by, key="engine-pictures",
                args={"pictures": given.pictures},
            )  # fmt: skip
        return Misunderstood(id=given.id, room=room, by=given.by, key=CANNOT_READ[given.why])

    def awaits_confirm(self, event: CommandGiven) -> None:
        """A command was shown and waits for `confirm`."""
        memory = self._remember(event.by)
        memory.confirm, memory.confirm_until = event, self._clock.now() + REMEMBER

    def awaits(self, event: CommandGiven, next_words: Choice | None) -> None:
        """A command was answered. The person's next plain words are the last option of `next_words`;
        None: this dialogue is over. What is asked in between (`urgent`) ends no dialogue."""
        if next_words is not None:
            memory, until = self._remember(event.by), self._clock.now() + REMEMBER
            memory.awaited, memory.awaited_until, memory.focus = next_words, until, event.room
        elif (found := self._remembered(event.by)) and found.awaited and found.awaited.name == event.name:
            found.awaited = None

    def prompted(self, member: MemberId, room: RoomId) -> None:
        """A group speaks to somebody unasked: their next bare word may be an answer to that."""
        memory = self._remembered(member)
        if memory is not None and memory.focus != room:
            memory.focus = None

    def forget(self, member: MemberId) -> None:
        """Nothing is remembered about this person."""
        self._memory.pop(member, None)

    def sweep(self) -> None:
        """What is past its time is not kept in memory either."""
        now = self._clock.now()
        self._memory = {who: memory for who, memory in self._memory.items() if memory.until > now}

    def _in_room(self, given: WordsGiven, room: RoomId) -> Event | None:
        view = self._view(room)
        prefix = view.can.command_prefix if view else "!"
        found = self._book.parse(given.words, prefix, "room", given.addressed)
        others = bool(view and any(p.kind == "bot" for p in view.inside()))
        match found:
            case NoCommand():
                return None
            case Parsed():
                if found.command.name == "help" and others and not given.addressed:
                    return None  # INTERFACE.md: a bare `!help` in a room with other bots
                if found.group and not self._is_called(room, found.group):
                    # Which group is meant can be said in the direct chat alone: never act on another.
                    return Misunderstood(
                        id=given.id, room=room, by=given.by, key="engine-in-here",
                        args={"group": clean_line(found.group)},
                        message=given.message if found.command.private else None, reply=given.reply,
                    )  # fmt: skip
                return self._command(given, room, found, private=False)
            case Problem():
                if found.nearest is None and not given.addressed:
                    return None  # somebody else's command
                hide = found.nearest is not None and found.nearest.private
                return Misunderstood(
                    id=given.id, room=room, by=given.by, key=found.key, args=found.args,
                    message=given.message if hide else None, reply=given.reply,
                )  # fmt: skip

    def _direct(self, given: WordsGiven, rooms: tuple[RoomId, ...]) -> Event:
        memory = self._remembered(given.by)
        words = given.words.strip()
        if words.casefold().lstrip("!/").rstrip(ENDINGS) == CONFIRM:
            return self._confirmed(given, rooms, memory)
        if memory and memory.which and memory.words and (room := _chosen(words, memory.which)):
            again = msgspec.structs.replace(memory.words, id=given.id, reply=given.reply)
            memory.which, memory.words, memory.focus = (), None, room
            return self._meant(again, self._parse(again, room), room, rooms)
        found = self._parse(given, rooms[0] if rooms else None)
        if memory and (continued := self._continued(given, found, memory, rooms)):
            return continued
        return self._meant(given, found, None, rooms)

    def _continued(
        self,
        given: WordsGiven,
        found: Parsed | Problem | NoCommand,
        memory: Memory,
        rooms: tuple[RoomId, ...],
    ) -> Event | None:
        """The next step of a dialogue: plain words as its answer, or its own command without a group."""
        awaited, room, text = memory.awaited, memory.focus, clean(given.words).strip()
        if awaited is None or room is None or memory.awaited_until <= self._clock.now():
            return None
        if isinstance(found, Problem) and found.key == "engine-too-long":
            return None
        command = self._book.find(awaited.name, awaited.sub)
        if command is None:
            return None
        if isinstance(found, Parsed) and found.command == command and not found.group:
            return self._command(given, room, found, private=True)
        if isinstance(found, Parsed) and _is_surely(found.command, text):
            return None
        prefix = view.can.command_prefix if (view := self._view(room)) else "!"
        if text.startswith((prefix, "/")) or not text or room not in rooms:
            return None
        values = {**awaited.values, command.options[-1].name: text}
        parsed = Parsed(command=command, values=values)
        return self._command(given, room, parsed, private=True)

    def _meant(
        self,
        given: WordsGiven,
        found: Parsed | Problem | NoCommand,
        room: RoomId | None,
        rooms: tuple[RoomId, ...],
    ) -> Event:
        """The event of parsed words, in `room` where that is settled."""
        if room is None and isinstance(found, Parsed | Problem) and found.group:
            room = self._named(found.group, rooms)
            if room is None:
                return self._say(given, rooms, "engine-no-such-group", group=clean_line(found.group))
            self._remember(given.by).focus = room
        if isinstance(found, NoCommand):
            plain = given.words.strip().casefold().rstrip(ENDINGS) in YES_OR_NO
            return self._say(given, rooms, "engine-yes-or-no" if plain else "engine-not-understood")
        if isinstance(found, Problem):
            said = self._say(given, (room,) if room else rooms, found.key, **found.args)
            wanting = found.nearest if found.form else None
            return msgspec.structs.replace(said, form=(wanting.name, wanting.sub)) if wanting else said
        if room is None:
            room = self._which(given, found, rooms)
        if room is None:
            if not rooms:
                return self._say(given, rooms, "engine-no-group")
            names = [f"{n}. {self._name(r)}" for n, r in enumerate(rooms, 1)]
            memory = self._remember(given.by)
            memory.which, memory.words = rooms, given
            return self._say(given, (), "engine-which-group", groups="\n".join(names))
        return self._command(given, room, found, private=True)

    def _which(self, given: WordsGiven, found: Parsed, rooms: tuple[RoomId, ...]) -> RoomId | None:
        """The group that a command without one means, None where it must be asked."""
        if any(option.kind == "code" for option in found.command.options):
            # A code says by itself which group is meant, also from an account that is in none.
            return rooms[0] if rooms else RoomId(given.by.platform, LOBBY)
        if len(rooms) == 1:
            return rooms[0]
        memory = self._remembered(given.by)
        focus = memory.focus if memory else None
        if found.bare_word and not found.command.always_ask_group and focus in rooms:
            return focus
        return None

    def _confirmed(self, given: WordsGiven, rooms: tuple[RoomId, ...], memory: Memory | None) -> Event:
        if memory is None or memory.confirm is None or memory.confirm_until <= self._clock.now():
            return self._say(given, rooms, "engine-nothing-to-confirm")
        waiting, memory.confirm = memory.confirm, None
        return msgspec.structs.replace(
            waiting, id=given.id, confirmed=True, private=True, message=None, reply=given.reply
        )

    def _command(self, given: WordsGiven, room: RoomId, found: Parsed, *, private: bool) -> Event:
        values = dict(found.values)
        for option in found.command.options:
            if option.kind == "member" and option.name in values:
                who = self._platform(room.platform).find_member(room, values[option.name])
                if who is None:
                    return Misunderstood(
                        id=given.id, room=room, by=given.by, key="engine-no-such-person",
                        message=None if private else given.message, reply=given.reply,
                    )  # fmt: skip
                values[option.name] = who.native
        return CommandGiven(
            id=given.id,
            room=room,
            by=given.by,
            name=found.command.name,
            sub=found.command.sub,
            values=values,
            confirmed=found.confirmed,
            private=private,
            message=given.message,
            reply=given.reply,
        )

    def _say(
        self, given: WordsGiven, rooms: tuple[RoomId, ...], key: str, **args: str | int
    ) -> Misunderstood:
        room = rooms[0] if len(rooms) == 1 else RoomId(given.by.platform, LOBBY)
        return Misunderstood(id=given.id, room=room, by=given.by, key=key, args=args, reply=given.reply)

    def _parse(self, given: WordsGiven, room: RoomId | None) -> Parsed | Problem | NoCommand:
        view = self._view(room) if room else None
        prefix = view.can.command_prefix if view else "!"
        return self._book.parse(given.words, prefix, "direct")

    def _named(self, words: str, rooms: tuple[RoomId, ...]) -> RoomId | None:
        """The group of this name, id or number: exactly, else by the beginning of one name only."""
        wanted = " ".join(words.split()).casefold()
        exact = [r for r in rooms if self._is_called(r, wanted)]
        if len(exact) == 1:
            return exact[0]
        begins = [r for r in rooms if self._name(r).casefold().startswith(wanted)]
        if len(begins) == 1 and not exact:
            return begins[0]
        return _chosen(wanted, rooms) if not exact else None

    def _is_called(self, room: RoomId, words: str) -> bool:
        return " ".join(words.split()).casefold() in (room.native.casefold(), self._name(room).casefold())

    def _name(self, room: RoomId) -> str:
        view = self._view(room)
        return clean_line(view.name) if view else room.native

    def _view(self, room: RoomId) -> RoomView | None:
        return self._platform(room.platform).view(room)

    def _remembered(self, member: MemberId) -> Memory | None:
        memory = self._memory.get(member)
        if memory is not None and memory.until <= self._clock.now():
            del self._memory[member]
            return None
        return memory

    def _remember(self, member: MemberId) -> Memory:
        until = self._clock.now() + REMEMBER
        memory = self._remembered(member) or self._memory.setdefault(member, Memory(until=until))
        memory.until = until
        return memory


def _is_surely(command: Command, text: str) -> bool:
    """Plain words in the middle of a dialogue that are exactly a command: all of its words (`consent
    withdraw`), one that is understood alone (`withdraw`), or a call for help (`urgent`). A single word
    may else be the answer: "recording" is a command, and also what happened."""
    words = " ".join(text.casefold().split()).rstrip(ENDINGS)
    alone = command.every_group or command.name == HELP.name
    return (
        (bool(command.sub) and words == command.full)
        or (command.bare_word and words == command.sub)
        or (alone and words == command.name)
    )


YES_OR_NO = frozenset(("yes", "no", "y", "n", "ok", "nope", "no thanks", "no, thanks", "no thank you"))
"""Words that look like an answer to consent and are none: it is given and refused in so many words, and
nobody may think that they said no when they did not."""

CANNOT_READ = {
    "encrypted": "engine-cannot-read-encrypted",
    "withheld": "engine-cannot-read-withheld",
    "unverified": "engine-cannot-read-unverified",
    "other_kind": "engine-cannot-read-other",
    "edited": "engine-cannot-read-edited",
}


def _chosen(words: str, rooms: tuple[RoomId, ...]) -> RoomId | None:
    """The group of a number that was asked for."""
    number = words.strip().rstrip(".")
    if number.isascii() and number.isdigit() and 0 < int(number[:4]) <= len(rooms):
        return rooms[int(number) - 1]
    return None
