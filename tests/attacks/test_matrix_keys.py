"""Keys and devices from anybody: malformed, forged, repeated, too many. None is believed, none piles up."""

import asyncio
import json
from typing import Any, cast

import pytest
import vodozemac
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from adapters.matrix.crypto import arriving
from adapters.matrix.crypto.arriving import MOST_HELD, MOST_OF_ONE, Arrivals, Step
from adapters.matrix.crypto.devices import cross_signing_key, devices_in, self_signing_key, trusted
from adapters.matrix.crypto.identity import Identity
from adapters.matrix.crypto.keeping import GROUP_SESSION, MOST_SESSIONS, KeptDevice, SealedStore, device_of
from adapters.matrix.crypto.machine import MEGOLM, MOST_ROOM_KEYS, MOST_STRANGE, OLM, Machine, owned
from adapters.matrix.crypto.opening import Locked, Opened, Opener
from adapters.matrix.crypto.peers import Peers
from adapters.matrix.crypto.signing import public_key, sign, unpadded
from adapters.matrix.crypto.verifying import PREFIX, Verifier
from adapters.matrix.http import Server
from adapters.memory import MemoryStore

ME, ANN, MAL = "@keeper:x.org", "@ann:x.org", "@mal:x.org"
CHAT, GUARDED, ELSEWHERE = "!chat:x.org", "!guarded:x.org", "!elsewhere:x.org"
SERVER = Server("http://127.0.0.1:9", ME)
"""Nobody answers there, and nothing here asks."""


class Bot:
    """One device of the bot, which may hold the keys of one direct chat."""

    def __init__(self, cabinet: MemoryStore | None = None, values: dict[str, bytes] | None = None) -> None:
        self.cabinet = cabinet or MemoryStore()
        self.store = SealedStore(self.cabinet, ME, "BOT", values or {})
        self.machine = Machine(ME, "BOT", self.store, lambda room, _by: room == CHAT)
        self.machine.account._account.generate_fallback_key()
        self.peers = Peers(SERVER, self.machine)
        self.opener = Opener(self.machine, self.peers)
        self.arrivals = Arrivals(
            self.machine, lambda user: user in (ANN, MAL), lambda room: room in (CHAT, GUARDED)
        )
        self.verifier = Verifier(self.machine, Identity(SERVER, self.cabinet, ME), _show)

    async def restarted(self) -> "Bot":
        """The same device after a crash."""
        await self.store.keep()
        return Bot(self.cabinet, await self.cabinet.drawer(self.store._drawer))

    @property
    def one_time_key(self) -> vodozemac.Curve25519PublicKey:
        """A key with which anybody may begin: the fallback key, which is never used up."""
        (key,) = self.machine.account._account.fallback_key.values()
        return cast(vodozemac.Curve25519PublicKey, key)

    def kept(self) -> int:
        """Everything that the store would keep."""
        return sum(value is not None for value in self.store._changed.values())

    def sessions(self) -> int:
        """Olm sessions in memory."""
        return sum(len(each) for each in self.machine.session_store.values())


async def _show(_user: str, _pictures: str) -> None:
    return None


