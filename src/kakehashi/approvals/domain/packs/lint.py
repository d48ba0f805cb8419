"""The linter of a rule pack: contradictions and holes, each with its place and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kakehashi.approvals.domain.packs import lint_circles, lint_deciders, lint_posts, lint_records
from kakehashi.approvals.domain.packs.document import EVERY_MATTER, PackDocument
from kakehashi.approvals.domain.packs.findings import Finding, Level, Organisation, error
from kakehashi.approvals.domain.packs.parts import PARTS

SETTING_WORDS = {
    "consult_school": ("意見を聴く", "同意を要する"),
    "self_approval": ("禁止", "許可"),
    "analogy": ("認める", "認めない"),
}
NUMBERED = {"proposal": "起案番号", "document": "文書番号", "receipt": "収受番号"}
_ORDER = {part.key: place for place, part in enumerate(PARTS)}


def lint(document: PackDocument, organisation: Organisation | None = None) -> list[Finding]:
    """Every finding, errors first, in the order of the tables. Posts are looked at where the organisation is given."""
    found = [
        *_doubles(document),
        *_required(document),
        *_settings(document),
        *_unknown_words(document),
        *_unknown_codes(document),
        *_numbering(document),
        *lint_deciders.findings(document),
        *lint_circles.findings(document),
        *lint_records.findings(document),
        *(lint_posts.findings(document, organisation) if organisation else ()),
    ]
    return sorted(found, key=lambda f: (f.level is Level.WARNING, _ORDER[f.part], f.row if f.row is not None else -1))


def errors(document: PackDocument) -> list[Finding]:
    """Only what forbids putting in force."""
    return [finding for finding in lint(document) if finding.level is Level.ERROR]


def _settings(document: PackDocument) -> Iterator[Finding]:
    for place, row in enumerate(document.rows("settings")):
        allowed = SETTING_WORDS.get(row["key"])
        if allowed and row["value"] not in allowed:
            yield error(
                "setting", "settings", place,
                f"「{row['name'] or row['key']}」の定めは、{'か'.join(f'「{word}」' for word in allowed)}です。", "どちらかに直してください。",
            )  # fmt: skip


def _doubles(document: PackDocument) -> Iterator[Finding]:
    for part in PARTS:
        seen: dict[tuple[str, ...], int] = {}
        for place, row in enumerate(document.rows(part.key)):
            name = part.name_of(row)
            if name in seen:
                yield error(
                    "double", part.key, place,
                    f"{part.label}の「{part.title_of(row)}」が、{seen[name] + 1}行目と{place + 1}行目にあります。",
                    "どちらかの行を消すか、名を変えてください。",
                )  # fmt: skip
            seen.setdefault(name, place)


def _required(document: PackDocument) -> Iterator[Finding]:
    for part in PARTS:
        for place, row in enumerate(document.rows(part.key)):
            for column in part.columns:
                if column.required and row[column.key] in (None, "", []):
                    yield error(
                        "empty", part.key, place,
                        f"{part.label}の{place + 1}行目「{part.title_of(row)}」に、「{column.label}」がありません。",
                        f"「{column.label}」を記入してください。",
                    )  # fmt: skip


def _unknown_words(document: PackDocument) -> Iterator[Finding]:
    """Codes that no other table has."""
    for part in ("rules", "consults"):
        for place, row in enumerate(document.rows(part)):
            code = row["matter"]
            if code and code not in document.matters and not (part == "consults" and code == EVERY_MATTER):
                yield error(
                    "unknown_matter", part, place,
                    f"決裁事項「{code}」は、決裁事項の表にありません。", "記号を直すか、決裁事項の表に加えてください。",
                )  # fmt: skip
    for place, row in enumerate(document.rows("rules")):
        if row["decider"] and row["decider"] not in document.titles:
            yield error(
                "unknown_title", "rules", place,
                f"決裁する職「{row['decider']}」は、決裁の職の表にありません。", "職の名を直すか、決裁の職の表に加えてください。",
            )  # fmt: skip


def _unknown_codes(document: PackDocument) -> Iterator[Finding]:
    """Codes of matters and classes that no table has."""
    for place, row in enumerate(document.rows("deputies")):
        for code in row["except_matters"]:
            if code not in document.matters:
                yield error(
                    "unknown_matter", "deputies", place,
                    f"代決できない事項「{code}」は、決裁事項の表にありません。", "記号を直してください。",
                )  # fmt: skip
    codes = {row["code"] for row in document.rows("classes")}
    for place, row in enumerate(document.rows("matters")):
        if row["class_code"] and row["class_code"] not in codes:
            yield error(
                "unknown_class", "matters", place,
                f"「{row['name']}」の分類「{row['class_code']}」は、分類の表にありません。",
                "分類の記号を直すか、分類の表に加えてください。",
            )  # fmt: skip


def _numbering(document: PackDocument) -> Iterator[Finding]:
    kinds = {line.kind for line in document.series if not line.departments}
    for kind, word in NUMBERED.items():
        if kind not in kinds:
            yield error(
                "no_series",
                "numbering",
                None,
                f"{word}の列がありません。",
                f"すべての課に使う{word}の列を加えてください。",
            )
    for line in document.series:
        if len(line.departments) != len(set(line.departments)):
            yield error("series_twice", "numbering", line.place, "同じ課が二度書かれています。", "一つにしてください。")
    yield from _same_departments(document)
    for (symbol, _), count in Counter((line.symbol, line.departments) for line in document.series).items():
        if count > 1 and symbol:
            places = [line.place for line in document.series if line.symbol == symbol]
            yield error(
                "series_symbol", "numbering", places[-1],
                f"記号「{symbol}」を使う番号の列が{count}つあり、同じ番号が二度つきます。", "列ごとに記号を変えてください。",
            )  # fmt: skip


def _same_departments(document: PackDocument) -> Iterator[Finding]:
    taken: dict[tuple[str, str], int] = {}
    for line in document.series:
        for department in set(line.departments):
            first = taken.setdefault((line.kind, department), line.place)
            if first != line.place:
                yield error(
                    "series_twice", "numbering", line.place,
                    f"「{department}」の同じ種類の番号の列が、{first + 1}行目と{line.place + 1}行目にあります。",
                    "どちらかから、この課を外してください。",
                )  # fmt: skip
