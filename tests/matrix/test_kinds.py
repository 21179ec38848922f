"""Bots and bridge ghosts, as far as Matrix shows them."""

import pytest

from adapters.matrix.kinds import kind_of, networks
from tests.matrix.raw import room, state


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ("@_discord_123456:x.org", "ghost"),
        ("@_irc_ann:x.org", "ghost"),
        ("@telegram_123456789:x.org", "ghost"),
        ("@whatsapp_4912345678:x.org", "ghost"),
        ("@whatsapp_lid-123456789:x.org", "ghost"),
        ("@signal_0f6c1f3e-5d8a-4b6e-9b1d-2f6d0c9f7a11:x.org", "ghost"),
        ("@slack_t01ab-u02cd:x.org", "ghost"),
        ("@telegrambot:x.org", "bot"),
        ("@slackbot:x.org", "bot"),
        ("@draupnir:x.org", "bot"),
        ("@welcome-bot:x.org", "bot"),
        ("@ann:x.org", "human"),
        ("@abbot:x.org", "human"),
        ("@talbot:x.org", "human"),
        ("@telegram_fan:x.org", "human"),
        ("@line_dancer:x.org", "human"),
        ("@steam_engine:x.org", "human"),
        ("@deafbeef:x.org", "human"),
        ("@bottle:x.org", "human"),
    ],
)
def test_names_tell_what_bridges_and_known_bots_really_use(user: str, kind: str) -> None:
    """A person who is taken for a ghost could not agree: better to ask a bot than to pass a person by."""
    assert kind_of(room(), user) == kind


def test_what_the_bridge_says_of_itself_counts() -> None:
    """MSC2346: the bridge's bot, and its ghosts by the network's name on the bot's own server."""
    bridge = {"bridgebot": "@helper:x.org", "protocol": {"id": "gitter", "displayname": "Gitter"}}
    here = room(state("m.bridge", bridge, key="gitter"))
    assert kind_of(here, "@helper:x.org") == "bot"
    assert kind_of(here, "@gitter_ann:x.org") == "ghost"
    assert kind_of(here, "@gitter_ann:other.org") == "human"
    assert networks(here) == ("Gitter",)


def test_the_rooms_own_list_of_service_members_counts() -> None:
    """`io.element.functional_members`, which Element and bridges keep."""
    here = room(state("io.element.functional_members", {"service_members": ["@odd:x.org"]}))
    assert kind_of(here, "@odd:x.org") == "bot"


def test_a_bridge_that_was_taken_away_is_none() -> None:
    """Bridges empty their state event when they leave."""
    assert networks(room(state("m.bridge", {}, key="x"))) == ()
