"""A case's clocks. Notices go out at full hours outside quiet hours, and say nothing of content."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from bot.boundary.effects import Effect, Whisper, say
from bot.boundary.ids import MemberId
from bot.breach.policy import OUTCOME_WITHIN, REMIND_AFTER
from bot.breach.records import Case, Entry, Tombstone
from bot.contract.feature import Decision, Here, Put
from bot.contract.quiet import outside_quiet
from bot.contract.settings import Policy

HOUR = timedelta(hours=1)
WEEKEND = (5, 6)
LONGEST_SEARCH = 48
"""Full hours that are looked at for one outside the quiet hours."""


def slot(moment: datetime, policy: Policy) -> datetime:
    """The next full hour after `moment`, by UTC, that is outside the group's quiet hours.

    All that happens within an hour is told at the same instant, so that nobody can tell from a
    notice who wrote just before it.

    >>> slot(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), Policy({})).isoformat()
    '2026-03-02T13:00:00+00:00'
    """
    awake = moment.astimezone(UTC)
    for _ in range(LONGEST_SEARCH):
        hour = full_hour(awake)
        awake = outside_quiet(hour, policy)
        if awake == hour or awake.minute == 0:
            return awake
    return awake  # hours that leave no full hour awake: then when they end


def full_hour(moment: datetime) -> datetime:
    """The next full hour after `moment`: from then on what a reporter wrote can be seen."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + HOUR


def working_days_after(moment: datetime, days: int, policy: Policy) -> datetime:
    """`days` working days later, Monday to Friday by the group's own calendar, at the same time.

    >>> friday = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
    >>> working_days_after(friday, 3, Policy({})).strftime("%A")
    'Wednesday'
    """
    found = moment
    while days:
        found += timedelta(days=1)
        days -= found.astimezone(policy.zone).weekday() not in WEEKEND
    return found


def remind_at(case: Case, policy: Policy) -> datetime:
    """When recipients are reminded of a case that nobody has acknowledged."""
    return _at_slot(working_days_after(case.opened_at, REMIND_AFTER, policy), policy)


def escalate_at(case: Case, policy: Policy) -> datetime:
    """When they are pointed to the outside contact."""
    return _at_slot(case.opened_at + policy.length("escalate_after"), policy)


def outcome_at(case: Case, policy: Policy) -> datetime:
    """When there has to be an outcome."""
    return _at_slot(case.opened_at + OUTCOME_WITHIN, policy)


def delete_at(case: Case, policy: Policy) -> datetime:
    """When a case that is over is deleted: counted from the last thing that came to it."""
    return case.touched_on + policy.length("case_retention")


def _at_slot(moment: datetime, policy: Policy) -> datetime:
    return slot(moment - timedelta(microseconds=1), policy)


def next_due(case: Case, policy: Policy) -> datetime | None:
    """The earliest clock of a case that has not struck."""
    times = [case.notice_at, case.leaves_at]
    if case.over:
        times.append(delete_at(case, policy))
    else:
        if case.state == "new" and not case.reminded:
            times.append(remind_at(case, policy))
        if case.state == "new" and not case.escalated:
            times.append(escalate_at(case, policy))
        if not case.overdue_told:
            times.append(outcome_at(case, policy))
    return min((t for t in times if t is not None), default=None)


def keep(case: Case, location: str, here: Here) -> Put:
    """The case with its next clock."""
    return Put(record=case, key=location, due_at=next_due(case, here.policy))


def touched(case: Case, here: Here) -> Case:
    """Something was added now."""
    return replace(case, touched_on=full_hour(here.now))


def with_entry(case: Case, entry: Entry, here: Here) -> Case:
    """The case with one more thing in its history."""
    return touched(replace(case, entries=(*case.entries, entry)), here)


