"""The API of the room: the inventory, applications pulled by another system, status and results given back."""
