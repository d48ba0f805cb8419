"""Pages of the shelters room."""
