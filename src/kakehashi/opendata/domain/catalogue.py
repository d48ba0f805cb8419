"""The catalogue for machines: DCAT (version 3, after the application profile DCAT-AP) as JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kakehashi.opendata.domain.files import FileFormat
from kakehashi.opendata.domain.freshness import FREQUENCIES, Frequency
from kakehashi.opendata.domain.themes import theme_url

__all__ = ["CatalogueEntry", "Publisher", "as_jsonld"]

_AUTHORITY = "http://publications.europa.eu/resource/authority"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "spdx": "http://spdx.org/rdf/terms#",
}


@dataclass(frozen=True, slots=True)
class Publisher:
    """The local government: its name, six-digit code, and the address of its catalogue page and of the catalogue's file."""

    name: str
    code: str
    page: str
    catalogue: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One dataset: texts by language, what was decided about it, and the addresses of its files by format."""

    page: str
    code: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    keywords: Sequence[str]
    theme: str
    frequency: Frequency
    licence_url: str
    contact: str
    issued: datetime
    modified: datetime
    edition: int
    standard: str = ""
    files: Sequence[tuple[FileFormat, str]] = field(default=())


def as_jsonld(publisher: Publisher, entries: Sequence[CatalogueEntry]) -> dict[str, Any]:
    """The whole catalogue. Addresses are absolute, texts carry their language (ja, en)."""
    issuer = {"@id": f"{publisher.page}#publisher", "@type": "foaf:Agent", "foaf:name": _texts({"ja": publisher.name})}
    return {
        "@context": _CONTEXT,
        "@id": publisher.catalogue,
        "@type": "dcat:Catalog",
        "dct:title": _texts({"ja": f"{publisher.name} オープンデータ"}),
        "dct:description": _texts(
            {"ja": f"{publisher.name}（全国地方公共団体コード {publisher.code}）が公開しているデータの目録"}
        ),
        "dct:publisher": {**issuer, "dct:identifier": publisher.code},
        "dct:language": {"@id": f"{_AUTHORITY}/language/JPN"},
        "foaf:homepage": {"@id": publisher.page},
        **({"dct:modified": _time(max(entry.modified for entry in entries))} if entries else {}),
        "dcat:dataset": [_dataset(entry, issuer["@id"]) for entry in entries],
    }


def _dataset(entry: CatalogueEntry, issuer: object) -> dict[str, Any]:
    return {
        "@id": entry.page,
        "@type": "dcat:Dataset",
        "dct:identifier": entry.code,
        "dct:title": _texts(entry.titles),
        "dct:description": _texts(entry.descriptions),
        "dct:publisher": {"@id": issuer},
        "dct:issued": _time(entry.issued),
        "dct:modified": _time(entry.modified),
        "dcat:version": str(entry.edition),
        "dct:accrualPeriodicity": {"@id": f"{_AUTHORITY}/frequency/{FREQUENCIES[entry.frequency].eu_code}"},
        "dcat:theme": {"@id": theme_url(entry.theme)},
        "dcat:keyword": [{"@value": word, "@language": "ja"} for word in entry.keywords],
        "dct:language": {"@id": f"{_AUTHORITY}/language/JPN"},
        "dct:accessRights": {"@id": f"{_AUTHORITY}/access-right/PUBLIC"},
        "dcat:landingPage": {"@id": entry.page},
        "dcat:contactPoint": {"@type": "vcard:Organization", "vcard:fn": entry.contact},
        **({"dct:conformsTo": {"@type": "dct:Standard", "dct:title": entry.standard}} if entry.standard else {}),
        "dcat:distribution": [_distribution(entry, each, url) for each, url in entry.files],
    }


def _distribution(entry: CatalogueEntry, each: FileFormat, url: str) -> dict[str, Any]:
    return {
        "@id": url,
        "@type": "dcat:Distribution",
        "dct:title": {"@value": f"{entry.titles['ja']}（{each.label}）", "@language": "ja"},
        "dcat:accessURL": {"@id": url},
        "dcat:downloadURL": {"@id": url},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{each.media_type.partition(';')[0]}"},
        "dct:format": {"@id": f"{_AUTHORITY}/file-type/{each.eu_code}"},
        "dct:license": {"@id": entry.licence_url},
        "dct:modified": _time(entry.modified),
    }


def _texts(by_language: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in by_language.items() if text]


def _time(moment: datetime) -> dict[str, str]:
    return {"@value": moment.isoformat(), "@type": "xsd:dateTime"}
