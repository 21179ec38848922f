"""The section of config.yaml and its secret files."""

from pathlib import Path
from typing import Any

import pytest

from adapters.matrix import MatrixSection
from adapters.matrix.section import check, may_invite, secret
from bot.boundary.errors import CannotStart

GOOD: dict[str, Any] = {
    "homeserver": "https://x.org",
    "user_id": "@keeper:x.org",
    "password_file": "pw",
    "accept_invites_from": ["*:x.org", "@ann:y.org"],
}


def test_a_good_section_is_taken() -> None:
    """And one with a token in place of the password."""
    check(MatrixSection(**GOOD))
    check(MatrixSection(**(GOOD | {"password_file": None, "access_token_file": "t"})))


@pytest.mark.parametrize(
    "wrong",
    [
        {"homeserver": "x.org"},
        {"homeserver": "ftp://x.org"},
        {"user_id": "keeper"},
        {"password_file": None},
        {"access_token_file": "both"},
        {"prefix": ""},
        {"prefix": "a"},
        {"accept_invites_from": ["x.org"]},
        {"accept_invites_from": ["*"]},
        {"accept_invites_from": ["*ann:x.org"]},
    ],
)
def test_what_cannot_work_is_refused_with_a_next_step(wrong: dict[str, Any]) -> None:
    """Before anything is connected."""
    with pytest.raises(CannotStart) as refused:
        check(MatrixSection(**(GOOD | wrong)))
    assert refused.value.next_step


def test_only_those_named_may_add_the_bot() -> None:
    """Full ids, or everybody of one server; no server that merely ends the same."""
    section = MatrixSection(**GOOD)
    assert may_invite(section, "@ben:x.org")
    assert may_invite(section, "@ann:y.org")
    assert not may_invite(section, "@ben:y.org")
    assert not may_invite(section, "@ben:evil-x.org")
    assert not may_invite(section, "@ben:x.org:8448")
    assert not may_invite(section, "")
    assert not may_invite(MatrixSection(**(GOOD | {"accept_invites_from": []})), "@ben:x.org")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """INTERFACE.md."""
    file = tmp_path / "pw"
    file.write_text("hush")
    file.chmod(mode)
    with pytest.raises(CannotStart, match="other users"):
        secret(tmp_path, "pw")


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb", b"x" * 5000, b"\xff\xfe"])
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    """One line, and not a whole document."""
    file = tmp_path / "pw"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(CannotStart) as refused:
        secret(tmp_path, "pw")
    assert "hush" not in str(refused.value)


def test_a_secret_is_read_without_its_line_end(tmp_path: Path) -> None:
    """Editors put one there. A missing file is refused."""
    file = tmp_path / "pw"
    file.write_text("hush \n")
    file.chmod(0o600)
    assert secret(tmp_path, "pw") == "hush "
    with pytest.raises(CannotStart):
        secret(tmp_path, "nothing")
    with pytest.raises(CannotStart):
        secret(tmp_path, ".")
