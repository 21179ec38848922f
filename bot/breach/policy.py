"""What a group can set about its cases, and the numbers that are not theirs to set."""

from datetime import timedelta

from bot.contract.settings import Setting

SETTINGS = (
    Setting(key="escalate_after", kind="duration", default="7d", least=86400, most=90 * 86400),
    Setting(key="case_retention", kind="duration", default="90d", least=86400, most=3650 * 86400),
)

REMIND_AFTER = 3
"""Working days until a case that nobody has acknowledged is called to mind (ISO 37002)."""
OUTCOME_WITHIN = timedelta(days=90)
"""EU 2019/1937 Art. 9: whoever reports hears of an outcome within three months."""
DRAFT_FOR = timedelta(hours=24)
"""How long a report that was begun and not sent is kept."""
REPORTS_AN_HOUR = 5
"""One person's (the default of GlobaLeaks). Counted in memory alone."""
STAFFED_FOR = timedelta(days=30)
"""How long it counts that a facilitator said that they look after reports."""
ENOUGH = 2
"""So many people have to look after reports: with one alone nobody can be left out."""
LONGEST_ANSWER = 2000
"""Characters of one answer of a report: a page, and quick to read for whoever helps."""
MOST_ENTRIES = 60
"""Entries of one case, and `MOST_FROM_REPORTER` of them without a name: a flood fills nobody's disk."""
MOST_FROM_REPORTER = 20
