"""What one room offers to a neighbour it may not import is joined here."""


def connect() -> None:
    """Join the rooms. Called once when the program starts."""
