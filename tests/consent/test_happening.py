"""Coming, leaving, time and change: who is asked, when, and what never happens by a clock."""

from datetime import timedelta

import pytest

from bot.boundary.effects import Announce, Whisper
from bot.boundary.events import EffectFailed, MemberLeft, RoomChanged, RoomSeen
from bot.contract.facts import (
    ConsentEnded,
    ConsentGiven,
    FacilitatorsChanged,
    GraceEnded,
    SetupFinished,
    SetupUndone,
)
from bot.contract.feature import Key
from bot.contract.quiet import quiet_at
from tests.consent.world import World, group, keys
from tests.support.here import ROOM, member, person

DAY = timedelta(days=1)


def test_everybody_who_is_there_is_asked_once_when_the_set_up_is_finished() -> None:
    """Each alone, facilitators too; bots and ghosts not; the room hears one neutral line."""
    world = World()
    world.inside("ann", "fay")
    world.people[member("craig")] = person("craig", kind="bot")
    world.people[member("irc_jo")] = person("irc_jo", kind="ghost")
    world.set_up_now()
    assert [keys(w)[0] for w in (*world.prompts("ann"), *world.prompts("fay"))] == [
        "consent-welcome-before"
    ] * 2
    assert not world.told("craig")
    assert not world.told("irc_jo")
    assert [keys(a) for a in world.announced()] == [["consent-room-asked"]]
    world.send(SetupFinished(id="again", room=ROOM, by=member("fay"), first=False))
    world.run_due()
    assert len(world.prompts("ann")) == 1
    assert len(world.announced()) == 1


def test_two_reminders_then_a_number_and_nobody_loses_anything() -> None:
    """Grace of 14 days: reminders after 7 and 12, then one fact, and silence for ever after."""
    world = group("ann")
    seen: list[int] = []
    for _ in range(40):
        world.wait(DAY)
        seen.append(len(world.prompts("ann")))
    assert (seen[5], seen[6], seen[10], seen[11], seen[39]) == (1, 2, 2, 3, 3)
    assert [f.who for f in world.facts_of(GraceEnded)] == [member("ann")]
    assert not world.facts_of(ConsentEnded)


def test_nothing_unasked_is_sent_in_quiet_hours() -> None:
    """Reminders, renewals and asking again wait for the morning; so does the end of a grace.

    The world refuses any effect or fact of a timer in quiet hours; here is a year of them.
    """
    world = group("ann", "ben", quiet_hours="09:00-20:00", timezone="America/New_York", grace="3d")
    world.agreed("ben")
    world.change("agreement", "Be kind.")
    world.wait(800 * DAY)
    assert [len(world.prompts(name)) for name in ("ann", "ben")] == [4, 4]
    assert len(world.facts_of(GraceEnded)) == 2


def test_a_timer_that_fires_in_quiet_hours_waits_until_they_end() -> None:
    """The group changed its quiet hours after the timer was set."""
    world = group("ann", grace="4d")
    world.settings["quiet_hours"] = "10:00-15:00"
    world.now += timedelta(days=2)
    assert quiet_at(world.now, world.here().policy)
    world.run_due()
    assert len(world.prompts("ann")) == 1
    world.now = world.now.replace(hour=15)
    world.run_due()
    assert len(world.prompts("ann")) == 2


def test_a_grace_that_ended_while_the_bot_was_away_does_not_end_at_night() -> None:
    """Found by the histories: what is overdue waits for the morning like everything else."""
    world = group("ann", quiet_hours="22:00-07:00", grace="5d")
    world.now = world.now.replace(hour=6) + timedelta(days=13)
    world.run_due()
    assert not world.facts_of(GraceEnded)
    world.now = world.now.replace(hour=7)
    world.run_due()
    assert len(world.facts_of(GraceEnded)) == 1


def test_undoing_a_withdrawal_takes_up_the_grace_that_was_running() -> None:
    """Found by reading: a consent that was put back without its grace could never run out."""
    world = group("ann")
    world.agreed("ann")
    world.change("agreement", "Be kind.")
    world.run_due()
    before = world.standing("ann")
    world.give("ann", "withdraw")
    world.give("ann", "undo")
    after = world.standing("ann")
    assert before is not None
    assert after is not None
    assert (after.consent, after.grace_until) == (before.consent, before.grace_until)
    world.wait(15 * DAY)
    assert len(world.facts_of(GraceEnded)) == 1


