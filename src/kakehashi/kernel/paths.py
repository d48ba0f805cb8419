"""Addresses of pages that name one thing: reversed once for each page, not for every request."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

__all__ = ["path_to"]

_NOBODY = UUID(int=0)


def path_to(page: str, thing: UUID) -> str:
    """The address `reverse(page, args=[thing])` gives, of a page whose address holds one id. Raises `NoReverseMatch` as that does."""
    before, after = _around_the_id(page, get_script_prefix(), str(get_urlconf() or settings.ROOT_URLCONF))
    return f"{before}{thing}{after}"


@lru_cache(maxsize=4096)
def _around_the_id(page: str, prefix: str, urls: str) -> tuple[str, str]:
    before, _, after = reverse(page, args=[_NOBODY]).partition(str(_NOBODY))
    return before, after
