"""Direct chats: found or made once for each person, and never with a third person in them.

`createRoom` has no idempotency key. So the intention is kept first; the room carries a mark (a
keyed hash of whom it is for) in its very first event; and after a crash, or an answer that never
came, the rooms that are there are looked at before another one is made.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import defaultdict
from typing import Any

from adapters.matrix.errors import Refusal
from adapters.matrix.http import Server, path
from adapters.matrix.parsing import objects
from adapters.matrix.rooms import MARK, Member, Room, members_in
from adapters.matrix.world import World
from bot.boundary.errors import Undeliverable
from bot.boundary.ports import Cabinet

DIRECT = "m.direct"
ENCRYPTION = "m.room.encryption"
ENCRYPTED = {"algorithm": "m.megolm.v1.aes-sha2"}
ANSWER_WITHIN = 600.0
"""Seconds after somebody's words in which a word to them is an answer, also when they left the chat."""
LOOK_AFTER = 5.0
"""Seconds after which a room that was asked for without an answer has surely been made, or not."""
MARKING_KEY = "matrix-direct-marks"


class Directs:
    """The direct chats of the account, as `m.direct` and the rooms themselves tell."""

    def __init__(self, server: Server, world: World, cabinet: Cabinet) -> None:
        self._server, self._world, self._cabinet = server, world, cabinet
        self._chats: dict[str, list[str]] = {}
        self._members: dict[str, str] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._writing = asyncio.Lock()
        self._heard: dict[str, float] = {}
        self._spoke_in: dict[str, str] = {}
        self._doubt: dict[str, float] = {}
        self._secret = b""
        self._started = time.monotonic()
        world.is_direct = self.is_direct

    async def load(self) -> None:
        """Read what the account and the cabinet have. Raises `Refusal`."""
        kept = await self._cabinet.get(MARKING_KEY)
        if kept is None:
            kept = secrets.token_bytes(32)
            await self._cabinet.put(MARKING_KEY, kept)
        self._secret = kept
        self.learn(await self._account_data())

    def learn(self, content: object) -> None:
        """Take in the account's `m.direct`, whatever it holds."""
        found: dict[str, list[str]] = {}
        for user, rooms in content.items() if isinstance(content, dict) else ():
            if isinstance(user, str) and isinstance(rooms, list):
                found[user] = [r for r in rooms if isinstance(r, str)]
        self._chats = found
        self._members |= {room: user for user, rooms in found.items() for room in rooms}

    def is_direct(self, native: str) -> bool:
        """Whether a room is a direct chat: listed as one, or made by the bot as one."""
        if native in self._members:
            return True
        room = self._world.rooms.get(native)
        return room is not None and bool(room.mark) and room.creator == self._world.me

    def heard(self, user: str, chat: str | None = None) -> None:
        """Somebody spoke to the bot: what it tells them now is an answer, in the same chat if it can be."""
        now = time.monotonic()
        self._heard[user] = now
        if chat is not None:
            self._spoke_in[user] = chat
        if len(self._heard) > 10_000:
            self._heard = {u: t for u, t in self._heard.items() if now - t < ANSWER_WITHIN}
            self._spoke_in = {u: c for u, c in self._spoke_in.items() if u in self._heard}

    async def adopt(self, user: str, native: str) -> None:
        """Remember a direct chat that this person opened, before it is joined. Raises `Refusal`."""
        self._members[native] = user
        await self._list(user, native)

    async def open(self, user: str) -> Room:
        """The room where words for this person alone can be written. Made where there is none, and
        encrypted where any of the person's groups is.

        Raises `Undeliverable`: `closed` where the person left the chat and asked nothing.
        """
        async with self._locks[user]:
            found = await self._find(user) or await self._make(user)
            # A sync may have shown the new room half made: what it has not shown is not relied on.
            if not await self._secured(found, user):
                raise Refusal("unreachable", 1.0)
            return found

    def chats_with(self, user: str) -> tuple[Room, ...]:
        """The chats with this person that the bot is in. Empty: none."""
        me = self._world.me
        return tuple(room for room in self._candidates(user) if room.membership(me) == "join")

    async def _find(self, user: str) -> Room | None:
        left: Room | None = None
        invited: Room | None = None
        for room in reversed(self._candidates(user)):
            await self._complete(room)
            if not self._private_to(room, user) or not await self._secured(room, user):
                continue
            match room.membership(user):
                case "join":
                    return room
                case "invite":
                    invited = invited or room
                case "leave" if user in room.members:
                    left = left or room
                case "leave":
                    await self._invite(room, user)  # half made when a crash came
                    return room
                case _:
                    pass
        if invited is not None:
            return invited
        if left is None:
            return None
        if time.monotonic() - self._heard.get(user, -ANSWER_WITHIN) >= ANSWER_WITHIN:
            raise Undeliverable("closed")
        if left.power.of(self._world.me) < left.power.to("invite"):
            return None
        await self._invite(left, user)
        return left

    async def _secured(self, room: Room, user: str) -> bool:
        """Encrypted where it has to be: switched on now where the bot may; else another chat must do."""
        if room.encrypted or not self._world.needs_encryption(user):
            return True
        me = self._world.me
        if not room.power.may_send(me, ENCRYPTION, state=True):
            return False
        await self._server.ask("PUT", path("rooms", room.id, "state", ENCRYPTION, ""), ENCRYPTED)
        self._encrypted(room, ENCRYPTED)
        return True

    def _candidates(self, user: str) -> list[Room]:
        """The chats that may do, the best one last: where the person spoke, else the newest."""
        mark, rooms = self._mark(user), self._world.rooms
        listed = [rooms[r] for r in self._chats.get(user, ()) if r in rooms]
        marked = [r for r in rooms.values() if r.mark == mark and r not in listed]
        last = rooms.get(self._spoke_in.get(user, ""))
        return [*marked, *listed, *([last] if last in (*marked, *listed) else [])]

    def _private_to(self, room: Room, user: str) -> bool:
        """Nobody else is there or can come by themselves, and plain words can be written."""
        present = room.with_membership("join", "invite")
        return (
            present <= {self._world.me, user}
            and room.membership(self._world.me) == "join"
            and room.join_rule in ("invite", "knock", "private")
            and room.history != "world_readable"
            and room.power.may_send(self._world.me, "m.room.message")
            and not room.replacement
        )

    async def _complete(self, room: Room) -> None:
        if not room.complete:
            answer = await self._server.ask("GET", path("rooms", room.id, "members"))
            chunk = answer.get("chunk")
            room.replace_members(members_in(objects(chunk)))

    async def _invite(self, room: Room, user: str) -> None:
        # Sync may be behind, or the answer to an earlier invitation lost: who is there already is not
        # invited again, which would be refused.
        there = (await self._server.state(room.id, "m.room.member", user) or {}).get("membership")
        if there not in ("join", "invite"):
            # As state, because only so can an invitation say that it is to a direct chat.
            where = path("rooms", room.id, "state", "m.room.member", user)
            await self._server.ask("PUT", where, {"membership": "invite", "is_direct": True})
            there = "invite"
        room.members[user] = Member(there, user, self._world.me)
        room.changed += 1

    async def _make(self, user: str) -> Room:
        intention = f"matrix-direct-making {user}"
        if user not in self._doubt and await self._cabinet.get(intention) is not None:
            self._doubt[user] = self._started
        if user in self._doubt:
            found = await self._look_again(user)
            if found is not None:
                await self._made(user, found.id, intention)
                return await self._find(user) or found
        await self._cabinet.put(intention, b"1")
        self._doubt[user] = time.monotonic()
        try:
            answer = await self._server.ask("POST", path("createRoom"), self._wanted(user))
        except Refusal as no:
            if no.reason not in ("unreachable", "rate_limited"):
                await self._settled(user, intention)
                raise Refusal("closed", None, no.status, no.errcode) from None
            if no.reason == "rate_limited":
                await self._settled(user, intention)
            raise
        native = str(answer.get("room_id", ""))
        if native not in self._world.rooms:
            self._world.rooms[native] = self._expected(native, user)
        await self._made(user, native, intention)
        return self._world.rooms[native]

    async def _look_again(self, user: str) -> Room | None:
        """Whether the room that was asked for is there after all."""
        wait = self._doubt[user] + LOOK_AFTER - time.monotonic()
        if wait > 0:
            raise Refusal("unreachable", wait)
        answer = await self._server.ask("GET", path("joined_rooms"))
        joined = answer.get("joined_rooms")
        for native in joined if isinstance(joined, list) else ():
            if not isinstance(native, str) or native in self._world.rooms:
                continue
            create = await self._server.state(native, "m.room.create")
            if create and create.get(MARK) == self._mark(user):
                room = self._world.rooms.setdefault(native, self._expected(native, user))
                room.complete = room.expected = False
                if (encryption := await self._server.state(native, ENCRYPTION)) is not None:
                    self._encrypted(room, encryption)
                await self._complete(room)
                return room
        return next((r for r in self._world.rooms.values() if r.mark == self._mark(user)), None)

    def _expected(self, native: str, user: str) -> Room:
        """The room as it was asked for, until the homeserver shows it."""
        room, me = Room(native), self._world.me
        room.apply(
            {"type": "m.room.create", "state_key": "", "sender": me, "content": {MARK: self._mark(user)}}
        )
        room.replace_members({})
        room.members[me] = Member("join", me, me)
        room.members[user] = Member("invite", user, me)
        if self._world.needs_encryption(user):
            self._encrypted(room, ENCRYPTED)
        room.expected = True
        return room

    def _encrypted(self, room: Room, content: dict[str, Any]) -> None:
        """Take in that a room is encrypted, before the homeserver shows it."""
        room.apply({"type": ENCRYPTION, "state_key": "", "sender": self._world.me, "content": content})

    def _wanted(self, user: str) -> dict[str, Any]:
        encryption = {"type": ENCRYPTION, "state_key": "", "content": ENCRYPTED}
        return {
            "preset": "private_chat",
            "visibility": "private",
            "is_direct": True,
            "invite": [user],
            "creation_content": {MARK: self._mark(user), "m.federate": True},
            # Only the bot may invite: the chat stays one of two.
            "power_level_content_override": {"invite": 100},
            "initial_state": [
                # Words that came before the person did must be there when they come, for them alone.
                {
                    "type": "m.room.history_visibility",
                    "state_key": "",
                    "content": {"history_visibility": "invited"},
                },
                {"type": "m.room.guest_access", "state_key": "", "content": {"guest_access": "forbidden"}},
                *([encryption] if self._world.needs_encryption(user) else []),
            ],
        }

    async def _made(self, user: str, native: str, intention: str) -> None:
        self._members[native] = user
        try:
            await self._list(user, native)
        except Refusal:
            self._chats.setdefault(user, []).append(native)  # the mark finds it again after a restart
        await self._settled(user, intention)

    async def _settled(self, user: str, intention: str) -> None:
        self._doubt.pop(user, None)
        await self._cabinet.drop(intention)

    async def _list(self, user: str, native: str) -> None:
        async with self._writing:
            content = await self._account_data()
            rooms = content.get(user)
            rooms = [r for r in rooms if isinstance(r, str)] if isinstance(rooms, list) else []
            if native not in rooms:
                content = {**content, user: [*rooms, native]}
                where = path("user", self._world.me, "account_data", DIRECT)
                await self._server.ask("PUT", where, content)
            self.learn(content)

    async def _account_data(self) -> dict[str, Any]:
        try:
            return await self._server.ask(
                "GET", path("user", self._world.me, "account_data", DIRECT), patient=True
            )
        except Refusal as no:
            if no.errcode == "M_NOT_FOUND":
                return {}
            raise

    def _mark(self, user: str) -> str:
        return hmac.new(self._secret, user.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
