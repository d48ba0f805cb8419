"""files (ファイル): the content store. One row per stored file and government; content by its SHA-256."""
