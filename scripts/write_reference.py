"""Write what is drawn from the code: the tables of permissions and of readings, the lists of permissions and event codes.

Run by `make reference` after a page, permission or event was added; the diff is then read by a person.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.site.settings_test"

import django  # noqa: E402

django.setup()

from tests.architecture.test_personal_data import write_table as write_readings  # noqa: E402
from tests.architecture.test_urls import write_table  # noqa: E402

from kakehashi.journal.hooks import known_events  # noqa: E402
from kakehashi.kernel.permissions import known_permissions  # noqa: E402


def table(title: str, opening: str, rows: dict[str, str]) -> str:
    """A Markdown page with one table of codes and their Japanese names."""
    lines = [f"| `{code}` | {label} |" for code, label in sorted(rows.items())]
    return "\n".join([f"# {title}", "", opening, "", "| code | 意味 |", "|---|---|", *lines, ""])


def main() -> None:
    """Write all four."""
    develop = ROOT / "docs" / "develop"
    develop.mkdir(parents=True, exist_ok=True)
    permissions = table(
        "Permissions",
        "Drawn from the rooms' `permissions` modules by `make reference`. Roles are data: bundles of these names.",
        known_permissions(),
    )
    (develop / "permissions.md").write_text(permissions)
    events = table(
        "Event codes",
        "Drawn from the rooms by `make reference`. Each official act writes one event with one of these codes.",
        known_events(),
    )
    (develop / "events.md").write_text(events)
    write_table()
    write_readings()


if __name__ == "__main__":
    main()
