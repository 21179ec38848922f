"""Requests against Discord's own description, where it is on this machine."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.localdiscord import LocalDiscord, P, openapi
from tests.localdiscord.raw import Raw

pytestmark = pytest.mark.skipif(not openapi.DESCRIPTION.exists(), reason=openapi.SKIPPED)


@pytest.fixture
async def described() -> AsyncIterator[Raw]:
    async with LocalDiscord() as server, Raw(server) as raw:
        yield raw
        assert not server.crashes


def _room(raw: Raw) -> str:
    server = raw.server
    guild = server.guild("Circle", server.person("ann"), P.MANAGE_ROLES | P.MANAGE_CHANNELS)
    return f"/channels/{server.channel(guild, 'general').id}"


WRONG: list[tuple[str, str, str, Any]] = [
    ("a field that there is not", "POST", "/messages", {"content": "x", "colour": "red"}),
    ("a deep field that there is not", "POST", "/messages", {"embeds": [{"titel": "x"}]}),
    ("a number for words", "POST", "/messages", {"content": 5}),
    ("eleven embeds", "POST", "/messages", {"embeds": [{"title": "x"}] * 11}),
    ("an unknown component", "POST", "/messages", {"components": [{"type": 99}]}),
    ("no type of overwrite", "PUT", "/permissions/1", {"allow": "x"}),
    ("a list for an object", "POST", "/invites", []),
    ("a query that there is not", "GET", "/messages?since=1", None),
    ("a body where there is none", "PUT", "/messages/1/reactions/x/@me", {"x": 1}),
    ("a method that there is not", "PUT", "/messages", {"content": "x"}),
    ("a path that there is not", "GET", "/whispers", None),
]


@pytest.mark.parametrize(
    ("method", "path", "body"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
async def test_a_request_that_discord_does_not_describe_is_refused_and_noted(
    described: Raw, method: str, path: str, body: Any
) -> None:
    assert (await described.ask(method, _room(described) + path, body)).refusal == (400, 50035)
    assert len(described.server.violations) == 1


RIGHT: list[tuple[str, str, Any]] = [
    ("POST", "/messages", {"content": "x", "nonce": 7, "flags": 4096, "allowed_mentions": {"parse": []}}),
    ("PUT", "/permissions/G", {"id": "1", "type": 0, "allow": "0", "deny": "1024"}),
    ("PATCH", "", {"topic": None}),
    ("PATCH", "", {"permission_overwrites": [{"id": "G", "type": 0, "allow": "1024", "deny": 0}]}),
    ("GET", "/messages?limit=5", None),
]


@pytest.mark.parametrize(("method", "path", "body"), RIGHT)
async def test_a_request_as_discord_py_sends_it_is_taken(
    described: Raw, method: str, path: str, body: Any
) -> None:
    room = _room(described)
    guild = str(next(iter(described.server.world.guilds)))
    for one in (body or {}).get("permission_overwrites", []):
        one["id"] = guild
    got = await described.ask(method, room + path.replace("G", guild), body)
    assert got.status < 300, got
    assert described.server.violations == []


async def test_files_are_held_against_the_same_description(described: Raw) -> None:
    path = _room(described) + "/messages"
    attached = {"attachments": [{"id": 0, "filename": "a.txt"}]}
    assert (await described.ask("POST", path, attached, files=[b"x"])).status == 200
    assert (await described.ask("POST", path, {**attached, "colour": "red"}, files=[b"x"])).status == 400


async def test_every_path_of_this_server_is_one_of_discords() -> None:
    from tests.localdiscord import rest_application, rest_channels, rest_guilds

    description = openapi.description()
    assert description is not None
    for routes in (rest_application.ROUTES, rest_channels.ROUTES, rest_guilds.ROUTES):
        for method, path, _ in routes:
            complaint = description.complaint(method, path.replace("{which}", "public"), {}, None)
            assert complaint is None or " at $" in complaint, complaint
