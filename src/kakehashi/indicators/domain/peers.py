"""Governments that may be compared (類似団体): of the same kind, and among cities, towns and villages of the same size.

Kinds follow the Local Autonomy Act (政令指定都市 第252条の19, 中核市 第252条の22, 施行時特例市 平成26年法律第42号附則第2条, 特別区
第281条); sizes follow the steps of 総務省「類似団体別市町村財政指数表」. Both are data (`peers.json`), with source and day. The state also
divides by the make-up of industry, which is not known here: `NOT_COMPARED` says so wherever peers are shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class PeerKind(StrEnum):
    """What is compared with its like."""

    PREFECTURE = "prefecture"
    DESIGNATED_CITY = "designated_city"
    SPECIAL_WARD = "special_ward"
    CORE_CITY = "core_city"
    SPECIAL_EXCEPTION_CITY = "special_exception_city"
    CITY = "city"
    TOWN_OR_VILLAGE = "town_or_village"


PEER_KIND_WORDS = {
    PeerKind.PREFECTURE: "都道府県",
    PeerKind.DESIGNATED_CITY: "政令指定都市",
    PeerKind.SPECIAL_WARD: "特別区",
    PeerKind.CORE_CITY: "中核市",
    PeerKind.SPECIAL_EXCEPTION_CITY: "施行時特例市",
    PeerKind.CITY: "市",
    PeerKind.TOWN_OR_VILLAGE: "町村",
}
_BY_GOVERNMENT_KIND = {
    "prefecture": PeerKind.PREFECTURE,
    "designated_city": PeerKind.DESIGNATED_CITY,
    "special_ward": PeerKind.SPECIAL_WARD,
    "city": PeerKind.CITY,
    "town": PeerKind.TOWN_OR_VILLAGE,
    "village": PeerKind.TOWN_OR_VILLAGE,
}

NOT_COMPARED = "産業のつくり（第2次・第3次産業の割合）、面積、財政力、年齢の割合はそろえていません。総務省の類似団体は産業のつくりでも分けるので、同じ顔ぶれではありません。"


@dataclass(frozen=True, order=True)
class PeerGroup:
    """A group of governments that may be compared. `band` counts the steps of size from the smallest, None where size does not divide."""

    kind: PeerKind
    band: int | None
    label: str
    source: str


@dataclass(frozen=True)
class _Band:
    upper: tuple[int, ...]
    words: tuple[str, ...]
    source: str


_DATA = json.loads(Path(__file__).with_name("peers.json").read_text(encoding="utf-8"))
_LISTED = {code: PeerKind(kind) for kind, row in _DATA["kinds"].items() for code in row["codes"]}
_BANDS = {
    PeerKind(kind): _Band(tuple(row["upper"]), tuple(row["words"]), row["source"])
    for kind, row in _DATA["bands"].items()
}


def peer_kind(code: str, kind: str) -> PeerKind | None:
    """The kind to compare by, from the six-digit code and the government's kind; None for what is no local government of its own."""
    found = _BY_GOVERNMENT_KIND.get(kind)
    return _LISTED.get(code, found) if found is PeerKind.CITY else found


def peer_group(code: str, kind: str, population: int | None) -> PeerGroup | None:
    """The group a government belongs to; None for a ward of a city, and where the size divides but is not known."""
    found = peer_kind(code, kind)
    if found is None:
        return None
    band = _BANDS.get(found)
    if band is None:
        source = _DATA["kinds"].get(found.value, {}).get("source", "地方自治法")
        return PeerGroup(found, None, PEER_KIND_WORDS[found], source)
    if population is None:
        return None
    step = sum(population >= upper for upper in band.upper)
    return PeerGroup(found, step, f"{PEER_KIND_WORDS[found]}（人口{band.words[step]}）", band.source)


def peer_groups() -> list[PeerGroup]:
    """Every group there is, prefectures first, the sizes from the smallest."""
    found: list[PeerGroup] = []
    for kind, word in PEER_KIND_WORDS.items():
        band = _BANDS.get(kind)
        if band is None:
            source = _DATA["kinds"].get(kind.value, {}).get("source", "地方自治法")
            found.append(PeerGroup(kind, None, word, source))
        else:
            found += [PeerGroup(kind, n, f"{word}（人口{one}）", band.source) for n, one in enumerate(band.words)]
    return found
