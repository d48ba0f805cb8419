"""宛名ラベル: layouts of common A4 label sheets in millimetres, with equal margins on both sides."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SHEETS", "Sheet"]

_WIDTH, _HEIGHT = 210.0, 297.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of `columns` × `rows` labels that touch each other, in the middle of the paper."""

    label: str
    columns: int
    rows: int
    width: float
    height: float

    @property
    def count(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows

    @property
    def left(self) -> float:
        """Margin at the left, mm."""
        return round((_WIDTH - self.columns * self.width) / 2, 2)

    @property
    def top(self) -> float:
        """Margin at the top, mm."""
        return round((_HEIGHT - self.rows * self.height) / 2, 2)


SHEETS = {
    "12": Sheet("A4 12面（86.4×42.3mm）", 2, 6, 86.4, 42.3),
    "10": Sheet("A4 10面（86.4×50.8mm）", 2, 5, 86.4, 50.8),
    "21": Sheet("A4 21面（66.0×38.1mm）", 3, 7, 66.0, 38.1),
    "24": Sheet("A4 24面（66.0×33.9mm）", 3, 8, 66.0, 33.9),
}
"""By the code of the choice; the first is offered."""
