"""The shape of every write: keyword-only, one transaction."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")
_joins: ContextVar[bool] = ContextVar("kakehashi_services_join", default=False)


@contextmanager
def joined_services() -> Iterator[None]:
    """Within it, services make no savepoint of their own: whatever fails takes back all of the caller's.

    For the caller of many services that itself has a savepoint and lets every error through to it, such as one case of a
    batch: a savepoint for each service was half of its statements.
    """
    token = _joins.set(True)
    try:
        yield
    finally:
        _joins.reset(token)


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function as a write. Refuses positional parameters when defined; runs atomically when called.

    A service opens the transaction (a savepoint inside an open scope), checks the permission and
    writes one journal event if it is an official act.
    """
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            message = f"{function.__qualname__}: a service takes keyword-only parameters, {parameter.name!r} is not"
            raise TypeError(message)

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(savepoint=not _joins.get()):
            return function(*args, **kwargs)

    run.is_service = True  # type: ignore[attr-defined]
    return run
