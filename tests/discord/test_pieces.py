"""The adapter's pieces by themselves: pages, forms, errors, who has the role, words."""

import aiohttp
import discord
import pytest
from fluent.syntax import FluentParser, ast
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import TEXTS, errors, forms
from adapters.discord.client import _route
from adapters.discord.examining import NAMES
from adapters.discord.groups import Group, Groups, room_id
from adapters.discord.holders import Holders
from adapters.discord.messages import FENCE, LONGEST, harmless, length, pages, rows, split
from adapters.discord.words import say
from adapters.memory import MemoryStore
from bot.boundary.effects import TICKED
from bot.boundary.errors import CannotStart, Undeliverable
from bot.boundary.ids import MemberId
from bot.boundary.steps import FormField, ShowForm


@settings(deadline=None)
@given(st.text(max_size=9000))
def test_pages_hold_all_words_and_none_is_too_long(text: str) -> None:
    """Whatever is broken apart comes together again, but for the room between."""
    parts = split(text)
    assert all(0 < length(part) <= LONGEST for part in parts)
    squeezed = "".join("".join(parts).split()).replace("…", "")
    assert squeezed.replace("`", "") == "".join(text.split()).replace("…", "").replace("`", "")


def test_a_code_block_that_is_broken_goes_on_in_the_next_page() -> None:
    """Each page is whole by itself."""
    parts = split(f"before\n{FENCE}\n" + "line of a block\n" * 300 + f"{FENCE}\nafter")
    assert len(parts) > 2
    assert all(part.count(FENCE) % 2 == 0 for part in parts)


def test_no_message_pings_and_no_name_becomes_a_link() -> None:
    """`allowed_mentions` is none on every page."""
    made = pages("@everyone " * 500 + "[click](http://a.b)")
    assert all(page.body["allowed_mentions"] == {"parse": []} for page in made)
    assert "](" not in harmless("[click](http://a.b)")


def test_many_buttons_stand_in_rows_of_five() -> None:
    """And long labels are cut."""
    made = rows([("x" * 100, str(n)) for n in range(12)])
    assert [len(row["components"]) for row in made] == [5, 5, 2]
    assert all(len(b["label"]) <= 80 for row in made for b in row["components"])


TICKS = FormField(name="_boxes", label="Tick", kind="ticks", ticks=("one", "two"), required=True)
FORM = ShowForm(
    room=room_id(7), to=MemberId("discord", "1"), name="consent", sub="understood",
    title="t", labels={}, values={"_version": "3"}, fields=(TICKS,),
)  # fmt: skip


def test_every_box_must_be_ticked() -> None:
    """Checked again when it comes back: a client may send what it likes."""
    made = forms.modal(FORM, None)
    assert made is not None
    box = made["components"][0]["component"]
    assert (box["min_values"], box["max_values"]) == (2, 2)
    for values, wanted in ((["1", "2"], {"_boxes": TICKED}), (["1"], None), ([], None)):
        sent = [{"type": 18, "component": {"type": 22, "custom_id": box["custom_id"], "values": values}}]
        assert forms.filled_in(sent) == wanted


class Response:
    """As much of an answer as discord.py's errors look at."""

    def __init__(self, status: int) -> None:
        self.status, self.reason = status, ""


def http(status: int, code: int) -> discord.HTTPException:
    """An error as Discord sends it."""
    kinds = {403: discord.Forbidden, 404: discord.NotFound, 500: discord.DiscordServerError}
    kind = kinds.get(status, discord.HTTPException)
    return kind(Response(status), {"code": code, "message": "secret words"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "reason", "again"),
    [
        (http(403, 50007), "closed", False),
        (http(400, 50278), "closed", False),
        (http(403, 50013), "forbidden", False),
        (http(403, 50001), "forbidden", False),
        (http(404, 10008), "gone", False),
        (http(404, 0), "gone", False),
        (http(400, 10062), "gone", False),
        (http(400, 40003), "rate_limited", True),
        (http(429, 0), "rate_limited", True),
        (http(400, 50035), "refused", False),
        (http(500, 0), "unreachable", True),
        (discord.RateLimited(7.0), "rate_limited", True),
        (aiohttp.ClientConnectionError(), "unreachable", True),
        (TimeoutError(), "unreachable", True),
        (RuntimeError("Session is closed"), "unreachable", True),
        (Undeliverable("gone"), "gone", False),
    ],
)
def test_every_error_is_one_of_ours(error: Exception, reason: str, again: bool) -> None:
    """With when to try again, if ever, and none of the platform's words."""
    found = errors.undeliverable(error)
    assert found.reason == reason
    assert (found.retry_after is not None) is again
    assert "secret" not in str(found)


