"""Who may talk to the page's server: only the page itself, opened with the address that was printed.

A foreign web page in the same browser can send requests to this machine, and by DNS rebinding
even under its own name. So Host and Origin must be ours (RFC 6454 section 7; the Fetch standard
has browsers send Origin with every WebSocket), and the address holds a random token.
"""

import hmac
import time
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

FOREIGN = "This page is for the browser on this machine alone. Open the address that was printed.\n"
INCOMPLETE = "This is not the whole address. Open the one that was printed, with all its letters.\n"

BURST = 60
"""Messages that a tab may send at once: a story's step and a quick hand need fewer than ten."""
PER_SECOND = 40
"""Messages a second that a tab may send in the long run."""


def guard(token: str) -> Middleware:
    """The check before every request."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        sock = request.transport and request.transport.get_extra_info("sockname")
        port = sock[1] if sock else 0
        ours = {f"127.0.0.1:{port}", f"localhost:{port}"}
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        from_page = origin is None or origin == f"http://{host}"
        if host not in ours or not from_page or request.headers.get("Sec-Fetch-Site") == "cross-site":
            return _refuse(FOREIGN)
        if request.headers.get("Upgrade") and origin is None:
            return _refuse(FOREIGN)
        if not hmac.compare_digest(request.match_info.get("token", "").encode(), token.encode()):
            return _refuse(INCOMPLETE)
        try:
            answer = await handler(request)
        except web.HTTPException as refused:
            refused.headers.update(HEADERS)
            raise
        if not answer.prepared:
            answer.headers.update(HEADERS)
        return answer

    return check


def _refuse(text: str) -> web.Response:
    return web.Response(status=403, text=text, headers=HEADERS)


class Pace:
    """How fast one tab may send. A bucket of `BURST`, filled again with `PER_SECOND`."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._left = float(BURST)
        self._at = now()

    def wait(self) -> float:
        """0 where one more may be sent now, else the seconds after which it may."""
        now = self._now()
        self._left = min(float(BURST), self._left + (now - self._at) * PER_SECOND)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / PER_SECOND
