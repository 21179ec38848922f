"""A person with Discord's own client: what they do, and what they see."""

from collections.abc import Callable
from typing import Any

from tests.localdiscord import commands, guilds, interactions, invites, messages, voice
from tests.localdiscord.content import every
from tests.localdiscord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction
from tests.localdiscord.model import (
    DM,
    KINDS,
    Attachment,
    Channel,
    Guild,
    Json,
    Member,
    Message,
    Role,
    User,
    VoiceState,
)
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused, missing_permissions
from tests.localdiscord.world import I, World


class NotAnswered(Exception):
    """The person saw "The application did not respond", or waited too long for a deferred answer."""


class CannotDo(Exception):
    """Discord's own client does not let this person do that: no such command, button or choice for them."""


class Reply:
    """What came back to a person for one thing they did. Its fields change while the bot goes on."""

    def __init__(self, human: "Human", interaction: Interaction) -> None:
        self.human = human
        self.interaction = interaction

    @property
    def message(self) -> Message:
        """The answer that the person sees; for a changed message, that one. Raises NotAnswered when there is none."""
        if self.interaction.original is None:
            raise NotAnswered(f"Only this came back: callback type {self.interaction.answered}")
        return self.interaction.original

    @property
    def text(self) -> str:
        """Its words, embeds included."""
        return self.message.text

    @property
    def ephemeral(self) -> bool:
        return self.message.ephemeral

    @property
    def modal(self) -> Json:
        """The form that opened. Raises NotAnswered when none did."""
        if self.interaction.modal is None:
            raise NotAnswered(f"No form opened: callback type {self.interaction.answered}")
        return self.interaction.modal

    @property
    def followups(self) -> list[Message]:
        """Further answers, oldest first."""
        return self.interaction.followups

    async def until(self, true: Callable[["Reply"], object], seconds: float = 5.0) -> "Reply":
        """Returns when `true(reply)` holds; TimeoutError otherwise."""
        await self.human.world.until(lambda: true(self), seconds, "the reply comes to that")
        return self


