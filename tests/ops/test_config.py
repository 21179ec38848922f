"""config.yaml: what is right is read, what is wrong is said with its line and the next step."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.boundary.errors import CannotStart
from bot.config import Listen, Settings, read
from bot.config.settings import SectionType, settle
from bot.config.source import parse
from bot.contract.settings import Setting


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """A section of an adapter."""

    server: str
    token_file: str
    prefix: str = "!"
    invites: list[str] = []


def not_imported() -> type[msgspec.Struct]:
    raise AssertionError("a platform without a section was imported")


SECTIONS: dict[str, SectionType] = {"talk": lambda: Talk, "other": not_imported}
GROUP = (
    Setting(key="gate", kind="choice", default="notice", choices=("notice", "mute", "door")),
    Setting(key="grace", kind="duration", default="14d", most=86400 * 60),
    Setting(key="min_age", kind="number", default="18", least=13, most=99),
    Setting(key="quiet_hours", kind="hours", default="22:00-08:00"),
    Setting(key="timezone", kind="timezone", default="UTC"),
    Setting(key="contact", kind="text", default="", most=20, operators=False),
    Setting(key="limits", kind="list", default="a", choices=("a", "b")),
)

RIGHT = """\
operator: {name: Example Peer Support, contact: privacy@example.org}
talk:
  server: https://talk.example.org
  token_file: ./secrets/token
"""


def settings(text: str, folder: Path = Path("/srv/keeper")) -> Settings:
    return settle(parse("config.yaml", text), folder, SECTIONS, GROUP)


def test_the_least_that_is_needed_is_enough() -> None:
    """Everything else has a default; relative paths count from the file's own folder."""
    found = settings(RIGHT)
    assert found.operator.name == "Example Peer Support"
    assert found.data == Path("/srv/keeper/data")
    assert found.master_key_file == Path("/srv/keeper/data/master.key")
    assert found.listen is None
    assert found.log_level == "info"
    assert found.groups == {}
    assert found.sections == {"talk": Talk(server="https://talk.example.org", token_file="./secrets/token")}


def test_everything_is_read(tmp_path: Path) -> None:
    """Each key has its effect, and paths that begin at the root stay as they are."""
    file = tmp_path / "config.yaml"
    file.write_text(
        "data: /var/lib/keeper\nmaster_key_file: ./keys/m\nlisten: '[::1]:8787'\nlog_level: debug\n"
        "groups: {gate: Door, grace: 7 d, min_age: 16, quiet_hours: off, timezone: europe/berlin}\n" + RIGHT
    )
    found = read(file, SECTIONS, GROUP)
    assert found.data == Path("/var/lib/keeper")
    assert found.master_key_file == tmp_path / "keys" / "m"
    assert found.listen == Listen("::1", 8787)
    assert found.groups == {
        "gate": "door",
        "grace": "7d",
        "min_age": "16",
        "quiet_hours": "none",
        "timezone": "Europe/Berlin",
    }


OPERATOR, TALK = RIGHT.split("\n", 1)
OPERATOR += "\n"

