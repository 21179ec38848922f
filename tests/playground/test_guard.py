"""Only the page itself, opened with the address that was printed, can talk to the server."""

import asyncio
import contextlib

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser

from adapters.memory import MemoryStore
from adapters.playground.clock import MovableClock
from adapters.playground.feed import Feed
from adapters.playground.guard import BURST, PER_SECOND, Pace
from adapters.playground.platform import Playground
from adapters.playground.server import USUAL_PORT, serve_page
from adapters.playground.world import World
from tests.contract.stage import Recorder, until
from tests.playground.trial import Trial
from tests.support.synapse import free_port


async def _status(url: str, **headers: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status


async def test_the_address_needs_its_token(trial: Trial) -> None:
    """Nothing is told to somebody who only guessed the port."""
    assert await _status(trial.address) == 200
    assert await _status(trial.address, Host=f"localhost:{trial.port}") == 200
    assert await _status(f"http://{trial.host}/") == 403
    assert await _status(f"http://{trial.host}/wrong/") == 403
    assert await _status(f"http://{trial.host}/wrong/app.js") == 403
    assert await _status(trial.address + "secret.txt") == 404
    assert await _status(trial.address + "../../../etc/passwd") in (403, 404)


async def test_a_foreign_host_is_refused(trial: Trial) -> None:
    """DNS rebinding: the right address under another name is not ours."""
    for host in ("evil.example", "127.0.0.1", "localhost:1", f"127.0.0.1.evil.example:{trial.port}", ""):
        assert await _status(trial.address, Host=host) == 403, host


async def test_a_foreign_origin_is_refused(trial: Trial) -> None:
    """A web page from elsewhere in the same browser cannot drive it, even with the token."""
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", f"https://127.0.0.1:{trial.port}"):
        assert await _status(trial.address, Origin=origin) == 403, origin
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(trial.address + "talk", origin=origin)
            assert refused.value.status == 403, origin


async def test_a_connection_without_origin_is_refused(trial: Trial) -> None:
    """Every browser sends one with a WebSocket; what sends none is no page."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(trial.address + "talk")
        assert refused.value.status == 403


async def test_a_foreign_page_in_the_same_browser_cannot_drive_it(trial: Trial, browser: Browser) -> None:
    """Played for real: another site, which even knows the whole address."""

    async def foreign(_: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>elsewhere</title>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", foreign)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        page = await browser.new_page()
        await page.goto(f"http://localhost:{port}/")
        outcome = await page.evaluate(
            """(address) => new Promise(done => {
                 const socket = new WebSocket(address.replace('http', 'ws') + 'talk');
                 socket.onopen = () => done('open'); socket.onerror = () => done('refused'); })""",
            trial.address,
        )
        assert outcome == "refused"
        read = await page.evaluate(
            "(address) => fetch(address).then(() => 'read', () => 'refused')", trial.address
        )
        assert read == "refused"
        framed = await page.evaluate(
            """(address) => new Promise(done => { const frame = document.createElement('iframe');
                 frame.onload = () => {
                   try { done(String(frame.contentDocument)) } catch { done('closed') } };
                 frame.src = address; document.body.append(frame); })""",
            trial.address,
        )
        assert framed in ("null", "closed")
    finally:
        await runner.cleanup()


async def test_it_listens_on_this_machine_alone(trial: Trial) -> None:
    """No other address of this machine answers."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(f"http://127.0.0.2:{trial.port}/", timeout=aiohttp.ClientTimeout(2))


async def test_every_answer_forbids_what_the_page_does_not_need(trial: Trial) -> None:
    """A strict Content-Security-Policy without `inline`, on every answer, refusals included."""
    async with aiohttp.ClientSession() as session:
        for url in (trial.address, trial.address + "app.js", trial.address + "nothing", f"http://{trial.host}/"):
            async with session.get(url) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "unsafe" not in policy
                assert "http" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert answer.headers["Cache-Control"] == "no-store"


async def test_a_port_that_is_taken_is_said_in_words(trial: Trial) -> None:
    """One sentence and a next step, exit code 1."""
    second = Trial(trial.folder.parent / "other")
    second.port = trial.port
    with pytest.raises(AssertionError, match="--port"):
        await second.start()
    assert await second.stop() == 1


async def test_without_a_wish_the_usual_port_or_a_free_one_is_taken() -> None:
    """Somebody else on the usual port keeps nobody from trying."""
    taken = web.ServerRunner(web.Server(lambda _: web.Response()))  # type: ignore[arg-type,return-value]
    await taken.setup()
    with contextlib.suppress(OSError):
        await web.TCPSite(taken, "127.0.0.1", USUAL_PORT).start()
    opened: list[str] = []
    clock = MovableClock()
    platform = Playground(
        clock,
        open_world=lambda: World.open(MemoryStore(), Feed(), clock),
        page=lambda found: serve_page(found, None, opened.append),
    )
    running = asyncio.create_task(platform.run(Recorder()))
    try:
        await until(lambda: opened or None, "the address")
        assert f":{USUAL_PORT}/" not in opened[0]
        assert await _status(opened[0]) == 200
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await taken.cleanup()


def test_the_pace_lets_a_quick_hand_pass_and_a_flood_wait() -> None:
    """A burst at once, then so many a second; the wait says when."""
    now = 0.0
    pace = Pace(lambda: now)
    assert [pace.wait() for _ in range(BURST)] == [0.0] * BURST
    wait = pace.wait()
    assert 0 < wait <= 1 / PER_SECOND
    now += wait
    assert pace.wait() == 0.0
    assert pace.wait() > 0
