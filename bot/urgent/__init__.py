"""`urgent`: "I need help now". The group's crisis contact at once, for anybody, at any time."""

from pathlib import Path

from bot.boundary.commands import Command
from bot.contract.feature import Feature
from bot.contract.records import Codec
from bot.contract.settings import Setting
from bot.urgent.decide import decide, reads, wants

FEATURE = Feature(
    name="urgent",
    decide=decide,
    wants=wants,
    reads=reads,
    codec=Codec(()),  # it keeps nothing, ever
    commands=(Command(name="urgent", who="all", private=False, every_group=True, outsiders=True),),
    settings=(Setting(key="crisis_contact", kind="text", default="", most=600),),
    texts=Path(__file__).parent / "texts",
)
