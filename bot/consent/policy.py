"""The settings that consent obeys, and the numbers that it lives by."""

from datetime import timedelta

from bot.contract.settings import Setting

LIMITS = (
    "harm_self",
    "harm_others",
    "child_abuse",
    "vulnerable_adult_abuse",
    "court_order",
    "members_not_guaranteed",
    "no_legal_privilege",
    "technical_access",
)
"""The limits of confidentiality that there are, in the order in which they are said."""

DAY = 86400

SETTINGS = (
    Setting(key="agreement", kind="text", default="", most=3000, concerns_members=True),
    Setting(
        key="facilitator_duty",
        kind="choice",
        default="none",
        choices=("none", "org_policy", "mandated"),
    ),
    Setting(key="grace", kind="duration", default="14d", least=0, most=365 * DAY),
    Setting(key="limits", kind="list", default=", ".join(LIMITS), choices=LIMITS),
    # 13: the lowest age at which GDPR Art. 8 and COPPA let anybody consent for themselves.
    Setting(key="min_age", kind="number", default="18", least=13, most=99),
    # EDPB 05/2020, "appropriate intervals": asked again once a year unless the group says so.
    Setting(key="renew", kind="duration", default="365d", least=DAY, most=3650 * DAY),
)

ASKED_ABOUT = frozenset({"agreement", "facilitator_duty", "limits", "min_age"})
"""Settings whose change asks everybody again."""

UNDO = timedelta(minutes=10)
"""How long a withdrawal can be taken back (the public interface)."""

REMINDERS = (0.5, 6 / 7)
"""When reminders come, as parts of the grace: after 7 and 12 of 14 days. Two, never more."""

KEPT = timedelta(days=30)
"""How long receipts of somebody who left without a consent in force are kept (ours)."""

KEPT_UNAGREED = timedelta(days=1)
"""How long it is kept that somebody was asked, who left and never agreed (ours): who was turned away
at the door or let out can still ask for a talk, and finds the group's crisis contact."""

TALK_AGAIN = timedelta(minutes=10)
"""Facilitators are told at most this often that the same person would like to talk."""

RING_AGAIN = timedelta(days=1)
"""The room hears at most this often that everybody can write to the bot (ours)."""

LOG_LENGTH = 100
"""Receipts kept per person: nobody can fill the disk by agreeing and withdrawing all day."""
