"""The questions of a report, one after the other, and who would see it."""

from datetime import timedelta

from bot.boundary.effects import Body, Choice, Part, Whisper, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.breach.policy import ENOUGH, LONGEST_ANSWER, STAFFED_FOR
from bot.breach.records import HARMED, KINDS, STAFFED, WISHES, Draft, Question, Staffed
from bot.breach.wording import crisis, names, outside, tell, what_was_told
from bot.contract.feature import Here, Rows

SKIP, BACK, CANCEL, SEND, NOBODY = "skip", "back", "cancel", "send", "nobody"
NAMED, ANONYMOUS, CLEAR = "named", "anonymous", "clear"
ABOUT = "about"
"""A value that a platform's own menu may give with `report`: the link of the message that it is about."""
FORM = "form"
"""A value that asks for a form to write the answer in, where there are forms."""
STEP = "step"
"""A value that pins a choice to the question under which it was shown."""


def readers(draft: Draft, here: Here) -> tuple[MemberId, ...]:
    """The facilitators who would see the report: present, and not left out."""
    return tuple(
        sorted(
            who
            for who in here.group.facilitators
            if "facilitator" in here.roles(who) and who not in draft.told.without
        )
    )


def introduction(rows: Rows, draft: Draft, here: Here) -> Body:
    """Before anything is written: who will see it, what anonymous means, what this is not."""
    whom = readers(draft, here)
    parts: list[Part] = [say("breach-intro"), *crisis(here)]
    if not whom:
        return (*parts, say("breach-nobody-here"), *outside(here))
    parts += [say("breach-intro-who"), *names(whom), say("breach-intro-leave-out")]
    if not staffed(rows, here):
        parts += [say("breach-unstaffed"), *outside(here)]
    return (*parts, say("breach-intro-anonymous"), say("breach-intro-how"))


def staffed(rows: Rows, here: Here) -> bool:
    """Two people said within the last 30 days that they look after reports."""
    since = here.now - STAFFED_FOR
    ready = [
        key.member
        for key, row in rows.each(Staffed)
        if key.key == STAFFED and row.confirmed_at is not None and row.confirmed_at > since
    ]
    return sum(who is not None and "facilitator" in here.roles(who) for who in ready) >= ENOUGH


def ask(event: CommandGiven, draft: Draft, here: Here, before: Body = ()) -> Whisper:
    """The question that the draft stands at, with its answers to choose from."""
    question = draft.question
    body: tuple[Part, ...] = (*before, say(f"breach-ask-{question}"))
    choices: list[Choice] = []
    match question:
        case "kind":
            choices = [_choice(f"breach-kind-{k}", k, question) for k in KINDS]
        case "harmed":
            choices = [_choice(f"breach-harmed-{k}", k, question) for k in HARMED]
        case "wish":
            choices = [_choice(f"breach-wish-{k}", k, question) for k in WISHES]
        case "without":
            body = (*body, *names(draft.offered), say("breach-ask-without-how"))
            choices = [_choice("breach-choice-nobody", NOBODY, question)]
        case "name":
            choices = [
                _choice("breach-choice-anonymous", ANONYMOUS, question),
                _choice("breach-choice-named", NAMED, question),
            ]
        case "review":
            body = (*before, *review(draft, here))
            choices = [_choice("breach-choice-send", SEND, question)]
        case "when" | "words" if here.room.can.forms and here.room.can.buttons:
            body = (*body, say("breach-ask-form", most=LONGEST_ANSWER))
            choices = [Choice(label="breach-choice-write", name="report", values={FORM: question})]
        case "when" | "words":
            body = (*body, say("breach-ask-typed", most=LONGEST_ANSWER))
    if question not in ("kind", "name", "review", "without"):
        choices.append(_choice("breach-choice-skip", SKIP, question))
    if question != "kind":
        choices.append(_choice("breach-choice-back", BACK, question))
    choices.append(_choice("breach-choice-cancel", CANCEL, question))
    awaits = Choice(label="", name="report", values={STEP: question})
    return tell(event, body, tuple(choices), awaits)


def review(draft: Draft, here: Here) -> Body:
    """All of it once more, who will see it, and the code: before anything leaves the person's hands."""
    whom = readers(draft, here)
    named = say("breach-review-named") if draft.named else say("breach-review-anonymous")
    if not whom:
        return (
            say("breach-ask-review"),
            *what_was_told(draft.told),
            say("breach-nobody-left"),
            *outside(here),
        )
    alone = (say("breach-review-one"),) if len(whom) < ENOUGH else ()
    return (
        say("breach-ask-review"),
        *what_was_told(draft.told),
        named,
        say("breach-review-who"),
        *names(whom),
        *alone,
        say("breach-review-code", code=draft.code),
    )


def resumed(draft: Draft, here: Here) -> Body:
    """Where the person was, and until when it is kept."""
    left = draft.started_at + timedelta(hours=24) - here.now
    hours = max(1, round(left.total_seconds() / 3600))
    return (say("breach-resumed", hours=hours),)


def _choice(label: str, answer: str, question: Question) -> Choice:
    return Choice(label=label, name="report", values={"answer": answer, STEP: question})
