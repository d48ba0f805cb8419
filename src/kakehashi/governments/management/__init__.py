"""Commands of the governments room."""
