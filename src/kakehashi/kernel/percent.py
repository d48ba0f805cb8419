"""Percentages, rounded the way official statistics round: half up."""

from decimal import Decimal
from fractions import Fraction
from math import floor


def percent(numerator: int | Decimal, denominator: int | Decimal, places: int = 1) -> Decimal | None:
    """Return ``numerator / denominator`` in per cent with ``places`` decimals, half rounded away from zero.

    Returns None when the denominator is zero: there is no such percentage, and 0 would be a different statement.
    The arithmetic is exact: 1 of 8 in whole per cent is 13, whatever binary floating point would make of 12.5.
    """
    if denominator == 0:
        return None
    scaled = Fraction(numerator) / Fraction(denominator) * 100 * 10**places
    rounded = floor(abs(scaled) + Fraction(1, 2))
    return Decimal(rounded if scaled >= 0 else -rounded).scaleb(-places)
