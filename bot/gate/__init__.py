"""The gate: who may take part, by notice, by mute or by door."""

from pathlib import Path

from bot.contract.feature import Feature
from bot.gate.commands import COMMANDS
from bot.gate.decide import decide, reads, summarise, wants
from bot.gate.policy import SETTINGS
from bot.gate.records import CODEC, GATE

FEATURE = Feature(
    name=GATE,
    decide=decide,
    wants=wants,
    reads=reads,
    codec=CODEC,
    commands=COMMANDS,
    settings=SETTINGS,
    texts=Path(__file__).parent / "texts",
    summarise=summarise,
)
