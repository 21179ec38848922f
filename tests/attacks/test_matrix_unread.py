"""Law 2: the bot cannot read a guarded encrypted room. With the store and the live process in hand.

What is shown: neither the store, opened with the real master key, nor anything that the interpreter
can reach in the live process holds a key to what members say in a guarded room with hearing off, and
no session that is kept anywhere opens such a message. With hearing on the same search finds the keys
in both places, so it would have found them.

What is not shown, because it cannot be promised: that no copy of a key's bytes lies in memory that was
freed. The bot's device receives the key like every other device in the room (an app that gives it
away is not asked), opens the event around it, and lets it go.
"""

import asyncio
import base64
import gc
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import msgspec
import pytest
import vodozemac

from adapters.matrix.crypto.keeping import GROUP_SESSION, KeptGroupSession, RoomKey
from adapters.sqlite import open_store
from adapters.sqlite.values import bound_to
from adapters.vault import Vault, open_vault
from bot.boundary.sealing import DATABASE
from tests.attacks.sealed_stage import SealedStage
from tests.contract.stage import until
from tests.support.botprocess import MakeBot
from tests.support.circle import Circle, MakePerson
from tests.support.circle import until as until_true
from tests.support.client import Person
from tests.support.sealed import SealedPerson
from tests.support.synapse import Synapse

MASTER = bytes(range(3, 35))
RATCHET = slice(5, 133)
"""Where the secret stands in a session key: after the version and the index (Megolm specification)."""


def keys_of(person: SealedPerson, room: str) -> vodozemac.InboundGroupSession:
    """What opens what this person says in the room, from the first word on, as their app gave it away."""
    own = person.olm.outbound_group_sessions[room].id
    by_device = person.olm.inbound_group_store[room].values()
    (found,) = (session for sessions in by_device for session in sessions.values() if session.id == own)
    session: vodozemac.InboundGroupSession = found._session
    return session


def spellings(session: vodozemac.InboundGroupSession) -> list[bytes]:
    """How a key may stand in memory or in a file: its name, and its secret raw, in base64 and in hex."""
    exported = session.export_at(session.first_known_index)
    assert exported is not None
    text = exported.to_base64()
    secret = base64.b64decode(text + "=" * (-len(text) % 4))[RATCHET]
    return [
        session.session_id.encode(),
        base64.b64decode(session.session_id + "="),
        secret,
        secret[-32:],
        text.encode()[8:160],
        secret.hex().encode(),
    ]


# The store


def everything(data: Path, sealer: Vault) -> Iterator[bytes]:
    """Every sealed value of the database in the clear: what a thief of the folder and the key has."""
    hand = sqlite3.connect(data / DATABASE)
    try:
        (wrapped,) = hand.execute("SELECT wrapped FROM installation").fetchone()
        whole = sealer.open_key(wrapped, bound_to("installation"))
        for name_ix, sealed in hand.execute("SELECT name_ix, sealed FROM cabinet"):
            yield whole.unseal(sealed, bound_to("cabinet", name_ix))
        for drawer_ix, name_ix, sealed in hand.execute("SELECT drawer_ix, name_ix, sealed FROM drawers"):
            yield whole.unseal(sealed, bound_to("drawer", drawer_ix, name_ix))
        for number, room_ix, wrapped, name in hand.execute("SELECT * FROM rooms").fetchall():
            room = sealer.open_key(wrapped, bound_to("room", room_ix))
            yield room.unseal(name, bound_to("name", room_ix))
            columns = "feature_ix, member_ix, key_ix, version, due_at, delete_at, sealed"
            rows = hand.execute(f"SELECT {columns} FROM records WHERE room = ?", (number,))
            for *place, sealed in rows:
                yield room.unseal(sealed, bound_to("record", number, *place))
            waiting = hand.execute("SELECT id_ix, member_ix, sealed FROM outbox WHERE room = ?", (number,))
            for id_ix, member_ix, sealed in waiting:
                yield room.unseal(sealed, bound_to("outbox", number, id_ix, member_ix))
        tables = {name for (name,) in hand.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert tables - {"sqlite_sequence"} == {
            *("installation", "cabinet", "drawers", "rooms", "records", "outbox"),
            *("seen", "schema_versions"),  # indexes and times, nothing sealed
        }
    finally:
        hand.close()


def sessions_in(values: list[bytes]) -> list[RoomKey]:
    """Every session in the store that could open anything."""
    found = []
    for value in values:
        try:
            name, plain = msgspec.msgpack.decode(value, type=tuple[str, bytes])
        except msgspec.MsgspecError:
            continue
        if name.startswith(f"{GROUP_SESSION} "):
            kept = msgspec.msgpack.decode(plain, type=KeptGroupSession)
            found.append(RoomKey.from_pickle(kept.pickle, kept.ed25519, kept.curve, kept.room))
    return found


def found_in_store(data: Path, sealer: Vault, session: vodozemac.InboundGroupSession) -> bool:
    """Whether anything in the store is, names, or contains this session."""
    values = list(everything(data, sealer))
    assert len(values) >= 8
    known = session.session_id in {key.id for key in sessions_in(values)}
    return known or any(spelled in value for spelled in spellings(session) for value in values)


# The live process


OURS = ("adapters.", "bot.", "nio.", "vodozemac")


def reachable(root: object) -> Iterator[object]:
    """Everything that can be reached from an object, and from the modules of the program.

    Neither the event loop nor foreign modules, which lead to the people's apps in the same process.
    """
    modules = [m for name, m in sys.modules.items() if f"{name}.".startswith(OURS)]
    todo = [root, *(value for module in modules for value in vars(module).values())]
    seen = dict[int, object]()  # held on to: what is freed gives its number to others
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, ModuleType | asyncio.AbstractEventLoop):
            continue
        seen[id(one)] = one
        yield one
        if isinstance(one, FunctionType):  # not its module's names: foreign modules know everything
            todo += [one.__closure__, one.__defaults__, one.__kwdefaults__, one.__dict__]
        else:
            todo += gc.get_referents(one)
        if isinstance(one, dict):
            todo += list(one)  # the collector passes over names


