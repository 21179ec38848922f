"""The documentation is true: its commands exist, its links lead somewhere, its table is the program's."""

import itertools
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
import yaml

from adapters import discord, matrix
from bot.config import read
from bot.features import FEATURES
from bot.operator import parts
from bot.operator.assemble import group_settings
from bot.operator.commandline import commands

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
EXAMPLE = ROOT / "config.example.yaml"

WRITTEN_BY_TESTS = {"transcript.md", "transcript-report.md"}
"""What a test writes from a real room is not typed by hand, so it is not read here."""


def typed() -> list[tuple[str, str]]:
    """Every line of every ```sh block."""
    return [
        (page.name, line.strip())
        for page in PAGES
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
        for line in block.splitlines()
        if line.strip()
    ]


def parsed(line: str) -> click.Context:
    """The command line as click understands it, not run. Raises click's errors."""
    _, name, *rest = shlex.split(line)
    context = click.Context(commands, info_name="circlekeeper")
    command = commands.get_command(context, name)
    while isinstance(command, click.Group):
        context = click.Context(command, parent=context, info_name=name)
        name, *rest = rest
        command = command.get_command(context, name)
    assert command is not None, name
    return command.make_context(name, rest, parent=context)


@pytest.mark.parametrize(("page", "line"), typed(), ids=lambda v: v)
def test_every_command_in_the_documentation_exists(page: str, line: str) -> None:
    """Whoever copies a line out of a page gets what the page says.

    What needs a whole machine (its users, systemd, Docker) is run as far as it can be by
    `test_deploy`; here every name in it has to be one that there is.
    """
    words = shlex.split(line)
    if words[0] == "sudo":
        words = words[3:] if words[1] == "-u" else words[1:]
    match words:
        case ["make", target, *_]:
            assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
        case ["circlekeeper", "--version" | "--help"]:
            done = subprocess.run(
                [sys.executable, "-m", "bot", *words[1:]], cwd=ROOT, check=True, capture_output=True
            )
            assert done.stdout
        case ["circlekeeper" | "/opt/circlekeeper/.venv/bin/circlekeeper", *_]:
            parsed(shlex.join(["circlekeeper", *words[1:]]))
        case ["cp", *sources, "/etc/systemd/system/"]:
            assert all((ROOT / source).is_file() for source in sources)
        case ["systemctl", "enable", "--now", *units]:
            assert all((ROOT / "deploy" / unit).is_file() for unit in units)
        case ["docker", "exec", "circlekeeper", *command]:
            parsed(shlex.join(command))
        case ["docker", *_] | ["useradd", *_] | ["install", *_] | ["sh", "-c", _]:
            assert page == "operating.md"  # `test_deploy` takes them from there
        case [".", ".venv/bin/activate"]:
            assert "-m venv .venv" in (ROOT / "Makefile").read_text()
        case _:
            raise AssertionError(f"{page} has a command that no test knows: {line}")


def test_the_readme_begins_with_its_two_commands() -> None:
    """DESIGN.md: `make try` and `make test`, before anything else."""
    lines = [line for page, line in typed() if page == "README.md"]
    assert lines[:2] == ["make try", "make test"]


def local_links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target:
                yield page, target


@pytest.mark.parametrize(("page", "target"), list(local_links()), ids=lambda v: getattr(v, "name", v))
def test_links_lead_somewhere(page: Path, target: str) -> None:
    """Every relative link is a file or folder of the tree."""
    assert (page.parent / target).exists()


def chat_commands() -> list[tuple[str, str]]:
    return [
        (page.name, found)
        for page in PAGES
        if page.name not in WRITTEN_BY_TESTS
        for found in re.findall(r"`!([^`]+)`", page.read_text())
    ]


@pytest.mark.parametrize(("page", "words"), chat_commands(), ids=lambda v: v)
def test_every_chat_command_in_the_documentation_exists(page: str, words: str) -> None:
    """Name and sub-word are those of a feature's own specs."""
    known = {c.full for f in FEATURES for c in f.commands} | {c.name for f in FEATURES for c in f.commands}
    known |= {"help", "in GROUP consent"}
    first_two = " ".join(words.split()[:2])
    assert words in known or first_two in known, f"{page}: !{words}"


def test_members_and_facilitators_find_every_command_that_they_can_give() -> None:
    """A command that no page tells of is one that nobody uses."""
    pages = (ROOT / "docs" / "members.md").read_text() + (ROOT / "docs" / "facilitators.md").read_text()
    guided = {"setup skip", "setup cancel"}
    """What the guided set-up itself offers at the right moment."""
    for feature in FEATURES:
        for command in feature.commands:
            shown = command.name if command.bare else command.full
            assert f"!{shown}" in pages or command.full in guided, command.full


def test_the_example_is_read_and_holds_every_key() -> None:
    """A key that it leaves out is one that nobody finds; its values are the defaults."""
    settings = read(EXAMPLE, parts.section_types(), group_settings())
    text = EXAMPLE.read_text()
    given = yaml.safe_load(text)
    keys = {"operator", "data", "master_key_file", "listen", "log_level", "matrix", "discord", "groups"}
    assert set(given) == keys
    assert set(given["operator"]) == {"name", "contact", "privacy_url", "backups_kept"}
    for platform in (matrix, discord):
        for field in msgspec.structs.fields(platform.SECTION):
            assert field.encode_name in text
    assert settings.groups == {s.key: s.default for s in group_settings() if s.operators}


def test_every_key_of_the_example_is_explained() -> None:
    """A comment stands above each key, or above its section's first."""
    lines = EXAMPLE.read_text().splitlines()
    unexplained = [
        line
        for before, line in itertools.pairwise(lines)
        if re.match(r" *\w+:", line)
        and not re.match(r" *#", before)
        and not line.strip().startswith(("name:", "contact:"))
    ]
    assert unexplained == []


def test_every_command_line_of_the_program_is_documented() -> None:
    """docs/operating.md and README.md name each command of `circlekeeper`."""
    pages = (ROOT / "README.md").read_text() + (ROOT / "docs" / "operating.md").read_text()
    for name, command in commands.commands.items():
        assert f"circlekeeper {name}" in pages or f"make {name}" in pages
        for inner in command.commands if isinstance(command, click.Group) else ():
            assert f"circlekeeper {name} {inner}" in pages
