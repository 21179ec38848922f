"""People with Discord's own client: what they see and what they do."""

from tests.localdiscord.people.client import CannotDo, NotAnswered, Reply
from tests.localdiscord.people.forms import Forms
from tests.localdiscord.people.life import Life
from tests.localdiscord.people.stewarding import Stewarding


class Human(Forms, Life, Stewarding):
    """One account at one client. Whatever the account may not do raises Refused or CannotDo."""


__all__ = ["CannotDo", "Human", "NotAnswered", "Reply"]
