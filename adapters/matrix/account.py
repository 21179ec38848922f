"""Signing in: one device for ever, so that the homeserver recognises a repeated request."""

import contextlib
import time
from pathlib import Path

import msgspec

from adapters.matrix.errors import Refusal, TokenRefused, must_stop
from adapters.matrix.http import Server, path
from adapters.matrix.section import MatrixSection, secret
from bot.boundary.errors import CannotStart
from bot.boundary.ports import Cabinet

DEVICE_NAME = "Circlekeeper"
SIGN_IN_AGAIN_AFTER = 300.0
"""Seconds: a token that is refused again sooner means that somebody withdraws it on purpose."""


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a sign-in."""

    device: str
    token: str


class Account:
    """The bot's account. `sign_in` before anything else."""

    def __init__(self, section: MatrixSection, base: Path, server: Server, cabinet: Cabinet) -> None:
        self._section, self._base, self._server, self._cabinet = section, base, server, cabinet
        self._name = f"matrix-device {section.user_id}"
        self._again_at: float | None = None
        self._new_device = False
        self.device = ""
        """The bot's device, known after `sign_in`."""

    async def sign_in(self) -> None:
        """Have a token that the homeserver accepts. Raises `CannotStart`, or `Refusal` for outages."""
        if self._section.access_token_file is not None:
            self._server.token = secret(self._base, self._section.access_token_file)
            try:
                await self._who_am_i()
            except TokenRefused as no:
                raise must_stop(no) or no from None
            return
        kept = await self._kept()
        if kept is not None:
            self._server.token = kept.token
            try:
                await self._who_am_i()
            except TokenRefused:
                await self._with_password(kept.device)
            return
        await self._with_password(None)

    async def forget_new_device(self) -> None:
        """After a look that was not the bot's own run: leave no device behind that it made."""
        if self._new_device:
            self._new_device = False
            await self._cabinet.drop(self._name)
            with contextlib.suppress(Refusal):
                await self._server.ask("POST", path("logout"), {})

    async def become_new(self) -> None:
        """Leave the device behind and sign in as another: the keys of this one are lost or too old.

        Raises `CannotStart` where the bot has no password for it, `Refusal` for outages.
        """
        if self._section.password_file is None:
            raise CannotStart(
                "The keys of the bot's Matrix device are lost, so it needs a new device.",
                "Sign the bot's account in anew, put that access token into its file, and start again.",
            )
        with contextlib.suppress(Refusal):
            await self._server.ask("POST", path("logout"), {}, patient=True)
        await self._cabinet.drop(self._name)
        await self._with_password(None)

    async def again(self) -> None:
        """After a refused token: sign in with the password, once.

        Raises `CannotStart`, or `Refusal` for outages.
        """
        now = time.monotonic()
        recently = self._again_at is not None and now - self._again_at < SIGN_IN_AGAIN_AFTER
        if self._section.password_file is None or recently:
            raise CannotStart(
                "The homeserver does not accept the bot's access any more.",
                "Put a new access token or the right password into the secret file, and start again.",
            )
        kept = await self._kept()
        await self._with_password(kept.device if kept else None)
        self._again_at = now

    async def _with_password(self, device: str | None) -> None:
        if self._section.password_file is None:
            raise CannotStart(
                "The bot has no password to sign in with.", "Give password_file in config.yaml."
            )
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self._section.user_id},
            "password": secret(self._base, self._section.password_file),
            "initial_device_display_name": DEVICE_NAME,
        }
        if device is not None:
            body["device_id"] = device
        self._server.token = ""
        try:
            answer = await self._server.ask("POST", path("login"), body, patient=True)
        except Refusal as no:
            if no.status in (401, 403) and must_stop(no) is None:
                raise CannotStart(
                    "The homeserver does not accept the bot's user name and password.",
                    "Check matrix.user_id and the password file.",
                ) from None
            if no.status in (400, 404):
                raise CannotStart(
                    "This homeserver does not let the bot sign in with a password.",
                    "Check matrix.homeserver, or use access_token_file.",
                ) from None
            raise must_stop(no) or no from None
        token, made = answer.get("access_token"), answer.get("device_id")
        if not isinstance(token, str) or not isinstance(made, str):
            raise CannotStart(
                "The address in config.yaml is no Matrix homeserver.", "Check matrix.homeserver."
            )
        self._server.token = token
        self._new_device = device is None
        await self._cabinet.put(self._name, msgspec.json.encode(Kept(made, token)))
        await self._who_am_i()

    async def _who_am_i(self) -> None:
        try:
            answer = await self._server.ask("GET", path("account", "whoami"), patient=True)
        except TokenRefused:
            raise
        except Refusal as no:
            if no.status in (400, 404):
                raise CannotStart(
                    "The address in config.yaml is no Matrix homeserver.", "Check matrix.homeserver."
                ) from None
            raise must_stop(no) or no from None
        if answer.get("user_id") != self._section.user_id:
            raise CannotStart(
                "The secret file belongs to another Matrix account than matrix.user_id.",
                "Correct one of the two.",
            )
        device = answer.get("device_id")
        if not isinstance(device, str) or not device:
            raise CannotStart(
                "The bot's Matrix access has no device, so it cannot take part in encryption.",
                "Use a password, or an access token from an ordinary sign-in.",
            )
        self.device = device

    async def _kept(self) -> Kept | None:
        found = await self._cabinet.get(self._name)
        if found is None:
            return None
        try:
            return msgspec.json.decode(found, type=Kept)
        except msgspec.DecodeError:
            return None
