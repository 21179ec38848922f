"""Every English text reads at grade 8 or easier (Flesch-Kincaid, by textstat).

People read these when they are tired, frightened or grieving, and in a second language.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import textstat
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

ROOT = Path(__file__).parent.parent
FLUENT = sorted([*ROOT.glob("bot/*/texts/en.ftl"), *ROOT.glob("adapters/*/texts/en.ftl")])
AGREEMENTS = sorted(ROOT.glob("bot/*/texts/*/*.en.md"))

GRADE = 8
ENOUGH_WORDS = 15
"""A formula about sentences tells nothing of a label with two words. Shorter texts are measured
together, feature by feature, so that none of them escapes."""

EXCEPTIONS = {
    "consent-limit-harm-others": "what people acknowledged: `facilitator` is its one long word",
    "consent-limit-vulnerable-adult-abuse": "what people acknowledged; `facilitator` again",
    "consent-duty-org-policy": "what people acknowledged; `organisation` cannot be said shorter and be true",
    "consent-no-false-security": "PRACTICE's own words, and just over the line",
}
"""Texts that may be harder, each with its reason."""

NUMBERS = frozenset(
    {
        "agreed",
        "bots",
        "count",
        "fewest",
        "ghosts",
        "least",
        "may",
        "most",
        "people",
        "rest",
        "version",
        "years",
    }
)


class _Variables(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:
        self.found.add(node.id.name)


def _command(_: Any) -> Any:
    return "this"


def _texts() -> dict[str, dict[str, str]]:
    """Every message as somebody would read it, by feature and key: commands become one short word."""
    bundle = FluentBundle(["en"], functions={"CMD": _command}, use_isolating=False)
    names: list[tuple[str, str, set[str]]] = []
    for file in FLUENT:
        source = file.read_text("utf-8")
        bundle.add_resource(FluentResource(source))
        for entry in FluentParser().parse(source).body:
            if isinstance(entry, ftl.Message):
                variables = _Variables()
                variables.visit(entry)
                names.append((file.parent.parent.name, entry.id.name, variables.found))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for feature, key, variables_ in names:
        values: dict[str, Any] = {v: 3 if v in NUMBERS else "Sam" for v in variables_}
        pattern = bundle.get_message(key).value
        assert pattern is not None
        text, errors = bundle.format_pattern(pattern, values)
        assert not errors, f"{key}: {errors}"
        found[feature][key] = re.sub(r"`[^`]*`", "this", str(text).replace("**", ""))
    return found


TEXTS = _texts()
LONG = {
    key: text for texts in TEXTS.values() for key, text in texts.items() if len(text.split()) >= ENOUGH_WORDS
}


def grade(text: str) -> float:
    """The school grade in which this can be read."""
    return float(textstat.flesch_kincaid_grade(text))


@pytest.mark.parametrize("key", LONG)
def test_a_text_reads_at_grade_eight_or_easier(key: str) -> None:
    if key in EXCEPTIONS:
        assert grade(LONG[key]) > GRADE, f"{key} reads easily by now: it is no exception any more"
    else:
        assert grade(LONG[key]) <= GRADE, LONG[key]


@pytest.mark.parametrize("feature", TEXTS)
def test_the_short_texts_of_a_feature_read_together_at_grade_eight_or_easier(feature: str) -> None:
    short = [text for key, text in TEXTS[feature].items() if key not in LONG]
    sentences = [text if text.rstrip().endswith((".", "?", "!", ":")) else f"{text}." for text in short]
    assert grade(" ".join(sentences)) <= GRADE


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda p: p.stem)
def test_what_people_agree_to_reads_at_grade_eight_or_easier(agreement: Path) -> None:
    assert grade(agreement.read_text("utf-8")) <= GRADE


def test_the_measure_tells_plain_words_from_hard_ones() -> None:
    hard = "Notwithstanding organisational confidentiality obligations, participants acknowledge limitations."
    assert grade(hard) > GRADE > grade("What is said here stays here. Be kind to each other.")
    assert AGREEMENTS
    assert not EXCEPTIONS.keys() - LONG.keys()
