"""Migrations of a version that never was: the failing one's way back is tested."""
