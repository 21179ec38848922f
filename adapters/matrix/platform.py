"""The Matrix account as the engine sees it: the `Platform` port."""

import asyncio
import contextlib
import logging
import re
import secrets
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from adapters.matrix.account import Account
from adapters.matrix.backoff import Backoff
from adapters.matrix.crypto.encryption import Encryption
from adapters.matrix.crypto.identity import State
from adapters.matrix.direct import Directs
from adapters.matrix.errors import Refusal, must_stop
from adapters.matrix.following import Follower
from adapters.matrix.gatekeeper import Gatekeeper
from adapters.matrix.gates import Gates
from adapters.matrix.hearings import Hearings
from adapters.matrix.http import Server, path
from adapters.matrix.inbound import Reader
from adapters.matrix.joins import Joins
from adapters.matrix.levels import LEVELS
from adapters.matrix.lookup import Lookup
from adapters.matrix.lowwater import HandingIn, LowWater
from adapters.matrix.outbound import Performer
from adapters.matrix.power import LevelsWriter
from adapters.matrix.rooms import Room
from adapters.matrix.section import MatrixSection
from adapters.matrix.sync import LONGEST_PAUSE, MOST_ASKED, SyncLoop
from adapters.matrix.view import PLATFORM, grouped, member
from adapters.matrix.widgets import Widgets
from adapters.matrix.world import World
from bot.boundary.capabilities import Person, RoomView
from bot.boundary.errors import CannotStart, StorageTrouble, Undeliverable
from bot.boundary.events import PicturesShown
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Cabinet, Clock, Finding, Health, Sink
from bot.boundary.steps import Step

MEDIA_CONFIG = "/_matrix/client/v1/media/config"
MORE_POWER = "In the room's settings, under Roles & Permissions, give the bot the power level 100."
_PILL = re.compile(
    r"(?:\[[^\]]*\]\()?https://matrix\.to/#/(@[^)?\s]+|%40[^)?\s]+)(?:\?[^)\s]*)?\)?", re.IGNORECASE
)

log = logging.getLogger(__name__)


