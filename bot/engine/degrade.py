"""Effect and capabilities -> the best step that there is. Pure.

The audience never widens (law 5): what was private stays private, or is not said at all.
"""

from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.boundary.capabilities import Capabilities, RoomView
from bot.boundary.effects import (
    Admit,
    AlertFacilitators,
    Announce,
    Attachment,
    BlockRecorder,
    Choice,
    Doorbell,
    Effect,
    Field,
    Hold,
    Leave,
    OpenForm,
    Remove,
    RestoreRoom,
    SetGate,
    SetHearing,
    SetStatus,
    TakeDown,
    Unsay,
    Whisper,
)
from bot.boundary.errors import Unsupported
from bot.boundary.ids import ReplyHandle
from bot.boundary.steps import Action, Bell, Button, FormField, Post, ShowForm, ShowStatus, Tell
from bot.engine.commands import Book
from bot.engine.texts import Texts, Voice, clean_line
from bot.engine.values import usage


class Degrader:
    """Fits effects to what a room can do, and renders their words."""

    def __init__(self, texts: Texts, book: Book) -> None:
        self._texts, self._book = texts, book

    def action(
        self,
        effect: Effect,
        view: RoomView | None,
        name: str,
        language: str,
        zone: ZoneInfo,
        now: datetime,
    ) -> Action:
        """The action of an effect. `name` is the room's, also where the bot is not in it any more.

        Raises `Unsupported` where no rung is left.
        """
        can = view.can if view else Capabilities()
        voice = self._texts.voice(language, can, view, zone)
        match effect:
            case Whisper():
                return self._tell(effect, name, can, voice, now)
            case Announce():
                return self._post(effect, view, can, voice)
            case Doorbell():
                if not can.doorbell:
                    raise Unsupported
                text, buttons = self._choices(voice.body(effect.body), effect.choices, can, voice)
                return Bell(room=effect.room, text=text, buttons=buttons)
            case OpenForm():
                return self._form(effect, name, can, voice, now)
            case TakeDown():
                return _allowed(effect, can.take_down)
            case SetGate(gate="mute") | Admit(gate="mute") | Hold(gate="mute"):
                return _allowed(effect, can.mute != "no")
            case SetHearing(on=True):
                return _allowed(effect, can.hearing)
            case BlockRecorder():
                return _allowed(effect, can.blocks_recorders)
            case SetStatus(line=line):
                text = voice.text(line.key, line.args) if line else ""
                return _allowed(ShowStatus(room=effect.room, text=text), can.status)
            case SetGate(gate="door") | Admit(gate="door"):
                return _allowed(effect, can.door)
            case Unsay() | SetGate() | Admit() | Hold() | Remove() | RestoreRoom() | SetHearing() | Leave():
                return effect
            case AlertFacilitators():
                raise Unsupported  # it was turned into whispers before it was kept
            case _:
                assert_never(effect)  # type: ignore[arg-type]

    def _tell(self, effect: Whisper, name: str, can: Capabilities, voice: Voice, now: datetime) -> Tell:
        reply = _alive(effect.reply, now)
        if reply is None and not can.private:
            raise Unsupported
        text = voice.body(effect.body)
        text = f"{text}\n\n{clean_line(name)}" if effect.words_first and name else _headed(name, text)
        files: tuple[Attachment, ...] = effect.files
        if files and not can.files:
            text = "\n\n".join([text, *(_written_out(file) for file in files)])
            files = ()
        text, buttons = self._choices(text, effect.choices, can, voice)
        return Tell(room=effect.room, to=effect.to, text=text, buttons=buttons, files=files, reply=reply)

    def _post(self, effect: Announce, view: RoomView | None, can: Capabilities, voice: Voice) -> Post:
        if view is None:
            raise Unsupported
        text, buttons = self._choices(voice.body(effect.body), effect.choices, can, voice)
        return Post(room=effect.room, text=text, buttons=buttons)

    def _form(self, effect: OpenForm, name: str, can: Capabilities, voice: Voice, now: datetime) -> Action:
        command = self._book.find(effect.name, effect.sub)
        if command is None:
            raise Unsupported
        reply = _alive(effect.reply, now)
        asked = [o for o in command.options if o.name not in effect.values]
        labels = {o.name: voice.text(f"option-{o.name}") for o in asked}
        if can.forms and reply is not None:
            title = voice.text("engine-form-title", {"command": command.full})
            return ShowForm(
                room=effect.room, to=effect.to, name=command.name, sub=command.sub, title=title,
                labels=labels, values=effect.values, reply=reply,
                fields=tuple(_field(field, voice) for field in effect.fields),
            )  # fmt: skip
        lines = [voice.text("engine-form-typed", {"usage": usage(command)})]
        lines.extend(f"- {option.upper()}: {label}" for option, label in labels.items())
        if reply is None and not can.private:
            raise Unsupported
        return Tell(room=effect.room, to=effect.to, text=_headed(name, "\n".join(lines)), reply=reply)

    def _choices(
        self, text: str, choices: tuple[Choice, ...], can: Capabilities, voice: Voice
    ) -> tuple[str, tuple[Button, ...]]:
        """Buttons where there are buttons; else each choice as the command that is typed."""
        if not choices:
            return text, ()
        if can.buttons:
            return text, tuple(Button(label=voice.text(c.label), choice=c) for c in choices)
        lines = [f"- {voice.text(c.label)}: `{self._typed(c, can)}`" for c in choices]
        return text + "\n\n" + "\n".join(lines), ()

    def _typed(self, choice: Choice, can: Capabilities) -> str:
        """How a choice is typed. A value that is no option only pins what was shown: left out."""
        command = self._book.find(choice.name, choice.sub)
        words = [f"{choice.name} {choice.sub}".strip()]
        options = command.options if command else ()
        words.extend(choice.values[o.name] for o in options if o.name in choice.values)
        if choice.confirmed:
            words.append("confirm")
        return self._texts.typed(" ".join(words), can)


def _field(field: Field, voice: Voice) -> FormField:
    """A field with its words. Texts that are lines of a list lose their mark."""
    return FormField(
        name=field.name,
        label=voice.text(field.label),
        kind=field.kind,
        ticks=tuple(voice.body((t,)).strip().removeprefix("•").strip() for t in field.ticks),
        now=field.now,
        required=field.required,
    )


def _headed(name: str, text: str) -> str:
    """INTERFACE.md: every private answer names its group."""
    return f"**{clean_line(name)}**\n\n{text}" if name else text


def _allowed(effect: Action, able: bool) -> Action:
    if not able:
        raise Unsupported
    return effect


def _alive(reply: ReplyHandle | None, now: datetime) -> ReplyHandle | None:
    """The interaction that still waits for an answer, with a second to spare."""
    return reply if reply is not None and reply.expires_at > now.timestamp() + 1 else None


def _written_out(file: Attachment) -> str:
    content = file.content.decode("utf-8", "replace").replace("```", "'''")
    return f"{file.name}\n```\n{content}\n```"
