"""Law 10: time and order are not trusted. A homeserver that says everything twice, and backwards."""

import asyncio
import json
from collections import defaultdict
from typing import Any

from tests.support.botprocess import MakeBot
from tests.support.circle import Circle, MakePerson, agree
from tests.support.proxy import Proxy
from tests.support.synapse import Synapse


class Replayer:
    """Puts everything that was ever said in front of the news again, the newest first, and behind it.

    State is left as it is: what the state of a room is, the homeserver decides.
    """

    def __init__(self) -> None:
        self.on = False
        self.replayed = 0
        self._past: dict[str, list[Any]] = defaultdict(list)

    def rewrite(self, path: str, body: bytes) -> bytes:
        """The answer to a sync, with the past in it."""
        if not path.endswith("/sync"):
            return body
        answer = json.loads(body)
        for room, news in answer.get("rooms", {}).get("join", {}).items():
            events = news["timeline"]["events"]
            if self.on:
                past = [e for e in reversed(self._past[room]) if e not in events]
                self.replayed += len(past)
                news["timeline"]["events"] = [*past, *events, *past]
            said = [e for e in events if "state_key" not in e]
            self._past[room] += [e for e in said if e not in self._past[room]]
        return json.dumps(answer).encode()


async def test_what_was_said_before_does_not_count_again(
    homeserver: Synapse, make_keeper: MakeBot, someone: MakePerson
) -> None:
    """An old `agree` does not undo a withdrawal, an old `group open` opens nothing; nothing is answered
    twice."""
    replayer = Replayer()
    async with Proxy(homeserver.url) as proxy:
        proxy.rewrite = replayer.rewrite
        keeper = await make_keeper(url=proxy.url).start_beside()
        circle = await Circle.guarded(someone, keeper, "ben", gate="mute")
        ben = circle.members[0]
        await agree(ben)
        await circle.admin.ask_bot("!group open")
        await circle.admin.ask_bot("!group set gate mute confirm")
        await ben.ask_bot("!consent withdraw", "consent undo")
        await circle.falls_silent(ben)
        said, heard = len(ben.words), len(circle.admin.words)

        replayer.on = True
        await ben.say(await ben.chat(), "good evening")
        await circle.admin.say(circle.room, "good evening")
        await asyncio.sleep(2)
        assert replayer.replayed
        keeper.kill()
        await keeper.start_beside()
        await circle.admin.say(circle.room, "good night")
        await asyncio.sleep(2)
        assert not await circle.may_speak(ben)
        fresh = [e["content"]["body"] for e in ben.words[said:]]
        assert len(fresh) <= 1, fresh  # only the small talk may have been answered
        assert [e["content"]["body"] for e in circle.admin.words[heard:]] == []
        replayer.on = False
        assert "gate: mute" in (await circle.admin.ask_bot("!group")).replace("`", "").replace("*", "")
