"""What is kept of reports. A case lies under its code's location and under nobody's name.

A draft has to be found by the person who writes it, so it lies in their rows, sealed, for 24 hours
at most; sending or cancelling removes it in the same commit. From then on no row but a case's own
says anything about who reported, and a case itself names them only where they chose so.
"""

from datetime import datetime
from typing import Literal

import msgspec

from bot.boundary.ids import MemberId, MessageId
from bot.contract.records import Codec, Record

NAME = "breach"
DRAFT, STAFFED = "draft", "staffed"
"""Keys in a person's rows. A case's key is its location."""

KINDS = ("sharing", "screenshot", "recording", "identity", "gossip", "lookup", "other")
HARMED = ("me", "another", "several")
WISHES = ("stop", "talk", "remind", "ask")
Question = Literal["kind", "when", "harmed", "wish", "words", "without", "name", "review"]
QUESTIONS: tuple[Question, ...] = ("kind", "when", "harmed", "wish", "words", "without", "name", "review")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the person has said so far, and what becomes the case."""

    kind: str = ""
    when: str = ""
    harmed: str = ""
    wish: str = ""
    words: str = ""
    without: tuple[MemberId, ...] = ()
    """Who must never see the case: also if they become facilitators later."""


class Draft(Record, frozen=True, kw_only=True, tag="draft"):
    """A report that somebody writes. In that person's rows, under `DRAFT`."""

    started_at: datetime
    first: MessageId | None = None
    """The first message of it in the direct chat, where there is one."""
    question: Question = "kind"
    told: Told = Told()
    offered: tuple[MemberId, ...] = ()
    """Whom the question `without` named, in its order, for answers by number."""
    shown: tuple[MemberId, ...] = ()
    """Who would see the report, as the person read it before sending."""
    named: bool | None = None
    code: str = ""
    location: str = ""
    label: str = ""


Kind = Literal[
    "added", "asked", "note", "acknowledged", "handover", "step", "addressed", "renewed", "closed"
]  # fmt: skip


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in a case's history.

    `by` is a facilitator, None for the reporter: then `at` is the next full hour, from which on it
    shows, and is never shown itself. Times tell who was there.
    """

    kind: Literal[
        "added", "asked", "note", "acknowledged", "handover", "step", "addressed", "renewed", "closed"
    ]
    words: str = ""
    by: MemberId | None = None
    to: MemberId | None = None
    at: datetime | None = None


class Case(Record, frozen=True, kw_only=True, tag="case"):
    """One report and what became of it. Under its location, of no member."""

    label: str
    told: Told
    opened_at: datetime
    """The full hour in which it was noticed, not the moment when it was sent."""
    reporter: MemberId | None = None
    """Only where the person chose to be named."""
    state: Literal["new", "open", "closed", "withdrawn"] = "new"
    holder: MemberId | None = None
    recused: tuple[MemberId, ...] = ()
    entries: tuple[Entry, ...] = ()
    step: int = 0
    """The place in `STEPS` of the step that is next."""
    muted: bool = False
    """The reporter can add nothing more."""
    touched_on: datetime
    """When anything was last added, to the full hour."""
    leaves_at: datetime | None = None
    """The full hour at which an anonymous case is taken back, once its reporter has said so."""
    notice_at: datetime | None = None
    notify: tuple[MemberId, ...] = ()
    tell_reporter: bool = False
    """A named reporter hears at `notice_at` that there is something to read."""
    reminded: bool = False
    escalated: bool = False
    overdue_told: bool = False

    @property
    def over(self) -> bool:
        """Nothing more is to be done."""
        return self.state in ("closed", "withdrawn")


class Tombstone(Record, frozen=True, kw_only=True, tag="tombstone"):
    """What stays of a case whose time is over: that there was one. In its place."""

    deleted_on: datetime


class Staffed(Record, frozen=True, kw_only=True, tag="staffed"):
    """A facilitator said that they look after reports. In their rows, under `STAFFED`."""

    confirmed_at: datetime | None


CODEC = Codec((Draft, Case, Tombstone, Staffed))
