"""Faults planted in the Discord adapter."""

from tests.mutants.mutants import Mutant

CONSENT = "tests/discord/test_consent.py"
PIECES = "tests/discord/test_pieces.py"

DISCORD = (
    Mutant(
        "5: an answer to one person is shown to all",
        "adapters/discord/replies.py",
        'hidden = {**page.body, "flags": EPHEMERAL}',
        "hidden = {**page.body}",
        f"{CONSENT}::test_agreeing_ends_with_a_receipt_whose_hash_can_be_recomputed",
    ),
    Mutant(
        "8: another role is a way past the gate",
        "adapters/discord/settings.py",
        "if old.role and old.allow & bits:",
        "if False:",
        "tests/discord/test_setting_up.py::test_another_role_is_no_way_past_the_gate",
    ),
    Mutant(
        "8: who was inside is shut out by putting the gate up",
        "adapters/discord/gatekeeper.py",
        "await _all([*(give(i) for i in missing), *(take(i) for i in sorted(have - inside))])",
        "await _all([*(take(i) for i in sorted(have - inside))])",
        f"{CONSENT}::test_a_no_changes_nothing_and_is_told_to_nobody",
    ),
    Mutant(
        "8: boxes that are not ticked count as ticked",
        "adapters/discord/forms.py",
        'if len(inner.get("values") or ()) != number(count):',
        "if False:",
        PIECES,
    ),
    Mutant(
        "10: the bot's own doing is taken for somebody's hand",
        "adapters/discord/holders.py",
        "        if user in self._changing:\n            self._early[user] = has\n            return False\n",
        "",
        PIECES,
    ),
    Mutant(
        "what somebody is called becomes a link",
        "adapters/discord/messages.py",
        'return text.replace("](", "]\\\\(")',
        "return text",
        PIECES,
    ),
)
