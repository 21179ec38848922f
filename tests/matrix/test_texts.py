"""The adapter's own words."""

from fluent.syntax import ast, parse

from adapters.matrix import TEXTS
from adapters.matrix.view import WORDS


def test_every_power_that_can_be_missing_is_named_with_where_to_click() -> None:
    """INTERFACE.md: missing powers are named, with the steps to repair by hand."""
    messages = {
        entry.id.name: entry
        for entry in parse((TEXTS / "en.ftl").read_text()).body
        if isinstance(entry, ast.Message)
    }
    assert set(messages) == set(WORDS.values())
    assert all("Roles & Permissions" in str(m.value and m.value.elements[0].value) for m in messages.values())  # type: ignore[union-attr]