def test_reminders_that_were_missed_are_not_made_up_for() -> None:
    """The bot was away: one reminder at most comes late, none after the grace."""
    world = group("ann")
    world.now += timedelta(days=13)
    world.run_due()
    assert len(world.prompts("ann")) == 2
    late = group("ben")
    late.now += timedelta(days=30)
    late.run_due()
    assert len(late.prompts("ben")) == 1
    assert len(late.facts_of(GraceEnded)) == 1


def test_newcomers_are_asked_at_once_and_have_no_grace_that_ends() -> None:
    """Two reminders at most, and no fact by a clock: there was nothing to take away."""
    world = group(quiet_hours="00:00-23:59")
    world.join("ann")
    assert keys(world.prompts("ann")[0])[0] == "consent-welcome"
    world.settings["quiet_hours"] = "none"
    world.wait(timedelta(days=60))
    assert len(world.prompts("ann")) == 3
    assert not world.facts_of(GraceEnded)


def test_who_joins_twice_is_asked_once() -> None:
    """A repeated event, or one let in by hand after having been asked at the door."""
    world = group(gate="door")
    world.knock("ann")
    world.join("ann")
    world.join("ann")
    assert len(world.prompts("ann")) == 1


def test_knockers_are_asked_at_the_door_and_not_reminded() -> None:
    """They asked to come in; the answer is theirs."""
    world = group(gate="door")
    world.knock("ann")
    assert keys(world.prompts("ann")[0])[0] == "consent-welcome-door"
    world.wait(timedelta(days=60))
    assert len(world.prompts("ann")) == 1
    world.give("ann", "understood")
    world.give("ann", "agree")
    assert world.given("ann") == 1
    world.join("ann")
    assert len(world.prompts("ann")) == 1


def test_knocking_where_agreeing_opens_nothing_is_left_to_people() -> None:
    """Under another gate nobody is promised a door."""
    world = group(gate="notice")
    world.knock("ann")
    assert not world.told("ann")
    world.change("gate", "door")
    assert len(world.prompts("ann")) == 1


def test_a_knock_after_a_no_is_asked_again() -> None:
    """They asked, so it is no pressing."""
    world = group(gate="door")
    world.knock("ann")
    world.give("ann", "decline")
    assert keys(world.told("ann")[-1])[0] == "consent-declined-door"
    world.leave("ann")
    world.knock("ann")
    assert len(world.prompts("ann")) == 2


def test_who_was_turned_away_at_the_door_can_still_ask_for_a_talk() -> None:
    """What is offered with a no works after the door has closed, and is gone a day later."""
    world = group(gate="door")
    world.knock("ann")
    said = world.give("ann", "decline").effects[-1]
    assert isinstance(said, Whisper)
    assert [c.sub for c in said.choices] == ["talk"]
    world.leave("ann")
    world.give("ann", "talk")
    assert keys(world.told("ann")[-1]) == ["consent-talk-told"]
    world.give("ann", "show")
    assert keys(world.told("ann")[-1]) == ["consent-outside"]
    assert world.given("ann") == 0
    world.wait(DAY)
    assert not [k for k in world.rows if k.member == member("ann")]


def test_who_is_inside_when_the_set_up_begins_again_has_time_like_the_first_time() -> None:
    """Whoever never agreed, declined or withdrew: they were here before, and are no newcomers."""
    world = group("ann", "ben", "cem")
    world.give("ann", "decline")
    world.agreed("cem")
    world.give("cem", "withdraw")
    world.send(SetupUndone(id="u", room=ROOM, by=member("fay")))
    world.set_up_now()
    for name in ("ann", "ben", "cem"):
        assert keys(world.prompts(name)[-1])[0] == "consent-welcome-before"
        standing = world.standing(name)
        assert standing is not None and standing.before
        assert standing.grace_until is not None and standing.left_at is None
    assert not any(h.delete_at for k, h in world.rows.items() if k.member is not None)


def test_after_a_year_it_is_asked_again_and_nothing_is_lost() -> None:
    """Renewal has its own grace; when that ends, facilitators learn a number."""
    world = group("ann")
    world.agreed("ann")
    world.wait(timedelta(days=366))
    assert keys(world.prompts("ann")[-1])[:2] == ["consent-renewal", "consent-still-holds"]
    standing = world.standing("ann")
    assert standing is not None
    assert standing.consent is not None
    world.give("ann", "agree")
    assert world.given("ann") == 1
    world.give("ann", "understood")
    world.give("ann", "agree")
    assert world.given("ann") == 2
    assert len(world.receipts("ann")) == 2
    world.wait(timedelta(days=366 + 15))
    assert [f.who for f in world.facts_of(GraceEnded)] == [member("ann")]
    assert not world.facts_of(ConsentEnded)
    assert [r.event_state for r in world.receipts("ann")] == ["given", "given", "expired"]
    assert world.receipts("ann")[-1].event_type == "timed"


