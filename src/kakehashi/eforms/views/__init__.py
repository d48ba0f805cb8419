"""Pages of the eforms room."""
