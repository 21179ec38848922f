"""Interactions -> events: commands, buttons, forms, menus. Every one is answered, whatever it is."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import discord

from adapters.discord import choices, forms, places
from adapters.discord.commands import CONFIRM, GROUP, REPORT, spec
from adapters.discord.errors import TROUBLE
from adapters.discord.groups import Group, member_id, number, room_id
from adapters.discord.looking import Looker
from adapters.discord.messages import NOBODY, Page, Raw, rows
from adapters.discord.replies import Replies, Reply
from adapters.discord.words import say
from adapters.discord.world import Circle, World
from bot.boundary.commands import Command
from bot.boundary.effects import Choice
from bot.boundary.errors import StorageTrouble, Undeliverable
from bot.boundary.events import CommandGiven, Inbound, RoomAdopted, WordsGiven
from bot.boundary.ids import RoomId
from bot.boundary.ports import Sink

MOST_COMPLETED = 25
MOST_GROUPS = 20
"""Groups that are offered as buttons; more are typed."""
PICKED = "g"
"""Begins the id of a button that only says which group is meant: `g:123:` and a choice's own id."""
ADOPTING = frozenset({"start", ""})
"""The sub-words of `setup` with which a group can begin."""

log = logging.getLogger(__name__)


class Interactions:
    """Takes interactions as they come. Nothing is raised."""

    def __init__(
        self,
        world: World,
        looker: Looker,
        replies: Replies,
        drawer: choices.Drawer,
        sink: Sink,
        commands: Callable[[], Sequence[Command]],
        ready: Callable[[], bool],
    ) -> None:
        self._world, self._looker, self._replies = world, looker, replies
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
            await self._complete(interaction, data)
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
        where = interaction.guild_id or "@me"
        link = f"https://discord.com/channels/{where}/{interaction.channel_id}/{data.get('target_id')}"
        await self._answer(reply, "discord-report-later", link=link)

    async def _typed(self, interaction: discord.Interaction[Any], data: Raw, reply: Reply) -> None:
        sub, given = _options(data)
        command = spec(self._commands(), str(data.get("name")), sub)
        if command is None:
            await self._answer(reply, "discord-unknown-button")
            return
        wanted = given.pop(GROUP, "")
        sure = given.pop(CONFIRM, "") == "True"
        choice = Choice(label="", name=command.name, sub=command.sub, values=given, confirmed=sure)
        if not wanted and await self._begins(interaction, command, reply):
            return
        await self._for_group(interaction, command, choice, wanted, reply)

    async def _pressed(self, interaction: discord.Interaction[Any], data: Raw, reply: Reply) -> None:
        id_ = str(data.get("custom_id", ""))
        if (place := places.read(id_)) is not None:
            await self._place(interaction, place, [str(v) for v in data.get("values") or ()], reply)
            return
        given = await self._given(id_)
        if given is None:
            await self._answer(reply, "discord-unknown-button")
            return
        circle = self._world.circles.get(number(given.room.native))
        begins = (given.choice.name, given.choice.sub) == ("setup", "start")
        if begins and circle is not None and self._steward(interaction, circle):
            await self._replies.tell(reply.handle, [places.page(self._world, circle, reply.locale)])
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
        found = list(self._candidates(interaction))
        if wanted:
            found = self._called(interaction, wanted)
            if not found:
                await self._answer(reply, "discord-no-such-group", group=" ".join(wanted.split())[:80])
                return
        if len(found) == 1:
            await self._command(interaction, room_id(found[0].group.channel), choice, reply)
        elif not found:
            await self._outside(interaction, command, choice, reply)
        elif command.every_group:
            # Somebody who needs help now is asked nothing: every group answers.
            for n, circle in enumerate(found):
                await self._command(interaction, room_id(circle.group.channel), choice, reply, n)
        else:
            await self._ask_which(found, choice, reply)

    def _candidates(self, interaction: discord.Interaction[Any]) -> Sequence[Circle]:
        """The groups that a command can mean: the one whose channel it is, else all of the person's."""
        channel = interaction.channel
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        near = list(self._world.near(interaction.user.id))
        if interaction.guild_id is None:
            return near
        here = self._world.at(interaction.guild_id, interaction.channel_id or 0, parent)
        if here is not None:
            return [here]
        on_server = [c for c in near if c.group.server == interaction.guild_id]
        at_entrance = [c for c in on_server if c.group.entrance == interaction.channel_id]
        return at_entrance or on_server or near

    def _called(self, interaction: discord.Interaction[Any], wanted: str) -> list[Circle]:
        """The groups of the person with this name or number."""
        words = " ".join(wanted.split()).casefold().lstrip("#")
        found = []
        for circle in self._world.near(interaction.user.id):
            channel = self._world.text(circle)
            if str(circle.group.channel) == words:
                return [circle]
            if channel is not None and channel.name.casefold() == words:
                found.append(circle)
        return found

    async def _ask_which(self, found: Sequence[Circle], choice: Choice, reply: Reply) -> None:
        """One button for each group; each carries the whole command."""
        names = {c.group.channel: self._name(c, found) for c in found}
        buttons: list[tuple[str, str]] = []
        for circle in found[:MOST_GROUPS]:
            room = room_id(circle.group.channel)
            buttons.append((names[circle.group.channel], choices.custom_id(room, choice) or ""))
        if not all(id_ for _, id_ in buttons):
            kept = await self._drawer.put(RoomId(room_id(0).platform, ""), choice)
            buttons = [
                (names[c.group.channel], f"{PICKED}:{c.group.channel}:{kept}") for c in found[:MOST_GROUPS]
            ]
        if len(found) > MOST_GROUPS:
            await self._answer(reply, "discord-which-group-typed", groups=", ".join(names.values())[:1000])
            return
        body: Raw = {
            "content": say("discord-which-group", reply.locale),
            "components": rows(buttons),
            "allowed_mentions": NOBODY,
        }
        await self._replies.tell(reply.handle, [Page(body)])

    def _name(self, circle: Circle, among: Sequence[Circle]) -> str:
        channel = self._world.text(circle)
        if channel is None:
            return str(circle.group.channel)
        servers = {c.group.server for c in among}
        return f"{channel.name} ({channel.guild.name})" if len(servers) > 1 else channel.name

    async def _outside(
        self, interaction: discord.Interaction[Any], command: Command, choice: Choice, reply: Reply
    ) -> None:
        """Somebody who is in no group (any more): the engine knows what they may still do."""
        if interaction.guild_id is not None and not command.outsiders and not command.every_group:
            await self._answer(reply, "discord-no-group-here")
            return
        words = " ".join(["/" + command.full, *choice.values.values()])
        await self._hand(
            WordsGiven(
                id=f"i{interaction.id}", by=member_id(interaction.user.id), words=words, reply=reply.handle
            )
        )

    # --- beginning a group

    async def _begins(self, interaction: discord.Interaction[Any], command: Command, reply: Reply) -> bool:
        """A set-up that is given in a channel of no group yet. True: it was dealt with."""
        if command.name != "setup" or command.sub not in ADOPTING or interaction.guild_id is None:
            return False
        channel = interaction.channel
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        circle = self._world.at(interaction.guild_id, interaction.channel_id or 0, parent)
        guild = self._world.server(interaction.guild_id)
        channel = guild.get_channel_or_thread(interaction.channel_id or 0) if guild else None
        if circle is None:
            if (why := places.unfit(channel or interaction.channel)) is not None:
                await self._answer(reply, why[0], **why[1])
                return True
            if not isinstance(channel, discord.TextChannel):
                await self._answer(reply, "discord-cannot-see")
                return True
            may = interaction.permissions
            if not (may.manage_guild or may.manage_channels or may.administrator):
                await self._answer(reply, "discord-for-stewards")
                return True
            if not channel.permissions_for(channel.guild.me).view_channel:
                await self._answer(reply, "discord-cannot-see")
                return True
            circle = await self._adopt(interaction, channel, reply)
        elif command.sub == "start" and not self._steward(interaction, circle):
            return False  # the engine says who may
        if command.sub != "start":
            return False
        await self._replies.tell(reply.handle, [places.page(self._world, circle, reply.locale)])
        return True

    async def _adopt(
        self, interaction: discord.Interaction[Any], channel: discord.TextChannel, reply: Reply
    ) -> Circle:
        circle = await self._world.add(
            Group(channel=channel.id, server=channel.guild.id, owner=channel.guild.owner_id or 0)
        )
        await self._world.people_known(channel.guild)
        circle.looked = True
        for member in self._world.members(channel.guild.id):
            self._looker.one(circle, member.id, member, quiet=True)
        self._looker.room(circle)
        by = member_id(interaction.user.id)
        event = RoomAdopted(
            id=f"i{interaction.id}:adopted", room=room_id(channel.id), by=by, reply=reply.handle
        )
        if (taken := self._sink.submit(event)) is not None:
            await taken
        return circle

    def _steward(self, interaction: discord.Interaction[Any], circle: Circle) -> bool:
        """Whether to show the first step at once: power here. Facilitators without it see the engine's."""
        person = circle.people.get(member_id(interaction.user.id))
        return person is not None and person.administrator

    async def _place(
        self, interaction: discord.Interaction[Any], place: tuple[str, int], values: list[str], reply: Reply
    ) -> None:
        part, channel = place
        circle = self._world.circles.get(channel)
        if circle is None:
            await self._answer(reply, "discord-unknown-button")
            return
        if part == places.NEXT:
            choice = Choice(label="", name="setup", sub="start")
            await self._command(interaction, room_id(channel), choice, reply)
            return
        if not self._steward(interaction, circle):
            await self._answer(reply, "discord-for-stewards")
            return
        found = places.chosen(self._world, circle, part, values)
        said = ""
        if isinstance(found, str):
            said = say(found, reply.locale)
        else:
            await self._world.keep(circle, found)
            self._looker.room(circle)
        await self._replies.tell(reply.handle, [places.page(self._world, circle, reply.locale, said)])

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

    # --- completion

    async def _complete(self, interaction: discord.Interaction[Any], data: Raw) -> None:
        found: list[Raw] = []
        if self._ready():
            name, typed, given = _focused(data)
            if name == GROUP:
                near = list(self._world.near(interaction.user.id))
                pairs = [(self._name(c, near), str(c.group.channel)) for c in near]
            else:
                pairs = [(value, value) for value in self._sink.complete(name, given)]
            matching = [p for p in pairs if typed.casefold() in p[0].casefold()]
            found = [{"name": n[:100], "value": v[:100]} for n, v in matching[:MOST_COMPLETED]]
        try:
            await self._replies.complete(str(interaction.id), interaction.token, found)
        except (*TROUBLE, Undeliverable):
            log.debug("completions came too late")


def _options(data: Raw) -> tuple[str, dict[str, str]]:
    """The sub-word and the values of a command as Discord sends it."""
    options: list[Raw] = data.get("options") or []
    sub = ""
    if options and options[0].get("type") == 1:
        sub = str(options[0].get("name"))
        options = options[0].get("options") or []
    return sub, {str(o["name"]): str(o.get("value", "")) for o in options}


def _focused(data: Raw) -> tuple[str, str, dict[str, str]]:
    """The option that is being typed, what stands there, and the others."""
    options: list[Raw] = data.get("options") or []
    if options and options[0].get("type") == 1:
        options = options[0].get("options") or []
    focused = next((o for o in options if o.get("focused")), {"name": "", "value": ""})
    others = {str(o["name"]): str(o.get("value", "")) for o in options if not o.get("focused")}
    return str(focused["name"]), str(focused.get("value", "")), others
