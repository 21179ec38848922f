"""The group itself: its settings, its facilitators, and setting it up."""

from pathlib import Path

from bot.contract.feature import Feature
from bot.contract.group import GROUP
from bot.group.commands import COMMANDS
from bot.group.decide import decide, reads, wants
from bot.group.policy import SETTINGS
from bot.group.records import CODEC

FEATURE = Feature(
    name=GROUP,
    decide=decide,
    wants=wants,
    reads=reads,
    codec=CODEC,
    commands=COMMANDS,
    settings=SETTINGS,
    texts=Path(__file__).parent / "texts",
)
