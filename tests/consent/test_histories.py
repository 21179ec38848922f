"""Any history at all: people, facilitators and the clock in any order, and what always holds."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.boundary.effects import Effect, Verbatim, Whisper
from bot.boundary.events import EffectFailed, RoomChanged, RoomSeen
from bot.consent.records import Consent
from bot.consent.timing import inside
from bot.contract.facts import ConsentEnded, ConsentGiven, FacilitatorsChanged, GraceEnded
from bot.contract.feature import Decision, Key
from tests.consent.world import World, keys, limits_in
from tests.support.here import ROOM, member

NAMES = ("ann", "ben", "fay")
WHO = st.sampled_from(NAMES)
SAID = st.sampled_from(["understood", "agree", "understood", "agree", "show", "decline", "talk"])
ROUND = st.sampled_from(["", "", "now", "now", "before", "99"])
"""What a button carries: nothing (typed), the present round, an older one, a forged one."""

CHANGES = st.sampled_from(
    [
        ("agreement", "Be kind."),
        ("agreement", "none"),
        ("limits", "court_order"),
        ("limits", "court_order, harm_self"),
        ("facilitator_duty", "mandated"),
        ("facilitator_duty", "none"),
        ("min_age", "16"),
        ("min_age", "18"),
        ("grace", "0s"),
        ("grace", "5d"),
        ("renew", "30d"),
        ("gate", "mute"),
        ("gate", "door"),
        ("quiet_hours", "22:00-07:00"),
        ("quiet_hours", "none"),
    ]
)


class Histories(RuleBasedStateMachine):
    """Beside the feature stands what each person really saw and said, kept in another way."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(settings={"grace": "5d", "renew": "30d"})
        self.saw_limits: dict[str, tuple[list[str], str, int]] = {}
        self.acknowledged: dict[str, tuple[list[str], str, int]] = {}
        self.saw_text: dict[str, str] = {}
        self.asked: set[tuple[str, str]] = set()
        self.reminded: dict[str, int] = dict.fromkeys(NAMES, 0)
        self.withdrawals = 0
        self.effects_seen = 0
        self.world.inside("ann", "fay")
        self.world.set_up_now()
        self.watch()

    # --- what people do

    @rule(who=WHO, sub=SAID, button=ROUND)
    def says(self, who: str, sub: str, button: str) -> None:
        """Somebody who is here or at the door types or presses something (others, the engine refuses)."""
        if member(who) in self.world.people:
            self.say(who, sub, button)

    @rule(who=WHO)
    def reads_and_agrees(self, who: str) -> None:
        """Somebody takes both steps: then a consent is in force, and covers what is asked now."""
        if member(who) not in self.world.people:
            return
        for sub in ("show", "understood", "agree"):
            self.say(who, sub, "")
        standing = self.world.standing(who)
        assert standing is not None
        assert standing.holds(self.world.terms().round)
        assert not standing.said_no

    def say(self, who: str, sub: str, button: str) -> None:
        """The answer counts only for what its person was shown and acknowledged."""
        before, given = self.consents(), self.world.given(who)
        now = self.world.terms().round
        values = {"": {}, "now": {"_version": str(now)}, "before": {"_version": str(now - 1)}}.get(
            button, {"_version": button}
        )
        decision = self.world.answer(who, sub, values)
        if sub == "understood" and any("What is said here" in v for v in _words(decision, who)):
            self.acknowledged[who] = self.saw_limits[who]
        if self.world.given(who) > given:
            assert sub == "agree"
            assert self.acknowledged[who] == self.present(), "agreed without having read these limits"
            text = self.world.rows_text(self.world.terms().text).decode().rstrip()
            assert self.saw_text[who] == text, "agreed to a text that was not shown"
        self.watch()
        self.keeps(before, who if given != self.world.given(who) else None)

    @rule(who=WHO)
    def withdraws(self, who: str) -> None:
        """One step, always, whatever else is going on (law 9)."""
        had = self.consents().get(who)
        decision = self.world.give(who, "withdraw")
        ended = [f for f in decision.facts if isinstance(f, ConsentEnded)]
        assert len(ended) == (had is not None)
        assert self.consents().get(who) is None
        self.withdrawals += len(ended)
        self.watch()

    @rule(who=WHO)
    def undoes(self, who: str) -> None:
        """Puts back exactly what was withdrawn, or nothing."""
        standing = self.world.standing(who)
        taken = standing.withdrawn if standing else None
        decision = self.world.give(who, "undo")
        if any(isinstance(f, ConsentGiven) for f in decision.facts):
            assert taken is not None
            assert self.consents()[who] == taken
            after = self.world.standing(who)
            assert after is not None
            assert not after.pending or after.grace_until is not None
        self.watch()

    @rule(who=WHO)
    def joins(self, who: str) -> None:
        """Somebody comes in, or the platform says so twice."""
        before = self.consents()
        standing = self.world.standing(who)
        if standing is None or standing.left_at is not None:
            self.asked = {a for a in self.asked if a[0] != who}
        self.world.join(who)
        self.watch()
        if who not in before or before[who] is None:
            assert self.consents().get(who) is None

    @rule(who=WHO)
    def knocks(self, who: str) -> None:
        """Somebody asks to come in."""
        person = self.world.people.get(member(who))
        if person is None:
            self.asked = {a for a in self.asked if a[0] != who}
            self.world.knock(who)
            self.watch()

    @rule(who=WHO)
    def leaves(self, who: str) -> None:
        """Somebody leaves; an agreement in force is kept for their return."""
        before = self.consents().get(who)
        self.world.leave(who)
        self.asked = {a for a in self.asked if a[0] != who}
        assert self.consents().get(who) == before

    # --- what the group and the world do

    @rule(change=CHANGES)
    def changes(self, change: tuple[str, str]) -> None:
        """A facilitator changes a setting: nobody loses anything by it."""
        before = self.consents()
        self.world.now += timedelta(seconds=1)
        self.world.change(*change)
        self.watch()
        assert self.consents() == before

    @rule(bridge=st.sampled_from([(), ("IRC",), ("IRC", "Slack")]))
    def bridges(self, bridge: tuple[str, ...]) -> None:
        """The room is linked to another network, or not any more."""
        before = self.consents()
        self.world.now += timedelta(seconds=1)
        self.world.bridges = bridge
        self.world.send(RoomChanged(id=self.world.id(), room=ROOM, what="bridges"))
        self.watch()
        assert self.consents() == before

    @rule(who=WHO)
    def accepts(self, who: str) -> None:
        """A new facilitator: others keep their agreement; so does the facilitator."""
        before = self.consents()
        self.world.now += timedelta(seconds=1)
        self.world.send(FacilitatorsChanged(id=self.world.id(), room=ROOM, who=member(who), now=True))
        self.watch()
        assert {n: c.until for n, c in self.consents().items() if c} == {
            n: c.until for n, c in before.items() if c
        }

    @rule(
        length=st.sampled_from(
            [timedelta(minutes=5), timedelta(hours=9), timedelta(days=3), timedelta(days=31)]
        )
    )
    def time_passes(self, length: timedelta) -> None:
        """The bot is there all the while."""
        before, ended = self.consents(), len(self.world.facts_of(GraceEnded))
        self.world.wait(length)
        self.watch()
        over = {f.who for f in self.world.facts_of(GraceEnded)[ended:]}
        for who, consent in before.items():
            away = not inside(self.world.here(), member(who))
            if consent is not None and not away:
                assert self.consents().get(who) is not None or member(who) in over

    @rule(length=st.sampled_from([timedelta(hours=9), timedelta(days=12), timedelta(days=70)]))
    def bot_is_away(self, length: timedelta) -> None:
        """Then it looks, and all that was due is due at once."""
        self.world.now += length
        self.world.run_due()
        self.world.send(RoomSeen(id=self.world.id(), room=ROOM))
        self.world.run_due()
        self.watch()

    @rule(data=st.data())
    def a_word_does_not_arrive(self, data: st.DataObject) -> None:
        """What was not seen was not shown; nobody is named for it."""
        told = [e for e in self.world.effects if isinstance(e, Whisper)]
        whisper = data.draw(st.sampled_from(told[-6:]))
        before = self.consents()
        self.world.send(
            EffectFailed(id=self.world.id(), room=ROOM, feature="consent", effect=whisper, reason="closed")
        )
        self.watch()
        assert self.consents() == before

    # --- what always holds

    @invariant()
    def the_log_says_what_is(self) -> None:
        """The last receipt is `given` exactly while a consent is in force."""
        for name in NAMES:
            receipts, standing = self.world.receipts(name), self.world.standing(name)
            if standing is not None:
                in_force = standing.consent is not None
                assert in_force == bool(receipts and receipts[-1].event_state == "given")
                assert len(receipts) == standing.receipts

    @invariant()
    def only_people_end_a_consent(self) -> None:
        """No clock and no change ever says that somebody's agreement ended."""
        assert len(self.world.facts_of(ConsentEnded)) == self.withdrawals

    @invariant()
    def others_hear_of_nobody(self) -> None:
        """Only who asked to talk is ever named to anybody else (law 3)."""
        for effect in self.world.effects:
            if not isinstance(effect, Whisper) and "consent-talk-alert" not in str(effect):
                assert not any(f"@{name}" in str(effect) for name in NAMES)

    @invariant()
    def nobody_is_forgotten(self) -> None:
        """Whoever's consent does not cover what is asked now, or will run out, has a timer for it."""
        for name in NAMES:
            standing = self.world.standing(name)
            here_with_one = standing and standing.consent and standing.left_at is None
            if here_with_one and inside(self.world.here(), member(name)):
                assert self.world.rows[Key(member(name), "standing")].due_at is not None

    # --- the shadow

    def consents(self) -> dict[str, Consent | None]:
        """Everybody's consent in force."""
        standings = {name: self.world.standing(name) for name in NAMES}
        return {name: s.consent if s else None for name, s in standings.items()}

    def present(self) -> tuple[list[str], str, int]:
        """The limits in force: which, with which duty, for which age."""
        terms = self.world.terms()
        return list(terms.limits), terms.duty, terms.min_age

    def keeps(self, before: dict[str, Consent | None], agreed: str | None) -> None:
        """No answer but a withdrawal changes anybody's consent."""
        for name, consent in self.consents().items():
            if name != agreed:
                assert consent == before[name]

    def watch(self) -> None:
        """Look at what was said since the last look. Of whom nothing is kept is asked like anybody new."""
        new: list[Effect] = self.world.effects[self.effects_seen :]
        self.effects_seen = len(self.world.effects)
        for effect in new:
            if isinstance(effect, Whisper):
                self.hears(effect)
        self.asked = {a for a in self.asked if self.world.standing(a[0]) is not None}

    def hears(self, whisper: Whisper) -> None:
        """Somebody reads what they were told."""
        who = whisper.to.native.removeprefix("@")
        if "consent-limits-next" in keys(whisper):
            duty = next(k for k in keys(whisper) if k.startswith("consent-duty-"))
            age = next(p.args["age"] for p in whisper.body if not isinstance(p, Verbatim) and "age" in p.args)
            assert isinstance(age, int)
            self.saw_limits[who] = (
                limits_in(whisper),
                duty.removeprefix("consent-duty-").replace("-", "_"),
                age,
            )
            version = whisper.choices[0].values["_version"]
            again = (who, version) in self.asked
            if whisper.unasked and "consent-renewal" not in keys(whisper):
                assert not again, "asked twice for the same"
            if whisper.unasked or not again:
                self.reminded[who] = 0
            self.asked.add((who, version))
        for part in whisper.body:
            if isinstance(part, Verbatim) and part.text.startswith("What is said here"):
                self.saw_text[who] = part.text
        if any(key.startswith("consent-reminder") for key in keys(whisper)):
            self.reminded[who] += 1
            assert self.reminded[who] <= 2


def _words(decision: Decision, who: str) -> list[str]:
    return [
        part.text
        for effect in decision.effects
        if isinstance(effect, Whisper) and effect.to == member(who)
        for part in effect.body
        if isinstance(part, Verbatim)
    ]


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
