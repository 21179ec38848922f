"""Faults planted in the Matrix adapter."""

from tests.mutants.mutants import Mutant

INBOUND = "tests/matrix/test_inbound.py"
LEVELS = "tests/matrix/test_levels.py"

MATRIX = (
    Mutant(
        "2: a quoted or edited command is carried out",
        "adapters/matrix/words.py",
        "if body is None or is_edit(content) or is_reply(content):",
        "if body is None:",
        INBOUND,
    ),
    Mutant(
        "2: plain words in an encrypted room are heard",
        "adapters/matrix/inbound.py",
        "said = None if room.encrypted else self.said(room, event)",
        "said = self.said(room, event)",
        INBOUND,
    ),
    Mutant(
        "5: a direct chat with a third person in it is used",
        "adapters/matrix/direct.py",
        "present <= {self._world.me, user}\n            and room",
        "{user} <= {*present, user}\n            and room",
        "tests/matrix/test_direct_chats.py",
    ),
    Mutant(
        "6: plain words in an encrypted direct chat count",
        "adapters/matrix/following.py",
        "exposed = room.encrypted or self._world.needs_encryption(by)",
        "exposed = False",
        "tests/matrix/test_direct_chats.py",
    ),
    Mutant(
        "7: the position moves over what is not durable",
        "adapters/matrix/lowwater.py",
        "while self._batches and self._batches[0][1].done():\n            position, done = self._batches[0]\n"
        "            if done.cancelled() or done.exception() is not None:\n                break\n",
        "while self._batches:\n            position, done = self._batches[0]\n",
        "tests/matrix/test_lowwater.py",
    ),
    Mutant(
        "8: a malformed message slips by the gate",
        "adapters/matrix/inbound.py",
        'if sender == self._me or event.get("type") == "m.room.redaction":',
        'if sender == self._me or not isinstance(event.get("content"), dict):',
        INBOUND,
    ),
    Mutant(
        "8: a creator's power in a room of version 12 is not known",
        "adapters/matrix/levels.py",
        "        if user in self.above_all:\n            return math.inf\n",
        "",
        LEVELS,
    ),
    Mutant(
        "8: a gate leaves types open that have a level of their own",
        "adapters/matrix/levels.py",
        "if kind not in FREE_TYPES and before.to_send(kind) < level:",
        "if False:",
        LEVELS,
    ),
)
