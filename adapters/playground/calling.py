"""What the visitor does in the room's call, as anybody."""

from adapters.playground import words
from adapters.playground.asked import Asked, Refused, consent_command, somebody
from adapters.playground.calls import changed, deafen, hang_up
from adapters.playground.names import fresh, member
from adapters.playground.platform import Playground
from bot.boundary.events import CallJoined


class Calling:
    """Joining and leaving a call, sharing a screen, letting a bot hear again. Raises `Refused`."""

    def __init__(self, platform: Playground) -> None:
        self._platform = platform

    def call(self, asked: Asked) -> None:
        """Joining counts as speaking: the room's own gate holds for it too."""
        who, world = somebody(self._platform.world, asked.who), self._platform.world
        if not asked.on:
            for event in hang_up(world, who):
                self._platform.happened(event)
            return
        if who.presence != "inside" or who.in_call:
            raise Refused(words.NOT_POSSIBLE)
        if not world.may_speak(who.id):
            raise Refused(words.CALL_MUTED.format(name=who.name, command=consent_command(world)))
        who.in_call = True
        world.changed_person(who)
        world.notice(words.JOINED_CALL.format(name=who.name))
        here = self._platform.room_id
        self._platform.happened(CallJoined(id=fresh("call"), room=here, who=member(who.id)))

    def screen(self, asked: Asked) -> None:
        """Share a screen in the call, or stop it."""
        who, world = somebody(self._platform.world, asked.who), self._platform.world
        if not who.in_call or who.kind != "human" or who.shares_screen == asked.on:
            raise Refused(words.NOT_POSSIBLE)
        who.shares_screen = asked.on
        world.changed_person(who)
        world.notice((words.SHARES if asked.on else words.SHARES_NOT).format(name=who.name))
        self._platform.happened(changed(world))

    def hear(self, asked: Asked) -> None:
        """By hand, past the bot: the administrator `to` lets the bot `who` hear the call again."""
        world = self._platform.world
        who, by = somebody(world, asked.who), somebody(world, asked.to)
        if not (by.administrator and by.presence == "inside" and who.deafened):
            raise Refused(words.NOT_POSSIBLE)
        deafen(world, who, False)
        self._platform.happened(changed(world))
