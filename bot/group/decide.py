"""What the feature does about each event. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.boundary.effects import Announce, Leave, Name, Whisper, say
from bot.boundary.events import (
    CommandGiven,
    Due,
    EffectFailed,
    Event,
    MemberLeft,
    RoomAdopted,
    RoomChanged,
    RoomLost,
    RoomMoved,
    RoomSeen,
)
from bot.boundary.ports import Read
from bot.contract.facts import GateOpened, MemberForgotten, SettingsChanged, SetupFinished
from bot.contract.feature import NOTHING, Decision, Here, Rows, all_of
from bot.contract.group import GROUP, Group
from bot.group import arrival, change, people, setup, watch
from bot.group.reply import alert, news

_COMMANDS = frozenset({"group", "facilitator", "setup"})
_SUBS = frozenset({"show", "set"})
"""Of `group`: its other sub-words belong to the gate."""

_ALWAYS = (RoomAdopted, RoomSeen, RoomLost, RoomChanged, RoomMoved, SetupFinished, GateOpened)


def wants(event: Event, group: Any) -> bool:
    """Whether this feature needs the event. `group` is the `Group`."""
    match event:
        case CommandGiven():
            return event.name in _COMMANDS and (event.name != "group" or event.sub in _SUBS)
        case MemberLeft() | MemberForgotten():
            return isinstance(group, Group) and event.who in group.facilitators | group.named
        case SettingsChanged():
            return "gate" in event.after
        case Due() | EffectFailed():
            return event.feature == GROUP
        case _:
            return isinstance(event, _ALWAYS)


def reads(event: Event) -> Sequence[Read]:
    """All of it: these rows are few, and the engine keeps them at hand."""
    return (all_of(GROUP, event.room),)


def decide(rows: Rows, event: Event, here: Here) -> Decision:
    """What to do about an event."""
    rows = _unexpired(rows, here.now)
    match event:
        case CommandGiven():
            return _command(event, here, rows)
        case RoomAdopted():
            return _both(arrival.adopted(event, here, rows), _who_left(event, here))
        case RoomSeen():
            return _both(arrival.seen(here, rows), _who_left(event, here))
        case RoomChanged(what="owner"):
            told = Decision(effects=(news(here, say("group-watch-owner")),))
            return _both(watch.look(here, rows), told)
        case RoomChanged() | RoomMoved():
            return watch.look(here, rows)
        case RoomLost():
            return arrival.lost(here, rows)
        case MemberLeft() | MemberForgotten():
            return people.left_room(event.id, here, event.who)
        case GateOpened():
            return change.opened(event, here)
        case SettingsChanged() | SetupFinished():
            return watch.quietly(here, rows)
        case Due():
            return arrival.rung(event, here, rows)
        case EffectFailed():
            return _failed(event, here)
        case _:
            return NOTHING


def _unexpired(rows: Rows, now: datetime) -> Rows:
    """Without what is past its `delete_at`, and only waits to be swept away."""
    return Rows({k: h for k, h in rows.held.items() if h.delete_at is None or h.delete_at > now})


def _command(event: CommandGiven, here: Here, rows: Rows) -> Decision:
    match event.name:
        case "setup":
            return setup.decide(event, here, rows)
        case "facilitator":
            return people.decide(event, here)
        case "group" if event.sub == "set":
            return change.change(event, here)
        case "group":
            return change.show(event, here)
        case _:
            return NOTHING


def _who_left(event: Event, here: Here) -> Decision:
    """Facilitators who went while nobody looked. An empty room is one that could not be seen."""
    inside = {p.id for p in here.room.inside()}
    if not inside:
        return NOTHING
    return people.left_room(event.id, here, *sorted((here.group.facilitators | here.group.named) - inside))


def _both(one: Decision, other: Decision) -> Decision:
    return msgspec.structs.replace(
        one,
        changes=(*one.changes, *other.changes),
        effects=(*one.effects, *other.effects),
        facts=(*one.facts, *other.facts),
    )


def _failed(event: EffectFailed, here: Here) -> Decision:
    """What did not arrive: a facilitator is told where they can do something about it."""
    match event.effect:
        case Whisper(subject=people.SUBJECT, to=who):
            return Decision(effects=(news(here, say("group-failed-question", who=Name(who))),))
        case Announce():
            return Decision(effects=(alert(here, "announce-failed", say("group-failed-announce")),))
        case Leave():
            return Decision(effects=(alert(here, "leave-failed", say("group-failed-leave")),))
        case _:
            return NOTHING
