"""A Discord for tests, on this machine. README.md says how to use it."""

from tests.localdiscord.people import CannotDo, Human, NotAnswered, Reply
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused
from tests.localdiscord.server import LocalDiscord

__all__ = ["CannotDo", "Human", "LocalDiscord", "NotAnswered", "P", "Refused", "Reply"]
