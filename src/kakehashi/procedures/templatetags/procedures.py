"""Template filters of the room."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def number(value: int | None) -> str:
    """`{{ 1872|number }}` → 1,872; nothing for no value."""
    return "" if value is None else f"{value:,}"


@register.filter
def rate(value: Decimal | None) -> str:
    """A percentage or 「—」 when there is nothing to count."""
    return "—" if value is None else f"{value}%"