class Device:
    """A device of somebody who does as they like."""

    def __init__(self, bot: Bot, user: str, device: str = "DEV") -> None:
        self.bot, self.user, self.id = bot, user, device
        self.account = vodozemac.Account()
        self.curve = self.account.curve25519_key.to_base64()
        self.ed25519 = self.account.ed25519_key.to_base64()
        # vodozemac's public keys are read once: a fallback key stays the same until it is replaced.
        self.key = bot.one_time_key
        self.session: Any = None

    def begin(self) -> None:
        """A new session with the bot."""
        bot = vodozemac.Curve25519PublicKey.from_base64(self.bot.machine.curve)
        self.session = self.account.create_outbound_session(bot, self.key)

    def to_device(self, kind: str, content: Any, **other: Any) -> dict[str, Any]:
        """A sealed to-device event as the homeserver brings it; `other` replaces what is inside."""
        payload = {
            "sender": self.user,
            "keys": {"ed25519": self.ed25519},
            "recipient": ME,
            "recipient_keys": {"ed25519": self.bot.machine.fingerprint},
            "type": kind,
            "content": content,
        } | other
        return self.sealed(json.dumps(payload))

    def sealed(self, text: str) -> dict[str, Any]:
        """A sealed to-device event with any text at all."""
        if self.session is None:
            self.begin()
        form, sealed = self.session.encrypt(text.encode()).to_parts()
        ciphertext = {self.bot.machine.curve: {"type": form, "body": unpadded(sealed)}}
        content = {"algorithm": OLM, "sender_key": self.curve, "ciphertext": ciphertext}
        return {"sender": self.user, "type": "m.room.encrypted", "content": content}

    def room_key(self, room: str, session: Any, **other: Any) -> dict[str, Any]:
        """The event that gives the bot a room key."""
        content = {
            "algorithm": MEGOLM,
            "room_id": room,
            "session_id": session.session_id,
            "session_key": session.session_key.to_base64(),
        }
        return self.to_device("m.room_key", content, **other)

    def known(self, signed: bool = False) -> None:
        """The homeserver shows this device to the bot."""
        found = device_of(self.user, KeptDevice(self.id, self.ed25519, self.curve, signed))
        self.bot.machine.device_store[self.user][self.id] = found


def message(session: Any, by: str, body: str = "hello", event_id: str = "$1") -> dict[str, Any]:
    """An encrypted event of the direct chat."""
    payload = {"type": "m.room.message", "content": {"body": body}, "room_id": CHAT}
    content = {
        "algorithm": MEGOLM,
        "ciphertext": session.encrypt(json.dumps(payload).encode()).to_base64(),
        "session_id": session.session_id,
    }
    return {"type": "m.room.encrypted", "sender": by, "event_id": event_id, "content": content}


# What is believed


def test_a_key_is_kept_for_the_room_and_the_person_that_it_is_for() -> None:
    """The good case, without which the others would prove nothing."""
    bot = Bot()
    ann, session = Device(bot, ANN), vodozemac.GroupSession()
    ann.known()
    assert bot.arrivals.take(ann.room_key(CHAT, session)) == CHAT
    opened = bot.opener.open(CHAT, message(session, ANN))
    assert isinstance(opened, Opened)
    assert opened.event["content"] == {"body": "hello"}


def test_the_key_of_one_person_opens_nothing_of_another() -> None:
    """Nor a key that says that somebody else sent it, nor one from a device that is not the sender's."""
    bot, session = Bot(), vodozemac.GroupSession()
    ann, mal = Device(bot, ANN), Device(bot, MAL)
    ann.known()
    mal.known()
    assert bot.arrivals.take(ann.room_key(CHAT, session)) == CHAT
    assert bot.opener.open(CHAT, message(session, MAL)) == Locked("no_key")
    for other in (
        {"sender": ANN},
        {"recipient": "@other:x.org"},
        {"recipient_keys": {"ed25519": ann.ed25519}},
        {"recipient_keys": None},
        {"keys": {"ed25519": ann.ed25519}},
        {"keys": [mal.ed25519]},
        {"type": ["m.room_key"]},
    ):
        forged = vodozemac.GroupSession()
        assert bot.arrivals.take(mal.room_key(CHAT, forged, **other)) is None
        assert not bot.machine.inbound_group_store[CHAT][mal.curve], other
    event = mal.room_key(CHAT, vodozemac.GroupSession())
    assert bot.arrivals.take({**event, "sender": ANN}) is None


def test_words_that_were_sealed_for_another_room_are_not_heard() -> None:
    """Else a message of one chat could be put into another."""
    bot, session = Bot(), vodozemac.GroupSession()
    ann = Device(bot, ANN)
    ann.known()
    bot.arrivals.take(ann.room_key(CHAT, session))
    rooms: tuple[dict[str, Any], ...] = ({"room_id": ELSEWHERE}, {"room_id": [CHAT]}, {"room_id": None}, {})
    for n, inside in enumerate(rooms):
        good = message(session, ANN, event_id=f"${n}")
        payload = {"type": "m.room.message", "content": {"body": "hello"}, **inside}
        sealed = session.encrypt(json.dumps(payload).encode()).to_base64()
        assert isinstance(bot.opener.open(CHAT, good), Opened)
        forged = {**good, "event_id": f"$f{n}", "content": {**good["content"], "ciphertext": sealed}}
        assert bot.opener.open(CHAT, forged) == Locked("forged")
        assert bot.opener.open(GUARDED, good) == Locked("no_key")


