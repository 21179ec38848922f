"""The bot's own public keys on the homeserver: identity keys once, one-time keys as they are used up."""

from collections.abc import Mapping
from typing import Any

from adapters.matrix.crypto.identity import device_keys
from adapters.matrix.crypto.machine import Machine
from adapters.matrix.crypto.signing import with_signature
from adapters.matrix.http import Server, path
from adapters.matrix.parsing import table

KEY = "signed_curve25519"


class OwnKeys:
    """Keeps enough keys there that anybody can write to the bot first."""

    def __init__(self, server: Server, machine: Machine) -> None:
        self._server, self._machine = server, machine
        self._count: int | None = None
        self._fallback_used = False

    def learn(self, answer: Mapping[str, Any]) -> None:
        """Take in how many are left, from an answer of `/sync`. Left out by the server: none are."""
        count = table(answer.get("device_one_time_keys_count")).get(KEY, 0)
        self._count = count if isinstance(count, int) else 0
        unused = answer.get("device_unused_fallback_key_types")
        self._fallback_used = isinstance(unused, list) and KEY not in unused

    def forgotten(self) -> None:
        """The homeserver has none of the device's keys (any more)."""
        self._machine.account.shared = False
        self._count = 0

    @property
    def needed(self) -> bool:
        """Something has to be uploaded."""
        if not self._machine.account.shared or self._fallback_used:
            return True
        return self._count is not None and self._count < self._machine.account.max_one_time_keys // 2

    async def upload(self) -> None:
        """Upload what is missing. Raises `Refusal`, `StorageTrouble`.

        What a crash left unpublished is uploaded again as it is; so kept first, and after.
        """
        account, body = self._machine.account, dict[str, Any]()
        if not account.shared:
            body["device_keys"] = device_keys(self._machine)
        missing = account.max_one_time_keys - (self._count or 0) - len(account._account.one_time_keys)
        if missing > 0:
            account.generate_one_time_keys(missing)
        if (not account.shared or self._fallback_used) and not account._account.fallback_key:
            account._account.generate_fallback_key()
        self._machine.save_account()
        await self._machine.store.keep()
        body["one_time_keys"] = self._signed(account._account.one_time_keys)
        body["fallback_keys"] = self._signed(account._account.fallback_key or {}, fallback=True)
        answer = await self._server.ask("POST", path("keys", "upload"), body)
        account.shared = True
        self._machine.mark_keys_as_published()
        self._machine.save_account()
        await self._machine.store.keep()
        count = table(answer.get("one_time_key_counts")).get(KEY)
        self._count = count if isinstance(count, int) else None
        self._fallback_used = False

    def _signed(self, keys: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Each key with the device's signature, as others want to see it."""
        made = {}
        for key_id, key in keys.items():
            value = {"key": key.to_base64(), **more}
            made[f"{KEY}:{key_id}"] = with_signature(
                value, self._machine.user_id, f"ed25519:{self._machine.device_id}", self._machine.sign(value)
            )
        return made
