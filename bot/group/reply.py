"""Answering who gave a command, and asking for `confirm`."""

from bot.boundary.effects import AlertFacilitators, Choice, Effect, Part, Whisper
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId, ReplyHandle
from bot.contract.facts import Fact
from bot.contract.feature import Decision, Drop, Here, Put


def answer(
    here: Here,
    event: CommandGiven,
    *parts: Part,
    choices: tuple[Choice, ...] = (),
    changes: tuple[Put | Drop, ...] = (),
    effects: tuple[Effect, ...] = (),
    facts: tuple[Fact, ...] = (),
    awaits_confirm: bool = False,
) -> Decision:
    """A private answer to who gave the command, and what else follows from it."""
    told = Whisper(room=here.room.id, to=event.by, body=parts, choices=choices, reply=event.reply)
    return Decision(changes=changes, effects=(told, *effects), facts=facts, awaits_confirm=awaits_confirm)


def preview(here: Here, event: CommandGiven, *parts: Part) -> Decision:
    """What would change; nothing does before `confirm`."""
    yes = Choice(
        label="group-choice-confirm",
        name=event.name,
        sub=event.sub,
        values=event.values,
        confirmed=True,
    )
    return answer(here, event, *parts, choices=(yes,), awaits_confirm=True)


def tell(
    here: Here,
    who: MemberId,
    *parts: Part,
    choices: tuple[Choice, ...] = (),
    reply: ReplyHandle | None = None,
) -> Whisper:
    """Words for somebody who did not ask for them, in private."""
    return Whisper(room=here.room.id, to=who, body=parts, choices=choices, reply=reply)


def alert(here: Here, subject: str, *parts: Part, but_not: tuple[MemberId, ...] = ()) -> AlertFacilitators:
    """Words for each facilitator, in private."""
    return AlertFacilitators(room=here.room.id, subject=subject, body=parts, but_not=but_not)


def news(here: Here, *parts: Part, but_not: tuple[MemberId, ...] = ()) -> AlertFacilitators:
    """An alert that is never swallowed by an earlier one: it has a subject of its own."""
    return alert(here, f"news-{here.stamp.ids[0]}", *parts, but_not=but_not)
