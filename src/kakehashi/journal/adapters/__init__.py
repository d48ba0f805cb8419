"""What the journal keeps outside the database: its signing key, and the newest checkpoint of each government."""
