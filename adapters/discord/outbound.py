"""A step -> requests. Each may come again after a crash: nonces follow from the step's id."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, assert_never

from adapters.discord import forms
from adapters.discord.calls import show_status
from adapters.discord.choices import Drawer, custom_id
from adapters.discord.doorbell import Doorbell
from adapters.discord.errors import TROUBLE, undeliverable
from adapters.discord.gatekeeper import Gatekeeper
from adapters.discord.groups import BellButton, number
from adapters.discord.messages import Page, Raw, pages, rows
from adapters.discord.recorders import Blocker
from adapters.discord.replies import Replies
from adapters.discord.unsaying import Unsayer
from adapters.discord.words import say
from adapters.discord.world import Circle, World
from bot.boundary.commands import Command
from bot.boundary.effects import (
    Admit,
    BlockRecorder,
    Hold,
    Leave,
    Remove,
    RestoreRoom,
    SetGate,
    SetHearing,
    TakeDown,
    Unsay,
)
from bot.boundary.errors import Undeliverable, Unsupported
from bot.boundary.ids import RoomId
from bot.boundary.steps import Bell, Button, Post, ShowForm, ShowStatus, Step, Tell

DONE_KEPT = 2000
"""Steps that are known to be done, while this process lives: Discord's nonces hold only for minutes."""
AFTER_OUTAGE = 5.0
"""Seconds until a step is tried again whose server Discord cannot reach."""
NONCE = 22
"""Characters of a step's id that make a nonce, of the 25 that Discord takes; the rest is the page."""


