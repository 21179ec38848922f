"""The engine: what every feature shares. It knows no feature by name, and no platform."""

from pathlib import Path

from bot.engine.clock import SystemClock
from bot.engine.engine import Engine
from bot.engine.texts import Texts

TEXTS = Path(__file__).parent / "texts"
"""The engine's own words."""

__all__ = ["TEXTS", "Engine", "SystemClock", "Texts"]
