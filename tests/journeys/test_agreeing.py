"""Agreeing, speaking, withdrawing, coming back, and saying no."""

import asyncio
from datetime import datetime

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, agree, plain_and_encrypted, receipt_of

TS_27560 = {
    "schema_version",
    "record_id",
    "pii_principal_id",
    "privacy_notice",
    "language",
    "purpose",
    "pii_information",
    "pii_controllers",
    "storage_locations",
    "retention_period",
    "recipient_third_parties",
    "withdrawal_method",
    "event_time",
    "validity_duration",
    "event_type",
    "event_state",
}
OURS = {"text_id", "text_version", "text_sha256", "limits_ack"}


@plain_and_encrypted
async def test_a_member_agrees_and_gets_a_receipt_that_can_be_checked(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """The receipt has the fields of ISO/IEC TS 27560 and ours, no name, and the text it is about."""
    circle = await Circle.guarded(someone, keeper, "ben", encrypted=encrypted)
    ben = circle.members[0]
    receipt = await agree(ben)
    assert receipt.fields.keys() >= TS_27560 | OURS
    assert receipt.matches
    assert datetime.fromisoformat(receipt.fields["event_time"]).tzinfo is not None
    assert {"harm_self", "court_order"} <= set(receipt.fields["limits_ack"])
    assert "Example Peer Support" in str(receipt.fields["pii_controllers"])
    assert ben.user_id not in str(receipt.fields)

    await ben.say_to_bot("!consent receipt")
    assert (await receipt_of(ben)).fields["record_id"] == receipt.fields["record_id"]


async def test_the_limits_come_before_the_agreement(keeper: BotProcess, someone: MakePerson) -> None:
    """`agree` before `understood` shows the limits instead; bare words do in a direct chat."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    await ben.answer("consent understood", timeout=40)
    await ben.ask_bot("agree", "consent understood")
    await ben.ask_bot("understood", "consent agree")
    await ben.say_to_bot("agree")
    assert (await receipt_of(ben)).matches


@plain_and_encrypted
async def test_agreeing_lets_a_newcomer_speak_and_withdrawing_takes_one_step(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """Law 9: one command withdraws, one takes it back within 10 minutes."""
    circle = await Circle.guarded(someone, keeper, gate="mute", encrypted=encrypted)
    dora = await circle.welcome(await someone("dora", keeper, kind=circle.kind))
    await circle.falls_silent(dora)
    await agree(dora)
    await circle.speaks(dora)

    assert "consent undo" in await dora.ask_bot("!consent withdraw")
    await circle.falls_silent(dora)
    await dora.ask_bot("!consent undo")
    await circle.speaks(dora)


async def test_who_declined_is_left_in_peace_and_nobody_is_told(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Law 3: no word of the bot attributes a no; who was inside keeps what they had."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute")
    ben, ada = circle.members[0], circle.admin
    await ben.answer("consent understood", timeout=40)
    await ben.ask_bot("!consent decline")
    await asyncio.sleep(1)
    assert await circle.may_speak(ben)
    shown = await ada.ask_bot("!members")
    assert ben.user_id not in shown
    assert not any(ben.user_id in e["content"]["body"] for e in ada.words)
    assert not any(
        ben.user_id in str(e["content"])
        for e in await ada.history(circle.room)
        if e["sender"] == keeper.user_id and e["type"] == "m.room.message"
    )


async def test_who_declined_can_ask_a_facilitator_to_talk(keeper: BotProcess, someone: MakePerson) -> None:
    """Only then, because the person wants it, a facilitator hears who would like to talk."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben, ada = circle.members[0], circle.admin
    await ben.answer("consent understood", timeout=40)
    said = await ben.ask_bot("!consent decline")
    assert "consent talk" in said
    ada.heard()
    await ben.ask_bot("!consent talk")
    assert ben.user_id in (await ada.answer("talk"))["content"]["body"]


async def test_rules_and_privacy_are_told_to_whoever_asks(keeper: BotProcess, someone: MakePerson) -> None:
    """`privacy` is private and says what is kept; `mydata` shows it, `forget` erases it."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    await agree(ben)
    assert circle.name in await ben.ask_bot("!privacy", "What I cannot see")
    await ben.ask_bot("!rules")
    await ben.say_to_bot("!mydata")
    shown = await ben.answer(match=lambda e: e["content"]["msgtype"] == "m.file")
    assert b"consent" in await ben.file(shown["content"])
    await ben.ask_bot("!forget", "confirm")
    await ben.ask_bot("confirm")
    assert "consent understood" in await ben.ask_bot("!consent")