class Performer:
    """Does steps. Raises `Undeliverable`."""

    def __init__(
        self,
        world: World,
        gatekeeper: Gatekeeper,
        doorbell: Doorbell,
        replies: Replies,
        drawer: Drawer,
        blocker: Blocker,
        commands: Callable[[], Sequence[Command]],
        left: Callable[[Circle], None],
        removed: Callable[[Circle, int], None],
    ) -> None:
        self._world, self._gatekeeper, self._doorbell = world, gatekeeper, doorbell
        self._replies, self._drawer, self._commands = replies, drawer, commands
        self._blocker, self._unsayer = blocker, Unsayer(world)
        self._left, self._removed = left, removed
        self._done: OrderedDict[str, None] = OrderedDict()
        self._direct: dict[int, int] = {}

    async def perform(self, step: Step) -> None:
        """Do one step, at most once for the same id."""
        if step.id in self._done:
            return
        await self._do(step)
        self._done[step.id] = None
        while len(self._done) > DONE_KEPT:
            self._done.popitem(last=False)

    async def _do(self, step: Step) -> None:
        action = step.action
        match action:
            case Tell():
                await self._tell(step.id, action)
            case Post():
                await self._post(step.id, action)
            case ShowForm():
                await self._form(step.id, action)
            case Bell():
                ids = await self._ids(action.room, action.buttons)
                made = tuple(BellButton(b.label, i) for b, i in zip(action.buttons, ids, strict=True))
                await self._doorbell.ring_with(self._circle(action.room), action.text, made)
            case TakeDown(room=room, message=message):
                self._circle(room)
                channel, _, native = message.native.partition("/")
                if not (number(channel) and number(native)):
                    raise Undeliverable("gone")
                await self._ask("DELETE", f"/channels/{channel}/messages/{native}", gone=True)
            case SetGate(room=room, gate=gate, inside=inside):
                await self._gatekeeper.set_gate(self._circle(room), gate, inside)
            case Admit(room=room, who=who):
                await self._gatekeeper.admit(self._circle(room), int(who.native))
            case Hold(room=room, who=who):
                await self._gatekeeper.hold(self._circle(room), int(who.native))
            case Remove(room=room, who=who):
                circle = self._circle(room)
                await self._gatekeeper.remove(circle, int(who.native))
                self._removed(circle, int(who.native))
            case RestoreRoom(room=room, snapshot=snapshot):
                await self._gatekeeper.restore(self._circle(room), snapshot)
            case SetHearing():
                raise Unsupported  # nothing here depends on it: there is no message content
            case Unsay(to=who):
                await self._unsayer.unsay(await self._chat(int(who.native)), action)
            case BlockRecorder(room=room, recorder=recorder, on=on):
                await self._blocker.block(self._circle(room), recorder, on)
            case ShowStatus(room=room, text=text):
                await show_status(self._world, self._circle(room), text)
            case Leave(room=room):
                circle = self._circle(room)
                await self._doorbell.take_down(circle)
                await self._blocker.let_all_hear(circle)
                await self._world.forget(circle)
                self._left(circle)
            case _:
                assert_never(action)

    def _circle(self, room: RoomId) -> Circle:
        found = self._world.circles.get(number(room.native))
        if found is not None and found.away:
            raise Undeliverable("unreachable", AFTER_OUTAGE)
        if found is None or self._world.text(found) is None:
            raise Undeliverable("gone")
        return found

    async def _tell(self, step: str, tell: Tell) -> None:
        ids = await self._ids(tell.room, tell.buttons)
        made = pages(tell.text, tell.room, tell.buttons, tell.files, ids)
        if tell.reply is not None:
            try:
                await self._replies.tell(tell.reply, made)
                return
            except Undeliverable as trouble:
                if trouble.reason not in ("gone", "refused"):
                    raise
        await self._write_to(int(tell.to.native), step, made)

    async def _write_to(self, user: int, step: str, made: list[Page]) -> None:
        """A direct message. Somebody who takes none is `closed`: the doorbell is left."""
        await self._send(await self._chat(user), step, made)

    async def _chat(self, user: int) -> int:
        """The direct chat with somebody. That it is open shows them nothing."""
        if user not in self._direct:
            opened = await self._ask("POST", "/users/@me/channels", json={"recipient_id": str(user)})
            self._direct[user] = int(opened["id"])
        return self._direct[user]

    async def _post(self, step: str, post: Post) -> None:
        circle = self._circle(post.room)
        ids = await self._ids(post.room, post.buttons)
        made = pages(post.text, post.room, post.buttons, ids=ids)
        await self._send(circle.group.channel, step, made)

    async def _send(self, channel: int, step: str, made: list[Page]) -> None:
        for n, page in enumerate(made):
            more = {"nonce": f"{step[:NONCE]}{n:03}", "enforce_nonce": True}
            await self._ask("POST", f"/channels/{channel}/messages", **page.request(**more))

    async def _form(self, step: str, form: ShowForm) -> None:
        reply = self._replies.known(form.reply) if form.reply is not None else None
        spec = next((c for c in self._commands() if (c.name, c.sub) == (form.name, form.sub)), None)
        made = forms.modal(form, spec)
        if reply is not None and made is not None and reply.form_may_follow:
            await self._replies.form(reply, made)
            return
        # A form can only be the first answer, and never to a form: put a button between.
        locale = reply.locale if reply is not None else "en"
        again = await self._ids(form.room, (Button(label="", choice=forms.choice_of(form)),))
        page = Page(
            {
                "content": say("discord-form-again", locale),
                "components": rows([(say("discord-form-open", locale), again[0])]),
                "allowed_mentions": {"parse": []},
            }
        )
        if form.reply is not None:
            try:
                await self._replies.tell(form.reply, [page])
                return
            except Undeliverable as trouble:
                if trouble.reason not in ("gone", "refused"):
                    raise
        await self._write_to(int(form.to.native), step, [page])

    async def _ids(self, room: RoomId, buttons: tuple[Button, ...]) -> tuple[str, ...]:
        """The buttons' ids, none of them twice."""
        found: list[str] = []
        for button in buttons:
            made = custom_id(room, button.choice) or await self._drawer.put(room, button.choice)
            found.append(made if made not in found else await self._drawer.put(room, button.choice))
        return tuple(found)

    async def _ask(self, method: str, path: str, *, gone: bool = False, **more: Any) -> Raw:
        try:
            return await self._world.client.ask(method, path, **more) or {}
        except TROUBLE as error:
            trouble = undeliverable(error)
            if gone and trouble.reason == "gone":
                return {}
            raise trouble from None
