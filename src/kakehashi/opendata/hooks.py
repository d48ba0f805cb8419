"""Where rooms offer datasets and tables kept by hand, and where the site says how an old dataset is told of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kakehashi.opendata.domain.columns import ColumnType, DataColumn
from kakehashi.opendata.domain.freshness import Frequency
from kakehashi.opendata.domain.registry import (
    DATASETS,
    REGISTERS,
    DatasetSource,
    ListKind,
    RegisterTable,
    check_columns,
)
from kakehashi.opendata.models import Dataset

__all__ = [
    "Alarm",
    "ColumnType",
    "DataColumn",
    "DatasetSource",
    "Frequency",
    "ListKind",
    "RegisterTable",
    "alarms",
    "register_alarm",
    "register_dataset",
    "register_register",
]


@dataclass(frozen=True)
class Alarm:
    """How an old dataset becomes somebody's work: `tell` once when it is late, `clear` when it is fresh again or withdrawn."""

    tell: Callable[[Dataset, str, date], None]
    clear: Callable[[UUID], None]


_alarms: list[Alarm] = []


def register_dataset(source: DatasetSource) -> None:
    """Offer a dataset in `apps.ready()`. Raises DuplicateKey the second time, ValueError for a column of personal data."""
    check_columns(source.columns)
    DATASETS.register(source.code, source)


def register_register(register: RegisterTable) -> None:
    """Offer a table that staff keep by hand. Raises DuplicateKey the second time, ValueError for a column of personal data."""
    check_columns(register.columns)
    REGISTERS.register(register.code, register)


def register_alarm(alarm: Alarm) -> None:
    """Say how an old dataset is told of; called once, when the program starts."""
    _alarms[:] = [alarm]


def alarms() -> list[Alarm]:
    """The alarm, where there is one."""
    return list(_alarms)
