"""Reads that many items of one batch share: asked once, remembered until the piece ends.

一括の操作で、どの件にも同じ読み取り（団体・決裁ルート・ひな形）を一度だけにする。

A selector marked `read_once` reads as always outside of `shared_reads()`. Inside, the same arguments give the same answer without a
query. Mark only what no act of a batch changes; whoever changes it anyhow calls `forget_shared_reads`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db.models import Model

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["forget_shared_reads", "read_once", "shared_reads"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_memory: ContextVar[dict[Any, Any] | None] = ContextVar("kakehashi_shared_reads", default=None)


@contextmanager
def shared_reads() -> Iterator[None]:
    """Within it, marked reads are made once; an inner one shares the memory of the outer."""
    if _memory.get() is not None:
        yield
        return
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def forget_shared_reads() -> None:
    """Read anew from here on, as after an item that was rolled back."""
    memory = _memory.get()
    if memory is not None:
        memory.clear()


def read_once(read: Callable[_P, _R]) -> Callable[_P, _R]:
    """A selector whose answer the items of one batch share. Rows among the arguments count by their id."""

    @functools.wraps(read)
    def reading(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        memory = _memory.get()
        if memory is None:
            return read(*args, **kwargs)
        try:
            key = (read, current_government_id(), _key(args), _key(sorted(kwargs.items())))
            hash(key)
        except TypeError:
            return read(*args, **kwargs)
        if key not in memory:
            memory[key] = read(*args, **kwargs)
        found: _R = memory[key]
        return found

    return reading


def _key(value: Any) -> Any:
    if isinstance(value, Model):
        return type(value), value.pk
    if isinstance(value, list | tuple):
        return tuple(map(_key, value))
    if isinstance(value, Actor):
        return value.kind, value.id, value.government_id, value.post_id
    return value
