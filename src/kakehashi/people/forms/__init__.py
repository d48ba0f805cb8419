"""Input shapes of the pages of people; no logic."""
