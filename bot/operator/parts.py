"""The program's exchangeable parts, found by their entry points: the core imports none of them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Protocol, cast

import msgspec

from bot.boundary.codes import CodeLocator
from bot.boundary.errors import CannotStart
from bot.boundary.ports import Cabinet, Clock, Health, Platform, PlaygroundFactory
from bot.boundary.sealing import (
    BackupMaker,
    KeyChanger,
    RekeyingFactory,
    Restorer,
    SealerFactory,
    StoreFactory,
)

ADAPTERS = "circlekeeper.adapters"
STORAGE = "circlekeeper.storage"
SERVICES = "circlekeeper.services"
PLAYGROUND = "circlekeeper.playground"

PAGE_ONLY = frozenset({"playground"})
"""Platforms that config.yaml cannot name: `circlekeeper try` runs them."""


class PlatformModule(Protocol):
    """What the module of an adapter has. See `bot.boundary.ports.Platform`."""

    NAME: str
    SECTION: type[msgspec.Struct]
    TEXTS: Path | None

    def connect(self, section: Any, cabinet: Cabinet, clock: Clock, base: Path) -> Platform:
        """The account that the section names. No I/O. Raises `CannotStart`."""


class Inviting(PlatformModule, Protocol):
    """An adapter whose platform is joined by an address."""

    async def invitation(self, section: Any, base: Path) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The address, and each permission that it asks for with its reason. Raises `CannotStart`."""


class HealthPages(Protocol):
    """How the health pages are served: `adapters.health.serve` has this shape."""

    async def __call__(
        self,
        host: str,
        port: int,
        *,
        platforms: Callable[[], Mapping[str, Health]],
        counts: Callable[[], Mapping[str, float]],
        now: Callable[[], datetime],
    ) -> Callable[[], Awaitable[None]]:
        """Serve until the callable that is given back is awaited. Raises `CannotStart`."""


def platform(name: str) -> PlatformModule:
    """The module of an adapter. Raises `CannotStart` where it cannot be loaded."""
    return cast(PlatformModule, _load(ADAPTERS, name))


def section_types() -> Mapping[str, Callable[[], type[msgspec.Struct]]]:
    """Platform -> what imports its adapter and gives back the shape of its section."""

    def section_of(name: str) -> Callable[[], type[msgspec.Struct]]:
        return lambda: platform(name).SECTION

    return {e.name: section_of(e.name) for e in entry_points(group=ADAPTERS) if e.name not in PAGE_ONLY}


def sealer_factory() -> SealerFactory:
    """What finds the master key."""
    return cast(SealerFactory, _load(STORAGE, "vault").open_vault)


def code_locator() -> Callable[[Cabinet], Awaitable[CodeLocator]]:
    """What makes and locates receipt codes."""
    return cast(Callable[[Cabinet], Awaitable[CodeLocator]], _load(STORAGE, "vault").open_codes)


def store_factory() -> StoreFactory:
    """What opens the database."""
    return cast(StoreFactory, _load(STORAGE, "sqlite").open_store)


def key_changer() -> KeyChanger:
    """What makes or finds a new master key."""
    return cast(KeyChanger, _load(STORAGE, "vault").change_key)


def rekeying() -> RekeyingFactory:
    """What exchanges the keys in the database."""
    return cast(RekeyingFactory, _load(STORAGE, "sqlite").rekeying)


def backup_maker() -> BackupMaker:
    """What copies the database."""
    return cast(BackupMaker, _load(STORAGE, "sqlite").back_up)


def restorer() -> Restorer:
    """What puts a copy back."""
    return cast(Restorer, _load(STORAGE, "sqlite").restore)


def platforms() -> tuple[str, ...]:
    """The name of every platform that is installed, configured or not."""
    return tuple(sorted(e.name for e in entry_points(group=ADAPTERS)))


def health_pages() -> HealthPages:
    """What serves /healthz, /readyz and /metrics."""
    return cast(HealthPages, _load(SERVICES, "health"))


def playground_factory() -> PlaygroundFactory:
    """What `circlekeeper try` opens."""
    return cast(PlaygroundFactory, _load(PLAYGROUND, "playground"))


def _load(group: str, name: str) -> Any:
    found: list[EntryPoint] = list(entry_points(group=group, name=name))
    if not found:
        raise CannotStart(f"The part {name} is not installed.", "Install Circlekeeper again.")
    try:
        return found[0].load()
    except ImportError:
        raise CannotStart(
            f"The part {name}, or a library that it needs, cannot be loaded.", "Install Circlekeeper again."
        ) from None
