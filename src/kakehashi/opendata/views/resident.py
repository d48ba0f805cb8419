"""Everybody: the catalogue, a dataset with its first rows, and its files."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe

from kakehashi.governments.selectors import absolute_url
from kakehashi.kernel.access import resident
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.requests import Request
from kakehashi.opendata import selectors
from kakehashi.opendata.domain.catalogue import CatalogueEntry, Publisher, as_jsonld
from kakehashi.opendata.domain.files import FORMATS
from kakehashi.opendata.domain.freshness import Frequency
from kakehashi.opendata.domain.registry import DATASETS, DatasetSource
from kakehashi.opendata.domain.themes import THEMES
from kakehashi.opendata.models import Edition
from kakehashi.opendata.selectors.datasets import Line, public_lines

_PREVIEW = 10
_MINUTES = 300


@resident
@require_safe
def catalogue(request: Request) -> HttpResponse:
    """Every published dataset, found by words and theme."""
    words, theme = request.GET.get("q", "")[:100].strip(), request.GET.get("theme", "")
    titles = {code: f"{gettext(source.title)} {gettext(source.description)}" for code, source in DATASETS.items()}
    lines = public_lines(words, theme, titles)
    there = {line.source.theme for line in public_lines()}
    context = {
        "lines": [_shown(line) for line in lines],
        "words": words,
        "theme": theme,
        "themes": [(code, gettext(label)) for code, label in THEMES.items() if code in there],
        "has_any": bool(there),
    }
    return render(request, "opendata/resident/catalogue.html", context)


@resident
@require_safe
def dataset(request: Request, code: str) -> HttpResponse:
    """One dataset: what it is, how old, its files, columns and first rows."""
    line = _public(code)
    edition = selectors.public_edition(code)
    context = {
        **_shown(line),
        "edition": edition,
        "columns": edition.data_columns,
        "rows": edition.rows[:_PREVIEW],
        "files": _files(line.source, edition),
        "editions": [one for one in selectors.editions_of(line.dataset)[:20] if one.withdrawn_at is None],
        "standard": line.source.standard,
        "is_japanese": (get_language() or "ja") == "ja",
    }
    return render(request, "opendata/resident/dataset.html", context)


def _public(code: str) -> Line:
    for line in public_lines():
        if line.source.code == code and line.number is not None:
            return line
    raise Http404


def _shown(line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "source": line.source,
        "dataset": line.dataset,
        "title": gettext(line.source.title),
        "description": gettext(line.source.description),
        "theme_label": gettext(THEMES[line.source.theme]),
        "frequency_label": frequency_words(Frequency(line.dataset.frequency)),
        "formats": [FORMATS[each].label for each in line.source.formats],
    }


def frequency_words(frequency: Frequency) -> str:
    """How often, in the reader's language."""
    return {
        Frequency.DAILY: gettext("毎日"),
        Frequency.WEEKLY: gettext("毎週"),
        Frequency.MONTHLY: gettext("毎月"),
        Frequency.QUARTERLY: gettext("3か月ごと"),
        Frequency.ANNUAL: gettext("毎年"),
        Frequency.IRREGULAR: gettext("変わったとき"),
    }[frequency]


def _files(source: DatasetSource, edition: Edition) -> list[dict[str, str]]:
    return [
        {
            "label": FORMATS[each].label,
            "url": reverse("opendata:file", args=[source.code, each]),
            "fixed": reverse("opendata:edition-file", args=[source.code, edition.number, each]),
        }
        for each in source.formats
    ]


@resident
@require_safe
def file(request: Request, code: str, ending: str, number: int | None = None) -> HttpResponse:
    """A file of the newest edition, or of the one with a number. Open to every origin; nothing of the visitor goes into it."""
    source = DATASETS.get(code) if code in DATASETS else None
    if source is None or ending not in source.formats:
        raise Http404
    try:
        selectors.find_source(code)
        edition = selectors.public_edition(code, number)
    except NotFound:
        raise Http404 from None
    # The workbook holds the time it was written, so its bytes differ while its content does not: a weak tag says just that.
    etag = f'{"W/" if ending == "xlsx" else ""}"{edition.digest[:32]}-{ending}"'
    modified = edition.published_at.astimezone(UTC).replace(microsecond=0)
    stamp = int(modified.timestamp())
    answer = get_conditional_response(request, etag=etag, last_modified=stamp)
    if answer is None:
        answer = HttpResponse(selectors.edition_file(edition, ending), content_type=FORMATS[ending].media_type)
        name = f"{request.government.code}_{code}.{ending}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(stamp)
    answer["Link"] = f'<{edition.dataset.licence_facts.url}>; rel="license"'
    return _open_to_all(answer)


@resident
@require_safe
def catalogue_file(request: Request) -> HttpResponse:
    """The catalogue for machines: DCAT as JSON-LD."""
    government = request.government
    publisher = Publisher(
        government.name,
        government.code,
        absolute_url(government, "opendata:catalogue"),
        absolute_url(government, "opendata:catalogue-file"),
    )
    entries = [entry for line in public_lines() if (entry := _entry(request, line)) is not None]
    answer = JsonResponse(
        as_jsonld(publisher, entries),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        content_type="application/ld+json",
    )
    return _open_to_all(answer)


def _entry(request: Request, line: Line) -> CatalogueEntry | None:
    editions = list(selectors.editions_of(line.dataset).filter(withdrawn_at=None).order_by("number"))
    if not editions or line.dataset.confirmed_at is None:
        return None
    source, government = line.source, request.government
    titles, descriptions = {"ja": source.title}, {"ja": source.description}
    with override("en"):
        titles["en"], descriptions["en"] = gettext(source.title), gettext(source.description)
    return CatalogueEntry(
        page=absolute_url(government, "opendata:dataset", source.code),
        code=f"{government.code}-{source.code}",
        titles=titles,
        descriptions=descriptions,
        keywords=source.keywords,
        theme=source.theme,
        frequency=Frequency(line.dataset.frequency),
        licence_url=line.dataset.licence_facts.url,
        contact=f"{government.name} {line.dataset.department.name if line.dataset.department else ''}".strip(),
        issued=editions[0].published_at,
        modified=editions[-1].published_at,
        edition=editions[-1].number,
        standard=source.standard,
        files=[
            (FORMATS[each], absolute_url(government, "opendata:file", source.code, each)) for each in source.formats
        ],
    )


def _open_to_all(answer: HttpResponse) -> HttpResponse:
    """Any page of any site may read it: it is the same for everybody."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, Content-Disposition"
    answer["Cache-Control"] = f"public, max-age={_MINUTES}"
    return answer
