"""Putting right what does not stand as it should: after a start, a gap, or a change of powers."""

from bot.boundary.effects import AlertFacilitators, Effect, say
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put
from bot.gate.passes import Passes, how_held, let_take_part
from bot.gate.records import GATE, KEPT, GateState, Pass
from bot.gate.steering import set_gate


def reconciled(passes: Passes, here: Here) -> Decision:
    """Compare the room with what is recorded, and only ever give.

    Nobody loses speech or place because the bot was away, or because its power went or came back
    (law 8). What people did by hand meanwhile stays. Powers that went are told by the feature
    `group`, which knows what was told before.
    """
    if not passes.begun or not here.room.people:
        return NOTHING
    state, can = passes.state, how_held(passes.state.gate, here.room)
    away = _away_and_back(passes, here)
    if can == "no":
        return Decision(changes=away)
    mended = state.held == "no" or (state.held == "takedown" and can == "levels")
    if mended or state.room != here.room.id.native:
        state = GateState(gate=state.gate, held=can, room=here.room.id.native)
        effects = set_gate(passes, here, state) if mended or state.gate != "notice" else ()
        return Decision(changes=(*away, Put(record=state, key=GATE)), effects=effects)
    came, told = _came_by_hand(passes, here)
    return Decision(changes=(*away, *came), effects=(*_give_back(passes, here), *told))


def lost(passes: Passes) -> Decision:
    """The bot is outside: what becomes of the gate there is not known. It is put right on coming back."""
    if not passes.begun:
        return NOTHING
    state = GateState(gate=passes.state.gate, held="no", room=passes.state.room)
    return Decision(changes=(Put(record=state, key=GATE),))


def _away_and_back(passes: Passes, here: Here) -> tuple[Put | Drop, ...]:
    """Who is not in the room any more keeps a pass for a while; who is back keeps it for good.

    An agreement is not kept here: consent knows how long it holds, and says so when they come back.
    """
    changes: list[Put | Drop] = []
    for key, held in passes.rows.held.items():
        if key.member is None or key.key not in ("pass", "guest", "taken", "leaving"):
            continue
        if key.member in here.room.people:
            if held.delete_at is not None:
                changes.append(Put(record=held.record, key=key.key, member=key.member, due_at=held.due_at))
        elif key.key == "leaving" or (key.key == "pass" and passes.agreed(key.member)):
            changes.append(Drop(key=key.key, member=key.member))
        elif held.delete_at is None:
            until = here.now + KEPT
            changes.append(
                Put(
                    record=held.record,
                    key=key.key,
                    member=key.member,
                    due_at=held.due_at,
                    delete_at=until,
                )
            )
    return tuple(changes)


def _give_back(passes: Passes, here: Here) -> tuple[Effect, ...]:
    """Let those speak or come in who may, and whom the room holds back."""
    state = passes.state
    effects: list[Effect] = []
    for person in sorted(here.room.people.values(), key=lambda p: p.id):
        silent = state.gate == "mute" and person.presence == "inside" and not person.may_speak
        outside = state.gate == "door" and person.presence == "knocking"
        if (silent or outside) and passes.holds(person.id) and not passes.taken(person.id):
            effects.extend(let_take_part(state, here, person.id))
    return tuple(effects)


def _came_by_hand(passes: Passes, here: Here) -> tuple[tuple[Put, ...], tuple[Effect, ...]]:
    """Under `door`, who is inside without a pass was let in by hand while nobody looked.

    INTERFACE.md, "By hand": it counts as a guest pass, and facilitators are told once.
    """
    if passes.state.gate != "door":
        return (), ()
    came = sorted(
        p.id for p in here.room.inside() if not passes.holds(p.id) and not passes.on_the_way_out(p.id)
    )
    if not came:
        return (), ()
    record = Pass(kind="hand", since=here.now)
    body = (say("gate-came-meanwhile", count=len(came)),)
    alert = AlertFacilitators(room=here.room.id, subject="gate-came", body=body)
    return tuple(Put(record=record, key="pass", member=who) for who in came), (alert,)
