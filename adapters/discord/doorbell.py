"""The doorbell: exactly one message with a button for each group, put back when it goes."""

import secrets
from typing import Any

import discord
import msgspec

from adapters.discord.errors import TROUBLE, undeliverable
from adapters.discord.groups import BellButton, BellMessage
from adapters.discord.messages import NOBODY, Raw, rows, split
from adapters.discord.world import Circle, World
from bot.boundary.errors import Undeliverable


class Doorbell:
    """Keeps the doorbells up. Raises `Undeliverable` and `StorageTrouble`."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def ring_with(self, circle: Circle, text: str, buttons: tuple[BellButton, ...]) -> None:
        """From now on the doorbell has these words."""
        old = circle.group.bell or BellMessage(text="", buttons=())
        if (old.text, old.buttons) != (text, buttons):
            await self._keep(circle, msgspec.structs.replace(old, text=text, buttons=buttons))
            if old.message and not await self._edit(circle):
                await self._lost(circle)
        await self.hang(circle)

    async def hang(self, circle: Circle) -> None:
        """Put it where it belongs, if it is not there. What hangs elsewhere is taken down."""
        bell, place = circle.group.bell, self._place(circle)
        if bell is None or place is None or (bell.message and bell.channel == place.id):
            return
        old = bell if bell.message else None
        if not bell.nonce or bell.channel != place.id:
            # Kept first: after a crash the same nonce makes no second message.
            bell = msgspec.structs.replace(bell, channel=place.id, message=0, nonce=secrets.token_hex(12))
            await self._keep(circle, bell)
        body = {**_body(bell), "nonce": bell.nonce, "enforce_nonce": True}
        made = await self._ask("POST", f"/channels/{place.id}/messages", json=body)
        await self._keep(circle, msgspec.structs.replace(bell, message=int(made["id"])))
        if old is not None:
            await self._delete(old)

    async def look(self, circle: Circle) -> None:
        """Whether it still hangs there, after a time in which nobody looked."""
        bell = circle.group.bell
        if bell is None:
            return
        if bell.message:
            try:
                await self._ask("GET", f"/channels/{bell.channel}/messages/{bell.message}")
            except Undeliverable as trouble:
                if trouble.reason != "gone":
                    raise
                await self._lost(circle)
        await self.hang(circle)

    async def gone(self, circle: Circle, messages: set[int]) -> None:
        """Messages were deleted: if the doorbell was one, it is put back."""
        bell = circle.group.bell
        if bell is not None and bell.message in messages:
            await self._lost(circle)
            await self.hang(circle)

    async def take_down(self, circle: Circle) -> None:
        """No doorbell any more."""
        bell = circle.group.bell
        if bell is None:
            return
        await self._keep(circle, None)
        if bell.message:
            await self._delete(bell)

    def _place(self, circle: Circle) -> discord.TextChannel | None:
        if circle.group.gate == "door":
            return self._world.entrance(circle)
        return self._world.text(circle)

    async def _edit(self, circle: Circle) -> bool:
        bell = circle.group.bell
        assert bell is not None
        try:
            path = f"/channels/{bell.channel}/messages/{bell.message}"
            await self._ask("PATCH", path, json=_body(bell))
        except Undeliverable as trouble:
            if trouble.reason != "gone":
                raise
            return False
        return True

    async def _lost(self, circle: Circle) -> None:
        bell = circle.group.bell
        assert bell is not None
        await self._keep(circle, msgspec.structs.replace(bell, channel=0, message=0, nonce=""))

    async def _delete(self, bell: BellMessage) -> None:
        try:
            await self._ask("DELETE", f"/channels/{bell.channel}/messages/{bell.message}")
        except Undeliverable as trouble:
            if trouble.reason not in ("gone", "forbidden"):
                raise

    async def _keep(self, circle: Circle, bell: BellMessage | None) -> None:
        await self._world.keep(circle, msgspec.structs.replace(circle.group, bell=bell))

    async def _ask(self, method: str, path: str, **more: Any) -> Raw:
        try:
            return await self._world.client.ask(method, path, **more) or {}
        except TROUBLE as error:
            raise undeliverable(error) from None


def _body(bell: BellMessage) -> Raw:
    return {
        "content": split(bell.text)[0],
        "components": rows([(b.label, b.custom_id) for b in bell.buttons]),
        "allowed_mentions": NOBODY,
    }
