"""Looking at a group: what is different from the last look becomes events."""

import asyncio
import secrets
from collections.abc import Callable

import discord

from adapters.discord.groups import member_id, room_id
from adapters.discord.recorders import recorders
from adapters.discord.view import build, role_of
from adapters.discord.world import Circle, World
from bot.boundary.capabilities import Person
from bot.boundary.events import (
    CallChanged,
    CallJoined,
    CallLeft,
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    RoomChanged,
    RoomSeen,
    SpeechGranted,
    SpeechTaken,
)
from bot.boundary.ids import MemberId

CERTAIN_AFTER = 1.0
"""Seconds until a role that somebody has no more counts as taken by hand: when the role itself was
deleted, Discord tells of everybody who had it, in no certain order."""


def fresh(kind: str) -> str:
    """The id of an event to which Discord gives none."""
    return f"discord-{kind}-{secrets.token_hex(12)}"


class Looker:
    """Compares what Discord shows with what was seen before, and hands in the difference."""

    def __init__(self, world: World, give: Callable[[Event], None]) -> None:
        self._world, self._give = world, give

    def first(self, circle: Circle) -> None:
        """The first look after a start or a gap: the engine compares by itself; hands are told."""
        circle.people.clear()
        for member in self._world.members(circle.group.server):
            if (person := self._world.person(circle, member)) is not None:
                circle.people[person.id] = person
        circle.view, circle.looked = None, True
        circle.recorders = recorders(self._world, circle)
        circle.shown = self._shown(circle)
        self._give(RoomSeen(id=fresh("seen"), room=room_id(circle.group.channel)))
        if circle.group.held == "role":
            members = list(self._world.members(circle.group.server))
            circle.holders.accept({m.id for m in members if self._world.has_role(circle, m)})
            for member in members:
                self._hands(circle, member.id, member)

    def everybody(self, circle: Circle) -> None:
        """The channel, a role or the server changed: look at all of it."""
        if not circle.looked or self._world.text(circle) is None:
            return
        seen = set()
        for member in self._world.members(circle.group.server):
            seen.add(member_id(member.id))
            self.one(circle, member.id, member)
        for gone in circle.people.keys() - seen:
            self.one(circle, int(gone.native), None)
        self.call(circle)
        self.room(circle)

    def one(self, circle: Circle, user: int, member: discord.Member | None, *, quiet: bool = False) -> None:
        """Somebody may have come, gone, or been changed. `quiet`: coming is no event."""
        if not circle.looked or user == self._world.me:
            return
        self._hands(circle, user, member)
        who = member_id(user)
        before, now = circle.people.get(who), self._world.person(circle, member)
        if now == before:
            return
        circle.view = None
        room = room_id(circle.group.channel)
        if now is None:
            circle.people.pop(who)
            self._calling(circle, who, before, now)
            if member is None:
                circle.knocking.discard(user)
            self._give(MemberLeft(id=fresh("left"), room=room, who=who))
            return
        circle.people[who] = now
        self._calling(circle, who, before, now)
        if now.presence == "inside" and (before is None or before.presence != "inside"):
            circle.knocking.discard(user)
            if not quiet:
                self._give(MemberJoined(id=fresh("joined"), room=room, who=who))
            if now.kind == "bot":
                self._give(RoomChanged(id=fresh("bots"), room=room, what="bots"))
        elif before is not None and before.presence == "inside" and now.presence != "inside":
            self._give(MemberLeft(id=fresh("left"), room=room, who=who))
        elif before is not None and before.name != now.name:
            self._give(MemberRenamed(id=fresh("renamed"), room=room, who=who))

    def call(self, circle: Circle) -> None:
        """What shows itself in the call may have changed."""
        now = recorders(self._world, circle) if circle.looked else circle.recorders
        if now != circle.recorders:
            circle.recorders, circle.view = now, None
            self._give(CallChanged(id=fresh("call"), room=room_id(circle.group.channel)))

    def room(self, circle: Circle) -> None:
        """What is missing, or who else can see the room, may have changed."""
        circle.view = None
        shown = self._shown(circle)
        if not circle.looked or shown == circle.shown or circle.settling:
            return
        before, circle.shown = circle.shown or shown, shown
        room = room_id(circle.group.channel)
        for what, was, now in zip(("powers", "name", "history", "joining"), before, shown, strict=True):
            if was != now:
                self._give(RoomChanged(id=fresh("changed"), room=room, what=what))

    def _calling(self, circle: Circle, who: MemberId, before: Person | None, now: Person | None) -> None:
        """Somebody may have come into the call, or left it."""
        was, calls = before is not None and before.in_call, now is not None and now.in_call
        room = room_id(circle.group.channel)
        if calls and not was:
            self._give(CallJoined(id=fresh("call-joined"), room=room, who=who))
        elif was and not calls:
            self._give(CallLeft(id=fresh("call-left"), room=room, who=who))

    def _shown(self, circle: Circle) -> tuple[object, ...]:
        view = build(self._world, circle)
        if view is None:
            return ()
        powers = (view.missing, view.can, tuple(note.key for note in view.notes))
        return powers, view.name, view.past_visible, view.public

    def _hands(self, circle: Circle, user: int, member: discord.Member | None) -> None:
        """Whether somebody gave or took the role by hand."""
        has = member is not None and self._world.has_role(circle, member)
        if not circle.holders.seen(user, has):
            return
        if member is None or circle.group.held != "role" or circle.changing:
            return
        if has:
            room, who = room_id(circle.group.channel), member_id(user)
            self._give(SpeechGranted(id=fresh("granted"), room=room, who=who))
        elif circle.group.gate == "mute":
            asyncio.get_running_loop().call_later(CERTAIN_AFTER, self._taken, circle, user)

    def _taken(self, circle: Circle, user: int) -> None:
        """The role is still there, and the person without it: so it was taken from them alone."""
        member = self._world.member(circle.group.server, user)
        role = role_of(self._world, circle)
        if member is None or role is None or self._world.has_role(circle, member):
            return
        if circle.group.gate == "mute" and not circle.changing:
            room, who = room_id(circle.group.channel), member_id(user)
            self._give(SpeechTaken(id=fresh("taken"), room=room, who=who))
