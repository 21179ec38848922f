"""What there is: users, servers, roles, channels, members, messages; and how Discord writes each in JSON."""

from dataclasses import dataclass, field
from typing import Any

from tests.localdiscord.clock import written
from tests.localdiscord.permissions import NONE, THREAD_KINDS, VOICE_KINDS, P

Json = dict[str, Any]

TEXT, DM, VOICE, CATEGORY, ANNOUNCEMENT = 0, 1, 2, 4, 5
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, STAGE, FORUM = 10, 11, 12, 13, 15
KINDS = {
    "text": TEXT, "voice": VOICE, "category": CATEGORY, "announcement": ANNOUNCEMENT, "stage": STAGE,
    "forum": FORUM,
}  # fmt: skip
# Message flags.
CROSSPOSTED, SUPPRESS_EMBEDS, EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 0, 1 << 2, 1 << 6, 1 << 7, 1 << 15


@dataclass(eq=False)
class User:
    """An account, human or bot."""

    id: int
    name: str
    global_name: str | None = None
    bot: bool = False
    dms_open: bool = True
    locale: str = "en-US"

    def json(self) -> Json:
        return {
            "id": str(self.id), "username": self.name, "discriminator": "0000" if self.bot else "0",
            "global_name": self.global_name, "avatar": None, "bot": self.bot, "public_flags": 0,
        }  # fmt: skip


@dataclass(eq=False)
class Role:
    """A role; `position` 0 is @everyone."""

    id: int
    name: str
    permissions: P
    position: int
    managed: bool = False
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    bot_id: int | None = None

    def json(self) -> Json:
        tags = {"tags": {"bot_id": str(self.bot_id)}} if self.bot_id else {}
        return {
            "id": str(self.id), "name": self.name, "permissions": str(int(self.permissions)),
            "position": self.position,
            "managed": self.managed, "color": self.color, "hoist": self.hoist,
            "mentionable": self.mentionable,
            "colors": {"primary_color": self.color, "secondary_color": None, "tertiary_color": None},
            "icon": None, "unicode_emoji": None, "flags": 0, "description": None, **tags,
        }  # fmt: skip


@dataclass(eq=False)
class Overwrite:
    """What a role (kind 0) or a member (kind 1) may do otherwise in one channel."""

    id: int
    kind: int
    allow: P = NONE
    deny: P = NONE

    def json(self) -> Json:
        return {
            "id": str(self.id), "type": self.kind, "allow": str(int(self.allow)), "deny": str(int(self.deny)),
        }  # fmt: skip


@dataclass(eq=False)
class VoiceState:
    """Where somebody is heard."""

    user_id: int
    channel_id: int
    session_id: str
    mute: bool = False
    deaf: bool = False
    self_mute: bool = False
    self_deaf: bool = False
    self_stream: bool = False
    self_video: bool = False
    suppress: bool = False

    def json(self, guild: "Guild") -> Json:
        return {
            "guild_id": str(guild.id), "channel_id": str(self.channel_id) if self.channel_id else None,
            "user_id": str(self.user_id), "session_id": self.session_id, "mute": self.mute, "deaf": self.deaf,
            "self_mute": self.self_mute, "self_deaf": self.self_deaf, "self_stream": self.self_stream,
            "self_video": self.self_video, "suppress": self.suppress, "request_to_speak_timestamp": None,
        }  # fmt: skip


@dataclass(eq=False)
class Member:
    """A user in a server."""

    user: User
    joined_at: float
    roles: set[int] = field(default_factory=set)
    nick: str | None = None
    pending: bool = False
    timed_out_until: float = 0.0
    deaf: bool = False
    mute: bool = False
    flags: int = 0

    def json(self, user: bool = True) -> Json:
        who = {"user": self.user.json()} if user else {}
        return {
            **who, "roles": [str(role) for role in sorted(self.roles)], "nick": self.nick, "avatar": None,
            "banner": None,
            "joined_at": written(self.joined_at), "premium_since": None, "deaf": self.deaf, "mute": self.mute,
            "flags": self.flags, "pending": self.pending,
            "communication_disabled_until": written(self.timed_out_until) if self.timed_out_until else None,
        }  # fmt: skip


