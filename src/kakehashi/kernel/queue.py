"""Background work: tasks by name (procrastinate, in PostgreSQL) and sweeps.

A task's arguments are ids only; the tenant travels in the envelope and its scope is open while the
task runs. A sweep looks for rows that wait to be handled; hot paths insert rows and queue nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.kernel.trace import begin_request

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@dataclass(frozen=True)
class Sweep:
    """A look through one government's waiting rows, run by the worker every `seconds`.

    `waiting` is one query over all governments that names those with work; without it each of them is looked at.
    While people keep the processors busy it runs every `patience` seconds instead.
    """

    name: str
    seconds: float
    run: Callable[[UUID], object]
    waiting: str = ""
    patience: float = 0.0

    @property
    def function(self) -> str:
        """The database function that asks `waiting` past the walls between governments: it gives ids and nothing else."""
        return f"kakehashi_waiting_{self.name.replace('.', '_')}"


_sweeps: dict[str, Sweep] = {}


def task(name: str, *, in_parts: bool = False) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Declare a task in a room's `tasks.py`. Its first argument is `government_id`, the rest are ids.

    It runs in the government's scope, one transaction; with `in_parts` it opens the scope itself, once for each of its parts.
    """

    def decorate(function: Callable[..., object]) -> Callable[..., object]:
        @wraps(function)
        def run(government_id: str, **ids: Any) -> None:
            begin_request()
            with nullcontext() if in_parts else tenant_scope(UUID(government_id)):
                function(government_id=UUID(government_id), **ids)

        app.task(name=name, retry=_RETRY)(run)
        return function

    return decorate


def enqueue(name: str, *, government_id: UUID, **ids: UUID | str | int) -> None:
    """Defer a task by its name, in the caller's transaction."""
    arguments = {key: str(value) if isinstance(value, UUID) else value for key, value in ids.items()}
    app.configure_task(name).defer(government_id=str(government_id), **arguments)


def sweep(
    *, name: str, seconds: float, waiting: str = "", patience: float = 0.0
) -> Callable[[Callable[[UUID], object]], Callable[[UUID], object]]:
    """Declare a sweep in a room's `tasks.py`: `function(government_id)`, called in the tenant's scope.

    `waiting` is an SQL query over all governments whose single column names those that have rows to be handled
    (`governments.selectors.who_has` writes it); it must name at least all of them and rest on a partial index. With it a quiet government costs nothing. `patience`
    is how many seconds it may take between two runs while the processors are busy: what waits is then handled in fewer and larger
    parts, which costs less, and people's pages go first. Choose it below the delay that people were promised. Raises ValueError
    when the name is taken.
    """

    def decorate(function: Callable[[UUID], object]) -> Callable[[UUID], object]:
        if name in _sweeps:
            message = f"sweep {name!r} is declared twice"
            raise ValueError(message)
        _sweeps[name] = Sweep(name, seconds, function, waiting, max(patience, seconds))
        return function

    return decorate


def sweeps() -> list[Sweep]:
    """All declared sweeps."""
    return list(_sweeps.values())


def governments_with_work(sweep_: Sweep) -> set[UUID] | None:
    """The governments that have work for a sweep, in one query; None when each must be looked at.

    The walls between governments stand: the query lives in a function of the tables' owner, made by `kernel.row_security`,
    that the worker may call and not change.
    """
    if not sweep_.waiting:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{sweep_.function}"()')  # noqa: S608 - the name is of our own declaration
        return {government_id for (government_id,) in cursor.fetchall()}


def run_sweep(sweep_: Sweep, government_id: UUID) -> None:
    """Run one sweep in one government's scope and transaction."""
    begin_request()
    with tenant_scope(government_id):
        sweep_.run(government_id)