class Human:
    """One account at one client. Whatever the account may not do raises Refused or CannotDo."""

    # Real seconds that a person of a test waits for a deferred answer.
    patience = 5.0

    def __init__(self, world: World, user: User) -> None:
        self.world = world
        self.user = user

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def mention(self) -> str:
        return f"<@{self.user.id}>"

    @property
    def dm(self) -> Channel:
        """The direct chat with the bot."""
        return self.world.open_dm(self.user)

    # --- seeing -------------------------------------------------------------------------------------------

    def sees(self, channel: Channel) -> list[Message]:
        """The messages that this person sees there, oldest first: ephemeral ones only their own."""
        if not self.world.sees(channel, self.user):
            return []
        since = 0.0
        if channel.kind != DM and not self.world.can(channel, self.user, P.READ_MESSAGE_HISTORY):
            since = self._member(channel).joined_at
        return [
            one
            for one in channel.messages.values()
            if one.created_at >= since and (not one.ephemeral or one.only_for is self.user)
        ]

    def whispers(self, channel: Channel) -> list[Message]:
        """Only the ephemeral ones."""
        return [one for one in self.sees(channel) if one.ephemeral]

    @property
    def inbox(self) -> list[Message]:
        """What the bot wrote to this person directly."""
        channel = self.world.dms.get(self.user.id)
        return [one for one in channel.messages.values() if one.author is self.world.bot] if channel else []

    def commands(self, channel: Channel) -> list[str]:
        """The names of commands that the client offers there, in the person's language."""
        return [_named(one, self.user.locale) for one in commands.available(self.world, self.user, channel)]

    def channels(self, guild: Guild) -> list[Channel]:
        """The channels that this person sees in the list."""
        return [one for one in guild.channels.values() if self.world.sees(one, self.user)]

    def may(self, channel: Channel, need: P) -> bool:
        """Does this person hold the permissions there?"""
        return self.world.can(channel, self.user, need)

    def _member(self, channel: Channel) -> Member:
        return self.world.guilds[channel.guild_id or 0].members[self.user.id]

    def _may_take_part(self, channel: Channel) -> None:
        """Who has not passed the rules screening can look but not act: `pending`."""
        if (
            channel.kind != DM
            and self.user.id in self.world.guilds[channel.guild_id or 0].members
            and self._member(channel).pending
        ):
            raise CannotDo("This member has not accepted the server's rules yet.")

    # --- writing ------------------------------------------------------------------------------------------

    async def send(
        self, channel: Channel, text: str = "", reply_to: Message | None = None, forward: Message | None = None,
        files: dict[str, bytes] | None = None,
    ) -> Message:  # fmt: skip
        """A message. `forward` passes on another, from wherever this person sees it."""
        self._may_take_part(channel)
        data: Json = {"content": text}
        other = reply_to or forward
        if other is not None:
            data["message_reference"] = {
                "type": 1 if forward else 0,
                "message_id": str(other.id),
                "channel_id": str(other.channel.id),
            }
        packed = {
            n: (name, raw, "application/octet-stream") for n, (name, raw) in enumerate((files or {}).items())
        }
        return messages.send(self.world, self.user, channel, data, packed)

    async def edit(self, message: Message, text: str) -> None:
        messages.edit(self.world, self.user, message, {"content": text})

    async def delete(self, message: Message) -> None:
        messages.delete(self.world, self.user, message)

    async def dismiss(self, message: Message) -> None:
        """ "Dismiss message" below an ephemeral one."""
        assert message.only_for is self.user
        messages.remove(self.world, message)

    async def react(self, message: Message, emoji: str, there: bool = True) -> None:
        messages.react(self.world, self.user, message, emoji, there)

    async def pin(self, message: Message, pinned: bool = True) -> None:
        messages.pin(self.world, self.user, message, pinned)

    # --- commands -----------------------------------------------------------------------------------------

    async def slash(self, channel: Channel, *words: str, wait: bool = True, **options: Any) -> Reply:
        """Types a slash command: `slash(channel, "consent", "withdraw")`, options by name.

        Raises CannotDo where the client does not offer it, NotAnswered where no answer came in time.
        """
        data = self._chosen(channel, words, options, typing=None)
        return await self._interact(COMMAND, channel, data, None, wait)

    async def complete(
        self, channel: Channel, *words: str, option: str, typed: str = "", **others: Any
    ) -> list[Json]:
        """Types into one option and gets its suggestions."""
        data = self._chosen(channel, words, {**others, option: typed}, typing=option)
        reply = await self._interact(AUTOCOMPLETE, channel, data, None, wait=True)
        return reply.interaction.choices

    async def context_menu(
        self, target: "Message | Human", name: str, channel: Channel | None = None, wait: bool = True
    ) -> Reply:
        """Chooses an app's entry in the menu of a message, or of a person in `channel`."""
        place = target.channel if isinstance(target, Message) else channel
        assert place is not None, "A person's menu is opened in some channel."
        kind = commands.MESSAGE_MENU if isinstance(target, Message) else commands.USER_MENU
        command = self._command(place, name, kind)
        resolved: Json
        if isinstance(target, Message):
            if target not in self.sees(place) or target.ephemeral:
                raise CannotDo("This person does not see that message.")
            resolved = {"messages": {str(target.id): target.json(self.world.bot)}}
        else:
            resolved = self._resolve([target], place)
        data = {
            "id": command["id"],
            "name": command["name"],
            "type": kind,
            "target_id": str(target.id),
            "resolved": resolved,
        }
        return await self._interact(COMMAND, place, data, None, wait)

    def _command(self, channel: Channel, name: str, kind: int) -> Json:
        self._may_take_part(channel)
        if not self.world.sees(channel, self.user):
            raise CannotDo("This person does not see that channel.")
        offered = commands.available(self.world, self.user, channel)
        found = [
            one
            for one in offered
            if one["type"] == kind and name in (one["name"], _named(one, self.user.locale))
        ]
        if not found:
            raise CannotDo(
                f"No command {name!r} here, only {sorted(one['name'] for one in offered if one['type'] == kind)}"
            )
        return found[-1]

    def _chosen(self, channel: Channel, words: tuple[str, ...], options: Json, typing: str | None) -> Json:
        command = self._command(channel, words[0], commands.CHAT_INPUT)
        data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": []}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        spec, place = command, data
        for word in words[1:]:
            subs = [one for one in spec.get("options") or [] if one["type"] in (commands.SUB, commands.GROUP)]
            found = next((one for one in subs if word in (one["name"], _named(one, self.user.locale))), None)
            if found is None:
                raise CannotDo(f"No {word!r} below {spec['name']!r}, only {[one['name'] for one in subs]}")
            deeper: Json = {"name": found["name"], "type": found["type"], "options": []}
            place["options"].append(deeper)
            spec, place = found, deeper
        specs = spec.get("options") or []
        if any(one["type"] in (commands.SUB, commands.GROUP) for one in specs):
            raise CannotDo(f"A command with subcommands has no bare form: {[one['name'] for one in specs]}")
        known = {name: one for one in specs for name in (one["name"], _named(one, self.user.locale))}
        if options.keys() - known.keys():
            raise CannotDo(f"No option {sorted(options.keys() - known.keys())}, only {sorted(known)}")
        if typing is None:
            missing = [
                one["name"]
                for one in specs
                if one.get("required") and not {one["name"], _named(one, self.user.locale)} & options.keys()
            ]
            if missing:
                raise CannotDo(f"These options must be given: {missing}")
        elif not known[typing].get("autocomplete"):
            raise CannotDo(f"{typing!r} completes nothing.")
        targets: list[Any] = []
        for name, value in options.items():
            place["options"].append(self._option(known[name], value, targets, name == typing))
        if targets:
            data["resolved"] = self._resolve(targets, channel)
        return data

    def _option(self, spec: Json, value: Any, targets: list[Any], focused: bool) -> Json:
        kind = spec["type"]
        option: Json = {"name": spec["name"], "type": kind, "value": value}
        if focused:
            return {**option, "focused": True}
        if kind in (
            commands.USER,
            commands.CHANNEL,
            commands.ROLE,
            commands.MENTIONABLE,
            commands.ATTACHMENT,
        ):
            targets.append(value)
            return {**option, "value": str(value.id)}
        fits = {
            commands.STRING: str,
            commands.INTEGER: int,
            commands.BOOLEAN: bool,
            commands.NUMBER: (int, float),
        }[kind]
        if not isinstance(value, fits) or (kind != commands.BOOLEAN and isinstance(value, bool)):
            raise CannotDo(f"{spec['name']!r} does not take {value!r}.")
        if spec.get("choices"):
            found = next((one for one in spec["choices"] if value in (one["value"], one["name"])), None)
            if found is None:
                raise CannotDo(
                    f"{spec['name']!r} offers {[one['value'] for one in spec['choices']]}, not {value!r}."
                )
            return {**option, "value": found["value"]}
        size = len(value) if isinstance(value, str) else value
        for low, high in (
            (spec.get("min_length"), spec.get("max_length")),
            (spec.get("min_value"), spec.get("max_value")),
        ):
            if (low is not None and size < low) or (high is not None and size > high):
                raise CannotDo(f"{spec['name']!r} takes from {low} to {high}, not {size}.")
        if isinstance(value, str) and len(value) > 6000:
            raise CannotDo("An option takes 6000 characters.")
        return option

    def _resolve(self, targets: list[Any], channel: Channel) -> Json:
        """docs, Resolved Data."""
        resolved: Json = {}
        guild = self.world.guilds.get(channel.guild_id or 0)
        for target in targets:
            key = str(target.id)
            if isinstance(target, Human | User | Member):
                user = target if isinstance(target, User) else target.user
                resolved.setdefault("users", {})[key] = user.json()
                if guild is not None and user.id in guild.members:
                    held = str(int(self.world.held(channel, user)))
                    resolved.setdefault("members", {})[key] = {
                        **guild.members[user.id].json(user=False),
                        "permissions": held,
                    }
            elif isinstance(target, Role):
                resolved.setdefault("roles", {})[key] = target.json()
            elif isinstance(target, Channel):
                raw = target.json()
                keys = (
                    "id",
                    "name",
                    "type",
                    "parent_id",
                    "thread_metadata",
                    "guild_id",
                    "owner_id",
                    "message_count",
                    "member_count",
                    "position",
                    "flags",
                    "last_message_id",
                    "topic",
                    "nsfw",
                    "rate_limit_per_user",
                    "total_message_sent",
                )
                partial = {name: raw[name] for name in keys if name in raw}
                resolved.setdefault("channels", {})[key] = {
                    **partial,
                    "permissions": str(int(self.world.held(target, self.user))),
                }
            elif isinstance(target, Attachment):
                resolved.setdefault("attachments", {})[key] = target.json()
            else:
                raise CannotDo(f"{target!r} cannot be chosen.")
        return resolved

    # --- buttons, selects, forms --------------------------------------------------------------------------

    async def click(self, where: "Channel | Message | Reply", button: str, wait: bool = True) -> Reply:
        """Clicks a button by its custom_id or label: the newest one that this person sees there."""
        message, found = self._component(
            where,
            lambda one: one.get("type") == 2 and button in (one.get("custom_id"), one.get("label")),
            button,
        )
        if found.get("style") == 5:
            raise CannotDo("This button is a link.")
        data = {"custom_id": found["custom_id"], "component_type": 2, "id": found["id"]}
        return await self._interact(COMPONENT, message.channel, data, message, wait)

    async def select(
        self, where: "Channel | Message | Reply", select: str, *values: Any, wait: bool = True
    ) -> Reply:
        """Chooses in a select by its custom_id or placeholder; values by value or label, or people, roles, channels."""
        message, found = self._component(
            where,
            lambda one: (
                one.get("type") in (3, 5, 6, 7, 8)
                and select in (one.get("custom_id"), one.get("placeholder"))
            ),
            select,
        )
        chosen, resolved = self._picked(found, values, message.channel)
        data: Json = {
            "custom_id": found["custom_id"],
            "component_type": found["type"],
            "values": chosen,
            "id": found["id"],
        }
        if resolved:
            data["resolved"] = resolved
        return await self._interact(COMPONENT, message.channel, data, message, wait)

    def _picked(self, spec: Json, values: Any, channel: Channel) -> tuple[list[str], Json]:
        kind, options = spec["type"], spec.get("options") or []
        unlimited = len(options) if kind == 22 else 1
        least, most = spec.get("min_values"), spec.get("max_values") or unlimited
        least = (1 if spec.get("required") is not False else 0) if least is None else least
        if not least <= len(values) <= most and not (not values and spec.get("required") is False):
            raise CannotDo(f"Between {least} and {most} must be chosen, not {len(values)}.")
        if kind in (3, 21, 22):
            chosen = []
            for value in values:
                found = next((one for one in options if value in (one["value"], one["label"])), None)
                if found is None:
                    raise CannotDo(f"There is {[one['value'] for one in options]}, not {value!r}.")
                chosen.append(found["value"])
            return chosen, {}
        return [str(value.id) for value in values], self._resolve(list(values), channel)

    def _component(
        self, where: "Channel | Message | Reply", fits: Callable[[Json], bool], name: str
    ) -> tuple[Message, Json]:
        if isinstance(where, Reply):
            where = where.message
        channel = where if isinstance(where, Channel) else where.channel
        self._may_take_part(channel)
        seen = self.sees(channel)
        if isinstance(where, Message):
            seen = [one for one in seen if one is where]
            if not seen:
                raise CannotDo("This person does not see that message.")
        for message in reversed(seen):
            for one in every(message.components):
                if fits(one):
                    if one.get("disabled"):
                        raise CannotDo(f"{name!r} is greyed out.")
                    return message, one
        raise CannotDo(
            f"Nothing called {name!r} to press; there is {[c.get('label') or c.get('custom_id') for m in seen for c in every(m.components)]}"
        )

    async def submit(self, form: Reply, values: dict[str, Any] | None = None, wait: bool = True) -> Reply:
        """Fills in the form that opened and sends it. Keys are custom_ids or labels.

        Values: text; True or False for a checkbox; one value for radios; a list for checkbox groups and selects.
        What is not named keeps its default.
        """
        modal, given = form.modal, dict(values or {})
        channel = form.interaction.channel
        parts, resolved = [], {}
        for top in modal["components"]:
            if top["type"] == 10:
                parts.append({"type": 10, "id": top["id"]})
                continue
            labelled = top["type"] == 18
            spec = top["component"] if labelled else top["components"][0]
            label = top["label"] if labelled else spec.get("label")
            key = next((name for name in (spec["custom_id"], label) if name in given), None)
            filled, more = self._filled(
                spec, given.pop(key) if key is not None else None, key is not None, channel
            )
            for kind, entries in more.items():
                resolved.setdefault(kind, {}).update(entries)
            part: Json = {"type": top["type"], "id": top["id"]}
            parts.append(part | ({"component": filled} if labelled else {"components": [filled]}))
        if given:
            raise CannotDo(f"The form has no {sorted(given)}.")
        data: Json = {"custom_id": modal["custom_id"], "components": parts}
        if resolved:
            data["resolved"] = resolved
        return await self._interact(SUBMIT, channel, data, form.interaction.source, wait)

    def _filled(self, spec: Json, value: Any, given: bool, channel: Channel) -> tuple[Json, Json]:
        base: Json = {"type": spec["type"], "custom_id": spec["custom_id"], "id": spec["id"]}
        required = spec.get("required") is not False
        match spec["type"]:
            case 4:
                text = str(value) if given else spec.get("value") or ""
                least, most = spec.get("min_length") or 0, spec.get("max_length") or 4000
                if (required and not text) or (text and not least <= len(text) <= most):
                    raise CannotDo(
                        f"The form does not take {text[:40]!r}: from {least} to {most} characters."
                    )
                return base | {"value": text}, {}
            case 23:
                return base | {"value": bool(value) if given else bool(spec.get("default"))}, {}
            case 21:
                preset = next((one["value"] for one in spec["options"] if one.get("default")), None)
                choice = value if given else preset
                if choice is None:
                    if required:
                        raise CannotDo("One of the radios must be chosen.")
                    return base | {"value": None}, {}
                return base | {"value": self._picked(spec, [choice], channel)[0][0]}, {}
            case _:
                preset_list = [one["value"] for one in spec.get("options") or [] if one.get("default")]
                chosen = list(value) if given else preset_list
                if not chosen and not required:
                    return base | {"values": []}, {}
                picked, resolved = self._picked(spec, chosen, channel)
                return base | {"values": picked}, resolved

    async def _interact(
        self, kind: int, channel: Channel, data: Json, source: Message | None, wait: bool
    ) -> Reply:
        made = interactions.create(self.world, kind, self.user, channel, data, source)
        reply = Reply(self, made)
        if not wait:
            return reply
        clock = self.world.clock
        late = made.created_at + interactions.ANSWER_SECONDS
        await self.world.until(
            lambda: made.answered is not None or clock.now() > late, 10.0, "an answer or 3 seconds"
        )
        if made.answered is None:
            raise NotAnswered("The application did not respond")
        try:
            await self.world.until(
                lambda: made.original is None or not made.original.loading,
                self.patience,
                "the deferred answer",
            )
        except TimeoutError as late_answer:
            raise NotAnswered("The application is thinking... and nothing came") from late_answer
        return reply

    # --- coming and going ---------------------------------------------------------------------------------

    async def join_guild(self, guild: Guild, pending: bool = False) -> Member:
        """Comes in; `pending` until the rules are accepted."""
        return guilds.join(self.world, guild, self.user, pending)

    async def accept_rules(self, guild: Guild) -> None:
        guild.members[self.user.id].pending = False
        guilds.member_changed(self.world, guild, guild.members[self.user.id])

    async def leave(self, guild: Guild) -> None:
        guilds.leave(self.world, guild, self.user)

    async def rename(self, name: str) -> None:
        """Another display name, everywhere."""
        self.user.global_name = name
        for guild in self.world.guilds.values():
            if self.user.id in guild.members:
                guilds.member_changed(self.world, guild, guild.members[self.user.id])

    async def nick(self, guild: Guild, nick: str | None) -> None:
        member = guild.members[self.user.id]
        guilds.edit_member(self.world, self.user, guild, member, {"nick": nick})
        if self.user.id in guild.voice:
            # A member's new name comes with their voice state too.
            voice.change(self.world, guild, guild.voice[self.user.id])

    async def close_dms(self, closed: bool = True) -> None:
        """Takes no direct messages from the server's members any more."""
        self.user.dms_open = not closed

    # --- voice --------------------------------------------------------------------------------------------

    async def join_voice(self, channel: Channel, **more: bool) -> VoiceState:
        """Comes into a call; `self_deaf=True` and the like as in the voice state."""
        self._may_take_part(channel)
        return voice.join(self.world, self.world.guilds[channel.guild_id or 0], self.user, channel, **more)

    async def leave_voice(self, guild: Guild) -> None:
        voice.leave(self.world, guild, self.user.id)

    async def stream(self, guild: Guild, on: bool = True) -> None:
        """Shares the screen."""
        await self._voice(guild, P.STREAM, self_stream=on)

    async def camera(self, guild: Guild, on: bool = True) -> None:
        await self._voice(guild, P.STREAM, self_video=on)

    async def deafen(self, guild: Guild, on: bool = True) -> None:
        """Deafens themself."""
        await self._voice(guild, P(0), self_deaf=on)

    async def _voice(self, guild: Guild, need: P, **more: bool) -> None:
        state = guild.voice.get(self.user.id)
        if state is None:
            raise CannotDo("This person is in no call.")
        if not self.world.can(guild.channels[state.channel_id], self.user, need):
            raise missing_permissions()
        voice.change(self.world, guild, state, **more)

    # --- looking after a server ---------------------------------------------------------------------------

    async def create_channel(self, guild: Guild, name: str, kind: str = "text", **more: Any) -> Channel:
        """`kind`: text, voice, category, announcement, stage or forum; `category=`, or fields as in the API."""
        category = more.pop("category", None)
        if category is not None:
            more["parent_id"] = str(category.id)
        return guilds.create_channel(
            self.world, self.user, guild, {"name": name, "type": KINDS[kind], **more}
        )

    async def edit_channel(self, channel: Channel, **changes: Any) -> None:
        guilds.edit_channel(self.world, self.user, channel, changes)

    async def delete_channel(self, channel: Channel) -> None:
        guilds.delete_channel(self.world, self.user, channel)

    async def overwrite(
        self, channel: Channel, target: "Role | Human | User", allow: P = P(0), deny: P = P(0)
    ) -> None:
        """Sets what a role or a person may do otherwise in a channel."""
        kind = 0 if isinstance(target, Role) else 1
        guilds.set_overwrite(self.world, self.user, channel, target.id, kind, allow, deny)

    async def clear_overwrite(self, channel: Channel, target: "Role | Human | User") -> None:
        guilds.delete_overwrite(self.world, self.user, channel, target.id)

    async def create_thread(
        self, parent: Channel, name: str, private: bool = False, message: Message | None = None
    ) -> Channel:
        data = {"name": name, "type": 12 if private else 11}
        return guilds.create_thread(self.world, self.user, parent, data, message.id if message else None)

    async def join_thread(self, thread: Channel, who: "Human | User | None" = None) -> None:
        """Joins, or adds somebody."""
        user = who.user if isinstance(who, Human) else who or self.user
        guilds.join_thread(self.world, self.user, thread, user)

    async def create_role(self, guild: Guild, name: str, permissions: P = P(0), **more: Any) -> Role:
        return guilds.create_role(
            self.world, self.user, guild, {"name": name, "permissions": str(int(permissions)), **more}
        )

    async def edit_role(self, guild: Guild, role: Role, **changes: Any) -> None:
        guilds.edit_role(self.world, self.user, guild, role, changes)

    async def move_role(self, guild: Guild, role: Role, position: int) -> None:
        """Up or down the list; 1 is the lowest place."""
        guilds.move_roles(self.world, self.user, guild, [{"id": str(role.id), "position": position}])

    async def delete_role(self, guild: Guild, role: Role) -> None:
        guilds.delete_role(self.world, self.user, guild, role)

    async def give_role(self, guild: Guild, who: "Human | User", role: Role, given: bool = True) -> None:
        guilds.give_role(self.world, self.user, guild, guild.members[who.id], role, given)

    async def take_role(self, guild: Guild, who: "Human | User", role: Role) -> None:
        await self.give_role(guild, who, role, given=False)

    async def kick(self, guild: Guild, who: "Human | User") -> None:
        guilds.kick(self.world, self.user, guild, guild.members[who.id])

    async def ban(self, guild: Guild, who: "Human | User") -> None:
        guilds.ban(self.world, self.user, guild, who.user if isinstance(who, Human) else who)

    async def timeout(self, guild: Guild, who: "Human | User", seconds: float) -> None:
        """Holds somebody for a while."""
        from tests.localdiscord.clock import written

        until = written(self.world.clock.now() + seconds)
        guilds.edit_member(
            self.world, self.user, guild, guild.members[who.id], {"communication_disabled_until": until}
        )

    async def give_server(self, guild: Guild, to: "Human") -> None:
        """Makes somebody else the owner."""
        if guild.owner_id != self.user.id:
            raise missing_permissions()
        guild.owner_id = to.id
        self._guild_changed(guild)

    async def edit_guild(self, guild: Guild, **changes: Any) -> None:
        """name, locale, widget, features."""
        self.world.need_in_guild(guild, self.user, P.MANAGE_GUILD)
        for key, value in changes.items():
            if not hasattr(guild, key):
                raise CannotDo(f"A server has no {key}.")
            setattr(guild, key, value)
        self._guild_changed(guild)

    def _guild_changed(self, guild: Guild) -> None:
        self.world.tell("GUILD_UPDATE", guild.json(), I.GUILDS, guild.id)

    async def delete_guild(self, guild: Guild) -> None:
        if guild.owner_id != self.user.id:
            raise missing_permissions()
        del self.world.guilds[guild.id]
        self.world.tell("GUILD_DELETE", {"id": str(guild.id)}, I.GUILDS, guild.id)

    async def create_invite(self, channel: Channel, max_age: int = 86400, max_uses: int = 0) -> Json:
        """An invite; `max_age` 0 never ends."""
        return invites.create(self.world, self.user, channel, {"max_age": max_age, "max_uses": max_uses})

    async def delete_invite(self, invite: Json) -> None:
        invites.delete(self.world, self.user, invite["code"])

    async def create_webhook(self, channel: Channel, name: str) -> Json:
        """A webhook in the channel; a followed announcement channel is one of type 2."""
        self.world.need(channel, self.user, P.MANAGE_WEBHOOKS)
        guild = self.world.guilds[channel.guild_id or 0]
        hook: Json = {
            "id": str(self.world.clock.snowflake()), "type": 1, "guild_id": str(guild.id), "channel_id": str(channel.id),
            "name": name, "avatar": None, "application_id": None, "user": self.user.json(), "token": "-",
        }  # fmt: skip
        guild.webhooks[int(hook["id"])] = hook
        self.world.tell(
            "WEBHOOKS_UPDATE",
            {"guild_id": str(guild.id), "channel_id": str(channel.id)},
            I.WEBHOOKS,
            guild.id,
        )
        return hook

    async def open_stage(self, channel: Channel, topic: str) -> None:
        """Starts a stage's talk."""
        self.world.need(channel, self.user, P.MANAGE_CHANNELS)
        guild = self.world.guilds[channel.guild_id or 0]
        if channel.kind != KINDS["stage"]:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        guild.stages[channel.id] = {
            "id": str(self.world.clock.snowflake()), "guild_id": str(guild.id), "channel_id": str(channel.id),
            "topic": topic, "privacy_level": 2, "discoverable_disabled": True, "guild_scheduled_event_id": None,
        }  # fmt: skip
        self.world.tell("STAGE_INSTANCE_CREATE", guild.stages[channel.id], I.GUILDS, guild.id)


def _named(spec: Json, locale: str) -> str:
    """A command's or option's name in a language."""
    return str((spec.get("name_localizations") or {}).get(locale, spec["name"]))