def noticed(case: Case, here: Here, *whom: MemberId, reporter: bool = False) -> Case:
    """These facilitators, and a named reporter, hear at the next slot that there is something new."""
    notify = tuple(sorted({*case.notify, *whom}))
    tell = case.tell_reporter or (reporter and case.reporter is not None)
    if not notify and not tell:
        return case
    at = case.notice_at or slot(here.now, here.policy)
    return replace(case, notify=notify, tell_reporter=tell, notice_at=at)


def taken_back(case: Case) -> Case:
    """Its words are gone, the reporter's own and nobody else's; that there was one stays."""
    told = replace(case.told, when="", words="", harmed="", wish="")
    # What was added after it was taken back is shown from that very hour on, and stays.
    entries = tuple(e for e in case.entries if e.kind != "added" or _is_later(e, case))
    return replace(case, state="withdrawn", told=told, entries=entries, leaves_at=None)


def _is_later(entry: Entry, case: Case) -> bool:
    return case.leaves_at is not None and entry.at is not None and entry.at >= case.leaves_at


def settled(case: Case, here: Here) -> Case:
    """The case as it is now: taken back, once the hour of that has come."""
    return taken_back(case) if case.leaves_at is not None and here.now >= case.leaves_at else case


def recipients(case: Case, here: Here) -> tuple[MemberId, ...]:
    """The facilitators whose case it is: present, not left out, and not stepped back."""
    return tuple(sorted(who for who in here.group.facilitators if _may_hear(case, who, here)))


def may_see(case: Case, who: MemberId, here: Here) -> bool:
    """A facilitator who is here, was not left out and did not step back; and never before the full
    hour, or somebody who looks every minute would see who wrote just then."""
    return here.now >= case.opened_at and _may_hear(case, who, here)


def _may_hear(case: Case, who: MemberId, here: Here) -> bool:
    return "facilitator" in here.roles(who) and who not in (*case.told.without, *case.recused)


def ring(case: Case, location: str, here: Here) -> Decision:
    """What has struck by now. Late is better than never: each happens once, however late."""
    case = settled(case, here)
    now, policy, whom = here.now, here.policy, recipients(case, here)
    effects: list[Effect] = []
    if case.over and now >= delete_at(case, policy):
        return Decision(changes=(Put(record=Tombstone(deleted_on=now), key=location),))
    if not here.room.people:
        # The bot is out of the room, so nobody can be told: what has struck waits, and is not lost.
        return Decision(changes=(Put(record=case, key=location, due_at=slot(now, policy)),))
    if case.notice_at is not None and now >= case.notice_at:
        effects += [_notice(who, here) for who in whom if who in case.notify]
        if case.tell_reporter and case.reporter is not None:
            effects.append(_to_reporter(case.reporter, here))
        case = replace(case, notice_at=None, notify=(), tell_reporter=False)
    if case.state == "new" and not case.escalated and now >= escalate_at(case, policy):
        effects += [_escalated(who, here) for who in whom]
        case = replace(case, escalated=True, reminded=True)
    if case.state == "new" and not case.reminded and now >= remind_at(case, policy):
        effects += [_whisper(who, here, "breach-reminder") for who in whom]
        case = replace(case, reminded=True)
    if not case.over and not case.overdue_told and now >= outcome_at(case, policy):
        effects += [_whisper(who, here, "breach-overdue") for who in whom]
        case = replace(case, overdue_told=True)
    return Decision(changes=(keep(case, location, here),), effects=tuple(effects))


def _notice(who: MemberId, here: Here) -> Whisper:
    return _whisper(who, here, "breach-notice")


def _to_reporter(who: MemberId, here: Here) -> Whisper:
    return _whisper(who, here, "breach-notice-reporter")


def _escalated(who: MemberId, here: Here) -> Whisper:
    contact = here.policy.text("outside_contact")
    words = say("breach-escalated-contact", contact=contact) if contact else say("breach-escalated")
    return Whisper(room=here.room.id, to=who, body=(words,), unasked=True, subject="cases")


def _whisper(who: MemberId, here: Here, key: str) -> Whisper:
    return Whisper(room=here.room.id, to=who, body=(say(key),), unasked=True, subject="cases")
