"""Which part of consent decides about which event."""

from collections.abc import Sequence

from bot.boundary.effects import Announce, Body, Verbatim, Whisper, say
from bot.boundary.events import (
    CommandGiven,
    Due,
    EffectFailed,
    Event,
    MemberJoined,
    MemberKnocked,
    MemberLeft,
    RoomAdopted,
    RoomChanged,
    RoomSeen,
)
from bot.boundary.ports import Read
from bot.consent import answering, everyone, happening, talking, withdrawing
from bot.consent.policy import ASKED_ABOUT
from bot.consent.records import STANDING, Standing
from bot.consent.terms import Terms, in_force, up_to_date
from bot.consent.timing import at_door, inside
from bot.contract.facts import (
    AgreementsAsked,
    AgreementsTold,
    FacilitatorsChanged,
    RenewalWished,
    SettingsChanged,
    SetupFinished,
    SetupUndone,
)
from bot.contract.feature import NOTHING, Decision, Here, Rows, all_of, mine
from bot.contract.group import Group

NAME = "consent"

MATTERS = ASKED_ABOUT | {"gate", "hearing", "language"}
"""Settings whose change can mean that somebody has to be asked."""


def wants(event: Event, group: Group) -> bool:
    """Everything about members coming and going once the group is set up; never messages."""
    match event:
        case CommandGiven(name=name):
            return name in ("consent", "rules")
        case MemberJoined() | MemberKnocked() | MemberLeft() | RoomSeen() | RoomAdopted():
            return group.set_up
        case RoomChanged(what=what):
            return what in ("bridges", "encryption") and group.set_up
        case SettingsChanged(after=after):
            return bool(MATTERS & set(after))
        case FacilitatorsChanged(now=now):
            return now
        case SetupFinished() | SetupUndone() | AgreementsAsked() | RenewalWished():
            return True
        case Due(feature=feature) | EffectFailed(feature=feature):
            return feature == NAME
        case _:
            return False


def reads(event: Event) -> Sequence[Read]:
    """The group's rows, and those of the one person or of everybody."""
    group = mine(NAME, event.room, None)
    match event:
        case CommandGiven(name="rules"):
            return (group,)
        case CommandGiven(by=who) | MemberJoined(who=who) | MemberKnocked(who=who) | MemberLeft(who=who):
            return (group, mine(NAME, event.room, who))
        case Due(member=who) if who is not None:
            return (group, mine(NAME, event.room, who))
        case EffectFailed(effect=Whisper(to=who)):
            return (group, mine(NAME, event.room, who))
        case RoomSeen() | RoomAdopted() | SetupFinished() | SetupUndone():
            return (all_of(NAME, event.room),)  # receipts too: who left meanwhile has theirs marked
        case _:
            return (group, Read(feature=NAME, room=event.room, key=STANDING))


def decide(rows: Rows, event: Event, here: Here) -> Decision:
    """What consent makes of an event. Before the set-up is finished nobody is asked anything."""
    if isinstance(event, CommandGiven):
        return _command(rows, event, here)
    if isinstance(event, SetupUndone):
        return everyone.end_all(rows, here)
    if isinstance(event, AgreementsAsked):
        return _who_has_agreed(rows, event, here)
    if not here.group.set_up:
        return NOTHING
    if isinstance(event, SetupFinished):
        return everyone.ask_everyone(rows, here, up_to_date(rows, here), first=event.first)
    terms = in_force(rows)
    return _happened(rows, event, here, terms) if terms is not None else NOTHING


def _happened(rows: Rows, event: Event, here: Here, terms: Terms) -> Decision:
    match event:
        case MemberJoined(who=who) if inside(here, who):
            return happening.came(rows, event, who, here, terms)
        case MemberKnocked(who=who) if at_door(here, who):
            return happening.came(rows, event, who, here, terms)
        case MemberLeft(who=who):
            return happening.left(rows, who, here)
        case RoomSeen() | RoomAdopted():
            return everyone.look(rows, event, here, up_to_date(rows, here))
        case RoomChanged():
            return everyone.ask_again(rows, here, up_to_date(rows, here))
        case SettingsChanged():
            now = up_to_date(rows, here)
            again, door = everyone.ask_again(rows, here, now), everyone.ask_the_door(rows, event, here, now)
            bell = (everyone.doorbell(here),) if "language" in event.after and here.room.can.doorbell else ()
            return Decision(changes=(*again.changes, *door.changes), effects=(*bell, *door.effects))
        case FacilitatorsChanged(who=who) if terms.record.since != here.now:
            # In the turn of the set-up itself, the first asking follows all that was set up.
            return everyone.new_facilitator(rows, who, here, terms)
        case RenewalWished():
            return everyone.ask_again(rows, here, up_to_date(rows, here, "renewal"))
        case Due(member=who) if who is not None:
            return happening.due(rows, event, who, here, terms)
        case EffectFailed():
            return happening.failed(rows, event, here, terms)
        case _:
            return NOTHING


def _who_has_agreed(rows: Rows, event: AgreementsAsked, here: Here) -> Decision:
    agreed = frozenset(
        key.member
        for key, standing in rows.each(Standing)
        if key.member is not None
        and standing.consent is not None
        and (standing.consent.until > here.now or standing.renewing)
    )
    told = AgreementsTold(
        id=event.id, room=event.room, asker=event.asker, because=event.because, agreed=agreed
    )
    return Decision(facts=(told,))


def _command(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    if event.name == "rules":
        return _rules(rows, event, here)
    terms = in_force(rows)
    if event.sub == "receipt":
        return withdrawing.show_receipt(rows, event, here)
    if event.sub == "talk":
        return talking.talk(rows, event, here, terms)
    if terms is not None and event.sub in TAKING_BACK:
        return TAKING_BACK[event.sub](rows, event, here, terms)
    if terms is None or not here.group.set_up:
        return Decision(effects=(answering.tell(event, here, (say("consent-not-set-up"),)),))
    return ANSWERS[event.sub](rows, event, here, terms)


TAKING_BACK = {"withdraw": withdrawing.withdraw, "undo": withdrawing.undo}
"""What works also where nobody is asked any more."""

ANSWERS = {
    "": answering.show,
    "show": answering.show,
    "understood": answering.understood,
    "agree": answering.agree,
    "decline": answering.decline,
}


def _rules(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """The ground rules, as the agreement in force has them: for anybody, wherever it was asked."""
    text = (in_force(rows) or up_to_date(rows, here)).text
    body: Body = (say("consent-rules-head"), Verbatim(text.body.decode().rstrip()), say("consent-rules-next"))
    if here.room.can.deaf:
        body = (*body, say("engine-deaf"))
    if event.private:
        return Decision(effects=(answering.tell(event, here, body),))
    return Decision(effects=(Announce(room=here.room.id, body=body),))
