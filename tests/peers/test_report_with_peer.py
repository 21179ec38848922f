"""A breach report from somebody else's client, encrypted: from the first word to the closing."""

import re

import pytest

from tests.journeys.test_reporting import CODE, HOUR
from tests.peers.evening import Evening, MakePeer, Talk
from tests.support.botprocess import MakeBot

ANSWERS = (
    ("!report", "What happened"),
    ("screenshot", "When was it"),
    ("last Tuesday", "Who is harmed"),
    ("me", "What do you wish for"),
    ("stop", "In your own words"),
    ("My post was passed around.", "not see this"),
    ("nobody", "With your name, or without"),
    ("without", "This is your report"),
)


@pytest.mark.timeout(240)
async def test_a_whole_case_with_somebody_elses_client(make_keeper: MakeBot, make_peer: MakePeer) -> None:
    """Every word of it comes encrypted and without a shield; what was said for it is taken down."""
    keeper = await make_keeper().start_beside()
    evening = await Evening.guarded(make_peer, keeper, "ben")
    ada, ben = evening.admin, evening.members[0]
    await ada.ask("!group set quiet_hours none confirm", "quiet_hours")
    for words, then in ANSWERS:
        assert (await ben.ask(words, then)).clean
    sent = await ben.ask("send", "Your report is sent")
    found = CODE.search(sent.body)
    assert found
    await _taken_down(ben)
    notices = len(await evening.notices(ada.peer))

    assert keeper.stop() == 0
    keeper.ahead = HOUR
    await keeper.start_beside()
    await ada.answer("something new at the case desk")
    listed = await ada.ask("!cases", "1 case is open")
    name = re.search(r"\*\*([a-z]+-[a-z]+)\*\*", listed.body)
    assert name
    shown = await ada.ask(f"!cases show {name[1]}", "gave no name")
    assert shown.clean
    assert ben.peer.user_id not in shown.body
    await ada.ask(f"!cases acknowledge {name[1]}", "in your hands")
    await ada.ask(f"!cases close {name[1]} We talked, and it is gone.", "Closed")
    assert "it is gone" in (await ben.ask(f"!case show {found[1]}", "It is closed")).body
    assert len(await evening.notices(ada.peer)) == notices, "the room hears nothing of it"


async def _taken_down(talk: Talk) -> None:
    """Of the answers nothing can be read any more in the chat, on either side."""

    async def gone() -> bool | None:
        seen = [e.body for e in await talk.peer.timeline(talk.room) if not e.redacted]
        return not any("My post was passed around" in body for body in seen) or None

    await talk.peer.wait_for(gone, "the report's words to be taken down")
