"""`group` and `group set`: what the settings are, and changing one."""

from collections.abc import Mapping

import msgspec

from bot.boundary.effects import Announce, Effect, Lasting, Name, Part, Text, say
from bot.boundary.events import CommandGiven
from bot.contract.facts import GateOpened, SettingsChanged
from bot.contract.feature import NOTHING, Decision, Here, Put
from bot.contract.group import GroupRecord
from bot.contract.settings import BadValue, Setting
from bot.group.longform import Misread, spelled
from bot.group.records import GROUP_KEY
from bot.group.reply import answer, news, preview
from bot.group.values import canonical, find, lacking, lines, meanings, possible, refusal, shown

ASKS_AGAIN = frozenset({"agreement", "limits", "facilitator_duty", "min_age"})
"""Settings that are part of what people agree to: a new value asks everyone again."""
LENGTHS = frozenset({"grace", "renew"})
"""Settings that change how long people have."""


def show(event: CommandGiven, here: Here) -> Decision:
    """`group`: one `key: value` a line, then what each means."""
    return answer(
        here,
        event,
        say("group-show"),
        lines(here),
        say("group-show-meanings"),
        *meanings(here.settings),
        say("group-show-next"),
    )


def change(event: CommandGiven, here: Here) -> Decision:
    """`group set KEY VALUE`."""
    words = event.values.get("key", "")
    if spelled(words) in ("facilitator", "facilitators"):
        return answer(here, event, say("group-facilitators-next"))
    try:
        setting = find(here.settings, words)
    except Misread as wrong:
        return answer(here, event, *refusal(wrong))
    try:
        value = canonical(setting, event.values.get("value", ""))
    except BadValue as wrong:
        return answer(here, event, *refusal(wrong, setting.key), *meanings((setting.key,)))
    before = here.policy.text(setting.key)
    if value == before:
        return answer(here, event, say("group-set-same", key=setting.key, value=shown(value)))
    if setting.key == "gate" and not possible(here.room.can, value):
        return answer(here, event, say("group-gate-impossible", gate=value), *lacking(here.room, value))
    if setting.key == "hearing" and value != "off" and not here.room.can.hearing:
        return answer(here, event, say("group-hearing-impossible"))
    line = say("group-set-line", key=setting.key, before=shown(before), after=shown(value))
    effect = for_others(here, setting, value)
    if here.group.set_up and effect and not event.confirmed:
        return preview(here, event, line, *effect)
    return _changed(event, here, setting, value, line)


def _changed(event: CommandGiven, here: Here, setting: Setting, value: str, line: Part) -> Decision:
    record = with_settings(recorded(here), {setting.key: value})
    before = {setting.key: here.policy.text(setting.key)}
    fact = SettingsChanged(
        id=event.id, room=event.room, by=event.by, before=before, after={setting.key: value}
    )
    done = say("group-set-done") if here.group.set_up else say("group-set-done-before-setup")
    lacks = lacking(here.room, value) if setting.key == "gate" else ()
    told: list[Effect] = []
    if here.group.set_up:
        told.extend(announced(here, {setting.key: value}))
        other = say("group-set-by-other", who=Name(event.by))
        told.append(news(here, other, line, but_not=(event.by,)))
    return answer(
        here,
        event,
        line,
        done,
        *lacks,
        changes=(Put(record=record, key=GROUP_KEY),),
        effects=tuple(told),
        facts=(fact,),
    )


def opened(event: GateOpened, here: Here) -> Decision:
    """`group open`: the setting says from now on what is true. The gate has told the room."""
    before = here.policy.text("gate")
    if before == "notice":
        return NOTHING
    fact = SettingsChanged(
        id=event.id, room=event.room, by=event.by, before={"gate": before}, after={"gate": "notice"}
    )
    line = say("group-set-line", key="gate", before=before, after="notice")
    told = news(here, say("group-set-by-other", who=Name(event.by)), line, but_not=(event.by,))
    return Decision(
        changes=(Put(record=with_settings(recorded(here), fact.after), key=GROUP_KEY),),
        effects=(told,),
        facts=(fact,),
    )


def recorded(here: Here) -> GroupRecord:
    """The group's record, a fresh one where there is none yet."""
    return here.group.record or GroupRecord(adopted_at=here.now)


def with_settings(record: GroupRecord, values: Mapping[str, str]) -> GroupRecord:
    """The record with new values: a new version of its settings."""
    return msgspec.structs.replace(
        record, settings={**record.settings, **values}, settings_version=record.settings_version + 1
    )


def announced(here: Here, values: Mapping[str, str]) -> tuple[Announce, ...]:
    """One line to the room for each setting that concerns its members."""
    body: list[Part] = []
    for key, value in sorted(values.items()):
        if key == "gate":
            body.append(say(GATE_ANNOUNCED[value]))
        elif key == "hearing":
            body.append(say("group-announce-hearing" if value != "off" else "group-announce-deaf"))
        elif key in here.settings and here.settings[key].concerns_members:
            body.append(say("group-announce-setting", meaning=Text(f"setting-{key}")))
    return tuple(Announce(room=here.room.id, body=(part,)) for part in body)


GATE_ANNOUNCED = {
    "notice": "group-announce-gate-notice",
    "mute": "group-announce-gate-mute",
    "door": "group-announce-gate-door",
}


def for_others(here: Here, setting: Setting, value: str) -> tuple[Part, ...]:
    """What a new value changes for how many people; empty where it changes nothing for anybody."""
    people = len(here.room.humans())
    if setting.key == "gate":
        return gate_effect(here, value)
    if setting.key == "hearing":
        return hearing_effect(here, value)
    if setting.key in ASKS_AGAIN:
        return (asks_again(here),)
    if setting.key in LENGTHS:
        return (say("group-effect-time", people=people),)
    if setting.concerns_members:
        return (say("group-effect-members", people=people),)
    return ()


def asks_again(here: Here) -> Part:
    """Everybody is asked again: how many, and how much time they have."""
    grace = int(here.policy.length("grace").total_seconds()) if "grace" in here.settings else 0
    return say("group-effect-asks-again", people=len(here.room.humans()), grace=Lasting(grace))


def hearing_effect(here: Here, value: str) -> tuple[Part, ...]:
    """What it means that the bot can read an encrypted room, or cannot any more."""
    if value == "off":
        return (say("group-effect-deaf"),)
    return (say("group-effect-hearing"), asks_again(here))


def gate_effect(here: Here, gate: str) -> tuple[Part, ...]:
    """What a gate changes, for how many, what it shows, and what the bot lacks for it."""
    people = len(here.room.humans())
    words: tuple[Part, ...]
    match gate:
        case "mute" if here.room.can.mute == "takedown":
            words = (say("group-effect-mute", people=people), say("group-effect-mute-takedown"))
        case "mute" if here.room.changes:  # the adapter says itself what it changes
            words = (say("group-effect-mute", people=people),)
        case "mute":
            words = (say("group-effect-mute", people=people), say("group-effect-mute-levels"))
        case "door":
            words = (say("group-effect-door", people=people),)
        case _:
            words = (say("group-effect-notice", people=people),)
    return (*words, *lacking(here.room, gate))