async def test_nothing_of_a_key_that_is_thrown_away_lives_on_in_what_was_read() -> None:
    """Not even the bytes that the store had read at the start."""
    bot, session = Bot(), vodozemac.GroupSession()
    bot.arrivals.take(Device(bot, ANN).room_key(CHAT, session))
    again = await bot.restarted()
    assert again.machine.rooms_with_keys() == {CHAT}
    again.machine.drop_room_keys_of(CHAT)
    await again.store.keep()
    assert await again.cabinet.drawer(again.store._drawer) == {
        name: value
        for name, value in (await bot.cabinet.drawer(bot.store._drawer)).items()
        if not name.startswith(GROUP_SESSION)
    }
    assert again.store.empty, "what was read is still held on to"


def test_a_key_is_never_replaced() -> None:
    """A second one of the same session could begin later, or forget what was seen."""
    bot, session = Bot(), vodozemac.GroupSession()
    ann = Device(bot, ANN)
    ann.known()
    assert bot.arrivals.take(ann.room_key(CHAT, session)) == CHAT
    said = message(session, ANN)
    assert isinstance(bot.opener.open(CHAT, said), Opened)
    assert bot.arrivals.take(ann.room_key(CHAT, session)) is None
    assert bot.opener.open(CHAT, {**said, "event_id": "$2"}) == Locked("forged")
    assert isinstance(bot.opener.open(CHAT, said), Opened)


async def test_a_replay_is_known_after_a_restart() -> None:
    """As is everything that was given before it."""
    bot, session = Bot(), vodozemac.GroupSession()
    ann = Device(bot, ANN)
    ann.known()
    bot.store.save_device_keys({ANN: bot.machine.device_store[ANN]})
    given = ann.room_key(CHAT, session)
    bot.arrivals.take(given)
    said = message(session, ANN)
    assert isinstance(bot.opener.open(CHAT, said), Opened)
    bot.opener.save(CHAT, said)  # as before everything that is done because of a message
    again = await bot.restarted()
    assert again.arrivals.take(given) is None
    assert again.opener.open(CHAT, {**said, "event_id": "$2"}) == Locked("forged")
    assert isinstance(again.opener.open(CHAT, said), Opened)


def test_keys_of_guarded_rooms_and_from_strangers_are_dropped() -> None:
    """Law 2; and who shares no room with the bot is not read at all."""
    bot = Bot()
    ann, stranger = Device(bot, ANN), Device(bot, "@stranger:y.org")
    assert bot.arrivals.take(ann.room_key(GUARDED, vodozemac.GroupSession())) is None
    assert bot.arrivals.take(stranger.room_key(CHAT, vodozemac.GroupSession())) is None
    assert not bot.machine.rooms_with_keys()
    assert not bot.arrivals._held
    assert not bot.machine.session_store[owned(stranger.user, stranger.curve)]


def test_keys_that_nobody_asked_for_are_dropped() -> None:
    """Forwarded, exported, or not sealed at all."""
    bot, session = Bot(), vodozemac.GroupSession()
    ann = Device(bot, ANN)
    ann.known()
    inbound = vodozemac.InboundGroupSession(session.session_key)
    exported = inbound.export_at(0)
    assert exported is not None
    content: dict[str, Any] = {
        "algorithm": MEGOLM,
        "room_id": CHAT,
        "session_id": session.session_id,
        "session_key": exported.to_base64(),
        "sender_key": ann.curve,
        "sender_claimed_ed25519_key": ann.ed25519,
        "forwarding_curve25519_key_chain": [],
    }
    plain = content | {"session_key": session.session_key.to_base64()}
    for event in (
        ann.to_device("m.forwarded_room_key", content),
        ann.to_device("m.room_key", content),
        ann.to_device("m.room_key", plain | {"algorithm": "m.megolm.v2"}),
        ann.to_device("m.room_key", plain | {"session_id": "another"}),
        ann.to_device("m.room_key", plain | {"session_key": "A" * 60_000}),
        {"sender": ANN, "type": "m.room_key", "content": plain},
        {"sender": ANN, "type": "m.forwarded_room_key", "content": content},
    ):
        assert bot.arrivals.take(event) is None
    assert not bot.machine.rooms_with_keys()


