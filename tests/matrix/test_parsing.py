"""Answers of the homeserver -> JSON, whatever is in one of the events."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matrix.parsing import DEEPEST, clean, flattened, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@pytest.mark.parametrize("depth", [950, 1_000, 15_000, 100_000])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_one_deep_event_hides_no_other(depth: int, brackets: str) -> None:
    """Nesting 15,000 deep crashes a parser; the events around it must still be seen."""
    opening = brackets[0] if brackets == "[]" else '{"a":'
    bomb = opening * depth + "1" + brackets[1] * depth
    answer = f'{{"events": [{{"n": 1}}, {bomb}, {{"n": "]}}"}}]}}'.encode()
    events = parse(answer)["events"]
    assert (events[0], events[2]) == ({"n": 1}, {"n": "]}"})


@given(JSON)
def test_what_is_not_too_deep_stays_as_it_is(value: object) -> None:
    """Flattening touches nothing within the limit."""
    text = json.dumps(value)
    assert flattened(text) == text
    assert parse(text.encode()) == value


def test_nothing_deeper_than_the_limit_is_left() -> None:
    """The replaced part is null, siblings stay."""
    text = "[" * (DEEPEST + 5) + "]" * (DEEPEST + 5)
    assert flattened(f"[{text}, 2]").count("[") == DEEPEST
    assert json.loads(flattened(f"[{text}, 2]"))[1] == 2


@pytest.mark.parametrize("answer", [b"", b"<html>", b'{"a": ', b"[" * 5000, b'{"a": [1, 2'])
def test_what_is_cut_off_or_no_json_is_refused(answer: bytes) -> None:
    """Then the same is asked for again."""
    with pytest.raises(ValueError, match=r".*"):
        parse(answer)


def test_numbers_without_end_and_half_characters_do_no_harm() -> None:
    """Python refuses to read very long numbers, and to write lone surrogates."""
    found = parse(b'{"n": ' + b"9" * 6000 + b', "s": "\\ud800", "x": NaN}')
    assert found["n"] == 0
    assert clean(found["s"]).encode() == b"?"
    assert found["x"] is None
