"""The present national list, derived from postal data that is already on the machine.

Postal data names every municipality and ward that has an address, with kana and the five-digit code (JIS X 0402). It leaves out the
designated cities themselves and writes towns and villages with their district (郡) or island; both are put right here.
"""

import re
from collections.abc import Iterable

from kakehashi.governments.domain.designated_cities import DESIGNATED_CITIES
from kakehashi.governments.domain.listed import (
    DESIGNATED_CITY,
    TOWN,
    VILLAGE,
    ListedGovernment,
    all_prefectures,
    kind_of,
    parent_code_of,
    six_digits,
)

PostalName = tuple[str, str, str]
"""Five-digit code, name of the municipality as postal data has it, kana."""

_DISTRICT = re.compile(r"^.+?郡(?=.+[町村]$)")
# 「キタグンマ」 of 北群馬郡 holds the sound of 郡 itself.
_DISTRICT_KANA = re.compile(r"^(?:キタグンマグン|.+?グン)")
# Two island villages are written with their island, which is no part of their name.
_ISLANDS = {"三宅島三宅村": ("三宅島", "ミヤケジマ"), "八丈島八丈町": ("八丈島", "ハチジョウジマ")}


def derive_national_list(names: Iterable[PostalName]) -> list[ListedGovernment]:
    """Return prefectures, designated cities, municipalities and wards in the order of their codes.

    Raises ValueError when a code and a name do not agree: then the data changed its shape and nothing is guessed.
    """
    listed = {government.code: government for government in all_prefectures()}
    for code5, city, kana in DESIGNATED_CITIES:
        code = six_digits(code5)
        listed[code] = ListedGovernment(code, city, kana, DESIGNATED_CITY, six_digits(code5[:2] + "000"))
    for code5, written, kana in names:
        government = _listed(code5, written, kana)
        listed[government.code] = government
    return [listed[code] for code in sorted(listed)]


def _listed(code5: str, written: str, kana: str) -> ListedGovernment:
    code = six_digits(code5)
    kind = kind_of(code, written)
    if kind is None:
        raise ValueError(f"postal data: {code5} {written} is no local government we know the kind of")
    name, name_kana = _without_district(written, kana) if kind in (TOWN, VILLAGE) else (written, kana)
    return ListedGovernment(code, name, name_kana, kind, parent_code_of(code, name, kind))


def _without_district(written: str, kana: str) -> tuple[str, str]:
    if written in _ISLANDS:
        island, island_kana = _ISLANDS[written]
        return written.removeprefix(island), kana.removeprefix(island_kana)
    name = _DISTRICT.sub("", written)
    return (written, kana) if name == written else (name, _DISTRICT_KANA.sub("", kana))