@pytest.mark.parametrize(
    ("key", "value", "news"),
    [
        ("agreement", "Be kind.", "consent-news-agreement"),
        ("limits", "court_order", "consent-news-limits"),
        ("facilitator_duty", "mandated", "consent-news-duty"),
        ("min_age", "21", "consent-news-age"),
    ],
)
def test_new_words_ask_everybody_again_while_the_old_consent_holds(key: str, value: str, news: str) -> None:
    """One line says what changed; who said no is asked once; after the grace only a number is told."""
    world = group("ann", "ben", "cem")
    world.agreed("ann")
    world.give("ben", "decline")
    world.change(key, value)
    world.run_due()
    prompt = world.prompts("ann")[-1]
    assert keys(prompt)[:3] == ["consent-again", news, "consent-still-holds"]
    assert [len(world.prompts(n)) for n in ("ann", "ben", "cem")] == [2, 2, 2]
    world.wait(13 * DAY)
    standing = world.standing("ann")
    assert standing is not None
    assert standing.consent is not None
    world.wait(3 * DAY)
    assert sorted(f.who.native for f in world.facts_of(GraceEnded)) == ["@ann", "@ben", "@cem"]
    assert not world.facts_of(ConsentEnded)
    world.change("grace", "7d")  # no words: asks nobody
    world.run_due()
    assert len(world.prompts("ben")) == 2


def test_a_new_facilitator_or_a_bridge_asks_those_who_agreed() -> None:
    """No reason to press who said no or has not answered; nor is the facilitator asked about herself."""
    world = group("ann", "ben", "cem", "gil")
    world.agreed("ann")
    world.agreed("gil")
    world.give("ben", "decline")
    world.now += DAY
    world.send(FacilitatorsChanged(id="f", room=ROOM, who=member("gil"), now=True))
    world.run_due()
    assert "consent-news-facilitator" in keys(world.prompts("ann")[-1])
    assert [len(world.prompts(n)) for n in ("ann", "ben", "cem", "gil")] == [2, 1, 1, 1]
    world.now += timedelta(minutes=1)
    world.bridges = ("IRC",)
    world.send(RoomChanged(id="b", room=ROOM, what="bridges"))
    world.run_due()
    assert keys(world.prompts("ann")[-1])[1:3] == ["consent-news-facilitator", "consent-news-bridge"]
    assert len(world.prompts("gil")) == 2
    world.bridges = ()
    world.send(RoomChanged(id="c", room=ROOM, what="bridges"))
    world.run_due()
    assert len(world.prompts("ann")) == 3


def test_a_facilitator_whom_people_were_told_to_expect_asks_nobody_again() -> None:
    """Set-up names two, who accept an hour later: people were told that they may follow."""
    world = World(named=("gil", "hal"))
    world.inside("ann", "gil", "hal")
    world.set_up_now()
    assert "consent-awaited" in keys(world.prompts("ann")[0])
    world.agreed("ann")
    for name in ("gil", "hal", "ida"):
        world.now += timedelta(hours=1)
        world.send(FacilitatorsChanged(id=world.id(), room=ROOM, who=member(name), now=True))
        world.run_due()
        assert len(world.prompts("ann")) == (2 if name == "ida" else 1)


def test_saying_no_to_what_is_new_keeps_what_was_agreed_until_the_grace_ends() -> None:
    """No fact at the no: nothing changes for anybody; at the end a number."""
    world = group("ann")
    world.agreed("ann")
    world.change("agreement", "Be kind.")
    world.run_due()
    world.give("ann", "decline")
    assert keys(world.told("ann")[-1])[:2] == ["consent-declined-again", "consent-declined-until"]
    standing = world.standing("ann")
    assert standing is not None
    assert standing.consent is not None
    world.wait(15 * DAY)
    assert len(world.prompts("ann")) == 2
    assert len(world.facts_of(GraceEnded)) == 1


