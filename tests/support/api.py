"""Matrix's client-server API as plain calls, so that a test can send what a library would refuse.

Paths and bodies are those of the Matrix specification, client-server API v3.
"""

import itertools
import json
from typing import Any, Self
from urllib.parse import quote

import aiohttp

Json = dict[str, Any]
_CALL_TIMEOUT = aiohttp.ClientTimeout(total=60)


class Refused(Exception):
    """The homeserver said no. `errcode` is Matrix's own, such as `M_FORBIDDEN`."""

    def __init__(self, status: int, errcode: str, message: str) -> None:
        super().__init__(f"{status} {errcode}: {message}")
        self.status = status
        self.errcode = errcode


class Api:
    """One account's calls. Use as `async with`, or `close` it."""

    def __init__(self, url: str, user_id: str, token: str) -> None:
        self.url = url
        self.user_id = user_id
        self.token = token
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {token}"}, timeout=_CALL_TIMEOUT
        )
        self._numbers = itertools.count(1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()

    async def call(
        self, method: str, path: str, body: Any = None, params: dict[str, str] | None = None
    ) -> Any:
        """One call under `/_matrix/client/v3`. Raises `Refused`."""
        data = None if body is None and method in ("GET", "DELETE") else json.dumps(body or {})
        async with self._session.request(
            method,
            f"{self.url}/_matrix/client/v3{path}",
            data=data,
            params=params,
            headers={"Content-Type": "application/json"},
        ) as answer:
            found = await answer.json(content_type=None)
            if answer.status >= 400:
                raise Refused(answer.status, str(found.get("errcode")), str(found.get("error")))
            return found

    # Rooms

    async def create_room(
        self,
        *invite: str,
        name: str | None = None,
        direct: bool = False,
        preset: str = "private_chat",
        **more: Any,
    ) -> str:
        """Make a room; `more` goes into the body as it is. Gives back its id."""
        body: Json = {"preset": preset, "invite": list(invite), "is_direct": direct} | more
        if name is not None:
            body["name"] = name
        return str((await self.call("POST", "/createRoom", body))["room_id"])

    async def invite(self, room: str, user: str) -> None:
        """Invite somebody."""
        await self.call("POST", f"/rooms/{quote(room)}/invite", {"user_id": user})

    async def join(self, room: str) -> None:
        """Come in."""
        await self.call("POST", f"/join/{quote(room)}")

    async def knock(self, room: str, reason: str | None = None) -> None:
        """Ask to come in."""
        await self.call("POST", f"/knock/{quote(room)}", {} if reason is None else {"reason": reason})

    async def leave(self, room: str) -> None:
        """Go out, or take back a knock."""
        await self.call("POST", f"/rooms/{quote(room)}/leave")

    async def kick(self, room: str, user: str) -> None:
        """Show somebody out."""
        await self.call("POST", f"/rooms/{quote(room)}/kick", {"user_id": user})

    async def upgrade(self, room: str, version: str = "12") -> str:
        """Replace the room by one of another version. Gives back the new room's id."""
        made = await self.call("POST", f"/rooms/{quote(room)}/upgrade", {"new_version": version})
        return str(made["replacement_room"])

    # Events

    async def send(self, room: str, kind: str, content: Json, transaction: str | None = None) -> str:
        """Send any event, well-formed or not. Gives back its id."""
        transaction = transaction or f"t{next(self._numbers)}"
        path = f"/rooms/{quote(room)}/send/{quote(kind)}/{quote(transaction, safe='')}"
        return str((await self.call("PUT", path, content))["event_id"])

    async def say(self, room: str, words: str, **more: Any) -> str:
        """Send a text message; `more` goes into its content."""
        return await self.send(room, "m.room.message", {"msgtype": "m.text", "body": words} | more)

    async def redact(self, room: str, event: str) -> str:
        """Take an event down."""
        path = f"/rooms/{quote(room)}/redact/{quote(event)}/t{next(self._numbers)}"
        return str((await self.call("PUT", path))["event_id"])

    async def event(self, room: str, event: str) -> Json:
        """One event, raw."""
        found: Json = await self.call("GET", f"/rooms/{quote(room)}/event/{quote(event)}")
        return found

    async def gone(self, room: str, event: str) -> bool:
        """Whether an event has been taken down."""
        return "redacted_because" in (await self.event(room, event)).get("unsigned", {})

    async def history(self, room: str, limit: int = 500) -> list[Json]:
        """The newest events of a room, the oldest of them first."""
        params = {"dir": "b", "limit": str(limit)}
        found = await self.call("GET", f"/rooms/{quote(room)}/messages", params=params)
        return list(reversed(found["chunk"]))

    # State

    async def state(self, room: str, kind: str, key: str = "") -> Json | None:
        """The content of a state event, None where there is none."""
        try:
            found: Json = await self.call("GET", f"/rooms/{quote(room)}/state/{kind}/{quote(key)}")
        except Refused as refused:
            if refused.status == 404:
                return None
            raise
        return found

    async def set_state(self, room: str, kind: str, content: Json, key: str = "") -> str:
        """Put a state event."""
        path = f"/rooms/{quote(room)}/state/{kind}/{quote(key)}"
        return str((await self.call("PUT", path, content))["event_id"])

    async def powers(self, room: str, **changes: Any) -> Json:
        """The room's power levels; with `changes` (`users` is merged) they are put first."""
        levels = await self.state(room, "m.room.power_levels") or {}
        if changes:
            users = levels.get("users", {}) | changes.pop("users", {})
            levels = levels | changes | {"users": users}
            await self.set_state(room, "m.room.power_levels", levels)
        return levels

    async def memberships(self, room: str) -> dict[str, str]:
        """Everybody the room knows: user id -> `join`, `invite`, `knock`, `leave`, `ban`."""
        found = await self.call("GET", f"/rooms/{quote(room)}/members")
        return {e["state_key"]: e["content"]["membership"] for e in found["chunk"]}

    async def rename(self, name: str) -> None:
        """Change the display name."""
        await self.call("PUT", f"/profile/{quote(self.user_id)}/displayname", {"displayname": name})

    async def download(self, mxc: str) -> bytes:
        """The bytes behind an `mxc://` address."""
        server, media = mxc.removeprefix("mxc://").split("/", 1)
        async with self._session.get(
            f"{self.url}/_matrix/client/v1/media/download/{server}/{media}"
        ) as answer:
            if answer.status != 200:
                raise Refused(answer.status, "", "download")
            return await answer.read()
