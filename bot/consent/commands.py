"""The commands of consent, as the public interface has them."""

from bot.boundary.commands import Command

COMMANDS = (
    Command(name="consent", sub="show", bare=True, outsiders=True),
    Command(name="consent", sub="understood", bare_word=True),
    Command(name="consent", sub="agree", bare_word=True),
    Command(name="consent", sub="decline", bare_word=True),
    Command(name="consent", sub="withdraw", bare_word=True, always_ask_group=True, outsiders=True),
    Command(name="consent", sub="undo", bare_word=True, outsiders=True),
    Command(name="consent", sub="receipt", outsiders=True),
    Command(name="consent", sub="talk", bare_word=True, outsiders=True),
    Command(name="rules", who="all", private=False),
)