def test_who_comes_back_in_time_is_not_asked_again() -> None:
    """The consent is kept while away, and holds where it is valid and the words are the same."""
    world = group("ann")
    world.agreed("ann")
    world.leave("ann")
    world.wait(30 * DAY)
    world.join("ann")
    assert world.given("ann") == 2
    assert len(world.prompts("ann")) == 1
    assert all(h.delete_at is None for h in world.rows.values())
    world.wait(timedelta(days=336))
    assert keys(world.prompts("ann")[-1])[0] == "consent-renewal"


def test_late_news_of_leaving_takes_nothing_from_who_is_back() -> None:
    """Law 10: the room shows them inside, so what came late is not acted upon."""
    world = group("ann")
    world.agreed("ann")
    before = world.standing("ann")
    world.send(MemberLeft(id="late", room=ROOM, who=member("ann")))
    assert world.standing("ann") == before
    world.join("ann")
    assert world.given("ann") == 2  # said again, so that no gate forgets them
    assert len(world.prompts("ann")) == 1


def test_what_is_kept_of_who_left_keeps_its_end_until_they_are_inside_again() -> None:
    """At the door they may talk, look and agree; only coming in makes the record last."""
    world = group("ann", gate="door")
    world.agreed("ann")
    world.leave("ann")
    ends = {h.delete_at for k, h in world.rows.items() if k.member == member("ann")}
    world.knock("ann")
    world.give("ann", "talk")
    world.give("ann", "show")
    assert {h.delete_at for k, h in world.rows.items() if k.member == member("ann")} == ends
    world.now += DAY
    world.send(FacilitatorsChanged(id="f", room=ROOM, who=member("gil"), now=True))
    world.agreed("ann")
    assert all(h.delete_at for k, h in world.rows.items() if k.member == member("ann"))
    world.join("ann")
    assert not any(h.delete_at for k, h in world.rows.items() if k.member == member("ann"))


def test_who_comes_back_to_other_words_is_asked_like_a_newcomer() -> None:
    """The old consent is not for these words."""
    world = group("ann")
    world.agreed("ann")
    world.leave("ann")
    world.change("agreement", "Be kind.")
    world.join("ann")
    assert world.given("ann") == 1
    assert keys(world.prompts("ann")[-1])[0] == "consent-welcome"
    assert [r.event_state for r in world.receipts("ann")] == ["given", "expired"]
    standing = world.standing("ann")
    assert standing is not None
    assert standing.grace_until is None
    assert all(h.delete_at is None for h in world.rows.values())


def test_nothing_is_left_of_who_left_once_their_consent_would_have_run_out() -> None:
    """And nothing at all, after a day, of who never agreed."""
    world = group("ann", "ben", "cem")
    world.agreed("ann")
    world.agreed("cem")
    world.give("cem", "withdraw")
    for name in ("ann", "ben", "cem"):
        world.leave(name)
    world.wait(DAY)
    assert not [k for k in world.rows if k.member == member("ben")]
    world.wait(31 * DAY)
    assert not [k for k in world.rows if k.member == member("cem")]
    assert [k for k in world.rows if k.member == member("ann")]
    world.wait(340 * DAY)
    assert not [k for k in world.rows if k.member is not None]


def test_withdrawing_after_leaving_shortens_what_is_kept_to_30_days() -> None:
    """All of it, the receipts too, counted from the leaving."""
    world = group("ann")
    world.agreed("ann")
    world.leave("ann")
    world.give("ann", "withdraw")
    world.wait(31 * DAY)
    assert not [k for k in world.rows if k.member is not None]


def test_the_first_look_asks_who_came_and_marks_who_left_while_the_bot_was_away() -> None:
    """And asks nobody twice, however often it looks."""
    world = group("ann", "ben", "cem")
    world.agreed("ann")
    world.agreed("cem")
    world.leave("cem")
    del world.people[member("ann")]
    world.inside("dot", "cem")
    for _ in range(2):
        world.send(RoomSeen(id=world.id(), room=ROOM))
        world.run_due()
    ann = world.standing("ann")
    assert ann is not None
    assert ann.left_at is not None
    assert [len(world.prompts(n)) for n in ("ben", "dot", "cem")] == [1, 1, 1]
    assert world.given("cem") == 2


def test_a_room_that_is_not_seen_yet_says_nothing_about_anybody() -> None:
    """An empty view is no news of everybody's leaving."""
    world = group("ann")
    world.agreed("ann")
    before, world.people = dict(world.rows), {}
    world.send(RoomSeen(id=world.id(), room=ROOM))
    assert world.rows == before


