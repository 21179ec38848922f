"""Which part of a meeting decides about which event."""

from collections.abc import Sequence

import msgspec

from bot.boundary.effects import AlertFacilitators, Announce, Whisper, say
from bot.boundary.events import CommandGiven, Due, EffectFailed, Event, MemberJoined, RoomLost
from bot.boundary.ports import Read
from bot.contract.facts import AgreementsTold, SettingsChanged, SetupUndone
from bot.contract.feature import NOTHING, Decision, Drop, Here, Rows, all_of
from bot.contract.group import Group
from bot.session import meeting, planning, wording
from bot.session.meeting import NAME
from bot.session.records import OPEN, PLAN, Open

CLOCKS = frozenset({"timezone", "quiet_hours"})


def summarise(rows: Rows, _group: Group) -> bool:
    """Whether a meeting is on: only then it matters who comes in."""
    return rows.get(Open, OPEN) is not None


def wants(event: Event, on: object) -> bool:
    """Its commands and timers; who comes in while a meeting is on. Never a message."""
    match event:
        case CommandGiven(name=name):
            return name == NAME
        case MemberJoined():
            return on is True
        case AgreementsTold(asker=asker):
            return asker == NAME
        case SettingsChanged(after=after):
            return bool(CLOCKS & set(after))
        case Due(feature=feature) | EffectFailed(feature=feature):
            return feature == NAME
        case _:
            return isinstance(event, RoomLost | SetupUndone)


def reads(event: Event) -> Sequence[Read]:
    """All of it: these rows are few, and the engine keeps them at hand."""
    return (all_of(NAME, event.room),)


def decide(rows: Rows, event: Event, here: Here) -> Decision:
    """What a meeting makes of an event."""
    match event:
        case CommandGiven():
            return _command(rows, event, here)
        case AgreementsTold(because=CommandGiven() as given, agreed=agreed):
            return meeting.begin(rows, given, here, agreed)
        case MemberJoined(who=who):
            return meeting.came(rows, who, here)
        case Due(key="open"):
            return meeting.due(rows, event.id, here)
        case Due(key="plan"):
            return planning.due(rows, here)
        case SettingsChanged():
            return planning.again(rows, here)
        case RoomLost():
            return meeting.stop_quietly(rows, event.id, here)
        case SetupUndone():
            over = meeting.stop_quietly(rows, event.id, here)
            return msgspec.structs.replace(over, changes=(*over.changes, Drop(key=PLAN)))
        case EffectFailed(effect=Announce(), reason=reason) if reason != "gone":
            alert = AlertFacilitators(room=here.room.id, subject="session", body=(say("session-failed"),))
            return Decision(effects=(alert,))
        case _:
            return NOTHING


def _command(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    match event.sub:
        case "start":
            return meeting.start(rows, event, here)
        case "end":
            return meeting.end(rows, event, here)
        case "plan":
            return planning.plan(rows, event, here)
        case "cancel":
            return planning.cancel(rows, event, here)
        case _:
            body = wording.when_next(rows, here)
            if event.private:
                words = Whisper(room=event.room, to=event.by, body=body, reply=event.reply)
                return Decision(effects=(words,))
            return Decision(effects=(Announce(room=event.room, body=body),))
