"""Meetings: they begin with the pledge, they end with a reminder, and the next one is planned."""

from pathlib import Path

from bot.contract.feature import Feature
from bot.session.commands import COMMANDS
from bot.session.decide import decide, reads, summarise, wants
from bot.session.records import CODEC

FEATURE = Feature(
    name="session",
    decide=decide,
    wants=wants,
    reads=reads,
    codec=CODEC,
    commands=COMMANDS,
    texts=Path(__file__).parent / "texts",
    summarise=summarise,
)
