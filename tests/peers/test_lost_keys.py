"""A key is lost: the person is told what to do, and doing it helps."""

from pathlib import Path

from bot.boundary.events import CannotRead, WordsGiven
from tests.contract.matrix_stage import MatrixStage
from tests.contract.stage import until
from tests.peers.evening import MakePeer, Talk
from tests.support.synapse import Synapse


async def test_saying_it_again_helps_after_a_key_was_lost(
    homeserver: Synapse, make_peer: MakePeer, tmp_path: Path
) -> None:
    """The bot begins a new connection with the device, and its app gives the key once more."""
    stage = MatrixStage(homeserver, tmp_path)
    try:
        await until(lambda: stage.platform.health().ready, "readiness")
        ann = await make_peer("ann")
        talk = await Talk.opened(ann, stage.me.native)
        await talk.say("!help")
        await until(lambda: stage.sink.of(WordsGiven) or None)
        machine = stage.platform._encryption._machine  # type: ignore[attr-defined]
        machine.drop_room_keys_of(talk.room)
        await talk.say("!rules")
        await until(lambda: [e.why for e in stage.sink.of(CannotRead)] == ["encrypted"] or None)
        await ann.quiet()
        await talk.say("!rules")
        await until(lambda: [e.words for e in stage.sink.of(WordsGiven)] == ["!help", "!rules"] or None)
    finally:
        await stage.close()
