"""Interactions: docs, Receiving and Responding. People create them, the bot answers them in time."""

import secrets
from dataclasses import dataclass, field

from tests.localdiscord import messages
from tests.localdiscord.content import check_message, check_modal, every
from tests.localdiscord.messages import SENDABLE_FLAGS, File
from tests.localdiscord.model import COMPONENTS_V2, DM, EPHEMERAL, LOADING, Channel, Json, Message, User
from tests.localdiscord.refused import Refused, invalid, unknown
from tests.localdiscord.world import World

# docs: an answer within 3 seconds, the token for 15 minutes.
ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 900.0
COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
FITTING = {
    COMMAND: {MESSAGE, DEFER, MODAL},
    COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    SUBMIT: {MESSAGE, DEFER},
}


@dataclass(eq=False)
class Interaction:
    """One thing that a person did, and what became of it."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    data: Json
    created_at: float
    source: Message | None = None
    answered: int | None = None
    original: Message | None = None
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)


def create(
    world: World, kind: int, user: User, channel: Channel, data: Json, source: Message | None = None
) -> Interaction:
    """What a person did goes to the bot. It needs no intent."""
    made = Interaction(
        world.clock.snowflake(),
        secrets.token_urlsafe(64),
        kind,
        user,
        channel,
        data,
        world.clock.now(),
        source,
    )
    world.interactions[made.token] = made
    world.tell("INTERACTION_CREATE", _json(world, made), 0, channel.guild_id)
    return made


def _json(world: World, made: Interaction) -> Json:
    channel = made.channel
    body: Json = {
        "id": str(made.id), "application_id": str(world.bot.id), "type": made.kind, "token": made.token,
        "version": 1,
        "data": made.data, "channel_id": str(channel.id), "channel": channel.json(),
        "locale": made.user.locale,
        "app_permissions": str(int(world.held(channel, world.bot))), "entitlements": [],
        "attachment_size_limit": 10 * 1024 * 1024, "context": 1 if channel.kind == DM else 0,
    }  # fmt: skip
    if channel.guild_id is None:
        body["user"] = made.user.json()
        body["authorizing_integration_owners"] = {"0": "0"}
    else:
        guild = world.guilds[channel.guild_id]
        held = str(int(world.held(channel, made.user)))
        body["channel"]["permissions"] = held
        body["member"] = {**guild.members[made.user.id].json(), "permissions": held}
        body["authorizing_integration_owners"] = {"0": str(guild.id)}
        body["guild_locale"] = guild.locale
        body["guild_id"] = str(guild.id)
        body["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": guild.features}
    if made.source is not None:
        body["message"] = made.source.json(world.bot)
    return body


def number(components: list[Json]) -> list[Json]:
    """Gives every component the id that Discord gives it when the bot gave none."""
    taken = {one["id"] for one in every(components) if one.get("id")}
    new = 1
    for one in every(components):
        if not one.get("id"):
            while new in taken:
                new += 1
            one["id"] = new
            taken.add(new)
    return components


def callback(
    world: World, interaction_id: int, token: str, body: Json, files: dict[int, File]
) -> Interaction:
    """The first answer. Raises 10062 when it is too late or unknown, 40060 when there was one already."""
    made = world.interactions.get(token)
    if made is None or made.id != interaction_id:
        raise unknown("interaction", 10062)
    if made.answered is not None:
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    if world.clock.now() - made.created_at > ANSWER_SECONDS:
        raise unknown("interaction", 10062)
    kind = body.get("type")
    fitting = FITTING[made.kind] | (
        {UPDATE, DEFER_UPDATE} if made.source is not None and made.kind == SUBMIT else set()
    )
    if kind not in fitting:
        raise invalid(
            "type", "This answer does not fit this interaction.", "INTERACTION_CALLBACK_TYPE_INVALID"
        )
    data = body.get("data") or {}
    match kind:
        case 4:
            made.original = _message(world, made, data, files)
            messages.post(world, made.original)
        case 5:
            made.original = messages.build(
                world, world.bot, made.channel, {}, {}, LOADING | (data.get("flags") or 0) & EPHEMERAL
            )
            _own(world, made, made.original)
            messages.post(world, made.original)
        case 6:
            made.original = made.source
        case 7:
            assert made.source is not None
            if made.source.id not in made.channel.messages:
                raise unknown("Message", 10008)
            number(data.get("components") or [])
            messages.change(world, made.source, data, files)
            made.original = made.source
        case 8:
            choices = data.get("choices") or []
            if len(choices) > 25:
                raise invalid("data.choices", "Must be 25 or fewer in length.", "BASE_TYPE_BAD_LENGTH")
            for index, choice in enumerate(choices):
                if not 1 <= len(choice.get("name") or "") <= 100:
                    raise invalid(
                        f"data.choices.{index}.name",
                        "Must be between 1 and 100 in length.",
                        "BASE_TYPE_BAD_LENGTH",
                    )
                if isinstance(choice.get("value"), str) and len(choice["value"]) > 100:
                    raise invalid(
                        f"data.choices.{index}.value",
                        "Must be 100 or fewer in length.",
                        "BASE_TYPE_MAX_LENGTH",
                    )
            made.choices = choices
        case 9:
            check_modal(data)
            number(data["components"])
            made.modal = data
        case _:
            raise AssertionError(kind)
    made.answered = kind
    world.change()
    return made


def _own(world: World, made: Interaction, message: Message) -> None:
    """Marks a message as an answer to this interaction, for the one person where it is ephemeral."""
    names = {COMMAND: made.data.get("name")}
    message.interaction = {
        "id": str(made.id), "type": made.kind, "user": made.user.json(),
        "authorizing_integration_owners": {"0": str(made.channel.guild_id or 0)},
    }  # fmt: skip
    if names.get(made.kind):
        message.interaction["name"] = names[made.kind]
        message.kind = 20 if made.data.get("type", 1) == 1 else 23
    message.webhook_id = world.bot.id
    if message.ephemeral:
        message.only_for = made.user


def _message(world: World, made: Interaction, data: Json, files: dict[int, File]) -> Message:
    flags = (data.get("flags") or 0) & (SENDABLE_FLAGS | EPHEMERAL)
    check_message(data, len(files), flags)
    number(data.get("components") or [])
    message = messages.build(world, world.bot, made.channel, data, files, flags)
    _own(world, made, message)
    return message


def by_token(world: World, application_id: int, token: str) -> Interaction:
    """The interaction behind a webhook token: 15 minutes, and only once it was answered."""
    made = world.interactions.get(token)
    if made is None or application_id != world.bot.id or made.answered is None:
        raise unknown("Webhook", 10015)
    if world.clock.now() - made.created_at > TOKEN_SECONDS:
        raise Refused(401, 50027, "Invalid Webhook Token")
    if world.find_channel(made.channel.id) is None:
        raise unknown("Channel", 10003)
    return made


def follow_up(world: World, made: Interaction, data: Json, files: dict[int, File]) -> Message:
    """One more message. The first one after a deferral fills the waiting answer, as private as that was."""
    if made.original is not None and made.original.loading:
        return edit(world, made, "@original", {**data, "flags": (data.get("flags") or 0) & ~EPHEMERAL}, files)
    message = _message(world, made, data, files)
    if made.answered == DEFER_UPDATE or made.original is not None:
        before = made.original
        message.reference = (
            {"type": 0, "message_id": str(before.id), "channel_id": str(made.channel.id)} if before else None
        )
    made.followups.append(message)
    messages.post(world, message)
    return message


def find(made: Interaction, which: str) -> Message:
    """@original or a follow-up by id. Raises 10008 when it is gone or never was."""
    own = [made.original, *made.followups]
    found = (
        made.original if which == "@original" else next((m for m in own if m and str(m.id) == which), None)
    )
    if found is None or found.id not in made.channel.messages:
        raise unknown("Message", 10008)
    return found


def edit(world: World, made: Interaction, which: str, data: Json, files: dict[int, File]) -> Message:
    message = find(made, which)
    number(data.get("components") or [])
    if message.loading and (data.get("flags") or 0) & COMPONENTS_V2:
        message.flags |= COMPONENTS_V2
    loading = message.flags & LOADING
    messages.change(world, message, data, files)
    if loading:
        message.edited_at = None
    return message


def delete(world: World, made: Interaction, which: str) -> None:
    messages.remove(world, find(made, which))
