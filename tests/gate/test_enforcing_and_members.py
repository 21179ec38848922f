"""What facilitators see and decide: `members`, `members admit`, `group enforce`."""

import pytest

from bot.boundary.capabilities import Gate
from bot.boundary.effects import Hold, Remove
from bot.boundary.events import MemberLeft
from bot.contract.facts import ConsentDeclined, ConsentEnded, PrivacyShown, SetupFinished
from tests.gate.scene import FAY, NO_LEVELS, POWERLESS, Scene
from tests.support.here import member


def test_enforcing_shows_how_many_and_waits() -> None:
    """A command that changes something for others shows it first."""
    scene = Scene("ann", "bob", "cal", gate="mute")
    scene.agrees("ann", "fay")
    decision = scene.command("group enforce")
    said = scene.told(FAY)[-1]
    assert decision.awaits_confirm
    assert "2 people who came in before" in said
    assert all(name not in said.casefold() for name in ("bob", "cal "))
    assert scene.takes_part("bob")


def test_enforcing_mute_holds_those_who_have_not_agreed_and_tells_them_how_to_go_on() -> None:
    """Who agreed is never touched; everybody else hears it in private, paced."""
    scene = Scene("ann", "bob", gate="mute")
    scene.agrees("ann", "fay")
    scene.command("group enforce", confirmed=True)
    assert scene.takes_part("ann")
    assert not scene.takes_part("bob")
    assert "!consent" in scene.told("bob")[-1]
    assert scene.told("ann") == []
    assert scene.announced() == []
    scene.agrees("bob")
    assert scene.takes_part("bob")


def test_enforcing_where_levels_cannot_be_used_takes_down() -> None:
    """The gate holds by taking down."""
    scene = Scene("bob", gate="mute", can=NO_LEVELS)
    scene.agrees("fay")
    scene.command("group enforce", confirmed=True)
    assert scene.effects(Hold) == []
    assert scene.taken_down("bob")


def test_enforcing_door_lets_out_who_has_not_agreed() -> None:
    """And nobody else."""
    scene = Scene("ann", "bob", gate="door")
    scene.agrees("ann", "fay")
    scene.command("group enforce", confirmed=True)
    assert [e.who for e in scene.effects(Remove) if isinstance(e, Remove)] == [member("bob")]


def test_enforcing_under_notice_says_that_nothing_is_enforced() -> None:
    """`notice`: asked, nothing enforced."""
    scene = Scene("bob", gate="notice")
    decision = scene.command("group enforce", confirmed=True)
    assert "nothing to enforce" in scene.told(FAY)[-1]
    assert decision.changes == ()


def test_enforcing_without_power_says_what_to_mend() -> None:
    """Nobody's pass is ended for a gate that cannot hold."""
    scene = Scene("bob", gate="door")
    scene.can = POWERLESS
    decision = scene.command("group enforce", confirmed=True)
    assert "Give me the power to change who can come in" in scene.told(FAY)[-1]
    assert decision.changes == ()


def test_enforcing_with_nobody_left_says_so() -> None:
    """A preview of nothing would only worry people."""
    scene = Scene("bob", gate="mute")
    scene.agrees("fay", "bob")
    decision = scene.command("group enforce")
    assert not decision.awaits_confirm
    assert "nobody here" in scene.told(FAY)[-1]


def test_enforcing_names_bots_and_says_how_to_keep_one() -> None:
    """They cannot agree: only a facilitator exempts them."""
    scene = Scene(set_up=False, gate="mute")
    scene.enter("helper", kind="bot")
    scene.enter("mod", kind="bot")
    scene.fact(SetupFinished, by=member(FAY), first=True)
    scene.agrees(FAY)
    scene.command("members admit", who="@mod")
    scene.command("group enforce")
    said = scene.told(FAY)[-1]
    assert "Helper (@helper)" in said
    assert "@mod" not in said
    scene.command("group enforce", confirmed=True)
    assert not scene.takes_part("helper")
    assert scene.takes_part("mod")