# What does not grow


def test_thousands_of_keys_of_one_member_stay_few() -> None:
    """The oldest go. Keys for rooms that the bot may yet come into wait in memory, few and not for ever."""
    bot = Bot()
    mal, ann = Device(bot, MAL), Device(bot, ANN)
    first = vodozemac.GroupSession()
    assert bot.arrivals.take(ann.room_key(CHAT, first)) == CHAT
    for _ in range(1000):
        bot.arrivals.take(mal.room_key(CHAT, vodozemac.GroupSession()))
    mine = [key for key in bot.machine.inbound_group_store if key.by == MAL]
    assert len(mine) == MOST_ROOM_KEYS
    assert bot.machine.room_key_for(CHAT, first.session_id, ANN) is not None
    for n in range(200):
        bot.arrivals.take(mal.room_key(f"!{n}:x.org", vodozemac.GroupSession()))
        bot.arrivals.take(mal.room_key(ELSEWHERE, vodozemac.GroupSession(), pad="x" * 30_000))
    assert len(bot.arrivals._held) == MOST_OF_ONE < MOST_HELD
    assert bot.kept() < MOST_ROOM_KEYS + 20


def test_a_key_that_waits_for_a_room_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when nothing else comes: it could be the key of a room that will be guarded."""
    bot = Bot()
    bot.arrivals.take(Device(bot, ANN).room_key(ELSEWHERE, vodozemac.GroupSession()))
    assert len(bot.arrivals._held) == 1
    monkeypatch.setattr(arriving, "HELD_FOR", 0.0)
    bot.arrivals.expire()
    assert not bot.arrivals._held


def test_made_up_devices_and_sessions_stay_few() -> None:
    """The fallback key lets one person begin any number of sessions, with any number of devices."""
    bot = Bot()
    for _ in range(300):
        bot.arrivals.take(Device(bot, MAL).to_device("m.dummy", {}))
    mal, ann = Device(bot, MAL), Device(bot, ANN)
    mal.known()
    ann.known()
    bot.arrivals.take(ann.to_device("m.dummy", {}))
    for _ in range(200):
        mal.begin()
        bot.arrivals.take(mal.to_device("m.dummy", {}))
    assert bot.sessions() == MOST_STRANGE + MOST_SESSIONS + 1
    assert bot.kept() <= MOST_STRANGE + MOST_SESSIONS + 2  # Ann's, and the account
    assert isinstance(bot.arrivals.take(ann.to_device(f"{PREFIX}request", {})), Step)
    assert isinstance(bot.arrivals.take(mal.to_device(f"{PREFIX}request", {})), Step)


def test_names_that_lead_nowhere_leave_nothing_behind() -> None:
    """nio's stores make an empty place for whatever they are asked."""
    bot = Bot()
    template = Device(bot, MAL).sealed("x")
    for n in range(2000):
        sender_key = unpadded(n.to_bytes(32, "big"))
        content = template["content"] | {"sender_key": sender_key}
        bot.arrivals.take({**template, "content": content})
        bot.arrivals.take({**template, "content": content | {"sender_key": f"{n} {'x' * 1000}"}})
        withheld = {"room_id": f"!{n}:x.org", "session_id": "x" * 10_000}
        bot.arrivals.take({"sender": MAL, "type": "m.room_key.withheld", "content": withheld})
    assert len(bot.machine.session_store.items()) <= 1
    assert not bot.arrivals._withheld
    assert bot.machine.to_mend == []


