"""A person with somebody else's Matrix client: matrix-js-sdk, in the mode that excludes unsigned devices."""

from collections.abc import Callable
from typing import Any

from tests.peers.client import Client
from tests.peers.shown import Json, Seen
from tests.peers.verification import Verification
from tests.support.client import PATIENCE, NotSeen


class Peer(Client):
    """One person with one device, in rooms. Made by `login`; `close` it."""

    # Rooms

    async def create_room(self, *invite: str, encrypted: bool = True, **options: Any) -> str:
        """Make a room, and wait until the client knows it. `options` go into the body of createRoom."""
        return str(
            await self._ask(
                "createRoom", encrypted=encrypted, direct=False, invite=list(invite), options=options
            )
        )

    async def create_direct(self, other: str, encrypted: bool = True, **options: Any) -> str:
        """Open a direct chat, noted in `m.direct`, and wait until the client knows it."""
        return str(
            await self._ask("createRoom", encrypted=encrypted, direct=True, invite=[other], options=options)
        )

    async def invite(self, room: str, user: str) -> None:
        """Invite somebody."""
        await self._ask("invite", room=room, user=user)

    async def join(self, room: str) -> None:
        """Come in, and wait until the client knows the room."""
        await self._ask("join", room=room)

    async def leave(self, room: str) -> None:
        """Go out."""
        await self._ask("leave", room=room)

    async def invitations(self) -> list[Json]:
        """Open invitations: `room`, `from` and whether it is `direct`."""
        found: list[Json] = await self._ask("invitations")
        return found

    async def accept_invitation(
        self, room: str | None = None, sender: str | None = None, timeout: float = PATIENCE
    ) -> str:
        """Wait for an invitation, to this room or from this person if given, and come in. Gives the room."""

        async def found() -> str | None:
            for one in await self.invitations():
                if room in (None, one["room"]) and sender in (None, one["from"]):
                    return str(one["room"])
            return None

        there = await self.wait_for(found, "an invitation", timeout)
        await self.join(there)
        return there

    async def directs(self) -> dict[str, list[str]]:
        """`m.direct`: rooms by person."""
        found: dict[str, list[str]] = await self._ask("directs")
        return found

    async def membership(self, room: str, user: str) -> str | None:
        """Somebody's membership as this client sees it; None where it knows none."""
        found: str | None = await self._ask("membership", room=room, user=user)
        return found

    async def see_membership(
        self, room: str, user: str, membership: str = "join", timeout: float = PATIENCE
    ) -> None:
        """Wait until somebody's membership is this one."""

        async def now() -> bool:
            return await self.membership(room, user) == membership

        await self.wait_for(now, f"{user} to be {membership}", timeout)

    # Sending

    async def say(self, room: str, words: str) -> str:
        """Send words; encrypted where the room is. Gives the event's id."""
        return await self.send(room, "m.room.message", {"msgtype": "m.text", "body": words})

    async def send(self, room: str, kind: str, content: Json) -> str:
        """Send any event; encrypted where the room is. Raises `PeerRefused`."""
        return str(await self._ask("send", room=room, type=kind, content=content))

    async def send_plain(self, room: str, kind: str, content: Json) -> str:
        """Send an event past the encryption."""
        return str(await self._ask("sendPlain", room=room, type=kind, content=content))

    async def set_state(self, room: str, kind: str, content: Json, key: str = "") -> str:
        """Set a piece of the room's state."""
        return str(await self._ask("state", room=room, type=kind, key=key, content=content))

    async def state(self, room: str, kind: str, key: str = "") -> Json:
        """The content of a piece of the room's state, asked of the homeserver. Raises `PeerRefused`."""
        found: Json = await self._ask("stateNow", room=room, type=kind, key=key)
        return found

    async def redact(self, room: str, event: str) -> str:
        """Take an event down."""
        return str(await self._ask("redact", room=room, event=event))

    async def discard_session(self, room: str) -> None:
        """Use a new key for this room from the next message on."""
        await self._ask("discardSession", room=room)

    # Seeing

    async def encrypted(self, room: str) -> bool:
        """Whether this client encrypts in the room."""
        return bool(await self._ask("encrypted", room=room))

    async def timeline(self, room: str) -> list[Seen]:
        """The room's newest events as this client shows them now, the oldest first."""
        return [Seen(**event) for event in await self._ask("timeline", room=room)]

    async def see(
        self, room: str, match: Callable[[Seen], object], what: str = "an event", timeout: float = PATIENCE
    ) -> Seen:
        """Wait for an event that fits. Raises `NotSeen`, with what the room shows instead."""

        async def found() -> Seen | None:
            return next((event for event in await self.timeline(room) if match(event)), None)

        try:
            return await self.wait_for(found, what, timeout)
        except NotSeen as nothing:
            lines = [f"  {e.sender} {e.type} {e.failure} {e.body}" for e in (await self.timeline(room))[-8:]]
            raise NotSeen("\n".join([str(nothing), "lately:", *lines])) from None

    async def see_event(self, room: str, event: str, timeout: float = PATIENCE) -> Seen:
        """Wait for this very event, until it is decrypted or its decryption has failed."""
        return await self.see(room, lambda e: e.id == event and not e.waiting, "that event", timeout)

    async def read(
        self, room: str, containing: str, sender: str | None = None, timeout: float = PATIENCE
    ) -> Seen:
        """Wait for readable words that contain these, without regard to case."""

        def fits(event: Seen) -> bool:
            words = event.failure is None and containing.casefold() in event.body.casefold()
            return words and sender in (None, event.sender)

        return await self.see(room, fits, f"“{containing}”", timeout)

    # Verification

    async def request_verification(
        self, user: str, room: str | None = None, device: str | None = None
    ) -> Verification:
        """Ask somebody to compare emoji: in a direct chat (`room`), or a `device` by to-device messages.

        With neither: one's own other devices.
        """
        return Verification(self, await self._ask("requestVerification", user=user, room=room, device=device))

    async def see_verification(self, sender: str, timeout: float = PATIENCE) -> Verification:
        """Wait to be asked by somebody to compare emoji."""

        async def found() -> Json | None:
            asked: list[Json] = await self._ask("verifications")
            return next(
                (t for t in asked if t["user"] == sender and not t["mine"] and t["phase"] == "requested"),
                None,
            )

        return Verification(self, await self.wait_for(found, f"{sender} to ask", timeout))
