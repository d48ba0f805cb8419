"""The matrix as a table. Thousands of cells are joined here at once: a template's loop would take longer than the queries."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kakehashi.governments.models import Government
from kakehashi.indicators.domain.figure import number_text
from kakehashi.plans.domain.matrix import CELL_WORDS, Cell, CellState, Column, cell_text
from kakehashi.plans.selectors.area_map import Drawing

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
        if state not in {CellState.VALUE, CellState.UNSEEN}
    ]
    return mark_safe("".join(items))


@register.simple_tag
def contact_of(government: Government, contact: str) -> str:
    """The contact of a case with the name of its government, which most cases write themselves."""
    return contact if contact.startswith(government.name) else f"{government.name} {contact}"


@register.filter
def in_words(cell: Cell, unit: str) -> str:
    """What a cell says, as plain text."""
    return cell_text(cell, unit)


def _inner(cell: Cell, safe_unit: str, unit: str) -> str:
    if cell.value is None:
        return _SIGNS[cell.state]
    return f"{number_text(cell.value, unit)}<small>{safe_unit}</small>"


# Fills that differ in lightness, and ways of having no number that differ in pattern: told apart without colour, on paper too.
_PATTERNS = {
    "withheld": '<path d="M0 8L8 0" class="plan-hatch"/><path d="M0 0L8 8" class="plan-hatch"/>',
    "not_surveyed": '<path d="M0 4H8" class="plan-hatch"/>',
    "out_of_scope": '<path d="M0 8L8 0" class="plan-hatch"/>',
    "not_applicable": '<path d="M0 0L8 8" class="plan-hatch"/>',
    "absent": '<circle cx="4" cy="4" r="1" class="plan-dot"/>',
    "unknown": '<circle cx="4" cy="4" r="2" class="plan-dot"/>',
    "blank": '<path d="M4 0V8" class="plan-hatch"/>',
    "no_denominator": '<path d="M4 0V8M0 4H8" class="plan-hatch"/>',
    "no": '<circle cx="4" cy="4" r="2.5" class="plan-ring"/>',
}
_DEFS = "".join(
    f'<pattern id="plan-p-{name}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" class="plan-paper"/>{inner}</pattern>'
    for name, inner in _PATTERNS.items()
)


@register.simple_tag
def area_drawing(drawing: Drawing, column: Column) -> SafeString:
    """The map as SVG: each municipality a link with its name and value; no style, no script."""
    parts = [
        (
            f'<svg class="plan-map__drawing" viewBox="-4 -4 {drawing.width + 8:g} {drawing.height + 8:g}" role="group" aria-label="{escape(column.label)}の地図">'
            f"<defs>{_DEFS}</defs>"
        )
    ]
    for area in drawing.areas:
        words = escape(f"{area.municipality.name}：{cell_text(area.cell, column.unit)}")
        url = escape(reverse("plans-staff:municipality-cell", args=[area.municipality.code, column.key]))
        parts.append(
            f'<a href="{url}" aria-label="{words}"><path d="{escape(area.path)}" {_look(area.look)}><title>{words}</title></path></a>'
        )
    return mark_safe("".join(parts) + "</svg>")


@register.simple_tag
def area_sample(look: str) -> SafeString:
    """A square of the legend, drawn as the map is."""
    square = f'<rect x="1" y="1" width="22" height="22" {_look(look)}/>'
    return mark_safe(f'<svg class="plan-map__sample" viewBox="0 0 24 24" aria-hidden="true">{square}</svg>')


def _look(look: str) -> str:
    if look in _PATTERNS:
        return f'class="plan-area" fill="url(#plan-p-{look})"'
    return f'class="plan-area plan-area--{"c5" if look == "yes" else escape(look)}" fill-rule="evenodd"'
