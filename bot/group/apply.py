"""Applying a set-up, and undoing it."""

import msgspec

from bot.boundary.effects import Announce, Effect, Leave, Name, Part, say
from bot.boundary.events import CommandGiven
from bot.contract.facts import FacilitatorsChanged, Fact, SettingsChanged, SetupFinished, SetupUndone
from bot.contract.feature import Decision, Drop, Here, Put, Rows
from bot.group.change import announced, recorded, with_settings
from bot.group.people import accepted, named, unfit
from bot.group.plan import Plan, holdable
from bot.group.policy import ERASE_AFTER
from bot.group.records import DRAFT_KEY, GROUP_KEY, LOST_KEY, NOMINEE_KEY, Lost, Nominee
from bot.group.reply import answer, news, preview
from bot.group.standing import repair
from bot.group.values import lacking, possible


def apply(event: CommandGiven, here: Here, rows: Rows, plan: Plan) -> Decision:
    """Carry out a plan. Raises `Refused` where its gate cannot be held (any more)."""
    record, first = recorded(here), not here.group.set_up
    gate = plan.settings.get("gate", here.policy.text("gate"))
    if first or "gate" in plan.settings:
        holdable(here, gate)
    changed = {k: v for k, v in plan.settings.items() if v != here.policy.text(k)}
    record = msgspec.structs.replace(
        with_settings(record, plan.settings),
        set_up_at=record.set_up_at or here.now,
        before=record.before or (here.room.snapshot if first else b""),
    )
    changes: list[Put | Drop] = [Put(record=record, key=GROUP_KEY), *cleared(event, rows)]
    effects: list[Effect] = []
    facts: list[Fact] = []
    if changed:
        before = {k: here.policy.text(k) for k in changed}
        facts.append(SettingsChanged(id=event.id, room=event.room, by=event.by, before=before, after=changed))
    if plan.me and event.by not in here.group.facilitators and unfit(here, event.by) is None:
        changes.append(accepted(here, event.by))
        facts.append(FacilitatorsChanged(id=event.id, room=event.room, who=event.by, now=True))
    for who in plan.others or ():
        if who in here.group.facilitators | here.group.named or unfit(here, who):
            continue
        put, question = named(here, who)
        changes.append(put)
        effects.append(question)
    facts.append(SetupFinished(id=event.id, room=event.room, by=event.by, first=first))
    done: tuple[Part, ...] = (say("group-setup-done"),) if first else (say("group-setup-done-again"),)
    if first:
        # Consent tells the room that everybody is asked; a gate that only asks needs no more words.
        changed = {"gate": gate} if gate != "notice" else {}
    effects.extend(announced(here, changed))
    effects.append(news(here, say("group-setup-by-other", who=Name(event.by)), but_not=(event.by,)))
    return answer(
        here,
        event,
        *done,
        *lacking(here.room, gate),
        *repair(here),
        say("group-setup-done-next"),
        changes=tuple(changes),
        effects=tuple(effects),
        facts=tuple(facts),
    )


def cleared(event: CommandGiven, rows: Rows) -> tuple[Drop, ...]:
    """The draft and whom it names go."""
    nominees = (Drop(key=NOMINEE_KEY, member=key.member) for key, _ in rows.each(Nominee))
    return (Drop(key=DRAFT_KEY, member=event.by), *nominees)


def undo(event: CommandGiven, here: Here, rows: Rows) -> Decision:
    """`setup undo`: the room as it was before the first set-up, and leaving if that is wished.

    What the group wrote itself (contacts, its agreement) is kept, so that setting up again is
    short; the gate is not. Facilitators stay facilitators. Refused while the bot could not take
    the gate down.
    """
    record, leave = recorded(here), bool(event.values.get("leave"))
    if not here.group.set_up and not leave:
        return answer(here, event, say("group-undo-nothing"))
    gate = here.policy.text("gate")
    if not leave and not possible(here.room.can, gate):
        # What could not be put back now would stay as it is, with nobody to mend it later.
        return answer(here, event, say("group-undo-powerless", gate=gate), *lacking(here.room, gate))
    if not event.confirmed:
        parts: list[Part] = []
        if here.group.set_up:
            parts.append(say("group-undo-preview", people=len(here.room.humans())))
            if not record.before:
                parts.append(say("group-undo-unknown"))
        if leave:
            parts.append(say("group-undo-leave", days=ERASE_AFTER.days))
        return preview(here, event, *parts)
    changes: list[Put | Drop] = list(cleared(event, rows))
    effects: list[Effect] = []
    facts: list[Fact] = []
    if here.group.set_up:
        settings = {k: v for k, v in record.settings.items() if k != "gate"}
        undone = msgspec.structs.replace(
            record,
            set_up_at=None,
            before=b"",
            settings=settings,
            settings_version=record.settings_version + 1,
        )
        changes.append(Put(record=undone, key=GROUP_KEY))
        facts.append(SetupUndone(id=event.id, room=event.room, by=event.by, before=record.before))
        effects.append(Announce(room=event.room, body=(say("group-announce-undone"),)))
        effects.append(news(here, say("group-undo-by-other", who=Name(event.by)), but_not=(event.by,)))
    if leave:
        changes.append(Put(record=Lost(since=here.now), key=LOST_KEY, due_at=here.now + ERASE_AFTER))
        effects.append(Leave(room=event.room))
    done = say("group-undo-left", days=ERASE_AFTER.days) if leave else say("group-undo-done")
    return answer(here, event, done, changes=tuple(changes), effects=tuple(effects), facts=tuple(facts))
