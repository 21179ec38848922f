"""The laws at the gate, over random histories."""

from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.boundary.effects import AlertFacilitators, Announce, Whisper
from bot.boundary.events import (
    MemberJoined,
    MemberKnocked,
    MemberLeft,
    RoomAdopted,
    RoomChanged,
    RoomLost,
    SpeechGranted,
    SpeechTaken,
)
from bot.boundary.ids import MemberId
from bot.contract.facts import (
    ConsentDeclined,
    ConsentEnded,
    ConsentGiven,
    GraceEnded,
    MemberForgotten,
    PrivacyShown,
    SetupFinished,
)
from tests.gate.scene import FAY, FULL, NO_LEVELS, POWERLESS, Scene
from tests.support.here import member

NAMES = ("ann", "bob", "cal", "dee")
UNDO = timedelta(minutes=10)
names = st.sampled_from(NAMES)
gates = st.sampled_from(["notice", "mute", "door"])
powers = st.sampled_from([FULL, NO_LEVELS, POWERLESS])


class Gate(RuleBasedStateMachine):
    """Any history of answers, comings, hands, clocks, outages and decisions.

    Laws 8 and 9: a clock, an outage, a refusal or lost power takes speech or place from nobody who
    was inside, but from who withdrew under `door` and was told so. Who has agreed can take part.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene("ann", "bob")
        self.agreed: set[str] = set()
        self.by_hand: set[str] = set()
        """Whose speech people took by hand: no law of the bot's holds there."""
        self.leaving: set[str] = set()
        self.away: set[str] = set()
        """Who left with an agreement that holds: consent says so again when they come back."""

    def taking_part(self) -> set[str]:
        return {n for n in (FAY, *NAMES) if self.scene.takes_part(n)}

    def inside(self, name: str) -> bool:
        person = self.scene.people.get(member(name))
        return person is not None and person.presence == "inside"

    # --- what takes nothing from anybody

    @rule(minutes=st.sampled_from([1, 9, 11, 100000]))
    def time_passes(self, minutes: int) -> None:
        before = self.taking_part()
        self.scene.later(minutes=minutes)
        assert before - self.taking_part() <= self.leaving, "a clock mutes and removes nobody"

    @rule(name=names)
    def a_grace_ends(self, name: str) -> None:
        before = self.taking_part()
        if name in self.agreed:
            self.agreed.discard(name)
            self.scene.fact(ConsentEnded, who=member(name))
        self.scene.fact(GraceEnded, who=member(name))
        assert before <= self.taking_part()

    @rule(name=names)
    def declines(self, name: str) -> None:
        before = self.taking_part()
        self.scene.fact(ConsentDeclined, who=member(name))
        assert before <= self.taking_part()

    @rule(name=names)
    def a_grant_is_lost(self, name: str) -> None:
        """Another writer of the room's levels overwrote the bot's, and the bot looks again."""
        self.scene.voices.discard(member(name))
        self.scene.seen_again()

    @rule()
    def the_bot_is_removed_and_added_again(self) -> None:
        before = self.taking_part()
        self.scene.event(RoomLost)
        self.scene.event(RoomAdopted, by=member(FAY))
        assert before - self.taking_part() <= self.leaving | self.by_hand

    @rule()
    def the_bot_restarts(self) -> None:
        before = self.taking_part()
        self.scene.seen_again()
        assert before <= self.taking_part()

    @rule(can=powers)
    def powers_change(self, can: object) -> None:
        self.scene.can = can  # type: ignore[assignment]
        before = self.taking_part()
        self.scene.event(RoomChanged, what="powers")
        assert before <= self.taking_part()

    @rule()
    def the_gate_is_opened(self) -> None:
        before = self.taking_part()
        self.scene.command("group open")
        assert before <= self.taking_part()

    @rule(gate=gates)
    def a_gate_is_set(self, gate: str) -> None:
        before = self.taking_part()
        self.scene.set_gate(gate)  # type: ignore[arg-type]
        assert before - self.taking_part() <= self.leaving | self.by_hand

    @rule()
    def setup_runs_again(self) -> None:
        before = self.taking_part()
        self.scene.fact(SetupFinished, by=member(FAY), first=False)
        assert before - self.taking_part() <= self.leaving | self.by_hand

    # --- what people do

    @rule(name=names)
    def agrees(self, name: str) -> None:
        if member(name) not in self.scene.people:
            return
        self.scene.fact(ConsentGiven, who=member(name))
        self.agreed.add(name)
        self.leaving.discard(name)

    @rule(name=names)
    def withdraws(self, name: str) -> None:
        if name not in self.agreed:
            return
        before = self.taking_part()
        self.scene.fact(ConsentEnded, who=member(name), undo_until=self.scene.now + UNDO)
        self.agreed.discard(name)
        if self.scene.native == "door":
            self.leaving.add(name)
        assert before - self.taking_part() <= {name}

    @rule(name=names)
    def forgets(self, name: str) -> None:
        before = self.taking_part()
        self.scene.fact(MemberForgotten, who=member(name))
        for kept in (self.agreed, self.away, self.leaving, self.by_hand):
            kept.discard(name)
        assert before - self.taking_part() <= {name}
        assert all(key.member != member(name) for key in self.scene.rows)

    @rule(name=names, let_in=st.booleans())
    def comes(self, name: str, let_in: bool) -> None:
        if self.inside(name):
            return
        self.scene.enter(name)
        self.scene.event(MemberJoined, who=member(name), let_in_by=member(FAY) if let_in else None)
        self.consent_says_again(name)

    def consent_says_again(self, name: str) -> None:
        if name in self.away:
            self.scene.fact(ConsentGiven, who=member(name))
            self.agreed.add(name)
            self.away.discard(name)

    @rule(name=names)
    def knocks(self, name: str) -> None:
        if member(name) in self.scene.people:
            return
        self.scene.enter(name, presence="knocking")
        self.scene.event(MemberKnocked, who=member(name))
        self.consent_says_again(name)

    @rule(name=names)
    def leaves(self, name: str) -> None:
        if self.scene.people.pop(member(name), None) is not None:
            self.scene.event(MemberLeft, who=member(name))
            self.leaving.discard(name)
            if name in self.agreed:
                self.agreed.discard(name)
                self.away.add(name)

    @rule(name=names, give=st.booleans())
    def a_hand(self, name: str, give: bool) -> None:
        if self.scene.native != "mute" or not self.inside(name):
            return
        if give:
            self.scene.voices.add(member(name))
            self.scene.event(SpeechGranted, who=member(name))
            self.by_hand.discard(name)
        elif member(name) in self.scene.voices:
            self.scene.voices.discard(member(name))
            self.scene.event(SpeechTaken, who=member(name))
            self.by_hand.add(name)

    @rule(name=names, time=st.sampled_from(["", "1h"]))
    def is_admitted(self, name: str, time: str) -> None:
        before = self.taking_part()
        self.scene.command("members admit", who=f"@{name}", time=time)
        if member(name) in self.scene.people:
            self.by_hand.discard(name)
            self.leaving.discard(name)
        assert before <= self.taking_part()

    @precondition(lambda self: self.scene.native != "notice")
    @rule()
    def the_gate_is_enforced(self) -> None:
        before = self.taking_part()
        self.scene.command("group enforce", confirmed=True)
        assert not (before - self.taking_part()) & self.agreed
        self.leaving -= {n for n in self.leaving if not self.inside(n)}

    @rule(name=names)
    def posts(self, name: str) -> None:
        if self.inside(name):
            self.scene.posts(name)

    # --- what always holds

    @invariant()
    def who_agreed_can_take_part(self) -> None:
        """Law 8, at every moment, whatever happened before; where the bot has the power at all."""
        for name in self.agreed - self.by_hand:
            if not self.inside(name):
                continue
            assert not self.scene.taken_down(name)
            if self.scene.can == FULL:
                assert self.scene.takes_part(name), name

    @invariant()
    def the_room_hears_of_nothing_but_an_open_gate(self) -> None:
        """Law 3: the gate has one thing to say to a room, and it is about nobody."""
        assert len(set(self.scene.announced())) <= 1


