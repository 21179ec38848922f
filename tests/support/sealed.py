"""A person whose rooms are encrypted: the same `Person`, with matrix-nio's own encryption underneath.

Everything that comes is opened, and everything said in an encrypted room is sealed, without the test
having to think of it. For attacks, `seal` makes the ciphertext of any payload at all.
"""

import asyncio
import json
from typing import Any

from nio.crypto import Olm
from nio.crypto.attachments import decrypt_attachment
from nio.events import MegolmEvent
from nio.events.to_device import ToDeviceEvent
from nio.responses import KeysClaimResponse, KeysQueryResponse, KeysUploadResponse
from nio.store import SqliteMemoryStore

from tests.support.api import Json
from tests.support.client import Person
from tests.support.synapse import Synapse

ENCRYPTION: Json = {"algorithm": "m.megolm.v1.aes-sha2"}
ENCRYPTED: Json = {"type": "m.room.encryption", "state_key": "", "content": ENCRYPTION}
"""For `initial_state`."""


class SealedPerson(Person):
    """Somebody with one device, which nobody signed: the bot writes to all devices of such people."""

    olm: Olm
    device: str

    @classmethod
    def named(cls, homeserver: Synapse, name: str, bot: str, url: str | None = None) -> "SealedPerson":
        account = homeserver.register(name)
        person = cls(url or homeserver.url, account.user_id, account.token, bot)
        person.device = account.device
        person.olm = Olm(account.user_id, account.device, SqliteMemoryStore(account.user_id, account.device))
        person._sealing = asyncio.Lock()
        person._rooms = {}
        person._locked = []
        person._published = False
        return person

    _sealing: asyncio.Lock
    _rooms: dict[str, bool]
    _locked: list[tuple[str, Json]]
    _published: bool

    async def publish(self) -> None:
        """Put the device's keys on the homeserver. Done by itself at the first sync."""
        if not self._published:
            self._published = True
            found = await super().call("POST", "/keys/upload", self.olm.share_keys())
            counts = found["one_time_key_counts"]
            self.olm.handle_response(
                KeysUploadResponse(counts.get("curve25519", 0), counts.get("signed_curve25519", 0))
            )

    async def call(
        self, method: str, path: str, body: Any = None, params: dict[str, str] | None = None
    ) -> Any:
        if path != "/sync":
            return await super().call(method, path, body, params)
        await self.publish()
        answer = await super().call(method, path, body, params)
        self._take(answer)
        return answer

    def _take(self, answer: Json) -> None:
        self.olm.add_changed_users(set(answer.get("device_lists", {}).get("changed", [])))
        keys = answer.get("to_device", {}).get("events", [])
        for event in keys:
            self.olm.handle_to_device_event(ToDeviceEvent.parse_event(event))
        for room, part in answer.get("rooms", {}).get("join", {}).items():
            came = part["timeline"]["events"]
            opened = [self.opened(room, event) for event in came]
            self._locked += [(room, e) for e, found in zip(came, opened, strict=True) if self._is_shut(found)]
            part["timeline"]["events"] = opened
        again, self._locked = self._locked, []
        for room, event in again:
            # What was said in the room before this person came stays shut: not worth a try each time.
            found = self.opened(room, event) if keys or room in self.chats else event
            if found is event:
                self._locked.append((room, event))
            elif room in self.chats and self._from_bot(found):
                self.words.append(found)

    def _is_shut(self, event: Json) -> bool:
        encrypted = event["type"] == "m.room.encrypted" and bool(event["content"])
        return encrypted and event["sender"] != self.user_id

    def opened(self, room: str, event: Json) -> Json:
        """An event with what is inside in its place; the same event where it cannot be opened yet."""
        if not self._is_shut(event):
            return event
        parsed = MegolmEvent.from_dict({**event, "room_id": room})
        try:
            inner = self.olm.decrypt_megolm_event(parsed, room)
        except Exception:  # noqa: BLE001 - any failure is the same here: it may open later
            return event
        source = inner.source
        return {**event, "type": source["type"], "content": source["content"], "was_sealed": True}

    def unread(self) -> list[Json]:
        """What the bot wrote to this person and their device has not been able to open."""
        return [event for room, event in self._locked if room in self.chats]

    async def history(self, room: str, limit: int = 500) -> list[Json]:
        return [self.opened(room, e) for e in await super().history(room, limit)]

    async def create_room(self, *invite: str, direct: bool = False, **more: Any) -> str:
        if direct and "initial_state" not in more:
            more["initial_state"] = [ENCRYPTED]
        return await super().create_room(*invite, direct=direct, **more)

    async def is_encrypted(self, room: str) -> bool:
        """Whether what is said in this room has to be sealed."""
        if not self._rooms.get(room):
            self._rooms[room] = await self.state(room, "m.room.encryption") is not None
        return self._rooms[room]

    async def send(self, room: str, kind: str, content: Json, transaction: str | None = None) -> str:
        if kind not in ("m.room.message", "m.sticker") or not await self.is_encrypted(room):
            return await super().send(room, kind, content, transaction)
        sealed = await self.seal(room, {"type": kind, "content": content, "room_id": room})
        return await super().send(room, "m.room.encrypted", sealed, transaction)

    async def send_plain(self, room: str, kind: str, content: Json) -> str:
        """Send an event as it is, also into an encrypted room."""
        return await super().send(room, kind, content)

    async def seal(self, room: str, payload: Any, raw: str | None = None) -> Json:
        """The content of an `m.room.encrypted` with any payload at all; `raw`: its text as it is."""
        async with self._sealing:
            await self.share(room)
            session = self.olm.outbound_group_sessions[room]
            session.message_count = 0
            return {
                "algorithm": "m.megolm.v1.aes-sha2",
                "sender_key": self.olm.account.identity_keys["curve25519"],
                "ciphertext": session.encrypt(json.dumps(payload) if raw is None else raw),
                "session_id": session.id,
                "device_id": self.device,
            }

    async def share(self, room: str) -> None:
        """Give everybody in the room the key to what this person says there."""
        await self.publish()
        there = [u for u, m in (await self.memberships(room)).items() if m in ("join", "invite")]
        found = await super().call("POST", "/keys/query", {"device_keys": {u: [] for u in there}})
        self.olm.handle_response(KeysQueryResponse(found["device_keys"], found["failures"]))
        if missing := self.olm.get_missing_sessions(there):
            wanted = {u: dict.fromkeys(ds, "signed_curve25519") for u, ds in missing.items()}
            claimed = await super().call("POST", "/keys/claim", {"one_time_keys": wanted})
            self.olm.handle_response(KeysClaimResponse(claimed["one_time_keys"], claimed["failures"]))
        if room not in self.olm.outbound_group_sessions:
            self.olm.create_outbound_group_session(room)
        session = self.olm.outbound_group_sessions[room]
        session.shared = False  # so that nio goes on with it, for whoever is new
        for sharing, messages in self.olm.share_group_session_parallel(
            room, there, ignore_unverified_devices=True
        ):
            where = f"/sendToDevice/m.room.encrypted/{next(self._numbers)}"
            await super().call("PUT", where, messages)
            session.users_shared_with |= sharing
        session.shared = True

    async def to_device(self, user: str, device: str, kind: str, content: Json) -> None:
        """Send any to-device event, as it is."""
        where = f"/sendToDevice/{kind}/{next(self._numbers)}"
        await super().call("PUT", where, {"messages": {user: {device: content}}})

    async def seal_to_device(self, user: str, device: str, kind: str, content: Any) -> None:
        """Send any to-device event, sealed for one device."""
        known = self.olm.device_store[user][device]
        session = self.olm.session_store.get(known.curve25519)
        sealed = self.olm._olm_encrypt(session, known, kind, content)
        await self.to_device(user, device, "m.room.encrypted", sealed)

    async def file(self, content: Json) -> bytes:
        if "file" not in content:
            return await super().file(content)
        file = content["file"]
        sealed = await self.download(file["url"])
        return bytes(decrypt_attachment(sealed, file["key"]["k"], file["hashes"]["sha256"], file["iv"]))
