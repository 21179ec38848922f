"""`pause`: everyone is reminded, facilitators are asked to look, and nobody learns who asked."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from bot.boundary.effects import AlertFacilitators, Announce, Choice, Part, When, Whisper, say
from bot.boundary.events import CommandGiven, Event
from bot.boundary.ports import Read
from bot.contract.feature import NOTHING, Decision, Here, Put, Rows, all_of
from bot.pause.records import ASKED, PAUSED, Asked, Paused

NAME = "pause"

EVERY = timedelta(minutes=10)
"""How often one person can ask for a pause."""
TOGETHER = timedelta(minutes=2)
"""Several who ask so close together have asked for the same pause (ours)."""
MUTED_FOR = timedelta(hours=24)
"""How long somebody who misuses pauses cannot ask for one (ours)."""
CODE_LENGTH = 8
"""Hex characters of a pause's code: enough for the pauses of one day in one group, and no name."""


def wants(event: Event, _summary: object) -> bool:
    """Its own command alone."""
    return isinstance(event, CommandGiven) and event.name == NAME


def reads(event: Event) -> Sequence[Read]:
    """All of it: a row for each person who asked within a day."""
    return (all_of(NAME, event.room),)


def decide(rows: Rows, event: Event, here: Here) -> Decision:
    """Answer the command."""
    match event:
        case CommandGiven(sub="mute"):
            return mute(rows, event, here)
        case CommandGiven():
            return pause(rows, event, here)
        case _:
            return NOTHING


def pause(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """Pause the room. The words to all are the same whoever asked (law 3)."""
    person = here.room.people.get(event.by)
    if person is None or person.presence != "inside":
        return _said(event, say("pause-outside"))
    if not here.group.set_up:
        return _said(event, say("pause-not-set-up"))
    mine = rows.get(Asked, ASKED, event.by)
    if mine is not None and mine.muted_until is not None and here.now < mine.muted_until:
        return _said(event, say("pause-muted", until=When(mine.muted_until)))
    if mine is not None and timedelta(0) <= here.now - mine.at < EVERY:
        return _said(event, say("pause-once", at=When(mine.at + EVERY)))
    last = rows.get(Paused, PAUSED)
    if last is not None and timedelta(0) <= here.now - last.at < TOGETHER:
        return _said(event, say("pause-just-now"))
    code = here.stamp.ids[0][:CODE_LENGTH]
    earlier = {**mine.before, mine.code: mine.at} if mine is not None else {}
    before = {known: at for known, at in earlier.items() if here.now - at < MUTED_FOR}
    changes = (
        Put(
            record=Asked(at=here.now, code=code, before=before),
            key=ASKED,
            member=event.by,
            delete_at=here.now + MUTED_FOR,
        ),
        Put(record=Paused(at=here.now), key=PAUSED, delete_at=here.now + MUTED_FOR),
    )
    stop = Choice(label="pause-choice-mute", name=NAME, sub="mute", values={"pause": code})
    # A subject of its own: each pause is somebody's call, also the second within ten minutes. Who
    # asked is told like all other facilitators, or their silence would name them.
    alert = AlertFacilitators(
        room=event.room,
        subject=f"pause-{code}",
        body=(say("pause-facilitators"), say("pause-facilitators-mute", code=code)),
        choices=(stop,),
    )
    room = Announce(room=event.room, body=(say("pause-room"),))
    return Decision(changes=changes, effects=(room, alert, *_said(event, say("pause-done")).effects))


def mute(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """Whoever asked for that pause asks for no more today. Nobody learns who it is, nor do they hear
    of it before they ask again."""
    code = event.values["pause"].strip("`").casefold()
    until = here.now + MUTED_FOR
    for key, asked in rows.each(Asked):
        recent = asked.code, *(known for known, at in asked.before.items() if here.now - at < MUTED_FOR)
        if code in recent and key.member is not None:
            muted = Put(
                record=replace(asked, muted_until=until), key=ASKED, member=key.member, delete_at=until
            )
            words = say("pause-mute-done", until=When(until))
            return Decision(changes=(muted,), effects=_said(event, words).effects)
    return _said(event, say("pause-mute-unknown"))


def _said(event: CommandGiven, words: Part) -> Decision:
    return Decision(effects=(Whisper(room=event.room, to=event.by, body=(words,), reply=event.reply),))
