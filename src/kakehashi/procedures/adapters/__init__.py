"""Outside systems of the room."""
