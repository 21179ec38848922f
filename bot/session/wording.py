"""What a meeting says: how it begins, who can see it, when the next one is."""

from bot.boundary.capabilities import RoomView
from bot.boundary.effects import Body, Lasting, Name, Part, Verbatim, When, say
from bot.boundary.ids import MemberId
from bot.contract.feature import Here, Rows
from bot.session.calendar import next_meeting
from bot.session.records import OPEN, PLAN, Open, Plan, Repeat

MOST_NAMED = 5
"""Bots and bridges that are named one by one; more are only counted: the pledge must stay in view."""

_HOW_OFTEN: dict[Repeat, Part] = {
    "daily": say("session-every-day"),
    "weekly": say("session-every-week"),
    "fortnightly": say("session-every-fortnight"),
    "monthly": say("session-every-month"),
}


def opening(here: Here, minutes: int, topic: str, agreed: frozenset[MemberId]) -> Body:
    """The first words of a meeting."""
    lasting = Lasting(minutes * 60)
    if topic:
        first = say("session-open-topic", lasting=lasting, topic=topic)
    else:
        first = say("session-open", lasting=lasting)
    return (
        first,
        say("session-pledge"),
        say("session-no-recording"),
        *who_sees(here.room, agreed),
        *crisis(here),
    )


def who_sees(room: RoomView, agreed: frozenset[MemberId]) -> Body:
    """Who can see this room, from its real settings: only what is so here."""
    people = room.humans()
    rest = sum(person.id not in agreed for person in people)
    parts: list[Part] = [say("session-who-sees", people=len(people), rest=rest)]
    bots = sorted(p.id for p in room.inside() if p.kind == "bot" and p.id != room.me)
    parts += [say("session-sees-bot", who=Name(bot)) for bot in bots[:MOST_NAMED]]
    if len(bots) > MOST_NAMED:
        parts.append(say("session-sees-more-bots", count=len(bots) - MOST_NAMED))
    parts += [say("session-sees-bridge", network=network) for network in room.bridges[:MOST_NAMED]]
    if ghosts := sum(p.kind == "ghost" for p in room.inside()):
        parts.append(say("session-sees-ghosts", count=ghosts))
    if room.world_readable:
        parts.append(say("session-sees-world"))
    if room.public:
        parts.append(say("session-sees-public"))
    return tuple(parts)


def crisis(here: Here) -> Body:
    """Whom one can call: the group's own contact, or the command that helps."""
    if contact := here.policy.text("crisis_contact"):
        return say("session-crisis-contact"), Verbatim(contact)
    return (say("session-crisis"),)


def late(here: Here) -> Body:
    """The pledge, for somebody who came later."""
    return (say("session-late"), say("session-pledge"), say("session-no-recording"), *crisis(here))


def how_often(repeat: Repeat) -> Body:
    """How often a plan's meetings are; nothing for a single one."""
    often = _HOW_OFTEN.get(repeat)
    return (often,) if often else ()


def dates(plan: Plan | None, here: Here) -> Body:
    """When the next meeting of a plan is, and how often."""
    following = next_meeting(plan, here.policy.zone, here.now) if plan else None
    if plan is None or following is None:
        return (say("session-no-next"),)
    return (say("session-next-date", when=When(following.start)), *how_often(plan.repeat))


def upcoming(rows: Rows, here: Here) -> Body:
    """When the next meeting is, and how often."""
    return dates(rows.get(Plan, PLAN), here)


def when_next(rows: Rows, here: Here) -> Body:
    """The answer to `session next`."""
    now = rows.get(Open, OPEN)
    on = (say("session-is-on", until=When(now.until)),) if now else ()
    return (*on, *upcoming(rows, here))
