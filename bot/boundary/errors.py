"""The error tree. Adapters map every foreign error to one of these, once.

CirclekeeperError
├── CannotStart          the program must not run like this; carries what happened and what to do
│   └── InUse            another process runs with the same data
├── Undeliverable        a step failed; carries why, and when to try again, if ever
│   └── Unsupported      the step needs an ability that was not declared for this room
└── StorageTrouble       the storage refused: full, locked, damaged
"""


class CirclekeeperError(Exception):
    """Everything that Circlekeeper raises on purpose."""


class CannotStart(CirclekeeperError):
    """Refuse to start: one plain sentence on what is wrong, one on what to do next.

    Shown to operators as it is, so it holds no secret and nobody's id, name or words.
    """

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(f"{what} {next_step}")
        self.what = what
        self.next_step = next_step


class InUse(CannotStart):
    """Another process of ours has the data folder: nothing is wrong, but there can be only one."""


class Undeliverable(CirclekeeperError):
    """A step did not reach the platform.

    `reason` is a short kind for logs and facilitators, never a text of the platform:
    one of `REASONS`. `retry_after` is in seconds; None means that trying again cannot help.
    """

    REASONS = (
        "rate_limited",  # wait, then try again
        "unreachable",  # the platform does not answer or fails
        "forbidden",  # the bot lacks the power
        "closed",  # the person cannot be written to in private
        "gone",  # room, message or person is not there any more
        "unsupported",  # the room has no such ability
        "refused",  # the platform rejects the request for another reason
    )

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Unsupported(Undeliverable):
    """The step needs an ability that the room's capabilities do not declare."""

    def __init__(self) -> None:
        super().__init__("unsupported", None)


class StorageTrouble(CirclekeeperError):
    """The storage refused. `what` and `next_step` are plain sentences for the operator."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(f"{what} {next_step}")
        self.what = what
        self.next_step = next_step
