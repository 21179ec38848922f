"""The YAML of config.yaml as plain data, each key with its line. Stricter than YAML itself.

Refused: the same key twice (YAML would silently take the last), aliases, tags, secrets. Only
`true` and `false` are booleans, as in YAML 1.2: `off` and `no` are words.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from bot.boundary.errors import CannotStart

LARGEST_FILE = 1_000_000
"""Bytes. A configuration is a page or two; a larger file is surely another one."""

Where = tuple[str, ...]
"""The way to a key: `("matrix", "homeserver")`."""

_SECRET_KEY = re.compile(
    r"(password|passphrase|token|secret|master_?key|private_?key|api_?key)$", re.IGNORECASE
)
_SECRET_VALUE = re.compile(
    r"""(?:syt|mat|mct|syl)_[A-Za-z0-9_]{16,}      # tokens of Synapse and its authentication service
      | ://[^/\s:@]+:[^/\s@]+@                     # https://user:password@host
      | -----BEGIN\ [A-Z ]*PRIVATE\ KEY            # PEM
      | ^[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}$     # a bot token of Discord""",
    re.VERBOSE,
)

_HINTS = (
    ("'@'", 'Put the value in quotes, like "@keeper:example.org".'),
    ("'\\t'", "Indent with spaces: YAML does not take tabs."),
    ("'%'", "Put the value in quotes."),
    ("'`'", "Put the value in quotes."),
    (
        "mapping values are not allowed",
        "Check the indentation, and put a value that holds a colon in quotes.",
    ),
    ("expected <block end>", "Check the indentation: keys of one section begin in the same column."),
    ("could not find expected ':'", "Check that there is a colon and a space after each key."),
    ("end of stream", "Check that every quote and bracket is closed."),
    ("<stream end>", "Check that every quote and bracket is closed."),
    ("expected ',' or", "Check that every quote and bracket is closed, with commas between."),
    ("undefined tag", 'Put a value that begins with ! in quotes, like "!".'),
)


class Source:
    """What a configuration file holds: `data`, and the line of each key for messages."""

    def __init__(self, name: str, data: dict[str, Any], lines: dict[Where, int]) -> None:
        self.name = name
        """The file's own name, without its folder."""
        self.data = data
        self._lines = lines

    def at(self, *where: str) -> str:
        """`config.yaml, line 7:`, of the key or of the nearest section that is there."""
        while where and where not in self._lines:
            where = where[:-1]
        return f"{self.name}, line {self._lines[where]}:" if where else f"{self.name}:"


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


# YAML 1.1 would read 2026-01-02 as a date, off as false and 1:30 as ninety.
_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag.rpartition(":")[2] not in ("bool", "int", "timestamp", "merge")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^(?:0|-?[1-9][0-9]{0,17})$"), list("-0123456789")
)


def load(path: Path) -> Source:
    """The file's content. Raises `CannotStart` with the line and what to do."""
    name = path.name
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise CannotStart(
            f"There is no file {path}.", "Make it with `circlekeeper setup`, or give its path."
        ) from None
    except OSError:
        raise CannotStart(
            f"The file {path} cannot be read.", "Check that it is a file and that this user may read it."
        ) from None
    if len(content) > LARGEST_FILE:
        raise CannotStart(f"{name} is too large for a configuration.", "Check that it is the right file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotStart(f"{name} is not text in UTF-8.", "Save it again as UTF-8.") from None
    return parse(name, text)


def parse(name: str, text: str) -> Source:
    """What a text in YAML says. Raises `CannotStart` as `load` does."""
    lines: dict[Where, int] = {}
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            data = _plain(name, loader, node, (), lines) if node is not None else {}
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise _bad_yaml(name, error) from None
    except RecursionError:
        raise CannotStart(f"{name} is nested too deeply.", "Check that it is the right file.") from None
    if not isinstance(data, dict):
        raise CannotStart(f"{name} does not hold `key: value` lines.", "Compare it with config.example.yaml.")
    return Source(name, data, lines)


def _plain(name: str, loader: _Loader, node: yaml.Node, where: Where, lines: dict[Where, int]) -> Any:
    line = node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            found: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
                line = key_node.start_mark.line + 1
                if key is None:
                    raise CannotStart(f"{name}, line {line}: a key must be a plain word.", _COMPARE)
                if key in found:
                    raise CannotStart(
                        f"{name}, line {line}: the key {'.'.join((*where, key))} is there twice.",
                        f"Keep one of them (the other is in line {lines[(*where, key)]}).",
                    )
                lines[(*where, key)] = line
                found[key] = _plain(name, loader, value_node, (*where, key), lines)
                _refuse_secret(f"{name}, line {line}:", (*where, key), found[key])
            return found
        case yaml.SequenceNode():
            return [_plain(name, loader, each, where, lines) for each in node.value]
        case _:
            value = loader.construct_object(node)
            if isinstance(value, str) and _SECRET_VALUE.search(value):
                _refuse_secret(f"{name}, line {line}:", where, value)
            return value


_COMPARE = "Compare it with config.example.yaml."


def _refuse_secret(at: str, where: Where, value: object) -> None:
    """INTERFACE.md: secrets are never in config.yaml itself."""
    named = bool(_SECRET_KEY.search(where[-1])) if where else False
    if (
        value is None
        or isinstance(value, dict | list)
        or not (named or (isinstance(value, str) and _SECRET_VALUE.search(value)))
    ):
        return
    file_key = f"{'.'.join(where)}_file" if named else "a key that ends in _file"
    raise CannotStart(
        f"{at} {'.'.join(where)} holds a secret, and secrets must not stand in this file.",
        f"Put it into a file of its own with mode 600, and name that file with {file_key}. "
        "If others could read this file, change the secret.",
    )


def _bad_yaml(name: str, error: yaml.YAMLError) -> CannotStart:
    problem = str(getattr(error, "problem", "") or "")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = f"{name}, line {mark.line + 1}:" if mark is not None else f"{name}:"
    if problem == "alias":
        return CannotStart(f"{at} aliases (* and &) are not used here.", "Write the value out.")
    hint = next((hint for sign, hint in _HINTS if sign in problem), _COMPARE)
    if "unacceptable character" in str(error):
        hint = "Remove control characters, and save the file as UTF-8."
    return CannotStart(f"{at} this is not valid YAML.", hint)