@dataclass(eq=False)
class Channel:
    """A channel, category, thread or direct chat."""

    id: int
    kind: int
    name: str
    guild_id: int | None = None
    position: int = 0
    parent_id: int | None = None
    topic: str | None = None
    nsfw: bool = False
    slowmode: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    user_limit: int = 0
    bitrate: int = 64000
    status: str | None = None
    recipient: User | None = None
    # Threads:
    owner_id: int | None = None
    thread_members: dict[int, float] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive: int = 4320
    created_at: float = 0.0
    messages: "dict[int, Message]" = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        return self.kind in THREAD_KINDS

    @property
    def is_voice(self) -> bool:
        return self.kind in VOICE_KINDS

    def json(self) -> Json:
        last = max(self.messages, default=None)
        base: Json = {
            "id": str(self.id), "type": self.kind, "last_message_id": str(last) if last else None, "flags": 0,
        }  # fmt: skip
        if self.recipient is not None:
            return {**base, "recipients": [self.recipient.json()]}
        base |= {
            "name": self.name, "guild_id": str(self.guild_id), "rate_limit_per_user": self.slowmode,
            "parent_id": str(self.parent_id) if self.parent_id else None,
        }  # fmt: skip
        if self.is_thread:
            return base | {
                "owner_id": str(self.owner_id), "message_count": len(self.messages),
                "member_count": min(50, len(self.thread_members)), "total_message_sent": len(self.messages),
                "thread_metadata": self.thread_metadata(),
            }  # fmt: skip
        base |= {
            "position": self.position, "nsfw": self.nsfw, "topic": self.topic,
            "permission_overwrites": [one.json() for one in self.overwrites.values()],
        }  # fmt: skip
        if self.is_voice:
            base |= {
                "bitrate": self.bitrate, "user_limit": self.user_limit, "rtc_region": None,
                "video_quality_mode": 1,
            }  # fmt: skip
        if self.kind == FORUM:
            base |= {
                "available_tags": [], "default_reaction_emoji": None, "default_sort_order": None,
                "default_forum_layout": 0,
            }  # fmt: skip
        return base

    def thread_metadata(self) -> Json:
        return {
            "archived": self.archived, "auto_archive_duration": self.auto_archive, "locked": self.locked,
            "archive_timestamp": written(self.created_at), "create_timestamp": written(self.created_at),
            "invitable": self.invitable,
        }  # fmt: skip

    def thread_member(self, user_id: int) -> Json:
        return {
            "id": str(self.id), "user_id": str(user_id), "flags": 0,
            "join_timestamp": written(self.thread_members[user_id]),
        }  # fmt: skip


@dataclass(eq=False)
class Attachment:
    """A file in a message; the server keeps its bytes."""

    id: int
    filename: str
    data: bytes
    content_type: str
    url: str

    def json(self) -> Json:
        return {
            "id": str(self.id), "filename": self.filename, "size": len(self.data), "url": self.url,
            "proxy_url": self.url, "content_type": self.content_type,
        }  # fmt: skip


