"""`pause`: any member stops the room for a moment, without a name."""

from pathlib import Path

from bot.boundary.commands import Command, Option
from bot.contract.feature import Feature
from bot.pause.decide import decide, reads, wants
from bot.pause.records import CODEC

FEATURE = Feature(
    name="pause",
    decide=decide,
    wants=wants,
    reads=reads,
    codec=CODEC,
    commands=(
        Command(name="pause"),
        Command(
            name="pause",
            sub="mute",
            who="facilitator",
            options=(Option(name="pause", kind="word", required=True),),
        ),
    ),
    texts=Path(__file__).parent / "texts",
)
