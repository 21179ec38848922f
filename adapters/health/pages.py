"""The three pages."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from bot.boundary.errors import CannotStart
from bot.boundary.ports import Health

SILENT_FOR = 60.0
"""Seconds since the last good contact after which `/healthz` turns 503 (INTERFACE.md)."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""The text format of Prometheus (prometheus.io, "Exposition formats")."""

Platforms = Callable[[], Mapping[str, Health]]
Counts = Callable[[], Mapping[str, float]]
Now = Callable[[], datetime]


async def serve(
    host: str, port: int, *, platforms: Platforms, counts: Counts, now: Now
) -> Callable[[], Awaitable[None]]:
    """Serve until what is given back is awaited. Raises `CannotStart` where the port is taken."""
    runner = web.AppRunner(
        Pages(platforms, counts, now).app(), access_log=None, handle_signals=False, shutdown_timeout=0.5
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise CannotStart(
            f"The health pages cannot be served at {host}:{port}: it is taken, or not ours.",
            "Set `listen` to another address in config.yaml, or stop the program that uses it.",
        ) from None
    return runner.cleanup


class Pages:
    """What is answered, worked out anew for every request."""

    def __init__(self, platforms: Platforms, counts: Counts, now: Now) -> None:
        self._platforms, self._counts, self._now = platforms, counts, now
        self._began = now()
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def app(self) -> web.Application:
        """The web application with the three pages."""
        app = web.Application()
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)
        app.on_response_prepare.append(_plain_headers)
        return app

    async def healthz(self, _: web.Request) -> web.Response:
        """503 while a platform has not answered well for `SILENT_FOR`."""
        return _answer(
            (name, health.trouble or "No good contact for more than a minute.")
            for name, health in self._platforms().items()
            if self._silent(health) > SILENT_FOR
        )

    async def readyz(self, _: web.Request) -> web.Response:
        """503 until every platform is connected and the first look at its rooms is done."""
        return _answer(
            (name, health.trouble or "Not connected yet, or still looking at its rooms.")
            for name, health in self._platforms().items()
            if not health.ready
        )

    async def metrics(self, _: web.Request) -> web.Response:
        """Counts of the whole installation, for Prometheus."""
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": METRICS_TYPE})

    def collect(self) -> Iterable[Metric]:
        """See `prometheus_client.registry.Collector`."""
        ready = GaugeMetricFamily(
            "circlekeeper_platform_ready", "1: connected and first look done", labels=["platform"]
        )
        silent = GaugeMetricFamily(
            "circlekeeper_platform_silent_seconds", "Since the last good contact", labels=["platform"]
        )
        for name, health in self._platforms().items():
            ready.add_metric([name], float(health.ready))
            silent.add_metric([name], self._silent(health))
        yield ready
        yield silent
        for name, count in self._counts().items():
            words = name.removesuffix("_total").replace("_", " ").capitalize()
            kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            yield kind(f"circlekeeper_{name}", words, value=count)

    def _silent(self, health: Health) -> float:
        """Seconds since the last good contact, or since the start where there was none."""
        return max(0.0, (self._now() - (health.last_good or self._began)).total_seconds())


def _answer(troubles: Iterable[tuple[str, str]]) -> web.Response:
    lines = [f"{name}: {trouble}\n" for name, trouble in troubles]
    return web.Response(text="".join(lines) or "fine\n", status=503 if lines else 200)


async def _plain_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = "circlekeeper"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
