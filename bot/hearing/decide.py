"""Holds the room to the group's choice: deaf unless a facilitator said otherwise."""

from collections.abc import Sequence

from bot.boundary.effects import AlertFacilitators, Name, SetHearing, say
from bot.boundary.events import EffectFailed, Event, MemberUnheard, RoomChanged, RoomSeen
from bot.boundary.ports import Read
from bot.contract.facts import SettingsChanged, SetupFinished, SetupUndone
from bot.contract.feature import NOTHING, Decision, Here, Rows

NAME = "hearing"


def wants(event: Event, _summary: object) -> bool:
    """What can make the choice and the room differ. Never a message."""
    match event:
        case SettingsChanged(after=after):
            return NAME in after
        case RoomSeen() | SetupFinished() | SetupUndone() | MemberUnheard():
            return True
        case RoomChanged(what=what):
            return what == "encryption"
        case EffectFailed(feature=feature):
            return feature == NAME
        case _:
            return False


def reads(_event: Event) -> Sequence[Read]:
    """Nothing: it keeps nothing."""
    return ()


def decide(_rows: Rows, event: Event, here: Here) -> Decision:
    """Switch hearing to what the group chose, where it can be switched at all (law 2)."""
    if isinstance(event, EffectFailed):
        told = AlertFacilitators(room=here.room.id, subject=NAME, body=(say("hearing-failed"),))
        return Decision(effects=(told,))
    if isinstance(event, MemberUnheard):
        words = say("hearing-unheard", who=Name(event.who))
        told = AlertFacilitators(room=here.room.id, subject=f"{NAME} {event.who.native}", body=(words,))
        return Decision(effects=(told,)) if here.room.can.hears_words else NOTHING
    chosen = here.group.set_up and here.policy.text(NAME) == "commands"
    if not here.room.can.hearing or chosen == here.room.can.hears_words:
        return NOTHING
    return Decision(effects=(SetHearing(room=here.room.id, on=chosen),))
