"""Pages of cases. Residents meet cases on the pages of the rooms that own the work."""
