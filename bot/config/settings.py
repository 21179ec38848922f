"""The settings of one installation, checked and in words."""

import difflib
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, assert_never, get_args

import msgspec

from bot.boundary.errors import CannotStart
from bot.config.source import Source, load
from bot.contract.feature import Operator
from bot.contract.settings import BadValue, Setting, check

LogLevel = Literal["debug", "info", "warning", "error"]


class Listen(msgspec.Struct, frozen=True):
    """Where the health pages are served."""

    host: str
    port: int


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """config.yaml, checked. Paths are absolute."""

    operator: Operator
    data: Path
    master_key_file: Path
    listen: Listen | None
    """None: no health pages."""
    log_level: LogLevel
    sections: Mapping[str, Any]
    """Platform -> its section, as its adapter's `SECTION`."""
    groups: Mapping[str, str]
    """Defaults for every room, in canonical spelling."""
    base: Path
    """The folder of config.yaml: relative paths count from here."""


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """What may stand in config.yaml, besides one section for each platform."""

    operator: Operator
    data: str = "./data"
    master_key_file: str | None = None
    listen: str | None = None
    log_level: LogLevel = "info"
    groups: dict[str, str | int | float | bool] = {}


_BACKUPS_KEPT = Setting(key="backups_kept", kind="duration", default="30d", least=86400)


SectionType = Callable[[], type[msgspec.Struct]]
"""Imports an adapter and gives back its `SECTION`. Raises `CannotStart`."""


def read(path: Path, sections: Mapping[str, SectionType], group_settings: Iterable[Setting]) -> Settings:
    """Read and check a configuration file; touches nothing else, neither secrets nor network.

    `sections` are the platforms that there are; only those that have a section are imported.
    Raises `CannotStart` with the line, what is wrong, and what to do.
    """
    return settle(load(path), path.absolute().parent, sections, group_settings)


def settle(
    source: Source, base: Path, sections: Mapping[str, SectionType], group_settings: Iterable[Setting]
) -> Settings:
    """`read`, for what was read already."""
    own = {field.encode_name for field in msgspec.structs.fields(_File)}
    _only_known(source, source.data, (*own, *sections), ())
    file = _convert(source, {k: v for k, v in source.data.items() if k in own and v is not None}, _File, ())
    platforms = {
        name: _convert(source, source.data[name], sections[name](), (name,))
        for name in sections
        if source.data.get(name) is not None
    }
    if not platforms:
        raise CannotStart(
            f"{source.name} names no platform.", f"Add a section for one of: {', '.join(sorted(sections))}."
        )
    data = _path(source, base, file.data, "data")
    key = file.master_key_file
    return Settings(
        operator=_operator(source, file.operator),
        data=data,
        master_key_file=data / "master.key" if key is None else _path(source, base, key, "master_key_file"),
        listen=None if file.listen is None else _listen(source, file.listen),
        log_level=file.log_level,
        sections=platforms,
        groups=_groups(source, file.groups, {s.key: s for s in group_settings}),
        base=base,
    )


def _only_known(
    source: Source, given: Mapping[str, Any], known: Iterable[str], where: tuple[str, ...]
) -> None:
    known = sorted(known)
    for key in given:
        if key in known:
            continue
        near = difflib.get_close_matches(key.casefold(), known, n=1, cutoff=0.6)
        what = f"{source.at(*where, key)} there is no key {'.'.join((*where, key))}."
        raise CannotStart(
            what, f"Did you mean {near[0]}?" if near else f"The keys here are: {', '.join(known)}."
        )


_WORDS = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "null": "empty",
    "object": "a section with keys",
    "array": "a list",
}
_PLACE = re.compile(r" - at `\$((?:\.[\w-]+|\[[^\]]*\])*)`$")


_LACKS = re.compile(r"Object missing required field `([^`]+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]+)`")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


def _convert(source: Source, given: object, kind: type[_Struct], where: tuple[str, ...]) -> _Struct:
    _only_fields(source, given, kind, where)
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise _in_words(source, str(error), kind, where) from None


def _only_fields(source: Source, given: object, kind: type[msgspec.Struct], where: tuple[str, ...]) -> None:
    if not isinstance(given, dict):
        return
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    _only_known(source, given, fields, where)
    for key, inner in fields.items():
        if key in given and isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            _only_fields(source, given[key], inner, (*where, key))


