"""The long form of `setup` is read as people type and paste it, and never guessed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.group.longform import Misread, nearest, read, split

KEYS = {"gate": False, "grace": False, "facilitators": False, "contact": True, "agreement": True}

_quoted = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
_bare = st.from_regex(r"[A-Za-z0-9@:.]{1,12}", fullmatch=True).filter(lambda w: w.casefold() not in KEYS)


def in_quotes(text: str) -> str:
    """A text as somebody careful would quote it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(st.dictionaries(st.sampled_from(sorted(KEYS)), _quoted))
def test_whatever_is_put_in_quotes_comes_back_as_it_was(values: dict[str, str]) -> None:
    """Quotes are a promise: the text in them is the value, whatever is in it."""
    line = " ".join(f"{key} {in_quotes(value)}" for key, value in values.items())
    assert read(line, KEYS) == values


@given(st.dictionaries(st.sampled_from(sorted(KEYS)), _bare))
def test_single_bare_words_need_no_quotes(values: dict[str, str]) -> None:
    """`gate mute grace 7d` in any order, with any spaces."""
    line = "  ".join(f"{key.upper()}\n{value}" for key, value in values.items())
    assert read(line, KEYS) == values


@given(st.lists(_bare, min_size=1, max_size=6))
def test_the_last_text_may_be_several_bare_words(words: list[str]) -> None:
    """`contact Ann, 555 0100` at the end takes the rest of the line, as it stands."""
    text = " ".join(words)
    assert read(f"gate mute contact {text}", KEYS) == {"gate": "mute", "contact": text}


@given(st.text(max_size=200))
def test_any_words_are_read_or_refused_and_nothing_else(line: str) -> None:
    """No input makes it fail in another way, and what is read is made of known keys only."""
    try:
        values = read(line, KEYS)
    except Misread:
        return
    assert set(values) <= set(KEYS)


@given(st.text(max_size=200))
def test_splitting_keeps_every_bare_word(line: str) -> None:
    """Where there are no quotes, splitting is what every shell does."""
    if any(quote in line for quote in "\"'“”„«‘"):
        return
    assert [w.text for w in split(line)] == line.split()


REFUSED = [
    ('contact "Ann', "group-misread-quote", "a quote that is never closed"),
    ("gaet mute", "group-misread-key-nearest", "a slip of the finger"),
    ("wallpaper blue", "group-misread-key", "nothing that exists is near"),
    ("gate", "group-misread-value", "a key without a value"),
    ("gate mute gate door", "group-misread-twice", "two values for one key: which one?"),
    ("contact Ann Smith gate mute", "group-misread-quotes", "where does the text end?"),
    ("gate mute zzzz", "group-misread-quotes", "only a text takes the rest"),
    ("contact Ann gate", "group-misread-value", "a key's name in bare words is that key"),
    ('"gate" mute', "group-misread-key-nearest", "a quoted word is a text, no key"),
]


@pytest.mark.parametrize(("line", "key", "why"), REFUSED)
def test_what_is_not_certain_is_refused_with_its_reason(line: str, key: str, why: str) -> None:
    """Nothing is guessed: a wrong guess would change the group for others."""
    with pytest.raises(Misread) as refused:
        read(line, KEYS)
    assert refused.value.key == key, why


TAKEN = [
    ("contact Ann's sister", {"contact": "Ann's sister"}, "an apostrophe is no quote"),
    ("contact “Ann, 555 0100” gate mute", {"contact": "Ann, 555 0100", "gate": "mute"}, "a phone's quotes"),
    ("contact „Anna B“ gate mute", {"contact": "Anna B", "gate": "mute"}, "a German keyboard's quotes"),
    ("contact 'it's me' gate mute", {"contact": "it's me", "gate": "mute"}, "an apostrophe in single quotes"),
    ("facilitators @a:x, @b:x gate mute", {"facilitators": "@a:x, @b:x", "gate": "mute"}, "spaces in a list"),
    ("facilitators @a:x ,@b:x", {"facilitators": "@a:x ,@b:x"}, "a comma on the other side"),
    ("GATE mute", {"gate": "mute"}, "case of keys does not matter"),
    ("contact Ann, gate mute", {"contact": "Ann,", "gate": "mute"}, "a text's comma joins nothing"),
    ("", {}, "no words"),
]


@pytest.mark.parametrize(("line", "values", "why"), TAKEN)
def test_what_people_really_type_is_taken(line: str, values: dict[str, str], why: str) -> None:
    """Apostrophes, curly quotes, lists with spaces."""
    assert read(line, KEYS) == values, why


def test_the_nearest_key_is_found_in_any_spelling() -> None:
    """`Crisis-Contact` is the key itself; `crisis` is near it."""
    keys = ("crisis_contact", "contact", "gate")
    assert nearest("Crisis-Contact", keys) == "crisis_contact"
    assert nearest("gatee", keys) == "gate"
    assert nearest("qqq", keys) is None
