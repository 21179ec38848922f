"""Breach reports that protect the person who reports, and the case desk that guides facilitators."""

from pathlib import Path

from bot.breach.commands import COMMANDS
from bot.breach.decide import decide, reads, wants
from bot.breach.policy import SETTINGS
from bot.breach.records import CODEC, NAME
from bot.contract.feature import Feature

FEATURE = Feature(
    name=NAME,
    decide=decide,
    wants=wants,
    reads=reads,
    codec=CODEC,
    commands=COMMANDS,
    settings=SETTINGS,
    texts=Path(__file__).parent / "texts",
)
