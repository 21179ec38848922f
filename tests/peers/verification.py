"""Comparing emoji with somebody (SAS), as the foreign client shows it to one of the two."""

from typing import TYPE_CHECKING, Any

from tests.support.client import PATIENCE, NotSeen

if TYPE_CHECKING:
    from tests.peers.peer import Peer


class Verification:
    """One verification, seen from one side."""

    def __init__(self, peer: "Peer", shown: dict[str, Any]) -> None:
        self._peer = peer
        self.id: str = shown["id"]
        self.user: str = shown["user"]
        self.room: str | None = shown["room"]

    async def shown(self) -> dict[str, Any]:
        """What the client knows: `phase`, `device`, `cancelled` (code), `emoji`, `decimal`, `error`."""
        found: list[dict[str, Any]] = await self._peer._ask("verifications")
        return next(one for one in found if one["id"] == self.id)

    async def phase(self) -> str:
        """`requested`, `ready`, `started`, `cancelled` or `done`."""
        return str((await self.shown())["phase"])

    async def reach(self, *phases: str, timeout: float = PATIENCE) -> str:
        """Wait for one of these phases. Raises `NotSeen`, at once where it was cancelled instead."""

        async def now() -> str | None:
            shown = await self.shown()
            if shown["phase"] == "cancelled" and "cancelled" not in phases:
                raise NotSeen(f"cancelled: {shown['cancelled']} {shown['error']}")
            return shown["phase"] if shown["phase"] in phases else None

        return await self._peer.wait_for(now, f"the phase {' or '.join(phases)}", timeout)

    async def accept(self) -> None:
        """Say yes to having been asked."""
        await self._peer._ask("acceptVerification", talk=self.id)

    async def emoji(self, timeout: float = PATIENCE) -> tuple[str, ...]:
        """Begin, or go along with the other side's beginning, and give the seven emoji.

        They are there only once the other side has gone along too: two peers wait for theirs together.
        """
        return tuple((await self._compare(timeout))["emoji"])

    async def decimal(self, timeout: float = PATIENCE) -> tuple[int, ...]:
        """As `emoji`; the three numbers."""
        return tuple((await self._compare(timeout))["decimal"])

    async def _compare(self, timeout: float) -> dict[str, Any]:
        await self.reach("ready", "started", timeout=timeout)
        await self._peer._ask("beginSas", talk=self.id)

        async def now() -> dict[str, Any] | None:
            shown = await self.shown()
            if shown["phase"] == "cancelled":
                raise NotSeen(f"cancelled: {shown['cancelled']} {shown['error']}")
            return shown if shown["emoji"] or shown["decimal"] else None

        return await self._peer.wait_for(now, "something to compare", timeout)

    async def confirm(self, same: bool = True) -> None:
        """Say that both show the same; or, with False, that they don't."""
        await self._peer._ask("confirmSas", talk=self.id, same=same)

    async def cancel(self) -> None:
        """Stop it."""
        await self._peer._ask("cancelVerification", talk=self.id)
