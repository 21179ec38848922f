"""Interactions -> events: commands, buttons, forms, menus. Every one is answered, whatever it is."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import discord

from adapters.discord import choices, forms, places
from adapters.discord.beginning import Beginning
from adapters.discord.commands import CONFIRM, GROUP, REPORT, spec
from adapters.discord.completing import Completing, options_of
from adapters.discord.groups import member_id, number, room_id
from adapters.discord.looking import Looker
from adapters.discord.messages import NOBODY, Page, Raw
from adapters.discord.replies import Replies, Reply
from adapters.discord.which import PICKED, Which
from adapters.discord.words import say
from adapters.discord.world import Circle, World
from bot.boundary.commands import Command
from bot.boundary.effects import Choice
from bot.boundary.errors import StorageTrouble, Undeliverable
from bot.boundary.events import CommandGiven, Inbound, WordsGiven
from bot.boundary.ids import RoomId
from bot.boundary.ports import Sink

MOST_COMPLETED = 25

ABOUT = "about"
"""The value of `report` that has the link of the message that it is about."""

log = logging.getLogger(__name__)


class Interactions:
    """Takes interactions as they come. Nothing is raised."""

    def __init__(
        self,
        world: World,
        looker: Looker,
        replies: Replies,
        drawer: choices.Drawer,
        which: Which,
        beginning: Beginning,
        completing: Completing,
        sink: Sink,
        commands: Callable[[], Sequence[Command]],
        ready: Callable[[], bool],
    ) -> None:
        self._world, self._looker, self._replies = world, looker, replies
        self._which, self._beginning, self._completing = which, beginning, completing
        self._drawer, self._sink, self._commands, self._ready = drawer, sink, commands, ready
        self._tasks: set[asyncio.Task[None]] = set()

    def on(self, interaction: discord.Interaction[Any]) -> None:
        """Something was typed, pressed or filled in."""
        task = asyncio.ensure_future(self._take(interaction))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Wait for nothing more."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, interaction: discord.Interaction[Any]) -> None:
        data: Raw = interaction.data or {}  # type: ignore[assignment]
        kind = interaction.type
        if kind is discord.InteractionType.autocomplete:
            await self._completing.complete(interaction, data, ready=self._ready())
            return
        reply = self._replies.begin(
            str(interaction.id),
            interaction.token,
            str(interaction.locale),
            form_may_follow=kind is not discord.InteractionType.modal_submit,
        )
        try:
            await self._understand(interaction, data, reply)
        except StorageTrouble:
            await self._answer(reply, "discord-not-kept")
        except Undeliverable:
            log.warning("an interaction could not be answered")
        except Exception as fault:
            log.error("an interaction failed", extra={"kind": type(fault).__name__})
            log.debug("an interaction failed", exc_info=True)
            await self._answer(reply, "discord-not-kept")

    async def _understand(self, interaction: discord.Interaction[Any], data: Raw, reply: Reply) -> None:
        if not self._ready():
            await self._answer(reply, "discord-starting")
            return
        self._meet(interaction)
        match interaction.type:
            case discord.InteractionType.application_command if data.get("type", 1) == 3:
                await self._menu(interaction, data, reply)
            case discord.InteractionType.application_command:
                await self._typed(interaction, data, reply)
            case discord.InteractionType.component:
                await self._pressed(interaction, data, reply)
            case discord.InteractionType.modal_submit:
                await self._filled_in(interaction, data, reply)
            case _:
                await self._answer(reply, "discord-unknown-button")

    def _meet(self, interaction: discord.Interaction[Any]) -> None:
        """Who uses the bot is seen by that. It is no coming: they are answered already."""
        user = interaction.user
        if isinstance(user, discord.Member) and self._world.server(user.guild.id) is not None:
            if self._world.meet(user):
                for circle in self._world.of_server(user.guild.id):
                    self._looker.one(circle, user.id, user, quiet=True)
            else:
                for circle in self._world.of_server(user.guild.id):
                    self._looker.one(circle, user.id, self._world.member(user.guild.id, user.id))

    # --- the kinds

    async def _menu(self, interaction: discord.Interaction[Any], data: Raw, reply: Reply) -> None:
        """The entry in a message's menu: it carries the link of the message, not its words."""
        if data.get("name") != REPORT:
            await self._answer(reply, "discord-unknown-button")
            return
        command = spec(self._commands(), "report", "")
        if command is None:
            await self._answer(reply, "discord-unknown-button")
            return
        where = interaction.guild_id or "@me"
        link = f"https://discord.com/channels/{where}/{interaction.channel_id}/{data.get('target_id')}"
        choice = Choice(label="", name=command.name, values={ABOUT: link})
        await self._for_group(interaction, command, choice, "", reply)

    async def _typed(self, interaction: discord.Interaction[Any], data: Raw, reply: Reply) -> None:
        sub, given = options_of(data)
        command = spec(self._commands(), str(data.get("name")), sub)
        if command is None:
            await self._answer(reply, "discord-unknown-button")
            return
        wanted = given.pop(GROUP, "")
        sure = given.pop(CONFIRM, "") == "True"
        choice = Choice(label="", name=command.name, sub=command.sub, values=given, confirmed=sure)
        if not wanted and await self._beginning.begins(interaction, command, reply):
            return
        await self._for_group(interaction, command, choice, wanted, reply)

    async def _pressed(self, interaction: discord.Interaction[Any], data: Raw, reply: Reply) -> None:
        id_ = str(data.get("custom_id", ""))
        if (place := places.read(id_)) is not None:
            part, circle = place[0], self._world.circles.get(place[1])
            if circle is None:
                await self._answer(reply, "discord-unknown-button")
            elif part == places.NEXT:
                await self._beginning.went_on(interaction, circle)
                choice = Choice(label="", name="setup", sub="start")
                await self._command(interaction, room_id(circle.group.channel), choice, reply)
            else:
                values = [str(v) for v in data.get("values") or ()]
                await self._beginning.chosen(interaction, circle, part, values, reply)
            return
        given = await self._given(id_)
        if given is None:
            await self._answer(reply, "discord-unknown-button")
            return
        circle = self._world.circles.get(number(given.room.native))
        begins = (given.choice.name, given.choice.sub) == ("setup", "start")
        if begins and circle is not None and await self._beginning.first_step(interaction, circle, reply):
            return
        await self._command(interaction, given.room, given.choice, reply)

    async def _filled_in(self, interaction: discord.Interaction[Any], data: Raw, reply: Reply) -> None:
        given = choices.read(str(data.get("custom_id", "")), choices.FORM)
        if given is None:
            await self._answer(reply, "discord-unknown-button")
            return
        values = forms.filled_in(data.get("components") or ())
        if values is None:
            await self._answer(reply, "discord-boxes-missing")
            return
        choice = given.choice
        whole = Choice(label="", name=choice.name, sub=choice.sub, values={**choice.values, **values})
        await self._command(interaction, given.room, whole, reply)

    async def _given(self, id_: str) -> choices.Given | None:
        """The choice of a button: its own, or one that is kept, or one for a group that was picked."""
        if id_.startswith(f"{PICKED}:"):
            _, native, rest = (*id_.split(":", 2), "", "")[:3]
            inner = await self._given(rest) if not rest.startswith(PICKED) else None
            if inner is None or not number(native):
                return None
            return choices.Given(room=room_id(number(native)), choice=inner.choice)
        if id_.startswith(f"{choices.KEPT}:"):
            return await self._drawer.get(id_)
        return choices.read(id_)

    # --- which group

    async def _for_group(
        self,
        interaction: discord.Interaction[Any],
        command: Command,
        choice: Choice,
        wanted: str,
        reply: Reply,
    ) -> None:
        found = list(self._which.candidates(interaction))
        if wanted:
            found = self._which.called(interaction.user.id, wanted)
            if not found:
                await self._answer(reply, "discord-no-such-group", group=" ".join(wanted.split())[:80])
                return
        if len(found) == 1:
            await self._command(interaction, room_id(found[0].group.channel), choice, reply)
        elif not found:
            await self._outside(interaction, command, choice, reply)
        elif any(option.kind == "code" for option in command.options):
            # A code says by itself which group is meant. Asking would keep it in a button's drawer.
            await self._command(interaction, room_id(found[0].group.channel), choice, reply)
        elif command.every_group:
            # Somebody who needs help now is asked nothing: every group answers.
            for n, circle in enumerate(found):
                await self._command(interaction, room_id(circle.group.channel), choice, reply, n)
        else:
            page = await self._which.question(found, choice, reply.locale)
            await self._replies.tell(reply.handle, [page])

    async def _outside(
        self, interaction: discord.Interaction[Any], command: Command, choice: Choice, reply: Reply
    ) -> None:
        """Somebody who is in no group (any more): the engine knows what they may still do."""
        if interaction.guild_id is not None and not command.outsiders and not command.every_group:
            await self._answer(reply, "discord-no-group-here")
            return
        given = [value for name, value in choice.values.items() if name != ABOUT]
        words = " ".join(["/" + command.full, *given])
        await self._hand(
            WordsGiven(
                id=f"i{interaction.id}", by=member_id(interaction.user.id), words=words, reply=reply.handle
            )
        )

    # --- to the engine

    async def _command(
        self,
        interaction: discord.Interaction[Any],
        room: RoomId,
        choice: Choice,
        reply: Reply,
        nth: int = 0,
    ) -> None:
        circle = self._world.circles.get(number(room.native))
        if circle is not None and await self._must_wait(circle, interaction.user.id, choice, reply):
            return
        await self._hand(
            CommandGiven(
                id=f"i{interaction.id}" + (f":{nth}" if nth else ""),
                room=room,
                by=member_id(interaction.user.id),
                name=choice.name,
                sub=choice.sub,
                values=choice.values,
                confirmed=choice.confirmed,
                private=True,
                reply=reply.handle,
            )
        )

    async def _must_wait(self, circle: Circle, user: int, choice: Choice, reply: Reply) -> bool:
        """Who stands at the door has asked to come in by this. True: the server's rules come first."""
        self._see_named(circle, choice)
        member = self._world.member(circle.group.server, user)
        if member is None or member_id(user) in circle.people:
            return False
        if member.pending and choice.name == "consent":
            await self._answer(reply, "discord-pending")
            return True
        if circle.group.gate == "door" and not member.pending:
            circle.knocking.add(user)
            self._looker.one(circle, user, member)
        return False

    def _see_named(self, circle: Circle, choice: Choice) -> None:
        """A guest pass for somebody who cannot use the bot: naming them asks for them to come in."""
        named = choice.values.get("who", "")
        if (choice.name, choice.sub) != ("members", "admit") or not number(named):
            return
        member = self._world.member(circle.group.server, int(named))
        if member is not None and circle.group.gate == "door" and not member.pending:
            circle.knocking.add(member.id)
            self._looker.one(circle, member.id, member)

    async def _hand(self, event: Inbound) -> None:
        taken = self._sink.submit(event)
        if taken is not None:
            await taken

    async def _answer(self, reply: Reply, key: str, **args: str | int) -> None:
        body: Raw = {"content": say(key, reply.locale, **args), "allowed_mentions": NOBODY}
        try:
            await self._replies.tell(reply.handle, [Page(body)])
        except Undeliverable:
            log.warning("an interaction could not be answered")
