"""Retention against classification: unknown and contradicting periods, missing stages of disposal, unknown articles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kakehashi.approvals.domain.packs.columns import Row
from kakehashi.approvals.domain.packs.document import PackDocument, period_word
from kakehashi.approvals.domain.packs.findings import Finding, error, warning
from kakehashi.approvals.domain.packs.parts import DISPOSITIONS

_ARTICLE = re.compile(r"第[0-9０-９]+条(?:の[0-9０-９]+)*")
MINIMUM_STAGES = 2


def findings(document: PackDocument) -> Iterator[Finding]:
    """Every contradiction of the records' side."""
    schedule = {row["code"]: row for row in document.rows("retention")}
    yield from _schedule(document)
    used: set[str] = set()
    for place, row in enumerate(document.rows("classes")):
        terms = schedule.get(row["retention"])
        if terms is None:
            yield error(
                "unknown_retention", "classes", place,
                f"「{row['file']}」の保存期間の区分「{row['retention']}」は、保存期間の表にありません。", "区分を直してください。",
            )  # fmt: skip
            continue
        used.add(row["retention"])
        yield from _line(place, row, terms)
    for place, row in enumerate(document.rows("retention")):
        if row["code"] not in used:
            yield warning(
                "unused_retention",
                "retention",
                place,
                f"区分「{row['code']}」を使う分類がありません。",
                "要らなければ消してください。",
            )
    yield from _decided(document)
    yield from _groups(document)
    yield from _stages(document)
    yield from _articles(document)


def _schedule(document: PackDocument) -> Iterator[Finding]:
    for place, row in enumerate(document.rows("retention")):
        if (row["period_kind"] == "years") != bool(row["years"]):
            yield error(
                "years", "retention", place,
                f"区分「{row['code']}」は、保存期間の種類と年数が合いません。", "年で定めるときだけ、1以上の年数を記入してください。",
            )  # fmt: skip
        if row["period_kind"] in {"under_one_year", "in_continuous_use"} and row["anchor"] == "event":
            yield error(
                "anchor", "retention", place,
                f"区分「{row['code']}」は、{period_word(row['period_kind'], None)}なのに、事由の発生から数えます。",
                "起算の基準を直してください。",
            )  # fmt: skip
        yield from _destiny("retention", place, row["code"], row["period_kind"], row["disposition"])


def _destiny(part: str, place: int, name: str, kind: str, disposition: str) -> Iterator[Finding]:
    if kind == "under_one_year" and disposition == "transfer":
        yield error(
            "destiny", part, place,
            f"「{name}」は1年未満で消すものなのに、満了後に移管することになっています。",
            "歴史公文書は、保存期間を1年以上にしてください。",
        )  # fmt: skip
    if kind == "permanent" and disposition == "destroy":
        yield error(
            "destiny", part, place,
            f"「{name}」は永年保存なのに、満了後に廃棄することになっています。", "措置を「移管」か「未定」にしてください。",
        )  # fmt: skip


def _line(place: int, row: Row, terms: Row) -> Iterator[Finding]:
    period = period_word(terms["period_kind"], terms["years"])
    if row["period"] and row["period"] != period:
        yield error(
            "period", "classes", place,
            f"「{row['file']}」の保存期間は{row['period']}と書かれていますが、区分「{row['retention']}」は{period}です。",
            "保存期間か区分のどちらかを直してください。",
        )  # fmt: skip
    if row["disposition"]:
        yield from _destiny("classes", place, row["file"], terms["period_kind"], row["disposition"])


def _decided(document: PackDocument) -> Iterator[Finding]:
    """What is decided is kept: not in a file that is thrown away within the year."""
    for place, row in enumerate(document.rows("matters")):
        line = document.retention.get(row["class_code"])
        if line is not None and line.period_kind == "under_one_year":
            yield error(
                "decided_under_one_year", "matters", place,
                f"「{row['name']}」の決裁文書が、保存期間1年未満の「{line.file}」に入ります。", "1年以上の分類に変えてください。",
            )  # fmt: skip


def _groups(document: PackDocument) -> Iterator[Finding]:
    """標準ファイル of one 小分類 with another period, anchor or the same name."""
    first: dict[tuple[str, str, str], Row] = {}
    names: dict[tuple[str, str, str, str], int] = {}
    for place, row in enumerate(document.rows("classes")):
        group = (row["large"], row["middle"], row["small"])
        other = first.setdefault(group, row)
        if other["period"] != row["period"]:
            yield warning(
                "class_period", "classes", place,
                f"小分類「{row['small']}」に、保存期間{other['period']}の「{other['file']}」と{row['period']}の「{row['file']}」があります。",
                "小分類を分けるか、保存期間をそろえてください。",
            )  # fmt: skip
        seen = names.setdefault((*group, row["file"]), place)
        if seen != place:
            yield error(
                "class_name",
                "classes",
                place,
                f"小分類「{row['small']}」に、標準ファイル「{row['file']}」が二つあります。",
                "名を分けてください。",
            )


def _stages(document: PackDocument) -> Iterator[Finding]:
    destinies = {line.disposition for line in document.retention.values()} - {"undecided"}
    for destiny in sorted(destinies):
        stages = [stage for stage in document.stages if stage.scope in {destiny, "all"}]
        word = DISPOSITIONS[destiny]
        if not stages:
            yield error(
                "no_stage",
                "stages",
                None,
                f"{word}の段階がありません。",
                f"{word}を確かめる段階を2つ以上加えてください。",
            )
        elif len({stage.post for stage in stages}) < MINIMUM_STAGES:
            yield error(
                "one_stage", "stages", None,
                f"{word}を確かめる職が一つだけです。", "異なる二つ以上の職が、順に確かめるようにしてください。",
            )  # fmt: skip


def _articles(document: PackDocument) -> Iterator[Finding]:
    """A clause that begins with an article nobody wrote down; only where articles of that regulation are there at all."""
    for regulation, parts in (
        ("decision", ("rules", "consults", "deputies")),
        ("records", ("retention", "stages", "numbering")),
    ):
        known = {row["number"] for row in document.rows("articles") if row["regulation"] == regulation}
        for part in parts if known else ():
            for place, row in enumerate(document.rows(part)):
                named = _ARTICLE.match(row["clause"])
                if named and named.group() not in known:
                    yield warning(
                        "no_article", part, place,
                        f"条項「{row['clause']}」の{named.group()}が、条文の表にありません。", "条文を加えるか、条項を直してください。",
                    )  # fmt: skip
