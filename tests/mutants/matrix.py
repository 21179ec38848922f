"""Faults planted in the Matrix adapter."""

from tests.mutants.mutants import Mutant

INBOUND = "tests/matrix/test_inbound.py"
LEVELS = "tests/matrix/test_levels.py"
DIRECT = "tests/matrix/test_direct_chats.py"

KEYS = "tests/attacks/test_matrix_keys.py"
UNREAD = "tests/attacks/test_matrix_unread.py"

MATRIX = (
    Mutant(
        "1: the names of an encrypted connection's keys can be read",
        "adapters/sqlite/drawers.py",
        'name_ix = self._seal.index("drawer-name", drawer, name)',
        "name_ix = name.encode()",
        "tests/attacks/test_stolen_database.py",
    ),
    Mutant(
        "2: the keys of a guarded room are kept",
        "adapters/matrix/crypto/encryption.py",
        "return self._world.is_direct(room) or self._hearings.on(room)",
        "return True",
        f"{UNREAD}::test_nothing_in_the_store_or_the_process_opens_a_guarded_room",
    ),
    Mutant(
        "2: a key that was thrown away lives on in what was read at the start",
        "adapters/matrix/crypto/machine.py",
        "        store.forget_loaded()\n",
        "",
        KEYS,
    ),
    Mutant(
        "2: a key waits for ever for a room that may be guarded",
        "adapters/matrix/crypto/arriving.py",
        "        while self._held and self._held[0].at < oldest:\n",
        "        while False:\n",
        KEYS,
    ),
    Mutant(
        "6: a device that its owner's identity did not sign is believed",
        "adapters/matrix/crypto/devices.py",
        "return [d for d in every if d.verified] or every",
        "return every",
        KEYS,
    ),
    Mutant(
        "6: a key that the homeserver put in place of a device's is used",
        "adapters/matrix/crypto/peers.py",
        'if is_signed(key, device.user_id, f"ed25519:{device.device_id}", device.ed25519):',
        "if True:",
        KEYS,
    ),
    Mutant(
        "10: the room inside an encrypted event is not looked at",
        "adapters/matrix/crypto/opening.py",
        'if not isinstance(payload, dict) or payload.get("room_id") != room:',
        "if not isinstance(payload, dict):",
        KEYS,
    ),
    Mutant(
        "10: the same ciphertext counts in any number of events",
        "adapters/matrix/crypto/opening.py",
        "if not self._first(key, found.message_index, str(event_id)):",
        "if not self._first(key, found.message_index, str(event_id)) and False:",
        KEYS,
    ),
    Mutant(
        "10: what was heard in an encrypted room may be said again after a restart",
        "adapters/matrix/following.py",
        "                        await self._encryption.remember(room.id, event)\n",
        "",
        "tests/attacks/test_matrix_payloads.py::test_the_same_ciphertext_in_another_event_counts_once",
    ),
    Mutant(
        "10: what was seen of a key is forgotten in a restart",
        "adapters/matrix/crypto/keeping.py",
        "            key.opened = dict(kept.opened)\n",
        "",
        KEYS,
    ),
    Mutant(
        "10: somebody else's key opens a person's messages",
        "adapters/matrix/crypto/machine.py",
        "if isinstance(found, RoomKey) and found.by == by:",
        "if isinstance(found, RoomKey):",
        KEYS,
    ),
    Mutant(
        "10: whom a sealed key says that it is from is not looked at",
        "adapters/matrix/crypto/machine.py",
        'and payload.get("sender") == sender',
        'and payload.get("sender")',
        KEYS,
    ),
    Mutant(
        "10: who publishes somebody's key shares their sessions",
        "adapters/matrix/crypto/machine.py",
        'return f"{user} {curve}"',
        "return curve",
        KEYS,
    ),
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
        f"{DIRECT}::test_a_chat_with_a_third_person_hears_nothing_private",
    ),
    Mutant(
        "6: plain words in an encrypted direct chat count",
        "adapters/matrix/following.py",
        "exposed = room.encrypted or self._world.needs_encryption(by)",
        "exposed = False",
        f"{DIRECT}::test_an_encrypted_chat_hears_no_plain_words",
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
        "7: keys that came while the bot was away are lost",
        "adapters/matrix/sync.py",
        "await self._encryption.receive(answer, first)",
        "await self._encryption.receive(answer)",
        "tests/attacks/test_matrix_sealed_consent.py::test_a_key_that_came_while_the_bot_was_away_is_not_lost",
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
