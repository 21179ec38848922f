"""How a report and a case are put into words: what others wrote stands in blocks, as it is."""

from bot.boundary.effects import Body, Choice, Name, Part, Text, Unsay, Verbatim, When, Whisper, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.breach.clocks import delete_at, escalate_at, outcome_at, remind_at
from bot.breach.records import Case, Draft, Told
from bot.contract.feature import Here


def tell(
    event: CommandGiven, body: Body, choices: tuple[Choice, ...] = (), awaits: Choice | None = None
) -> Whisper:
    """The private answer to a command."""
    seen = () if event.private else (say("breach-seen"),)
    return Whisper(
        room=event.room, to=event.by, body=(*seen, *body), choices=choices, reply=event.reply, awaits=awaits
    )


def unsay(event: CommandGiven, draft: Draft, here: Here) -> Unsay:
    """Take down what was written of this report, on both sides, up to these words."""
    last = event.message if event.private else None
    return Unsay(
        room=event.room,
        to=event.by,
        since=draft.started_at,
        until=here.now,
        first=draft.first,
        last=last,
    )


def what_was_told(told: Told) -> tuple[Part, ...]:
    """A report's answers. In a block nothing is a link, a mention or a name (no previews, no pings)."""
    parts: list[Part] = [say("breach-told-kind", kind=Text(f"breach-kind-{told.kind}"))]
    if told.when:
        parts += [say("breach-told-when"), Verbatim(told.when, code=True)]
    if told.harmed:
        parts.append(say("breach-told-harmed", who=Text(f"breach-harmed-{told.harmed}")))
    if told.wish:
        parts.append(say("breach-told-wish", wish=Text(f"breach-wish-{told.wish}")))
    if told.words:
        parts += [say("breach-told-words"), Verbatim(told.words, code=True)]
    return tuple(parts)


def names(whom: tuple[MemberId, ...]) -> tuple[Part, ...]:
    """Each person on a line of their own, with their id, so that nobody passes as another."""
    return tuple(say("breach-person", number=n, who=Name(who)) for n, who in enumerate(whom, 1))


def standing(case: Case, here: Here) -> tuple[Part, ...]:
    """Where a case stands and when its clocks strike: the same for the reporter and the desk."""
    policy = here.policy
    match case.state:
        case "new":
            late = here.now >= escalate_at(case, policy)
            return (
                say("breach-state-late", since=When(case.opened_at, only_date=True))
                if late
                else say("breach-state-new", by=When(remind_at(case, policy), only_date=True)),
                say("breach-clock-outcome", by=When(outcome_at(case, policy), only_date=True)),
            )
        case "open":
            return (
                say("breach-state-open"),
                say("breach-clock-outcome", by=When(outcome_at(case, policy), only_date=True)),
            )
        case "closed":
            return (
                say("breach-state-closed"),
                say("breach-clock-deleted", on=When(delete_at(case, policy), only_date=True)),
            )
        case "withdrawn":
            return (
                say("breach-state-withdrawn"),
                say("breach-clock-deleted", on=When(delete_at(case, policy), only_date=True)),
            )


def outside(here: Here) -> tuple[Part, ...]:
    """Whom one can turn to outside the group; nothing where none is set."""
    contact = here.policy.text("outside_contact")
    return (say("breach-outside"), Verbatim(contact)) if contact else (say("breach-outside-none"),)


def crisis(here: Here) -> tuple[Part, ...]:
    """That this is no crisis service, and whom to call."""
    contact = here.policy.text("crisis_contact")
    return (say("breach-no-crisis"), Verbatim(contact)) if contact else (say("breach-no-crisis-general"),)