class Matrix:
    """One account on one homeserver."""

    name = PLATFORM

    def __init__(self, section: MatrixSection, cabinet: Cabinet, clock: Clock, base: Path) -> None:
        self._clock = clock
        self._commands: frozenset[str] = frozenset()
        self._server = Server(section.homeserver, section.user_id)
        self._gates = Gates(cabinet)
        self._hearings = Hearings(cabinet)
        self._world = World(section.user_id, section.prefix, self._gates, self._hearings)
        self._directs = Directs(self._server, self._world, cabinet)
        self._account = Account(section, base, self._server, cabinet)
        self._joins = Joins(section, self._server, self._world, self._directs, cabinet)
        self._writer = LevelsWriter(self._server, self._world)
        gatekeeper = Gatekeeper(self._server, self._world, self._gates, self._writer)
        self._encryption = Encryption(
            section, base, self._server, self._account, self._world, self._hearings, cabinet
        )
        self._performer = Performer(
            self._server,
            self._world,
            self._directs,
            gatekeeper,
            self._encryption,
            Widgets(self._server, cabinet),
        )
        self._reader = Reader(section.user_id, section.prefix, lambda word: word in self._commands)
        self._low_water = LowWater(cabinet)
        self._looked = self._ready = False
        self._last_good: datetime | None = None

    async def run(self, sink: Sink) -> None:
        """Connect, look at every room, hand in what happens until cancelled. Raises `CannotStart`."""
        self._commands = frozenset(c.name.casefold() for c in sink.commands()) | {"help", "in"}
        await self._connect()
        hand = HandingIn(sink)
        self._encryption.show = _Showing(hand)
        follower, loop = self._loop(hand)
        saver = asyncio.create_task(self._low_water.keep_saving())
        try:
            await loop.run()
        finally:
            saver.cancel()
            await hand.close()
            await follower.close()
            await self._encryption.close()
            await self._joins.close()
            try:
                await self._low_water.save()
            except StorageTrouble:
                log.warning("storage refuses the position")

    async def perform(self, step: Step) -> None:
        """Do a step. Raises `Undeliverable`."""
        if not self._looked:
            raise Undeliverable("unreachable", 0.5)
        await self._performer.perform(step)

    def view(self, room: RoomId) -> RoomView | None:
        """The room as it is now; None where the bot is not in it."""
        return self._world.view(room.native) if room.platform == PLATFORM else None

    def rooms_of(self, member: MemberId) -> tuple[RoomId, ...]:
        """The guarded rooms where this person is inside, knocking or invited."""
        return self._world.rooms_of(member.native)

    def find_member(self, room: RoomId, words: str) -> MemberId | None:
        """Whom `words` mean here: an id, a mention, or a name that only one person has."""
        view = self.view(room)
        if view is None:
            return None
        wanted = words.strip()
        pill = _PILL.fullmatch(wanted)
        if pill:
            wanted = unquote(pill[1])
        if MemberId(PLATFORM, wanted) in view.people:
            return MemberId(PLATFORM, wanted)
        folded = " ".join(wanted.split()).casefold().rstrip(":")
        found = [p.id for p in view.people.values() if folded and folded in _names(p)]
        return found[0] if len(found) == 1 else None

    def health(self) -> Health:
        """How the connection is doing."""
        trouble = ""
        if self._server.silent:
            trouble = "The Matrix homeserver does not answer as it should. The bot keeps trying."
        elif self._ready and self._encryption.state != "signed":
            trouble = "The bot's device is not signed: newer apps do not talk with it. Run doctor."
        elif self._server.slowed:
            trouble = "The homeserver slows the bot down. Exempt the bot's account from its rate limits."
        elif not self._ready:
            trouble = "The bot is still connecting to the Matrix homeserver."
        return Health(ready=self._ready, last_good=self._last_good, trouble=trouble)

    async def examine(self) -> list[Finding]:
        """Connection, account, and the powers in each room, named by number."""
        try:
            await self._account.sign_in()
            await self._directs.load()
            await self._joins.load()
            await self._look()
            encryption = await self._encryption.examine()
        except CannotStart as no:
            return [Finding(fine=False, what=no.what, next_step=no.next_step)]
        except Refusal:
            return [
                Finding(
                    fine=False,
                    what="The Matrix homeserver does not answer as it should.",
                    next_step="Check matrix.homeserver, and that the homeserver runs.",
                )
            ]
        finally:
            await self._account.forget_new_device()
        found = [Finding(fine=True, what="The Matrix homeserver answers, and the bot can sign in.")]
        found.append(_told_of_encryption(*encryption))
        for n, room in enumerate(sorted(self._world.all_guarded(), key=lambda r: r.id), 1):
            view = self._world.view(room.id)
            lacks = ", ".join(m.ability.replace("_", " ") for m in view.missing) if view else ""
            if lacks:
                what, fix = f"Matrix room {n}: the bot lacks power to: {lacks}.", MORE_POWER
            else:
                what, fix = f"Matrix room {n}: all powers are there.", ""
            found.append(Finding(fine=not lacks, what=what, next_step=fix))
        return found

    async def close(self) -> None:
        """Let go of everything."""
        await self._joins.close()
        await self._writer.close()
        await self._server.close()

    async def _connect(self) -> None:
        """Sign in and read what is kept; wait out an outage. Raises `CannotStart`."""
        pause = Backoff(0.5, LONGEST_PAUSE)
        while True:
            try:
                await self._account.sign_in()
                await self._directs.load()
                await self._joins.load()
                await self._hearings.load()
                await self._load_limits()
                await self._encryption.start()
                return
            except Refusal as no:
                if (stop := must_stop(no)) is not None:
                    raise stop from None
                log.warning("the homeserver cannot be reached yet", extra={"reason": no.reason})
                await pause.wait(min(no.retry_after or 0.0, MOST_ASKED))

    async def _load_limits(self) -> None:
        try:
            found = await self._server.ask("GET", MEDIA_CONFIG)
        except Refusal as no:
            if no.retry_after is not None:
                raise
            return
        size = found.get("m.upload.size")
        self._world.max_upload = size if isinstance(size, int) and size > 0 else 0

    async def _look(self) -> None:
        """One look at every room without handing anything in: for `doctor`. Raises `Refusal`."""
        answer = await self._server.ask("GET", path("joined_rooms"), patient=True)
        found = answer.get("joined_rooms")
        for native in found if isinstance(found, list) else ():
            room = self._world.rooms.setdefault(str(native), Room(str(native)))
            for kind in ("m.room.create", LEVELS):
                where = path("rooms", room.id, "state", kind, "")
                with contextlib.suppress(Undeliverable):
                    room.apply(await self._server.ask("GET", where, query={"format": "event"}, patient=True))

    def _loop(self, hand: HandingIn) -> tuple[Follower, SyncLoop]:
        lookup = Lookup(self._server, self._world, self._directs)
        follower = Follower(
            world=self._world,
            directs=self._directs,
            joins=self._joins,
            reader=self._reader,
            lookup=lookup,
            hand=hand,
            encryption=self._encryption,
        )
        loop = SyncLoop(
            account=self._account,
            server=self._server,
            world=self._world,
            directs=self._directs,
            joins=self._joins,
            lookup=lookup,
            follower=follower,
            low_water=self._low_water,
            encryption=self._encryption,
            good=self._good,
            looked=self._has_looked,
            ready=self._is_ready,
        )
        return follower, loop

    def _good(self) -> None:
        self._last_good = self._clock.now()

    def _has_looked(self) -> None:
        self._looked = True

    def _is_ready(self) -> None:
        self._ready = True


def _told_of_encryption(fingerprint: str, identity: str, state: State) -> Finding:
    """What an operator must know of the bot's keys."""
    if not fingerprint:
        return Finding(fine=True, what="Encryption: the first start makes the bot's keys.")
    mine = f"Encryption: the bot's device has the key {grouped(fingerprint)}"
    match state:
        case "signed":
            return Finding(fine=True, what=f"{mine}, signed by its own identity {identity}.")
        case "foreign":
            return Finding(
                fine=False,
                what=f"{mine}, but the account has a cross-signing identity that is not the bot's, so newer "
                "apps do not talk with it.",
                next_step="If nobody else uses this account, put this line into the matrix section of "
                f'config.yaml and start the bot: replace_identity: "{identity}"',
            )
        case _:
            return Finding(
                fine=False,
                what=f"{mine}, but it is not signed, so newer apps do not talk with it.",
                next_step="Start the bot again: it signs its device at every start. If this stays so, look "
                "into the homeserver's log for /keys/device_signing/upload.",
            )


class _Showing:
    """Hands in the pictures of a verification, so that the person is shown them in their own words."""

    def __init__(self, hand: HandingIn) -> None:
        self._hand = hand

    async def __call__(self, user: str, pictures: str) -> None:
        shown = PicturesShown(id=f"pictures {secrets.token_hex(12)}", by=member(user), pictures=pictures)
        await self._hand.give(shown)


def _names(person: Person) -> tuple[str, str]:
    local = person.id.native[1:].partition(":")[0].casefold()
    return " ".join(person.name.split()).casefold(), local
