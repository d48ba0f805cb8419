"""The matrix as a table. Thousands of cells are joined here at once: a template's loop would take longer than the queries."""

from __future__ import annotations

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kakehashi.indicators.domain.figure import number_text
from kakehashi.plans.domain.matrix import CELL_WORDS, Cell, CellState, Column, cell_text

register = template.Library()

_SIGNS = {
    state: f'<span aria-hidden="true">{sign}</span>{" " if sign else ""}{word}'
    for state, (sign, word, _) in CELL_WORDS.items()
}


@register.simple_tag
def matrix_cell(cell: Cell, column: Column) -> SafeString:
    """One cell: the number, or the sign and word of why there is none."""
    return mark_safe(_inner(cell, escape(column.unit), column.unit))


@register.simple_tag
def matrix_rows(rows: list[tuple[str, str, str, list[Cell]]], columns: list[Column], base: str) -> SafeString:
    """The rows of the matrix: (code, name, kind, cells). Every cell leads to its history below `base`."""
    units = [(escape(one.unit), one.unit, escape(one.key)) for one in columns]
    parts: list[str] = []
    for code, name, kind, cells in rows:
        parts.append(
            f'<tr><th scope="row"><a href="?town={code}">{escape(name)}</a><span class="dads-u-muted">{escape(kind)}</span></th>'
        )
        for cell, (safe_unit, unit, key) in zip(cells, units, strict=True):
            parts.append(
                f'<td data-state="{cell.state.value}"><a href="{base}{code}/{key}/">{_inner(cell, safe_unit, unit)}</a></td>'
            )
        parts.append("</tr>\n")
    return mark_safe("".join(parts))


@register.simple_tag
def matrix_legend() -> SafeString:
    """What every sign means."""
    items = [
        format_html(
            '<li><span class="plan-cell" data-state="{}">{}</span> {}</li>', state.value, mark_safe(_SIGNS[state]), text
        )
        for state, (_, _, text) in CELL_WORDS.items()
        if state is not CellState.VALUE
    ]
    return mark_safe("".join(items))


@register.filter
def in_words(cell: Cell, unit: str) -> str:
    """What a cell says, as plain text."""
    return cell_text(cell, unit)


def _inner(cell: Cell, safe_unit: str, unit: str) -> str:
    if cell.value is None:
        return _SIGNS[cell.state]
    return f"{number_text(cell.value, unit)}<small>{safe_unit}</small>"
