"""config.yaml, read into frozen settings. What is wrong in it is said with its line and what to do.

`read(path, sections, group_settings)` is all that the rest of the program needs.
"""

from bot.config.settings import Listen, Settings, read

__all__ = ["Listen", "Settings", "read"]
