"""What a run has measured: said at its end, each figure beside its goal."""

import math
from collections.abc import Sequence


class Figures:
    """The lines of the report, in the order in which they were measured."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def at_most(self, what: str, value: float, unit: str, goal: float) -> None:
        """A figure that should not be above its goal."""
        self._add(what, f"{value:,.3g} {unit}", f"<= {goal:g}", value <= goal)

    def at_least(self, what: str, value: float, unit: str, goal: float) -> None:
        """A figure that should not be below its goal."""
        self._add(what, f"{value:,.0f} {unit}", f">= {goal:,g}", value >= goal)

    def times_at_most(self, what: str, ours: float, floor: float, unit: str, goal: float) -> None:
        """Ours as a multiple of the floor's, which should be small."""
        self._add(what, _beside(ours, floor, unit), f"<= {goal:g}x", ours <= goal * floor)

    def times_at_least(self, what: str, ours: float, floor: float, unit: str, goal: float) -> None:
        """Ours as a multiple of the floor's, which should be large."""
        self._add(what, _beside(ours, floor, unit), f">= {goal:g}x", ours >= goal * floor)

    def note(self, what: str, value: str) -> None:
        """A figure without a goal."""
        self._say(f"{what}: {value}")

    def _add(self, what: str, value: str, goal: str, reached: bool) -> None:
        self._say(f"{what}: {value} (goal {goal}: {'reached' if reached else 'MISSED'})")

    def _say(self, line: str) -> None:
        print(f"\n{line}", flush=True)
        self.lines.append(line)


def _beside(ours: float, floor: float, unit: str) -> str:
    return f"{ours:,.4g} {unit} beside {floor:,.4g}, {ours / floor:.2f}x"


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that so large a part of the values does not exceed.

    >>> percentile([1, 2, 3, 4], 0.5)
    2
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]
