"""Libraries that this room uses."""
