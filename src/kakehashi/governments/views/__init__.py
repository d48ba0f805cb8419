"""Pages of the governments room."""
