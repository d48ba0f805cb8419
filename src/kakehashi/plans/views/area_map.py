"""The map of the prefecture, with the table that says the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.plans.domain.matrix import context_of, context_text
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors import matrix as reads
from kakehashi.plans.selectors.area_map import area_map, drawing_of
from kakehashi.plans.selectors.matrix import AsOf
from kakehashi.plans.services import import_area_map
from kakehashi.plans.views.answers import add_problem, posted
from kakehashi.plans.views.municipalities import choice_of_periods, of_prefecture


class MapForm(forms.Form):
    """The file of shapes."""

    file = forms.FileField(label="市町村の形のファイル（TopoJSON、20MBまで）")


@staff(PlansPermission.OVERSEE)
@of_prefecture
@require_GET
def show(request: Request) -> HttpResponse:
    """One indicator on the map; the table beside it has every value the map has."""
    columns = reads.columns(reads.newest_edition())
    column = next((one for one in columns if one.key == request.GET.get("one")), columns[0] if columns else None)
    as_of, every, found = AsOf.parse(request.GET.get("as_of", "")), reads.municipalities(), area_map()
    context: dict[str, Any] = {
        "columns": columns,
        "column": column,
        "as_of": as_of,
        "choices": choice_of_periods(),
        "found": found,
        "may_import": request.actor.can(PlansPermission.AREA, request.government.id),
    }
    if column is not None:
        cells = reads.cells_of([column], every, as_of)[column.key]
        context |= {
            "drawing": drawing_of(found, column, cells, every) if found else None,
            "lines": [(one, cells[one.id]) for one in every],
            "words": context_text(column, context_of(column, list(cells.values()))),
        }
    return render(request, "plans/area_map.html", context)


@staff(PlansPermission.AREA)
@of_prefecture
@require_http_methods(["GET", "POST"])
def take_in(request: Request) -> HttpResponse:
    """Bring the shapes; a former map is replaced."""
    form = MapForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = import_area_map(actor=request.actor, name=file.name, content=file.read())
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, f"{len(made.shapes)}団体の形を取り込みました。")
            return redirect("plans-staff:area-map")
    return render(
        request, "plans/area_map_form.html", {"form": form, "found": area_map()}, status=422 if form.errors else 200
    )
