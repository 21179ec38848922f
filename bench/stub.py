"""A homeserver that only answers: so many rooms, all made up, in a process of its own.

`python -m bench.stub PORT ROOMS MEMBERS`. It says `ready` when it serves. What a bot sends is
accepted and forgotten. It stands in where a real homeserver would need hours to make the rooms.
"""

import asyncio
import sys
from typing import Any

import msgspec
from aiohttp import web

from bench.answers import DEVICE, KEEPER, first, members_of, room


class Stub:
    """Answers what a bot asks at its start, and nothing new afterwards."""

    def __init__(self, rooms: int, members: int) -> None:
        self._rooms, self._members = rooms, members
        self._lazy = first(rooms, members, lazy=True)
        self._full = first(rooms, members, lazy=False)
        self._keys: dict[str, Any] = {"device_keys": {KEEPER: {}}}
        self._lists = {room(n): members_of(room(n), members) for n in range(rooms)}

    def app(self) -> web.Application:
        """The web application."""
        app = web.Application(client_max_size=1 << 26)
        app.router.add_get("/_matrix/client/v3/sync", self.sync)
        app.router.add_get("/_matrix/client/v3/rooms/{room}/members", self.members)
        app.router.add_post("/_matrix/client/v3/keys/{what:.*}", self.keys)
        app.router.add_route("*", "/{rest:.*}", self.anything)
        return app

    async def sync(self, request: web.Request) -> web.Response:
        """The first answer holds every room; then nothing happens."""
        asked = request.query
        if "since" not in asked or asked.get("full_state") == "true":
            lazy = '"lazy_load_members": true' in asked.get("filter", "")
            return _json(self._lazy if lazy else self._full)
        await asyncio.sleep(int(asked.get("timeout", "0")) / 1000)
        return _json(msgspec.json.encode({"next_batch": "s2"}))

    async def members(self, request: web.Request) -> web.Response:
        """Everybody in a room."""
        return _json(self._lists[request.match_info["room"]])

    async def keys(self, request: web.Request) -> web.Response:
        """The bot's own keys: what it put up is shown to it again."""
        body = await request.json()
        match request.match_info["what"]:
            case "upload" if "device_keys" in body:
                self._keys["device_keys"][KEEPER][body["device_keys"]["device_id"]] = body["device_keys"]
            case "signatures/upload":
                self._keys["device_keys"][KEEPER] |= body[KEEPER]
            case "device_signing/upload":
                self._keys |= {f"{name}s": {KEEPER: key} for name, key in body.items()}
            case _:
                pass
        found = self._keys | {"one_time_key_counts": {"signed_curve25519": 50}, "failures": {}}
        return _json(msgspec.json.encode(found))

    async def anything(self, request: web.Request) -> web.Response:
        """Signing in, and what else a bot asks."""
        await request.read()
        if "/account_data/" in request.path and request.method == "GET":
            return web.json_response({"errcode": "M_NOT_FOUND", "error": "not found"}, status=404)
        found: dict[str, Any] = {
            "user_id": KEEPER,
            "device_id": DEVICE,
            "access_token": "bench",
            "joined_rooms": [room(n) for n in range(self._rooms)],
            "visibility": "private",
            "room_id": room(10**6),
            "event_id": "$sent",
            "m.upload.size": 50 << 20,
        }
        return _json(msgspec.json.encode(found))


def _json(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json")


async def main(port: int, rooms: int, members: int) -> None:
    """Serve until the process ends."""
    runner = web.AppRunner(Stub(rooms, members).app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
