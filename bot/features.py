"""The features, as an explicit list in alphabetical order. A new feature is a line here."""

from bot import breach, consent, gate, group, hearing, pause, privacy, recording, session, urgent
from bot.contract.feature import Feature

FEATURES: tuple[Feature, ...] = (
    breach.FEATURE,
    consent.FEATURE,
    gate.FEATURE,
    group.FEATURE,
    hearing.FEATURE,
    pause.FEATURE,
    privacy.FEATURE,
    recording.FEATURE,
    session.FEATURE,
    urgent.FEATURE,
)
