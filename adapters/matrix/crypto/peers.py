"""Other people's devices: who has which, and a session with each that the bot writes to."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nio.crypto import OlmDevice

from adapters.matrix.crypto.devices import devices_in, trusted
from adapters.matrix.crypto.machine import Machine
from adapters.matrix.crypto.signing import decoded, is_signed
from adapters.matrix.http import Server, path
from adapters.matrix.parsing import table

AT_ONCE = 100
"""People, or devices, that one request names."""
WITHIN = 10_000
"""Milliseconds that other homeservers have to answer for their people."""


class Peers:
    """Asks for devices when they may have changed, and only when they are needed."""

    def __init__(self, server: Server, machine: Machine) -> None:
        self._server, self._machine = server, machine
        self._current: set[str] = set()
        """Whose devices are known as they are now. Empty after a start: all are asked for again."""
        self._asking = asyncio.Lock()

    def changed(self, users: Iterable[object]) -> None:
        """These people's devices changed: they are asked for before they are written to again."""
        self._current -= {u for u in users if isinstance(u, str)}

    def left(self, users: Iterable[object]) -> None:
        """No encrypted room is shared with these people any more: nothing is kept of them."""
        for user in users:
            if not isinstance(user, str):
                continue
            self._current.discard(user)
            devices = self._machine.device_store[user]
            for device in devices.values():
                self._machine.store.drop_sessions(device.curve25519)
                self._machine.session_store[device.curve25519].clear()
            devices.clear()
            self._machine.store.save_device_keys({user: {}})

    def device_of(self, user: str, curve: str) -> OlmDevice | None:
        """The device of this person with this key, None where it is not known."""
        return self._machine.device_store.device_from_sender_key(user, curve)

    def trusted(self, user: str) -> list[OlmDevice]:
        """The devices that may read what is for this person; the bot's own never."""
        mine = (self._machine.user_id, self._machine.device_id)
        return [
            d for d in trusted(self._machine.device_store, user) if (d.user_id, d.device_id) != mine
        ]

    async def refresh(self, users: Iterable[str]) -> None:
        """Know the present devices of these people. Raises `Refusal`, `StorageTrouble`."""
        async with self._asking:
            unknown = sorted(set(users) - self._current)
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
        self._current -= {user for user in users if user not in answered}
        changed: dict[str, dict[str, OlmDevice]] = {}
        for user in users:
            if user not in answered:
                continue  # their homeserver did not answer: what is known stays
            known = self._machine.device_store[user]
            found = devices_in(answer, user, known)
            for gone in known.keys() - found.keys():
                self._machine.store.drop_sessions(known[gone].curve25519)
                self._machine.session_store[known[gone].curve25519].clear()
            if found != known:
                known.clear()
                known.update(found)
                changed[user] = found
        self._machine.store.save_device_keys(changed)
        await self._machine.store.keep()

    async def connect(self, devices: Sequence[OlmDevice]) -> None:
        """Have a session with each of these devices, where they let us. Raises `Refusal`."""
        missing = [d for d in devices if self._machine.session_store.get(d.curve25519) is None]
        await self._claim(missing)

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
                self._begin(device, table(table(found.get(device.user_id)).get(device.device_id)))

    def _begin(self, device: OlmDevice, keys: Mapping[str, Any]) -> None:
        for key in keys.values():
            if not isinstance(key, dict) or len(decoded(key.get("key"))) != 32:
                continue
            if is_signed(key, device.user_id, f"ed25519:{device.device_id}", device.ed25519):
                try:
                    self._machine.create_session(key["key"], device.curve25519)
                except ValueError:
                    continue
                return


