"""What people read: the limits, the agreement, and what surrounds them, from tables of texts."""

from bot.boundary.effects import Body, Choice, Field, Part, Text, Verbatim, When, Words, say
from bot.consent.records import Standing, TermsRecord, TextRecord
from bot.consent.terms import news
from bot.contract.feature import Here

LIMIT_WORDS = {
    "harm_self": "consent-limit-harm-self",
    "harm_others": "consent-limit-harm-others",
    "child_abuse": "consent-limit-child-abuse",
    "vulnerable_adult_abuse": "consent-limit-vulnerable-adult-abuse",
    "court_order": "consent-limit-court-order",
    "members_not_guaranteed": "consent-limit-members-not-guaranteed",
    "no_legal_privilege": "consent-limit-no-legal-privilege",
    "technical_access": "consent-limit-technical-access",
}
DUTY_WORDS = {
    "none": "consent-duty-none",
    "org_policy": "consent-duty-org-policy",
    "mandated": "consent-duty-mandated",
}
NEWS_WORDS = {
    "agreement": "consent-news-agreement",
    "limits": "consent-news-limits",
    "duty": "consent-news-duty",
    "age": "consent-news-age",
    "facilitator": "consent-news-facilitator",
    "renewal": "consent-news-renewal",
    "bridge": "consent-news-bridge",
    "hearing": "consent-news-hearing",
}
SHOWS_WORDS = {
    "notice": "consent-shows-notice",
    "mute": "consent-shows-mute",
    "door": "consent-shows-door",
}
"""Law 3: what the gate itself shows of an answer is said before anyone answers."""

PINNED = "_version"
"""The value of a choice that names the round that was shown. Nobody types it."""


BOXES = "_boxes"
"""The value of a form in which each limit has a box of its own. Nobody types it."""


def boxes(terms: TermsRecord) -> Field:
    """One box for each limit that was shown, and one for the age."""
    ticks = (
        *(Words(LIMIT_WORDS[limit]) for limit in terms.limits),
        say("consent-box-age", age=terms.min_age),
    )
    return Field(name=BOXES, label="consent-boxes", kind="ticks", ticks=ticks, required=True)


def pinned(terms: TermsRecord) -> dict[str, str]:
    """The values of a choice that may only count for these terms."""
    return {PINNED: str(terms.round)}


def crisis(here: Here) -> Words:
    """Where help is right now, in the group's words where it gave some."""
    contact = here.policy.text("crisis_contact")
    return say("consent-crisis", contact=contact) if contact else say("consent-crisis-none")


def whom_to_ask(here: Here) -> Words:
    """Whom to ask about the agreement: the group's contact, the operator where it has none."""
    contact = here.policy.text("contact")
    if contact:
        return say("consent-ask-group", contact=contact)
    return say("consent-ask-operator", operator=here.operator.name, contact=here.operator.contact)


def limits(terms: TermsRecord, here: Here, *opening: Part, whole: bool) -> Body:
    """The limits, after an opening. `whole`: with all that somebody new has to know."""
    parts: list[Part] = [*opening]
    if whole:
        parts.append(crisis(here))
    parts += [_listed(terms), Words(DUTY_WORDS[terms.duty])]
    if terms.awaited:
        parts.append(say("consent-awaited", count=terms.awaited))
    if whole:
        parts.append(say("consent-no-false-security"))
        parts.append(say("consent-data", operator=here.operator.name))
        if terms.hearing:
            parts.append(say("consent-hearing"))
        parts.append(Words(SHOWS_WORDS[here.policy.gate]))
    parts.append(say("consent-limits-next", age=terms.min_age))
    return tuple(parts)


def _listed(terms: TermsRecord) -> Words:
    """The limits one under another: each text begins with its own line break, or is not there."""
    shown = {limit: Text(key) if limit in terms.limits else "" for limit, key in LIMIT_WORDS.items()}
    return say(
        "consent-limits",
        harm_self=shown["harm_self"],
        harm_others=shown["harm_others"],
        child_abuse=shown["child_abuse"],
        vulnerable_adult_abuse=shown["vulnerable_adult_abuse"],
        court_order=shown["court_order"],
        members_not_guaranteed=shown["members_not_guaranteed"],
        no_legal_privilege=shown["no_legal_privilege"],
        technical_access=shown["technical_access"],
    )


def limits_choices(terms: TermsRecord) -> tuple[Choice, ...]:
    """The answers to the limits."""
    return (
        Choice(label="consent-choice-understood", name="consent", sub="understood", values=pinned(terms)),
        Choice(label="consent-choice-decline", name="consent", sub="decline", values=pinned(terms)),
    )


def agreement(text: TextRecord, here: Here, *opening: Part) -> Body:
    """The agreement itself, exactly as its file has it."""
    return (*opening, Verbatim(text.body.decode().rstrip()), say("consent-agreement-next"), whom_to_ask(here))


def agreement_choices(terms: TermsRecord) -> tuple[Choice, ...]:
    """The answers to the agreement."""
    return (
        Choice(label="consent-choice-agree", name="consent", sub="agree", values=pinned(terms)),
        Choice(label="consent-choice-decline", name="consent", sub="decline", values=pinned(terms)),
    )


def changes(terms: TermsRecord, since: int) -> tuple[Part, ...]:
    """One line for each thing that changed after a round."""
    return tuple(Words(NEWS_WORDS[why]) for why in news(terms, since))


def still_holds(standing: Standing) -> tuple[Part, ...]:
    """Until when what was agreed before holds while somebody is asked again."""
    if standing.consent is None or standing.grace_until is None:
        return ()
    return (say("consent-still-holds", until=When(standing.grace_until, only_date=True)),)


def holds_until(standing: Standing) -> tuple[Part, ...]:
    """The same for somebody who said no to what is new."""
    if standing.grace_until is None:
        return ()
    return (say("consent-declined-until", until=When(standing.grace_until, only_date=True)),)
