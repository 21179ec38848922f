"""The features, as an explicit list in alphabetical order. A new feature is a line here."""

from bot import breach, consent, gate, group, hearing, privacy, urgent
from bot.contract.feature import Feature

FEATURES: tuple[Feature, ...] = (
    breach.FEATURE,
    consent.FEATURE,
    gate.FEATURE,
    group.FEATURE,
    hearing.FEATURE,
    privacy.FEATURE,
    urgent.FEATURE,
)
