"""Input shapes of the meetings pages."""
