"""The bot's own cross-signing identity (Client-Server API, "Cross-signing"), which nio has not.

To clients that exclude insecure devices (MSC4153) a bot without it is blind and mute. The three
seeds are kept sealed before anything is uploaded. An identity that somebody else put there is never
replaced unasked.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from adapters.matrix.crypto.devices import cross_signing_key, self_signing_key
from adapters.matrix.crypto.machine import MEGOLM, OLM, Machine
from adapters.matrix.crypto.signing import SEED_BYTES, is_signed, public_key, sign, with_signature
from adapters.matrix.errors import Refusal
from adapters.matrix.http import Server, path
from adapters.matrix.parsing import table
from bot.boundary.ports import Cabinet

State = Literal["signed", "unsigned", "foreign", "none"]
"""How the homeserver shows the bot: signed by its own identity; not signed; with an identity whose
keys the bot does not have; with no identity at all."""
UPLOAD = path("keys", "device_signing", "upload")
SIGNATURES = path("keys", "signatures", "upload")


class Seeds(msgspec.Struct, frozen=True):
    """The secret keys of an identity, 32 bytes each."""

    master: bytes
    self_signing: bytes
    user_signing: bytes


class Identity:
    """Made once for an account, and kept for ever: it outlives every device of the bot."""

    def __init__(self, server: Server, cabinet: Cabinet, user: str) -> None:
        self._server, self._cabinet, self._user = server, cabinet, user
        self._seeds: Seeds | None = None
        self.shown = ""
        """The master key of the account's identity on the homeserver, whoever's it is; "" for none."""

    @property
    def master(self) -> str:
        """The public master key, "" before there is one."""
        return public_key(self._seeds.master) if self._seeds else ""

    async def load(self) -> None:
        """Read what is kept."""
        found = await self._cabinet.get(self._name)
        self._seeds = msgspec.msgpack.decode(found, type=Seeds) if found else None

    def state(self, answer: Mapping[str, Any], machine: Machine) -> State:
        """How an answer of `/keys/query` shows the bot."""
        self.shown = cross_signing_key(answer, "master_keys", self._user)
        if not self.shown:
            return "none"
        if self.shown != self.master:
            return "foreign"
        signer = self_signing_key(answer, self._user)
        keys = table(table(table(answer.get("device_keys")).get(self._user)).get(machine.device_id))
        if signer and signer == self._public("self_signing"):
            return "signed" if is_signed(keys, self._user, f"ed25519:{signer}", signer) else "unsigned"
        return "none"

    async def establish(self, machine: Machine, password: str | None, *, anew: bool = False) -> None:
        """Put the identity up, with new keys where there are none, or (`anew`) in place of what is there.

        Raises `Refusal`, `StorageTrouble`.
        """
        if self._seeds is None or anew:
            self._seeds = Seeds(*(secrets.token_bytes(SEED_BYTES) for _ in range(3)))
            await self._cabinet.put(self._name, msgspec.msgpack.encode(self._seeds))
        master = self._key("master", "master")
        body = {
            "master_key": with_signature(
                master, self._user, f"ed25519:{machine.device_id}", machine.sign(master)
            ),
            "self_signing_key": self._by_master(self._key("self_signing", "self_signing")),
            "user_signing_key": self._by_master(self._key("user_signing", "user_signing")),
        }
        await self._upload(body, password)

    async def sign_device(self, machine: Machine) -> None:
        """Sign the bot's own device with the identity. Raises `Refusal`."""
        assert self._seeds is not None
        signer = self._public("self_signing")
        signed = sign(device_keys(machine), self._user, f"ed25519:{signer}", self._seeds.self_signing)
        body = {self._user: {machine.device_id: signed}}
        answer = await self._server.ask("POST", SIGNATURES, body)
        if answer.get("failures"):
            raise Refusal("refused", None)

    async def _upload(self, body: dict[str, Any], password: str | None) -> None:
        """The first upload needs no password (MSC3967); replacing an identity does."""
        try:
            await self._server.ask("POST", UPLOAD, body)
        except Refusal as no:
            if no.status != 401 or password is None or not no.session:
                raise
            proof = {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": self._user},
                "password": password,
                "session": no.session,
            }
            await self._server.ask("POST", UPLOAD, {**body, "auth": proof})

    def _by_master(self, key: dict[str, Any]) -> dict[str, Any]:
        assert self._seeds is not None
        return sign(key, self._user, f"ed25519:{self.master}", self._seeds.master)

    def _key(self, usage: str, which: str) -> dict[str, Any]:
        public = self._public(which)
        return {"user_id": self._user, "usage": [usage], "keys": {f"ed25519:{public}": public}}

    def _public(self, which: str) -> str:
        return public_key(getattr(self._seeds, which)) if self._seeds else ""

    @property
    def _name(self) -> str:
        return f"matrix-identity {self._user}"


def device_keys(machine: Machine) -> dict[str, Any]:
    """The public keys of the bot's device, signed by the device itself."""
    keys = {
        "algorithms": [OLM, MEGOLM],
        "device_id": machine.device_id,
        "user_id": machine.user_id,
        "keys": {
            f"curve25519:{machine.device_id}": machine.curve,
            f"ed25519:{machine.device_id}": machine.fingerprint,
        },
    }
    return with_signature(keys, machine.user_id, f"ed25519:{machine.device_id}", machine.sign(keys))
