"""Migrations of a version that never was: the final one's way back is tested."""
