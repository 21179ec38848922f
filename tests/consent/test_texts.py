"""What people agree to: shipped texts that are never edited, and files that are exact bytes."""

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.consent import FEATURE
from bot.consent.policy import LIMITS
from bot.consent.records import ReceiptRecord, Standing, TermsRecord, TextRecord, Why
from bot.consent.texts import AGE, BASES, agreement_file, base_for, own_words
from bot.consent.wording import DUTY_WORDS, LIMIT_WORDS, NEWS_WORDS
from bot.contract.settings import Policy
from tests.consent.world import SETTINGS, group

PINNED = {
    "1.en": "455c6c6e6f21887e3cc4b0b3d2a2a2c3b051e74a60e19b6c7f481d1177bc28e6",
}
"""Append a line for a new text. Never change one: people hold receipts that name it."""


def test_no_shipped_agreement_was_ever_edited() -> None:
    """Receipts name the SHA-256: an edit in place would make all of them false."""
    assert {base.id: hashlib.sha256(base.body).hexdigest() for base in BASES} == PINNED


def test_the_file_around_the_text_has_not_changed_either() -> None:
    """The lines that are put around the shipped text are part of what people agreed to."""
    body = agreement_file(base_for(Policy({"language": "en"})), 18, "Be kind.")
    assert (
        hashlib.sha256(body).hexdigest() == "a372f03c76980b935ca49224d5178c5a18dcc69579bddf28cdd2c4405139e5bf"
    )


@given(age=st.integers(13, 99), own=st.text(max_size=200))
def test_the_same_terms_give_the_same_bytes_and_others_other_bytes(age: int, own: str) -> None:
    """Deterministic, and different where anything that people agree to is different."""
    base = BASES[0]
    words = own_words(Policy({"agreement": own}))
    body = agreement_file(base, age, words)
    assert body == agreement_file(base, age, words)
    assert body != agreement_file(base, age + 1, words)
    assert body != agreement_file(base, age, words + "x")
    assert body.endswith(b"\n")


def test_a_language_without_an_agreement_gets_the_english_one() -> None:
    """Nobody is asked to agree to nothing."""
    assert base_for(Policy({"language": "xx"})).language == "en"
    assert all(base.language in AGE for base in BASES)


@pytest.mark.parametrize("word", ["none", "None", "  ", "", "\n"])
def test_the_word_none_takes_the_groups_own_words_away(word: str) -> None:
    """A setting has to have some value; `none` is the one for nothing."""
    assert own_words(Policy({"agreement": word})) == ""


def test_every_limit_duty_and_change_has_its_words() -> None:
    """A table with a hole would fail in front of a person."""
    assert tuple(LIMIT_WORDS) == LIMITS == SETTINGS["limits"].choices
    assert tuple(DUTY_WORDS) == SETTINGS["facilitator_duty"].choices
    assert set(NEWS_WORDS) == set(get_args(Why))
    assert SETTINGS["min_age"].least == 13


def test_versions_are_appended_and_never_edited() -> None:
    """Going back to an earlier text is a new version too, and every old one stays readable."""
    world = group("ann")
    first = world.rows_text(1)
    world.change("agreement", "Be kind.")
    second = world.rows_text(2)
    world.change("agreement", "none")
    assert (world.rows_text(1), world.rows_text(2), world.rows_text(3)) == (first, second, first)
    assert world.terms().text == 3


def test_a_change_of_the_limits_alone_keeps_the_text_and_asks_again() -> None:
    """The file's bytes are the same, so its version is; the round is another."""
    world = group("ann")
    world.change("limits", "harm_self, court_order")
    assert (world.terms().text, world.terms().round) == (1, 2)
    world.change("limits", "court_order harm_self")
    assert world.terms().round == 2  # the same set in another order is no change


def test_the_shipped_agreement_is_short_enough_for_a_phone() -> None:
    """At most 250 words, and no sentence of more than 30."""
    for base in BASES:
        words = base.body.decode().split()
        assert len(words) <= 250
        sentences = base.body.decode().replace("\n", " ").replace(":", ".").split(".")
        assert max(len(s.split()) for s in sentences) <= 30


FIRST_BYTES = json.loads((Path(__file__).parent / "first_bytes.json").read_text("utf-8"))
"""One record of each kind as the first release wrote it (base64). Add newer ones, change none."""


@pytest.mark.parametrize("kind", ["receipt", "standing", "terms", "text"])
def test_records_of_the_first_release_can_be_read_for_ever(kind: str) -> None:
    """Whoever agreed under the first release has agreed under every later one."""
    record = FEATURE.codec.decode(base64.b64decode(FIRST_BYTES[kind]))
    match record:
        case Standing(consent=consent):
            assert consent is not None
            assert (consent.round, consent.text, consent.limits) == (1, 1, LIMITS)
            assert consent.until - consent.at == timedelta(days=365)
        case TermsRecord():
            assert (record.round, record.words, record.text, record.limits) == (2, 2, 1, ("court_order",))
        case TextRecord():
            assert record.body == agreement_file(BASES[0], 18, "")
            assert record.sha256 == hashlib.sha256(record.body).hexdigest()
        case ReceiptRecord():
            assert (record.event_state, record.text_version, record.limits_ack) == ("given", 1, LIMITS)
        case _:
            raise AssertionError(kind)