def test_who_publishes_somebody_elses_key_gets_none_of_their_sessions() -> None:
    """The key of Ann's device is no secret. Mal's device of the same key is another device."""
    bot = Bot()
    ann = Device(bot, ANN)
    ann.known()
    bot.arrivals.take(ann.to_device("m.dummy", {}))
    claimed = device_of(MAL, KeptDevice("MAL", Device(bot, MAL).ed25519, ann.curve, signed=False))
    bot.machine.device_store[MAL]["MAL"] = claimed
    assert not bot.machine.connected(claimed)
    assert bot.machine.seal_for(claimed, "m.room_key", {}) is None
    bot.peers.left([MAL])
    assert bot.machine.connected(bot.machine.device_store[ANN]["DEV"])
    assert isinstance(bot.arrivals.take(ann.to_device(f"{PREFIX}request", {})), Step)


def test_one_person_cannot_keep_others_from_verifying_the_bot() -> None:
    """Each person may have a few verifications under way."""
    bot = Bot()
    sent: list[tuple[str, str]] = []

    async def send(device: str, step: str, _content: dict[str, Any]) -> None:
        sent.append((device, step))

    request = {"from_device": "MAL", "methods": ["m.sas.v1"]}

    async def flood() -> None:
        for n in range(500):
            await bot.verifier.take(MAL, f"{n}", "request", request, send)
        sent.clear()
        await bot.verifier.take(ANN, "mine", "request", {**request, "from_device": "ANN"}, send)

    asyncio.run(flood())
    assert sent == [("ANN", "ready")]


# Devices


def keys_of(user: str, device: str, secret: SigningKey, curve: bytes = b"c" * 32) -> dict[str, Any]:
    """A device's keys as /keys/query shows them, signed by the device."""
    ed25519 = unpadded(bytes(secret.verify_key))
    keys = {
        "user_id": user,
        "device_id": device,
        "algorithms": [OLM, MEGOLM],
        "keys": {f"ed25519:{device}": ed25519, f"curve25519:{device}": unpadded(curve)},
    }
    return sign(keys, user, f"ed25519:{device}", bytes(secret))


def identity_of(user: str, master: bytes, signer: bytes) -> dict[str, Any]:
    """The identity part of an answer of /keys/query."""

    def key(seed: bytes, usage: str) -> dict[str, Any]:
        public = public_key(seed)
        return {"user_id": user, "usage": [usage], "keys": {f"ed25519:{public}": public}}

    signed = sign(key(signer, "self_signing"), user, f"ed25519:{public_key(master)}", master)
    return {"master_keys": {user: key(master, "master")}, "self_signing_keys": {user: signed}}


def answer(*devices: dict[str, Any], **identity: Any) -> dict[str, Any]:
    """An answer of /keys/query about Ann."""
    return {"device_keys": {ANN: {d["device_id"]: d for d in devices}}, **identity}


def test_a_device_whose_keys_changed_under_the_same_name_is_not_believed() -> None:
    """Neither of its keys: it stays the one that it was."""
    old, new = SigningKey(b"1" * 32), SigningKey(b"2" * 32)
    known = devices_in(answer(keys_of(ANN, "A", old)), ANN, {})
    for changed in (keys_of(ANN, "A", new), keys_of(ANN, "A", old, b"d" * 32)):
        assert devices_in(answer(changed), ANN, known) == known


def test_a_device_must_prove_itself() -> None:
    """Its own signature, its own name and owner, keys that are keys."""
    secret = SigningKey(b"1" * 32)
    good = keys_of(ANN, "A", secret)
    assert set(devices_in(answer(good), ANN, {})) == {"A"}
    public = unpadded(bytes(secret.verify_key))
    bad: list[dict[str, Any]] = [
        {**good, "algorithms": []},
        {**good, "signatures": {}},
        {**good, "signatures": {ANN: {"ed25519:A": "AAAA"}}},
        sign({**good, "user_id": MAL, "signatures": {}}, ANN, "ed25519:A", bytes(secret)),
        sign({**good, "keys": {"ed25519:A": public}, "signatures": {}}, ANN, "ed25519:A", bytes(secret)),
        keys_of(ANN, "A", secret, b"short"),
        sign({**good, "signatures": {}}, MAL, "ed25519:A", bytes(secret)),
    ]
    for keys in bad:
        assert devices_in(answer({**keys, "device_id": "A"}), ANN, {}) == {}, keys
    misnamed = {"device_keys": {ANN: {"B": good}}}
    assert devices_in(misnamed, ANN, {}) == {}


