"""The floor: as little of a bot as can be written with matrix-nio, for comparison.

`python -m bench.floor CONFIG`, a JSON file with `homeserver`, `user_id`, `token`, `device`, `folder`,
`word` and `unwanted`. It takes messages down that hold the word, or come from that person. It says
`ready` after its first sync. It has nio's own model of rooms and, where there is a folder, nio's own
encryption and store, with nio's defaults.
"""

import asyncio
import sys
from pathlib import Path

import msgspec
from nio import AsyncClient, AsyncClientConfig, MatrixRoom, RoomMessageText


class Floor(msgspec.Struct, frozen=True):
    """What the bot is told."""

    homeserver: str
    user_id: str
    token: str
    device: str
    folder: str = ""
    """Where nio keeps its keys. "": without encryption."""
    word: str = "\0"
    unwanted: str = ""


def client_for(told: Floor) -> AsyncClient:
    """The client, signed in."""
    config = AsyncClientConfig(encryption_enabled=bool(told.folder))
    client = AsyncClient(told.homeserver, told.user_id, told.device, store_path=told.folder, config=config)
    client.restore_login(told.user_id, told.device, told.token)
    return client


async def main(told: Floor) -> None:
    """Run until the process ends."""
    client = client_for(told)

    async def heard(room: MatrixRoom, event: RoomMessageText) -> None:
        if told.word in event.body or event.sender == told.unwanted:
            await client.room_redact(room.room_id, event.event_id)

    if client.should_upload_keys:
        await client.keys_upload()
    await client.sync(timeout=0, full_state=True)
    client.add_event_callback(heard, RoomMessageText)
    print("ready", flush=True)
    await client.sync_forever(timeout=30_000)


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Floor)))
