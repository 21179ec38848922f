"""Doing what the engine asks for, and saying what happened by it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, assert_never

import msgspec

from adapters.playground import words
from adapters.playground.calls import changed, deafen, hang_up, room_of
from adapters.playground.names import fresh, member
from adapters.playground.state import KEEPER, Someone
from adapters.playground.world import World
from bot.boundary.capabilities import Gate
from bot.boundary.commands import Command
from bot.boundary.effects import (
    Admit,
    Attachment,
    BlockRecorder,
    Hold,
    Leave,
    Remove,
    RestoreRoom,
    SetGate,
    SetHearing,
    TakeDown,
    Unsay,
)
from bot.boundary.errors import Undeliverable, Unsupported
from bot.boundary.events import Event, MemberJoined, MemberLeft, RoomLost
from bot.boundary.ids import MemberId
from bot.boundary.steps import Action, Bell, Button, Post, ShowForm, ShowStatus, Tell

PRIVATE = ("tell", "ask", "form")
"""Kinds of what stands between the bot and one person."""


class Snapshot(msgspec.Struct, frozen=True):
    """What a gate changes in a room, for `RestoreRoom`."""

    gate: Gate
    speakers: tuple[str, ...]


def perform(world: World, commands: Callable[[], Sequence[Command]], action: Action) -> list[Event]:
    """Do it, and say what happened by it. Raises `Undeliverable`."""
    room = world.room
    lobby = isinstance(action, Tell) and action.room.native == ""
    if action.room.native != room.id and not lobby:
        raise Undeliverable("gone")
    if not room.keeper_inside and not isinstance(action, Tell | Leave):
        raise Undeliverable("gone")
    match action:
        case Tell():
            _tell(world, action)
        case Unsay():
            _unsay(world, action)
        case Post():
            _able(room.can.buttons or not action.buttons)
            world.put("post", by=KEEPER, text=action.text, buttons=_buttons(action.buttons))
        case Bell():
            raise Unsupported
        case ShowForm():
            _able(room.can.forms)
            _show_form(world, commands, action)
        case TakeDown():
            _able(room.can.take_down)
            item = world.items.get(action.message.native)
            if item is None or item.to:
                raise Undeliverable("gone")
            if not item.gone:
                world.take_down(item)
        case Admit():
            return _admit(world, action)
        case Hold():
            _able(room.can.mute != "no")
            room.speakers.discard(action.who.native)
            world.changed_room()
        case Remove():
            return show_out(world, _somebody(world, action.who))
        case SetGate():
            able = {"notice": True, "mute": room.can.mute != "no", "door": room.can.door}
            _able(able[action.gate])
            room.gate = action.gate
            room.speakers = {m.native for m in action.inside} if action.gate == "mute" else set()
            world.changed_room()
        case RestoreRoom():
            before = msgspec.json.decode(action.snapshot, type=Snapshot)
            room.gate, room.speakers = before.gate, set(before.speakers)
            world.changed_room()
        case SetHearing():
            raise Unsupported  # the page has no encrypted rooms
        case BlockRecorder():
            _able(room.can.blocks_recorders)
            deafen(world, _somebody(world, _whose(action)), action.on)
            return [changed(world)]
        case ShowStatus():
            _able(room.can.status)
            if room.status != action.text:
                room.status = action.text
                world.changed_room()
                line = words.STATUS.format(line=action.text) if action.text else words.STATUS_GONE
                world.notice(line)
        case Leave():
            return _leave(world)
        case _:
            assert_never(action)
    return []


def _able(can: bool) -> None:
    if not can:
        raise Unsupported


def _somebody(world: World, who: MemberId) -> Someone:
    found = world.state.people.get(who.native)
    if found is None:
        raise Undeliverable("gone")
    return found


def _whose(block: BlockRecorder) -> MemberId:
    if block.who is None:
        raise Undeliverable("gone")
    return block.who


def _tell(world: World, tell: Tell) -> None:
    can = world.room.can
    to = _somebody(world, tell.to)
    if to.kind == "bot" or not (can.private or (can.ephemeral and _waits(world, tell))):
        raise Undeliverable("closed")
    _able(can.buttons or not tell.buttons)
    _able(can.files or not tell.files)
    world.put(
        "tell",
        by=KEEPER,
        to=to.id,
        text=tell.text,
        buttons=_buttons(tell.buttons),
        files=[_file(f) for f in tell.files],
    )


def _unsay(world: World, unsay: Unsay) -> None:
    """Both sides of the pane that one person has with the bot."""
    items = sorted(world.items.values(), key=lambda item: item.n)
    numbers = {item.id: item.n for item in items}
    first = numbers.get(unsay.first.native) if unsay.first else None
    last = numbers.get(unsay.last.native) if unsay.last else None
    until = unsay.until.replace(microsecond=unsay.until.microsecond // 1000 * 1000)  # as items have it
    for item in items:
        at = datetime.fromisoformat(item.at)
        begun = item.n >= first if first is not None else at >= unsay.since
        over = item.n > last if last is not None else at >= until
        if item.to == unsay.to.native and item.kind in PRIVATE and begun and not over and not item.gone:
            world.take_down(item)


def _waits(world: World, tell: Tell) -> bool:
    """Whether it answers something that this very person did, and is still waiting for."""
    reply = tell.reply
    if reply is None or reply.expires_at <= world.clock.now().timestamp():
        return False
    return reply.token.startswith(f"{tell.to.native}:")


def _show_form(world: World, commands: Callable[[], Sequence[Command]], form: ShowForm) -> None:
    to = _somebody(world, form.to)
    spec = next((c for c in commands() if (c.name, c.sub) == (form.name, form.sub)), None)
    if spec is None:
        raise Undeliverable("refused")
    fields = [
        {
            "name": o.name,
            "kind": o.kind,
            "required": o.required,
            "choices": o.choices,
            "label": form.labels.get(o.name, o.name),
        }
        for o in spec.options
        if o.name not in form.values
    ]
    made = {"name": form.name, "sub": form.sub, "fields": fields, "given": form.values}
    world.put("form", by=KEEPER, to=to.id, text=form.title, form=made)


def _admit(world: World, admit: Admit) -> list[Event]:
    who, room = _somebody(world, admit.who), world.room
    match admit.gate:
        case "notice":
            return []
        case "mute":
            _able(room.can.mute != "no")
            if who.id not in room.speakers:
                room.speakers.add(who.id)
                world.changed_room()
            return []
        case "door":
            _able(room.can.door)
            return let_in(world, who, words.CAME_IN.format(name=who.name))
        case _:
            assert_never(admit.gate)


def let_in(world: World, who: Someone, notice: str, by: str = "") -> list[Event]:
    """Who stands at the door comes in; who does not stand there may come when they like."""
    if who.presence == "outside":
        who.presence = "invited"
        world.changed_person(who)
        world.notice(words.INVITED.format(name=who.name), to=who.id)
    if who.presence != "knocking":
        return []
    who.presence = "inside"
    world.changed_person(who)
    world.notice(notice)
    let_in_by = member(by) if by else None
    return [MemberJoined(id=fresh("joined"), room=room_of(world), who=member(who.id), let_in_by=let_in_by)]


def show_out(world: World, who: Someone) -> list[Event]:
    """Nobody is told why."""
    left = hang_up(world, who)
    before, who.presence = who.presence, "outside"
    world.room.speakers.discard(who.id)
    world.changed_person(who)
    if before == "outside":
        return []
    if before == "inside":
        world.notice(words.SHOWN_OUT.format(name=who.name))
    else:
        world.notice(words.NOT_LET_IN.format(name=who.name), to=who.id)
    return [*left, MemberLeft(id=fresh("left"), room=room_of(world), who=member(who.id))]


def _leave(world: World) -> list[Event]:
    room = world.room
    if not room.keeper_inside:
        return []
    room.keeper_inside = room.adopted = False
    world.changed_room()
    world.notice(words.KEEPER_LEFT)
    return [RoomLost(id=fresh("lost"), room=room_of(world))]


def _buttons(buttons: tuple[Button, ...]) -> list[dict[str, Any]]:
    return [{"label": b.label, "choice": msgspec.to_builtins(b.choice)} for b in buttons]


def _file(file: Attachment) -> dict[str, str]:
    text = file.content.decode("utf-8", errors="replace")
    return {"name": file.name, "media_type": file.media_type, "text": text}
