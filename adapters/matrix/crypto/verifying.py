"""Verification by comparing pictures (SAS), as Element asks for it. The bot answers; it never begins.

Client-Server API, "Key verification framework" and "Short Authentication String". In a direct chat
the steps are events of the room that relate to the request; else they are to-device events with a
`transaction_id`. The bot has no eyes: it shows its pictures to the person, and vouches for its keys
only after the person's app has said that they match.
"""

import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import vodozemac

from adapters.matrix.crypto.identity import Identity
from adapters.matrix.crypto.machine import Machine
from adapters.matrix.crypto.pictures import PICTURES
from adapters.matrix.crypto.signing import canonical, decoded, unpadded
from adapters.matrix.parsing import table

PREFIX = "m.key.verification."
SAS = "m.sas.v1"
AGREEMENT, HASH, MAC = "curve25519-hkdf-sha256", "sha256", "hkdf-hmac-sha256.v2"
ALIVE = 600.0
"""Seconds that a verification may take (the specification's 10 minutes)."""
MOST_AT_ONCE, MOST_OF_ONE = 100, 5

Send = Callable[[str, str, dict[str, Any]], Awaitable[None]]
"""Sends one step to a device: its kind without the prefix, and its content without the relation."""
Show = Callable[[str, str], Awaitable[None]]
"""Shows a person (their id) the pictures."""


class Refused(Exception):
    """This verification ends; `code` says why, to the other side."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Verification:
    """One verification with one person, from the request to the end."""

    def __init__(self, machine: Machine, identity: Identity, by: str, name: str) -> None:
        self._machine, self._identity = machine, identity
        self.by, self.name, self.device = by, name, ""
        self.since = time.monotonic()
        self._sas = vodozemac.Sas()
        self._shared: Any = None
        self._theirs = ""
        self._start: dict[str, Any] = {}

    async def take(self, step: str, content: Mapping[str, Any], send: Send, show: Show) -> bool:
        """Answer one step; False when it is over. Raises `Refused`."""
        match step:
            case "request":
                self.device = _text(content, "from_device")
                methods = content.get("methods")
                if not isinstance(methods, list) or SAS not in methods:
                    raise Refused("m.unknown_method")
                await send(self.device, "ready", {"from_device": self._machine.device_id, "methods": [SAS]})
            case "start":
                await self._begin(content, send)
            case "key":
                await self._keys(content, send, show)
            case "mac":
                self._check(content)
                await send(self.device, "mac", self._own_mac())
                await send(self.device, "done", {})
            case "done" | "cancel":
                return step == "done" and not self._start
            case _:
                pass
        return True

    async def _begin(self, content: Mapping[str, Any], send: Send) -> None:
        if content.get("method") != SAS or self._start:
            raise Refused("m.unknown_method")
        offers = {
            "key_agreement_protocols": AGREEMENT,
            "hashes": HASH,
            "message_authentication_codes": MAC,
            "short_authentication_string": "emoji",
        }
        for kind, ours in offers.items():
            offered = content.get(kind)
            if not isinstance(offered, list) or ours not in offered:
                raise Refused("m.unknown_method")
        self.device = _text(content, "from_device")
        self._start = dict(content)
        commitment = hashlib.sha256(self._public.encode() + canonical(content)).digest()
        answer = {
            "method": SAS,
            "key_agreement_protocol": AGREEMENT,
            "hash": HASH,
            "message_authentication_code": MAC,
            "short_authentication_string": ["emoji"],
            "commitment": unpadded(commitment),
        }
        await send(self.device, "accept", answer)

    async def _keys(self, content: Mapping[str, Any], send: Send, show: Show) -> None:
        if not self._start or self._shared is not None:
            raise Refused("m.unexpected_message")
        self._theirs = _text(content, "key")
        try:
            key = vodozemac.Curve25519PublicKey.from_base64(self._theirs)
            ours, sas = self._public, self._sas
            self._shared = sas.diffie_hellman(key)
        except ValueError:
            raise Refused("m.invalid_message") from None
        await send(self.device, "key", {"key": ours})
        info = "|".join(
            (
                "MATRIX_KEY_VERIFICATION_SAS",
                *(self.by, self.device, self._theirs),
                *(self._machine.user_id, self._machine.device_id, ours, self.name),
            )
        )
        pictures = self._shared.bytes(info).emoji_indices
        await show(self.by, " · ".join(PICTURES[n] for n in pictures))

    @property
    def _public(self) -> str:
        if not hasattr(self, "_key"):
            self._key: str = self._sas.public_key.to_base64()
        return self._key

    def _check(self, content: Mapping[str, Any]) -> None:
        """That the person's app vouches for its own keys, with the secret that both sides have."""
        macs = table(content.get("mac"))
        if self._shared is None or not macs or not all(isinstance(v, str) for v in macs.values()):
            raise Refused("m.unexpected_message")
        info = self._info(self.by, self.device, self._machine.user_id, self._machine.device_id)
        try:
            self._shared.verify_mac(",".join(sorted(macs)), f"{info}KEY_IDS", content.get("keys"))
            device = self._machine.device_store[self.by].get(self.device)
            own = f"ed25519:{self.device}"
            if device is not None and own in macs:
                self._shared.verify_mac(device.ed25519, info + own, macs[own])
        except (ValueError, TypeError):
            raise Refused("m.key_mismatch") from None

    def _own_mac(self) -> dict[str, Any]:
        info = self._info(self._machine.user_id, self._machine.device_id, self.by, self.device)
        keys = {f"ed25519:{self._machine.device_id}": self._machine.fingerprint}
        if self._identity.master:
            keys[f"ed25519:{self._identity.master}"] = self._identity.master
        macs = {key_id: self._mac(key, info + key_id) for key_id, key in keys.items()}
        return {"mac": macs, "keys": self._mac(",".join(sorted(keys)), f"{info}KEY_IDS")}

    def _info(self, *who: str) -> str:
        return "".join(("MATRIX_KEY_VERIFICATION_MAC", *who, self.name))

    def _mac(self, words: str, info: str) -> str:
        return str(self._shared.calculate_mac(words, info))


class Verifier:
    """All verifications that are under way."""

    def __init__(self, machine: Machine, identity: Identity, show: Show) -> None:
        self._machine, self._identity, self._show = machine, identity, show
        self._under_way: dict[tuple[str, str], Verification] = {}

    async def take(self, by: str, name: str, step: str, content: Mapping[str, Any], send: Send) -> None:
        """Answer a step of somebody. `name`: the transaction, or the event of the request."""
        now = time.monotonic()
        self._under_way = {k: v for k, v in self._under_way.items() if now - v.since < ALIVE}
        mine = sum(person == by for person, _ in self._under_way)
        if step == "request" and len(self._under_way) < MOST_AT_ONCE and mine < MOST_OF_ONE:
            self._under_way.setdefault((by, name), Verification(self._machine, self._identity, by, name))
        found = self._under_way.get((by, name))
        if found is None:
            return
        try:
            goes_on = await found.take(step, content, send, self._show)
        except Refused as no:
            goes_on = False
            await send(found.device, "cancel", {"code": no.code, "reason": no.code})
        if not goes_on or step in ("mac", "cancel"):
            del self._under_way[by, name]


def _text(content: Mapping[str, Any], field: str) -> str:
    found = content.get(field)
    if not isinstance(found, str) or not found or len(decoded(found)) > 64:
        raise Refused("m.invalid_message")
    return found
