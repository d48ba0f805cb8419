"""opendata (オープンデータ): what a town publishes for everybody to use, straight from the tables its work is kept in.

Owns: Dataset (what a government decided about one), Edition (rows frozen on a day), Facility and PublicEvent (kept only to be
published), TableImport. A dataset is registered by the room whose rows it shows (`hooks.register_dataset`), a table that staff keep
by hand by the room that owns it (`hooks.register_register`).
Verbs: set_dataset, publish_dataset, withdraw_dataset, refresh_datasets, add_row, edit_row, retire_row, restore_row, start_import, match_import, apply_import.
Called by: procedures, plans, shelters (registering), site (alarm, command line, demo).
"""
