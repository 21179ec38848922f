"""Consent: limits first, then the agreement; withdrawn in one step; receipts of all of it."""

from bot.consent.commands import COMMANDS
from bot.consent.decide import NAME, decide, reads, wants
from bot.consent.policy import SETTINGS
from bot.consent.records import CODEC
from bot.consent.texts import FOLDER
from bot.contract.feature import Feature

FEATURE = Feature(
    name=NAME,
    decide=decide,
    wants=wants,
    reads=reads,
    codec=CODEC,
    commands=COMMANDS,
    settings=SETTINGS,
    texts=FOLDER,
)
