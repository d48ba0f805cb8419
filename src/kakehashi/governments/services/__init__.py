"""Writes of the governments room."""

from kakehashi.governments.services.national_list import (
    ImportReport,
    import_national_list,
    import_population,
    import_present_list,
)
from kakehashi.governments.services.rooms import switch_room
from kakehashi.governments.services.tenants import close_tenant, open_demo_tenant, open_tenant, reopen_tenant

__all__ = [
    "ImportReport",
    "close_tenant",
    "import_national_list",
    "import_population",
    "import_present_list",
    "open_demo_tenant",
    "open_tenant",
    "reopen_tenant",
    "switch_room",
]
