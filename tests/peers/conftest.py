"""People with a client that is not ours, on the homeserver that all tests share."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.conftest import new_name
from tests.peers.evening import MakePeer
from tests.peers.node import Node
from tests.peers.peer import Peer
from tests.support.synapse import Account, Synapse


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """One Node process for all peers of a test worker: its start is the dear part."""
    node = Node(tmp_path_factory.mktemp("peers") / "log")
    yield node
    node.stop()


@pytest.fixture
async def make_peer(node: Node, homeserver: Synapse) -> AsyncIterator[MakePeer]:
    """Makes people: `await make_peer("ann", signed=False)`; `account` names an account that there is."""
    made: list[Peer] = []

    async def make(name: str, account: Account | None = None, **how: Any) -> Peer:
        account = account or homeserver.register(new_name(name))
        peer = await Peer.login(node, homeserver, account, **how)
        made.append(peer)
        return peer

    yield make
    for peer in made:
        await peer.close()