@dataclass(eq=False)
class Message:
    """A message. `only_for` is the one user who sees it, for an ephemeral one."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    kind: int = 0
    edited_at: float | None = None
    created_at: float = 0.0
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    pinned: bool = False
    nonce: str | int | None = None
    reference: Json | None = None
    snapshots: list[Json] = field(default_factory=list)
    reactions: dict[str, list[int]] = field(default_factory=dict)
    webhook_id: int | None = None
    application_id: int | None = None
    interaction: Json | None = None
    only_for: User | None = None
    pinged: set[int] = field(default_factory=set)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """A deferred answer that is not there yet ("is thinking...")."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """All words that a person reads in it: content, embeds and text displays, in order."""
        return "\n".join([self.content, *_words(self.embeds), *_words(self.components)]).strip()

    def json(self, reader: User | None = None, words: bool = True) -> Json:
        """As `reader` gets it; without `words` what needs the message content intent is empty."""
        out: Json = {
            "id": str(self.id), "channel_id": str(self.channel.id), "type": self.kind,
            "author": self.author.json(),
            "content": self.content if words else "", "timestamp": written(self.created_at),
            "edited_timestamp": written(self.edited_at) if self.edited_at else None, "tts": False,
            "mention_everyone": self.mention_everyone, "mentions": [user.json() for user in self.mentions],
            "mention_roles": [str(role) for role in self.mention_roles], "mention_channels": [],
            "attachments": [one.json() for one in self.attachments] if words else [],
            "embeds": self.embeds if words else [], "components": self.components if words else [],
            "pinned": self.pinned, "flags": self.flags,
            "reactions": [
                {
                    "emoji": _emoji(name), "count": len(users), "me": bool(reader and reader.id in users),
                    "count_details": {"burst": 0, "normal": len(users)}, "burst_colors": [],
                    "me_burst": False,
                }
                for name, users in self.reactions.items()
            ],
        }  # fmt: skip
        if self.nonce is not None:
            out["nonce"] = self.nonce
        if self.reference:
            out["message_reference"] = self.reference
        if self.snapshots:
            out["message_snapshots"] = self.snapshots if words else [
                {"message": {**one["message"], "content": "", "embeds": [], "attachments": [],
                "components": []}}
                for one in self.snapshots
            ]  # fmt: skip
        if self.webhook_id:
            out["webhook_id"] = str(self.webhook_id)
        if self.application_id:
            out["application_id"] = str(self.application_id)
        if self.interaction:
            out["interaction_metadata"] = self.interaction
        return out


def _emoji(name: str) -> Json:
    return {"id": None, "name": name}


def _words(parts: object) -> list[str]:
    """Texts of embeds and of text displays, however deep."""
    if isinstance(parts, list):
        return [word for part in parts for word in _words(part)]
    if isinstance(parts, dict):
        own = [
            parts[key] for key in ("title", "name", "description", "value") if isinstance(parts.get(key), str)
        ]
        if "type" in parts and "custom_id" in parts:
            own = []
        if parts.get("type") == 10:
            own = [parts["content"]]
        deeper = [parts.get(key) for key in ("author", "fields", "footer", "components", "accessory")]
        footer = parts.get("text")
        return own + ([footer] if isinstance(footer, str) else []) + _words(deeper)
    return []


@dataclass(eq=False)
class Guild:
    """A server."""

    id: int
    name: str
    owner_id: int
    created_at: float
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    voice: dict[int, VoiceState] = field(default_factory=dict)
    bans: set[int] = field(default_factory=set)
    features: list[str] = field(default_factory=list)
    locale: str = "en-US"
    stages: dict[int, Json] = field(default_factory=dict)
    webhooks: dict[int, Json] = field(default_factory=dict)
    invites: dict[str, Json] = field(default_factory=dict)
    widget: bool = False
    onboarding: bool = False

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    def json(self) -> Json:
        return {
            "id": str(self.id), "name": self.name, "owner_id": str(self.owner_id), "icon": None,
            "splash": None,
            "discovery_splash": None, "description": None, "banner": None, "features": self.features,
            "emojis": [],
            "stickers": [], "roles": [role.json() for role in self.roles.values()], "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
            "system_channel_id": None,
            "system_channel_flags": 0, "rules_channel_id": None, "public_updates_channel_id": None,
            "safety_alerts_channel_id": None, "afk_channel_id": None, "afk_timeout": 300,
            "preferred_locale": self.locale,
            "premium_tier": 0, "premium_subscription_count": 0, "premium_progress_bar_enabled": False,
            "nsfw_level": 0,
            "vanity_url_code": None, "application_id": None, "region": "deprecated", "max_members": 500000,
            "max_video_channel_users": 25, "max_stage_video_channel_users": 50, "widget_enabled": self.widget,
            "widget_channel_id": None, "nsfw": False, "hub_type": None, "incidents_data": None,
        }  # fmt: skip

    def whole(self, seen_members: list[Member], threads: list[Channel]) -> Json:
        """GUILD_CREATE: docs, Gateway Events, Guild Create."""
        return {
            **self.json(), "joined_at": written(self.created_at), "large": len(self.members) > 250,
            "member_count": len(self.members), "unavailable": False, "presences": [],
            "members": [member.json() for member in seen_members],
            "channels": [channel.json() for channel in self.channels.values() if not channel.is_thread],
            "threads": [thread.json() for thread in threads],
            "voice_states": [state.json(self) for state in self.voice.values()],
            "stage_instances": list(self.stages.values()), "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }  # fmt: skip

    def top(self, member: Member) -> int:
        """The position of the member's highest role."""
        return max((self.roles[role].position for role in member.roles), default=0)
