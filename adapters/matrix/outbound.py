"""A step -> requests. Each may come again after a crash: transaction ids follow from the step's id."""

from typing import assert_never
from urllib.parse import urlencode

from adapters.matrix.direct import Directs
from adapters.matrix.errors import Refusal
from adapters.matrix.gatekeeper import Gatekeeper
from adapters.matrix.http import Server, path
from adapters.matrix.markup import contents
from adapters.matrix.rooms import Room
from adapters.matrix.world import World
from bot.boundary.effects import Admit, Attachment, Hold, Leave, Remove, RestoreRoom, SetGate, TakeDown
from bot.boundary.errors import Undeliverable, Unsupported
from bot.boundary.steps import Bell, Post, ShowForm, Step, Tell

MEDIA = "/_matrix/media/v3/upload"


class Performer:
    """Does steps. Raises `Undeliverable`."""

    def __init__(self, server: Server, world: World, directs: Directs, gatekeeper: Gatekeeper) -> None:
        self._server, self._world = server, world
        self._directs, self._gatekeeper = directs, gatekeeper

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
            case Leave(room=room):
                await self._unless_gone("POST", path("rooms", room.native, "leave"))
            case ShowForm() | Bell():
                raise Unsupported
            case _:
                assert_never(action)

    def _room(self, native: str) -> Room:
        room = self._world.guarded(native)
        if room is None:
            raise Undeliverable("gone")
        return room

    async def _post(self, step_id: str, post: Post) -> None:
        room = self._room(post.room.native)
        if room.encrypted:
            raise Unsupported  # never plain words into an encrypted room
        await self._send(room.id, step_id, post.text, "m.notice")

    async def _tell(self, step_id: str, tell: Tell) -> None:
        try:
            native = await self._directs.open(tell.to.native)
            await self._send(native, step_id, tell.text, "m.text")
            for n, file in enumerate(tell.files):
                await self._send_file(native, f"{step_id}-f{n}", file)
        except Refusal as no:
            if no.reason in ("forbidden", "gone"):
                raise Refusal("closed", None, no.status, no.errcode) from None
            raise

    async def _send(self, room: str, step_id: str, text: str, msgtype: str) -> None:
        for n, content in enumerate(contents(text, msgtype)):
            where = path("rooms", room, "send", "m.room.message", f"{step_id}-{n}")
            await self._server.ask("PUT", where, content)

    async def _send_file(self, room: str, txn: str, file: Attachment) -> None:
        where = f"{MEDIA}?{urlencode({'filename': file.name})}"
        made = await self._server.ask("POST", where, file.content, media_type=file.media_type)
        content = {
            "msgtype": "m.file",
            "body": file.name,
            "filename": file.name,
            "url": made.get("content_uri"),
            "info": {"mimetype": file.media_type, "size": len(file.content)},
            "m.mentions": {},
        }
        await self._server.ask("PUT", path("rooms", room, "send", "m.room.message", txn), content)

    async def _unless_gone(self, method: str, where: str) -> None:
        """What is not there any more needs no taking down, and a room that was left no leaving."""
        try:
            await self._server.ask(method, where, {})
        except Refusal as no:
            if no.reason != "gone":
                raise
