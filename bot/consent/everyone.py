"""What concerns everybody at once: the set-up, a change of the terms, the first look at a room."""

from msgspec.structs import replace

from bot.boundary.effects import Announce, Choice, Doorbell, Effect, say
from bot.boundary.events import Event
from bot.boundary.ids import MemberId
from bot.consent.asking import ask, keep, standing_of
from bot.consent.happening import came
from bot.consent.records import STANDING, TERMS, Standing
from bot.consent.retention import leave, stay
from bot.consent.terms import Terms, up_to_date
from bot.consent.timing import at_door, inside, next_due, owes
from bot.contract.feature import NOTHING, Decision, Drop, Here, Key, Put, Rows


def ask_everyone(rows: Rows, here: Here, terms: Terms, *, first: bool) -> Decision:
    """The set-up is finished: everybody inside is asked, each alone, and the room told neutrally."""
    changes: list[Put | Drop] = [*terms.puts]
    effects: list[Effect] = []
    for number, person in enumerate(here.room.humans()):
        standing = standing_of(rows, person.id, here, number)
        over = standing.left_at is not None and standing.consent is None  # from before an undone set-up
        if standing.asked == 0 or over:
            back = replace(standing, left_at=None)
            put, whisper = ask("before", person.id, back, terms.record, here)
            changes += (*stay(rows, person.id), put) if over else (put,)
            effects.append(whisper)
        elif standing.left_at is not None:
            changes.append(_soon(rows, person.id, standing, here))
        elif owes(standing, terms.record):
            changes.append(keep(person.id, standing, terms.record, here))
    if first:
        start = Choice(label="consent-choice-start", name="consent", sub="show")
        deaf = (say("engine-deaf"),) if here.room.can.deaf else ()
        asked = (*deaf, say("consent-room-asked"))
        if here.room.can.doorbell:
            effects.insert(0, doorbell(here))
        else:
            effects.insert(0, Announce(room=here.room.id, body=asked, choices=(start,)))
    return Decision(changes=tuple(changes), effects=tuple(effects))


def doorbell(here: Here) -> Doorbell:
    """What stands where newcomers see it, for as long as the group is set up. Neutral: it names nobody."""
    start = Choice(label="consent-choice-start", name="consent", sub="show")
    return Doorbell(room=here.room.id, body=(say("consent-bell"),), choices=(start,))


def ask_again(rows: Rows, here: Here, terms: Terms) -> Decision:
    """Something changed: whoever has to be asked for it gets a timer, which asks outside quiet hours."""
    again = (
        keep(key.member, standing, terms.record, here)
        for key, standing in rows.each(Standing)
        if key.member is not None and inside(here, key.member) and owes(standing, terms.record)
    )
    return Decision(changes=(*terms.puts, *(again if terms.new else ())))


def new_facilitator(rows: Rows, who: MemberId, here: Here, terms: Terms) -> Decision:
    """Everybody is asked again: but not about one whom they were told to expect, and not the new
    facilitator about themselves."""
    was = terms.record
    if was.awaited:
        return Decision(changes=(Put(record=replace(was, awaited=was.awaited - 1), key=TERMS),))
    now = up_to_date(rows, here, "facilitator")
    own = rows.get(Standing, STANDING, who)
    if own is None or own.consent is None or not own.holds(was.round):
        return ask_again(rows, here, now)
    own = replace(own, asked=now.record.round, consent=replace(own.consent, round=now.record.round))
    rest = Rows({k: h for k, h in rows.held.items() if k != Key(who, STANDING)})
    others = ask_again(rest, here, now)
    return Decision(changes=(*others.changes, keep(who, own, now.record, here)))


def look(rows: Rows, event: Event, here: Here, terms: Terms) -> Decision:
    """First look after a start or a gap: who came is asked, who left is marked, timers run again."""
    changes: list[Put | Drop] = [*terms.puts]
    effects: list[Effect] = []
    if not here.room.people:
        return NOTHING  # the bot is not inside: that says nothing about anybody
    for number, person in enumerate(here.room.people.values()):
        if person.kind != "human" or not (inside(here, person.id) or at_door(here, person.id)):
            continue
        held = rows.held.get(Key(person.id, STANDING))
        standing = rows.get(Standing, STANDING, person.id)
        if held is None or standing is None or standing.asked == 0:
            found = came(rows, event, person.id, here, terms, number)
            changes += found.changes
            effects += found.effects
        elif inside(here, person.id) and standing.left_at is not None:
            changes.append(_soon(rows, person.id, standing, here))
        elif (held.due_at is None and next_due(person.id, standing, terms.record, here) is not None) or (
            terms.new and owes(standing, terms.record)
        ):
            changes.append(keep(person.id, standing, terms.record, here))
    for key, standing in rows.each(Standing):
        if key.member is not None and key.member not in here.room.people:
            changes += leave(rows, key.member, standing, here)
    return Decision(changes=tuple(changes), effects=tuple(effects))


def _soon(rows: Rows, who: MemberId, standing: Standing, here: Here) -> Put:
    """Looked at in a turn of their own: each coming back is a fact, and a turn has room for few."""
    held = rows.held.get(Key(who, STANDING))
    return Put(
        record=standing, key=STANDING, member=who, due_at=here.now, delete_at=held.delete_at if held else None
    )


def end_all(rows: Rows, here: Here) -> Decision:
    """The set-up was undone: nobody is asked or reminded, and what is kept ends as if all had left."""
    changes: list[Put | Drop] = []
    for key, standing in rows.each(Standing):
        if key.member is not None:
            changes += leave(rows, key.member, standing, here)
    return Decision(changes=tuple(changes))


def ask_the_door(rows: Rows, event: Event, here: Here, terms: Terms) -> Decision:
    """Whoever knocked before the gate became a door is asked now."""
    changes: list[Put | Drop] = []
    effects: list[Effect] = []
    for number, person in enumerate(here.room.people.values()):
        if at_door(here, person.id) and rows.get(Standing, STANDING, person.id) is None:
            found = came(rows, event, person.id, here, terms, number)
            changes += found.changes
            effects += found.effects
    return Decision(changes=tuple(changes), effects=tuple(effects))
