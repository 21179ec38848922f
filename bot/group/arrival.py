"""The bot comes into a room, and has to leave one."""

import msgspec

from bot.boundary.effects import Announce, Choice, Effect, Part, say
from bot.boundary.events import Due, RoomAdopted
from bot.contract.feature import Decision, Drop, Here, Put, Rows
from bot.group import watch
from bot.group.change import recorded
from bot.group.policy import ERASE_AFTER
from bot.group.records import FACILITATOR_KEY, GROUP_KEY, LOST_KEY, WATCH_KEY, Lost, Watch
from bot.group.reply import alert, tell
from bot.group.standing import encrypted, exposure, lacks, not_asked, repair


def adopted(event: RoomAdopted, here: Here, rows: Rows) -> Decision:
    """An introduction in private to who added the bot; one calm line to the room.

    Nobody is asked anything before `setup` is finished.
    """
    back = here.group.set_up
    changes = (
        Put(record=recorded(here), key=GROUP_KEY),
        Drop(key=LOST_KEY),
        *watch.begin(here, rows),
    )
    start = Choice(label="group-choice-start", name="setup", sub="start")
    effects: list[Effect] = []
    if back:
        effects.append(tell(here, event.by, say("group-back"), *lacks(here), reply=event.reply))
        effects.append(alert(here, "back", say("group-back"), but_not=(event.by,)))
    else:
        words = (say("group-intro"), *encrypted(here), say("group-intro-limits"), *lacks(here))
        words = (*words, *not_asked(here), *exposure(here), *repair(here), _next(event, here))
        effects.append(tell(here, event.by, *words, choices=(start,), reply=event.reply))
        deaf = (say("engine-deaf"),) if here.room.can.deaf else ()
        effects.append(Announce(room=event.room, body=(say("group-announce-here"), *deaf)))
    return Decision(changes=changes, effects=tuple(effects))


def _next(event: RoomAdopted, here: Here) -> Part:
    if here.roles(event.by) & {"administrator", "facilitator"}:
        return say("group-intro-next")
    return say("group-intro-next-other")


def lost(here: Here, rows: Rows) -> Decision:
    """Facilitators are told; what is kept is erased later, unless the bot is added again."""
    if here.group.record is None or rows.get(Lost, LOST_KEY) is not None:
        return Decision()
    watched = rows.get(Watch, WATCH_KEY)
    words = say("group-lost", group=watched.name if watched else "", days=ERASE_AFTER.days)
    return Decision(
        changes=(Put(record=Lost(since=here.now), key=LOST_KEY, due_at=here.now + ERASE_AFTER),),
        effects=(alert(here, "lost", words, *repair(here)),),
    )


def seen(here: Here, rows: Rows) -> Decision:
    """A first look after a start or a gap: the room is guarded by what is true now."""
    changes: list[Put | Drop] = []
    if here.group.record is None:
        # The bot died between coming in and keeping that it did. Whoever manages the room can begin.
        changes.append(Put(record=recorded(here), key=GROUP_KEY))
    if rows.get(Lost, LOST_KEY) is not None:
        changes.append(Drop(key=LOST_KEY))
    looked = watch.look(here, rows)
    return msgspec.structs.replace(looked, changes=(*changes, *looked.changes))


def rung(event: Due, here: Here, rows: Rows) -> Decision:
    """A record's time has come."""
    if event.key == LOST_KEY and rows.get(Lost, LOST_KEY) is not None:
        return Decision(changes=(Drop(key=LOST_KEY),), erase_room=True)
    if event.key == FACILITATOR_KEY and event.member in here.group.named:
        return Decision(changes=(Drop(key=FACILITATOR_KEY, member=event.member),))
    return Decision()
