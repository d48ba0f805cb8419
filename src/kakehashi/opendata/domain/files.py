"""The files of an edition: CSV (UTF-8 with BOM, CRLF), JSON, GeoJSON and Excel, and reading the first three back.

The same rows give the same bytes in CSV, JSON and GeoJSON, whenever they are written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.kernel.tables import EXCEL, as_csv, as_excel
from kakehashi.opendata.domain.columns import DataColumn, Rows, json_value, place_columns

__all__ = ["FORMATS", "FileFormat", "Head", "formats_of", "write"]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One way of writing a dataset: the ending of its address, media type, and the word for it in DCAT."""

    ending: str
    media_type: str
    label: str
    eu_code: str


FORMATS: dict[str, FileFormat] = {
    "csv": FileFormat("csv", "text/csv; charset=utf-8", "CSV", "CSV"),
    "json": FileFormat("json", "application/json", "JSON", "JSON"),
    "geojson": FileFormat("geojson", "application/geo+json", "GeoJSON", "GEOJSON"),
    "xlsx": FileFormat("xlsx", EXCEL, "Excel", "XLSX"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of itself. It holds no time, so that equal rows give equal bytes."""

    title: str
    publisher: str
    publisher_code: str
    licence: str
    licence_url: str


def formats_of(columns: Sequence[DataColumn]) -> list[FileFormat]:
    """The formats a dataset is published in: GeoJSON only where there are places."""
    has_places = place_columns(tuple(columns)) is not None
    return [each for key, each in FORMATS.items() if key != "geojson" or has_places]


def write(ending: str, head: Head, columns: Sequence[DataColumn], rows: Rows) -> bytes:
    """The file of an edition. Raises KeyError for an unknown format."""
    return {"csv": _csv, "json": _json, "geojson": _geojson, "xlsx": _excel}[ending](head, columns, rows)


def _csv(head: Head, columns: Sequence[DataColumn], rows: Rows) -> bytes:
    return as_csv([column.header for column in columns], _cells(columns, rows))


def _excel(head: Head, columns: Sequence[DataColumn], rows: Rows) -> bytes:
    return as_excel(head.title, [column.header for column in columns], _cells(columns, rows))


def _cells(columns: Sequence[DataColumn], rows: Rows) -> list[list[Any]]:
    """Numbers as numbers, so that the house's writer does not take a minus for a formula."""
    return [[_small(json_value(column, text)) for column, text in zip(columns, row, strict=True)] for row in rows]


def _small(value: Any) -> Any:
    """A tiny fraction is written out: 0.00001, never 1e-05."""
    return format(value, ".10f").rstrip("0") if isinstance(value, float) and 0 < value < 1e-4 else value


def _json(head: Head, columns: Sequence[DataColumn], rows: Rows) -> bytes:
    body = {
        **_said(head),
        "columns": [_described(column) for column in columns],
        "rows": [_record(columns, row, by_header=False) for row in rows],
    }
    return _dumped(body)


def _geojson(head: Head, columns: Sequence[DataColumn], rows: Rows) -> bytes:
    places = place_columns(tuple(columns))
    features = [
        {
            "type": "Feature",
            "geometry": _point(columns, row, places),
            "properties": _record(columns, row, by_header=True),
        }
        for row in rows
    ]
    return _dumped({"type": "FeatureCollection", **_said(head), "features": features})


def _point(columns: Sequence[DataColumn], row: Sequence[str], places: tuple[int, int] | None) -> dict[str, Any] | None:
    if places is None:
        return None
    latitude, longitude = (json_value(columns[at], row[at]) for at in places)
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return {"type": "Point", "coordinates": [longitude, latitude]}


def _said(head: Head) -> dict[str, Any]:
    return {
        "title": head.title,
        "publisher": {"name": head.publisher, "code": head.publisher_code},
        "license": {"name": head.licence, "url": head.licence_url},
    }


def _described(column: DataColumn) -> dict[str, Any]:
    said: dict[str, Any] = {"key": column.key, "label": column.header, "type": column.type.value}
    if column.unit:
        said["unit"] = column.unit
    if column.vocabulary:
        said["vocabulary"] = list(column.vocabulary)
    if column.help:
        said["description"] = column.help
    return said


def _record(columns: Sequence[DataColumn], row: Sequence[str], *, by_header: bool) -> Mapping[str, Any]:
    return {
        column.header if by_header else column.key: json_value(column, text)
        for column, text in zip(columns, row, strict=True)
    }


def _dumped(body: Any) -> bytes:
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()
