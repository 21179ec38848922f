"""The Discord adapter's tests have teeth: each fails on the fault that is planted for it."""

from pathlib import Path

import pytest

from tests.mutants import test_mutants as planting
from tests.mutants.discord import DISCORD
from tests.mutants.mutants import Mutant

tree = planting.tree


@pytest.mark.timeout(planting.LONGEST + 30)
@pytest.mark.parametrize("mutant", DISCORD, ids=lambda m: m.law)
def test_the_fault_in_the_adapter_is_seen(tree: Path, mutant: Mutant) -> None:
    """Like the faults in the core."""
    planting.test_the_fault_is_seen(tree, mutant)
