"""`migrate`, as Django's, over states that make few classes: see `kakehashi.kernel.migration_states`."""

from __future__ import annotations

from django.core.management.commands import migrate

from kakehashi.kernel.migration_states import LeanExecutor

migrate.MigrationExecutor = LeanExecutor  # type: ignore[attr-defined]
Command = migrate.Command
