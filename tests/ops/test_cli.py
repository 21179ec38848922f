"""The command line as an operator uses it: exit codes, one plain sentence, the next step, no traceback."""

import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.synapse import free_port

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-password-that-must-never-be-shown"


@dataclass
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


@dataclass
class Place:
    """A folder with a configuration whose homeserver nobody runs."""

    folder: Path
    health: int
    homeserver: int

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def password(self) -> Path:
        return self.folder / "secrets" / "password"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def write(self) -> "Place":
        self.password.parent.mkdir(mode=0o700, exist_ok=True)
        self.password.write_text(SECRET + "\n")
        self.password.chmod(0o600)
        self.config.write_text(
            "operator: {name: Example, contact: privacy@example.org}\n"
            "master_key_file: ./secrets/master.key\n"
            f"listen: 127.0.0.1:{self.health}\n"
            "matrix:\n"
            f"  homeserver: http://127.0.0.1:{self.homeserver}\n"
            '  user_id: "@keeper:example.org"\n'
            "  password_file: ./secrets/password\n"
        )
        return self

    def status(self, page: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health}{page}", timeout=2) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return int(answer.code)
        except OSError:
            return 0

    def until(self, page: str, status: int) -> None:
        deadline = time.monotonic() + 30
        while self.status(page) != status:
            assert time.monotonic() < deadline, f"{page} never answered {status}"
            time.sleep(0.05)

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--config", str(self.config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, free_port(), free_port()).write()


