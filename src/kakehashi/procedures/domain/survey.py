"""行政手続等の棚卸調査: reading the national survey of procedures, row by row.

The file has 39 columns (CSV, UTF-8 with or without BOM, or Shift_JIS). A row that cannot be read is
named with its line and reason and nothing in it is guessed; the other rows load. The counts are
those of the whole country; 0 in the file means that nobody knows, so it is read as None.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.kernel.encodings import decode_text

__all__ = [
    "COLUMNS", "INSTITUTIONS", "LIFE_EVENTS", "SurveyError", "SurveyProblem", "SurveyRow",
    "decode_survey", "read_survey", "read_survey_rows", "refuse_missing", "suggest_days",
]  # fmt: skip

COLUMNS = (
    "手続ID", "所管府省庁", "手続名", "法令名", "法令番号", "根拠条項号", "手続類型", "手続主体",
    "手続の受け手", "経由機関", "独立行政法人等の名称", "事務区分", "府省共通手続", "実施府省庁",
    "オンライン化の実施状況", "オンライン化の実施予定及び検討時の懸念点", "オンライン化実施時期",
    "申請等における本人確認手法", "手数料等の納付有無", "手数料等の納付方法",
    "手数料等のオンライン納付時の優遇措置", "処理期間(オンライン)", "処理期間(非オンライン)",
    "情報システム(申請)", "情報システム(事務処理)", "総手続件数", "オンライン手続件数",
    "非オンライン手続件数", "申請書等に記載させる情報", "申請時に添付させる書類",
    "添付書類等提出の撤廃/省略状況", "添付書類等の提出方法", "添付書類等への電子署名",
    "添付形式等が定められた規定", "手続が行われるイベント(個人)", "手続が行われるイベント(法人)",
    "申請に関連する士業", "申請を提出する機関", "オンライン化率",
)  # fmt: skip

INSTITUTIONS = {
    "municipality": "市役所・町村役場",
    "prefecture": "都道府県庁",
    "health_centre": "保健所",
    "police": "警察署",
    "fire": "消防署",
    "water": "上下水道局",
}
"""The places of filing a local government runs itself, by a code for the command line."""

LIFE_EVENTS = {
    "moving": "引越し",
    "birth": "出生・こども",
    "pregnancy": "妊娠",
    "marriage": "結婚・離婚",
    "job": "就職・転職",
    "housing": "住宅の購入・保有",
    "car": "自動車の購入・保有",
    "health": "医療・健康",
    "care": "介護",
    "pension": "年金の受給",
    "tax": "税金",
    "death": "死亡・相続",
    "business_start": "新しい事業の開始",
    "company_founded": "法人の設立",
    "company_changed": "法人の情報変更・役員変更",
    "office_moved": "事務所の新設・移転",
    "staff_hired": "職員の採用・退職",
    "tender": "入札・契約",
    "company_closed": "法人の承継・廃業",
    "periodic_report": "定期的な報告等",
    "work_report": "作業ごとの報告等",
    "company_merged": "法人の合併・分割",
}
"""Life and business events of the survey, by our code."""

_EVENT_CODES = {label: code for code, label in LIFE_EVENTS.items()}
_NO_ATTACHMENT = "添付書類なし"
_LENGTHS = {"手続ID": 40, "手続名": 300, "法令名": 300, "法令番号": 100, "根拠条項号": 200}


class SurveyError(ValueError):
    """The file as a whole cannot be read (encoding or columns)."""


@dataclass(frozen=True, slots=True)
class SurveyProblem:
    """One row that was not loaded: line in the file, the procedure's id if known, the reason."""

    line: int
    survey_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One procedure of the survey. Counts are per year for the whole country, None = unknown."""

    line: int
    survey_id: str
    ministry: str
    name: str
    law_name: str
    law_number: str
    article: str
    applicant: str
    duty_kind: str
    online_state: str
    online_concern: str
    identity_check: str
    has_fee: bool | None
    processing_online: str
    processing_paper: str
    volume: int | None
    online_volume: int | None
    asked_information: tuple[str, ...]
    attachments: tuple[str, ...]
    life_events: tuple[str, ...]
    institutions: tuple[str, ...]
    raw: dict[str, str]

    @property
    def legal_basis(self) -> str:
        """The law and the article in one phrase."""
        return f"{self.law_name}{self.article}"


def refuse_missing(names: Sequence[str]) -> None:
    """Raise SurveyError when a column of the survey is missing; who brings a list of another kind is told where it belongs."""
    missing = [name for name in COLUMNS if name not in names]
    if len(missing) > len(COLUMNS) // 2:
        raise SurveyError(
            "国の棚卸調査の表ではありません。自団体の一覧表は、「取り込む・まとめて変える」で取り込んでください。"
        )
    if missing:
        raise SurveyError("見出しに次の列がありません: " + "、".join(missing))


def decode_survey(data: bytes) -> str:
    """Decode the file as UTF-8 (BOM allowed) or Shift_JIS; raise `SurveyError` otherwise."""
    return decode_text(data, refuse=SurveyError)[0]


def read_survey(text: str) -> Iterator[SurveyRow | SurveyProblem]:
    """Yield each row as a `SurveyRow`, or as a `SurveyProblem` which says why it cannot load.

    Raises `SurveyError` when a column of the survey is missing, or a line is none of a CSV file.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        names = [name.strip() for name in reader.fieldnames or ()]
        refuse_missing(names)
        reader.fieldnames = names
        yield from read_survey_rows((reader.line_num, raw) for raw in reader)
    except csv.Error as error:
        raise SurveyError(f"{reader.line_num + 1}行目を、CSVとして読めません。") from error


