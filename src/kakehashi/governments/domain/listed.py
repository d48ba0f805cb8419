"""One local government as a list names it, and what follows from its code and name."""

from dataclasses import dataclass

from kakehashi.governments.domain.designated_cities import DESIGNATED_CITIES
from kakehashi.governments.domain.prefectures import PREFECTURES
from kakehashi.kernel.lg_code import check_digit

PREFECTURE, DESIGNATED_CITY, CITY, SPECIAL_WARD = "prefecture", "designated_city", "city", "special_ward"
TOWN, VILLAGE, WARD = "town", "village", "ward"

_TOKYO = "13"
_DESIGNATED_CODES = {city.code5 for city in DESIGNATED_CITIES}
_DESIGNATED_BY_PREFECTURE = [(city.code5[:2], city.name, city.code5) for city in DESIGNATED_CITIES]
_KIND_OF_ENDING = {"市": CITY, "町": TOWN, "村": VILLAGE}


@dataclass(frozen=True)
class ListedGovernment:
    """A line of a national list: six-digit code, name without spaces, kana in katakana, kind, and the parent's code."""

    code: str
    name: str
    kana: str
    kind: str
    parent_code: str | None
    line: int = 0


def six_digits(code5: str) -> str:
    """Return the five digits with their check digit."""
    return code5 + check_digit(code5)


def kind_of(code: str, name: str) -> str | None:
    """Return the kind that code and name agree on, or None when they contradict each other.

    Bodies of codes: 000 the prefecture, 101–123 in Tokyo the special wards, other 1xx designated cities and their wards,
    2xx cities, 3xx to 7xx towns and villages.
    """
    body = int(code[2:5])
    if body == 0:
        return PREFECTURE if name[-1:] in "都道府県" else None
    if name.endswith("区"):
        if body >= 200:
            return None
        return SPECIAL_WARD if code[:2] == _TOKYO else WARD
    if code[:5] in _DESIGNATED_CODES:
        return DESIGNATED_CITY
    kind = _KIND_OF_ENDING.get(name[-1:])
    in_range = 200 <= body < 300 if kind == CITY else 300 <= body < 800
    return kind if in_range else None


def parent_code_of(code: str, name: str, kind: str) -> str | None:
    """Return the six-digit code of the prefecture, of a ward's city, or None for a prefecture or an orphaned ward."""
    if kind == PREFECTURE:
        return None
    if kind != WARD:
        return six_digits(code[:2] + "000")
    for code2, city, code5 in _DESIGNATED_BY_PREFECTURE:
        if code2 == code[:2] and name.startswith(city):
            return six_digits(code5)
    return None


def all_prefectures() -> list[ListedGovernment]:
    """Return the 47 prefectures."""
    return [
        ListedGovernment(six_digits(code2 + "000"), name, kana, PREFECTURE, None) for code2, name, kana in PREFECTURES
    ]
