"""The terms in force: which text, limits and circumstances people are asked to agree to now."""

import msgspec

from bot.consent.policy import LIMITS
from bot.consent.records import TERMS, WORDS, Change, TermsRecord, TextRecord, Why, text_key
from bot.consent.texts import agreement_file, base_for, own_words, sha256
from bot.contract.feature import Here, Put, Rows

REMEMBERED = 20
"""Changes kept for the line that says what is new since somebody agreed."""


class Terms(msgspec.Struct, frozen=True):
    """The terms in force, with the file, and what has to be kept if they are new."""

    record: TermsRecord
    text: TextRecord
    puts: tuple[Put, ...] = ()
    new: bool = False
    """Everybody has to be asked again."""


def in_force(rows: Rows) -> Terms | None:
    """The terms as they were last kept; None before the group was set up."""
    record = rows.get(TermsRecord, TERMS)
    text = rows.get(TextRecord, text_key(record.text)) if record else None
    return Terms(record, text) if record and text else None


def up_to_date(rows: Rows, here: Here, *also: Why) -> Terms:
    """The terms that the settings and the room ask for now, as a new round where they differ.

    `also` names reasons that the settings don't show. Text versions are appended, never edited.
    """
    base, own = base_for(here.policy), own_words(here.policy)
    age = here.policy.number("min_age")
    limits = tuple(limit for limit in LIMITS if limit in here.policy.items("limits"))
    duty, bridges = here.policy.text("facilitator_duty"), tuple(sorted(here.room.bridges))
    hearing = here.room.encrypted and here.policy.text("hearing") == "commands"
    body = agreement_file(base, age, own)
    digest = sha256(body)

    old = in_force(rows)
    if old is None:
        text = TextRecord(version=1, base=base.id, body=body, sha256=digest, since=here.now)
        first = TermsRecord(
            round=1,
            words=1,
            text=1,
            sha256=digest,
            limits=limits,
            duty=duty,
            min_age=age,
            bridges=bridges,
            hearing=hearing,
            awaited=len(here.group.named),
            since=here.now,
        )
        return Terms(first, text, (Put(record=text, key=text_key(1)), Put(record=first, key=TERMS)), True)

    was = old.record
    why: list[Why] = [*also]
    if sha256(agreement_file(base, was.min_age, own)) != was.sha256:
        why.append("agreement")
    if limits != was.limits:
        why.append("limits")
    if duty != was.duty:
        why.append("duty")
    if age != was.min_age:
        why.append("age")
    if set(bridges) - set(was.bridges):
        why.append("bridge")
    if hearing and not was.hearing:
        why.append("hearing")
    if not why:
        if bridges == was.bridges and hearing == was.hearing:
            return old
        fewer = msgspec.structs.replace(was, bridges=bridges, hearing=hearing)
        return Terms(fewer, old.text, (Put(record=fewer, key=TERMS),))

    round_ = was.round + 1
    puts: tuple[Put, ...] = ()
    text = old.text
    if digest != was.sha256:
        text = TextRecord(version=was.text + 1, base=base.id, body=body, sha256=digest, since=here.now)
        puts = (Put(record=text, key=text_key(text.version)),)
    record = TermsRecord(
        round=round_,
        words=round_ if set(why) & set(WORDS) else was.words,
        text=text.version,
        sha256=digest,
        limits=limits,
        duty=duty,
        min_age=age,
        bridges=bridges,
        hearing=hearing,
        awaited=len(here.group.named),
        changes=(*was.changes, *(Change(round_, reason) for reason in why))[-REMEMBERED:],
        since=here.now,
        rung_at=was.rung_at,
    )
    return Terms(record, text, (*puts, Put(record=record, key=TERMS)), True)


def news(terms: TermsRecord, since: int) -> tuple[Why, ...]:
    """What changed after round `since`, each reason once, the oldest first."""
    return tuple(dict.fromkeys(change.why for change in terms.changes if change.round > since))