def _in_words(source: Source, said: str, kind: type[msgspec.Struct], where: tuple[str, ...]) -> CannotStart:
    """A message of msgspec for somebody who has never heard of it."""
    if place := _PLACE.search(said):
        where = (*where, *re.findall(r"[\w-]+", re.sub(r"\[[^\]]*\]", "", place[1])))
    key, at = ".".join(where), source.at(*where)
    if lacks := _LACKS.match(said):
        full = ".".join((*where, lacks[1]))
        return CannotStart(
            f"{at} the key {full} is missing.", f"Add {full}; config.example.yaml explains it."
        )
    if unknown := _UNKNOWN.match(said):
        return CannotStart(f"{at} there is no key {'.'.join((*where, unknown[1]))}.", "Take it out.")
    if expected := _EXPECTED.match(said):
        wanted, got = (" or ".join(_WORDS.get(w, w) for w in e.split(" | ")) for e in expected.groups())
        quotes = ' Put it in quotes: "...".' if "text" in wanted and "text" not in got else ""
        return CannotStart(
            f"{at} {key} must be {wanted}, but it is {got}.", f"Change {key} in {source.name}.{quotes}"
        )
    choices = _choices(kind, where[-1:])
    return CannotStart(
        f"{at} {key} does not have a value that it can take.",
        f"Use one of: {choices}." if choices else "Compare it with config.example.yaml.",
    )


def _choices(kind: type[msgspec.Struct], where: tuple[str, ...]) -> str:
    types = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    return ", ".join(str(a) for a in get_args(types.get("".join(where))) if isinstance(a, str))


def _operator(source: Source, operator: Operator) -> Operator:
    for key, value in (("name", operator.name), ("contact", operator.contact)):
        if not value.strip():
            raise CannotStart(
                f"{source.at('operator', key)} operator.{key} is empty.",
                "Members read it in their receipts: say who runs this bot and how to reach them.",
            )
    url = operator.privacy_url
    if url is not None and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise CannotStart(
            f"{source.at('operator', 'privacy_url')} operator.privacy_url is not a web address.",
            "Write it like https://example.org/privacy, or leave it out.",
        )
    if operator.backups_kept is None:
        return operator
    try:
        kept = operator.backups_kept.strip().lower()
        return msgspec.structs.replace(
            operator, backups_kept=kept if kept == "none" else check(_BACKUPS_KEPT, kept)
        )
    except BadValue:
        raise CannotStart(
            f"{source.at('operator', 'backups_kept')} operator.backups_kept cannot be that.",
            "Write a number of days like 30d, or none where nobody makes backups.",
        ) from None


def _path(source: Source, base: Path, words: str, key: str) -> Path:
    if not words.strip() or "\0" in words:
        raise CannotStart(f"{source.at(key)} {key} is empty.", f"Give a path, or leave {key} out.")
    try:
        return (base / Path(words).expanduser()).absolute()
    except RuntimeError:
        raise CannotStart(f"{source.at(key)} {key} names an unknown user.", "Write the whole path.") from None


def _listen(source: Source, words: str) -> Listen:
    host, _, port = words.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if (
        port.isascii()
        and port.isdigit()
        and 0 < int(port[:6]) < 65536
        and (host == "localhost" or _is_ip(host))
    ):
        return Listen(host, int(port))
    raise CannotStart(
        f"{source.at('listen')} listen is not an address with a port.",
        "Write it like 127.0.0.1:8787, or leave it out for no health pages.",
    )


def _is_ip(words: str) -> bool:
    try:
        ipaddress.ip_address(words)
    except ValueError:
        return False
    return True


def _groups(source: Source, given: Mapping[str, Any], settings: Mapping[str, Setting]) -> dict[str, str]:
    _only_known(source, given, settings, ("groups",))
    canonical: dict[str, str] = {}
    for key, value in given.items():
        at = source.at("groups", key)
        if not settings[key].operators:
            raise CannotStart(
                f"{at} groups.{key} cannot have a default.",
                "Take it out; facilitators set it in their own group with `group set`.",
            )
        words = str(value).lower() if isinstance(value, bool) else str(value)
        try:
            canonical[key] = check(settings[key], words)
        except BadValue as bad:
            raise CannotStart(f"{at} groups.{key} cannot be that.", _how(settings[key], bad)) from None
    return canonical


def _how(setting: Setting, bad: BadValue) -> str:
    """What a setting takes, in words for the operator."""
    match setting.kind:
        case "choice" | "language":
            return f"Use one of: {', '.join(setting.choices)}."
        case "list":
            return f"Use one or more of: {', '.join(setting.choices)}."
        case "duration":
            bounds = {"bad-duration-short": " Use a longer one.", "bad-duration-long": " Use a shorter one."}
            return f"Write a length of time like 90s, 15m, 72h or 14d.{bounds.get(bad.key, '')}"
        case "number":
            most = "" if setting.most is None else f" to {setting.most}"
            return f"Use a whole number from {setting.least or 0}{most}."
        case "timezone":
            return "Use a name like Europe/Berlin or UTC."
        case "hours":
            return 'Write it like "22:00-08:00", or none.'
        case "text":
            return f"Use at most {setting.most} characters."
        case _:
            assert_never(setting.kind)