class Socket:
    """As much of a connection as discord.py's errors look at."""

    close_code = 0


def test_what_a_person_must_mend_ends_the_program() -> None:
    """Everything else is waited out."""
    for code, ends in ((4004, True), (4011, True), (4013, True), (4014, True), (4000, False), (1006, False)):
        closed = discord.ConnectionClosed(Socket(), shard_id=None, code=code)  # type: ignore[arg-type]
        assert isinstance(errors.must_stop(closed), CannotStart) is ends


async def test_the_bots_own_doing_is_nobody_elses_hand_and_a_hand_is_seen() -> None:
    """Also where Discord's news comes early, late, or twice."""
    store = MemoryStore()
    holders = Holders(store, 7)
    await holders.begin(1)
    assert not holders.seen(1, True)
    await holders.end(1, True)
    assert not holders.seen(1, True)
    assert holders.seen(1, False), "taken right after"
    await holders.begin(2)
    await holders.end(2, True)
    assert not holders.seen(2, False), "older news"
    assert not holders.seen(2, True)
    assert holders.seen(3, True)
    await holders.begin(4)
    again = Holders(store, 7)
    await again.load()
    again.accept({1, 2, 3, 4})
    assert again.has(2)
    assert not again.seen(4, True), "it was in the middle of that"
    await again.clear()
    last = Holders(store, 7)
    await last.load()
    assert last.all() == set()


async def test_groups_are_read_back_as_they_were_kept() -> None:
    """Over a restart; a dropped one is gone."""
    store = MemoryStore()
    groups = Groups(store)
    await groups.put(Group(channel=1, server=2, gate="mute", held="role", role=3))
    await groups.put(Group(channel=4, server=2))
    await groups.drop(4)
    again = Groups(store)
    await again.load()
    assert again.all() == (Group(channel=1, server=2, gate="mute", held="role", role=3),)


@pytest.mark.parametrize(
    ("path", "template", "major"),
    [
        ("/channels/12/messages", "/channels/{channel_id}/messages", "12"),
        ("/guilds/3/members/4/roles/5", "/guilds/{guild_id}/members/{id_3}/roles/{id_5}", "3"),
        ("/webhooks/6/tok/messages/@original", "/webhooks/{webhook_id}/{webhook_token}/messages/{id_4}", "6"),
        ("/interactions/7/tok/callback", "/interactions/{webhook_id}/{webhook_token}/callback", "7"),
        ("/users/@me/channels", "/users/@me/channels", ""),
    ],
)
def test_requests_are_counted_as_discord_limits_them(path: str, template: str, major: str) -> None:
    """By route and by the first id in it: one channel's messages do not wait for another's."""
    route = _route("POST", path)
    assert route.path == template
    assert route.url.replace("%40", "@").endswith(path)
    assert major in str(route.major_parameters)


def test_every_text_of_the_adapter_is_used_and_says_where_to_click() -> None:
    """What is missing is named with where to click, or with what to type."""
    messages = {
        entry.id.name
        for entry in FluentParser().parse((TEXTS / "en.ftl").read_text("utf-8")).body
        if isinstance(entry, ast.Message)
    }
    code = "".join(file.read_text("utf-8") for file in TEXTS.parent.glob("*.py"))
    assert not {name for name in messages if f'"{name}"' not in code}
    for name in messages:
        if name.startswith("discord-missing-"):
            assert any(w in say(name) for w in ("On Discord", "`/setup start`", "same switch", "portal"))
    assert set(NAMES) <= messages
