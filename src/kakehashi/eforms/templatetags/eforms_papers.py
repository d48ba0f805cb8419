"""Filters of the review page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    """The value of a mapping under a key."""
    return mapping.get(key, "")


@register.filter
def dot(number: float) -> str:
    """A number for SVG: a point whatever the language."""
    return f"{number:.1f}"
