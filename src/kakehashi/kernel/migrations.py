"""Operations for migrations of tables that hold rows and are in use. See docs/develop/migrations.md."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently


class AddIndexInUse(AddIndexConcurrently):
    """Build an index while the table is written. The migration says `atomic = False` and has this operation alone.

    Waiting for older transactions to end is what it does, so the lock time-out is lifted for it; an index that an
    interrupted attempt left half built is removed first, so that the migration can be run again.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build the index."""
        name = schema_editor.quote_name(self.index.name)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            (before,) = cursor.fetchone()
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")
            try:
                cursor.execute("SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
                if (cursor.fetchone() or (False,))[0]:
                    cursor.execute(f"DROP INDEX CONCURRENTLY {name}")
                super().database_forwards(app_label, schema_editor, from_state, to_state)
            finally:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])
