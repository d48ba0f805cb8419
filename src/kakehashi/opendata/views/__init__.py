"""Pages of the open data room."""