def test_a_device_that_its_owners_identity_did_not_sign_reads_and_says_nothing() -> None:
    """A homeserver, or a thief of a password, can add a device; it cannot sign it."""
    bot = Bot()
    master, signer = b"m" * 32, b"s" * 32
    mine, added = keys_of(ANN, "MINE", SigningKey(b"1" * 32)), keys_of(ANN, "ADDED", SigningKey(b"2" * 32))
    mine = sign(mine, ANN, f"ed25519:{public_key(signer)}", signer)
    forged = sign(added, ANN, f"ed25519:{public_key(signer)}", b"x" * 32)
    found = devices_in(answer(mine, forged, **identity_of(ANN, master, signer)), ANN, {})
    bot.machine.device_store[ANN].update(found)
    assert set(found) == {"MINE", "ADDED"}
    assert [d.device_id for d in trusted(bot.machine.device_store, ANN)] == ["MINE"]
    writer = Device(bot, ANN, "ADDED2")
    writer.known()
    session = vodozemac.GroupSession()
    assert bot.arrivals.take(writer.room_key(CHAT, session)) == CHAT
    assert bot.opener.open(CHAT, message(session, ANN)) == Locked("unverified")


def test_an_identity_must_be_one() -> None:
    """A self-signing key that the master key did not sign signs nothing."""
    good = identity_of(ANN, b"m" * 32, b"s" * 32)
    assert self_signing_key(good, ANN) == public_key(b"s" * 32)
    other = identity_of(ANN, b"n" * 32, b"s" * 32)
    assert self_signing_key({**good, "master_keys": other["master_keys"]}, ANN) == ""
    assert self_signing_key({**good, "master_keys": {}}, ANN) == ""
    assert self_signing_key(good, MAL) == ""


def test_a_one_time_key_that_the_device_did_not_sign_begins_nothing() -> None:
    """Else the homeserver could read what the bot says to it."""
    bot = Bot()
    secret, one_time = SigningKey(b"1" * 32), vodozemac.Account()
    (device,) = devices_in(answer(keys_of(ANN, "A", secret, bytes(range(32)))), ANN, {}).values()
    key = {"key": one_time.curve25519_key.to_base64()}
    good = sign(key, ANN, "ed25519:A", bytes(secret))
    bad: tuple[Any, ...] = (
        key,
        sign(key, ANN, "ed25519:A", b"2" * 32),
        sign(key, MAL, "ed25519:A", bytes(secret)),
        {**good, "key": vodozemac.Account().curve25519_key.to_base64()},
        {**good, "key": "AAAA"},
        {**good, "fallback": True},
        good["key"],
        None,
    )
    for wrong in bad:
        assert not bot.peers._begin(device, {"signed_curve25519:AA": wrong})
        assert not bot.machine.connected(device)
    assert bot.peers._begin(device, {"signed_curve25519:AA": good})
    assert bot.machine.connected(device)


# Any shape at all

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=6), some, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(
    [
        OLM,
        MEGOLM,
        ANN,
        ME,
        CHAT,
        "A",
        "AwgA",
        "m.room_key",
        "m.room.encrypted",
        "m.sas.v1",
        f"{PREFIX}key",
        "",
    ]
)


