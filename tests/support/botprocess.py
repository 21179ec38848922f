"""The real program as a process: its configuration, its secrets, its start, its end and its logs."""

import asyncio
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.support.orphans import die_with_parent
from tests.support.synapse import SERVER_NAME, Account, free_port

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60.0
"""Seconds: a start takes about 2, more where the machine is busy."""


class BotDidNotStart(AssertionError):
    """The program ended, or was not ready in time; carries the end of what it said."""


@dataclass
class BotProcess:
    """One bot with a folder of its own. It ends only the process that it started."""

    folder: Path
    homeserver: str
    account: Account
    port: int = field(default_factory=free_port)
    groups: dict[str, str] = field(default_factory=dict)
    """Defaults of the operator for every room."""
    accept_from: tuple[str, ...] = (f"*:{SERVER_NAME}",)
    starts: int = 0
    ahead: float = 0.0
    """Seconds that its clock is ahead from the next start on."""
    ready_within: float = READY_WITHIN
    _process: subprocess.Popen[bytes] | None = None

    @property
    def user_id(self) -> str:
        """The bot's own account."""
        return self.account.user_id

    @property
    def data(self) -> Path:
        """The folder with its database and keys."""
        return self.folder / "data"

    @property
    def config(self) -> Path:
        """Its config.yaml."""
        return self.folder / "config.yaml"

    @property
    def command(self) -> list[str]:
        """What is started."""
        program = ["tests.support.ahead", str(self.ahead)] if self.ahead else ["bot"]
        return [sys.executable, "-m", *program, "run", "--config", str(self.config)]

    def logs(self) -> str:
        """All that it has said since its first start."""
        log = self.folder / "log"
        return log.read_text(errors="replace") if log.exists() else ""

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's id, 0 where there is none."""
        return self._process.pid if self._process is not None else 0

    def write_config(self) -> None:
        """Put config.yaml and the secrets where they belong, for the owner alone."""
        secrets = self.folder / "secrets"
        secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        password = secrets / "matrix-password"
        password.write_text(self.account.password)
        password.chmod(0o600)
        config: dict[str, object] = {
            "operator": {"name": "Example Peer Support", "contact": "privacy@example.org"},
            "data": "./data",
            # Beside the data, not in it: a thief of the data folder has no key.
            "master_key_file": "./secrets/master.key",
            "listen": f"127.0.0.1:{self.port}",
            "log_level": "debug",
            "matrix": {
                "homeserver": self.homeserver,
                "user_id": self.account.user_id,
                "password_file": "./secrets/matrix-password",
                "accept_invites_from": list(self.accept_from),
            },
        }
        if self.groups:
            config["groups"] = self.groups
        self.config.write_text(yaml.safe_dump(config, sort_keys=False))

    def start(self) -> "BotProcess":
        """Start it, and return when it is ready. Raises `BotDidNotStart`."""
        self.launch()
        deadline = time.monotonic() + self.ready_within
        while not self.ready():
            self._still_hoping(deadline)
            time.sleep(0.05)
        return self

    async def start_beside(self) -> "BotProcess":
        """`start`, while other tasks of this loop go on. Raises `BotDidNotStart`."""
        self.launch()  # in this very thread: `die_with_parent` watches the thread that forks
        deadline = time.monotonic() + self.ready_within
        while not await asyncio.to_thread(self.ready):
            self._still_hoping(deadline)
            await asyncio.sleep(0.05)
        return self

    def launch(self) -> None:
        """Start the process, and do not wait for anything."""
        if self.running:
            return
        if not self.config.exists():
            self.write_config()
        self.starts += 1
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                preexec_fn=die_with_parent,
            )

    def _still_hoping(self, deadline: float) -> None:
        if self._process is not None and self._process.poll() is not None:
            raise BotDidNotStart(f"ended with {self._process.returncode}:\n{self.logs()[-3000:]}")
        if time.monotonic() > deadline:
            self.kill()
            raise BotDidNotStart(f"not ready after {self.ready_within:g} s:\n{self.logs()[-3000:]}")

    def status(self, path: str) -> int:
        """The HTTP status of `/healthz` or `/readyz`; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return int(answer.code)
        except (urllib.error.URLError, OSError):
            return 0

    def ready(self) -> bool:
        """Whether it is connected and has looked at its rooms."""
        return self.status("/readyz") == 200

    def stop(self) -> int:
        """SIGTERM, and wait. Gives back the exit code; a program that does not end is killed (-9)."""
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            code = self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._process = None
        return code

    def kill(self) -> None:
        """End it at once, as a crash or a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None


MakeBot = Callable[..., BotProcess]
