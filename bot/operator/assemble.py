"""Puts the parts together: master key, storage, engine, platforms. And takes them apart again."""

import contextlib
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path

from bot.boundary.ports import RESTORED_AT, Cabinet, Clock, Inspector, Platform, Store
from bot.config import Settings
from bot.contract.feature import Operator
from bot.contract.settings import Setting
from bot.engine import TEXTS, Engine, SystemClock, Texts
from bot.features import FEATURES
from bot.operator import parts


def group_settings() -> tuple[Setting, ...]:
    """Every setting of a group that there is."""
    return tuple(setting for feature in FEATURES for setting in feature.settings)


def own(owner: str, name: str) -> str:
    """What a platform's value is called in the storage's cabinet."""
    return f"{owner}/{name}"


def adapters_marks() -> dict[str, bytes]:
    """`RESTORED_AT` for every platform that there is, configured or not, by its name in the cabinet."""
    now = SystemClock().now().isoformat().encode("ascii")
    return {own(name, RESTORED_AT): now for name in parts.platforms()}


class OwnPart:
    """One platform's part of the storage's cabinet: no two platforms see each other's values."""

    def __init__(self, cabinet: Cabinet, owner: str) -> None:
        self._cabinet, self._owner = cabinet, owner

    async def get(self, name: str) -> bytes | None:
        """See `Cabinet.get`."""
        return await self._cabinet.get(own(self._owner, name))

    async def put(self, name: str, value: bytes) -> None:
        """See `Cabinet.put`."""
        await self._cabinet.put(own(self._owner, name), value)

    async def drop(self, name: str) -> None:
        """See `Cabinet.drop`."""
        await self._cabinet.drop(own(self._owner, name))

    async def drawer(self, drawer: str) -> dict[str, bytes]:
        """See `Cabinet.drawer`."""
        return await self._cabinet.drawer(own(self._owner, drawer))

    async def change_drawer(self, drawer: str, changes: Mapping[str, bytes | None]) -> None:
        """See `Cabinet.change_drawer`."""
        await self._cabinet.change_drawer(own(self._owner, drawer), changes)


@contextlib.asynccontextmanager
async def opened(data: Path, master_key_file: Path) -> AsyncIterator[Store]:
    """The storage in `data`, or a new one there; closed at the end. Raises `CannotStart`."""
    sealer = parts.sealer_factory()(master_key_file, data, os.environ)
    store = await parts.store_factory()(data, sealer)
    try:
        yield store
    finally:
        await store.close()


async def engine_with(
    platforms: Iterable[Platform],
    texts: Iterable[Path | None],
    *,
    store: Store,
    operator: Operator,
    clock: Clock,
    defaults: Mapping[str, str],
    inspector: Inspector | None = None,
) -> Engine:
    """The engine with every feature and these platforms; `texts` are the platforms' own words."""
    folders = (TEXTS, *(f.texts for f in FEATURES), *texts)
    engine = Engine(
        features=FEATURES,
        store=store,
        clock=clock,
        operator=operator,
        texts=Texts(folder for folder in folders if folder is not None),
        codes=await parts.code_locator()(store),
        defaults=defaults,
        inspector=inspector,
    )
    for platform in platforms:
        engine.add(platform)
    return engine


def connected(settings: Settings, cabinet: Cabinet, clock: Clock | None = None) -> dict[str, Platform]:
    """Each configured platform, not running yet. No I/O. Raises `CannotStart`."""
    return {
        name: parts.platform(name).connect(
            section, OwnPart(cabinet, name), clock or SystemClock(), settings.base
        )
        for name, section in settings.sections.items()
    }


class NoCabinet:
    """Holds values for a moment: to check a configuration, where nothing may be kept."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}
        self._drawers: dict[str, dict[str, bytes]] = {}

    async def get(self, name: str) -> bytes | None:
        """See `Cabinet.get`."""
        return self._values.get(name)

    async def put(self, name: str, value: bytes) -> None:
        """See `Cabinet.put`."""
        self._values[name] = value

    async def drop(self, name: str) -> None:
        """See `Cabinet.drop`."""
        self._values.pop(name, None)

    async def drawer(self, drawer: str) -> dict[str, bytes]:
        """See `Cabinet.drawer`."""
        return dict(self._drawers.get(drawer, {}))

    async def change_drawer(self, drawer: str, changes: Mapping[str, bytes | None]) -> None:
        """See `Cabinet.change_drawer`."""
        values = {**self._drawers.get(drawer, {}), **changes}
        self._drawers[drawer] = {name: value for name, value in values.items() if value is not None}
