"""Outside systems of the files room, each behind a small interface: the virus scanner, the S3-compatible store."""
