"""What the adapter itself says, before the engine can: in the language of who reads it."""

from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

FOLDER = Path(__file__).parent / "texts"


class Sayings:
    """The adapter's own Fluent texts. English where there is no other."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._bundles: dict[str, FluentBundle] = {}
        for file in sorted(folder.glob("*.ftl")):
            bundle = FluentBundle([file.stem], use_isolating=False)
            bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
            self._bundles[file.stem] = bundle

    def say(self, key: str, locale: str = "en", /, **args: str | int) -> str:
        """One text in the reader's language. Raises KeyError where there is no such text."""
        bundle = self._bundles.get(locale.partition("-")[0], self._bundles["en"])
        if not bundle.has_message(key):
            bundle = self._bundles["en"]
        pattern = bundle.get_message(key).value
        if pattern is None:
            raise KeyError(key)
        text, errors = bundle.format_pattern(pattern, dict[str, str | int](args))
        if errors:
            raise KeyError(key)
        return str(text)


SAYINGS = Sayings()
"""Read once: a few kilobytes."""


def say(key: str, locale: str = "en", /, **args: str | int) -> str:
    """See `Sayings.say`."""
    return SAYINGS.say(key, locale, **args)
