"""Reads of the indicators room."""

from kakehashi.indicators.domain.figure import NOT_SURVEYED as NOT_YET
from kakehashi.indicators.selectors.anomalies import anomalies_of, open_anomalies
from kakehashi.indicators.selectors.computing import (
    Marked,
    Question,
    compute,
    compute_by_department,
    count_together,
    rows_behind,
)
from kakehashi.indicators.selectors.late import LateValue, late_values, people_of
from kakehashi.indicators.selectors.measures import Described, NoSuchMeasure, all_measures, describe
from kakehashi.indicators.selectors.peers import Peers, group_of, grouped, peers_of
from kakehashi.indicators.selectors.progress import Progress, snapshot_progress
from kakehashi.indicators.selectors.reporting import imported_stage
from kakehashi.indicators.selectors.values import (
    Reading,
    by_department,
    definitions_of,
    former_series,
    history,
    measure_now,
    readings,
    readings_of,
    recorded_readings,
    series,
)

__all__ = [
    "NOT_YET",
    "Described",
    "LateValue",
    "Marked",
    "NoSuchMeasure",
    "Peers",
    "Progress",
    "Question",
    "Reading",
    "all_measures",
    "anomalies_of",
    "by_department",
    "compute",
    "compute_by_department",
    "count_together",
    "definitions_of",
    "describe",
    "former_series",
    "group_of",
    "grouped",
    "history",
    "imported_stage",
    "late_values",
    "measure_now",
    "open_anomalies",
    "peers_of",
    "people_of",
    "readings",
    "readings_of",
    "recorded_readings",
    "rows_behind",
    "series",
    "snapshot_progress",
]
