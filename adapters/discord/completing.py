"""Completion while a command is typed, and what a command was given with."""

import logging
from typing import Any

import discord

from adapters.discord.commands import GROUP
from adapters.discord.errors import TROUBLE
from adapters.discord.messages import Raw
from adapters.discord.replies import Replies
from adapters.discord.which import Which
from bot.boundary.errors import Undeliverable
from bot.boundary.ports import Sink

MOST_COMPLETED = 25

log = logging.getLogger(__name__)


class Completing:
    """Offers groups, settings and their values."""

    def __init__(self, replies: Replies, which: Which, sink: Sink) -> None:
        self._replies, self._which, self._sink = replies, which, sink

    async def complete(self, interaction: discord.Interaction[Any], data: Raw, *, ready: bool) -> None:
        """Answer with what fits; with nothing while the bot is not ready. Nothing is raised."""
        found: list[Raw] = []
        if ready:
            name, typed, given = _focused(data)
            if name == GROUP:
                pairs = self._which.completions(interaction.user.id)
            else:
                pairs = [(value, value) for value in self._sink.complete(name, given)]
            matching = [p for p in pairs if typed.casefold() in p[0].casefold()]
            found = [{"name": n[:100], "value": v[:100]} for n, v in matching[:MOST_COMPLETED]]
        try:
            await self._replies.complete(str(interaction.id), interaction.token, found)
        except (*TROUBLE, Undeliverable):
            log.debug("completions came too late")


def options_of(data: Raw) -> tuple[str, dict[str, str]]:
    """The sub-word and the values of a command as Discord sends it."""
    options: list[Raw] = data.get("options") or []
    sub = ""
    if options and options[0].get("type") == 1:
        sub = str(options[0].get("name"))
        options = options[0].get("options") or []
    return sub, {str(o["name"]): str(o.get("value", "")) for o in options}


def _focused(data: Raw) -> tuple[str, str, dict[str, str]]:
    """The option that is being typed, what stands there, and the others."""
    options: list[Raw] = data.get("options") or []
    if options and options[0].get("type") == 1:
        options = options[0].get("options") or []
    focused = next((o for o in options if o.get("focused")), {"name": "", "value": ""})
    others = {str(o["name"]): str(o.get("value", "")) for o in options if not o.get("focused")}
    return str(focused["name"]), str(focused.get("value", "")), others
