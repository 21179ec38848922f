"""What is shipped to run the bot: systemd's units and the Dockerfile, as far as they can be checked here."""

import ctypes
import importlib.metadata as installed
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from adapters.vault import open_vault
from bot.operator.commandline import commands
from tests.ops.test_cli import ROOT, Place, ask
from tests.ops.test_docs import parsed
from tests.support.synapse import free_port

DEPLOY = ROOT / "deploy"
UNITS = ("circlekeeper.service", "circlekeeper-backup.service", "circlekeeper-backup.timer")
SERVICES = UNITS[:2]
PROGRAM = "/opt/circlekeeper/.venv/bin/circlekeeper"


def unit(name: str) -> dict[str, list[str]]:
    """Every setting of a unit file with all its values, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (DEPLOY / name).read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


PROMISES = {
    "User": "circlekeeper",  # not root, and nobody else's account
    "UMask": "0077",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",  # all is read-only but the StateDirectory
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "PrivateUsers": "yes",
    "ProtectProc": "invisible",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectControlGroups": "yes",
    "ProtectClock": "yes",
    "ProtectHostname": "yes",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "SystemCallArchitectures": "native",
    "LimitCORE": "0",  # a dump of the memory would hold the keys
    "StateDirectoryMode": "0700",
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_shut_in(name: str) -> None:
    """Each promise stands there once, so that nothing later takes it back."""
    found = unit(name)
    assert {key: found[key] for key in PROMISES} == {key: [value] for key, value in PROMISES.items()}
    assert found["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]
    assert not {"ReadWritePaths", "Environment", "EnvironmentFile"} & set(found)


def test_the_service_runs_what_there_is_and_lets_it_end_by_itself() -> None:
    """The command is parsed as the program does; the key comes as the credential that the vault looks for."""
    found = unit("circlekeeper.service")
    (command,) = found["ExecStart"]
    program, *_ = shlex.split(command)
    assert program == PROGRAM
    assert parsed(command.replace(PROGRAM, "circlekeeper")).params["config"] == Path(
        "/etc/circlekeeper/config.yaml"
    )
    assert found["LoadCredential"] == ["master.key:/etc/circlekeeper/master.key"]
    assert int(found["TimeoutStopSec"][0]) > 5
    assert found["StateDirectory"] == ["circlekeeper"]


@pytest.fixture
def analyze() -> str:
    """`systemd-analyze`, or a word on how to get it."""
    path = shutil.which("systemd-analyze")
    if path is None:
        said = "systemd-analyze is not there (Debian: apt install systemd): the units were only parsed"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    return path


def test_systemd_understands_every_line_of_the_units(analyze: str, tmp_path: Path) -> None:
    """`systemd-analyze verify` warns of each key that it does not know; the program stands in for itself."""
    for name in UNITS:
        text = (DEPLOY / name).read_text()
        (tmp_path / name).write_text(text.replace(PROGRAM, sys.executable))
    done = subprocess.run(
        [analyze, "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "most"), [("circlekeeper.service", 1.5), ("circlekeeper-backup.service", 1.5)]
)
def test_systemd_finds_little_that_is_exposed(analyze: str, name: str, most: float) -> None:
    """0 is nothing, 10 is all; an ordinary service has more than 9. What is left is the network."""
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", str(DEPLOY / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= most


def documented(*beginnings: str) -> list[str]:
    """The lines of docs/operating.md that begin like one of these."""
    text = (ROOT / "docs" / "operating.md").read_text()
    lines = [ln for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for ln in block.splitlines()]
    return [line for line in lines if line.startswith(beginnings)]


def test_the_steps_of_installing_it_leave_what_the_unit_needs(tmp_path: Path) -> None:
    """The documented lines, run in a folder in place of the machine, without its users and systemd."""
    lines = documented("sudo install", "sudo -u circlekeeper sh", "sudo cp")
    assert len(lines) == 3
    for path in ("etc/systemd/system", "var/lib"):
        (tmp_path / path).mkdir(parents=True)
    for line in lines:
        line = re.sub(r"^sudo (-u circlekeeper )?| -[og] circlekeeper", "", line)
        line = re.sub(r"(?<= )/(?=etc|var)", f"{tmp_path}/", line)
        subprocess.run(line, shell=True, cwd=ROOT, check=True)
    found = unit("circlekeeper.service")
    key = tmp_path / found["LoadCredential"][0].partition(":")[2].lstrip("/")
    assert key.stat().st_mode & 0o777 == 0o600
    open_vault(key, tmp_path / "data", {}, make=False)  # refuses what is no key
    assert (tmp_path / "var" / "lib" / found["StateDirectory"][0]).stat().st_mode & 0o777 == 0o700
    assert {path.name for path in (tmp_path / "etc" / "systemd" / "system").iterdir()} == set(UNITS)
    (made,) = documented("sudo useradd")
    assert shlex.split(made)[-1] == found["User"][0]


def test_the_documented_container_is_shut_in_too() -> None:
    """Built from here under the name that it is run by, and with what the image needs mounted."""
    build, run = documented("docker build", "docker run")
    assert shlex.split(build)[-3:] == ["-t", shlex.split(run)[-1], "."]
    flags = ("--read-only", "--cap-drop ALL", "--security-opt no-new-privileges", ":/data ", ":/config:ro ")
    assert all(flag in run for flag in flags)


PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1
"""prctl(2), Linux 6.3 and later: the kernel's own form of MemoryDenyWriteExecute=."""


