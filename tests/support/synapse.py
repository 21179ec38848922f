"""A real homeserver for tests: Synapse from its wheel, on the loopback, in a folder of its own.

It keeps its data over `stop`, `kill` and `start`, so that a test can pull the homeserver away
under the running bot and put it back.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.orphans import die_with_parent

SERVER_NAME = "keeper.test"
START_WITHIN = 60.0
"""Seconds: a cold start takes about 3, more where the machine is busy."""
PLENTY = {"per_second": 100_000, "burst_count": 100_000}

_LIMITS = (
    "rc_message",
    "rc_registration",
    "rc_admin_redaction",
    "rc_joins_per_room",
    "rc_key_requests",
    "rc_3pid_validation",
    "rc_third_party_invite",
    "rc_media_create",
    "rc_delayed_event_mgmt",
    "rc_room_creation",
    "rc_reports",
    "rc_user_directory",
    "rc_profile",
)


class SynapseDidNotStart(RuntimeError):
    """The homeserver ended, or did not answer in time; carries the end of its log."""


def free_port() -> int:
    """A port on the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _config(folder: Path, port: int, shared_secret: str) -> dict[str, object]:
    """Synapse's configuration: quick, closed to the outside, and never slowing anyone down."""
    limits: dict[str, object] = dict.fromkeys(_LIMITS, PLENTY)
    limits["rc_login"] = {"address": PLENTY, "account": PLENTY, "failed_attempts": PLENTY}
    limits["rc_joins"] = {"local": PLENTY, "remote": PLENTY}
    limits["rc_invites"] = {"per_room": PLENTY, "per_user": PLENTY, "per_issuer": PLENTY}
    limits["rc_presence"] = {"per_user": PLENTY}
    return limits | {
        "server_name": SERVER_NAME,
        "public_baseurl": f"http://127.0.0.1:{port}/",
        "listeners": [
            {
                "port": port,
                "type": "http",
                "tls": False,
                "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"], "compress": False}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "log_config": str(folder / "log.json"),
        "pid_file": str(folder / "homeserver.pid"),
        "registration_shared_secret": shared_secret,
        "macaroon_secret_key": secrets.token_hex(16),
        "form_secret": secrets.token_hex(16),
        "bcrypt_rounds": 4,
        "presence": {"enabled": False},
        "enable_registration": False,
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "url_preview_enabled": False,
        "push": {"enabled": False},
        # Two identical first syncs within 2 minutes would otherwise get one cached answer.
        "caches": {"sync_response_cache_duration": "0s"},
    }


@dataclass
class Synapse:
    """One homeserver. `start` before use; `stop` ends only the process that it started."""

    folder: Path
    port: int = field(default_factory=free_port)
    shared_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The base address of its client API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def _prepare(self) -> Path:
        config = self.folder / "homeserver.json"
        if config.exists():
            return config
        self.folder.mkdir(parents=True, exist_ok=True)
        seed = base64.b64encode(os.urandom(32)).decode().rstrip("=")
        (self.folder / "signing.key").write_text(f"ed25519 a_test {seed}\n")
        log = {
            "version": 1,
            "handlers": {
                "file": {"class": "logging.FileHandler", "filename": str(self.folder / "homeserver.log")}
            },
            "root": {"level": "WARNING", "handlers": ["file"]},
        }
        (self.folder / "log.json").write_text(json.dumps(log))
        config.write_text(json.dumps(_config(self.folder, self.port, self.shared_secret)))
        return config

    def start(self) -> "Synapse":
        """Start it on the same data as before, and return when it answers.

        Raises `SynapseDidNotStart`.
        """
        self._launch()
        deadline = time.monotonic() + START_WITHIN
        while not self.answers():
            if not self.running or time.monotonic() > deadline:
                raise self._gave_up()
            time.sleep(0.05)
        return self

    async def start_beside(self) -> "Synapse":
        """`start`, while other tasks of this loop go on. Raises `SynapseDidNotStart`."""
        self._launch()  # in this very thread: `die_with_parent` watches the thread that forks
        deadline = time.monotonic() + START_WITHIN
        while not await asyncio.to_thread(self.answers):
            if not self.running or time.monotonic() > deadline:
                raise self._gave_up()
            await asyncio.sleep(0.05)
        return self

    def _launch(self) -> None:
        if self.running:
            return
        config = self._prepare()
        with (self.folder / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "synapse.app.homeserver", "--config-path", str(config)],
                stdout=console,
                stderr=console,
                cwd=self.folder,
                preexec_fn=die_with_parent,
            )

    def _gave_up(self) -> SynapseDidNotStart:
        self.kill()
        return SynapseDidNotStart((self.folder / "console.log").read_text(errors="replace")[-2000:])

    def answers(self) -> bool:
        """Whether it answers right now."""
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Ask it to end, and wait for it."""
        if self._process is not None and self.running:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None and self.running:
            self._process.kill()
            self._process.wait()
        self._process = None

    def restart(self) -> "Synapse":
        """Stop, then start on the same data and port."""
        self.stop()
        return self.start()

    def register(self, name: str, password: str | None = None, admin: bool = False) -> "Account":
        """Make an account by the shared secret. Raises urllib's errors where Synapse refuses."""
        password = password or secrets.token_hex(8)
        nonce = self._call("GET", None)["nonce"]
        kind = "admin" if admin else "notadmin"
        signed = "\0".join((nonce, name, password, kind)).encode()
        mac = hmac.new(self.shared_secret.encode(), signed, hashlib.sha1).hexdigest()
        made = self._call(
            "POST", {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac}
        )
        return Account(made["user_id"], password, made["access_token"], made["device_id"])

    def _call(self, method: str, body: dict[str, object] | None) -> dict[str, str]:
        request = urllib.request.Request(
            f"{self.url}/_synapse/admin/v1/register",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, str] = json.load(answer)
            return found


@dataclass(frozen=True)
class Account:
    """What registration gives."""

    user_id: str
    password: str
    token: str
    device: str