def opens(candidate: object, sealed: str) -> bool:
    """Whether this object, or what it wraps, opens the ciphertext."""
    session = getattr(candidate, "_session", candidate)
    if not isinstance(session, vodozemac.InboundGroupSession):
        return False
    try:
        session.decrypt(vodozemac.MegolmMessage.from_base64(sealed))
    except ValueError:
        return False
    return True


def found_in_process(
    stage: SealedStage, session: vodozemac.InboundGroupSession, sealed: str
) -> tuple[bool, bool]:
    """Whether anything that the bot's side of this process reaches (names the session or holds its
    secret, opens the ciphertext). The person's own app, in the same process, is left out."""
    needles = spellings(session)
    gc.collect()
    named = opened = False
    for one in reachable(stage.platform):
        assert not isinstance(one, Person | SealedStage), "the search has left the bot"
        if isinstance(one, str):
            named = named or any(n in one.encode("utf-8", "replace") for n in needles)
        elif isinstance(one, bytes | bytearray):
            named = named or any(n in bytes(one) for n in needles)
        opened = opened or opens(one, sealed)
    # Whatever is not reached so, a task that waits or an error that is held on to:
    opened = opened or any(opens(one, sealed) for one in gc.get_objects() if isinstance(one, RoomKey))
    return named, opened


@pytest.fixture
async def stage(homeserver: Synapse, tmp_path: Path) -> AsyncIterator[SealedStage]:
    """The stage, over the real sealed store."""
    store = await open_store(tmp_path / "data", Vault(MASTER, "a test"))
    made = SealedStage(homeserver, tmp_path, store)
    try:
        await made.set_up()
        await made.adopt()
        yield made
    finally:
        await made.close()
        await store.close()


@pytest.mark.parametrize("hearing", [False, True], ids=["hearing off", "hearing on"])
async def test_nothing_in_the_store_or_the_process_opens_a_guarded_room(
    stage: SealedStage, tmp_path: Path, hearing: bool
) -> None:
    """Members talk. With hearing off nobody can find a key, with hearing on the same search finds it."""
    ann, bob, room = stage.person("ann"), stage.person("bob"), stage.room.native
    await bob.say_to_bot("hello")  # a direct chat: the bot does keep keys, of this kind
    await stage.hear(hearing)
    for person in (ann, bob):
        await person.say(room, "what is said here")
    await stage.still_guards("ann")
    if hearing:
        await stage.still_hears("bob", room)
    await until(lambda: "hello" in stage.words() or None)
    later = await bob.seal(room, {"type": "m.room.message", "room_id": room, "content": {}})
    session = keys_of(bob, room)
    assert found_in_store(tmp_path / "data", Vault(MASTER, "a test"), session) == hearing
    named, opened = found_in_process(stage, session, later["ciphertext"])
    assert (named, opened) == (hearing, hearing)
    chat = await bob.chat()
    private = await bob.seal(chat, {"type": "m.room.message", "room_id": chat, "content": {}})
    assert found_in_process(stage, keys_of(bob, chat), private["ciphertext"])[1], "the search finds nothing"


async def test_keys_that_were_kept_are_gone_when_hearing_ends(stage: SealedStage, tmp_path: Path) -> None:
    """From the store and from the process, also after a restart in between: from that very moment."""
    bob, room = stage.person("bob"), stage.room.native
    await stage.hear(True)
    await stage.still_hears("bob", room)
    await stage.reconnect()
    await until(lambda: stage.platform.health().ready or None)
    session, sealer = keys_of(bob, room), Vault(MASTER, "a test")
    later = await bob.seal(room, {"type": "m.room.message", "room_id": room, "content": {}})
    assert found_in_store(tmp_path / "data", sealer, session)
    assert found_in_process(stage, session, later["ciphertext"]) == (True, True)
    await stage.hear(False)
    assert not found_in_store(tmp_path / "data", sealer, session)
    assert found_in_process(stage, session, later["ciphertext"]) == (False, False)


@pytest.mark.parametrize("hearing", [False, True], ids=["hearing off", "hearing on"])
async def test_the_real_program_keeps_no_key_of_a_guarded_room(
    make_keeper: MakeBot, someone: MakePerson, hearing: bool
) -> None:
    """With every feature, after a kill: its whole database, opened with its own master key."""
    keeper = await make_keeper().start_beside()
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute", encrypted=True)
    (ben,) = circle.members
    assert isinstance(ben, SealedPerson)
    assert isinstance(circle.admin, SealedPerson)
    if hearing:
        await circle.admin.ask_bot("!group set hearing commands confirm")
    await circle.admin.say(circle.room, "what is said here")
    await circle.admin.ask_bot("!group")
    sealer = open_vault(keeper.folder / "secrets" / "master.key", keeper.data, {})
    session = keys_of(circle.admin, circle.room)

    async def known() -> bool:
        return found_in_store(keeper.data, sealer, session)

    if hearing:
        await until_true(known, "the key in the store")
    keeper.kill()
    assert await known() == hearing
    (chat,) = circle.admin.chats[-1:]
    assert found_in_store(keeper.data, sealer, keys_of(circle.admin, chat)), "the search finds nothing"
