"""What a homeserver refuses, mapped once to the error tree of the boundary.

Undeliverable
└── Refusal              the homeserver said no, or said nothing that can be understood
    └── TokenRefused     the access token is not (or no longer) good
"""

from collections.abc import Mapping
from typing import Any

from bot.boundary.errors import CannotStart, Undeliverable

AGAIN_SOON = 1.0
"""Seconds until something is tried again that failed for a passing reason."""
AGAIN_LATER = 60.0
"""Seconds, where an operator of the homeserver must act first."""
LONGEST_WAIT = 3600.0
"""A homeserver that asks for more is asked again after an hour all the same."""


class Refusal(Undeliverable):
    """The homeserver's answer, as data. `status` 0: there was no answer at all."""

    def __init__(
        self,
        reason: str,
        retry_after: float | None,
        status: int = 0,
        errcode: str = "",
        session: str = "",
    ) -> None:
        super().__init__(reason, retry_after)
        self.status = status
        self.errcode = errcode
        self.session = session
        """Of a 401 that asks for the password: what the second try must name (User-Interactive API)."""


class TokenRefused(Refusal):
    """The access token is not good: sign in again, or stop."""


REASONS: Mapping[str, tuple[str, float | None]] = {
    # Client-Server API, "Standard error response" and the endpoints' own codes.
    "M_BAD_ALIAS": ("refused", None),
    "M_BAD_JSON": ("refused", None),
    "M_BAD_STATE": ("refused", None),
    "M_CANNOT_LEAVE_SERVER_NOTICE_ROOM": ("forbidden", None),
    "M_CAPTCHA_INVALID": ("forbidden", None),
    "M_CAPTCHA_NEEDED": ("forbidden", None),
    "M_CONNECTION_FAILED": ("unreachable", AGAIN_SOON),
    "M_CONNECTION_TIMEOUT": ("unreachable", AGAIN_SOON),
    "M_CONSENT_NOT_GIVEN": ("forbidden", AGAIN_LATER),
    "M_DUPLICATE_ANNOTATION": ("refused", None),
    "M_EXCLUSIVE": ("refused", None),
    "M_FORBIDDEN": ("forbidden", None),
    "M_GUEST_ACCESS_FORBIDDEN": ("forbidden", None),
    "M_INCOMPATIBLE_ROOM_VERSION": ("unsupported", None),
    "M_INVALID_PARAM": ("refused", None),
    "M_INVALID_ROOM_STATE": ("refused", None),
    "M_INVALID_USERNAME": ("refused", None),
    "M_LIMIT_EXCEEDED": ("rate_limited", AGAIN_SOON),
    "M_MISSING_PARAM": ("refused", None),
    "M_MISSING_TOKEN": ("unreachable", AGAIN_SOON),
    "M_NOT_FOUND": ("gone", None),
    "M_NOT_JSON": ("refused", None),
    "M_NOT_YET_UPLOADED": ("unreachable", AGAIN_SOON),
    "M_RESOURCE_LIMIT_EXCEEDED": ("unreachable", AGAIN_LATER),
    "M_ROOM_IN_USE": ("refused", None),
    "M_SERVER_NOT_TRUSTED": ("refused", None),
    "M_TOO_LARGE": ("refused", None),
    "M_UNABLE_TO_AUTHORISE_JOIN": ("forbidden", None),
    "M_UNABLE_TO_GRANT_JOIN": ("forbidden", None),
    "M_UNAUTHORIZED": ("unreachable", AGAIN_SOON),
    "M_UNKNOWN_TOKEN": ("unreachable", AGAIN_SOON),
    "M_UNRECOGNIZED": ("unsupported", None),
    "M_UNSUPPORTED_ROOM_VERSION": ("unsupported", None),
    "M_USER_DEACTIVATED": ("unreachable", AGAIN_LATER),
    "M_USER_LOCKED": ("unreachable", AGAIN_LATER),
    "M_USER_SUSPENDED": ("forbidden", AGAIN_LATER),
    "M_WEAK_PASSWORD": ("refused", None),
    "M_WRONG_ROOM_KEYS_VERSION": ("refused", None),
}
"""M_UNKNOWN is missing on purpose: it says nothing, so the status decides."""


def refusal(status: int, body: object, headers: Mapping[str, str] | None = None) -> Refusal:
    """What an answer other than success means. `body` is whatever the JSON was, or None."""
    fields: dict[str, Any] = body if isinstance(body, dict) else {}
    said = fields.get("errcode")
    errcode = said if isinstance(said, str) else ""
    reason, again = REASONS.get(errcode) or _by_status(status)
    if status >= 500:
        reason, again = "unreachable", AGAIN_SOON
    if status == 429:
        reason = "rate_limited"
    if reason == "rate_limited":
        again = _wait(fields, headers or {})
    if status == 401 and errcode in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_UNAUTHORIZED"):
        return TokenRefused("unreachable", AGAIN_SOON, status, errcode)
    session = fields.get("session")
    return Refusal(reason, again, status, errcode, session if isinstance(session, str) else "")


def unanswered() -> Refusal:
    """No answer, or one that was cut off or is not JSON: try again."""
    return Refusal("unreachable", AGAIN_SOON)


def must_stop(found: Refusal) -> CannotStart | None:
    """The refusals after which only a person can mend it; None where trying again may help."""
    if found.errcode == "M_USER_DEACTIVATED":
        return CannotStart(
            "The bot's Matrix account was closed.", "Make a new account and put it into config.yaml."
        )
    if found.errcode in ("M_USER_LOCKED", "M_USER_SUSPENDED"):
        return CannotStart(
            "The homeserver locked the bot's account.", "Ask the people who run the homeserver."
        )
    if isinstance(found, TokenRefused):
        return CannotStart(
            "The homeserver does not accept the bot's access any more.",
            "Put a new access token or the right password into the secret file, and start again.",
        )
    return None


def _by_status(status: int) -> tuple[str, float | None]:
    match status:
        case 401:
            return "unreachable", AGAIN_SOON
        case 403:
            return "forbidden", None
        case 404 | 410:
            return "gone", None
        case 429:
            return "rate_limited", AGAIN_SOON
        case _ if 400 <= status < 500 and status != 408:
            return "refused", None
        case _:
            return "unreachable", AGAIN_SOON


def _wait(fields: Mapping[str, Any], headers: Mapping[str, str]) -> float:
    """Seconds to wait after a 429: `Retry-After` first (Client-Server API v1.10), then the body."""
    waits = []
    header = headers.get("Retry-After", "")
    if header.isascii() and header.isdigit() and len(header) < 9:
        waits.append(float(header))
    said = fields.get("retry_after_ms")
    if isinstance(said, int | float) and not isinstance(said, bool) and said == said and said >= 0:
        waits.append(min(float(said), 1e9) / 1000)
    return min(max(waits, default=AGAIN_SOON), LONGEST_WAIT)
