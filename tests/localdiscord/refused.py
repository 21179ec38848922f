"""The one error of this server: what Discord answers when it refuses."""

from typing import Any


class Refused(Exception):
    """Discord's answer to a wrong request, for the bot as HTTP and for a human as this exception.

    `status` is the HTTP status, `code` Discord's own (docs, Opcodes and Status Codes, JSON).
    """

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code} {message}" + (f" {errors}" if errors else ""))
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """As JSON."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def invalid(field: str, why: str, code: str = "INVALID") -> Refused:
    """400/50035 about one field, named by its path: `components.0.label`."""
    errors: dict[str, Any] = {"_errors": [{"code": code, "message": why}]}
    for part in reversed(field.split(".")):
        errors = {part: errors}
    return Refused(400, 50035, "Invalid Form Body", errors)


def unknown(what: str, code: int) -> Refused:
    """404: there is no such thing, or the asker may not know of it."""
    return Refused(404, code, f"Unknown {what}")


def missing_access() -> Refused:
    """403/50001: the asker cannot even see it."""
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    """403/50013: the asker sees it but may not do that."""
    return Refused(403, 50013, "Missing Permissions")