def ask(*args: str, folder: Path, given: str = "", limit: int | None = None, **env: str) -> Said:
    """Run a command to its end. `limit`: no file may grow beyond so many bytes."""

    def smaller() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = subprocess.run(
        [sys.executable, "-m", "bot", *args],
        input=given,
        capture_output=True,
        text=True,
        timeout=90,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | env,
        preexec_fn=smaller,
        check=False,
    )
    said = Said(done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in said.all
    assert SECRET not in said.all
    return said


def refused(said: Said, what: str) -> None:
    """One plain sentence on what is wrong, and one on what to do, on stderr; exit code 1."""
    assert said.code == 1, said.all
    lines = [line for line in said.err.splitlines() if not line.startswith("time=")]
    assert len(lines) == 2, said.err
    assert what in lines[0]
    assert all(line.endswith((".", "?")) for line in lines)


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    """`--version` names it, and is fine."""
    said = ask("--version", folder=tmp_path)
    assert said.code == 0
    assert said.out.startswith("circlekeeper 0.")


@pytest.mark.parametrize(
    "args", [(), ("fly",), ("run", "--fast"), ("check",), ("try", "--port", "high"), ("check", "a", "b")]
)
def test_wrong_usage_is_2(tmp_path: Path, args: tuple[str, ...]) -> None:
    """INTERFACE.md: 2 for what was typed wrong, with the usage shown."""
    said = ask(*args, folder=tmp_path)
    assert said.code == 2
    assert "Usage:" in said.err


def test_check_is_fine_with_a_right_configuration(place: Place) -> None:
    """Without secrets and network: nothing is made, nothing is asked."""
    place.password.unlink()
    said = ask("check", "config.yaml", folder=place.folder)
    assert (said.code, said.err) == (0, "")
    assert "matrix" in said.out
    assert not place.data.exists()


@pytest.mark.parametrize("command", [("check", "config.yaml"), ("doctor",), ("run",)])
def test_a_configuration_with_a_fault_is_refused_by_all(place: Place, command: tuple[str, ...]) -> None:
    """The same words, whichever command meets it first."""
    place.config.write_text(place.config.read_text() + "  pasword_file: x\n")
    said = ask(*command, folder=place.folder)
    refused(said, "config.yaml, line 8: there is no key matrix.pasword_file.")
    assert "Did you mean password_file?" in said.err


def test_an_adapters_own_check_is_asked_too(place: Place) -> None:
    """What only the adapter can judge is refused by `check` as well."""
    place.config.write_text(place.config.read_text().replace("@keeper:example.org", "keeper"))
    refused(ask("check", "config.yaml", folder=place.folder), "matrix.user_id is not a Matrix id")


def test_a_platform_without_a_section_is_not_imported(tmp_path: Path) -> None:
    """DESIGN.md: neither the adapter nor its library."""
    script = (
        "import sys, bot.__main__ as m\n"
        "try: m.main(['check', 'config.yaml'])\n"
        "except SystemExit: pass\n"
        "print(sorted(set(sys.modules) & {'nio', 'aiohttp', 'aiosqlite', 'adapters.matrix'}))\n"
    )
    (tmp_path / "config.yaml").write_text("operator: {name: a, contact: b}\n")
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_a_secret_that_others_can_read_is_refused(place: Place, command: str) -> None:
    """INTERFACE.md; also with the way to mend it."""
    place.password.chmod(0o644)
    said = ask(command, folder=place.folder)
    assert said.code == 1
    assert "can be read by other users" in said.all
    assert "chmod 600" in said.all


def test_a_missing_secret_is_refused(place: Place) -> None:
    """Before anything is made."""
    place.password.unlink()
    refused(ask("run", folder=place.folder), "is not there or cannot be read")
    assert not place.data.exists()


def test_a_port_that_is_taken_is_refused(place: Place) -> None:
    """Who starts another program there reads which key to change."""
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", place.health))
        other.listen()
        refused(ask("run", folder=place.folder), "health pages cannot be served")


def test_a_folder_in_use_is_refused(place: Place) -> None:
    """Two programs on one database would undo each other's work."""
    place.data.mkdir(mode=0o700)
    with (place.data / "circlekeeper.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(ask("run", folder=place.folder), "Another Circlekeeper is running")


def test_a_data_folder_that_is_a_file_is_refused(place: Place) -> None:
    """No traceback from the file system."""
    place.data.write_text("")
    said = ask("run", folder=place.folder)
    refused(said, "data folder")


def test_a_full_disk_is_refused(place: Place) -> None:
    """Whatever could not be written, the key and the database stay whole."""
    said = ask("run", folder=place.folder, limit=4096)
    assert said.code == 1
    lines = [line for line in said.err.splitlines() if not line.startswith("time=")]
    assert len(lines) == 2
    assert ask("doctor", folder=place.folder).code == 1  # the homeserver is not there, the data is


def test_the_master_key_is_never_made_over_data(place: Place) -> None:
    """A missing key, a wrong key, and a right one again."""
    bot = place.start()
    place.until("/readyz", 503)
    bot.send_signal(signal.SIGTERM)
    bot.communicate(timeout=15)
    key = place.folder / "secrets" / "master.key"
    right = key.read_bytes()
    key.unlink()
    refused(ask("run", folder=place.folder), "its master key")
    assert not key.exists()
    wrong = "9f" * 4 + "00112233445566778899aabbccddeeff0123456789abcdef01234567"
    refused(ask("run", folder=place.folder, CIRCLEKEEPER_MASTER_KEY=wrong), "does not fit")
    key.write_bytes(right)
    key.chmod(0o600)
    assert "The database opens with it" in ask("doctor", folder=place.folder).out


def test_a_homeserver_that_is_not_there_is_waited_for_and_the_end_is_quick(place: Place) -> None:
    """Healthy at first, not ready, and SIGTERM ends it within 5 s with exit code 0."""
    bot = place.start()
    place.until("/healthz", 200)
    assert place.status("/readyz") == 503
    began = time.monotonic()
    bot.send_signal(signal.SIGTERM)
    out, err = bot.communicate(timeout=15)
    assert bot.returncode == 0, err
    assert time.monotonic() - began < 5
    assert out == ""
    assert all(line.startswith("time=") for line in err.splitlines())
    assert "event=stopped" in err
    assert "example.org" not in err
    assert str(place.homeserver) not in err


def test_doctor_beside_a_running_bot_finds_nothing_to_mend(place: Place) -> None:
    """It says that a bot is running, and touches nothing of it."""
    bot = place.start()
    try:
        place.until("/readyz", 503)
        said = ask("doctor", folder=place.folder)
        assert said.code == 0
        assert "A bot is running with this data" in said.out
    finally:
        bot.send_signal(signal.SIGTERM)
        bot.communicate(timeout=15)


def test_doctor_says_that_the_homeserver_does_not_answer(place: Place) -> None:
    """Everything that is fine is said too, and nothing is made."""
    said = ask("doctor", folder=place.folder)
    assert said.code == 1
    assert "to mend  The Matrix homeserver does not answer" in said.out
    assert "fine     config.yaml can be used." in said.out
    assert not place.data.exists()


def test_setup_never_writes_over_a_configuration(place: Place) -> None:
    """What is there is the operator's."""
    before = place.config.read_text()
    refused(ask("setup", folder=place.folder), "There is already a file")
    assert place.config.read_text() == before


def test_setup_asks_again_until_it_fits_and_writes_private_files(tmp_path: Path) -> None:
    """The wrong id is refused in words and asked again; what was right is offered again."""
    first = [
        "Example",
        "a@example.org",
        "60d",
        "matrix",
        f"http://127.0.0.1:{free_port()}",
        "keeper",
        SECRET,
        "*:example.org",
        "-",
    ]
    again = ["", "", "", "", "", "@keeper:example.org", SECRET, "", "-"]
    said = ask("setup", folder=tmp_path, given="\n".join(first + again) + "\n")
    assert said.code == 1  # the homeserver is not there, and it says so
    assert "is not a Matrix id" in said.err
    assert "to mend  The Matrix homeserver does not answer" in said.out
    written = (tmp_path / "config.yaml").read_text()
    assert "'@keeper:example.org'" in written
    assert "backups_kept: 60d" in written
    assert "listen" not in written
    for path in (tmp_path / "config.yaml", tmp_path / "secrets" / "matrix-password"):
        assert path.stat().st_mode & 0o777 == 0o600
    assert ask("check", "config.yaml", folder=tmp_path).code == 0


def test_setup_that_is_broken_off_writes_nothing(tmp_path: Path) -> None:
    """Answers that end too early are no answers."""
    said = ask("setup", folder=tmp_path, given="Example\n")
    assert said.code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_reader_who_goes_away_breaks_nothing(place: Place) -> None:
    """`circlekeeper doctor | head -1` ends in silence."""
    done = subprocess.run(
        f"{sys.executable} -m bot doctor | true",
        shell=True,
        capture_output=True,
        text=True,
        cwd=place.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
