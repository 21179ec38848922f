"""Putting a gate up and taking it down: setup, a changed setting, and setup undone."""

from bot.boundary.capabilities import Gate, Person
from bot.boundary.effects import AlertFacilitators, Effect, Name, RestoreRoom, SetGate, Words, say
from bot.boundary.ids import MemberId
from bot.contract.facts import SettingsChanged, SetupFinished, SetupUndone
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put
from bot.gate.passes import DOOR, LEVELS, Passes, how_held, to_mend
from bot.gate.policy import MOST_NAMED
from bot.gate.records import GATE, GateState, Pass

DAMAGED = "gate"
"""The ability of a `Missing` that says: what the gate had put up was changed by hand."""

NOBODY: frozenset[MemberId] = frozenset()


def set_up(passes: Passes, event: SetupFinished, here: Here) -> Decision:
    """Setup was finished: everybody who is inside keeps what they had, and the gate guards newcomers.

    Bots and bridge ghosts keep it too, as nobody is silenced by setting up; they are counted and
    named to facilitators, who can exempt them for good.
    """
    gate: Gate = here.policy.gate
    if gate == passes.state.gate and (passes.begun or not event.first):
        if any(missing.ability == DAMAGED for missing in here.room.missing):
            return mended(passes, here)
        return NOTHING  # the change of the setting itself came first, in the same turn
    return put_up(passes, here, gate)


def mended(passes: Passes, here: Here) -> Decision:
    """What somebody changed or removed by hand is put back on request, for those who may take part."""
    state = GateState(
        gate=passes.state.gate, held=how_held(passes.state.gate, here.room), room=here.room.id.native
    )
    return Decision(changes=(Put(record=state, key=GATE),), effects=set_gate(passes, here, state))


def changed(passes: Passes, event: SettingsChanged, here: Here) -> Decision:
    """The setting `gate` took a new value: it guards newcomers; who is inside keeps what they had."""
    gate: Gate = here.policy.gate
    if not here.group.set_up or "gate" not in event.after or gate == passes.state.gate:
        return NOTHING
    return put_up(passes, here, gate)


def put_up(passes: Passes, here: Here, gate: Gate) -> Decision:
    """Put this gate up; `notice` takes down what is up."""
    before = passes.state
    grace = frozenset(
        p.id for p in here.room.inside() if not passes.holds(p.id) and not passes.may_undo(p.id, here.now)
    )
    record = Pass(kind="grace", since=here.now)
    state = GateState(gate=gate, held=how_held(gate, here.room), room=here.room.id.native)
    effects: tuple[Effect, ...] = ()
    if gate != "notice":
        effects = (*set_gate(passes, here, state, grace), *_tell_of_bots(here))
    elif before.gate != "notice" or before.held == "no":
        effects = set_gate(passes, here, state, grace)
    return Decision(
        changes=(
            Put(record=state, key=GATE),
            *(Put(record=record, key="pass", member=who) for who in sorted(grace)),
            *(Drop(key="leaving", member=who) for who in sorted(grace) if passes.on_the_way_out(who)),
        ),
        effects=effects,
    )


def set_gate(
    passes: Passes, here: Here, state: GateState, besides: frozenset[MemberId] = NOBODY
) -> tuple[Effect, ...]:
    """The gate as `state` says: under `mute` for those inside who may take part, and those `besides`.

    Where the power is missing, facilitators are told what to mend instead.
    """
    if state.held == "no":
        return (cannot_hold(here, state.gate),)
    inside = sorted(
        p.id for p in here.room.inside() if (passes.holds(p.id) or p.id in besides) and not passes.taken(p.id)
    )
    # Without a gate there is nobody to name: who had a pass is nothing that the platform has to know.
    named = tuple(inside) if state.gate != "notice" else ()
    return (SetGate(room=here.room.id, gate=state.gate, inside=named),)


def cannot_hold(here: Here, gate: Gate) -> Effect:
    """Tell facilitators that the gate does not stand as it should, and what to mend."""
    body = (
        (say("gate-cannot-door"), *to_mend(here, DOOR))
        if gate == "door"
        else (say("gate-cannot-mute"), *to_mend(here, LEVELS))
    )
    return AlertFacilitators(room=here.room.id, subject="powers", body=body)


def name_each(others: tuple[Person, ...]) -> tuple[Words, ...]:
    """Bots and ghosts by name, a line each; of very many only the first."""
    lines = [
        say("gate-name-bot", who=Name(p.id)) if p.kind == "bot" else say("gate-name-ghost", who=Name(p.id))
        for p in sorted(others, key=lambda p: p.id)[:MOST_NAMED]
    ]
    if len(others) > MOST_NAMED:
        lines.append(say("gate-name-more", count=len(others) - MOST_NAMED))
    return tuple(lines)


def _tell_of_bots(here: Here) -> tuple[Effect, ...]:
    others = tuple(p for p in here.room.inside() if p.kind != "human")
    if not others:
        return ()
    bots = sum(p.kind == "bot" for p in others)
    body = (say("gate-bots", bots=bots, ghosts=len(others) - bots), *name_each(others), say("gate-bots-next"))
    return (AlertFacilitators(room=here.room.id, subject="gate-bots", body=body),)


def undone(passes: Passes, event: SetupUndone, here: Here) -> Decision:
    """`setup undo`: the room as it was before the first set-up, and no pass is kept."""
    effects: tuple[Effect, ...] = ()
    if event.before:
        effects = (RestoreRoom(room=here.room.id, snapshot=event.before),)
    elif passes.state.gate != "notice" or passes.state.held == "no":
        effects = (SetGate(room=here.room.id, gate="notice"),)
    return Decision(
        changes=tuple(Drop(key=key.key, member=key.member) for key in passes.rows.held), effects=effects
    )
