"""The answer to `urgent`: nothing is asked, nothing is kept, nobody is told."""

from collections.abc import Sequence

from bot.boundary.effects import Announce, Body, Verbatim, Whisper, say
from bot.boundary.events import CommandGiven, Event
from bot.boundary.ports import Read
from bot.contract.feature import NOTHING, Decision, Here, Rows


def wants(event: Event, _summary: object) -> bool:
    """Its own command alone."""
    return isinstance(event, CommandGiven) and event.name == "urgent"


def reads(_event: Event) -> Sequence[Read]:
    """Nothing: it keeps nothing."""
    return ()


def decide(_rows: Rows, event: Event, here: Here) -> Decision:
    """The crisis contact before any other word; where none is set, calm general words.

    No number is made up: which one is right depends on where a person is.
    """
    if not isinstance(event, CommandGiven):
        return NOTHING
    contact = here.policy.text("crisis_contact")
    body: Body = (Verbatim(contact), say("urgent-after")) if contact else (say("urgent-general"),)
    if event.private:
        word = Whisper(room=event.room, to=event.by, body=body, reply=event.reply, words_first=True)
        return Decision(effects=(word,))
    return Decision(effects=(Announce(room=event.room, body=body),))