Gate.TestCase.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestGate = Gate.TestCase


# --- law 3: histories that differ in who said no, or nothing

Deed = tuple[str, str]
deeds = st.lists(
    st.tuples(
        st.sampled_from(
            ["grace_ends", "members", "enforce?", "enforce", "privacy", "wait", "restart", "guest", "hand"]
        ),
        names,
    ),
    max_size=10,
)


def words_to_others(gate: str, story: list[Deed], silent: dict[str, bool]) -> list[str]:
    """All that anybody but the silent people is told; `silent`: who has not agreed -> said no?"""
    scene = Scene(*NAMES, gate=gate)  # type: ignore[arg-type]
    for name in (FAY, *NAMES):
        if name not in silent:
            scene.agrees(name)
        elif silent[name]:
            scene.fact(ConsentDeclined, who=member(name))
    for what, name in story:
        match what:
            case "grace_ends" if silent:
                scene.fact(GraceEnded, who=member(min(silent)))
            case "members":
                scene.command("members show")
            case "enforce?":
                scene.command("group enforce")
            case "enforce":
                scene.command("group enforce", confirmed=True)
            case "wait":
                scene.later(hours=2)
            case "restart":
                scene.seen_again()
            case "guest":
                scene.command("members admit", who=f"@{name}", time="1h")
            case "hand":
                scene.event(SpeechGranted, who=member(name))
            case "privacy":
                scene.fact(PrivacyShown, to=member(FAY))
            case _:
                pass
    return [
        f"{type(e).__name__} {_to(e)}: {e.body} {e.choices}"
        for e in scene.done
        if isinstance(e, AlertFacilitators | Announce | Whisper) and _to(e) not in silent
    ]


def _to(effect: object) -> str:
    to: MemberId | None = getattr(effect, "to", None)
    return to.native.lstrip("@") if to is not None else ""


@settings(max_examples=150, deadline=None)
@given(
    gate=gates,
    story=deeds,
    who=st.dictionaries(names, st.booleans(), min_size=1, max_size=3),
    answers=st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_what_others_read_does_not_tell_a_no_from_silence(
    gate: str, story: list[Deed], who: dict[str, bool], answers: list[bool]
) -> None:
    """Law 3: two histories that differ only in who declined read the same to everybody else."""
    other = dict(zip(sorted(who), answers, strict=False))
    assert words_to_others(gate, story, who) == words_to_others(gate, story, other)


@settings(max_examples=100, deadline=None)
@given(gate=gates, story=deeds.map(lambda s: [d for d in s if d[0] not in ("guest", "hand", "enforce")]))
def test_what_facilitators_read_does_not_tell_who_it_is(gate: str, story: list[Deed]) -> None:
    """Law 3: it makes no difference which of two people has not agreed."""
    assert words_to_others(gate, story, {"ann": False}) == words_to_others(gate, story, {"bob": True})
