"""The small markup -> messages that ping nobody, escape everything and fit."""

import json
import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from adapters.matrix.markup import contents, html, split

TEXT = st.text(alphabet=st.sampled_from("ab<>&\"'`*\n é😀\\/"), max_size=400)
ALLOWED = {"strong", "code", "pre", "br"}


class Tags(HTMLParser):
    """Collects what is markup in a piece of HTML, and what is words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes are never written."""
        assert not attrs
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        """Words between the tags."""
        self.words += data


@given(TEXT)
def test_nothing_that_people_write_becomes_html(text: str) -> None:
    """Only the four tags of the markup, never an attribute, and every sign of the words is there."""
    seen = Tags()
    seen.feed(html(text))
    seen.close()
    assert seen.tags <= ALLOWED
    signs = re.compile(r"[\s`*]")
    assert signs.sub("", seen.words) == signs.sub("", text)


def test_the_markup_is_shown() -> None:
    """Bold, code and blocks; line ends stay."""
    assert html("**a** `b`\nc") == "<strong>a</strong> <code>b</code><br>c"
    assert html("x\n```\n{\n}\n```\ny") == "x<pre><code>{\n}</code></pre>y"


@given(st.text(alphabet=st.sampled_from('<&"é\n `'), min_size=1, max_size=3000), st.integers(1, 40))
def test_every_part_fits_into_an_event(text: str, times: int) -> None:
    """Below 60 kB of JSON, the text in it twice, whatever the signs are."""
    for content in contents(text * times, "m.text"):
        assert len(json.dumps(content, ensure_ascii=False).encode()) < 60_000
        assert content["m.mentions"] == {}


def test_a_long_block_stays_a_block_in_every_part() -> None:
    """The JSON of `mydata` is cut into blocks, and nothing of it is lost."""
    lines = [f'"{n}": "value"' for n in range(2000)]
    parts = list(split("Here it is:\n```\n" + "\n".join(lines) + "\n```"))
    assert len(parts) > 1
    assert all(part.count("```") == 2 for part in parts)
    assert [line for part in parts for line in part.split("\n") if line.startswith('"')] == lines


@given(st.text(max_size=50))
def test_short_text_is_one_message_with_the_same_words(text: str) -> None:
    """Clients without HTML show the body."""
    assert [c["body"] for c in contents(text, "m.notice")] == [text]
