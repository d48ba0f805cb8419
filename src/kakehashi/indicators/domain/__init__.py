"""Periods, figures and the definition of a measure; no tables here."""
