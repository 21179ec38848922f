"""What an operator sees: the address, `doctor`, refusals to start, and the health of the connection."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.discord import DiscordSection, connect, invitation
from adapters.discord.permissions import ASKED, INVITED_WITH
from adapters.memory import MemoryStore
from bot.boundary.errors import CannotStart
from bot.engine import SystemClock
from tests.contract.discord_stage import Listener
from tests.discord.keeper import Keeper, comes
from tests.discord.scene import Scene, scene
from tests.localdiscord import LocalDiscord, P

BASE: dict[str, Any] = {
    "token_file": "token",
    "api_base": "http://127.0.0.1:9/api/v10",
    "gateway": "ws://127.0.0.1:9/",
}


def secret(folder: Path, words: str, mode: int = 0o600) -> None:
    """A token file."""
    (folder / "token").write_text(words)
    (folder / "token").chmod(mode)


async def test_the_address_asks_for_the_least_and_says_why(here: Scene) -> None:
    """No administrator, nothing to do with people's words; every permission has a reason."""
    url, reasons = await invitation(here.keeper.section, here.folder)
    assert f"permissions={INVITED_WITH}" in url
    assert f"client_id={here.server.bot.id}" in url
    assert "bot+applications.commands" in url
    assert [name for name, _ in reasons] == [asked.name for asked in ASKED]
    assert all(reason for _, reason in reasons)
    asked = P(INVITED_WITH)
    assert not asked & (P.ADMINISTRATOR | P.MANAGE_GUILD | P.MANAGE_CHANNELS | P.VIEW_AUDIT_LOG)


async def test_every_gate_holds_with_what_the_address_asks_for_and_with_nothing_less(tmp_path: Path) -> None:
    """Least permissions: leaving any of the needed ones out is noticed."""
    for left_out in (P.MANAGE_ROLES, P.MANAGE_MESSAGES, P.CONNECT):
        async with scene(tmp_path, int(P(INVITED_WITH) & ~left_out)) as here:
            everyone = here.guild.roles[here.guild.id]
            await here.ann.edit_role(here.guild, everyone, permissions=everyone.permissions & ~left_out)
            await here.places()
            reply = await here.ann.slash(here.evening, "setup", "show")
            assert "I lack" in reply.text or "I need the permission" in reply.text, left_out
            await here.keeper.stop()


async def test_the_address_is_known_without_a_network(tmp_path: Path) -> None:
    """A token begins with the application's id."""
    secret(tmp_path, "MTE4MDAwMDAwMDAwMDAwMDAwMA.GabcdE.abc")
    url, _ = await invitation(DiscordSection(**BASE), tmp_path)
    assert "client_id=1180000000000000000" in url


@pytest.mark.parametrize(
    ("words", "mode"), [("", 0o600), ("a b", 0o600), ("hidden", 0o644), ("x" * 5000, 0o600)]
)
async def test_a_token_file_that_cannot_be_right_is_refused(tmp_path: Path, words: str, mode: int) -> None:
    """Before anything is asked of Discord; the words are never shown."""
    secret(tmp_path, words, mode)
    platform = connect(DiscordSection(**BASE), MemoryStore(), SystemClock(), tmp_path)
    with pytest.raises(CannotStart) as refused:
        await platform.run(Listener())
    assert not words or words not in str(refused.value)


@pytest.mark.parametrize("bad", [{"api_base": "https://x/api"}, {"gateway": "http://x"}, {"api_base": "x"}])
def test_addresses_are_checked_when_the_configuration_is_read(bad: dict[str, str]) -> None:
    """INTERFACE.md: full addresses, with the version."""
    with pytest.raises(CannotStart):
        connect(DiscordSection(**{**BASE, **bad}), MemoryStore(), SystemClock(), Path())


async def test_a_wrong_token_ends_the_program_with_what_to_do(here: Scene) -> None:
    """A person must mend it: trying again cannot help."""
    await here.keeper.stop()
    secret(here.folder, "another-token")
    platform = connect(here.keeper.section, here.keeper.cabinet, SystemClock(), here.folder)
    with pytest.raises(CannotStart) as refused:
        await platform.run(Listener())
    assert "Reset Token" in refused.value.next_step


async def test_doctor_looks_at_token_intents_and_permissions_and_names_discords_rule(here: Scene) -> None:
    """Groups by number, never by name; it changes nothing."""
    await here.set_up("mute")
    assert here.role is not None
    await here.keeper.stop()
    before = len(here.server.requests)
    found = await _examined(here)
    assert all(f.fine for f in found)
    text = "\n".join(f.what + f.next_step for f in found)
    assert "accepts the bot's token" in text
    assert "Server Members Intent is on" in text
    assert "Discord group 1: all permissions are there." in text
    assert "health information" in text
    assert "evening" not in text
    assert all(r.method == "GET" for r in here.server.requests[before:])
    await here.ann.edit_role(here.guild, here.server.bot_role(here.guild), permissions=P.VIEW_CHANNEL)
    found = await _examined(here)
    lacking = [f for f in found if not f.fine]
    assert len(lacking) == 1
    assert "Manage Roles" in lacking[0].what
    here.server.world.privileged.clear()
    assert any("Server Members Intent is off" in f.what for f in await _examined(here))


async def _examined(here: Scene) -> list:  # type: ignore[type-arg]
    section = here.keeper.section
    platform = connect(section, here.keeper.cabinet, SystemClock(), here.folder)
    try:
        return await platform.examine()
    finally:
        await platform.close()


async def test_doctor_says_that_discord_does_not_answer(tmp_path: Path) -> None:
    """And what to look at."""
    secret(tmp_path, "token")
    platform = connect(DiscordSection(**BASE), MemoryStore(), SystemClock(), tmp_path)
    (found,) = await platform.examine()
    assert not found.fine


async def test_health_follows_the_connection(here: Scene) -> None:
    """A lost connection is said while it lasts, and an outage at the start is waited out."""
    assert here.keeper.platform.health().trouble == ""
    here.server.gateway.accepting = False
    here.server.gateway.cut()
    await comes(lambda: "lost" in here.keeper.platform.health().trouble, "the trouble")
    here.server.gateway.accepting = True
    await comes(lambda: here.keeper.platform.health().trouble == "", "the connection")


async def test_an_outage_at_the_start_is_waited_out(tmp_path: Path) -> None:
    """The bot keeps trying, ever more slowly."""
    async with LocalDiscord() as server:
        server.person("ann")
        server.fail("GET", "/users/@me", 503, 0, 2)
        keeper = Keeper(server, tmp_path)
        try:
            await asyncio.wait_for(keeper.start(), 10)
        finally:
            await keeper.stop()
