"""What local governments there are, read from lists; no tables here."""
