"""Who in a room is a person, a bot, or a bridge's stand-in.

Matrix has no sign of it that can be relied on. What is used, in this order: the room's own list of
service members (`io.element.functional_members`, which bridges and Element keep), what the room's
bridge information names (`m.bridge`, MSC2346), and names that bridges and well-known bots really use.
A bot under a name of its own is taken for a person: it is asked, and does not answer.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from adapters.matrix.parsing import clean
from adapters.matrix.rooms import BRIDGE_TYPES, FUNCTIONAL, Room

_NETWORKS = (
    "bluesky|discord|discordgo|facebook|gitter|gmessages|gvoice|googlechat|hangouts|imessage|instagram|irc|kakaotalk|"
    "kik|libera|freenode|oftc|line|linkedin|mattermost|meta|messenger|rocketchat|signal|skype|slack|sms|steam|teams|"
    "telegram|twitter|viber|wechat|weixin|whatsapp|xmpp|zulip"
)
_GHOST = re.compile(
    # Application services own a name space that starts with "_": "_discord_123", "_irc_ann".
    rf"_({_NETWORKS}|bifrost|appservice|xmpp|neb|slackpuppet|discordpuppet)[a-z0-9]*_.+"
    # mautrix bridges: "telegram_123456", "whatsapp_4912345", "signal_<uuid>", "slack_t01-u02".
    rf"|({_NETWORKS})_(lid-)?[0-9a-f]{{2}}[0-9a-f-]{{3,}}|slack_[a-z0-9]+-[a-z0-9]+"
)
_BOT = re.compile(
    rf"({_NETWORKS})-?bot|_?({_NETWORKS})[_-]?bot|bot[._-].+|.+[._-]bot|.+[._-]bot[0-9]{{1,3}}"
    r"|draupnir.*|mjolnir.*|hookshot|maubot|matrix-?bot|appservice-irc|neb|_neb_.+|heisenbridge|feeds|github|reminder"
)


def kind_of(room: Room, user: str) -> Literal["human", "bot", "ghost"]:
    """What this member is, as far as can be told."""
    local, _, server = user.removeprefix("@").partition(":")
    local = local.lower()
    listed = (room.content(FUNCTIONAL) or {}).get("service_members")
    if isinstance(listed, list) and user in listed:
        return "bot"
    for _, bridge in room.each(*BRIDGE_TYPES):
        bot = bridge.get("bridgebot")
        if bot == user:
            return "bot"
        network = _network(bridge)
        same = isinstance(bot, str) and bot.partition(":")[2] == server
        if network and same and re.fullmatch(rf"_?{re.escape(network)}[a-z0-9]*_.+", local):
            return "ghost"
    if _GHOST.fullmatch(local):
        return "ghost"
    return "bot" if _BOT.fullmatch(local) else "human"


def networks(room: Room) -> tuple[str, ...]:
    """The networks that the room is bridged to, as the bridges name them."""
    found = []
    for _, bridge in room.each(*BRIDGE_TYPES):
        protocol = bridge.get("protocol")
        name = protocol.get("displayname") if isinstance(protocol, dict) else None
        found.append(clean(name[:60]) if isinstance(name, str) and name.strip() else _network(bridge) or "?")
    return tuple(sorted(set(found)))


def _network(bridge: Mapping[str, Any]) -> str:
    protocol = bridge.get("protocol")
    found = protocol.get("id") if isinstance(protocol, dict) else None
    return clean(found.lower()[:60]) if isinstance(found, str) else ""
