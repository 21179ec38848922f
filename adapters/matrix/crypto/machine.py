"""nio's Olm machine, held to what this bot may do: it asks for no keys and keeps no room's keys unasked.

Of nio are the account, the Olm sessions and their bookkeeping. What other people's devices put into
an encrypted message is read here, by our own rules: nio's trusts too much of it (PLATFORMS.md).
"""

import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import vodozemac
from nio.crypto import InboundGroupSession, Olm, OlmDevice, OutboundGroupSession, OutboundSession, Session
from nio.exceptions import EncryptionError

from adapters.matrix.crypto.keeping import MOST_SESSIONS, RoomKey, SealedStore, room_key
from adapters.matrix.crypto.signing import canonical, decoded, unpadded
from adapters.matrix.parsing import parse, table

KEY_BYTES = 32
OLM, MEGOLM = "m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"
KEYS_FOR = 7 * 86400.0
"""Seconds that a room key is kept: direct chats' keys go after 7 days (the issue of this feature)."""
MOST_ROOM_KEYS = 40
"""Room keys kept of one person in one room. A device makes a new one after 100 messages."""
MOST_STRANGE = 10
"""Devices of one person that wrote to the bot and are not among the person's published ones (yet)."""
LONGEST_KEY = 1000
"""Characters of a room key and its names: a session key has 306, a room's id at most 255."""
AGAIN_AFTER = 3600.0
"""Seconds between two tries to mend the connection with the same device."""

