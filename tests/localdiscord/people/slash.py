"""Typing commands, as the client's own command line allows it."""

from typing import Any

from tests.localdiscord import commands, interactions
from tests.localdiscord.interactions import AUTOCOMPLETE, COMMAND
from tests.localdiscord.model import Attachment, Channel, Json, Member, Message, Role, User
from tests.localdiscord.people.client import CannotDo, Client, NotAnswered, Reply, named


class Slash(Client):
    """Commands and menus."""

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
        self, target: "Message | Client", name: str, channel: Channel | None = None, wait: bool = True
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
            if one["type"] == kind and name in (one["name"], named(one, self.user.locale))
        ]
        if not found:
            names = sorted(one["name"] for one in offered if one["type"] == kind)
            raise CannotDo(f"No command {name!r} here, only {names}")
        return found[-1]

    def _chosen(self, channel: Channel, words: tuple[str, ...], options: Json, typing: str | None) -> Json:
        command = self._command(channel, words[0], commands.CHAT_INPUT)
        data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": []}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        spec, place = command, data
        for word in words[1:]:
            subs = [one for one in spec.get("options") or [] if one["type"] in (commands.SUB, commands.GROUP)]
            found = next((one for one in subs if word in (one["name"], named(one, self.user.locale))), None)
            if found is None:
                raise CannotDo(f"No {word!r} below {spec['name']!r}, only {[one['name'] for one in subs]}")
            deeper: Json = {"name": found["name"], "type": found["type"], "options": []}
            place["options"].append(deeper)
            spec, place = found, deeper
        specs = spec.get("options") or []
        if any(one["type"] in (commands.SUB, commands.GROUP) for one in specs):
            raise CannotDo(f"A command with subcommands has no bare form: {[one['name'] for one in specs]}")
        known = {name: one for one in specs for name in (one["name"], named(one, self.user.locale))}
        if options.keys() - known.keys():
            raise CannotDo(f"No option {sorted(options.keys() - known.keys())}, only {sorted(known)}")
        if typing is None:
            missing = [
                one["name"]
                for one in specs
                if one.get("required") and not {one["name"], named(one, self.user.locale)} & options.keys()
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
            if not hasattr(value, "id"):
                raise CannotDo(f"{spec['name']!r} does not take {value!r}.")
            targets.append(value)
            return {**option, "value": str(value.id)}
        fits: Any = {
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
            if isinstance(target, Client | User | Member):
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
