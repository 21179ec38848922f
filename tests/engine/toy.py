"""A small feature of its own, so that the engine is tested without any real one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.boundary.commands import Command, Option
from bot.boundary.effects import Announce, Choice, Effect, TakeDown, Verbatim, Whisper, say
from bot.boundary.events import CommandGiven, Due, EffectFailed, Event, MemberJoined, MessagePosted
from bot.boundary.ports import Read
from bot.contract.facts import ConsentGiven
from bot.contract.feature import (
    NOTHING,
    Decision,
    Drop,
    Feature,
    Held,
    Here,
    Key,
    Put,
    Rows,
    all_of,
)
from bot.contract.group import GROUP, FacilitatorRecord, Group, GroupRecord
from bot.contract.records import Codec, Record


class Tally(Record, frozen=True, kw_only=True, tag="tally"):
    """How often somebody did something."""

    count: int


class Seen(Record, frozen=True, kw_only=True, tag="seen"):
    """Something happened at this time."""

    at: datetime


COMMANDS = (
    Command(name="count", sub="show", bare=True),
    Command(name="count", sub="up", bare_word=True, options=(Option(name="by", kind="number"),)),
    Command(name="count", sub="reset", confirms=True),
    Command(name="count", sub="everyone", who="facilitator"),
    Command(name="count", sub="give", options=(Option(name="who", kind="member", required=True),)),
    Command(name="weather", who="all", private=False, every_group=True, outsiders=True),
    Command(name="remind", options=(Option(name="time", kind="duration", required=True),)),
    Command(name="broken"),
    Command(name="loop"),
    Command(name="leave-me", always_ask_group=True, outsiders=True),
    Command(name="promote"),
    Command(name="clear", confirms=True),
)


def decide(rows: Rows, event: Event, here: Here) -> Decision:
    """What the toy does."""
    match event:
        case CommandGiven(name="count", sub="up"):
            before = rows.get(Tally, "tally", event.by)
            count = (before.count if before else 0) + int(event.values.get("by", "1"))
            return _told(event, str(count), Put(record=Tally(count=count), key="tally", member=event.by))
        case CommandGiven(name="count", sub="show"):
            before = rows.get(Tally, "tally", event.by)
            return _told(event, str(before.count if before else 0))
        case CommandGiven(name="count", sub="reset") if event.confirmed:
            return _told(event, "reset", Drop(key="tally", member=event.by))
        case CommandGiven(name="count", sub="reset"):
            again = Choice(label="toy-yes", name="count", sub="reset", confirmed=True)
            asked = Whisper(room=event.room, to=event.by, body=(say("toy-sure"),), choices=(again,))
            return Decision(effects=(asked,), awaits_confirm=True)
        case CommandGiven(name="count"):
            return _told(event, f"{event.sub} {event.values}")
        case CommandGiven(name="clear"):
            return _told(event, f"cleared {event.confirmed}")
        case CommandGiven(name="weather"):
            sunny: Effect = Announce(room=event.room, body=(Verbatim("sunny"),))
            return Decision(effects=(sunny,)) if not event.private else _told(event, "sunny")
        case CommandGiven(name="remind"):
            due = here.now + timedelta(minutes=5)
            return Decision(
                changes=(Put(record=Seen(at=here.now), key="timer", member=event.by, due_at=due),)
            )
        case CommandGiven(name="broken"):
            raise KeyError("of a feature")
        case CommandGiven(name="loop") | ConsentGiven():
            return Decision(facts=(ConsentGiven(id=event.id, room=event.room, who=here.room.me),))
        case CommandGiven(name="leave-me"):
            return Decision(forget=event.by)
        case Due():
            return Decision(effects=(Announce(room=event.room, body=(Verbatim("ding"),)),))
        case MemberJoined():
            prompt = Whisper(room=event.room, to=event.who, body=(Verbatim("hello"),), unasked=True)
            return Decision(effects=(prompt,))
        case MessagePosted():
            return Decision(effects=(TakeDown(room=event.room, message=event.message),))
        case EffectFailed():
            failed = Announce(room=event.room, body=(Verbatim(f"failed {event.reason}"),))
            return Decision(effects=(failed,))
        case _:
            return NOTHING


def wants(event: Event, summary: Any) -> bool:
    """Messages only of people who counted beyond 10."""
    if isinstance(event, MessagePosted):
        return event.by in summary
    return True


def summarise(rows: Rows, _: Group) -> frozenset[Any]:
    """Whose messages are taken down."""
    return frozenset(key.member for key, tally in rows.each(Tally) if tally.count > 10)


def reads(event: Event) -> Sequence[Read]:
    """All of the room."""
    return [all_of("toy", event.room)]


def _told(event: CommandGiven, text: str, *changes: Put | Drop) -> Decision:
    told = Whisper(room=event.room, to=event.by, body=(Verbatim(text),), reply=event.reply)
    return Decision(changes=changes, effects=(told,))


def _group_decide(rows: Rows, event: Event, here: Here) -> Decision:
    match event:
        case CommandGiven(name="promote"):
            record = FacilitatorRecord(state="accepted", since=here.now)
            return Decision(changes=(Put(record=record, key="facilitator", member=event.by),))
        case _:
            return NOTHING


TOY = Feature(
    name="toy",
    decide=decide,
    wants=wants,
    reads=reads,
    codec=Codec((Tally, Seen)),
    commands=COMMANDS,
    texts=Path(__file__).parent / "texts",
    summarise=summarise,
)
TOY_GROUP = Feature(
    name=GROUP,
    decide=_group_decide,
    wants=lambda event, _: isinstance(event, CommandGiven),
    reads=lambda _: [],
    codec=Codec((GroupRecord, FacilitatorRecord)),
)

__all__ = ["TOY", "TOY_GROUP", "Held", "Key"]
