"""Reads of the indicators room."""

from kakehashi.indicators.selectors.computing import compute, compute_by_department, rows_behind
from kakehashi.indicators.selectors.late import LateValue, late_values, people_of
from kakehashi.indicators.selectors.measures import Described, NoSuchMeasure, all_measures, describe
from kakehashi.indicators.selectors.values import (
    Reading,
    by_department,
    history,
    measure_now,
    readings,
    recorded_readings,
    series,
)

__all__ = [
    "Described",
    "LateValue",
    "NoSuchMeasure",
    "Reading",
    "all_measures",
    "by_department",
    "compute",
    "compute_by_department",
    "describe",
    "history",
    "late_values",
    "measure_now",
    "people_of",
    "readings",
    "recorded_readings",
    "rows_behind",
    "series",
]
