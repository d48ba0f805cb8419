"""Putting together what the whole paper says: kana with names, postcodes with addresses, distinct labels, the paper's date."""

from __future__ import annotations

import itertools
import re

from kakehashi.eforms.domain.my_number import asks_for_my_number
from kakehashi.eforms.domain.papers.found import Mark, Question, Reading, Skipped
from kakehashi.eforms.domain.papers.words import is_optional, plain

__all__ = ["settle"]

_KANA = re.compile(
    r"^(氏名|名前|お名前|代表者氏名|申請者氏名)?[(（]?(フリガナ|ふりがな|ﾌﾘｶﾞﾅ|カナ|かな|よみがな|振り仮名|カナ氏名|氏名カナ|シメイ)[)）]?$"
)
_KINDS_OF_REQUEST = {"新規", "更新", "変更", "継続", "再発行", "再交付", "廃止", "追加", "取消", "中止", "再開", "開始"}
_DATE_NAMES = (
    (r"届", "届出日"),
    (r"請求書", "請求日"),
    (r"申込", "申込日"),
    (r"委任状", "委任日"),
    (r"依頼書", "依頼日"),
    (r"報告書", "報告日"),
    (r"同意書", "同意日"),
    (r"誓約書", "誓約日"),
    (r"申告書", "申告日"),
    (r"申請", "申請日"),
)


def settle(reading: Reading) -> None:
    """Bring the questions of a reading into the form in which they are offered."""
    questions = []
    for one in reading.questions:
        if asks_for_my_number(one.label) and one.type in ("text", "number"):
            reading.skipped.append(Skipped("my_number", one.label, one.source))
        elif one.label:
            questions.append(one)
    questions = _with_kana(questions)
    questions = _with_postcode(questions)
    questions = _without_copies(questions)
    _name_the_date(questions, reading.title)
    _name_the_list(questions, reading.title)
    for one in questions:
        if one.label == "あてはまるもの" and len(_KINDS_OF_REQUEST & set(one.options)) >= 2:
            one.label = "区分"
    _name_periods(questions)
    _tell_apart(questions)
    for one in questions:
        _finish(one)
        for column in one.columns:
            column.settings.pop("_period", None)
    reading.questions = questions


def _with_kana(questions: list[Question]) -> list[Question]:
    """A kana question goes into the name it stands over (or under); over a company's name it stays a question."""
    kept: list[Question] = []
    for index, one in enumerate(questions):
        if one.type in ("text", "name") and _KANA.match(plain(one.label)):
            near = questions[index + 1 : index + 4] + kept[-1:]
            name = next((other for other in near if other.type == "name" and other.group == one.group), None)
            name = name or next((other for other in near[:1] if other.type == "name"), None)
            if name is not None and not _KANA.match(plain(name.label)):
                name.marks += _as_part(one.marks, "kana")
                continue
        bare = re.sub(r"^[(（]?(フリガナ|ふりがな|カナ)[)）]?(?=.)|[(（](フリガナ|ふりがな)[)）]$", "", one.label)
        one.label = bare or one.label
        kept.append(one)
    return kept


def _as_part(marks: list[Mark], part: str) -> list[Mark]:
    return [Mark(mark.at, mark.start, mark.end, part) for mark in marks]


def _with_postcode(questions: list[Question]) -> list[Question]:
    kept: list[Question] = []
    for index, one in enumerate(questions):
        if plain(one.label) in ("郵便番号", "〒"):
            near = questions[index + 1 : index + 2] + questions[max(0, index - 1) : index]
            address = next((other for other in near if other.type == "address"), None)
            if address is not None:
                address.marks += _as_part(one.marks, "postcode")
                continue
        last = kept[-1] if kept else None
        if one.type == "address" and last is not None and last.type == "address" and one.why == "郵便番号の空欄":
            if one.label in (last.label, "住所"):
                last.marks += _as_part(one.marks, "postcode")
                continue
        if (
            last is not None
            and last.type == "address"
            and last.why == "郵便番号の空欄"
            and one.type == "address"
            and (
                last.label == one.label
                or (
                    last.label == "住所"
                    and re.fullmatch(
                        r"(主たる事務所の|事務所の|本店の?)?(現住所|所在地|居所|住所(又|また)は所在地)",
                        plain(one.label),
                    )
                )
                or (plain(one.label) in ("住所", "現住所") and one.group in (last.label, last.group))
            )
        ):
            one.marks += _as_part(last.marks, "postcode")
            kept.pop()
        kept.append(one)
    return kept


def _without_copies(questions: list[Question]) -> list[Question]:
    """The same label and group right after each other on the same place is one question."""
    kept: list[Question] = []
    for one in questions:
        last = kept[-1] if kept else None
        if last is not None and one.label == last.label and one.group == last.group and one.type == last.type:
            same_kind = one.type in ("address", "name", "phone") and one.why in (
                "かっこの空欄",
                "下線・空きます",
                "見出しの隣の空欄",
                "郵便番号の空欄",
            )
            if same_kind or (one.type == "address" and one.why == "空白"):
                last.marks += one.marks
                continue
        kept.append(one)
    return kept


def _name_the_date(questions: list[Question], title: str) -> None:
    name = next((name for pattern, name in _DATE_NAMES if re.search(pattern, title)), "申請日")
    for one in questions:
        if one.label == "日付" and one.type == "date":
            one.label = name
            name = "日付"


def _name_the_list(questions: list[Question], title: str) -> None:
    """A paper called 「役員等名簿」 with one table that nothing names is that list."""
    tables = [one for one in questions if one.type == "table"]
    if len(tables) == 1 and tables[0].label.endswith("の一覧") and re.search(r"(名簿|一覧|一覧表|リスト)$", title):
        tables[0].label = title


def _name_periods(questions: list[Question]) -> None:
    """「　年　月　日から」 in one row and 「　年　月　日まで」 in the next, of one label."""
    for one, after in itertools.pairwise(questions):
        ways = (one.settings.get("_period"), after.settings.get("_period"))
        if ways == ("start", "end") and (one.label, one.group, one.type) == (after.label, after.group, after.type):
            one.label, after.label = f"{one.label}（開始）", f"{after.label}（終了）"


def _tell_apart(questions: list[Question]) -> None:
    counts: dict[str, int] = {}
    for one in questions:
        counts[one.label] = counts.get(one.label, 0) + 1
    for one in questions:
        if counts[one.label] > 1 and one.group and one.group not in one.label:
            one.label = f"{one.group}の{one.label}"
    seen: dict[str, int] = {}
    for one in questions:
        seen[one.label] = seen.get(one.label, 0) + 1
        if seen[one.label] > 1:
            one.label = f"{one.label}（{seen[one.label]}）"
            one.confidence = max(0.3, one.confidence - 0.15)


def _finish(one: Question) -> None:
    one.settings = {name: value for name, value in one.settings.items() if name != "_period"}
    one.label = one.label[:300]
    one.confidence = max(0.05, min(one.confidence, 0.99))
    if one.type in ("choices", "consent", "table") or is_optional(one.label):
        one.required = one.type == "consent"
    if one.why == "選択肢の補足":
        one.required = False
