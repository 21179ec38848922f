"""A meeting from its first word to its last."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.boundary.effects import AlertFacilitators, Announce, Body, Effect, Lasting, Part, Whisper, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.contract.facts import AgreementsAsked, SessionEnded, SessionStarted
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put, Rows
from bot.session import wording
from bot.session.calendar import next_meeting
from bot.session.planning import keep_plan
from bot.session.policy import (
    EARLY,
    LATE_LINE_EVERY,
    LEAST,
    LONGEST_TOPIC,
    MINUTES,
    MOST,
    OVERTIME,
    SAID_LATE,
)
from bot.session.records import OPEN, PLAN, PLEDGED, Open, Plan, Pledged

NAME = "session"


def answer(event: CommandGiven, *parts: Part) -> Whisper:
    """Private words for who gave the command."""
    return Whisper(room=event.room, to=event.by, body=parts, reply=event.reply)


def start(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """Checks; then it has to be known how many have agreed, which another feature tells."""
    if not here.group.set_up:
        return Decision(effects=(answer(event, say("session-not-set-up")),))
    if rows.get(Open, OPEN) is not None:
        return Decision(effects=(answer(event, say("session-already")),))
    if refusal := minutes_refused(event):
        return Decision(effects=(answer(event, refusal),))
    if len(event.values.get("topic", "")) > LONGEST_TOPIC:
        return Decision(effects=(answer(event, say("session-long-topic", most=LONGEST_TOPIC)),))
    return Decision(facts=(AgreementsAsked(id=event.id, room=event.room, asker=NAME, because=event),))


def minutes_refused(event: CommandGiven) -> Part | None:
    """Why a meeting cannot last so long; None where it can, or nothing was said about it."""
    minutes = event.values.get("minutes")
    if minutes is None or LEAST <= int(minutes) <= MOST:
        return None
    return say("session-bad-minutes", least=LEAST, most=MOST)


def begin(rows: Rows, event: CommandGiven, here: Here, agreed: frozenset[MemberId]) -> Decision:
    """The meeting begins. A planned one that is near enough is this one."""
    if rows.get(Open, OPEN) is not None:
        return NOTHING
    plan = rows.get(Plan, PLAN)
    changes: tuple[Put | Drop, ...] = ()
    planned = next_meeting(plan, here.policy.zone) if plan else None
    if plan and planned and planned.start - here.now <= EARLY:
        changes = keep_plan(replace(plan, passed=planned.start, told=0), here)
    minutes = int(event.values.get("minutes") or (plan.minutes if plan else MINUTES))
    now = Open(id=here.stamp.ids[0], started_at=here.now, until=here.now + timedelta(minutes=minutes))
    body = wording.opening(here, minutes, event.values.get("topic", ""), agreed)
    told = answer(event, say("session-started", over=Lasting(int(OVERTIME.total_seconds()))))
    return Decision(
        changes=(*changes, _keep(now)),
        effects=(Announce(room=event.room, body=body), told),
        facts=(SessionStarted(id=event.id, room=event.room, session=now.id),),
    )


def end(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """A facilitator closes the meeting."""
    now = rows.get(Open, OPEN)
    if now is None:
        return Decision(effects=(answer(event, say("session-none")),))
    words = (say("session-closed"), say("session-report"), *wording.upcoming(rows, here))
    told = Announce(room=event.room, body=words)
    return _over(rows, now, event.id, here, (told, answer(event, say("session-ended"))))


def stop_quietly(rows: Rows, event_id: str, here: Here) -> Decision:
    """The bot is out of the room, or the set-up was undone: the meeting is none of its any more."""
    now = rows.get(Open, OPEN)
    return _over(rows, now, event_id, here, ()) if now else NOTHING


def due(rows: Rows, event_id: str, here: Here) -> Decision:
    """The meeting was forgotten open, or the room is owed the line for those who came late."""
    now = rows.get(Open, OPEN)
    if now is None:
        return NOTHING
    closes = now.until + OVERTIME
    if here.now >= closes:
        effects: tuple[Effect, ...] = ()
        if here.now - closes <= SAID_LATE:
            words: Body = (say("session-closed-alone"), say("session-report"), *wording.upcoming(rows, here))
            alert = AlertFacilitators(
                room=here.room.id, subject=f"session-{now.id}", body=(say("session-ended-alone"),)
            )
            effects = (Announce(room=here.room.id, body=words), alert)
        return _over(rows, now, event_id, here, effects)
    if now.owed and _may_tell(now, here.now):
        return _told_late(now, here)
    return Decision(changes=(_keep(now),))


def came(rows: Rows, who: MemberId, here: Here) -> Decision:
    """Somebody comes in while a meeting is on: the pledge in private, a line for all now and then."""
    now, person = rows.get(Open, OPEN), here.room.people.get(who)
    if now is None or person is None or person.presence != "inside" or person.kind != "human":
        return NOTHING
    changes: list[Put | Drop] = []
    effects: list[Effect] = []
    pledged = rows.get(Pledged, PLEDGED, who)
    if pledged is None or pledged.session != now.id:
        changes.append(
            Put(record=Pledged(session=now.id), key=PLEDGED, member=who, delete_at=now.until + OVERTIME)
        )
        if here.room.can.private:
            words = Whisper(room=here.room.id, to=who, body=wording.late(here), unasked=True, subject=NAME)
            effects.append(words)
        line = (
            _told_late(now, here)
            if _may_tell(now, here.now)
            else Decision(changes=(_keep(replace(now, owed=True)),))
        )
        changes += line.changes
        effects += line.effects
    return Decision(changes=tuple(changes), effects=tuple(effects))


def _may_tell(now: Open, at: datetime) -> bool:
    return now.told_at is None or abs(at - now.told_at) >= LATE_LINE_EVERY


def _told_late(now: Open, here: Here) -> Decision:
    told = replace(now, told_at=here.now, owed=False)
    line = Announce(room=here.room.id, body=(say("session-late-line"),))
    return Decision(changes=(_keep(told),), effects=(line,))


def _keep(now: Open) -> Put:
    """The row of the meeting, with the next moment at which something about it is due."""
    closes = now.until + OVERTIME
    at = min(closes, now.told_at + LATE_LINE_EVERY) if now.owed and now.told_at else closes
    return Put(record=now, key=OPEN, due_at=at)


def _over(rows: Rows, now: Open, event_id: str, here: Here, effects: tuple[Effect, ...]) -> Decision:
    late = tuple(Drop(key=PLEDGED, member=key.member) for key, _ in rows.each(Pledged))
    return Decision(
        changes=(Drop(key=OPEN), *late),
        effects=effects,
        facts=(SessionEnded(id=event_id, room=here.room.id, session=now.id),),
    )