def test_the_bot_runs_without_memory_that_can_be_written_and_executed(tmp_path: Path) -> None:
    """MemoryDenyWriteExecute= is kept, also by cffi: enforced where the kernel can, looked at everywhere."""
    place = Place(tmp_path, free_port(), free_port()).write()
    libc = ctypes.CDLL(None)
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--config", str(place.config)],
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: libc.prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0),
    )
    try:
        place.until("/healthz", 200)
        modes = [line.split()[1] for line in Path(f"/proc/{bot.pid}/maps").read_text().splitlines()]
        assert "r-xp" in modes
        assert [mode for mode in modes if "w" in mode and "x" in mode] == []
    finally:
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(timeout=15) == 0


def test_the_nightly_backup_writes_one_and_deletes_the_old(tmp_path: Path) -> None:
    """The unit's own lines, run by a shell. How long they are kept is what the example tells members."""
    place = Place(tmp_path, free_port(), free_port()).write()
    bot = place.start()
    place.until("/healthz", 200)
    bot.send_signal(signal.SIGTERM)
    bot.communicate(timeout=15)
    backups = tmp_path / "backups"
    backups.mkdir()
    program = tmp_path / "circlekeeper"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m bot "$@"\n')
    program.chmod(0o700)
    for age in (31, 28):
        made = backups / f"{age}.db"
        made.touch()
        moment = time.time() - age * 86400
        os.utime(made, (moment, moment))
    found = unit("circlekeeper-backup.service")
    for line in found["ExecStart"]:
        line = line.replace(PROGRAM, str(program)).replace("/etc/circlekeeper/config.yaml", str(place.config))
        line = (
            line.replace("/var/lib/circlekeeper-backups", str(backups)).replace("%%", "%").replace("$$", "$")
        )
        subprocess.run(shlex.split(line), check=True, capture_output=True)
    names = sorted(path.name for path in backups.iterdir())
    assert names[1:] == ["28.db"]
    (days,) = re.findall(r"-mtime \+(\d+)", " ".join(found["ExecStart"]))
    assert f"backups_kept: {int(days) + 1}d" in (ROOT / "config.example.yaml").read_text()
    said = ask("restore", str(backups / names[0]), "--replace", folder=place.folder)
    assert said.code == 0, said.all


def dockerfile() -> list[tuple[str, str]]:
    """Its instructions in order, with continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def given(instruction: str) -> list[str]:
    return [rest for word, rest in dockerfile() if word == instruction]


def copied() -> list[str]:
    """What is copied out of the project's folder."""
    own = (shlex.split(rest) for rest in given("COPY") if "--from" not in rest)
    return [source for *sources, _ in own for source in sources]


