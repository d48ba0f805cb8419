"""Writes of the indicators room."""

from kakehashi.indicators.services.anomalies import explain_anomaly
from kakehashi.indicators.services.bulk import Handled, handle_reports
from kakehashi.indicators.services.files import ImportedValues, import_values, preview_values, set_reporting_rule
from kakehashi.indicators.services.manual import define_measure, redefine_measure
from kakehashi.indicators.services.published import PublishedReport, import_published_tables
from kakehashi.indicators.services.reports import (
    approve_report,
    is_locked,
    lock_year,
    remind_late,
    remind_late_by_worker,
    return_report,
    submit_report,
    write_report,
)
from kakehashi.indicators.services.snapshots import take_snapshots
from kakehashi.indicators.services.values import record_value

__all__ = [
    "Handled",
    "ImportedValues",
    "PublishedReport",
    "approve_report",
    "define_measure",
    "explain_anomaly",
    "handle_reports",
    "import_published_tables",
    "import_values",
    "is_locked",
    "lock_year",
    "preview_values",
    "record_value",
    "redefine_measure",
    "remind_late",
    "remind_late_by_worker",
    "return_report",
    "set_reporting_rule",
    "submit_report",
    "take_snapshots",
    "write_report",
]