def test_a_facilitator_who_has_not_agreed_is_warned() -> None:
    """Facilitators agree like everyone else."""
    scene = Scene(gate="mute")
    scene.command("group enforce")
    assert "You are one of them" in scene.told(FAY)[-1]


def test_a_facilitator_cannot_shut_themselves_out() -> None:
    """Under `door` nobody would be left inside who could open it again."""
    scene = Scene("bob", gate="door")
    decision = scene.command("group enforce", confirmed=True)
    assert decision.changes == ()
    assert "let you out as well" in scene.told(FAY)[-1]


def test_a_guest_can_take_part_until_facilitators_decide() -> None:
    """The end of a guest pass mutes nobody: facilitators are told and choose."""
    scene = Scene(gate="mute")
    scene.enter("ann")
    scene.command("members admit", who="@ann", time="72h")
    assert scene.takes_part("ann")
    assert "guest pass until" in scene.told("ann")[-1]
    scene.command("group enforce", confirmed=True)
    assert scene.takes_part("ann"), "a pass that still runs is kept"
    scene.later(hours=73)
    assert scene.takes_part("ann")
    assert "has run out" in scene.alerts()[-1]
    assert "3 more days" in scene.alerts()[-1]
    scene.command("group enforce", confirmed=True)
    assert not scene.takes_part("ann")


def test_facilitators_read_the_same_of_a_guest_who_agreed() -> None:
    """Law 3: neither the answer nor the end of a pass tells who has agreed."""
    said = []
    for agreed in (True, False):
        scene = Scene(gate="mute")
        scene.enter("ann")
        if agreed:
            scene.agrees("ann")
        scene.command("members admit", who="@ann", time="72h")
        scene.later(hours=73)
        said.append(scene.told(FAY))
    assert said[0] == said[1]


def test_a_longer_guest_pass_replaces_the_shorter_one() -> None:
    """The timer of the pass before does nothing."""
    scene = Scene(gate="mute")
    scene.enter("ann")
    scene.command("members admit", who="@ann", time="1h")
    scene.command("members admit", who="@ann", time="0s")
    scene.later(hours=5)
    assert scene.alerts() == []
    assert scene.takes_part("ann")


def test_a_guest_pass_ends_with_leaving() -> None:
    """By the guest's own act."""
    scene = Scene(gate="mute")
    scene.enter("ann")
    scene.command("members admit", who="@ann", time="1h")
    scene.people.pop(member("ann"))
    scene.event(MemberLeft, who=member("ann"))
    scene.later(hours=2)
    assert scene.alerts() == []
    assert all(key.member != member("ann") for key in scene.rows)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"who": "@nobody"}, "cannot find that person"),
        ({"who": "@keeper"}, "cannot find that person"),
        ({"who": "@ann", "time": "366d"}, "365 days at most"),
    ],
)
def test_a_guest_pass_that_cannot_be_given_says_why(values: dict[str, str], says: str) -> None:
    """And changes nothing."""
    scene = Scene("ann", gate="mute")
    decision = scene.command("members admit", confirmed=False, **values)
    assert says in scene.told(FAY)[-1]
    assert decision.changes == ()


def test_members_shows_numbers_never_why() -> None:
    """INTERFACE.md: who may take part, or not yet, in numbers."""
    scene = Scene("ann", "bob", gate="mute")
    scene.enter("new")
    scene.enter("helper", kind="bot")
    scene.agrees("ann")
    scene.command("members show")
    said = scene.told(FAY)[-1]
    assert "People here: 4\nMay take part: 3\nNot yet: 1" in said
    assert "would change something for 2 people" in said
    assert "Helper (@helper)" in said
    assert all(f"@{name}" not in said for name in ("ann", "bob", "new"))