def shaped(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that have some of these names, with anything behind them."""
    inner = st.dictionaries(st.sampled_from(names), VALUES | WORDS, max_size=len(names))
    return st.dictionaries(st.sampled_from(names), VALUES | WORDS | inner, max_size=len(names))


TO_DEVICE = ("algorithm", "sender_key", "ciphertext", "type", "body", "room_id", "session_id", "session_key")
STEPS = ("from_device", "methods", "method", "key", "mac", "keys", "hashes", "commitment")
SHARED = Bot()
(FUZZER := Device(SHARED, ANN)).known()


@settings(max_examples=150, deadline=None)
@given(kind=VALUES | WORDS, content=shaped(*TO_DEVICE) | VALUES, sender=VALUES | WORDS)
def test_any_to_device_event_is_survived(kind: Any, content: Any, sender: Any) -> None:
    """Outside, and inside a seal that holds."""
    for event in (
        {"sender": sender, "type": kind, "content": content},
        {"sender": ANN, "type": "m.room.encrypted", "content": content},
        FUZZER.to_device(kind, content),
        FUZZER.to_device("m.room_key", content),
        FUZZER.sealed(json.dumps(content)),
    ):
        came = SHARED.arrivals.take(event)
        assert came is None or isinstance(came, Step)


@settings(max_examples=100, deadline=None)
@given(mine=shaped("type", "body"), raw=st.binary(max_size=200), form=st.integers(-1, 3))
def test_any_bytes_as_a_sealed_message_are_survived(mine: Any, raw: bytes, form: int) -> None:
    """What claims to be Olm is parsed by code that must not be made to panic."""
    for each in (mine, {"type": form, "body": unpadded(raw)}, {"type": form, "body": raw.hex()}):
        content = {"algorithm": OLM, "sender_key": FUZZER.curve, "ciphertext": {SHARED.machine.curve: each}}
        event = {"sender": ANN, "type": "m.room.encrypted", "content": content}
        assert SHARED.arrivals.take(event) is None


@settings(max_examples=150, deadline=None)
@given(content=shaped(*TO_DEVICE) | VALUES, raw=st.binary(max_size=80), payload=VALUES, event_id=VALUES)
def test_any_encrypted_event_is_survived(content: Any, raw: bytes, payload: Any, event_id: Any) -> None:
    """Around the ciphertext, as the ciphertext, and inside."""
    session = vodozemac.GroupSession()
    SHARED.arrivals.take(FUZZER.room_key(CHAT, session))
    good = message(session, ANN)
    inside = session.encrypt(json.dumps(payload).encode()).to_base64()
    broken = session.encrypt(raw).to_base64()
    events: list[dict[str, Any]] = [
        {**good, "content": content},
        {**good, "event_id": event_id},
        *({**good, "content": good["content"] | {"ciphertext": c}} for c in (unpadded(raw), inside, broken)),
    ]
    if isinstance(content, dict):
        events += [{**good, "content": good["content"] | content}]
    for event in events:
        assert isinstance(SHARED.opener.open(CHAT, event), Opened | Locked)


@settings(max_examples=150, deadline=None)
@given(
    found=shaped("device_keys", "master_keys", "self_signing_keys"),
    keys=shaped("user_id", "device_id", "keys", "signatures", "usage"),
)
def test_any_answer_about_devices_is_survived(found: Any, keys: Any) -> None:
    """Nothing unsigned comes out of it."""
    for each in (
        found,
        {"device_keys": {ANN: {"A": keys}}, "master_keys": {ANN: keys}, "self_signing_keys": {ANN: keys}},
    ):
        assert devices_in(each, ANN, {}) == {}
        for kind in ("master_keys", "self_signing_keys"):
            assert isinstance(cross_signing_key(each, kind, ANN), str)
        assert self_signing_key(each, ANN) == ""


@settings(max_examples=100, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["request", "start", "key", "mac", "done", "x"]), shaped(*STEPS))
    )
)
def test_any_steps_of_a_verification_are_survived(steps: list[tuple[str, Any]]) -> None:
    """Also after a good beginning; the bot vouches for nothing."""
    bot, sent = SHARED, list[str]()

    async def send(_device: str, step: str, _content: dict[str, Any]) -> None:
        sent.append(step)

    start = {
        "from_device": "D",
        "method": "m.sas.v1",
        "key_agreement_protocols": ["curve25519-hkdf-sha256"],
        "hashes": ["sha256"],
        "message_authentication_codes": ["hkdf-hmac-sha256.v2"],
        "short_authentication_string": ["emoji"],
    }

    async def story() -> None:
        bot.verifier._under_way.clear()
        await bot.verifier.take(ANN, "t", "request", {"from_device": "D", "methods": ["m.sas.v1"]}, send)
        await bot.verifier.take(ANN, "t", "start", start, send)
        for step, content in steps:
            await bot.verifier.take(ANN, "t", step, content, send)

    asyncio.run(story())
    assert "mac" not in sent
