"""Faults that the kill rounds found, each told alone."""

import json

from tests.support.botprocess import MakeBot
from tests.support.circle import Circle, MakePerson, agree, plain_and_encrypted, until
from tests.support.proxy import Fault, Proxy
from tests.support.synapse import Synapse


@plain_and_encrypted
async def test_a_direct_chat_that_was_not_listed_before_the_crash_is_still_one(
    homeserver: Synapse, make_keeper: MakeBot, someone: MakePerson, encrypted: bool
) -> None:
    """Taken for a group, its answers were refused as given by nobody's member, and lost. Encrypted, its
    keys were thrown away as a group's at the next start, and what followed could not be read."""
    async with Proxy(homeserver.url) as proxy:
        keeper = await make_keeper(url=proxy.url).start_beside()
        circle = await Circle.guarded(someone, keeper, encrypted=encrypted)
        proxy.strikes = lambda request: "account_data" in request.path
        proxy.break_with(Fault.HANG)
        dora = await circle.welcome(await someone("dora", keeper, kind=circle.kind))
        # The bot writes to the chat only once it is listed; what is asked for here, it has not said yet.
        dora.watch()
        await dora.wait_for(lambda: bool(dora.chats))
        keeper.kill()
        await dora.say(dora.chats[0], "!rules")
        proxy.mend()
        await keeper.start_beside()
        await dora.answer("rules")
        keeper.kill()
        await keeper.start_beside()
        await agree(dora, asked=False)
        assert len(dora.chats) == 1


async def test_a_take_down_that_a_crash_interrupted_is_done_after_the_start(
    homeserver: Synapse, make_keeper: MakeBot, someone: MakePerson
) -> None:
    """Fitted to a room that nobody had looked at yet, which seemed to allow nothing, it failed for good."""
    async with Proxy(homeserver.url) as proxy:
        keeper = await make_keeper(url=proxy.url).start_beside()
        circle = await Circle.guarded(someone, keeper, "ben")
        ben = circle.members[0]
        await ben.answer("consent understood", timeout=40)
        ben.heard()
        proxy.strikes = lambda request: "/redact/" in request.path or "/send/" in request.path
        proxy.break_with(Fault.ERROR_500)
        slip = await ben.say(circle.room, "!consent")

        async def tried() -> bool:
            return bool(proxy.times)

        await until(tried, "the bot has tried")
        keeper.kill()
        proxy.mend()
        await keeper.start_beside()
        await until(lambda: ben.gone(circle.room, slip), "taken down")
        assert circle.name in (await ben.answer())["content"]["body"]


async def test_a_direct_chat_that_is_seen_half_made_gets_no_plain_word(
    homeserver: Synapse, make_keeper: MakeBot, someone: MakePerson
) -> None:
    """A sync may show the new room before `createRoom` has come to its encryption. What was shown then
    was taken for all, and on a slow day the question for consent stood there in plain words."""
    async with Proxy(homeserver.url) as proxy:
        keeper = await make_keeper(url=proxy.url).start_beside()
        circle = await Circle.guarded(someone, keeper, encrypted=True)

        def half(path: str, body: bytes) -> bytes:
            if not path.endswith("/sync"):
                return body
            news = json.loads(body)
            for room, part in news.get("rooms", {}).get("join", {}).items():
                events = part["timeline"]["events"]
                if room != circle.room:
                    part["timeline"]["events"] = [e for e in events if e["type"] != "m.room.encryption"]
            return json.dumps(news).encode()

        proxy.rewrite = half
        people = [await someone(f"p{n}", keeper, kind=circle.kind) for n in range(4)]
        for person in people:
            person.watch()
            await circle.welcome(person)
        for person in people:
            assert (await person.answer("consent understood", timeout=40)).get("was_sealed")
