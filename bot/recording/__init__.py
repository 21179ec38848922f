"""Recording: nobody may, unless every single person agreed; and recorders that show themselves."""

from pathlib import Path

from bot.contract.feature import Feature
from bot.recording.commands import COMMANDS
from bot.recording.decide import decide, reads, summarise, wants
from bot.recording.policy import SETTINGS
from bot.recording.records import CODEC

FEATURE = Feature(
    name="recording",
    decide=decide,
    wants=wants,
    reads=reads,
    codec=CODEC,
    commands=COMMANDS,
    settings=SETTINGS,
    texts=Path(__file__).parent / "texts",
    summarise=summarise,
)
