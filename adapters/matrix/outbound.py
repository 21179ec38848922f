"""A step -> requests. Each may come again after a crash: transaction ids follow from the step's id."""

from typing import Any, assert_never
from urllib.parse import urlencode

from nio.crypto import encrypt_attachment

from adapters.matrix.crypto.encryption import Encryption
from adapters.matrix.direct import Directs
from adapters.matrix.errors import Refusal
from adapters.matrix.gatekeeper import Gatekeeper
from adapters.matrix.http import Server, path
from adapters.matrix.markup import contents
from adapters.matrix.rooms import Room
from adapters.matrix.unsaying import Unsayer
from adapters.matrix.widgets import Widgets
from adapters.matrix.world import World
from bot.boundary.effects import (
    Admit,
    Attachment,
    BlockRecorder,
    Hold,
    Leave,
    Remove,
    RestoreRoom,
    SetGate,
    SetHearing,
    TakeDown,
    Unsay,
)
from bot.boundary.errors import Undeliverable, Unsupported
from bot.boundary.steps import Bell, Post, ShowForm, ShowStatus, Step, Tell

MEDIA = "/_matrix/media/v3/upload"


class Performer:
    """Does steps. Raises `Undeliverable`."""

    def __init__(
        self,
        server: Server,
        world: World,
        directs: Directs,
        gatekeeper: Gatekeeper,
        encryption: Encryption,
        widgets: Widgets,
    ) -> None:
        self._server, self._world, self._encryption = server, world, encryption
        self._directs, self._gatekeeper, self._widgets = directs, gatekeeper, widgets
        self._unsayer = Unsayer(server, directs, world.me)

    async def perform(self, step: Step) -> None:
        """Do one step, at most once for the same id."""
        action = step.action
        match action:
            case Tell():
                await self._tell(step.id, action)
            case Post():
                await self._post(step.id, action)
            case TakeDown(room=room, message=message):
                where = path("rooms", self._room(room.native).id, "redact", message.native, step.id)
                await self._unless_gone("PUT", where)
            case Unsay():
                await self._unsayer.unsay(step.id, action)
            case SetGate(room=room, gate=gate, inside=inside):
                await self._gatekeeper.set_gate(self._room(room.native), gate, [m.native for m in inside])
            case Admit(room=room, who=who, gate=gate):
                await self._gatekeeper.admit(self._room(room.native), gate, who.native)
            case Hold(room=room, who=who, gate=gate):
                await self._gatekeeper.hold(self._room(room.native), gate, who.native)
            case Remove(room=room, who=who):
                await self._gatekeeper.remove(self._room(room.native), who.native)
            case RestoreRoom(room=room, snapshot=snapshot):
                await self._gatekeeper.restore(self._room(room.native), snapshot)
            case SetHearing(room=room, on=on):
                await self._hearing(self._room(room.native), on)
            case Leave(room=room):
                await self._unless_gone("POST", path("rooms", room.native, "leave"))
            case BlockRecorder(room=room, recorder=recorder, on=on):
                await self._widgets.block(self._room(room.native), recorder, on)
            case ShowForm() | ShowStatus() | Bell():
                raise Unsupported
            case _:
                assert_never(action)

    def _room(self, native: str) -> Room:
        room = self._world.guarded(native)
        if room is None:
            raise Undeliverable("gone")
        return room

    async def _post(self, step_id: str, post: Post) -> None:
        await self._send(self._room(post.room.native), step_id, post.text, "m.notice")

    async def _hearing(self, room: Room, on: bool) -> None:
        if on and not room.encrypted:
            raise Unsupported
        await self._encryption.hear(room.id, on)
        room.changed += 1

    async def _tell(self, step_id: str, tell: Tell) -> None:
        try:
            room = await self._directs.open(tell.to.native)
            to = tell.to.native
            await self._send(room, step_id, tell.text, "m.text", to)
            for n, file in enumerate(tell.files):
                await self._send_file(room, f"{step_id}-f{n}", file, to)
        except Refusal as no:
            if no.reason in ("forbidden", "gone"):
                raise Refusal("closed", None, no.status, no.errcode) from None
            raise

    async def _send(self, room: Room, step_id: str, text: str, msgtype: str, to: str | None = None) -> None:
        for n, content in enumerate(contents(text, msgtype)):
            await self._put(room, f"{step_id}-{n}", content, to)

    async def _put(self, room: Room, txn: str, content: dict[str, Any], to: str | None) -> None:
        """Send a message: into an encrypted room never in plain words."""
        kind = "m.room.message"
        if room.encrypted:
            content = await self._encryption.encrypt(room, kind, content, to)
            kind = "m.room.encrypted"
        await self._server.ask("PUT", path("rooms", room.id, "send", kind, txn), content)

    async def _send_file(self, room: Room, txn: str, file: Attachment, to: str) -> None:
        content: dict[str, Any] = {
            "msgtype": "m.file",
            "body": file.name,
            "filename": file.name,
            "info": {"mimetype": file.media_type, "size": len(file.content)},
            "m.mentions": {},
        }
        if room.encrypted:
            # Neither name nor kind nor content of the file reaches the homeserver in plain words.
            sealed, keys = encrypt_attachment(file.content)
            made = await self._server.ask("POST", MEDIA, sealed, media_type="application/octet-stream")
            content["file"] = {**keys, "url": made.get("content_uri")}
        else:
            where = f"{MEDIA}?{urlencode({'filename': file.name})}"
            made = await self._server.ask("POST", where, file.content, media_type=file.media_type)
            content["url"] = made.get("content_uri")
        await self._put(room, txn, content, to)

    async def _unless_gone(self, method: str, where: str) -> None:
        """What is not there any more needs no taking down, and a room that was left no leaving."""
        try:
            await self._server.ask(method, where, {})
        except Refusal as no:
            if no.reason != "gone":
                raise