def test_a_facilitator_who_accepts_in_the_set_up_itself_is_no_news() -> None:
    """The first asking follows all that was set up in the same turn."""
    world = group("ann")
    world.send(FacilitatorsChanged(id="f", room=ROOM, who=member("fay"), now=True))
    assert world.terms().round == 1


def test_timers_run_again_after_the_bot_was_out_of_the_room() -> None:
    """Removed and added again: grace and reminders are not forgotten, and nobody is marked as gone."""
    world = group("ann")
    people, world.people = world.people, {}
    world.now += 8 * DAY
    world.run_due()
    world.people = people
    world.send(RoomSeen(id=world.id(), room=ROOM))
    world.run_due()
    assert [keys(w)[0] for w in world.prompts("ann")] == ["consent-welcome-before", "consent-reminder-until"]


def test_a_prompt_that_does_not_arrive_is_made_up_for_without_a_name() -> None:
    """One neutral line in the room a day; what was not seen was not shown."""
    world = group("ann", "ben")
    for name in ("ann", "ben"):
        world.send(
            EffectFailed(
                id=world.id(), room=ROOM, feature="consent", effect=world.prompts(name)[0], reason="closed"
            )
        )
    rung = [a for a in world.announced() if "consent-doorbell" in keys(a)]
    assert len(rung) == 1
    assert not any(getattr(part, "args", {}) for part in rung[0].body)
    assert [c.sub for c in rung[0].choices] == ["show"]
    world.give("ann", "understood")
    assert "consent-limits-first" in keys(world.told("ann")[-1])
    world.wait(60 * DAY)
    assert len(world.prompts("ben")) == 1


def test_a_knocker_who_cannot_be_reached_is_told_to_facilitators_without_a_name() -> None:
    """The room's line would not reach who is outside."""
    world = group(gate="door")
    world.knock("ann")
    effect = world.prompts("ann")[0]
    world.send(EffectFailed(id="x", room=ROOM, feature="consent", effect=effect, reason="closed"))
    assert [a.subject for a in world.alerts()] == ["consent-unreachable"]
    assert "ann" not in str(world.alerts()[0]).casefold()


def test_undoing_the_set_up_ends_asking_and_setting_up_again_takes_back_up() -> None:
    """Who agreed is not asked again for the same words; nobody is reminded in between."""
    world = group("ann", "ben")
    world.agreed("ann")
    world.set_up = False
    world.send(SetupUndone(id="u", room=ROOM, by=member("fay")))
    world.wait(20 * DAY)
    assert len(world.prompts("ben")) == 1
    assert not world.facts_of(GraceEnded)
    world.set_up = True
    world.set_up_now()
    world.run_due()
    assert world.given("ann") == 2
    assert len(world.prompts("ann")) == 1
    assert len(world.prompts("ben")) == 2


def test_no_word_to_others_ever_depends_on_an_answer() -> None:
    """Law 3: what the room and the facilitators hear is the same whoever says yes, no or nothing."""
    heard = []
    for answers in (("agree", "agree"), ("decline", "agree"), ("withdraw", "decline"), ("", "")):
        world = group("ann", "ben")
        for name, answer in zip(("ann", "ben"), answers, strict=True):
            if answer in ("agree", "withdraw"):
                world.agreed(name)
            if answer in ("decline", "withdraw"):
                world.give(name, answer)
        world.wait(400 * DAY)
        heard.append([e for e in world.effects if not isinstance(e, Whisper)])
    assert all(h == heard[0] for h in heard)
    assert all(isinstance(e, Announce) for e in heard[0])


def test_rows_of_the_group_name_nobody() -> None:
    """Erasing a person's rows erases them: nothing about them is kept elsewhere."""
    world = group("ann")
    world.agreed("ann")
    world.give("ann", "withdraw")
    kept = [h.record for k, h in world.rows.items() if k.member is None]
    assert "ann" not in str(kept).casefold()
    assert all(k.member is None for k in world.rows if Key(k.member, "standing") not in world.rows)


def test_a_lost_fact_is_never_made_of_a_clock() -> None:
    """However long nobody does anything, no consent is ended for anybody."""
    world = group("ann", "ben", renew="30d", grace="2d")
    world.agreed("ann")
    world.wait(400 * DAY)
    assert not world.facts_of(ConsentEnded)
    assert len(world.facts_of(ConsentGiven)) == 1
