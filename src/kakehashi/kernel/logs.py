"""Lines of the log: JSON or plain text, with ids of request, act and government and nothing that a person typed.

The rule is kept here, not by those who write a line: values that come from outside our own code are left out of messages,
a traceback names files and lines but neither values nor the exception's words, and what looks like an address, a telephone
number or a token is masked in whatever is left.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from functools import lru_cache
from types import TracebackType
from typing import Any
from uuid import UUID

from kakehashi.kernel import clock
from kakehashi.kernel.trace import current_act, current_request

__all__ = ["JsonFormatter", "TextFormatter", "exception_facts", "install_excepthook", "logging_settings", "masked"]

# Loggers whose arguments are ids and names of code, because the lines were written here or carry ids only.
_TRUSTED = ("kakehashi", "procrastinate", "_granian", "granian", "psycopg.pool")
# The words of these name code, never values.
_SPEAKING = (ImportError, AttributeError, NameError)
_MASK = "‹…›"
# Looking for addresses takes the square of a word's length: an error that quotes a megabyte must not stop the program that logs it.
_LONGEST = 4_000
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DANGEROUS = re.compile(
    rf"(?P<keep>\b{_UUID}\b)"
    r"|[^\s@<>\"']+@[^\s@<>\"']+"
    r"|(?<![\w-])0\d{1,4}-?\d{1,4}-?\d{3,4}(?![\w-])"
    r"|(?<![\w-])\d{10,}(?![\w-])"
    r"|(?=[\w:=.-]*[A-Z])(?=[\w:=.-]*\d)[\w:=.-]{24,}",
    re.ASCII,
)


def masked(text: str) -> str:
    """The text without mail addresses, telephone numbers, long numbers and tokens; UUIDs stay. What is very long is cut first."""
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    return _DANGEROUS.sub(lambda found: found.group(0) if found.group("keep") else _MASK, text)


# A line without arguments is a sentence of the code, mostly the one that ends a request.
_masked_sentence = lru_cache(maxsize=256)(masked)


def _message(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is not None and hasattr(request, "method"):
        # Django's own lines about a request name its path, and a path may carry a token.
        return f"{record.name}: {getattr(record, 'status_code', '')} {request.method} {view_of(request)}".strip()
    if not record.args:
        return _masked_sentence(str(record.msg))
    if not record.name.startswith(_TRUSTED):
        record = _without_values(record)
    try:
        return masked(record.getMessage())
    except (TypeError, ValueError):
        return masked(str(record.msg))


def _without_values(record: logging.LogRecord) -> logging.LogRecord:
    args = record.args
    plain: Any = {k: _harmless(v) for k, v in args.items()} if isinstance(args, Mapping) else None
    copy = logging.makeLogRecord(record.__dict__)
    copy.args = plain if plain is not None else tuple(_harmless(value) for value in args or ())
    return copy


def _harmless(value: object) -> object:
    return value if isinstance(value, int | float | UUID) or value is None else _MASK


def view_of(request: Any) -> str:
    """The name of the page a request asked for, never its path: addresses may carry tokens."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name if match else "") or "-"


def exception_facts(error: BaseException) -> dict[str, Any]:
    """What may be said of an exception: its type, the places in the code, the database's codes, and what caused it."""
    facts: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    diagnosis, state = getattr(error, "diag", None), getattr(error, "sqlstate", None)
    if state:
        names = {name: getattr(diagnosis, name, None) for name in ("table_name", "column_name", "constraint_name")}
        facts |= {"sqlstate": state, **{name: value for name, value in names.items() if value}}
    elif isinstance(error, OSError) and error.errno is not None:
        facts["errno"] = error.errno
    elif isinstance(error, _SPEAKING) or type(error).__name__ == "ImproperlyConfigured":
        facts["words"] = masked(str(error))
    if isinstance(code := getattr(error, "code", None), str):
        facts["code"] = masked(code)
    facts["where"] = _places(error.__traceback__)
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        facts["because"] = exception_facts(before)
    return facts


def _places(trail: TracebackType | None) -> list[str]:
    return [
        f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trail)[-30:]
    ]


def _open_government() -> UUID | None:
    # The settings read this module before any model may be imported: the guard is asked once it is there.
    tenancy = sys.modules.get("kakehashi.kernel.tenancy")
    found: UUID | None = tenancy.open_government_id() if tenancy is not None else None
    return found


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    act, government = current_act(), _open_government()
    facts: dict[str, Any] = {
        "time": clock.now().isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
        "request": current_request(),
        "government": str(government) if government else "",
        "act": str(act) if act else "",
    }
    facts |= getattr(record, "facts", {})
    if record.exc_info and record.exc_info[1] is not None:
        facts["error"] = exception_facts(record.exc_info[1])
    return {name: value for name, value in facts.items() if value != ""}


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return _ENCODE(_facts(record))


_ENCODE = json.JSONEncoder(ensure_ascii=False, default=str).encode


class TextFormatter(logging.Formatter):
    """The same facts for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        facts = _facts(record)
        error = facts.pop("error", None)
        head = " ".join(str(facts.pop(name)) for name in ("time", "level", "logger", "message"))
        tail = "".join(f" {name}={value}" for name, value in facts.items())
        return head + tail + ("" if error is None else "\n" + json.dumps(error, ensure_ascii=False, indent=1))


def logging_settings(shape: str) -> dict[str, Any]:
    """Python's logging configuration for the web server, the worker and the command line; `shape` is json or text."""
    formatter = "kakehashi.kernel.logs.JsonFormatter" if shape == "json" else "kakehashi.kernel.logs.TextFormatter"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "kakehashi": {"level": "INFO"},
            # Django's own configuration mails tracebacks with every variable; nothing of it stays.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            # The path of a request may carry a token: our own middleware writes the line instead, by the page's name.
            "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }


def install_excepthook() -> None:
    """Let an exception that ends a command be told like any other: without values."""

    def tell(kind: type[BaseException], error: BaseException, trail: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trail)
        else:
            logging.getLogger("kakehashi.command").critical("the command failed", exc_info=(kind, error, trail))

    sys.excepthook = tell
