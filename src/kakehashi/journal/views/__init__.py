"""Pages of the journal room."""
