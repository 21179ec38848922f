"""Adapters: each connects the core to one platform or one storage, through `bot.boundary` alone."""
