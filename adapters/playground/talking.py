"""Saying something as somebody: to the room, to the bot, by a button, in a form."""

import msgspec

from adapters.playground import words
from adapters.playground.asked import (
    LONGEST_WORDS,
    Asked,
    Refused,
    clean,
    consent_command,
    filled_in,
    somebody,
)
from adapters.playground.names import fresh, member
from adapters.playground.platform import Playground
from adapters.playground.state import Item, Someone
from bot.boundary.effects import Choice
from bot.boundary.events import CommandGiven, MessagePosted, WordsGiven
from bot.boundary.ids import MessageId, ReplyHandle

REPLY_WITHIN = 15 * 60
"""Seconds in which an interaction can be answered, as on Discord."""


class Talking:
    """What people say. Raises `Refused`."""

    def __init__(self, platform: Playground) -> None:
        self._platform = platform

    def say(self, asked: Asked) -> None:
        """Words to the room, or to the bot in private."""
        who, world = self._present(asked.who), self._platform.world
        text = clean(asked.text)
        if not text.strip():
            raise Refused(words.EMPTY)
        if len(text) > LONGEST_WORDS:
            raise Refused(words.TOO_LONG.format(long=len(text), most=LONGEST_WORDS))
        room = world.room
        native = room.can.native_commands and text.startswith("/")
        if native or asked.to == "keeper":
            if not native and not room.can.private:
                raise Refused(words.NO_PRIVATE)
            item = world.put("ask", by=who.id, to=who.id, text=text)
            self._platform.hand_in(
                WordsGiven(
                    id=fresh("words"),
                    by=member(who.id),
                    words=text,
                    message=MessageId(self._platform.name, item.id),
                    reply=self._reply(who),
                )
            )
            return
        if who.presence != "inside":
            raise Refused(words.NOT_INSIDE.format(name=who.name))
        if not world.may_speak(who.id):
            raise Refused(words.MUTED.format(name=who.name, command=consent_command(world)))
        item = world.put("said", by=who.id, text=text)
        message = MessageId(self._platform.name, item.id)
        by = member(who.id)
        here = self._platform.room_id
        self._platform.happened(MessagePosted(id=f"message-{item.id}", room=here, by=by, message=message))
        if room.keeper_inside and room.can.hears_words and text.lstrip()[:1] in ("!", "/"):
            self._platform.hand_in(
                WordsGiven(id=f"words-{item.id}", by=by, words=text, room=here, message=message)
            )

    def press(self, asked: Asked) -> None:
        """A button that the bot offered: it stands for a command."""
        who, item = self._present(asked.who), self._item(asked)
        if not 0 <= asked.button < len(item.buttons):
            raise Refused(words.GONE)
        choice = msgspec.convert(item.buttons[asked.button]["choice"], Choice)
        self._platform.world.put("ask", by=who.id, to=who.id, text=item.buttons[asked.button]["label"])
        self._command(who, choice.name, choice.sub, choice.values, confirmed=choice.confirmed)

    def order(self, asked: Asked) -> None:
        """A native command with its options, filled in as the platform's own form."""
        who, room = self._present(asked.who), self._platform.world.room
        spec = next((c for c in self._platform.sink.commands() if c.full == asked.text), None)
        if spec is None or not room.can.native_commands:
            raise Refused(words.GONE)
        values = filled_in({o.name for o in spec.options}, asked.values)
        typed = " ".join(["/" + spec.full, *(values[o.name] for o in spec.options if o.name in values)])
        self._platform.world.put("ask", by=who.id, to=who.id, text=typed)
        self._command(who, spec.name, spec.sub, values, confirmed=False)

    def fill(self, asked: Asked) -> None:
        """A form that the bot showed."""
        who, item = self._present(asked.who), self._item(asked)
        if not item.form or item.done:
            raise Refused(words.GONE)
        values = filled_in({field["name"] for field in item.form["fields"]}, asked.values)
        item.done = True
        self._platform.world.changed_item(item)
        given = item.form.get("given", {})  # a form from before an upgrade has none
        self._command(who, item.form["name"], item.form["sub"], given | values, confirmed=False)

    def _command(self, who: Someone, name: str, sub: str, values: dict[str, str], *, confirmed: bool) -> None:
        self._platform.happened(
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

    def _reply(self, who: Someone) -> ReplyHandle | None:
        if not self._platform.world.room.can.ephemeral:
            return None
        until = self._platform.clock.now().timestamp() + REPLY_WITHIN
        return ReplyHandle(f"{who.id}:{fresh('reply')}", until)

    def _present(self, who: str) -> Someone:
        found = somebody(self._platform.world, who)
        if found.away:
            raise Refused(words.AWAY.format(name=found.name))
        return found

    def _item(self, asked: Asked) -> Item:
        """Something that this person has before their eyes."""
        item = self._platform.world.items.get(asked.item)
        if item is None or item.gone or (item.to and item.to != asked.who):
            raise Refused(words.GONE)
        return item
