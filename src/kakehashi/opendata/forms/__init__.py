"""Forms of the open data room."""
