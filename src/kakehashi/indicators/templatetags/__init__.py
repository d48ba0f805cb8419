"""Template tags of the indicators room."""
