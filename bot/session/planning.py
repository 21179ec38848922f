"""The plan: making it, cancelling, and the reminders before each meeting."""

from datetime import datetime

from msgspec.structs import replace

from bot.boundary.effects import AlertFacilitators, Announce, Body, Choice, Effect, Part, When, Whisper, say
from bot.boundary.events import CommandGiven
from bot.contract.feature import Decision, Drop, Here, Put, Rows
from bot.contract.quiet import outside_quiet
from bot.session import wording
from bot.session.calendar import Meeting, meetings, moment, next_meeting, wall_clock
from bot.session.policy import DAY_BEFORE, FARTHEST, HELPS_UNTIL, LEAST, MINUTES, MOST, SOON, WAITING
from bot.session.records import OPEN, PLAN, REPEATS, Open, Plan, Repeat
from bot.session.when import Unclear, understand

DATES_SHOWN = 3
"""Dates of a new plan that are shown before it is kept, so that a slip is seen."""


def plan(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """`session plan`: shows the dates first, then keeps them and tells the room."""
    zone = here.policy.zone
    if not here.group.set_up:
        return _said(event, say("session-not-set-up"))
    minutes = int(event.values.get("minutes") or MINUTES)
    if not LEAST <= minutes <= MOST:
        return _said(event, say("session-bad-minutes", least=LEAST, most=MOST))
    try:
        first = understand(event.values["when"], wall_clock(here.now, zone))
    except Unclear:
        return _said(event, say("session-unclear", zone=zone.key))
    if moment(first, zone) <= here.now:
        return _said(event, say("session-past", zone=zone.key))
    if moment(first, zone) - here.now > FARTHEST:
        return _said(event, say("session-far"))
    new = Plan(
        first=first.isoformat(timespec="minutes"), repeat=_repeat(event), minutes=minutes, passed=here.now
    )
    if not event.confirmed:
        return _preview(rows, event, here, new)
    new = replace(new, told=_overdue(next_meeting(new, zone), here))
    dates = wording.dates(new, here)
    room = Announce(room=event.room, body=(say("session-planned-room"), *dates))
    # The dates once more: "tomorrow" may have become another day since they were shown.
    done = Whisper(room=event.room, to=event.by, body=(say("session-planned"), *dates), reply=event.reply)
    return Decision(changes=keep_plan(new, here), effects=(room, done))


def _repeat(event: CommandGiven) -> Repeat:
    given = event.values.get("repeat", "once")
    return next((r for r in REPEATS if r == given), "once")


def _preview(rows: Rows, event: CommandGiven, here: Here, new: Plan) -> Decision:
    zone = here.policy.zone
    dates = []
    for found in meetings(new, zone):
        dates.append(say("session-plan-date", when=When(found.start)))
        if len(dates) == DATES_SHOWN:
            break
    body: list[Part] = [say("session-plan-preview", people=len(here.room.humans())), *dates]
    body += wording.how_often(new.repeat)
    if rows.get(Plan, PLAN) is not None:
        body.append(say("session-plan-replaces"))
    body += [say("session-plan-zone", zone=zone.key), say("session-plan-how")]
    # What was understood is pinned: "Thursday" on the button must not be another one tomorrow.
    pinned = event.values | {"when": new.first.replace("T", " ")}
    return _ask(event, "session-choice-confirm", tuple(body), pinned)


def cancel(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """`session cancel`: the next meeting, or the whole plan."""
    kept, zone = rows.get(Plan, PLAN), here.policy.zone
    found = next_meeting(kept, zone, here.now) if kept else None
    if kept is None or found is None:
        return _said(event, say("session-no-plan"))
    when, people = When(found.start), len(here.room.humans())
    skipping = replace(kept, skipped=(*_still_to_come(kept, here), found.wall), told=0)
    more = next_meeting(skipping, zone, here.now) is not None
    whole = bool(event.values.get("all"))
    if not event.confirmed:
        if whole:
            words = say("session-cancel-preview-all", when=when, people=people)
        elif more:
            words = say("session-cancel-preview", when=when, people=people)
        else:
            words = say("session-cancel-preview-last", when=when, people=people)
        return _ask(event, "session-choice-cancel", (words,), event.values | {"wall": found.wall})
    if event.values.get("wall", found.wall) != found.wall:
        # The meeting that was shown has begun or was cancelled meanwhile: never cancel another one.
        return cancel(rows, replace(event, confirmed=False, values=_without(event.values, "wall")), here)
    done = _said(event, say("session-cancelled")).effects
    if whole:
        told: Body = (say("session-cancelled-room-all", when=when),)
        room = Announce(room=event.room, body=told)
        return Decision(changes=(Drop(key=PLAN),), effects=(room, *done))
    skipping = replace(skipping, told=_overdue(next_meeting(skipping, zone), here))
    changes = keep_plan(skipping, here)
    told = (say("session-cancelled-room", when=when), *wording.dates(skipping, here))
    return Decision(changes=changes, effects=(Announce(room=event.room, body=told), *done))


def _without(values: dict[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if name != key}


def _still_to_come(kept: Plan, here: Here) -> tuple[str, ...]:
    """Skipped dates that are over need not be kept."""
    zone = here.policy.zone
    return tuple(w for w in kept.skipped if moment(datetime.fromisoformat(w), zone) > kept.passed)


def due(rows: Rows, here: Here) -> Decision:
    """A reminder's time has come. What no longer helps is left out."""
    kept, zone = rows.get(Plan, PLAN), here.policy.zone
    if kept is None:
        return Decision()
    effects: list[Effect] = []
    found = next_meeting(kept, zone)
    while found is not None and here.now >= found.start + WAITING:
        # Long past: the bot was away, or nobody opened it.
        kept = replace(kept, passed=found.start, told=0)
        found = next_meeting(kept, zone)
    if found is None:
        return Decision(changes=(Drop(key=PLAN),))
    for number, (at, until) in enumerate(_reminders(found, here)):
        if number >= kept.told and at <= here.now:
            kept = replace(kept, told=number + 1)
            if here.now < until and here.room.people:
                effects += _remind(number, found, rows, here)
    return Decision(changes=keep_plan(kept, here), effects=tuple(effects))


def _reminders(found: Meeting, here: Here) -> tuple[tuple[datetime, datetime], ...]:
    """When each reminder is said, and from when on it would be too late for it.

    The day before, never in quiet hours; shortly before; and to facilitators, when it is time.
    """
    start = found.start
    day = outside_quiet(start - DAY_BEFORE, here.policy)
    return ((day, start - HELPS_UNTIL), (start - SOON, start), (start, start + WAITING))


def _remind(number: int, found: Meeting, rows: Rows, here: Here) -> tuple[Effect, ...]:
    open_now = rows.get(Open, OPEN) is not None
    when = When(found.start)
    match number:
        case 0:
            return (Announce(room=here.room.id, body=(say("session-remind", when=when),)),)
        case 1:
            return (Announce(room=here.room.id, body=(say("session-remind-soon", when=when),)),)
        case _ if open_now:
            return ()
        case _:
            begin = Choice(label="session-choice-start", name="session", sub="start")
            subject = f"session-{found.wall}"
            words = (say("session-remind-open"),)
            return (AlertFacilitators(room=here.room.id, subject=subject, body=words, choices=(begin,)),)


def _overdue(found: Meeting | None, here: Here) -> int:
    """How many reminders need not be given: their time has passed, and the room is told now."""
    return sum(at <= here.now for at, _ in _reminders(found, here)) if found else 0


def keep_plan(kept: Plan, here: Here) -> tuple[Put | Drop, ...]:
    """The plan's row with its next timer; gone, where no meeting is left."""
    found = next_meeting(kept, here.policy.zone)
    if found is None:
        return (Drop(key=PLAN),)
    times = [*(at for at, _ in _reminders(found, here)), found.start + WAITING]
    return (Put(record=kept, key=PLAN, due_at=times[kept.told]),)


def again(rows: Rows, here: Here) -> Decision:
    """The time zone or the quiet hours changed: the clock on the wall stays, its moments do not."""
    kept = rows.get(Plan, PLAN)
    return Decision(changes=keep_plan(kept, here)) if kept else Decision()


def _ask(event: CommandGiven, label: str, body: Body, values: dict[str, str]) -> Decision:
    yes = Choice(label=label, name=event.name, sub=event.sub, values=values, confirmed=True)
    words = Whisper(room=event.room, to=event.by, body=body, choices=(yes,), reply=event.reply)
    return Decision(effects=(words,), awaits_confirm=True)


def _said(event: CommandGiven, words: Part) -> Decision:
    return Decision(effects=(Whisper(room=event.room, to=event.by, body=(words,), reply=event.reply),))
