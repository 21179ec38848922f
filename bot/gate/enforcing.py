"""`group enforce` and `group open`: what a facilitator decides about those who are inside."""

from bot.boundary.capabilities import Person
from bot.boundary.effects import Announce, Body, Choice, Effect, Remove, SetGate, Whisper, say
from bot.boundary.events import CommandGiven
from bot.contract.facts import GateOpened
from bot.contract.feature import Decision, Drop, Here, Put
from bot.gate.passes import DOOR, LEVELS, Passes, hold_back, how_held, to_mend
from bot.gate.records import GATE, MEETING, GateState, Leaving, Meeting
from bot.gate.steering import name_each

ENFORCE = Choice(label="gate-choice-enforce", name="group", sub="enforce")


def enforce(passes: Passes, event: CommandGiven, here: Here) -> Decision:
    """Apply the gate to those who were here before and have not agreed: after showing how many."""
    gate = passes.state.gate
    if gate == "notice":
        return _answer(event, (say("gate-enforce-notice"),))
    if passes.rows.get(Meeting, MEETING) is not None:
        return _answer(event, (say("gate-enforce-meeting"),))
    if how_held(gate, here.room) == "no":
        if gate == "door":
            return _answer(event, (say("gate-cannot-door"), *to_mend(here, DOOR)))
        return _answer(event, (say("gate-cannot-mute"), *to_mend(here, LEVELS)))
    found = tuple(p for p in here.room.inside() if passes.enforceable(p, here.now))
    if not found:
        return _answer(event, (say("gate-enforce-nobody"),))
    if gate == "door" and any(p.id == event.by for p in found):
        # Whoever shuts themselves out leaves nobody inside who could open.
        return _answer(event, (say("gate-enforce-you-first"),))
    if event.confirmed:
        return _enforce_now(passes, event, here, found)
    return _preview(passes, event, found)


def _preview(passes: Passes, event: CommandGiven, found: tuple[Person, ...]) -> Decision:
    people = sum(p.kind == "human" for p in found)
    others = tuple(p for p in found if p.kind != "human")
    body: Body = (say("gate-enforce-preview", count=people),)
    if others:
        body += (say("gate-enforce-preview-bots", count=len(others)), *name_each(others))
    door = passes.state.gate == "door"
    body += (say("gate-enforce-what-door") if door else say("gate-enforce-what-mute"),)
    if any(p.id == event.by for p in found):
        body += (say("gate-enforce-you"),)
    body += (say("gate-enforce-how"),)
    confirm = Choice(label="gate-choice-enforce-now", name="group", sub="enforce", confirmed=True)
    whisper = Whisper(room=event.room, to=event.by, body=body, choices=(confirm,), reply=event.reply)
    return Decision(effects=(whisper,), awaits_confirm=True)


def _enforce_now(passes: Passes, event: CommandGiven, here: Here, found: tuple[Person, ...]) -> Decision:
    door = passes.state.gate == "door"
    changes: list[Put | Drop] = []
    guards: list[Effect] = []
    words: list[Effect] = []
    for person in sorted(found, key=lambda p: p.id):
        changes += [Drop(key="pass", member=person.id), Drop(key="guest", member=person.id)]
        if door:
            changes.append(Put(record=Leaving(until=here.now), key="leaving", member=person.id))
            guards.append(Remove(room=event.room, who=person.id))
        else:
            guards.extend(hold_back(passes.state, here, person.id))
        if person.kind == "human":
            body: Body = (say("gate-enforced-door"),) if door else (say("gate-enforced-mute"),)
            word = Whisper(room=event.room, to=person.id, body=body, unasked=True, subject="gate")
            words.append(word)
    done = _answer(event, (say("gate-enforce-done", count=sum(p.kind == "human" for p in found)),))
    return Decision(changes=tuple(changes), effects=(*guards, *done.effects, *words))


def open_gate(passes: Passes, event: CommandGiven, here: Here) -> Decision:
    """Emergency: every gate off, at once. It is done natively even where none should be up."""
    state = GateState(gate="notice", held="open", room=here.room.id.native)
    down = SetGate(room=event.room, gate="notice")
    if passes.state.gate == "notice":
        answer = _answer(event, (say("gate-open-already"),))
        return Decision(changes=(Put(record=state, key=GATE),), effects=(down, *answer.effects))
    told = Announce(room=event.room, body=(say("gate-open-room"),))
    answer = _answer(event, (say("gate-open-done"),))
    return Decision(
        changes=(Put(record=state, key=GATE),),
        effects=(down, told, *answer.effects),
        facts=(GateOpened(id=event.id, room=event.room, by=event.by),),
    )


def _answer(event: CommandGiven, body: Body) -> Decision:
    return Decision(effects=(Whisper(room=event.room, to=event.by, body=body, reply=event.reply),))
