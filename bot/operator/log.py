"""Logs without ids, names or words: kinds and counts, one `key=value` line each, on stderr.

What other libraries say is not let through: nio writes message content at WARNING, asyncio the
values of failed tasks. That one of them warned is noted once, by the library's name alone.
"""

import asyncio
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import structlog

OURS = ("bot", "adapters", "__main__")

_ID = re.compile(r"[@!#$][^\s:\"']+:[^\s\"']+|[!$][\w/+-]{30,}|\b\d{16,20}\b")
"""Ids of Matrix (Appendices, "Common Identifier Format") and Discord's snowflakes."""
_FIELD = re.compile(r"(\w+)=(\S+)")

Fields = MutableMapping[str, Any]


def set_up(level: str) -> None:
    """Let everything that logs go through here. `level`: debug, info, warning or error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), _split],
            processors=[
                _about,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _kind_of_error,
                _without_ids,
                structlog.processors.LogfmtRenderer(
                    key_order=["time", "level", "logger", "event"], drop_missing=True, bool_as_flag=False
                ),
            ],
        )
    )
    handler.addFilter(_OnlyOurs())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    structlog.configure(
        processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    sys.excepthook = _uncaught


def watch(loop: asyncio.AbstractEventLoop) -> None:
    """Have the loop report what nobody caught by its kind alone."""

    def failed(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        logging.getLogger("bot.operator").error(
            "task_failed error=%s where=%s", type(error).__name__, where(error)
        )

    loop.set_exception_handler(failed)


def where(error: BaseException | None) -> str:
    """The places of our own code that an error came through, as `module:line`, the inmost last."""
    places = traceback.extract_tb(error.__traceback__) if error is not None else []
    named = (
        (re.search(r"(?:^|/)((?:bot|adapters)/.*)\.py$", p.filename.replace("\\", "/")), p.lineno)
        for p in places
    )
    return ",".join(f"{found[1].replace('/', '.')}:{line}" for found, line in named if found) or "elsewhere"


class _OnlyOurs(logging.Filter):
    """Turns a record of another library into the bare fact, once."""

    def __init__(self) -> None:
        super().__init__()
        self._noted: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        library = record.name.partition(".")[0]
        if library in OURS:
            return True
        if library == "nio" or record.levelno < logging.WARNING or library in self._noted:
            return False
        self._noted.add(library)
        record.name, record.exc_info, record.exc_text, record.stack_info = "bot.operator", None, None, None
        record.msg, record.args = f"library_warned library={library}", ()
        return True


def _about(_: object, __: str, fields: Fields) -> Fields:
    record: logging.LogRecord = fields["_record"]
    fields["time"] = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields["level"] = record.levelname.lower()
    fields["logger"] = record.name
    if record.exc_info:
        fields["exc_info"] = record.exc_info
    return fields


def _split(_: object, __: str, fields: Fields) -> Fields:
    """`not_kept event=Due` of a plain logger, as fields."""
    event, _, rest = str(fields["event"]).partition(" ")
    named = dict(_FIELD.findall(rest))
    if named and " ".join(f"{k}={v}" for k, v in named.items()) == rest:
        fields["event"] = event
        fields.update(
            {("about" if k in ("event", "level", "time", "logger") else k): v for k, v in named.items()}
        )
    return fields


def _kind_of_error(_: object, __: str, fields: Fields) -> Fields:
    """The kind of an error and where it came through, in place of its traceback and values."""
    fields.pop("stack_info", None)
    info = fields.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None
    if error is not None:
        fields["error"], fields["where"] = type(error).__name__, where(error)
    return fields


def _without_ids(_: object, __: str, fields: Fields) -> Fields:
    """The last line of defence: nothing that looks like an id leaves the program, on one line."""
    return {k: _one_line(_ID.sub("[removed]", v)) if isinstance(v, str) else v for k, v in fields.items()}


def _one_line(words: str) -> str:
    return "".join(c if c.isprintable() else " " for c in words)


def _uncaught(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    logging.getLogger("bot.operator").error("fault error=%s where=%s", kind.__name__, where(error))
