"""Every write of the room: verbs, keyword-only."""

from kakehashi.procedures.services.import_survey import ImportReport, import_survey
from kakehashi.procedures.services.inventory import (
    confirm_kind,
    create_procedure,
    exclude_procedure,
    update_procedure,
    write_text,
)

__all__ = [
    "ImportReport",
    "confirm_kind",
    "create_procedure",
    "exclude_procedure",
    "import_survey",
    "update_procedure",
    "write_text",
]
