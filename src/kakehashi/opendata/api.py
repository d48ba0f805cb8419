"""The API of open data: the published datasets and their rows. No key is asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse

from kakehashi.governments.selectors import absolute_url
from kakehashi.kernel.api import api
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.requests import Request
from kakehashi.opendata import selectors
from kakehashi.opendata.domain.columns import json_value
from kakehashi.opendata.domain.themes import THEMES
from kakehashi.opendata.selectors.datasets import Line, public_lines

_TEXT = {"type": "string"}
_PAGE = 500


def _thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_COLUMN = _thing(key=_TEXT, label=_TEXT, type=_TEXT, unit=_TEXT)
_FILE = _thing(format=_TEXT, url=_TEXT)
DATASET = _thing(
    id={"type": "string", "format": "uuid"},
    code=_TEXT,
    title=_TEXT,
    description=_TEXT,
    licence=_TEXT,
    licence_url=_TEXT,
    frequency=_TEXT,
    edition={"type": "integer"},
    rows={"type": "integer"},
    confirmed_on=_TEXT,
    is_late={"type": "boolean", "description": "約束した頻度より古いときに true"},
    files={"type": "array", "items": _FILE},
)


@api(
    summary="公開しているデータの一覧",
    answer=_thing(datasets={"type": "array", "items": DATASET}),
    query={
        "q": {"type": "string", "maxLength": 100, "description": "題名・説明・列の見出しにある言葉"},
        "theme": {"type": "string", "enum": list(THEMES), "description": "分野（DCAT-APのデータテーマ）"},
    },
)
def datasets(request: Request, query: dict[str, str]) -> HttpResponse:
    """Every published dataset, or those that were asked for; open data, no key is asked for."""
    lines = public_lines(query.get("q", ""), query.get("theme", ""))
    found = [_told(request, line) for line in lines if line.number is not None]
    return JsonResponse({"datasets": found})


@api(
    summary="公開しているデータの行",
    answer=_thing(
        edition={"type": "integer"},
        columns={"type": "array", "items": _COLUMN},
        rows={"type": "array", "items": {"type": "object"}},
        next={"type": ["integer", "null"]},
    ),
    query={
        "after": {
            "type": "integer",
            "minimum": 0,
            "maximum": 10_000_000,
            "description": "ここまで読んだ行の数（前の next）",
        },
        "edition": {"type": "integer", "minimum": 1, "maximum": 1_000_000, "description": "版の番号。ないときは最新"},
    },
    notes="版の番号を付けて読むと、途中で新しい版が公開されても、行がずれません。",
)
def rows(request: Request, dataset_id: UUID, query: dict[str, str]) -> HttpResponse:
    """The rows of one edition, as JSON records."""
    line = next((each for each in public_lines() if each.dataset.id == dataset_id), None)
    if line is None:
        raise NotFound
    edition = selectors.public_edition(line.source.code, int(query["edition"]) if "edition" in query else None)
    columns, start = edition.data_columns, int(query.get("after", "0"))
    shown = edition.rows[start : start + _PAGE]
    return JsonResponse(
        {
            "edition": edition.number,
            "columns": [
                {"key": one.key, "label": one.header, "type": one.type.value, "unit": one.unit} for one in columns
            ],
            "rows": [
                {column.key: json_value(column, text) for column, text in zip(columns, row, strict=True)}
                for row in shown
            ],
            "next": start + _PAGE if start + _PAGE < edition.row_count else None,
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _told(request: Request, line: Line) -> dict[str, Any]:
    source, dataset, freshness = line.source, line.dataset, line.freshness
    return {
        "id": str(dataset.id),
        "code": source.code,
        "title": source.title,
        "description": source.description,
        "licence": dataset.licence_facts.short,
        "licence_url": dataset.licence_facts.url,
        "frequency": dataset.get_frequency_display(),
        "edition": line.number,
        "rows": line.row_count,
        "confirmed_on": freshness.confirmed_on.isoformat() if freshness.confirmed_on else "",
        "is_late": freshness.is_late,
        "files": [
            {"format": each, "url": absolute_url(request.government, "opendata:file", source.code, each)}
            for each in source.formats
        ],
    }
