"""Every law's test has teeth: it fails on the fault that is planted for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.mutants import MUTANTS, Mutant

ROOT = Path(__file__).parent.parent.parent
LONGEST = 240
"""Seconds for one mutant's test."""
HANGS_AFTER = "60"
"""Seconds after which a single test hangs: some faults make a story wait for ever, and are seen by that."""
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules")


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code and its tests, in which faults can be planted."""
    copy = tmp_path_factory.mktemp("mutants") / "tree"
    for folder in ("bot", "adapters", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=LEFT_OUT)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.mark.timeout(LONGEST + 30)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.law)
def test_the_fault_is_seen(tree: Path, mutant: Mutant) -> None:
    """The fault stands where it is said to stand, and the test fails on it for that reason."""
    file = tree / mutant.file
    sound = file.read_text("utf-8")
    assert sound.count(mutant.before) == 1, "the fault's place has changed: plant it anew"
    file.write_text(sound.replace(mutant.before, mutant.after), "utf-8")
    try:
        ran = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-x",
                "-q",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:xdist",
                "--timeout",
                HANGS_AFTER,
                "--hypothesis-seed=0",  # by chance a random history may miss a fault: the same ones each time
                mutant.test,
            ],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    finally:
        file.write_text(sound, "utf-8")
    assert ran.returncode == 1, (
        f"no test failed on the planted fault:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
    )
    assert "failed" in ran.stdout
