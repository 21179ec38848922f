"""What the bot sees and keeps: `privacy`, `mydata`, `forget`."""

from pathlib import Path

from bot.boundary.commands import Command
from bot.contract.feature import Feature
from bot.contract.records import Codec
from bot.privacy.decide import decide, reads, wants

FEATURE = Feature(
    name="privacy",
    decide=decide,
    wants=wants,
    reads=reads,
    codec=Codec(()),  # it keeps nothing of its own
    commands=(
        Command(name="privacy", who="all"),
        Command(name="mydata", outsiders=True),
        Command(name="forget", outsiders=True, confirms=True, always_ask_group=True),
    ),
    texts=Path(__file__).parent / "texts",
    sees_all_of=True,
)
