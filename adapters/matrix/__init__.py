"""Matrix: unencrypted rooms on a real homeserver. matrix-nio carries the requests."""

import logging
from pathlib import Path

from adapters.matrix.platform import Matrix
from adapters.matrix.section import MatrixSection, check
from bot.boundary.ports import Cabinet, Clock, Platform

NAME = "matrix"
SECTION = MatrixSection
TEXTS = Path(__file__).parent / "texts"

# nio prints message content at WARNING and whole answers at DEBUG (PLATFORMS.md).
logging.getLogger("nio").setLevel(logging.CRITICAL + 1)


def connect(section: MatrixSection, cabinet: Cabinet, clock: Clock, base: Path) -> Platform:
    """The account of a config section. No I/O. Raises `CannotStart` where it cannot work."""
    check(section)
    return Matrix(section, cabinet, clock, base)


__all__ = ["NAME", "SECTION", "TEXTS", "MatrixSection", "connect"]
