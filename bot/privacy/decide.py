"""`privacy`, `mydata` and `forget`. Pure, and nothing is kept by them."""

from collections.abc import Sequence

from bot.boundary.effects import Body, Choice, Whisper, Words, say
from bot.boundary.events import CommandGiven, Event
from bot.boundary.ports import Read
from bot.contract.facts import MemberForgotten, PrivacyShown
from bot.contract.feature import NOTHING, Decision, Here, Rows
from bot.contract.settings import seconds
from bot.privacy.copying import copy, kept_about
from bot.privacy.seeing import what_is_seen


def wants(event: Event, _summary: object) -> bool:
    """Its own commands alone."""
    return isinstance(event, CommandGiven) and event.name in ("privacy", "mydata", "forget")


def reads(_event: Event) -> Sequence[Read]:
    """Nothing of its own; what is kept about the asking person comes with `Here.everything`."""
    return ()


def decide(_rows: Rows, event: Event, here: Here) -> Decision:
    """Answer one of the three commands."""
    if not isinstance(event, CommandGiven):
        return NOTHING
    match event.name:
        case "privacy":
            shown = PrivacyShown(id=event.id, room=event.room, to=event.by, reply=event.reply)
            return Decision(effects=(_whisper(event, what_is_seen(here)),), facts=(shown,))
        case "mydata":
            return _mydata(event, here)
        case "forget":
            return _forget(event, here)
        case _:
            return NOTHING


def _mydata(event: CommandGiven, here: Here) -> Decision:
    """GDPR Art. 15: everything that is kept about the person in this group, at once."""
    kept = kept_about(event.by, here)
    intro = say("privacy-mydata") if kept else say("privacy-mydata-nothing")
    answer = Whisper(
        room=event.room,
        to=event.by,
        body=(intro, say("privacy-mydata-never")),
        files=(copy(event.by, kept, here),) if kept else (),
        reply=event.reply,
    )
    return Decision(effects=(answer,))


def _forget(event: CommandGiven, here: Here) -> Decision:
    """GDPR Art. 17: everything about the person goes, after showing what changes by it.

    Erasing the agreement is withdrawing it, so the gate acts as if they had withdrawn, with
    nothing left that could undo it.
    """
    if not kept_about(event.by, here):
        return Decision(effects=(_whisper(event, (say("privacy-forget-nothing"), *_backups(here))),))
    if not event.confirmed:
        now = Choice(label="privacy-choice-forget", name="forget", confirmed=True)
        preview = Whisper(
            room=event.room, to=event.by, body=_what_changes(event, here), choices=(now,), reply=event.reply
        )
        return Decision(effects=(preview,), awaits_confirm=True)
    done = _whisper(event, (say("privacy-forgotten"), *_backups(here)))
    fact = MemberForgotten(id=event.id, room=event.room, who=event.by)
    return Decision(effects=(done,), facts=(fact,), forget=event.by)


def _what_changes(event: CommandGiven, here: Here) -> Body:
    body: Body = (say("privacy-forget-preview"), _at_the_gate(event, here))
    if "facilitator" in here.roles(event.by) or event.by in here.group.facilitators:
        body += (say("privacy-forget-facilitator"),)
        if here.group.facilitators == {event.by}:
            body += (say("privacy-forget-last-facilitator"),)
    return (*body, *_backups(here), say("privacy-forget-how"))


def _at_the_gate(event: CommandGiven, here: Here) -> Words:
    person = here.room.people.get(event.by)
    if person is None or person.presence != "inside":
        return say("privacy-forget-outside")
    match here.policy.gate:
        case "mute":
            return say("privacy-forget-mute")
        case "door":
            return say("privacy-forget-door")
        case _:
            return say("privacy-forget-notice")


def _backups(here: Here) -> Body:
    """How long what is erased lives on in the operator's copies: INTERFACE.md, `forget`."""
    match here.operator.backups_kept:
        case None:
            return (say("privacy-backups"),)
        case "none":
            return (say("privacy-backups-none"),)
        case kept:
            return (say("privacy-backups-until", days=seconds(kept) // 86400),)


def _whisper(event: CommandGiven, body: Body) -> Whisper:
    return Whisper(room=event.room, to=event.by, body=body, reply=event.reply)
