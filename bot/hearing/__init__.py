"""`hearing`: whether commands that are typed in an encrypted room reach the bot. A group's own choice."""

from pathlib import Path

from bot.contract.feature import Feature
from bot.contract.records import Codec
from bot.contract.settings import Setting
from bot.hearing.decide import decide, reads, wants

FEATURE = Feature(
    name="hearing",
    decide=decide,
    wants=wants,
    reads=reads,
    codec=Codec(()),  # the setting is all that there is to keep
    settings=(
        Setting(
            key="hearing",
            kind="choice",
            default="off",
            choices=("off", "commands"),
            concerns_members=True,
            operators=False,  # an operator must not switch it on for groups that never chose it
        ),
    ),
    texts=Path(__file__).parent / "texts",
)
