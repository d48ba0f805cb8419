"""Every write of the open data room."""

from kakehashi.opendata.services.importing import (
    ImportPlan,
    apply_import,
    match_import,
    plan_import,
    start_import,
    take_table,
)
from kakehashi.opendata.services.publishing import publish_dataset, set_dataset, withdraw_dataset
from kakehashi.opendata.services.refreshing import refresh_datasets, tell_late_datasets
from kakehashi.opendata.services.registers import add_row, edit_row, restore_row, retire_row

__all__ = [
    "ImportPlan",
    "add_row",
    "apply_import",
    "edit_row",
    "match_import",
    "plan_import",
    "publish_dataset",
    "refresh_datasets",
    "restore_row",
    "retire_row",
    "set_dataset",
    "start_import",
    "take_table",
    "tell_late_datasets",
    "withdraw_dataset",
]
