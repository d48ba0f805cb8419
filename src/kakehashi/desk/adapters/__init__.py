"""Outside systems of the desk."""
