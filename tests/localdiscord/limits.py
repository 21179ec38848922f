"""Rate limits: docs, Rate Limits. Buckets by route and major parameter, and one limit over all."""

import hashlib
import re
from dataclasses import dataclass

from tests.localdiscord.clock import Clock

# docs: 50 requests a second over all; interactions' own endpoints are exempt.
GLOBAL_A_SECOND = 50
# docs: 10,000 of 401, 403 and 429 in ten minutes is a ban of the address.
INVALID_IN_TEN_MINUTES = 10_000
# What Discord was seen to set, where it is not published: messages, roles, members, direct chats.
REAL = (
    ("POST", r"/channels/\d+/messages", 5, 5.0),
    ("PATCH", r"/channels/\d+/messages/\d+", 5, 5.0),
    ("DELETE", r"/channels/\d+/messages/\d+", 5, 1.0),
    ("PUT", r"/guilds/\d+/members/\d+/roles/\d+", 10, 10.0),
    ("DELETE", r"/guilds/\d+/members/\d+/roles/\d+", 10, 10.0),
    ("PATCH", r"/guilds/\d+/members/\d+", 10, 10.0),
    ("POST", r"/users/@me/channels", 10, 10.0),
    ("PUT", r"/channels/\d+/permissions/\d+", 10, 10.0),
    ("PATCH", r"/channels/\d+", 5, 15.0),
    ("POST", r"/webhooks/\d+/[^/]+", 5, 2.0),
    ("PATCH", r"/webhooks/\d+/[^/]+/messages/[^/]+", 5, 2.0),
)


@dataclass
class Window:
    """One bucket: how much is left, and when it is full again."""

    left: int
    until: float


@dataclass
class Verdict:
    """The headers for an answer, and, where it is refused, how long to wait."""

    headers: dict[str, str]
    wait: float | None = None
    everywhere: bool = False


class Limits:
    """Off until a test asks: `real()`, `bucket(...)` or `total(...)`. The headers are always there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rules: list[tuple[str, re.Pattern[str], int, float]] = []
        self._windows: dict[str, Window] = {}
        self._all = Window(0, 0.0)
        self._a_second: int | None = None
        self._invalid: list[float] = []
        self.ban_after = INVALID_IN_TEN_MINUTES
        self.refused = 0

    def real(self) -> None:
        """Limits like Discord's own."""
        for rule in REAL:
            self.bucket(*rule)
        self.total(GLOBAL_A_SECOND)

    def bucket(self, method: str, path: str, limit: int, seconds: float) -> None:
        """`limit` requests in `seconds` on paths that fit the pattern, for each channel or server."""
        self._rules.insert(0, (method, re.compile(f"^{path}$"), limit, seconds))

    def total(self, a_second: int | None) -> None:
        """The limit over all requests; None for none."""
        self._a_second = a_second

    def invalid(self) -> None:
        """Counts an answer 401, 403 or 429."""
        self._invalid.append(self._clock.now())

    @property
    def banned(self) -> bool:
        """Too many invalid requests in ten minutes."""
        since = self._clock.now() - 600
        self._invalid = [one for one in self._invalid if one > since]
        return len(self._invalid) >= self.ban_after

    def ask(self, method: str, path: str) -> Verdict:
        """May this request pass?"""
        now = self._clock.now()
        exempt = path.startswith("/interactions/")
        if self._a_second is not None and not exempt and not path.startswith("/webhooks/"):
            if now >= self._all.until:
                self._all = Window(self._a_second, now + 1.0)
            if self._all.left <= 0:
                self.refused += 1
                wait = self._all.until - now
                return Verdict({"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}, wait, True)
            self._all.left -= 1
        limit, seconds = 1000, 1.0
        for wanted, pattern, rule_limit, rule_seconds in self._rules:
            if wanted == method and pattern.match(path) and not exempt:
                limit, seconds = rule_limit, rule_seconds
                break
        major = re.match(r"^/(channels|guilds|webhooks)/[^/]+", path)
        # All ids but the major one are one bucket.
        rest = re.sub(r"\d{5,}|(?<=/webhooks/)[^/]+", "*", path)
        bucket = hashlib.sha256(f"{method} {rest}".encode()).hexdigest()[:32]
        key = f"{bucket}:{major.group(0) if major else ''}"
        window = self._windows.get(key)
        if window is None or now >= window.until:
            window = self._windows[key] = Window(limit, now + seconds)
        passed = window.left > 0
        window.left -= passed
        headers = {
            "X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(window.left),
            "X-RateLimit-Reset": f"{window.until:.3f}",
            "X-RateLimit-Reset-After": f"{window.until - now:.3f}",
            "X-RateLimit-Bucket": bucket,
        }  # fmt: skip
        if passed:
            return Verdict(headers)
        self.refused += 1
        return Verdict({**headers, "X-RateLimit-Scope": "user"}, window.until - now)
