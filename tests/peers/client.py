"""One device of somebody with matrix-js-sdk: its coming and going, its identity, its waiting."""

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

from tests.peers.node import Node
from tests.peers.shown import Device, Json, Status
from tests.support.client import PATIENCE, NotSeen
from tests.support.synapse import Account, Synapse

T = TypeVar("T")
_NUMBERS = itertools.count(1)


class Client:
    """One device of one person. Made by `login`; `close` it."""

    def __init__(self, node: Node, url: str, account: Account) -> None:
        self.node = node
        self.url = url
        self.account = account
        self.user_id = account.user_id
        self.device_id = ""
        self.token = ""
        """The device's access token, for what the client itself would not do (`tests/support/api.py`)."""
        self._name = f"peer{next(_NUMBERS)}"
        self._news = asyncio.Event()

    @classmethod
    async def login(
        cls,
        node: Node,
        homeserver: Synapse | str,
        account: Account,
        signed: bool = True,
        isolated: bool | None = None,
    ) -> Self:
        """Log in with the password, as a new device, and wait for the first sync.

        `signed`: make the account's cross-signing identity and sign the device with it. For the second
        device of an account use `another_device`. `isolated`: exclude devices that their owners did not sign;
        left out, this is so for people who are signed, as others could send nothing at all in that mode.
        """
        url = homeserver if isinstance(homeserver, str) else homeserver.url
        peer = cls(node, url, account)
        loop = asyncio.get_running_loop()
        node.listen(peer._name, lambda: _tell(loop, peer._news))
        found = await peer._ask(
            "login",
            url=url,
            user=peer.user_id,
            password=account.password,
            signed=signed,
            isolated=signed if isolated is None else isolated,
        )
        peer.device_id, peer.token = found["device"], found["token"]
        return peer

    async def another_device(self, signed: bool = True) -> Self:
        """The same person logs in again elsewhere; `signed`: as after verifying it from this device.

        A device that is not signed does not exclude others like it.
        """
        other = await self.login(self.node, self.url, self.account, signed=False, isolated=signed)
        if signed:
            await other._ask("importSecrets", secrets=await self._ask("exportSecrets"))
            await other._ask("signDevice")
        return other

    async def restart(self) -> None:
        """Start the client again: the same device with the keys that it had, all else forgotten."""
        await self._ask("restart")

    async def log_out(self) -> None:
        """Give the device up; the homeserver forgets it."""
        await self._ask("logout")

    async def close(self) -> None:
        """Stop the client; the device stays on the account."""
        await self._ask("stop")
        self.node.listen(self._name, None)

    async def set_isolation(self, signed_only: bool) -> None:
        """True: exclude devices that their owners did not sign (MSC4153). False: show warnings instead."""
        await self._ask("isolation", signedOnly=signed_only)

    async def _ask(self, do: str, **arguments: Any) -> Any:
        return await self.node.ask(self._name, do, **arguments)

    # Waiting

    async def quiet(self, seconds: float = 0.5, timeout: float = PATIENCE) -> None:
        """Wait until nothing has changed for so long."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    self._news.clear()
                    try:
                        await asyncio.wait_for(self._news.wait(), seconds)
                    except TimeoutError:
                        return
        except TimeoutError:
            raise NotSeen(f"{self.user_id} never had {seconds:g} s of quiet") from None

    async def wait_for(
        self, found: Callable[[], Awaitable[T | None]], what: str, timeout: float = PATIENCE
    ) -> T:
        """Wait until `found()` is true, looking again at every change. Raises `NotSeen` with `what`."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while True:
            self._news.clear()
            if result := await found():
                return result
            left = deadline - loop.time()
            if left <= 0:
                raise NotSeen(f"{self.user_id} waited {timeout:g} s for {what}")
            try:
                # Once a second in any case: not every change is announced by an event.
                await asyncio.wait_for(self._news.wait(), min(left, 1.0))
            except TimeoutError:
                continue

    # Identities and devices

    async def status(self, user: str) -> Status:
        """Somebody's identity, as far as this client has heard: news of it come by sync."""
        return Status(**await self._ask("status", user=user))

    async def see_verified(self, user: str, verified: bool = True, timeout: float = PATIENCE) -> None:
        """Wait until this client holds somebody for verified, or (False) no longer does.

        After two people have compared, the signature goes by way of the homeserver.
        """

        async def now() -> bool:
            return (await self.status(user)).verified == verified

        await self.wait_for(now, f"{user} to be {'verified' if verified else 'unverified'}", timeout)

    async def devices(self, user: str) -> list[Device]:
        """Somebody's devices with encryption keys, as far as this client has heard."""
        return [Device(**device) for device in await self._ask("devices", user=user)]

    async def device(self, user: str, device: str) -> Device | None:
        """One device of somebody; None where there is none such."""
        found = await self._ask("deviceStatus", user=user, device=device)
        return found and Device(**found)

    async def own_keys(self) -> Json:
        """`ed25519` and `curve25519` of this device."""
        found: Json = await self._ask("ownKeys")
        return found

    async def identity_keys(self, user: str) -> Json | None:
        """`master_key`, `self_signing_key` (and one's own `user_signing_key`) of somebody; None without."""
        found: Json | None = await self._ask("crossSigningKeys", user=user)
        return found

    async def trust_device(self, user: str, device: str) -> None:
        """Mark one device as verified, on this device alone."""
        await self._ask("trustDevice", user=user, device=device)

    async def sign(self) -> None:
        """Make a cross-signing identity where there is none, and sign this device."""
        await self._ask("sign")

    async def reset_identity(self) -> None:
        """Replace one's own cross-signing identity by a new one, and sign this device with it."""
        await self.quiet(0.3)
        await self._ask("reset")

    async def approve(self, user: str) -> None:
        """Go on with somebody whose identity has changed."""
        await self._ask("approve", user=user)

    async def room_keys(self) -> list[Json]:
        """All room keys that this client has, in clear, as an export has them: what others must lack."""
        found: list[Json] = await self._ask("exportRoomKeys")
        return found


def _tell(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # the test is over, and its loop closed
        loop.call_soon_threadsafe(news.set)
