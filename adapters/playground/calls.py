"""The room's call: who is in it, what shows itself as recording there, and how that is stopped."""

from adapters.playground import words
from adapters.playground.names import fresh, member
from adapters.playground.state import PLATFORM, Room, Someone
from adapters.playground.world import World
from bot.boundary.capabilities import Recorder, RecorderKind
from bot.boundary.events import CallChanged, CallLeft, Event
from bot.boundary.ids import RoomId

MARK = "[recording]"
"""What recorder bots put into their name while they record, as Craig does on Discord."""


def room_of(world: World) -> RoomId:
    """The room's id for the core."""
    return RoomId(PLATFORM, world.room.id)


def recorders(room: Room, people: dict[str, Someone]) -> tuple[Recorder, ...]:
    """All that can be seen in the call of recorders: bots that hear, names that say so, screens."""
    found: list[Recorder] = []
    for someone in people.values():
        if not someone.in_call:
            continue
        kind: RecorderKind | None = None
        if someone.kind == "bot" and not someone.deafened:
            kind = "marked" if MARK in someone.name.casefold() else "listening"
        elif someone.kind == "human" and someone.shares_screen:
            kind = "screen"
        if kind is not None:
            found.append(
                Recorder(
                    id=f"{kind}:{someone.id}" if kind == "screen" else f"bot:{someone.id}",
                    kind=kind,
                    name=someone.name,
                    who=member(someone.id),
                    blockable=kind != "screen" and room.can.blocks_recorders,
                )
            )
    return tuple(found)


def changed(world: World) -> CallChanged:
    """Something about the call changed that is neither coming nor going."""
    return CallChanged(id=fresh("call-changed"), room=room_of(world))


def deafen(world: World, who: Someone, on: bool) -> None:
    """The bot stops a recorder, or lets it hear again."""
    if who.deafened != on:
        who.deafened = on
        world.changed_person(who)
        world.notice((words.DEAFENED if on else words.HEARS_AGAIN).format(name=who.name))


def hang_up(world: World, who: Someone) -> list[Event]:
    """Who is in the call is not any more."""
    if not who.in_call:
        return []
    who.in_call = who.shares_screen = False
    world.changed_person(who)
    world.notice(words.LEFT_CALL.format(name=who.name))
    return [CallLeft(id=fresh("call-left"), room=room_of(world), who=member(who.id))]
