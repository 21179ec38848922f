"""The crypto store: what nio saves comes back as it was, all of it or nothing, and no longer than it may."""

import time

import pytest
from nio.crypto import InboundGroupSession, Olm, OutboundGroupSession

from adapters.matrix.crypto.keeping import MOST_SESSIONS, KeptDevice, SealedStore, device_of, room_key
from adapters.matrix.crypto.machine import KEYS_FOR, MOST_ROOM_KEYS, Machine
from adapters.memory import MemoryStore
from bot.boundary.errors import StorageTrouble

ME, DEVICE = "@keeper:x.org", "DEVICE"
ROOM, ANN = "!room:x.org", "@ann:x.org"
FULL = StorageTrouble("The disk is full.", "Free some space.")


async def machine(cabinet: MemoryStore, wants: bool = True) -> Machine:
    store = await SealedStore.open(cabinet, ME, DEVICE)
    return Machine(ME, DEVICE, store, lambda room, by: wants)


def key_of(room: str = ROOM) -> tuple[OutboundGroupSession, dict[str, object]]:
    """A session of Ann's, and the payload with which her app gives its key."""
    session = OutboundGroupSession()
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "room_id": room,
        "session_id": session.id,
        "session_key": session.session_key,
    }
    return session, {"content": content, "keys": {"ed25519": "hers"}}


async def test_account_sessions_devices_and_room_keys_come_back_after_a_restart() -> None:
    """What was kept is the same; what was not kept never was."""
    cabinet = MemoryStore()
    before = await machine(cabinet)
    friend = Olm(ANN, "HERS", _memory_store())
    friend.account.generate_one_time_keys(1)
    (one_time,) = friend.account.one_time_keys["curve25519"].values()
    before.create_session(one_time, friend.account.identity_keys["curve25519"])
    device = device_of(ANN, KeptDevice("HERS", "edkey", "curvekey", True))
    before.device_store.add(device)
    before.store.save_device_keys({ANN: {"HERS": device}})
    session, payload = key_of()
    assert before.take_room_key(ANN, "curve", payload) == ROOM
    await before.store.keep()

    after = await machine(cabinet)
    assert after.fingerprint == before.fingerprint
    assert [s.id for s in after.session_store] == [s.id for s in before.session_store]
    assert after.device_store[ANN]["HERS"].verified
    found = after.room_key_for(ROOM, session.id, ANN)
    assert found is not None
    assert (found.by, found.sender_key) == (ANN, "curve")
    assert after.room_key_for(ROOM, session.id, "@ben:x.org") is None


def _memory_store() -> object:
    from nio.store import SqliteMemoryStore

    return SqliteMemoryStore(ANN, "HERS")


async def test_what_the_storage_refused_is_kept_with_the_next_try() -> None:
    """Nothing of it is lost, and newer values win."""
    cabinet = MemoryStore()
    mine = await machine(cabinet)
    cabinet.trouble = FULL
    _, payload = key_of()
    mine.take_room_key(ANN, "curve", payload)
    with pytest.raises(StorageTrouble):
        await mine.store.keep()
    cabinet.trouble = None
    await mine.store.keep()
    again = await machine(cabinet)
    assert again.rooms_with_keys() == {ROOM}
    assert again.fingerprint == mine.fingerprint


async def test_a_key_that_may_not_be_kept_never_reaches_store_or_memory() -> None:
    """Law 2: of a guarded room nothing is left but the fact that something came."""
    cabinet = MemoryStore()
    mine = await machine(cabinet, wants=False)
    await mine.store.keep()
    before = await cabinet.drawer(f"matrix-crypto {DEVICE}")
    _, payload = key_of()
    assert mine.take_room_key(ANN, "curve", payload) is None
    await mine.store.keep()
    assert await cabinet.drawer(f"matrix-crypto {DEVICE}") == before
    assert list(mine.inbound_group_store) == []


async def test_room_keys_go_after_seven_days() -> None:
    """In memory and in the store, and only those that are too old."""
    cabinet = MemoryStore()
    mine = await machine(cabinet)
    for age in (KEYS_FOR + 1, KEYS_FOR - 3600):
        session = OutboundGroupSession()
        inbound = InboundGroupSession(session.session_key, "ed", "curve", ROOM)
        kept = room_key(inbound, ANN, time.time() - age)
        mine.inbound_group_store.add(kept)
        mine.save_inbound_group_session(kept)
    await mine.store.keep()
    mine.drop_old_room_keys()
    await mine.store.keep()
    assert len(list(mine.inbound_group_store)) == 1
    assert len(list((await machine(cabinet)).inbound_group_store)) == 1


async def test_nobody_can_fill_the_store_with_keys() -> None:
    """The oldest go; the same key again changes nothing."""
    cabinet = MemoryStore()
    mine = await machine(cabinet)
    last, payload = key_of()
    for _ in range(MOST_ROOM_KEYS + 5):
        last, payload = key_of()
        mine.take_room_key(ANN, "curve", payload)
    await mine.store.keep()
    assert len(list(mine.inbound_group_store)) == MOST_ROOM_KEYS
    kept = [name for name in await cabinet.drawer(f"matrix-crypto {DEVICE}") if name.startswith("megolm")]
    assert len(kept) == MOST_ROOM_KEYS
    assert mine.room_key_for(ROOM, last.id, ANN) is not None
    assert mine.take_room_key(ANN, "curve", payload) is None


async def test_of_many_sessions_with_one_device_the_newest_are_kept() -> None:
    """An app that begins anew all the time does not fill the disk."""
    cabinet = MemoryStore()
    mine = await machine(cabinet)
    friend = Olm(ANN, "HERS", _memory_store())
    friend.account.generate_one_time_keys(MOST_SESSIONS + 3)
    curve = friend.account.identity_keys["curve25519"]
    made = [
        mine.create_session(key, curve).id for key in friend.account.one_time_keys["curve25519"].values()
    ]
    await mine.store.keep()
    kept = {s.id for s in (await machine(cabinet)).session_store}
    assert kept == set(made[-MOST_SESSIONS:])


async def test_what_the_bot_writes_with_is_never_kept() -> None:
    """Nothing on the disk opens what the bot said: not even the bot."""
    cabinet = MemoryStore()
    mine = await machine(cabinet)
    mine.create_outbound_group_session(ROOM)
    await mine.store.keep()
    assert list(mine.inbound_group_store) == []
    names = await cabinet.drawer(f"matrix-crypto {DEVICE}")
    assert list(names) == ["account"]
