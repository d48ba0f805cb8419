"""The plan as one sheet, the same layout out and in: one row an indicator, or an initiative that has none yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from kakehashi.kernel.fiscal_year import fiscal_year_label, parse_fiscal_year
from kakehashi.kernel.folding import fold
from kakehashi.kernel.wareki import WarekiError, parse_wareki
from kakehashi.plans.domain.attainment import POLICY_WORDS, AttainmentPolicy
from kakehashi.plans.domain.content import Content
from kakehashi.plans.domain.skeletons import PILLAR_WORDS
from kakehashi.plans.domain.targets import METHOD_WORDS, TargetMethod

HEADINGS = (
    "方針番号", "基本方針", "三本柱", "施策番号", "施策", "取組番号", "取組", "内容", "担当課", "予算（円）", "始める日", "終える日",
    "期間つきの組織", "組織を終える日", "重み", "指標コード", "指標名", "達成率の決め方", "基準値", "基準値の年度", "目標の決め方",
)  # fmt: skip
_TARGET = re.compile(r"目標[\s　]+(?P<year>.+)")
_METHODS = {word.partition("（")[0]: method for method, word in METHOD_WORDS.items()}
_MOST_ROWS = 3000


class UnreadableSheet(ValueError):
    """The file as a whole is no plan in this layout."""


@dataclass
class ReadSheet:
    """What a sheet says: the content, and lines that were left out with the reason."""

    content: Content
    problems: list[tuple[int, str]] = field(default_factory=list)


def headings(years: Sequence[int]) -> list[str]:
    """The headings with a column for each year of the plan."""
    return [*HEADINGS, *(f"目標 {fiscal_year_label(year)}" for year in years)]


def rows_of(content: Content, years: Sequence[int]) -> list[list[Any]]:
    """The rows of a content, in the order of the tree."""
    rows: list[list[Any]] = []
    for policy in content["policies"]:
        head = [policy["number"], policy["title"], _word(PILLAR_WORDS, policy.get("pillar"))]
        for program in policy["programs"] or [None]:
            middle = [program["number"], program["title"]] if program else ["", ""]
            for one in (program or {}).get("initiatives") or [None]:
                item = _initiative(one) if one else [""] * 10
                for indicator in (one or {}).get("indicators") or [None]:
                    rows.append([*head, *middle, *item, *_indicator(indicator, years)])
    return rows


def _initiative(one: dict[str, Any]) -> list[Any]:
    return [
        one["number"], one["title"], one["description"], one["department"], one["budget_yen"], one["starts_on"], one["ends_on"],
        one["unit_name"], one["sunset_on"], one["weight"],
    ]  # fmt: skip


def _indicator(one: dict[str, Any] | None, years: Sequence[int]) -> list[Any]:
    if one is None:
        return [""] * (6 + len(years))
    method = _word(METHOD_WORDS, one["target_method"]).partition("（")[0]
    targets = [one["targets"].get(str(year), "") for year in years]
    policy = _word(POLICY_WORDS, one["attainment_policy"])
    return [one["measure_code"], one["label"], policy, one["baseline"], one["baseline_year"], method, *targets]


def _word(words: Any, value: Any) -> str:
    return str(words.get(value, "")) if value else ""


def read_rows(cells: Sequence[Sequence[str]]) -> ReadSheet:
    """Read a sheet in this layout. Columns may stand in another order; a line that cannot be read is left out and named.

    Raises UnreadableSheet when the headings are missing or there are too many rows.
    """
    head = next((number for number, row in enumerate(cells[:20]) if "取組" in {cell.strip() for cell in row}), None)
    if head is None:
        raise UnreadableSheet("「方針番号」「基本方針」「取組」などの見出しの行がありません。")
    columns = {cell.strip(): place for place, cell in enumerate(cells[head]) if cell.strip()}
    missing = [name for name in ("方針番号", "基本方針", "施策番号", "施策", "取組番号") if name not in columns]
    if missing:
        raise UnreadableSheet(f"見出しの{'、'.join(missing)}がありません。書き出した表の形のまま使ってください。")
    if len(cells) - head > _MOST_ROWS:
        raise UnreadableSheet(f"{_MOST_ROWS}行までにしてください。")
    years = _years(columns)
    sheet = ReadSheet({"policies": []})
    for line, row in enumerate(cells[head + 1 :], head + 2):
        values = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        if not any(values.values()):
            continue
        try:
            _put(sheet.content, values, years)
        except (ValueError, WarekiError) as problem:
            sheet.problems.append((line, str(problem)))
    return sheet


def _years(columns: dict[str, int]) -> dict[str, int]:
    found = {}
    for name in columns:
        if match := _TARGET.fullmatch(name):
            try:
                found[name] = parse_fiscal_year(match["year"])
            except (ValueError, WarekiError):
                raise UnreadableSheet(f"見出し「{name}」の年度を読み取れません。") from None
    return found


def _put(content: Content, values: dict[str, str], years: dict[str, int]) -> None:
    """Add a line to the content. Everything is read before anything is put, so that a bad line leaves nothing behind."""
    numbers = [_whole(values, name, required=name == "方針番号") for name in ("方針番号", "施策番号", "取組番号")]
    titles = [values.get(name, "") for name in ("基本方針", "施策", "取組")]
    for number, title, name in zip(numbers, titles, ("基本方針", "施策", "取組"), strict=True):
        if (number is None) != (not title):
            raise ValueError(f"{name}の番号と名前は両方書いてください。")
    if numbers[2] is not None and numbers[1] is None:
        raise ValueError("取組には、施策の番号と名前が必要です。")
    item = _read_initiative(values) if titles[2] else None
    indicator = _read_indicator(values, years) if titles[2] else None
    pillar = _coded(PILLAR_WORDS, values.get("三本柱", ""), "三本柱")
    policy = _branch(content["policies"], numbers[0], {"title": titles[0], "pillar": pillar, "programs": []})
    if numbers[1] is None:
        return
    program = _branch(policy["programs"], numbers[1], {"title": titles[1], "initiatives": []})
    if item is None:
        return
    initiative = _branch(program["initiatives"], numbers[2], {"title": titles[2], **item, "indicators": []})
    if indicator is not None:
        initiative["indicators"].append(indicator)


def _branch(rows: list[dict[str, Any]], number: int | None, made: dict[str, Any]) -> dict[str, Any]:
    found = next((row for row in rows if row["number"] == number), None)
    if found is None:
        found = {"number": number, **made}
        rows.append(found)
    return found


def _read_initiative(values: dict[str, str]) -> dict[str, Any]:
    unit, sunset = values.get("期間つきの組織", ""), _day(values, "組織を終える日")
    if bool(unit) != bool(sunset):
        raise ValueError("期間つきの組織の名前と、組織を終える日は両方書いてください。")
    return {
        "description": values.get("内容", ""),
        "department": values.get("担当課", ""),
        "budget_yen": _whole(values, "予算（円）"),
        "starts_on": _day(values, "始める日"),
        "ends_on": _day(values, "終える日"),
        "unit_name": unit,
        "sunset_on": sunset,
        "weight": _whole(values, "重み") or 1,
    }


def _read_indicator(values: dict[str, str], years: dict[str, int]) -> dict[str, Any] | None:
    code, label = values.get("指標コード", ""), values.get("指標名", "")
    if not code and not label:
        return None
    method = values.get("目標の決め方", "")
    if method and method.partition("（")[0] not in _METHODS:
        raise ValueError(f"目標の決め方「{method}」は、{'、'.join(_METHODS)}のどれかにしてください。")
    targets = {str(year): values[name] for name, year in years.items() if values[name]}
    if code:
        targets = {year: _number(text, "目標") for year, text in targets.items()}
    year_text = values.get("基準値の年度", "")
    return {
        "measure_code": code,
        "label": label,
        "attainment_policy": _coded(POLICY_WORDS, values.get("達成率の決め方", ""), "達成率の決め方")
        or AttainmentPolicy.RATIO.value,
        "baseline": _number(values["基準値"], "基準値") if values.get("基準値") else "",
        "baseline_year": (int(year_text) if year_text.isdecimal() else parse_fiscal_year(year_text))
        if year_text
        else None,
        "target_method": _METHODS.get(method.partition("（")[0], TargetMethod.MANUAL).value,
        "targets": targets,
    }


def _coded(words: Any, text: str, name: str) -> str:
    if not text:
        return ""
    for code, word in words.items():
        if fold(text) in (fold(word), fold(word.partition("（")[0]), code):
            return str(code)
    raise ValueError(f"{name}「{text[:20]}」は、{'、'.join(words.values())}のどれかにしてください。")


def _whole(values: dict[str, str], name: str, *, required: bool = False) -> int | None:
    text = values.get(name, "").replace(",", "").removesuffix("円")
    if not text:
        if required:
            raise ValueError(f"{name}を書いてください。")
        return None
    if not (text.isdecimal() and len(text) <= 15):
        raise ValueError(f"{name}「{text[:20]}」は0以上の整数で書いてください。")
    return int(text)


def _day(values: dict[str, str], name: str) -> str:
    text = values.get(name, "")
    return parse_wareki(text).isoformat() if text else ""


def _number(text: str, name: str) -> str:
    try:
        number = Decimal(text.replace(",", "").rstrip("%％"))
    except InvalidOperation:
        raise ValueError(f"{name}「{text[:20]}」を数として読み取れません。") from None
    if not number.is_finite() or abs(number) >= 10**13:
        raise ValueError(f"{name}「{text[:20]}」は大きすぎます。")
    return plain(number)


def plain(number: Decimal | None) -> str:
    """A number as content keeps it: four decimals at most, without needless zeros."""
    return "" if number is None else f"{number.quantize(Decimal('0.0001')).normalize():f}"
