"""A report in the making: one answer after the other, kept for 24 hours, gone when sent or cancelled."""

from datetime import timedelta

from msgspec.structs import replace

from bot.boundary.effects import Body, OpenForm, Unsay, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.breach.asking import (
    ABOUT,
    ANONYMOUS,
    BACK,
    CANCEL,
    CLEAR,
    FORM,
    NAMED,
    NOBODY,
    SEND,
    SKIP,
    STEP,
    ask,
    introduction,
    readers,
    resumed,
)
from bot.breach.policy import DRAFT_FOR, LONGEST_ANSWER
from bot.breach.records import DRAFT, HARMED, KINDS, QUESTIONS, WISHES, Draft, Question
from bot.breach.sending import send
from bot.breach.wording import tell, unsay
from bot.contract.feature import Decision, Drop, Here, Put, Rows

CHOICES = {"kind": KINDS, "harmed": HARMED, "wish": WISHES}


def report(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """`report`, with an answer or without."""
    draft = _draft(rows, event, here)
    answer = event.values.get("answer", "").strip()
    if answer.casefold() == CLEAR:
        return _clear(event, here)
    if draft is None:
        if answer.casefold() in (SEND, CANCEL, SKIP, BACK):
            return Decision(effects=(tell(event, (say("breach-no-draft"),)),))
        return _begin(rows, event, here, answer)
    if event.values.get(FORM) == draft.question and here.room.can.forms and event.reply is not None:
        form = OpenForm(room=event.room, to=event.by, name="report", sub="", reply=event.reply)
        return Decision(effects=(form,))
    if not answer:
        return _stay(draft, event, here, resumed(draft, here))
    return _answered(draft, event, here, answer)


def _draft(rows: Rows, event: CommandGiven, here: Here) -> Draft | None:
    """The person's draft; one that is past its time counts as gone, swept or not."""
    draft = rows.get(Draft, DRAFT, event.by)
    return draft if draft is not None and here.now < draft.started_at + DRAFT_FOR else None


def _begin(rows: Rows, event: CommandGiven, here: Here, answer: str) -> Decision:
    draft = Draft(started_at=here.now, first=event.message if event.private else None)
    before = introduction(rows, draft, here)
    if not readers(draft, here):
        return Decision(effects=(tell(event, before),))
    # From a message's own menu: its link says when and where, and its words are not read.
    about = event.values.get(ABOUT, "")[:LONGEST_ANSWER]
    draft = replace(draft, told=replace(draft.told, when=about))
    kind = _one_of(KINDS, answer)
    if kind is not None:
        draft = replace(draft, told=replace(draft.told, kind=kind), question="when")
    return _stay(draft, event, here, before)


def _stay(draft: Draft, event: CommandGiven, here: Here, before: Body = ()) -> Decision:
    draft = _prepared(draft, event, here)
    kept = Put(record=draft, key=DRAFT, member=event.by, delete_at=draft.started_at + DRAFT_FOR)
    return Decision(changes=(kept,), effects=(ask(event, draft, here, before),))


def _prepared(draft: Draft, event: CommandGiven, here: Here) -> Draft:
    """What a question needs before it is asked: whom it names, or the code."""
    if draft.question == "without":
        return replace(draft, offered=readers(replace(draft, told=replace(draft.told, without=())), here))
    if draft.question == "review":
        draft = replace(draft, shown=readers(draft, here))
    if draft.question == "review" and not draft.code:
        if event.code is None:
            raise ValueError("no code was made for this command")
        code = event.code
        return replace(draft, code=code.words, location=code.location, label=code.label)
    return draft


def _answered(draft: Draft, event: CommandGiven, here: Here, answer: str) -> Decision:
    word = answer.casefold()
    pinned = event.values.get(STEP, "")
    late = pinned in QUESTIONS and pinned != draft.question  # a button under an earlier question
    if word == CANCEL:
        return _cancelled(draft, event, here)
    if late and word in (SKIP, BACK, SEND, NOBODY):
        return _stay(draft, event, here)
    if word == BACK:
        return _stay(replace(draft, question=_next(draft.question, -1)), event, here)
    if word == SKIP and draft.question not in ("kind", "name", "review"):
        return _stay(replace(draft, question=_next(draft.question)), event, here)
    if draft.question == "review" and not late:
        if word == SEND and not set(readers(draft, here)) <= set(draft.shown):
            # Nobody may read it of whom the person was not told: it may be about them.
            return _stay(draft, event, here, (say("breach-readers-changed"),))
        if word == SEND:
            return send(draft, event, here)
        return _stay(draft, event, here, (say("breach-not-a-choice"),))
    asked: Question = pinned if late else draft.question  # type: ignore[assignment]
    given = _given(draft, asked, answer, here)
    if given is None:
        return _stay(draft, event, here, (say("breach-not-a-choice"),))
    if len(answer) > LONGEST_ANSWER:
        return _stay(draft, event, here, (say("breach-too-long", most=LONGEST_ANSWER),))
    return _stay(given if late else replace(given, question=_next(asked)), event, here)


def _given(draft: Draft, asked: Question, answer: str, here: Here) -> Draft | None:
    """The draft with this answer; None where it is none to this question."""
    told = draft.told
    match asked:
        case "kind" | "harmed" | "wish":
            chosen = _one_of(CHOICES[asked], answer)
            return None if chosen is None else replace(draft, told=replace(told, **{asked: chosen}))
        case "when" | "words":
            return replace(draft, told=replace(told, **{asked: answer}))
        case "without":
            whom = _whom(answer, draft, here)
            return None if whom is None else replace(draft, told=replace(told, without=whom))
        case "name":
            first = answer.casefold().split()[0].rstrip(".!")
            chosen = {"without": ANONYMOUS, "with": NAMED}.get(first) or _one_of((ANONYMOUS, NAMED), answer)
            return None if chosen is None else replace(draft, named=chosen == NAMED)
        case "review":
            return None


def _one_of(values: tuple[str, ...], answer: str) -> str | None:
    """One of these, by its word or its number."""
    word = answer.casefold().rstrip(".!")
    if word.isascii() and word.isdigit() and 0 < int(word[:3]) <= len(values):
        return values[int(word[:3]) - 1]
    return word if word in values else None


def _whom(answer: str, draft: Draft, here: Here) -> tuple[MemberId, ...] | None:
    """Whom to leave out: numbers of those who were named, or people of the room, with commas between."""
    if answer.casefold().rstrip(".!") in (NOBODY, SKIP, "none"):
        return ()
    found = []
    for part in answer.replace(";", ",").replace("\n", ",").split(","):
        wanted = part.strip().removeprefix("@").casefold()
        if not wanted:
            continue
        numbers = wanted.split()
        if all(n.isascii() and n.isdigit() and 0 < int(n[:3]) <= len(draft.offered) for n in numbers):
            found += [draft.offered[int(n[:3]) - 1] for n in numbers]
            continue
        named = [
            p.id
            for p in here.room.people.values()
            if wanted in (p.name.casefold(), p.id.native.casefold().removeprefix("@"))
        ]
        if len(named) != 1:
            return None
        found += named
    return tuple(dict.fromkeys(found)) or None


def _next(question: Question, by: int = 1) -> Question:
    at = QUESTIONS.index(question) + by
    return QUESTIONS[max(0, min(at, len(QUESTIONS) - 1))]


def _cancelled(draft: Draft, event: CommandGiven, here: Here) -> Decision:
    effects = (unsay(event, draft, here), tell(event, (say("breach-cancelled"),)))
    return Decision(changes=(Drop(key=DRAFT, member=event.by),), effects=effects)


def _clear(event: CommandGiven, here: Here) -> Decision:
    """Take down what stands in the direct chat, after the code was written down."""
    since = here.now - timedelta(hours=24)
    return Decision(
        effects=(
            Unsay(
                room=event.room,
                to=event.by,
                since=since,
                until=here.now,
                last=event.message if event.private else None,
            ),
            tell(event, (say("breach-cleared"),)),
        )
    )
