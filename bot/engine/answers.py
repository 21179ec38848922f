"""What the engine itself answers: who may give a command, help, and words that are no command."""

import msgspec

from bot.boundary.commands import Command
from bot.boundary.effects import Announce, Body, Effect, OpenForm, TakeDown, Text, Whisper, Words, say
from bot.boundary.events import CommandGiven, Event
from bot.boundary.ids import MemberId, MessageId, ReplyHandle
from bot.contract.feature import Here
from bot.engine.commands import Book
from bot.engine.parsed import HELP, Problem
from bot.engine.values import check_values, usage


class Misunderstood(Event, frozen=True, kw_only=True):
    """Words that are no command, or one that cannot be carried out as it was given."""

    by: MemberId
    key: str
    args: dict[str, str | int] = msgspec.field(default_factory=dict)
    message: MessageId | None = None
    """Set where it was probably a private command that now stands in the room."""
    reply: ReplyHandle | None = None
    form: tuple[str, str] | None = None
    """Name and sub-word of the command of which only values are missing."""


class Said(msgspec.Struct, frozen=True):
    """The engine's answer; `final` where no feature is to see the event."""

    effects: tuple[Effect, ...]
    final: bool
    event: CommandGiven | None = None
    """For the features: the command with its values in canonical spelling."""


def answer(event: CommandGiven | Misunderstood, here: Here, book: Book) -> Said:
    """The engine's own answer; where features answer, the command as they are to see it."""
    person = here.room.people.get(event.by)
    if person is not None and person.kind != "human":
        return Said((), True)  # bots and bridge ghosts are not talked to: no two bots in a loop
    if isinstance(event, Misunderstood):
        gone = _take_down(event.message, here) if event.message else ()
        wanting = book.find(*event.form) if event.form and here.room.can.forms and event.reply else None
        if wanting is not None and refused(wanting, event.by, here) is None:
            return Said((*gone, _form(event, here, wanting)), True)
        return Said((*gone, _whisper(event, here, (Words(event.key, dict(event.args)),))), True)
    command = book.find(event.name, event.sub)
    if command is None:
        return Said((_whisper(event, here, (say("engine-unknown"),)),), True)
    hidden = () if event.private or not command.private else _take_down(event.message, here)
    if refusal := refused(command, event.by, here):
        return Said((*hidden, _whisper(event, here, (refusal,))), True)
    checked = check_values(command, event.values)
    if isinstance(checked, Problem):
        if checked.form and here.room.can.forms and event.reply:
            return Said((*hidden, _form(event, here, command)), True)
        words = Words(checked.key, dict(checked.args))
        return Said((*hidden, _whisper(event, here, (words,))), True)
    if command.name == HELP.name:
        body = help_for(event.by, event.values.get("command", ""), here, book)
        return Said((_in_place(event, here, body),), True)
    pins = {k: v for k, v in event.values.items() if k not in {o.name for o in command.options}}
    return Said(hidden, False, msgspec.structs.replace(event, sub=command.sub, values=pins | checked))


def refused(command: Command, who: MemberId, here: Here) -> Words | None:
    """Why this person may not give this command, in words; None where they may."""
    roles = here.roles(who)
    match command.who:
        case "all" | "member" | "named":
            if "member" in roles or command.outsiders:
                return None
            return say("engine-not-in-group")
        case "facilitator":
            if "facilitator" in roles:
                return None
            return say("engine-for-facilitators" if here.group.facilitators else "engine-no-facilitators")
        case "steward":
            if roles & {"facilitator", "administrator"}:
                return None
            return say("engine-for-stewards")


def help_for(who: MemberId, about: str, here: Here, book: Book) -> Body:
    """Only what this person may do here."""
    roles = here.roles(who)
    mine = [c for c in book.all if refused(c, who, here) is None and (c.who != "named" or "named" in roles)]
    if words := about.casefold().lstrip("!/").split():
        named = [c for c in mine if c.name == words[0] and (len(words) == 1 or c.sub in (words[1], ""))]
        if not named:
            return (say("engine-help-unknown"),)
        return tuple(_line(c) for c in named)
    lines: list[Words] = [say("engine-help-intro")]
    lines.extend(_line(c) for c in mine if c.name != HELP.name)
    lines.append(say("engine-help-end"))
    return tuple(lines)


def summary_key(command: Command) -> str:
    """The Fluent key of what a command does."""
    return f"cmd-{command.name}-{command.sub}" if command.sub else f"cmd-{command.name}"


def _line(command: Command) -> Words:
    return say("engine-help-line", command=usage(command), does=Text(summary_key(command)))


def _take_down(message: MessageId | None, here: Here) -> tuple[Effect, ...]:
    if message is None or not here.room.can.take_down:
        return ()
    return (TakeDown(room=here.room.id, message=message),)


def _whisper(event: CommandGiven | Misunderstood, here: Here, body: Body) -> Whisper:
    return Whisper(room=here.room.id, to=event.by, body=body, reply=event.reply)


def _form(event: CommandGiven | Misunderstood, here: Here, command: Command) -> OpenForm:
    given = event.values if isinstance(event, CommandGiven) else {}
    return OpenForm(
        room=here.room.id,
        to=event.by,
        name=command.name,
        sub=command.sub,
        values={name: value for name, value in given.items() if value},
        reply=event.reply,
    )


def _in_place(event: CommandGiven, here: Here, body: Body) -> Effect:
    if event.private:
        return _whisper(event, here, body)
    return Announce(room=here.room.id, body=body)