WRONG = [
    # why, the file, what the message must say, what the next step must say
    ("a key that nobody knows, with a near one", RIGHT + "dta: x\n", "line 5: there is no key dta", "data?"),
    ("a key that is near nothing", RIGHT + "zebra: x\n", "no key zebra", "keys here are"),
    ("an unknown key in a section", RIGHT + "  sever: x\n", "line 5: there is no key talk.sever", "server?"),
    ("an unknown platform", RIGHT + "tlak: {}\n", "no key tlak", "talk?"),
    ("a key in another case", RIGHT + "Data: x\n", "no key Data", "data?"),
    ("an unknown group setting", RIGHT + "groups: {gates: mute}\n", "no key groups.gates", "gate?"),
    (
        "an unknown operator key",
        TALK + "operator: {name: a, contact: b, mail: c}",
        "operator.mail",
        "keys here",
    ),
    ("no operator", TALK, "the key operator is missing", "config.example.yaml"),
    ("no operator's name", TALK + "operator: {contact: a}\n", "line 4: the key operator.name", "Add"),
    ("an empty name", TALK + "operator: {name: ' ', contact: a}\n", "operator.name is empty", "receipts"),
    ("no platform", OPERATOR, "names no platform", "other, talk"),
    ("an empty section", OPERATOR + "talk:\n", "names no platform", "talk"),
    ("a key missing in a section", OPERATOR + "talk: {server: a}\n", "talk.token_file is missing", "Add"),
    ("a section that is a word", OPERATOR + "talk: yes\n", "talk must be a section", "Change"),
    ("a number for a text", OPERATOR + "talk: {server: 5, token_file: a}\n", "must be text", "quotes"),
    ("a text for a list", RIGHT + "  invites: me\n", "talk.invites must be a list", "Change"),
    ("a log level that is none", RIGHT + "log_level: loud\n", "log_level", "debug, info, warning, error"),
    ("a web address that is none", RIGHT.replace("org}", "org, privacy_url: x}"), "privacy_url", "https://"),
    ("no port", RIGHT + "listen: 127.0.0.1\n", "listen is not an address", "127.0.0.1:8787"),
    ("a port alone", RIGHT + "listen: 8787\n", "listen must be text", "quotes"),
    ("a port too high", RIGHT + "listen: 127.0.0.1:99999\n", "listen is not an address", "8787"),
    ("a host by name", RIGHT + "listen: example.org:80\n", "listen is not an address", "8787"),
    ("an empty path", RIGHT + "data: ''\n", "data is empty", "path"),
    ("a gate that is none", RIGHT + "groups: {gate: wall}\n", "groups.gate cannot", "notice, mute, door"),
    ("a duration that is none", RIGHT + "groups: {grace: 14}\n", "groups.grace cannot", "14d"),
    ("a duration too long", RIGHT + "groups: {grace: 99d}\n", "groups.grace", "shorter"),
    ("an age too low", RIGHT + "groups: {min_age: 12}\n", "groups.min_age", "13 to 99"),
    ("hours that are none", RIGHT + "groups: {quiet_hours: night}\n", "quiet_hours", "22:00-08:00"),
    ("a time zone that is none", RIGHT + "groups: {timezone: Mars}\n", "timezone", "Europe/Berlin"),
    ("a list of what is not there", RIGHT + "groups: {limits: c}\n", "limits", "a, b"),
    ("what only a group may set", RIGHT + "groups: {contact: me}\n", "cannot have a default", "group set"),
    ("a group value that is a list", RIGHT + "groups: {gate: [mute]}\n", "groups", "Change"),
    ("the same key twice", RIGHT + "data: a\ndata: b\n", "line 6: the key data is there twice", "line 5"),
    ("a sub-key twice", RIGHT + "  server: b\n", "talk.server is there twice", "line 3"),
    ("a tab", OPERATOR + "talk:\n\tserver: a\n", "line 3: this is not valid YAML", "tabs"),
    ("an id without quotes", OPERATOR + "talk:\n  server: @a:b\n", "line 3: this is not", "quotes"),
    ("a colon too many", OPERATOR + "talk:\n  server: a: b\n", "line 3: this is not", "colon"),
    ("an open bracket", "operator: {name: a\n", "this is not valid YAML", "bracket"),
    ("an open list", "operator: [\n", "this is not valid YAML", "bracket"),
    ("an open quote", 'operator: {name: "a\n', "this is not valid YAML", "quote"),
    ("an alias", "a: &x 1\nb: *x\n", "line 2: aliases", "Write the value out"),
    ("an alias inside itself", "a: &x [*x]\n", "line 1: aliases", "Write the value out"),
    ("a tag that runs code", "a: !!python/object/apply:os.getcwd []\n", "config.yaml", ""),
    ("a prefix without quotes", RIGHT + "  prefix: !\n", "talk.prefix must be text, but it is", "quotes"),
    ("a list", "- a\n", "does not hold `key: value` lines", "config.example.yaml"),
    ("a word", "hello\n", "does not hold `key: value` lines", "config.example.yaml"),
    ("nothing", "", "the key operator is missing", "config.example.yaml"),
    ("two documents", RIGHT + "---\na: b\n", "not valid YAML", ""),
    ("a key that is a list", "? [a, b]\n: c\n", "a key must be a plain word", "config.example.yaml"),
    ("depth", "a: " + "[" * 5000 + "]" * 5000, "nested too deeply", "right file"),
    ("a control character", RIGHT + "data: a\x07\n", "not valid YAML", "control characters"),
    ("a password", RIGHT + "  password: hunter2\n", "talk.password holds a secret", "talk.password_file"),
    ("a token", RIGHT + "access_token: abc\n", "line 5: access_token holds a secret", "access_token_file"),
    ("a master key", RIGHT + "master_key: abc\n", "master_key holds a secret", "master_key_file"),
    (
        "a token in another key",
        RIGHT + "data: syt_YW5u_abcdefghijklmnopqrst_0\n",
        "data holds a secret",
        "_file",
    ),
    ("a password in an address", RIGHT.replace("https://", "https://me:pass@"), "holds a secret", "_file"),
    (
        "a token in a list",
        RIGHT + "  invites: [syt_YW5u_abcdefghijklmnopqrst_0]\n",
        "holds a secret",
        "_file",
    ),
]


