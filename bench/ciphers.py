"""Clients of everybody who speaks, which encrypt as the Matrix specification says, each with its keys."""

from typing import NamedTuple

import msgspec
import vodozemac
from nio import AsyncClient
from nio.crypto import InboundGroupSession

from adapters.matrix.crypto.keeping import KeptDevice, device_of, room_key
from adapters.matrix.crypto.machine import MEGOLM, Machine
from bench.answers import STARTED, Json


class Identity(NamedTuple):
    """The public keys of somebody's device."""

    device: str
    curve: str
    ed25519: str


class Key(NamedTuple):
    """What opens somebody's messages in one room."""

    room: str
    by: str
    key: str


class Clients:
    """Encrypts what people say. `keys` holds the key of every session, for those who may read."""

    def __init__(self) -> None:
        self.identities: dict[str, Identity] = {}
        self.keys: list[Key] = []
        self._sessions: dict[tuple[str, str], vodozemac.GroupSession] = {}

    def seal(self, room: str, event: Json) -> Json:
        """The event as it stands in an encrypted room."""
        by = event["sender"]
        identity = self._identity(by)
        session = self._session(room, by)
        payload = {"type": event["type"], "content": event["content"], "room_id": room}
        content = {
            "algorithm": MEGOLM,
            "ciphertext": session.encrypt(msgspec.json.encode(payload)).to_base64(),
            "device_id": identity.device,
            "sender_key": identity.curve,
            "session_id": session.session_id,
        }
        return event | {"type": "m.room.encrypted", "content": content}

    def _identity(self, who: str) -> Identity:
        if who not in self.identities:
            account = vodozemac.Account()
            curve, ed25519 = account.curve25519_key.to_base64(), account.ed25519_key.to_base64()
            self.identities[who] = Identity(f"DEV{len(self.identities)}", curve, ed25519)
        return self.identities[who]

    def _session(self, room: str, who: str) -> vodozemac.GroupSession:
        if (room, who) not in self._sessions:
            made = self._sessions[room, who] = vodozemac.GroupSession()
            self.keys.append(Key(room, who, made.session_key.to_base64()))
        return self._sessions[room, who]

    def _inbound(self, key: Key) -> InboundGroupSession:
        identity = self.identities[key.by]
        return InboundGroupSession(key.key, identity.ed25519, identity.curve, key.room)

    def tell_bot(self, machine: Machine) -> None:
        """Give the bot every key, as if it had come by to-device messages, and vouch for the devices."""
        for who, identity in self.identities.items():
            kept = KeptDevice(identity.device, identity.ed25519, identity.curve, signed=True)
            machine.device_store.add(device_of(who, kept))
        for key in self.keys:
            machine.inbound_group_store.add(room_key(self._inbound(key), key.by, STARTED / 1000))

    def tell_stock(self, client: AsyncClient) -> None:
        """Give stock matrix-nio every key, in the same way."""
        for who, identity in self.identities.items():
            kept = KeptDevice(identity.device, identity.ed25519, identity.curve, signed=False)
            client.olm.device_store.add(device_of(who, kept))
        for key in self.keys:
            client.olm.inbound_group_store.add(self._inbound(key))


__all__ = ["Clients"]
