"""The bot's device and its cross-signing identity: made once, kept, never taken from somebody else."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.matrix import connect
from adapters.matrix.crypto.devices import cross_signing_key, self_signing_key
from adapters.matrix.crypto.signing import is_signed, public_key, sign
from adapters.memory import MemoryStore
from bot.boundary.errors import CannotStart
from bot.boundary.ports import RESTORED_AT
from bot.engine import SystemClock
from tests.contract.matrix_stage import MatrixStage
from tests.contract.stage import until
from tests.support.api import Refused
from tests.support.client import Person
from tests.support.synapse import Synapse


class Watched(MatrixStage):
    """The bot, and somebody who looks at its keys."""

    async def started(self) -> "Watched":
        await until(lambda: self.platform.health().ready, "readiness")
        return self

    async def keys(self) -> dict[str, Any]:
        """What the homeserver tells everybody about the bot's keys."""
        body: dict[str, Any] = {"device_keys": {self.me.native: []}}
        found: dict[str, Any] = await self.people["zoe"].call("POST", "/keys/query", body)
        return found

    async def master(self) -> str:
        """The public key of the identity on the homeserver."""
        return cross_signing_key(await self.keys(), "master_keys", self.me.native)

    async def devices(self) -> dict[str, bool]:
        """Every device of the bot, and whether the identity signed it."""
        found = await self.keys()
        signer = self_signing_key(found, self.me.native)
        return {
            name: is_signed(keys, self.me.native, f"ed25519:{signer}", signer)
            for name, keys in found["device_keys"].get(self.me.native, {}).items()
        }

    def password(self) -> str:
        assert self._section.password_file is not None
        return Path(self._section.password_file).read_text()

    async def put_up_another_identity(self, homeserver: Synapse) -> str:
        """Somebody with the bot's password makes an identity of their own. Gives back its key."""
        me, seeds = self.me.native, [bytes([n]) * 32 for n in (1, 2, 3)]
        publics = [public_key(seed) for seed in seeds]
        made = [
            {"user_id": me, "usage": [usage], "keys": {f"ed25519:{key}": key}}
            for usage, key in zip(("master", "self_signing", "user_signing"), publics, strict=True)
        ]
        body: dict[str, Any] = {"master_key": made[0]}
        for name, key in zip(("self_signing_key", "user_signing_key"), made[1:], strict=True):
            body[name] = sign(key, me, f"ed25519:{publics[0]}", seeds[0])
        async with Person(homeserver.url, me, "", me) as nobody:
            login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": me}}
            signed_in = await nobody.call("POST", "/login", {**login, "password": self.password()})
            token = signed_in["access_token"]
        async with Person(homeserver.url, me, token, me) as thief:
            with contextlib.suppress(Refused):
                await thief.call("POST", "/keys/device_signing/upload", body)
            if await self.master() != publics[0]:
                session = (await self._ask_for_session(thief, body))["session"]
                auth = {**login, "password": self.password(), "session": session}
                await thief.call("POST", "/keys/device_signing/upload", {**body, "auth": auth})
        assert await self.master() == publics[0]
        return publics[0]

    async def _ask_for_session(self, thief: Person, body: dict[str, Any]) -> dict[str, Any]:
        where = f"{thief.url}/_matrix/client/v3/keys/device_signing/upload"
        async with thief._session.post(where, json=body) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def restart_with(self, **changes: Any) -> None:
        """The bot starts again, with another configuration."""
        await self.close_bot()
        self._section = msgspec.structs.replace(self._section, **changes)
        self._connect()
        await self.started()

    async def told(self) -> str:
        """What `doctor` says about encryption, on the same storage."""
        other = connect(self._section, self._cabinet, SystemClock(), self._folder)
        try:
            found = [f for f in await other.examine() if f.what.startswith("Encryption")]
        finally:
            await other.close()
        return " ".join(f"{f.fine} {f.what} {f.next_step}" for f in found)