log = logging.getLogger(__name__)
# nio's crypto logs devices and rooms by id.
for name in ("nio", "nio.crypto", "nio.crypto.log"):
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class Machine(Olm):  # type: ignore[misc]  # nio has no types
    """One device of the bot. `wants_key(room, by)` says whether a room key may be kept at all."""

    store: SealedStore

    def __init__(
        self, user: str, device: str, store: SealedStore, wants_key: Callable[[str, str], bool]
    ) -> None:
        self._wants_key = wants_key
        super().__init__(user, device, store)
        store.forget_loaded()
        self._mended: dict[str, float] = {}
        self._strange: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.to_mend: list[OlmDevice] = []
        """Devices whose messages cannot be read any more: they need a new session."""

    @property
    def fingerprint(self) -> str:
        """The device's public Ed25519 key, as clients show it."""
        return str(self.account.identity_keys["ed25519"])

    @property
    def curve(self) -> str:
        """The device's public Curve25519 key."""
        return str(self.account.identity_keys["curve25519"])

    # What comes

    def open_to_device(self, sender: str, content: Mapping[str, Any]) -> dict[str, Any] | None:
        """The payload of an encrypted to-device event for this device, proven to be from `sender`.

        None: not for us, not readable, or not what it says it is.
        """
        sender_key = content.get("sender_key")
        mine = table(table(content.get("ciphertext")).get(self.curve))
        body = mine.get("body")
        if content.get("algorithm") != OLM or not isinstance(sender_key, str) or not isinstance(body, str):
            return None
        if len(decoded(sender_key)) != KEY_BYTES:
            return None
        try:
            match mine.get("type"):
                case 0:
                    message: Any = vodozemac.PreKeyMessage.from_base64(body)
                case 1:
                    message = vodozemac.AnyOlmMessage.from_parts(1, decoded(body))
                case _:
                    return None
            plain = self._read(sender, sender_key, message)
        except (ValueError, EncryptionError):
            plain = None
        if plain is None:
            if not self.session_store[of := owned(sender, sender_key)]:
                self.drop_sessions(of)  # nio makes an empty place for every name that it looks for
            self.mend(sender, sender_key)
            return None
        try:
            payload = parse(plain.encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return None
        return payload if self._is_for_us(sender, sender_key, payload) else None

    def _read(self, sender: str, sender_key: str, message: Any) -> str | None:
        of = owned(sender, sender_key)
        plain: str | None = self._try_decrypt(sender, of, message)
        if plain is not None or not isinstance(message, vodozemac.PreKeyMessage):
            return plain
        session = self._create_inbound_session(sender, sender_key, message)
        plain = session.decrypt(message)  # only now it uses up the one-time key
        self.session_store.add(of, session)
        self.save_session(of, session)
        self.save_account()
        self._bound(sender, sender_key)
        return plain

    def _bound(self, sender: str, sender_key: str) -> None:
        """Anybody can make up any number of devices: of those that are not published few are remembered."""
        strange = self._strange[sender]
        strange[sender_key] = None
        for key in [k for k in strange if self.device_store.device_from_sender_key(sender, k)]:
            del strange[key]
        while len(strange) > MOST_STRANGE:
            oldest = next(iter(strange))
            del strange[oldest]
            self.drop_sessions(owned(sender, oldest))

    def save_session(self, of: str, session: Session) -> None:
        """Keep an Olm session. The one used last comes first, and few are held on to."""
        self.store.save_session(of, session)
        sessions = self.session_store[of]
        sessions.sort(key=lambda one: one.use_time, reverse=True)
        del sessions[MOST_SESSIONS:]

    def drop_sessions(self, of: str) -> None:
        """Forget every Olm session with a device."""
        self.store.drop_sessions(of)
        self.session_store._entries.pop(of, None)

    def drop_unused_sessions(self) -> None:
        """Forget the Olm sessions with devices that nobody is known to have, when unused for `KEYS_FOR`."""
        known = {owned(device.user_id, device.curve25519) for device in self.device_store}
        oldest = datetime.now() - timedelta(seconds=KEYS_FOR)  # noqa: DTZ005 - as nio has them
        for of, sessions in list(self.session_store.items()):
            if of not in known and all(session.use_time < oldest for session in sessions):
                self.drop_sessions(of)

    def _is_for_us(self, sender: str, sender_key: str, payload: object) -> bool:
        """Client-Server API, "m.olm.v1.curve25519-aes-sha2": whom it is from and for stands inside too."""
        if not isinstance(payload, dict) or not isinstance(payload.get("content"), dict):
            return False
        theirs = table(payload.get("keys")).get("ed25519")
        device = self.device_store.device_from_sender_key(sender, sender_key)
        return (
            isinstance(payload.get("type"), str)
            and payload.get("sender") == sender
            and payload.get("recipient") == self.user_id
            and table(payload.get("recipient_keys")).get("ed25519") == self.fingerprint
            and isinstance(theirs, str)
            and (device is None or device.ed25519 == theirs)
        )

    def mend(self, sender: str, sender_key: str) -> None:
        """A device's message cannot be read: start anew with it, once in an hour at most. Its app then
        gives its room keys once more, with the next words."""
        device = self.device_store.device_from_sender_key(sender, sender_key)
        now = time.monotonic()
        if device is None or now - self._mended.get(sender_key, -AGAIN_AFTER) < AGAIN_AFTER:
            return
        self._mended[sender_key] = now
        self.to_mend.append(device)

    def take_room_key(self, sender: str, sender_key: str, payload: Mapping[str, Any]) -> str | None:
        """Keep the room key of an `m.room_key`, where it may be kept; gives back its room then."""
        content = table(payload.get("content"))
        room, session_id, key = (content.get(k) for k in ("room_id", "session_id", "session_key"))
        if content.get("algorithm") != MEGOLM or not all(_is_name(v) for v in (room, session_id, key)):
            return None
        if not self._wants_key(str(room), sender):
            return None
        if self.inbound_group_store.get(str(room), sender_key, str(session_id)) is not None:
            return None  # never replaced: a second one could begin later, and hide what came before
        try:
            session = InboundGroupSession(
                str(key), str(table(payload.get("keys"))["ed25519"]), sender_key, str(room)
            )
        except ValueError:
            return None
        if session.id != session_id:
            return None
        kept = room_key(session, sender, time.time())
        self.inbound_group_store.add(kept)
        self.save_inbound_group_session(kept)
        self._limit(str(room), sender)
        return str(room)

    def room_key_for(self, room: str, session_id: str, by: str) -> RoomKey | None:
        """The key to what this person said in this room, None where there is none."""
        for sessions in self.inbound_group_store[room].values():
            found = sessions.get(session_id)
            if isinstance(found, RoomKey) and found.by == by:
                return found
        return None

    def drop_old_room_keys(self) -> None:
        """Forget the room keys that came more than `KEYS_FOR` ago."""
        oldest = time.time() - KEYS_FOR
        self._drop_room_keys(lambda key: key.since < oldest)

    def drop_room_keys_of(self, room: str) -> None:
        """Forget every key of a room."""
        self._drop_room_keys(lambda key: key.room_id == room)

    def leave(self, room: str) -> None:
        """Forget every key of a room, the one that the bot wrote with too."""
        self.drop_room_keys_of(room)
        self.outbound_group_sessions.pop(room, None)

    def rooms_with_keys(self) -> frozenset[str]:
        """The rooms of which the machine holds any key to what others say."""
        return frozenset(key.room_id for key in self.inbound_group_store)

    def _limit(self, room: str, by: str) -> None:
        here = self.inbound_group_store[room].values()
        mine = [key for sessions in here for key in sessions.values() if key.by == by]
        if len(mine) > MOST_ROOM_KEYS:
            oldest = min(mine, key=lambda key: key.since)
            self._drop_room_keys(lambda key: key is oldest)

    def _drop_room_keys(self, which: Callable[[RoomKey], bool]) -> None:
        for key in [k for k in self.inbound_group_store if which(k)]:
            del self.inbound_group_store[key.room_id][key.sender_key][key.id]
            self.store.drop_inbound_group_session(key)

    # What goes

    def create_outbound_group_session(self, room_id: str) -> None:
        """A key to write with. Unlike nio's, nothing is kept that could read it again."""
        self.outbound_group_sessions[room_id] = OutboundGroupSession()

    def seal_for(self, device: OlmDevice, kind: str, content: Mapping[str, Any]) -> dict[str, Any] | None:
        """A to-device event for one device; None where there is no session with it."""
        of = owned(device.user_id, device.curve25519)
        session = self.session_store.get(of)
        if session is None:
            return None
        payload = {
            "sender": self.user_id,
            "sender_device": self.device_id,
            "keys": {"ed25519": self.fingerprint},
            "recipient": device.user_id,
            "recipient_keys": {"ed25519": device.ed25519},
            "type": kind,
            "content": dict(content),
        }
        form, sealed = session.encrypt(json.dumps(payload, separators=(",", ":"))).to_parts()
        self.store.save_session(of, session)
        body = {"type": form, "body": unpadded(sealed)}
        return {"algorithm": OLM, "sender_key": self.curve, "ciphertext": {device.curve25519: body}}

    def connected(self, device: OlmDevice) -> bool:
        """Whether there is a session with this device."""
        return self.session_store.get(owned(device.user_id, device.curve25519)) is not None

    def begin(self, device: OlmDevice, one_time_key: str) -> None:
        """A new session with a device, begun with a key that it signed. Raises ValueError."""
        session = OutboundSession(self.account, device.curve25519, one_time_key)
        of = owned(device.user_id, device.curve25519)
        self.session_store.add(of, session)
        self.save_session(of, session)

    def seal_in_room(self, room: str, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content of an `m.room.encrypted`, with the session that was shared with the room."""
        sealed: dict[str, Any] = self.group_encrypt(room, {"type": kind, "content": dict(content)})
        return sealed

    def sign(self, value: Mapping[str, Any]) -> str:
        """The device's signature over a JSON object."""
        bare = {k: v for k, v in value.items() if k not in ("signatures", "unsigned")}
        return str(self.account.sign(canonical(bare).decode()))


def owned(user: str, curve: str) -> str:
    """What the sessions with a device are filed under. Its key alone would not do: anybody can publish
    the key of somebody else, and would share their sessions."""
    return f"{user} {curve}"


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_KEY
