"""All of the bot's encryption behind one door: its device, its identity, what it opens and seals."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.matrix.account import Account
from adapters.matrix.crypto.arriving import Arrivals, Coming, Step
from adapters.matrix.crypto.identity import Identity, State
from adapters.matrix.crypto.keeping import SealedStore, drawer_of
from adapters.matrix.crypto.machine import Machine
from adapters.matrix.crypto.opening import Locked, Opened, Opener
from adapters.matrix.crypto.ownkeys import OwnKeys
from adapters.matrix.crypto.peers import Peers
from adapters.matrix.crypto.sharing import Sharing
from adapters.matrix.crypto.verifying import PREFIX, Show, Verifier
from adapters.matrix.errors import Refusal
from adapters.matrix.hearings import Hearings
from adapters.matrix.http import Server, path
from adapters.matrix.parsing import events, table
from adapters.matrix.rooms import Room
from adapters.matrix.section import MatrixSection, may_invite, secret
from adapters.matrix.world import World
from bot.boundary.errors import CannotStart, StorageTrouble
from bot.boundary.ports import RESTORED_AT, Cabinet

MENDED_WITHIN = 5.0
"""Seconds that an answer waits for the connection to be mended first."""
SWEEP_EVERY = 3600.0
"""Seconds between two looks for room keys that are too old."""

log = logging.getLogger(__name__)


class Encryption:
    """`start` before anything else; then `receive` each answer of `/sync`, and `keep` before the next."""

    def __init__(
        self,
        section: MatrixSection,
        base: Path,
        server: Server,
        account: Account,
        world: World,
        hearings: Hearings,
        cabinet: Cabinet,
    ) -> None:
        self._section, self._base, self._server, self._account = section, base, server, account
        self._world, self._hearings, self._cabinet = world, hearings, cabinet
        self._identity = Identity(server, cabinet, section.user_id)
        self.state: State = "none"
        self.show: Show = _nobody_looks
        """Shows the pictures of a verification to the person; set by the platform."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._coming, self._first = Coming({}), False
        self._news: dict[str, asyncio.Event] = {}
        self._upkeep: asyncio.Task[None] | None = None

    # Start

    async def start(self) -> None:
        """Have a device with keys, signed by the bot's identity. Repeatable.

        Raises `CannotStart`, `Refusal`, `StorageTrouble`.
        """
        if await self._cabinet.get(RESTORED_AT) is not None:
            # Sessions in the store may be older than what the other side has seen, or known to a thief.
            await self._new_device()
            await self._cabinet.drop(RESTORED_AT)
        await self._identity.load()
        self._use(await self._open())
        shown = await self._devices_shown()
        if self._is_strange(table(shown.get(self._machine.device_id))):
            # The homeserver knows this device with other keys: a store was lost. People's apps would
            # rightly refuse a device whose keys changed.
            await self._new_device()
            self._use(await self._open())
        await self._put_up(shown)
        self._keep_going(self._sweep())

    async def signed_in_again(self) -> None:
        """After the bot was signed out, the homeserver has forgotten the device's keys: put them up again.

        Raises `Refusal`, `StorageTrouble`.
        """
        await self._put_up(await self._devices_shown())

    async def _put_up(self, shown: Mapping[str, Any]) -> None:
        if self._machine.device_id not in shown:
            self._own_keys.forgotten()
        if self._own_keys.needed:
            await self._own_keys.upload()
        await self._have_identity()

    async def _devices_shown(self) -> dict[str, Any]:
        return table(table((await self._look_up()).get("device_keys")).get(self._section.user_id))

    async def examine(self) -> tuple[str, str, State]:
        """For `doctor`, changing nothing: the device's fingerprint, the identity's key, the state.

        The fingerprint is "" before the first start. Raises `Refusal`, `StorageTrouble`.
        """
        await self._identity.load()
        store = await SealedStore.open(self._cabinet, self._section.user_id, self._account.device)
        if store.empty:
            return "", "", "none"
        machine = Machine(self._section.user_id, self._account.device, store, self._wants_key)
        state = self._identity.state(await self._look_up(), machine)
        return machine.fingerprint, self._identity.shown, state

    @property
    def fingerprint(self) -> str:
        """The device's public key, as people's apps show it; "" before `start`."""
        machine = getattr(self, "_machine", None)
        return machine.fingerprint if isinstance(machine, Machine) else ""

    async def _open(self) -> Machine:
        store = await SealedStore.open(self._cabinet, self._section.user_id, self._account.device)
        machine = Machine(self._section.user_id, self._account.device, store, self._wants_key)
        await store.keep()
        return machine

    def _use(self, machine: Machine) -> None:
        self._machine = machine
        self._own_keys = OwnKeys(self._server, machine)
        self._peers = Peers(self._server, machine)
        self._sharing = Sharing(machine, self._peers)
        self._opener = Opener(machine, self._peers)
        self._arrivals = Arrivals(machine, self._knows, lambda room: room in self._world.rooms)
        self._verifier = Verifier(machine, self._identity, self._shown)
        self._world.fingerprint = machine.fingerprint
        machine.drop_old_room_keys()

    async def _new_device(self) -> None:
        old = self._account.device
        await self._account.become_new()
        values = await self._cabinet.drawer(drawer_of(old))
        await self._cabinet.change_drawer(drawer_of(old), dict.fromkeys(values))
        log.warning("a new device was made")

    def _is_strange(self, shown: Mapping[str, Any]) -> bool:
        if not shown:
            return False
        keys = table(shown.get("keys"))
        return keys.get(f"ed25519:{self._machine.device_id}") != self._machine.fingerprint

    async def _look_up(self) -> dict[str, Any]:
        body: dict[str, Any] = {"device_keys": {self._section.user_id: []}}
        return await self._server.ask("POST", path("keys", "query"), body, patient=True)

    async def _have_identity(self) -> None:
        """Be signed. What the homeserver refuses for good is told to the operator; the bot goes on."""
        try:
            self.state = self._identity.state(await self._look_up(), self._machine)
            # Exactly the one that the operator names: somebody else's, or the bot's own after a theft.
            wished = bool(self._identity.shown) and self._section.replace_identity == self._identity.shown
            if self.state == "none" or wished:
                await self._identity.establish(self._machine, self._password(), anew=wished)
                self.state = "unsigned"
            if self.state == "unsigned":
                await self._identity.sign_device(self._machine)
                self.state = self._identity.state(await self._look_up(), self._machine)
        except Refusal as no:
            if no.retry_after is not None and no.status != 401:
                raise
        if self.state != "signed":
            log.warning("the bot's device is not signed", extra={"kind": self.state})

    def _password(self) -> str | None:
        if self._section.password_file is None:
            return None
        with contextlib.suppress(CannotStart):
            return secret(self._base, self._section.password_file)
        return None

    # What comes

    async def receive(self, answer: Mapping[str, Any], first: bool = False) -> None:
        """Take in what an answer of `/sync` holds beside the rooms. Durable when this returns.

        `first`: of the rooms' members only those whom lazy loading shows are known yet.
        Raises `StorageTrouble`; the answer must then be taken again.
        """
        self._coming, self._first = Coming(answer), first
        self._arrivals.expire()
        self._own_keys.learn(answer)
        lists = table(answer.get("device_lists"))
        self._peers.changed(_items(lists.get("changed")))
        self._peers.left(_items(lists.get("left")))
        for event in events(answer, "to_device"):
            try:
                came = self._arrivals.take(event)
            except Exception as failed:  # noqa: BLE001 - nothing that people send may end the loop
                log.warning("a malformed to-device event", extra={"kind": type(failed).__name__})
                continue
            if isinstance(came, Step):
                self._keep_going(self._step(came))
            elif came is not None:
                self._tell_news(came)
        await self._machine.store.keep()
        self._coming, self._first = Coming({}), False
        if self._own_keys.needed or self._machine.to_mend:
            self._maintain()

    async def settle(self, room: str) -> None:
        """It is known who is in this room: what was held for it is kept or thrown away."""
        if self._arrivals.settle(room):
            await self._machine.store.keep()
            self._tell_news(room)

    async def looked(self) -> None:
        """Every room has been looked at: the keys that may not be kept go. Raises `StorageTrouble`.

        Not earlier: a direct chat that a crash kept off the account's list is known by its mark alone.
        """
        for room in self._machine.rooms_with_keys():
            if not self._may_hold_keys_of(room):
                self._machine.drop_room_keys_of(room)
        await self._machine.store.keep()

    async def open(self, room: str, event: Mapping[str, Any]) -> Opened | Locked:
        """What an encrypted event of a room says. `remember` it before anything is done because of it."""
        return self._opener.open(room, event)

    async def remember(self, room: str, event: Mapping[str, Any]) -> None:
        """Have it durable that this event was opened: the same ciphertext in another one is a replay.

        Not for what asks nothing of the bot: its replay would ask nothing either, and making each
        durable would be most of what hearing costs. Raises `StorageTrouble`.
        """
        self._opener.save(room, event)
        await self._machine.store.keep()

    def news_of(self, room: str) -> asyncio.Event:
        """Set when the next key of this room comes."""
        return self._news.setdefault(room, asyncio.Event())

    async def know(self, user: str) -> None:
        """Look once more which devices somebody has. Raises `Refusal`, `StorageTrouble`."""
        await self._peers.refresh([user])

    async def mend_with(self, user: str) -> None:
        """A message of this person could not be read: have their apps give the keys once more.

        Returns when they were told, so that who then sends it again is understood; or after a while.
        """
        for device in self._peers.trusted(user):
            self._machine.mend(user, device.curve25519)
        self._maintain()
        if self._upkeep is not None:
            await asyncio.wait({self._upkeep}, timeout=MENDED_WITHIN)

    def was_withheld(self, room: str, session_id: object) -> bool:
        """Whether the person's app has said that it does not give the bot this key."""
        return self._arrivals.was_withheld(room, session_id)

    async def verify(self, room: Room, event: Mapping[str, Any]) -> bool:
        """Answer a step of a verification in a direct chat. False: it is something else."""
        kind, content, by = str(event.get("type")), table(event.get("content")), str(event.get("sender"))
        if kind == "m.room.message" and content.get("msgtype") == f"{PREFIX}request":
            name, step = str(event.get("event_id")), "request"
        elif kind.startswith(PREFIX):
            name, step = str(table(content.get("m.relates_to")).get("event_id")), kind.removeprefix(PREFIX)
        else:
            return False

        async def send(_device: str, step: str, answer: dict[str, Any]) -> None:
            related = {**answer, "m.relates_to": {"rel_type": "m.reference", "event_id": name}}
            sealed = await self._sharing.encrypt(room, PREFIX + step, related, by)
            where = path("rooms", room.id, "send", "m.room.encrypted", f"{name}-{step}")
            await self._server.ask("PUT", where, sealed)

        self._keep_going(self._verifier.take(by, name, step, content, send))
        return True

    async def _step(self, came: Step) -> None:
        name = came.content.get("transaction_id")
        if not isinstance(name, str):
            return

        async def send(device: str, step: str, answer: dict[str, Any]) -> None:
            await self._peers.tell(came.by, device, PREFIX + step, {**answer, "transaction_id": name})

        await self._verifier.take(came.by, name, came.kind, came.content, send)

    async def _shown(self, user: str, pictures: str) -> None:
        # For the operator too, who can read them to a facilitator on the phone: they name nobody.
        log.info("verification: the bot's pictures", extra={"pictures": pictures})
        await self.show(user, pictures)

    def _tell_news(self, room: str) -> None:
        if (news := self._news.pop(room, None)) is not None:
            news.set()

    # What goes

    async def encrypt(
        self, room: Room, kind: str, content: Mapping[str, Any], to: str | None = None
    ) -> dict[str, Any]:
        """The content of an `m.room.encrypted`; `to`: in a direct chat, whose it is.

        Raises `Undeliverable`, `StorageTrouble`.
        """
        return await self._sharing.encrypt(room, kind, content, to)

    # Which keys may be kept

    async def hear(self, room: str, on: bool) -> None:
        """Hear commands in a guarded encrypted room from now on, or throw its keys away."""
        try:
            await self._hearings.put(room, on)
        finally:
            if not on:  # also where the storage refuses: nothing in this process opens them any more
                self._machine.drop_room_keys_of(room)
        if on:
            self._keep_going(self._begin_anew(room))
        await self._machine.store.keep()

    async def leave(self, room: str) -> None:
        """The bot is not in this room any more: no key of it is left. Raises `StorageTrouble`."""
        self._machine.leave(room)
        self._news.pop(room, None)
        await self.hear(room, False)

    async def _begin_anew(self, room: str) -> None:
        """Whoever spoke here before gave the bot a key that it threw away, and would not give it again
        for a week. A new connection with a device makes its app give the key once more, with the next
        words: matrix-rust-sdk (under Element) counts a connection that was begun anew as one that lost
        keys."""
        known = self._world.rooms.get(room)
        users = (known.with_membership("join") if known else frozenset()) - {self._section.user_id}
        await self._peers.refresh(users)
        await self._peers.mend([d for user in sorted(users) for d in self._peers.trusted(user)])

    def _wants_key(self, room: str, by: str) -> bool:
        known = self._world.rooms.get(room)
        if known is None or not self._may_hold_keys_of(room):
            return False
        # A key may come in the same answer as the person themselves.
        there = known.membership(by) in ("join", "invite") or self._coming.has(room, by)
        return there or not known.complete

    def _may_hold_keys_of(self, room: str) -> bool:
        return self._world.is_direct(room) or self._hearings.on(room)

    def _knows(self, user: str) -> bool:
        return (
            self._first  # who is where is not known yet: a key is judged by its room alone
            or user == self._section.user_id
            or may_invite(self._section, user)
            or any(r.membership(user) in ("join", "invite", "knock") for r in self._world.rooms.values())
        )

    # Upkeep

    def _maintain(self) -> None:
        if self._upkeep is None or self._upkeep.done():
            self._upkeep = self._keep_going(self._mend_and_upload())

    async def _mend_and_upload(self) -> None:
        if self._own_keys.needed:
            await self._own_keys.upload()
        broken, self._machine.to_mend = self._machine.to_mend, []
        try:
            await self._peers.mend(broken)
        except (Refusal, StorageTrouble):
            self._machine.to_mend += broken  # at the next answer
            raise

    async def _sweep(self) -> None:
        while True:
            self._machine.drop_old_room_keys()
            self._machine.drop_unused_sessions()
            with contextlib.suppress(StorageTrouble):
                await self._machine.store.keep()
            await asyncio.sleep(SWEEP_EVERY)

    def _keep_going(self, deed: Any) -> asyncio.Task[None]:
        """Do something beside the sync loop. What fails is done at the next occasion."""

        async def quietly() -> None:
            try:
                await deed
            except (Refusal, StorageTrouble) as no:
                log.info("encryption waits", extra={"kind": type(no).__name__})
            except Exception as failed:  # noqa: BLE001 - nothing that people send may end more than itself
                log.warning("encryption failed", extra={"kind": type(failed).__name__})

        task = asyncio.create_task(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Let go of what is under way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _nobody_looks(_user: str, _pictures: str) -> None:
    return None


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