@pytest.mark.parametrize(("text", "what", "next_step"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_is_wrong_is_said_with_the_next_step(text: str, what: str, next_step: str) -> None:
    """One plain sentence on what is wrong and where, and one on what to do; never a secret in it."""
    with pytest.raises(CannotStart) as refused:
        settings(text)
    assert what in refused.value.what
    assert next_step in refused.value.next_step
    assert refused.value.next_step.endswith((".", "?"))
    assert "`str`" not in str(refused.value)
    for secret in ("hunter2", "syt_", "pass@"):
        assert secret not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Who gave a wrong path sees that path."""
    with pytest.raises(CannotStart, match="There is no file .*nowhere.yaml"):
        read(tmp_path / "nowhere.yaml", SECTIONS, GROUP)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder in place of the file is refused in words."""
    with pytest.raises(CannotStart, match="cannot be read"):
        read(tmp_path, SECTIONS, GROUP)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A file in another encoding is refused in words."""
    file = tmp_path / "config.yaml"
    file.write_bytes("operator: {name: Bär}".encode("latin-1"))
    with pytest.raises(CannotStart, match="not text in UTF-8"):
        read(file, SECTIONS, GROUP)


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    """The wrong file (a disk image, say) is noticed early."""
    file = tmp_path / "config.yaml"
    with file.open("wb") as out:
        out.truncate(5_000_000)
    with pytest.raises(CannotStart, match="too large"):
        read(file, SECTIONS, GROUP)


@given(
    st.text(alphabet=st.sampled_from(list("abtalk: \n-[]{}\"'#&*!|>%@`,?\t0178.é\x00\ud800")), max_size=60)
)
def test_no_text_whatever_ends_in_a_traceback(noise: str) -> None:
    """Any file is either read or refused in words."""
    for text in (noise, RIGHT + noise):
        try:
            settings(text)
        except CannotStart as refused:
            assert refused.what
            assert refused.next_step


@pytest.mark.parametrize(
    ("given", "kept"), [("30d", "30d"), ("'48 H'", "48h"), ("None", "none"), ("null", None)]
)
def test_how_long_backups_are_kept_is_read(given: str, kept: str | None) -> None:
    """Members are told it, so it is in one spelling; not said is not guessed."""
    text = RIGHT.replace("example.org}", f"example.org, backups_kept: {given}}}", 1)
    assert settings(text).operator.backups_kept == kept
    assert settings(RIGHT).operator.backups_kept is None


@pytest.mark.parametrize("given", ["soon", "1h", "-3d", "99999d", "''"])
def test_how_long_backups_are_kept_is_a_number_of_days(given: str) -> None:
    """A line, and how to write it."""
    with pytest.raises(CannotStart) as refused:
        settings(RIGHT.replace("example.org}", f"example.org, backups_kept: {given}}}", 1))
    assert "line 1" in refused.value.what
    assert "30d" in refused.value.next_step
