"""Telling facilitators that somebody would like to talk."""

from msgspec.structs import replace

from bot.boundary.effects import AlertFacilitators, Name, say
from bot.boundary.events import CommandGiven
from bot.consent import wording
from bot.consent.answering import tell
from bot.consent.asking import keep, standing_of
from bot.consent.policy import TALK_AGAIN
from bot.consent.terms import Terms
from bot.contract.feature import Decision, Here, Rows


def talk(rows: Rows, event: CommandGiven, here: Here, terms: Terms | None) -> Decision:
    """Tells facilitators, by name because the person asks for it, and not what they answered.

    Anybody may ask for it at any time, so that asking says nothing about an answer (law 3).
    """
    standing = standing_of(rows, event.by, here)
    others = here.group.facilitators - {event.by}
    if not others:
        return Decision(effects=(tell(event, here, (say("consent-talk-nobody"), wording.whom_to_ask(here))),))
    if standing.talk_at is not None and here.now - standing.talk_at < TALK_AGAIN:
        return Decision(effects=(tell(event, here, (say("consent-talk-already"),)),))
    alert = AlertFacilitators(
        room=here.room.id,
        subject=f"consent-talk {standing.person}",
        body=(say("consent-talk-alert", who=Name(event.by)),),
        but_not=(event.by,),
    )
    after = replace(standing, talk_at=here.now)
    if event.by not in here.room.people:
        after = replace(after, left_at=standing.left_at or here.now)  # so that it goes by itself
    return Decision(
        changes=(keep(event.by, after, terms.record if terms else None, here),),
        effects=(alert, tell(event, here, (say("consent-talk-told"),))),
    )