@pytest.fixture
async def bot(homeserver: Synapse, tmp_path: Path) -> AsyncIterator[Watched]:
    made = Watched(homeserver, tmp_path)
    try:
        yield await made.started()
    finally:
        await made.close()


async def test_from_the_first_start_the_bots_device_is_signed(bot: Watched) -> None:
    """And stays the same device with the same identity after a restart; doctor says so."""
    before = await bot.devices()
    assert list(before.values()) == [True]
    master = await bot.master()
    assert master
    await bot.reconnect()
    await bot.started()
    assert await bot.devices() == before
    assert await bot.master() == master
    said = await bot.told()
    assert said.startswith("True")
    assert "signed by its own identity" in said


async def test_somebody_elses_identity_is_never_replaced_unasked(bot: Watched, homeserver: Synapse) -> None:
    """The bot goes on, unsigned, and says how to ask; asked for exactly that one, it replaces it."""
    theirs = await bot.put_up_another_identity(homeserver)
    await bot.reconnect()
    await bot.started()
    assert await bot.master() == theirs
    assert "not signed" in bot.platform.health().trouble
    said = await bot.told()
    assert said.startswith("False")
    assert f'replace_identity: "{theirs}"' in said

    await bot.restart_with(replace_identity="some other key")
    assert await bot.master() == theirs
    await bot.restart_with(replace_identity=theirs)
    assert await bot.master() not in ("", theirs)
    own = (await bot.devices())[bot.platform._account.device]  # type: ignore[attr-defined]
    assert own
    assert not bot.platform.health().trouble


async def test_a_stolen_identity_is_replaced_when_it_is_named(bot: Watched) -> None:
    """Once: the next start finds another one, and leaves that alone."""
    stolen = await bot.master()
    assert stolen in await bot.told()
    await bot.restart_with(replace_identity=stolen)
    fresh = await bot.master()
    assert fresh not in ("", stolen)
    assert list((await bot.devices()).values()) == [True]
    await bot.reconnect()
    await bot.started()
    assert await bot.master() == fresh


async def test_a_lost_store_makes_a_new_device(bot: Watched) -> None:
    """Its old keys are gone for good; the identity they belonged to is not replaced unasked."""
    before, master = await bot.devices(), await bot.master()
    await bot.close_bot()
    bot._cabinet = MemoryStore()
    bot._connect()
    await bot.started()
    assert await bot.master() == master
    now = await bot.devices()
    assert now.keys() - before.keys()
    assert not now[bot.platform._account.device]  # type: ignore[attr-defined]
    await bot.restart_with(replace_identity=master)
    assert (await bot.devices())[bot.platform._account.device]  # type: ignore[attr-defined]


async def test_a_restored_backup_makes_a_new_device_under_the_same_identity(bot: Watched) -> None:
    """Sessions of a backup are older than what the other side has seen. The old device is signed out."""
    (old,), master = await bot.devices(), await bot.master()
    await bot.close_bot()
    await bot._cabinet.put(RESTORED_AT, b"1")
    bot._connect()
    await bot.started()
    assert await bot.master() == master
    now = await bot.devices()
    assert old not in now
    assert list(now.values()) == [True]
    assert await bot._cabinet.get(RESTORED_AT) is None
    assert not await bot._cabinet.drawer(f"matrix-crypto {old}")


async def test_without_a_password_lost_keys_stop_the_start_with_what_to_do(
    bot: Watched, tmp_path: Path
) -> None:
    """An access token belongs to one device for ever, and people's apps refuse changed keys."""
    account = bot.platform._account  # type: ignore[attr-defined]
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text(account._server.token)
    await bot.close_bot()
    section = msgspec.structs.replace(
        bot._section, password_file=None, access_token_file=str(token)
    )
    other = connect(section, MemoryStore(), SystemClock(), tmp_path)
    with pytest.raises(CannotStart, match="needs a new device"):
        await other.run(bot.sink)
    await other.close()
    bot._connect()
    await bot.started()
