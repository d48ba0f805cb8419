"""Yearly targets from a few given ones: as typed, on a straight line, or in steps. Rounded half up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor


class TargetMethod(StrEnum):
    """How the targets between the given years come about."""

    MANUAL = "manual"
    LINEAR = "linear"
    STEP = "step"


METHOD_WORDS = {
    TargetMethod.MANUAL: "年度ごとに書く",
    TargetMethod.LINEAR: "直線で結ぶ（書いた年度のあいだを等間隔に）",
    TargetMethod.STEP: "段階で上げる（次に書いた年度まで同じ値）",
}


def scheduled(
    given: Mapping[int, Decimal | None], years: Iterable[int], method: TargetMethod, places: int = 1
) -> dict[int, Decimal | None]:
    """Return a target for each year: those given as they are, the rest by the method.

    Between two given years LINEAR interpolates and rounds half up to `places`; STEP repeats the last given one. Years before the
    first given target stay empty, and after the last one with LINEAR too: nobody promised anything for them.
    """
    known = {year: value for year, value in given.items() if value is not None}
    return {year: known.get(year) if year in known else _between(known, year, method, places) for year in years}


def _between(known: Mapping[int, Decimal], year: int, method: TargetMethod, places: int) -> Decimal | None:
    before = max((one for one in known if one < year), default=None)
    if before is None or method is TargetMethod.MANUAL:
        return None
    if method is TargetMethod.STEP:
        return known[before]
    after = min((one for one in known if one > year), default=None)
    if after is None:
        return None
    first, last = Fraction(known[before]), Fraction(known[after])
    return half_up(first + (last - first) * (year - before) / (after - before), places)


def half_up(number: Fraction | Decimal, places: int) -> Decimal:
    """Round half away from zero, as official statistics do; exact for fractions."""
    if isinstance(number, Decimal):
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    scaled = abs(number) * 10**places
    whole = floor(scaled + Fraction(1, 2))
    return Decimal(whole if number >= 0 else -whole).scaleb(-places)
