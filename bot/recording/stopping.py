"""The end of a permission, and taking a consent back afterwards."""

from msgspec.structs import replace

from bot.boundary.effects import Effect, When, Whisper, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put, Rows
from bot.recording import wording
from bot.recording.asking import said
from bot.recording.present import covered, may_record
from bot.recording.records import (
    ASK,
    ASKED,
    CALL,
    STATE,
    Agreed,
    Ask,
    Asked,
    Call,
    Kept,
    State,
    kept_key,
)
from bot.recording.wording import DELETE, told


def end(rows: Rows, here: Here) -> Decision:
    """Nobody may record from now on. The words are the same whatever the cause (law 3)."""
    state = rows.get(State, STATE)
    if state is None or state.phase != "allowed":
        return NOTHING
    over = Put(record=replace(state, phase="over"), key=STATE)
    wishes = tuple(Drop(key=ASK, member=key.member) for key, _ in rows.each(Ask))
    effects = (told(here, say("recording-stopped")), *wording.status(here, wording.NO))
    return Decision(changes=(over, *wishes), effects=effects)


def still_holds(rows: Rows, here: Here) -> Decision:
    """Somebody may have come who never agreed to this, or can read along: then it is over."""
    state = rows.get(State, STATE)
    if state is None or state.phase != "allowed" or not here.room.people:
        return NOTHING
    return NOTHING if may_record(rows, here.room) else end(rows, here)


def stop(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """Anybody, at any time, at once, with no reason asked."""
    state = rows.get(State, STATE)
    mine = [agreed for key, agreed in rows.each(Agreed) if key.member == event.by]
    if state is not None and state.phase == "allowed":
        over = end(rows, here)
        choices = (DELETE,) if mine else ()
        words = (say("recording-you-stopped"), *((say("recording-you-can-delete"),) if mine else ()))
        answer = Whisper(room=event.room, to=event.by, body=words, choices=choices, reply=event.reply)
        return Decision(changes=over.changes, effects=(*over.effects, answer))
    if state is not None and state.phase == "asking":
        until = When(state.until or here.now)
        noted = Put(record=replace(state, stopped=True), key=STATE, due_at=state.until)
        return Decision(
            changes=(noted,), effects=said(event, say("recording-stop-noted", until=until)).effects
        )
    if mine:
        return withdraw(rows, event, here)
    return said(event, say("recording-nothing-to-stop"))


def withdraw(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """Taking back what one agreed to: who keeps the recording is told to delete it, not by whom."""
    changes, effects = _taken_back(rows, event.by, here)
    gone = tuple(Drop(key=k.key, member=k.member) for k, _ in rows.each(Agreed) if k.member == event.by)
    return Decision(
        changes=(*gone, *changes), effects=(*effects, *said(event, say("recording-withdrawn")).effects)
    )


def _taken_back(rows: Rows, who: MemberId, here: Here) -> tuple[tuple[Put, ...], tuple[Effect, ...]]:
    """Every keeper of what this person agreed to, told once to delete it."""
    changes: list[Put] = []
    effects: list[Effect] = []
    asks = {agreed.ask for key, agreed in rows.each(Agreed) if key.member == who}
    for key, kept in rows.each(Kept):
        if kept.ask in asks and key.member is not None and not kept.told:
            held = rows.held[key]
            changes.append(
                Put(
                    record=replace(kept, told=True),
                    key=key.key,
                    member=key.member,
                    due_at=held.due_at,
                    delete_at=held.delete_at,
                )
            )
            words = say("recording-delete", at=When(kept.at), purpose=kept.purpose)
            effects.append(Whisper(room=here.room.id, to=key.member, body=(words,)))
    return tuple(changes), tuple(effects)


def forgotten(rows: Rows, who: MemberId, here: Here) -> Decision:
    """Somebody had everything about them erased: their consents are taken back by it."""
    state = rows.get(State, STATE)
    changes, effects = _taken_back(rows, who, here)
    changes = tuple(c for c in changes if c.member != who)  # what is erased is not written again
    if state is None or state.phase != "allowed":
        return Decision(changes=changes, effects=effects)
    found = wording.asked_now(rows, state)
    if who not in covered(rows, state) and (found is None or found[0] != who):
        return Decision(changes=changes, effects=effects)
    over = end(rows, here)
    return Decision(changes=(*over.changes, *changes), effects=(*over.effects, *effects))


def agreement_ended(rows: Rows, who: MemberId, here: Here) -> Decision:
    """Somebody present has not agreed to the group's agreement any more: recording is not allowed."""
    state = rows.get(State, STATE)
    if state is None or state.phase != "allowed" or who not in covered(rows, state):
        return NOTHING
    return end(rows, here)


def session_over(rows: Rows, here: Here) -> Decision:
    """It ends with the meeting, and so does an open question; answers are not kept."""
    state = rows.get(State, STATE)
    if state is None:
        return NOTHING
    changes = (
        Drop(key=STATE),
        *(Drop(key=ASKED, member=key.member) for key, _ in rows.each(Asked)),
        *(Drop(key=ASK, member=key.member) for key, _ in rows.each(Ask)),
    )
    effects: list[Effect] = []
    if here.room.people:
        if state.phase == "allowed":
            effects.append(told(here, say("recording-over-with-session")))
        if state.phase == "asking":
            effects.append(told(here, say("recording-question-over")))
        call = rows.get(Call, CALL)
        calling = call is not None and not call.over
        effects += wording.status(here, wording.NO if calling else None)
    return Decision(changes=changes, effects=tuple(effects))


def delete_now(rows: Rows, who: MemberId, ask: str, here: Here) -> Decision:
    """The day has come on which a recording must be gone."""
    kept = rows.get(Kept, kept_key(ask), who)
    if kept is None or kept.told:
        return NOTHING
    held = rows.held[next(k for k in rows.held if k.member == who and k.key == kept_key(ask))]
    words = say("recording-delete-today", at=When(kept.at), purpose=kept.purpose)
    done = Put(record=replace(kept, told=True), key=kept_key(ask), member=who, delete_at=held.delete_at)
    return Decision(changes=(done,), effects=(Whisper(room=here.room.id, to=who, body=(words,)),))
