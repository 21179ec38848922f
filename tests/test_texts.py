"""Every word to people exists, with all of its arguments, and no word lies unused."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot.engine import TEXTS
from bot.engine.answers import summary_key
from bot.engine.parsed import HELP
from bot.features import FEATURES

ROOT = Path(__file__).parent.parent
FOLDERS = [TEXTS, *(f.texts for f in FEATURES if f.texts is not None)]
ADAPTERS = sorted((ROOT / "adapters").glob("*/texts"))
KEY = re.compile(r"^(engine|setting|bad|" + "|".join(f.name for f in FEATURES) + r")-[a-z0-9_-]+$")


class _Variables(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:
        self.found.add(node.id.name)


def _messages(folders: list[Path]) -> dict[str, set[str]]:
    """Every message with its variables."""
    messages: dict[str, set[str]] = {}
    for folder in folders:
        for entry in FluentParser().parse((folder / "en.ftl").read_text("utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{folder}: cannot be read: {(entry.content or '')[:80]}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in messages, f"{entry.id.name} stands twice"
                variables = _Variables()
                variables.visit(entry)
                messages[entry.id.name] = variables.found
    return messages


MESSAGES = _messages(FOLDERS)


def _sources() -> Iterator[tuple[Path, ast.AST]]:
    for file in sorted((ROOT / "bot").rglob("*.py")):
        yield file, ast.parse(file.read_text("utf-8"))


def _said() -> Iterator[tuple[str, str, set[str] | None]]:
    """Every `say("key", arg=...)`: where, key, names of its arguments (None: not all literal)."""
    for file, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    names = {k.arg for k in node.keywords}
                    where = f"{file.relative_to(ROOT)}:{node.lineno}"
                    yield where, first.value, None if None in names else {n for n in names if n}


@pytest.mark.parametrize(("where", "key", "given"), list(_said()))
def test_what_is_said_exists_with_exactly_its_arguments(where: str, key: str, given: set[str] | None) -> None:
    """A missing key or argument would reach a person as a gap; one too many is a mistake."""
    assert key in MESSAGES, f"{where}: {key} does not exist"
    if given is not None:
        assert given == MESSAGES[key], f"{where}: {key}"


def _mentioned() -> set[str]:
    found = set()
    for _, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def _subjects() -> set[str]:
    """What alerts are about: names of the same look that nobody reads."""
    found = set()
    for _, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "subject":
                found |= {c.value for c in ast.walk(node.value) if isinstance(c, ast.Constant)}
    return {str(value) for value in found}


def test_every_key_that_the_code_mentions_exists() -> None:
    """Keys in tables too."""
    keys = {m for m in _mentioned() if KEY.match(m) and not m.endswith("-")}
    assert not keys - set(MESSAGES) - _subjects()


def test_no_text_lies_unused() -> None:
    """What nobody says is deleted."""
    mentioned = _mentioned()
    used_by_texts = set()
    for folder in FOLDERS:
        used_by_texts |= set(
            re.findall(r"\{\s*([a-z][a-z0-9-]+)\s*\}", (folder / "en.ftl").read_text("utf-8"))
        )
    derived = {
        *(summary_key(c) for f in FEATURES for c in f.commands),
        summary_key(HELP),
        *(f"option-{o.name}" for f in FEATURES for c in f.commands for o in c.options),
        *(f"option-{o.name}" for o in HELP.options),
        *(f"setting-{s.key}" for f in FEATURES for s in f.settings),
    }
    # Keys may also be put together from a table's value: `f"consent-limit-{name}"`.
    stems = {m for m in mentioned if KEY.match(m + "x") and m.endswith("-")}
    unused = {
        key
        for key in MESSAGES
        if key not in mentioned
        and key not in derived
        and key not in used_by_texts
        and not any(key.startswith(stem) for stem in stems)
    }
    assert not unused


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.name)
def test_every_command_option_and_setting_is_explained(feature: object) -> None:
    """Help and completion are made from these."""
    for command in feature.commands:  # type: ignore[attr-defined]
        assert summary_key(command) in MESSAGES
        for option in command.options:
            assert f"option-{option.name}" in MESSAGES
    for setting in feature.settings:  # type: ignore[attr-defined]
        assert f"setting-{setting.key}" in MESSAGES


def test_adapters_texts_can_be_read_and_name_no_key_of_the_core() -> None:
    """Their keys begin with the adapter's own name."""
    theirs = _messages(ADAPTERS)
    assert not set(theirs) & set(MESSAGES)
