"""Other people's devices: who has which, and a session with each that the bot writes to."""

import asyncio
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nio.crypto import OlmDevice

from adapters.matrix.crypto.devices import devices_in, trusted
from adapters.matrix.crypto.machine import Machine, owned
from adapters.matrix.crypto.signing import decoded, is_signed
from adapters.matrix.http import Server, path
from adapters.matrix.parsing import table

AT_ONCE = 100
"""People, or devices, that one request names."""
WITHIN = 10_000
"""Milliseconds that other homeservers have to answer for their people."""
ASK_AGAIN = 60.0
"""Seconds until somebody is asked for again who did not answer, or has no key left to begin with. Else
one homeserver that is down would hold up every message to a room in which one of its people is."""


class Peers:
    """Asks for devices when they may have changed, and only when they are needed."""

    def __init__(self, server: Server, machine: Machine) -> None:
        self._server, self._machine = server, machine
        self._current: set[str] = set()
        """Whose devices are known as they are now. Empty after a start: all are asked for again."""
        self._asking = asyncio.Lock()
        self._silent: dict[str, float] = {}
        """Whose homeserver did not answer, and until when it is not asked again."""
        self._unreached: dict[tuple[str, str], float] = {}
        """The same for devices with which no session could be begun."""

    def changed(self, users: Iterable[object]) -> None:
        """These people's devices changed: they are asked for before they are written to again."""
        for user in users:
            if isinstance(user, str):
                self._current.discard(user)
                self._silent.pop(user, None)
                self._unreached = {k: v for k, v in self._unreached.items() if k[0] != user}

    def doubt(self, user: str) -> None:
        """Something came from a device of this person that is not known: ask once more, soon."""
        self._current.discard(user)

    def left(self, users: Iterable[object]) -> None:
        """No encrypted room is shared with these people any more: nothing is kept of them."""
        for user in users:
            if not isinstance(user, str):
                continue
            self.changed([user])
            devices = self._machine.device_store[user]
            for device in devices.values():
                self._drop_sessions(device)
            devices.clear()
            self._machine.store.save_device_keys({user: {}})

    def device_of(self, user: str, curve: str) -> OlmDevice | None:
        """The device of this person with this key, None where it is not known."""
        return self._machine.device_store.device_from_sender_key(user, curve)

    def trusted(self, user: str) -> list[OlmDevice]:
        """The devices that may read what is for this person; the bot's own never."""
        mine = (self._machine.user_id, self._machine.device_id)
        return [d for d in trusted(self._machine.device_store, user) if (d.user_id, d.device_id) != mine]

    async def refresh(self, users: Iterable[str]) -> None:
        """Know the present devices of these people. Raises `Refusal`, `StorageTrouble`."""
        async with self._asking:
            now = time.monotonic()
            unknown = sorted(u for u in set(users) - self._current if self._silent.get(u, 0.0) <= now)
            for n in range(0, len(unknown), AT_ONCE):
                await self._query(unknown[n : n + AT_ONCE])

    async def _query(self, users: Sequence[str]) -> None:
        self._current |= set(users)  # before asking: a change that is told meanwhile counts
        body = {"device_keys": {user: [] for user in users}, "timeout": WITHIN}
        try:
            answer = await self._server.ask("POST", path("keys", "query"), body)
        except BaseException:
            self._current -= set(users)
            raise
        answered = table(answer.get("device_keys"))
        again = time.monotonic() + ASK_AGAIN
        for user in users:
            if user not in answered:
                self._current.discard(user)
                self._silent[user] = again
            else:
                self._silent.pop(user, None)
        changed: dict[str, dict[str, OlmDevice]] = {}
        for user in users:
            if user not in answered:
                continue  # their homeserver did not answer: what is known stays
            known = self._machine.device_store[user]
            found = devices_in(answer, user, known)
            for gone in known.keys() - found.keys():
                self._drop_sessions(known[gone])
            if found != known:
                known.clear()
                known.update(found)
                changed[user] = found
        self._machine.store.save_device_keys(changed)
        await self._machine.store.keep()

    def _drop_sessions(self, gone: OlmDevice) -> None:
        self._machine.drop_sessions(owned(gone.user_id, gone.curve25519))

    async def connect(self, devices: Sequence[OlmDevice]) -> None:
        """Have a session with each of these devices, where they let us. Raises `Refusal`."""
        now = time.monotonic()
        missing = [d for d in devices if not self._machine.connected(d)]
        await self._claim([d for d in missing if self._unreached.get(_place(d), 0.0) <= now])

    async def mend(self, devices: Sequence[OlmDevice]) -> None:
        """New sessions with devices whose messages cannot be read; an empty message tells them of it."""
        await self._claim(devices)
        await self.send(devices, "m.dummy", {})

    async def send(
        self, devices: Sequence[OlmDevice], kind: str, content: Mapping[str, Any]
    ) -> set[tuple[str, str]]:
        """Send a sealed to-device event to each; gives back (user, device) of those it was sent to.

        Raises `Refusal`, `StorageTrouble`. The sessions are durable before anything goes out.
        """
        sent: set[tuple[str, str]] = set()
        for n in range(0, len(devices), AT_ONCE):
            messages: dict[str, dict[str, Any]] = {}
            for device in devices[n : n + AT_ONCE]:
                sealed = self._machine.seal_for(device, kind, content)
                if sealed is not None:
                    messages.setdefault(device.user_id, {})[device.device_id] = sealed
                    sent.add((device.user_id, device.device_id))
                await asyncio.sleep(0)
            if not messages:
                continue
            await self._machine.store.keep()
            await self._put("m.room.encrypted", messages)
        return sent

    async def tell(self, user: str, device: str, kind: str, content: Mapping[str, Any]) -> None:
        """Send a to-device event that is not sealed: steps of a verification. Raises `Refusal`."""
        await self._put(kind, {user: {device: dict(content)}})

    async def _put(self, kind: str, messages: Mapping[str, Any]) -> None:
        where = path("sendToDevice", kind, secrets.token_hex(16))
        await self._server.ask("PUT", where, {"messages": messages})

    async def _claim(self, devices: Sequence[OlmDevice]) -> None:
        for n in range(0, len(devices), AT_ONCE):
            wanted: dict[str, dict[str, str]] = {}
            for device in devices[n : n + AT_ONCE]:
                wanted.setdefault(device.user_id, {})[device.device_id] = "signed_curve25519"
            body = {"one_time_keys": wanted, "timeout": WITHIN}
            answer = await self._server.ask("POST", path("keys", "claim"), body)
            found = table(answer.get("one_time_keys"))
            for device in devices[n : n + AT_ONCE]:
                keys = table(table(found.get(device.user_id)).get(device.device_id))
                self._unreached.pop(_place(device), None)
                if not self._begin(device, keys):
                    self._unreached[_place(device)] = time.monotonic() + ASK_AGAIN

    def _begin(self, device: OlmDevice, keys: Mapping[str, Any]) -> bool:
        for key in keys.values():
            if not isinstance(key, dict) or len(decoded(key.get("key"))) != 32:
                continue
            if is_signed(key, device.user_id, f"ed25519:{device.device_id}", device.ed25519):
                try:
                    self._machine.begin(device, key["key"])
                except ValueError:
                    continue
                return True
        return False


def _place(device: OlmDevice) -> tuple[str, str]:
    return device.user_id, device.device_id
