"""The tree itself: what is tracked, locked and packaged holds on any machine."""

import re
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = [name for name in done.stdout.decode().split("\0") if name]
    # Without git (an unpacked archive) everything that is there counts.
    paths = [ROOT / name for name in names] or [
        p
        for folder in ("bot", "adapters", "tests", "docs")
        for p in (ROOT / folder).rglob("*")
        if "__pycache__" not in p.parts
    ]
    return [path for path in paths if path.is_file()]


def words(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_the_lock_names_no_host_and_pins_every_line() -> None:
    """`--no-emit-index-url`: it installs from wherever pip is told to look, and only what was hashed."""
    text = words(LOCK)
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text
    blocks = re.split(r"\n(?=\S)", text.split("\n", 2)[2])
    for block in blocks:
        assert re.match(r"[\w.\[\]-]+==[\w.+!]+(?: ; .*)? \\", block), block[:80]
        assert "--hash=sha256:" in block


def test_the_lock_has_all_that_the_program_declares() -> None:
    """pyproject.toml and requirements.in ask for nothing that is not pinned."""
    pinned = {
        name.casefold().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", words(LOCK), re.MULTILINE)
    }
    asked = re.findall(r"^([A-Za-z][\w.-]*)", words(ROOT / "requirements.in"), re.MULTILINE)
    declared = re.search(
        r"^dependencies = \[(.*?)^\]", words(ROOT / "pyproject.toml"), re.DOTALL | re.MULTILINE
    )
    assert declared
    for name in [*asked, *re.findall(r'"([A-Za-z][\w.-]*)', declared[1])]:
        assert name.casefold().replace("_", "-").replace(".", "-") in {p.replace(".", "-") for p in pinned}, (
            name
        )


def test_no_file_holds_a_path_of_one_machine() -> None:
    """Homes, mounts and work folders of whoever wrote it."""
    path = re.compile(r"(?<![\w.:/])/(?:home|root|work|farm|Users)/[a-z.]", re.IGNORECASE)
    found = [str(p.relative_to(ROOT)) for p in tracked() if p.suffix != ".lock" and path.search(words(p))]
    assert found == []


def test_no_file_holds_a_stub_or_a_doubt() -> None:
    """What is not done is not in the tree; what is done is tested as it is, not as a mock."""
    signs = (
        "NotImplemented" + "Error",
        "# TO" + "DO",
        "# FIX" + "ME",
        "unittest." + "mock",
        "Magic" + "Mock",
    )
    found = [
        (str(p.relative_to(ROOT)), s) for p in tracked() if p.suffix == ".py" for s in signs if s in words(p)
    ]
    assert found == []


@pytest.mark.parametrize("name", [".ci/run"])
def test_what_is_to_be_run_can_be_run(name: str) -> None:
    """The executable bit is tracked."""
    assert (ROOT / name).stat().st_mode & 0o111


@pytest.mark.parametrize("group", ["adapters", "storage", "services", "playground"])
def test_every_entry_point_can_be_loaded(group: str) -> None:
    """What the installed package promises is there."""
    found = list(entry_points(group=f"circlekeeper.{group}"))
    assert found
    for entry in found:
        assert entry.load() is not None


def test_every_package_is_a_package_and_every_text_is_packaged() -> None:
    """A folder without `__init__.py` or a kind of file that is not named would be missing once installed."""
    patterns = set(re.findall(r'"\*\*/\*(\.\w+)"', words(ROOT / "pyproject.toml"))) | {".py", ".typed"}
    for path in tracked():
        if path.relative_to(ROOT).parts[0] in ("bot", "adapters"):
            assert path.suffix in patterns, path
            if path.suffix == ".py":
                assert (path.parent / "__init__.py").exists(), path
