"""What the measurements share: the report, and a real homeserver."""

import pytest

from bench.figures import Figures
from tests.conftest import homeserver

__all__ = ["figures", "homeserver"]

REPORT = pytest.StashKey[Figures]()


def pytest_configure(config: pytest.Config) -> None:
    """One report for the whole run."""
    config.stash[REPORT] = Figures()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was measured."""
    terminalreporter.section("measured")
    for line in config.stash[REPORT].lines:
        terminalreporter.write_line(line)


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> Figures:
    """Where a measurement says what it found."""
    return pytestconfig.stash[REPORT]