def test_members_under_notice_shows_how_many_have_agreed() -> None:
    """Everybody may take part; the number helps to decide about a gate."""
    scene = Scene("ann", "bob", gate="notice")
    scene.agrees("ann")
    scene.command("members")
    assert "Have agreed: 1\nNot yet: 2" in scene.told(FAY)[-1]


def test_members_counts_who_waits_outside() -> None:
    """Knocking is visible to everybody; a number helps facilitators to see it."""
    scene = Scene(gate="door")
    scene.enter("ann", presence="knocking")
    scene.command("members show")
    assert "1 person is outside" in scene.told(FAY)[-1]


@pytest.mark.parametrize(
    ("people", "says", "not_says"),
    [
        (10, "People here: 10", "6 to 10"),
        (11, "little larger", "a lot"),
        (13, "13 people are a lot", "little larger"),
    ],
)
def test_members_advises_on_size(people: int, says: str, not_says: str) -> None:
    """PRACTICE.md: advise 6 to 10, warn at 13, never block."""
    scene = Scene(*(f"p{n}" for n in range(people - 1)), gate="mute")
    scene.command("members show")
    said = scene.told(FAY)[-1]
    assert says in said
    assert not_says not in said


@pytest.mark.parametrize("gate", ["notice", "mute", "door"])
def test_what_facilitators_see_is_the_same_for_a_no_and_for_silence(gate: Gate) -> None:
    """Law 3, for every command of a facilitator."""
    said = []
    for answer in (ConsentDeclined, None):
        scene = Scene("ann", "bob", gate=gate)
        scene.agrees("bob", "fay")
        if answer is not None:
            scene.fact(answer, who=member("ann"))
        for words in ("members show", "group enforce"):
            scene.command(words)
        scene.command("group enforce", confirmed=True)
        said.append((scene.told(FAY), scene.told("bob"), scene.announced()))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ("notice", "There is none"),
        ("mute", "also 1 person who has not agreed"),
        ("door", "can be inside without having agreed"),
    ],
)
def test_privacy_says_what_the_gate_protects_and_shows(gate: Gate, says: str) -> None:
    """Under `mute`: how many can read without having agreed, and that it shows who agreed."""
    scene = Scene("ann", "bob", gate=gate)
    scene.agrees("bob", "fay")
    scene.fact(PrivacyShown, to=member("bob"))
    assert says in scene.told("bob")[-1]
    if gate == "mute":
        assert "may show who has agreed" in scene.told("bob")[-1]


@pytest.mark.parametrize("gate", ["notice", "mute", "door"])
def test_privacy_says_the_same_whoever_agreed_or_took_it_back(gate: Gate) -> None:
    """Law 3: any member may ask again and again, and a number that changes would say who it was."""
    scene = Scene("ann", "bob", gate=gate)
    scene.fact(PrivacyShown, to=member("bob"))
    scene.agrees("ann", "bob", "fay")
    scene.fact(PrivacyShown, to=member("bob"))
    scene.fact(ConsentEnded, who=member("ann"))
    scene.fact(PrivacyShown, to=member("bob"))
    said = [words for words in scene.told("bob") if "gate" in words]
    assert len(said) >= 3
    assert said[-1] == said[-2] == said[-3]


def test_privacy_says_so_where_the_gate_does_not_hold() -> None:
    """The truth, also where it is not comfortable."""
    scene = Scene("ann", gate="mute", can=POWERLESS)
    scene.fact(PrivacyShown, to=member("ann"))
    assert "does not hold right now" in scene.told("ann")[-1]


def test_the_number_of_today_is_counted_anew_tomorrow() -> None:
    """It stays true, a day late at most."""
    scene = Scene("ann", "bob", gate="mute")
    scene.fact(PrivacyShown, to=member("bob"))
    assert "also 3 people" in scene.told("bob")[-1]
    scene.agrees("ann", "bob", "fay")
    scene.later(hours=25)
    scene.fact(PrivacyShown, to=member("bob"))
    assert "At my last count everybody had agreed" in scene.told("bob")[-1]
