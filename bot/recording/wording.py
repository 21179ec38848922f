"""What is said about recording."""

from bot.boundary.effects import (
    Announce,
    Body,
    Choice,
    Effect,
    Lasting,
    Name,
    Part,
    SetStatus,
    When,
    Words,
    say,
)
from bot.boundary.ids import MemberId
from bot.contract.feature import Here, Rows
from bot.recording.present import may_record
from bot.recording.records import STATE, Ask, Asked, State

LOOK = Choice(label="recording-choice-look", name="recording", sub="show")
AGREE = Choice(label="recording-choice-agree", name="recording", sub="agree")
DECLINE = Choice(label="recording-choice-decline", name="recording", sub="decline")
STOP = Choice(label="recording-choice-stop", name="recording", sub="stop")
DELETE = Choice(label="recording-choice-delete", name="recording", sub="stop")


def asked_now(rows: Rows, state: State) -> tuple[MemberId, Ask] | None:
    """Who asked the question that is open or was agreed to, and what for. None: they are forgotten."""
    for key, ask in rows.each(Ask):
        if key.member is not None and ask.ask == state.ask:
            return key.member, ask
    return None


def what(state: State) -> Words:
    """What would be recorded."""
    return say("recording-what-call") if state.scope == "call" else say("recording-what-text")


def terms(state: State, by: MemberId, ask: Ask) -> Body:
    """For what, for whose eyes, for how long, and in whose hands."""
    return (
        what(state),
        say("recording-purpose", purpose=ask.purpose),
        say("recording-viewers", viewers=ask.viewers),
        say("recording-days", lasting=Lasting(ask.days * 86400)),
        say("recording-keeper", who=Name(by)),
    )


def question(state: State, by: MemberId, ask: Ask) -> Body:
    """The question to everyone present."""
    assert state.until is not None
    return (
        say("recording-question", who=Name(by)),
        *terms(state, by, ask),
        say("recording-question-free"),
        say("recording-question-until", until=When(state.until)),
    )


def cannot_see(here: Here) -> Body:
    """What of recorders can be seen here and what cannot: the same words wherever it is said."""
    seen: Part = say("recording-sees-calls") if here.room.can.calls_seen else say("recording-sees-no-calls")
    return seen, say("recording-cannot-see")


def shown(rows: Rows, who: MemberId, here: Here, private: bool) -> tuple[Body, tuple[Choice, ...]]:
    """The answer to `recording`: whether anyone may record right now, and why."""
    state = rows.get(State, STATE)
    found = asked_now(rows, state) if state else None
    if state and found and may_record(rows, here.room):
        return (say("recording-allowed-now"), *terms(state, *found), *cannot_see(here)), (STOP,)
    if state and found and state.phase == "asking" and state.until and here.now < state.until:
        mine = rows.get(Asked, "asked", who)
        if private and mine is not None and mine.ask == state.ask:
            return question(state, *found), (AGREE, DECLINE)
        until = say("recording-asking-now", until=When(state.until))
        return (say("recording-no-now"), until, *cannot_see(here)), ()
    return (say("recording-no-now"), say("recording-no-why"), *cannot_see(here)), ()


def status(here: Here, line: Words | None) -> tuple[Effect, ...]:
    """The standing line of the call, where there is such a thing."""
    return (SetStatus(room=here.room.id, line=line),) if here.room.can.status else ()


def told(here: Here, *body: Part, choices: tuple[Choice, ...] = ()) -> Announce:
    """Words for everybody in the room."""
    return Announce(room=here.room.id, body=body, choices=choices)


NO = say("recording-status-no")
YES = say("recording-status-yes")
