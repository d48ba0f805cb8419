"""Pure logic of open data: columns, checks of machine-readability, files, catalogue, freshness."""
