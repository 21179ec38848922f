"""What a homeserver refuses, mapped once."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters.matrix
from adapters.matrix.errors import (
    LONGEST_WAIT,
    REASONS,
    Refusal,
    TokenRefused,
    must_stop,
    refusal,
    unanswered,
)
from bot.boundary.errors import CannotStart, Undeliverable


@pytest.mark.parametrize("errcode", sorted(REASONS))
def test_every_error_code_has_a_reason_that_the_core_knows(errcode: str) -> None:
    """`EffectFailed` and the texts to facilitators know these reasons and no others."""
    found = refusal(400, {"errcode": errcode})
    assert isinstance(found, Undeliverable)
    assert found.reason in Undeliverable.REASONS
    assert found.errcode == errcode


def test_every_error_code_that_the_adapter_names_is_mapped() -> None:
    """No file decides by a code that the one table does not have."""
    folder = Path(adapters.matrix.__file__).parent
    named = {code for file in folder.glob("*.py") for code in re.findall(r'"(M_[A-Z_]+)"', file.read_text())}
    assert named <= set(REASONS)


@given(
    st.integers(100, 599),
    st.recursive(
        st.none() | st.integers() | st.text() | st.sampled_from(sorted(REASONS)) | st.floats(),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["errcode", "retry_after_ms", "error"]), inner)
        ),
        max_leaves=4,
    ),
    st.dictionaries(st.just("Retry-After"), st.text(max_size=12)),
)
def test_any_answer_at_all_becomes_a_refusal(status: int, body: Any, headers: dict[str, str]) -> None:
    """Also answers that no homeserver should give; a wait is never negative or endless."""
    found = refusal(status, body, headers)
    assert found.reason in Undeliverable.REASONS
    assert found.retry_after is None or 0 <= found.retry_after <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("status", "body", "headers", "reason", "again"),
    [
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}, {}, "rate_limited", 2.5),
        (429, {"retry_after_ms": 500}, {"Retry-After": "3"}, "rate_limited", 3.0),
        (429, None, {}, "rate_limited", 1.0),
        (500, {"errcode": "M_UNKNOWN"}, {}, "unreachable", 1.0),
        (502, None, {}, "unreachable", 1.0),
        (503, {"errcode": "M_FORBIDDEN"}, {}, "unreachable", 1.0),
        (403, {"errcode": "M_FORBIDDEN"}, {}, "forbidden", None),
        (403, None, {}, "forbidden", None),
        (404, {"errcode": "M_NOT_FOUND"}, {}, "gone", None),
        (413, {"errcode": "M_TOO_LARGE"}, {}, "refused", None),
        (400, {"errcode": "M_UNKNOWN"}, {}, "refused", None),
    ],
)  # fmt: skip
def test_the_usual_refusals(
    status: int, body: Any, headers: dict[str, str], reason: str, again: float | None
) -> None:
    """Whether trying again can help, and when."""
    found = refusal(status, body, headers)
    assert (found.reason, found.retry_after) == (reason, again)


def test_no_answer_is_tried_again() -> None:
    """A cut connection says nothing about the request."""
    assert unanswered().retry_after is not None


def test_only_a_person_can_mend_a_refused_token_or_a_closed_account() -> None:
    """The program stops with a plain sentence then, and goes on otherwise."""
    assert isinstance(refusal(401, {"errcode": "M_UNKNOWN_TOKEN"}), TokenRefused)
    assert isinstance(must_stop(refusal(401, {"errcode": "M_UNKNOWN_TOKEN"})), CannotStart)
    assert isinstance(must_stop(refusal(403, {"errcode": "M_USER_DEACTIVATED"})), CannotStart)
    assert must_stop(Refusal("unreachable", 1.0)) is None
    assert must_stop(refusal(502, None)) is None
