"""A raw `m.room.encrypted` event -> what is in it, where the bot may read it. Nothing inside is trusted.

Whoever encrypts can put anything inside. So of the payload only `type` and `content` are taken, the
rest comes from the event itself, which the homeserver vouches for; and what is in there can never be
state, a redaction, or an event of another room.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import vodozemac

from adapters.matrix.crypto.keeping import RoomKey
from adapters.matrix.crypto.machine import MEGOLM, Machine
from adapters.matrix.crypto.peers import Peers
from adapters.matrix.parsing import parse, table

MOST_INDEXES = 2000
"""Messages of one session that are told apart. Clients begin a new one after 100."""
SMALLEST_HASH = 8


class Opened(msgspec.Struct, frozen=True):
    """A raw event as it would have stood in an unencrypted room."""

    event: Mapping[str, Any]


class Locked(msgspec.Struct, frozen=True):
    """It cannot be opened, or must not be.

    `no_key`: the key may still come. `unverified`: the person's other devices do not vouch for the
    one that sent it. `forged`: no app of a person makes such a thing; nobody is told.
    """

    why: Literal["no_key", "unverified", "forged"]


FORGED = Locked("forged")


class Opener:
    """Opens messages, each once: the same ciphertext in another event is a replay."""

    def __init__(self, machine: Machine, peers: Peers) -> None:
        self._machine, self._peers = machine, peers

    def open(self, room: str, event: Mapping[str, Any]) -> Opened | Locked:
        """What an encrypted event of this room says."""
        content, sender, event_id = table(event.get("content")), event.get("sender"), event.get("event_id")
        ciphertext, session_id = content.get("ciphertext"), content.get("session_id")
        if (
            content.get("algorithm") != MEGOLM
            or not all(isinstance(v, str) for v in (ciphertext, session_id, sender, event_id))
            or "state_key" in event
        ):
            return FORGED
        key = self._machine.room_key_for(room, str(session_id), str(sender))
        if key is None:
            return Locked("no_key")
        if (refused := self._believed(key)) is not None:
            return refused
        try:
            message = vodozemac.MegolmMessage.from_base64(str(ciphertext))
            found = key._session.decrypt(message)
        except ValueError:
            return FORGED
        if not self._first(key, found.message_index, str(event_id)):
            return FORGED
        try:
            payload = parse(bytes(found.plaintext))
        except (ValueError, RecursionError):
            return FORGED
        if not isinstance(payload, dict) or payload.get("room_id") != room:
            return FORGED
        inner = payload.get("content")
        if not isinstance(payload.get("type"), str) or not isinstance(inner, dict):
            return FORGED
        # What an event relates to stands outside (Client-Server API, "m.megolm.v1.aes-sha2").
        outside = content.get("m.relates_to")
        if isinstance(outside, dict):
            inner = {**inner, "m.relates_to": outside}
        return Opened(
            {
                "type": payload["type"],
                "content": inner,
                "event_id": event_id,
                "sender": sender,
                "origin_server_ts": event.get("origin_server_ts"),
            }
        )

    def save(self, room: str, event: Mapping[str, Any]) -> None:
        """Have the store take up in which events the messages of this one's key were seen."""
        session_id = table(event.get("content")).get("session_id")
        key = self._machine.room_key_for(room, str(session_id), str(event.get("sender")))
        if key is not None:
            self._machine.store.save_inbound_group_session(key)

    def _believed(self, key: RoomKey) -> Locked | None:
        """Whether the device that sent the key is the person's, and vouched for (MSC4153)."""
        device = self._peers.device_of(key.by, key.sender_key)
        if device is None:
            self._peers.doubt(key.by)
            return Locked("no_key")
        if device.ed25519 != key.ed25519:
            return FORGED
        return None if device in self._peers.trusted(key.by) else Locked("unverified")

    def _first(self, key: RoomKey, index: int, event_id: str) -> bool:
        mark = hashlib.blake2b(event_id.encode("utf-8", "replace"), digest_size=SMALLEST_HASH).digest()
        if index not in key.opened:
            if len(key.opened) >= MOST_INDEXES:
                return False
            key.opened[index] = mark
        return key.opened[index] == mark