def read_survey_rows(rows: Iterable[tuple[int, dict[Any, Any]]]) -> Iterator[SurveyRow | SurveyProblem]:
    """Judge rows that are cells by column already; `rows` are (line, cells)."""
    seen: set[str] = set()
    for line, raw in rows:
        item = _read_row(line, raw)
        if isinstance(item, SurveyRow):
            if item.survey_id in seen:
                item = SurveyProblem(line, item.survey_id, "手続IDがファイルの中で重複しています。")
            else:
                seen.add(item.survey_id)
        yield item


def _read_row(line: int, raw: dict[Any, Any]) -> SurveyRow | SurveyProblem:
    if None in raw or any(raw.get(name) is None for name in COLUMNS):
        return SurveyProblem(line, str(raw.get("手続ID") or ""), "列の数が39ではありません。")
    cells = {name: str(raw[name]).strip() for name in COLUMNS}
    survey_id = cells["手続ID"]
    for name, longest in _LENGTHS.items():
        if len(cells[name]) > longest:
            return SurveyProblem(line, survey_id, f"「{name}」が{longest}文字を超えています。")
    for name in ("手続ID", "手続名"):
        if not cells[name]:
            return SurveyProblem(line, survey_id, f"「{name}」が空です。")
    try:
        total = _count(cells, "総手続件数")
        online = _count(cells, "オンライン手続件数")
    except ValueError as error:
        return SurveyProblem(line, survey_id, str(error))
    if total and online > total:
        return SurveyProblem(line, survey_id, "オンライン手続件数が総手続件数より多くなっています。")
    return _row(line, cells, total or None, online if total else None)


def _row(line: int, cells: dict[str, str], total: int | None, online: int | None) -> SurveyRow:
    events = _several(cells["手続が行われるイベント(個人)"]) + _several(cells["手続が行われるイベント(法人)"])
    attachments = _several(cells["申請時に添付させる書類"])
    return SurveyRow(
        line=line,
        survey_id=cells["手続ID"],
        ministry=cells["所管府省庁"],
        name=" ".join(cells["手続名"].split()),
        law_name=cells["法令名"],
        law_number=cells["法令番号"],
        article=cells["根拠条項号"],
        applicant=_without_code(cells["手続主体"]),
        duty_kind=_without_code(cells["事務区分"]),
        online_state=_without_code(cells["オンライン化の実施状況"]),
        online_concern=cells["オンライン化の実施予定及び検討時の懸念点"],
        identity_check=_without_code(cells["申請等における本人確認手法"]),
        has_fee=_has_fee(cells["手数料等の納付有無"]),
        processing_online=cells["処理期間(オンライン)"],
        processing_paper=cells["処理期間(非オンライン)"],
        volume=total,
        online_volume=online,
        asked_information=_several(cells["申請書等に記載させる情報"]),
        attachments=tuple(each for each in attachments if each != _NO_ATTACHMENT),
        life_events=tuple(dict.fromkeys(_EVENT_CODES[e] for e in events if e in _EVENT_CODES)),
        institutions=_several(cells["申請を提出する機関"]),
        raw=cells,
    )


def _count(cells: dict[str, str], name: str) -> int:
    text = unicodedata.normalize("NFKC", cells[name]).replace(",", "")
    if not text:
        return 0
    if not re.fullmatch(r"[0-9]{1,12}(\.0+)?", text):
        raise ValueError(f"「{name}」が0以上の整数ではありません。")
    return int(float(text))


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _without_code(cell: str) -> str:
    """Take the answer's number off: 「2 未実施」 becomes 「未実施」."""
    return re.sub(r"^[0-9][0-9\-]*\s+", "", cell)


def _has_fee(cell: str) -> bool | None:
    return {"1": False, "2": True}.get(cell[:1])


_PERIOD = re.compile(r"([0-9]{1,3})(日|週間?|(?:か|カ|ヶ|ヵ|箇)?月)(?:程度|間)?")
_DAYS = {"日": 1, "週": 7, "月": 30}


def suggest_days(text: str) -> int | None:
    """Suggest a standard period in calendar days from the survey's free text, or None.

    Only 「30日」「2週」「1月」 and their like are read (a month as 30 days); ranges, remarks and
    「不明」 give nothing. It is a suggestion for the person who writes the procedure: the period
    binds only when the local government sets it (行政手続法6条).
    """
    match = _PERIOD.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match or match[1] == "0":
        return None
    unit = "月" if match[2].endswith("月") else match[2][0]
    return int(match[1]) * _DAYS[unit]
