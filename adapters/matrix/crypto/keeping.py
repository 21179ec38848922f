"""nio's `MatrixStore` interface over the sealed cabinet: no file of nio's own, nothing in plain words.

nio saves synchronously, in the middle of its work. What it saves waits here until `keep`, which
must have returned before anything that depends on it is sent, and before the position of the sync
moves on: so a crash at any moment finds account and sessions as the other side knows them.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from nio.crypto import (
    DeviceStore,
    GroupSessionStore,
    InboundGroupSession,
    OlmAccount,
    OlmDevice,
    OutgoingKeyRequest,
    Session,
    SessionStore,
    TrustState,
)
from nio.store import MatrixStore

from bot.boundary.ports import Cabinet

ACCOUNT = "account"
MOST_SESSIONS = 4
"""Olm sessions kept with one device; both sides use the newest (Olm's own advice is to keep a few)."""
SESSION, GROUP_SESSION, DEVICES = "olm", "megolm", "devices"


class KeptAccount(msgspec.Struct, frozen=True):
    """The account: `shared` once the homeserver has its keys."""

    pickle: bytes
    shared: bool


class KeptSession(msgspec.Struct, frozen=True):
    """An Olm session. `of`: whose, and which device's. Times are seconds since 1970."""

    of: str
    pickle: bytes
    created: float
    used: float


class KeptGroupSession(msgspec.Struct, frozen=True):
    """What opens somebody's messages in one room. `since`: seconds since 1970."""

    room: str
    curve: str
    ed25519: str
    pickle: bytes
    by: str
    since: float
    opened: dict[int, bytes] = {}


class KeptDevice(msgspec.Struct, frozen=True):
    """The public keys of a device; `signed` by its owner's identity."""

    id: str
    ed25519: str
    curve: str
    signed: bool


class RoomKey(InboundGroupSession):  # type: ignore[misc]  # nio has no types
    """A session with what must be known about it before it opens anything."""

    by = ""
    """Whose device sent it: it opens this person's messages alone."""
    since = 0.0
    opened: dict[int, bytes]
    """Message index -> a hash of the event that it was seen in: the same index in another is a replay."""


class SealedStore(MatrixStore):  # type: ignore[misc]  # nio has no types
    """Made by `SealedStore.open`. Everything is in memory, and in one drawer of the cabinet."""

    def __init__(self, cabinet: Cabinet, user: str, device: str, values: dict[str, bytes]) -> None:
        # Not MatrixStore's own, which opens a file.
        self._cabinet, self._drawer, self._values = cabinet, drawer_of(device), values
        self.user_id, self.device_id = user, device
        self._changed: dict[str, bytes | None] = {}
        self._keeping = asyncio.Lock()
        self._sessions: dict[str, list[str]] = {}

    @classmethod
    async def open(cls, cabinet: Cabinet, user: str, device: str) -> "SealedStore":
        """What is kept of this device, or an empty store. Raises `StorageTrouble`."""
        return cls(cabinet, user, device, await cabinet.drawer(drawer_of(device)))

    @property
    def empty(self) -> bool:
        """Nothing was ever kept of this device."""
        return ACCOUNT not in self._values

    def forget_loaded(self) -> None:
        """Let go of the bytes that were read: a key that is thrown away later must not live on in them."""
        self._values = {}

    async def keep(self) -> None:
        """Return when all that was saved before this call is durable. Raises `StorageTrouble`."""
        async with self._keeping:
            changes, self._changed = self._changed, {}
            if not changes:
                return
            try:
                await self._cabinet.change_drawer(self._drawer, changes)
            except BaseException:
                self._changed = changes | self._changed
                raise

    def _save(self, name: str, value: msgspec.Struct) -> None:
        self._changed[name] = msgspec.msgpack.encode(value)

    def _drop(self, name: str) -> None:
        self._changed[name] = None

    def _each(self, kind: str) -> Iterable[tuple[str, bytes]]:
        return [(name, value) for name, value in self._values.items() if name.startswith(f"{kind} ")]

    # The account

    def load_account(self) -> OlmAccount | None:
        """The account, None where there is none yet."""
        found = self._values.get(ACCOUNT)
        if found is None:
            return None
        kept = msgspec.msgpack.decode(found, type=KeptAccount)
        return OlmAccount.from_pickle(kept.pickle, shared=kept.shared)

    def save_account(self, account: OlmAccount) -> None:
        """Keep the account."""
        self._save(ACCOUNT, KeptAccount(account.pickle(), account.shared))

    # Olm sessions

    def load_sessions(self) -> SessionStore:
        """Every Olm session."""
        found = SessionStore()
        every = [msgspec.msgpack.decode(value, type=KeptSession) for _, value in self._each(SESSION)]
        for kept in sorted(every, key=lambda kept: kept.used):
            session = Session.from_pickle(kept.pickle, _moment(kept.created), use_time=_moment(kept.used))
            found.add(kept.of, session)
            self._sessions.setdefault(kept.of, []).append(session.id)
        return found

    def save_session(self, of: str, session: Session) -> None:
        """Keep an Olm session; of more than `MOST_SESSIONS` with one device those unused for longest go."""
        kept = KeptSession(
            of, session.pickle(), session.creation_time.timestamp(), session.use_time.timestamp()
        )
        ids = self._sessions.setdefault(of, [])
        if session.id in ids:
            ids.remove(session.id)
        ids.append(session.id)
        self._save(f"{SESSION} {of} {session.id}", kept)
        while len(ids) > MOST_SESSIONS:
            self._drop(f"{SESSION} {of} {ids.pop(0)}")

    def drop_sessions(self, of: str) -> None:
        """Forget every session with a device."""
        for session_id in self._sessions.pop(of, ()):
            self._drop(f"{SESSION} {of} {session_id}")

    # Room keys, of direct chats and of rooms where hearing is on: the machine sees to that

    def load_inbound_group_sessions(self) -> GroupSessionStore:
        """Every room key."""
        found = GroupSessionStore()
        for _, value in self._each(GROUP_SESSION):
            kept = msgspec.msgpack.decode(value, type=KeptGroupSession)
            session = RoomKey.from_pickle(kept.pickle, kept.ed25519, kept.curve, kept.room)
            key = room_key(session, kept.by, kept.since)
            key.opened = dict(kept.opened)
            found.add(key)
        return found

    def save_inbound_group_session(self, session: InboundGroupSession) -> None:
        """Keep a room key."""
        assert isinstance(session, RoomKey)
        kept = KeptGroupSession(
            session.room_id, session.sender_key, session.ed25519, session.pickle(), session.by,
            session.since, session.opened,
        )  # fmt: skip
        self._save(f"{GROUP_SESSION} {session.room_id} {session.id}", kept)

    def drop_inbound_group_session(self, session: RoomKey) -> None:
        """Forget a room key."""
        self._drop(f"{GROUP_SESSION} {session.room_id} {session.id}")

    # Devices

    def load_device_keys(self) -> DeviceStore:
        """The devices of everybody who shares an encrypted room with the bot."""
        found = DeviceStore()
        for name, value in self._each(DEVICES):
            user = name.partition(" ")[2]
            for kept in msgspec.msgpack.decode(value, type=list[KeptDevice]):
                found.add(device_of(user, kept))
        return found

    def save_device_keys(self, device_keys: dict[str, dict[str, OlmDevice]]) -> None:
        """Keep the devices of these people, in place of what was kept of them; none: forget them."""
        for user, devices in device_keys.items():
            kept = [
                KeptDevice(d.device_id, d.ed25519, d.curve25519, d.verified)
                for d in devices.values()
                if not d.deleted
            ]
            name = f"{DEVICES} {user}"
            self._changed[name] = msgspec.msgpack.encode(kept) if kept else None

    # What nio's own client would keep here, and this bot does not: its position is in the cabinet,
    # a room's state says whether it is encrypted, it asks nobody for keys, and whom to trust
    # follows from the devices' signatures alone.

    def load_encrypted_rooms(self) -> set[str]:
        """None: the rooms' own state says it."""
        return set()

    def save_encrypted_rooms(self, rooms: Any) -> None:
        """Nothing is kept."""

    def delete_encrypted_room(self, room: str) -> None:
        """Nothing is kept."""

    def load_sync_token(self) -> str | None:
        """None: see `lowwater.py`."""
        return None

    def save_sync_token(self, token: str) -> None:
        """Nothing is kept."""

    def load_outgoing_key_requests(self) -> dict[str, OutgoingKeyRequest]:
        """None: the bot asks nobody for keys."""
        return {}

    def add_outgoing_key_request(self, key_request: OutgoingKeyRequest) -> None:
        """Nothing is kept."""

    def remove_outgoing_key_request(self, key_request: OutgoingKeyRequest) -> None:
        """Nothing is kept."""

    def is_device_verified(self, device: OlmDevice) -> bool:
        """Whether the device is signed by its owner's identity."""
        return bool(device.verified)

    def is_device_blacklisted(self, device: OlmDevice) -> bool:  # noqa: ARG002 - nio's interface
        """Never: no device is shut out by hand."""
        return False

    def is_device_ignored(self, device: OlmDevice) -> bool:  # noqa: ARG002 - nio's interface
        """Never: see `is_device_blacklisted`."""
        return False

    def verify_device(self, device: OlmDevice) -> bool:  # noqa: ARG002 - nio's interface
        """Changes nothing: nobody marks a device by hand."""
        return False

    unverify_device = blacklist_device = unblacklist_device = verify_device
    ignore_device = unignore_device = verify_device

    def ignore_devices(self, devices: list[OlmDevice]) -> None:
        """Changes nothing: see `verify_device`."""


def drawer_of(device: str) -> str:
    """The drawer in which everything about one device of the bot lies."""
    return f"matrix-crypto {device}"


def room_key(session: InboundGroupSession, by: str, since: float) -> RoomKey:
    """A session as a `RoomKey`."""
    key = RoomKey("", session.ed25519, session.sender_key, session.room_id, session=session._session)
    key.by, key.since, key.opened = by, since, {}
    return key


def device_of(user: str, kept: KeptDevice) -> OlmDevice:
    """A device as nio knows it: verified means signed by its owner's identity."""
    keys = {"ed25519": kept.ed25519, "curve25519": kept.curve}
    state = TrustState.verified if kept.signed else TrustState.unset
    return OlmDevice(user, kept.id, keys, trust_state=state)


def _moment(seconds: float) -> datetime:
    """A moment as nio has them: local time, without a zone."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().replace(tzinfo=None)