def test_the_image_is_not_of_root_and_keeps_its_data_in_one_place() -> None:
    """The last USER is a number, so that an orchestrator can see that it is not root."""
    assert given("USER")[-1] == "10001:10001"
    assert given("VOLUME") == ["/data"]
    assert all(re.fullmatch(r"python:3\.\d+-slim(?: AS \w+)?", base) for base in given("FROM"))
    assert "ADD" not in {word for word, _ in dockerfile()}
    (health,) = given("HEALTHCHECK")
    assert "127.0.0.1:8787/healthz" in health
    assert "listen: 127.0.0.1:8787" in (ROOT / "config.example.yaml").read_text()
    command = (*_exec(given("ENTRYPOINT")[0]), *_exec(given("CMD")[-1]))
    assert parsed(shlex.join(command)).params["config"] == Path("/config/config.yaml")


def _exec(form: str) -> list[str]:
    return re.findall(r'"([^"]*)"', form)


def test_the_health_check_tells_a_healthy_bot_from_one_that_is_not_there(tmp_path: Path) -> None:
    """Its own line of Python, against the pages themselves."""
    place = Place(tmp_path, free_port(), free_port()).write()
    _, _, code = re.findall(r'"((?:[^"])*)"', given("HEALTHCHECK")[0])
    check = [sys.executable, "-c", code.replace("8787", str(place.health))]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 1
    bot = place.start()
    place.until("/healthz", 200)
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    bot.send_signal(signal.SIGTERM)
    bot.communicate(timeout=15)


def test_what_is_copied_into_the_image_is_there_and_is_enough_to_install(tmp_path: Path) -> None:
    """The same command as in the image, in a folder with only what is copied; the program then answers."""
    sent = (ROOT / ".dockerignore").read_text().splitlines()
    for source in copied():
        assert f"!{source}" in sent, source
        target = tmp_path / "build" / source
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, target)
    steps = [step for run in given("RUN") for step in run.split("&&")]
    (install,) = (step.strip().split("pip ")[1].removesuffix(" .") for step in steps if "--no-deps" in step)
    into = tmp_path / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", *shlex.split(install), "--quiet", "--target", str(into), "."],
        cwd=tmp_path / "build",
        check=True,
        capture_output=True,
    )
    place = Place(tmp_path, free_port(), free_port()).write()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "check", str(place.config)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(into)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    here = {path.relative_to(ROOT) for top in ("bot", "adapters") for path in (ROOT / top).rglob("*")}
    there = {path.relative_to(into) for top in ("bot", "adapters") for path in (into / top).rglob("*")}
    assert {p for p in here if "__pycache__" not in p.parts} <= there


def test_the_images_lock_is_what_the_program_needs_and_no_more() -> None:
    """The same set as follows from the packages' own metadata, each with its hashes."""
    done = subprocess.run(
        [sys.executable, "deploy/program_lock.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    locked = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", done.stdout, re.MULTILINE)}
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[A-Za-z])", done.stdout))
    assert locked >= needed("circlekeeper", frozenset()) - {"circlekeeper"}
    assert not locked & {"pytest", "hypothesis", "mypy", "ruff", "playwright", "matrix-synapse", "setuptools"}


def needed(name: str, extras: frozenset[str], seen: set[str] | None = None) -> set[str]:
    """A package and all that it needs on this machine."""
    found = set() if seen is None else seen
    found.add(canonicalize_name(name))
    for line in installed.requires(name) or ():
        requirement = Requirement(line)
        holds = requirement.marker is None or any(
            requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        )
        if holds and canonicalize_name(requirement.name) not in found:
            needed(requirement.name, frozenset(requirement.extras), found)
    return found


def test_the_units_and_the_image_name_commands_that_there_are() -> None:
    """A renamed command is found here, before an operator finds it at night."""
    text = "".join((DEPLOY / name).read_text() for name in SERVICES)
    for name in re.findall(rf"{re.escape(PROGRAM)} (\w+)", text):
        assert name in commands.commands
