"""台帳の値: what people write into the cells of an inventory, read without guessing.

What cannot be read is not dropped and not guessed: it goes into the remarks under the name of its column, and the report says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kakehashi.kernel.folding import fold
from kakehashi.procedures.domain.identity import IdentityCheck
from kakehashi.procedures.domain.kinds import ROADS
from kakehashi.procedures.domain.sheet_columns import ACTS, CLEAR, LABELS, TEXT_KEYS
from kakehashi.procedures.domain.standard_period import Unit
from kakehashi.procedures.domain.survey import LIFE_EVENTS, suggest_days

__all__ = ["ReadRow", "law_key", "name_key", "read_row"]

_NOTHING = {"", "-", "ー", "－", "―", "‐", "—", "…", "？", "?", "不明", "未定", "未確認", "調査中", "N/A", "n/a"}
_YES = {"要", "必要", "有", "有り", "あり", "○", "〇", "◯", "●", "はい", "必須", "押印必要", "yes"}
_NO = {"不要", "無", "無し", "なし", "×", "✕", "✖", "廃止", "廃止済", "いいえ", "no", "0", "省略可"}
_DONE = {"済", "実施済", "オンライン化済", "対応済", "○", "〇", "◯", "●", "可", "対応", "オンライン", "実施"}
_TO_COME = {"未", "未実施", "未対応", "×", "✕", "予定", "検討中", "今後", "実施予定", "不可", "窓口・郵送"}
_SEPARATORS = re.compile(r"[、,，;；\n\r・/／]+")
_LIST = re.compile(r"[、,，;；\n\r]+")
_LONGEST = {
    "name": 300, "legal_basis": 500, "fee": 200, "contact": 300, "identity_note": 200, "seal_reason": 300,
    "visit_reason": 300, "online_basis": 300, "online_elsewhere": 200, "retention_class": 30, "matter_code": 60,
    "survey_id": 40, "form_from": 300,
}  # fmt: skip
_TEXTS = (
    "name", "legal_basis", "fee", "identity_note", "seal_reason", "visit_reason", "online_basis", "online_elsewhere",
    "excluded_reason", "contact", "retention_class", "privacy_purpose", "matter_code",
)  # fmt: skip
_NOISE = re.compile(r"[\s　・（）()「」『』［］\[\]【】,、。.．:：\-‐－―〜~]+")


@dataclass(slots=True)
class ReadRow:
    """What one row says. `values` are columns of a procedure, `texts` by language, `words` what must be looked up
    (department, rule, survey_id, id), `notes` sentences for the report, `faults` what stops the row.
    """

    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def name_key(name: str) -> str:
    """A procedure's name without what people write differently: width, case, spaces, brackets, punctuation."""
    return _NOISE.sub("", fold(name))


def law_key(law: str) -> str:
    """A legal basis without what people write differently; its number in brackets stays out of the comparison."""
    bare = re.sub(r"[（(][^（）()]*(第[^（）()]*号)[^（）()]*[）)]", "", law)
    return _NOISE.sub("", fold(bare))


def read_row(cells: Mapping[str, str]) -> ReadRow:
    """Read the cells of one row by our column's key; an empty cell says nothing, 「（消す）」 empties."""
    row = ReadRow()
    for key, raw in cells.items():
        text = raw.strip().removeprefix("'") if raw.startswith(("'=", "'+", "'-", "'@")) else raw.strip()
        if text == CLEAR:
            _clear(row, key)
        elif text:
            _READERS.get(key, _as_text)(row, key, text)
    _add_up(row)
    return row


def _add_up(row: ReadRow) -> None:
    """年間件数 of a table that counts paper and online apart; a total that is written counts more than the sum of its parts."""
    parts = [row.values.pop(key) for key in ("paper_volume", "post_volume") if key in row.values]
    if not parts:
        return
    paper, online, total = sum(parts), row.values.get("online_volume"), row.values.get("volume")
    if total is None:
        row.values["volume"] = paper + (online or 0)
        if online is None:
            row.notes.append("オンラインの件数がないので、紙の件数だけを年間件数にします。")
    elif online is None and paper <= total:
        row.values["online_volume"] = total - paper
        row.notes.append("オンラインの件数は、年間件数から紙の件数を引いた数です。")
    elif paper + (online or 0) != total:
        row.notes.append(
            f"紙とオンラインの合計（{paper + (online or 0):,}件）が年間件数と合いません。年間件数のままにします。"
        )


def _clear(row: ReadRow, key: str) -> None:
    empty: dict[str, Any] = {
        "volume": None, "online_volume": None, "target_year": None, "attachments": [], "needs": [], "channels": [],
        "life_events": [], "institutions": [], "department": None, "founding": "", "seal": "", "visit": "", "note": "",
    }  # fmt: skip
    if key == "processing":
        row.values["standard_processing_days"] = None
    elif key in TEXT_KEYS:
        language, name = key.split(".")
        row.texts.setdefault(language, {})[name] = ""
    elif key in empty or (key in _TEXTS and key not in {"name", "excluded_reason"}):
        row.values[key] = empty.get(key, "")
    else:
        row.faults.append(f"「{LABELS[key]}」は消せません。")


def _as_text(row: ReadRow, key: str, text: str) -> None:
    longest = _LONGEST.get(key)
    if longest and len(text) > longest:
        row.faults.append(f"「{LABELS[key]}」が{longest}文字を超えています。")
        return
    is_line = key in {"name", "legal_basis"}
    row.values[key] = " ".join(text.split()) if is_line else text


def _word(row: ReadRow, key: str, text: str) -> None:
    if key in _LONGEST and len(text) > _LONGEST[key]:
        row.faults.append(f"「{LABELS[key]}」が{_LONGEST[key]}文字を超えています。")
    row.words[key] = text


def _unread(row: ReadRow, key: str, text: str) -> None:
    line = f"{LABELS[key]}：{' '.join(text.split())}"
    row.remarks.append(line[:500])
    row.notes.append(f"「{LABELS[key]}」の「{text[:40]}」は読み取れないので、備考に残します。")


def _number(row: ReadRow, key: str, text: str) -> None:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if plain in _NOTHING:
        return
    match = re.fullmatch(r"(?:年間?|約)?([0-9]{1,12})(?:\.0+)?(?:件|通|人|回)?(?:程度|/年)?", plain)
    if match is None:
        _unread(row, key, text)
        return
    row.values[key] = int(match[1])
    if "約" in plain or "程度" in plain:
        row.notes.append(f"「{LABELS[key]}」はおよその数です（{text}）。")


def _choice(words: Mapping[str, Sequence[str]]) -> Callable[[ReadRow, str, str], None]:
    by_word = {fold(word): code for code, given in words.items() for word in given}

    def read(row: ReadRow, key: str, text: str) -> None:
        code = by_word.get(fold(text))
        if code is not None:
            row.values[key] = code
        elif text not in _NOTHING:
            _unread(row, key, text)

    return read


def _kind(row: ReadRow, key: str, text: str) -> None:
    if text.endswith(("（推定）", "(推定)")):
        return
    found = [kind.value for kind, road in ROADS.items() if road.label in text]
    extra = {
        "許可": "disposition",
        "認可": "disposition",
        "申請": "disposition",
        "補助": "disposition",
        "予約": "request",
        "交付請求": "certificate",
    }
    found = found or [code for word, code in extra.items() if word in text]
    if len(found) == 1:
        row.values["kind"] = found[0]
    elif text not in _NOTHING:
        _unread(row, key, text)


def _demand(row: ReadRow, key: str, text: str) -> None:
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    head = re.split(r"[\s(（、,]", plain)[0]
    if head in {unicodedata.normalize("NFKC", each) for each in _NO}:
        row.values[key] = "none"
    elif head in {unicodedata.normalize("NFKC", each) for each in _YES} or plain in ("認印", "実印", "代表者印"):
        row.values[key] = "required"
        if head != plain or plain in ("認印", "実印", "代表者印"):
            row.remarks.append(f"{LABELS[key]}：{text}")
    elif plain not in _NOTHING:
        _unread(row, key, text)


def _processing(row: ReadRow, key: str, text: str) -> None:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    if plain in _NOTHING:
        return
    open_days = re.fullmatch(r"([0-9]{1,3})(?:開庁日|営業日|執務日|業務日)(?:以内|程度)?", plain)
    if open_days:
        row.values |= {"standard_processing_days": int(open_days[1]), "standard_processing_unit": Unit.BUSINESS.value}
        return
    bare = plain.removesuffix("以内").removesuffix("程度")
    days = suggest_days(f"{bare}日" if bare.isascii() and bare.isdigit() else bare)
    if days is None or days > 999:
        _unread(row, key, text)
    else:
        row.values |= {"standard_processing_days": days, "standard_processing_unit": Unit.CALENDAR.value}


def _list(row: ReadRow, key: str, text: str) -> None:
    longest = 60 if key == "institutions" else 200
    parts = [part.strip()[:longest] for part in _LIST.split(text)]
    row.values[key] = [part for part in parts if part and part not in {"なし", "無し", "無", *_NOTHING}][:50]


def _codes(words: Mapping[str, str]) -> Callable[[ReadRow, str, str], None]:
    def read(row: ReadRow, key: str, text: str) -> None:
        known = {fold(label): code for code, label in words.items()}
        whole = [part for part in (each.strip() for each in _LIST.split(text)) if part]
        parts = whole if all(fold(part) in known for part in whole) else [p.strip() for p in _SEPARATORS.split(text)]
        found = [known.get(fold(part)) for part in parts if part]
        if found and all(found):
            row.values[key] = list(dict.fromkeys(found))
        else:
            _unread(row, key, text)

    return read


def _year(row: ReadRow, key: str, text: str) -> None:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    reiwa = re.fullmatch(r"(?:令和|R|r)(元|[0-9]{1,2})(?:年度?)?", plain)
    western = re.fullmatch(r"(20[0-9]{2})(?:年度?)?", plain)
    if reiwa:
        row.values[key] = 2018 + (1 if reiwa[1] == "元" else int(reiwa[1]))
    elif western:
        row.values[key] = int(western[1])
    elif plain not in _NOTHING:
        _unread(row, key, text)


def _online_state(row: ReadRow, key: str, text: str) -> None:
    """What the town's own table says of today: done elsewhere counts as online, here nothing is opened by a word."""
    if text in _DONE:
        row.words["done_elsewhere"] = text
    elif text not in _TO_COME and text not in _NOTHING:
        _unread(row, key, text)


def _text_of_residents(row: ReadRow, key: str, text: str) -> None:
    language, name = key.split(".")
    if name == "name" and len(text) > 300:
        row.faults.append(f"「{LABELS[key]}」が300文字を超えています。")
        return
    row.texts.setdefault(language, {})[name] = text


def _note(row: ReadRow, key: str, text: str) -> None:
    row.remarks = [*[line.strip() for line in text.splitlines() if line.strip()], *row.remarks]


def _act(row: ReadRow, key: str, text: str) -> None:
    code = next((code for code, words in ACTS.items() if text in words), None)
    if code is None:
        row.faults.append(
            f"操作「{text[:20]}」は使えません。{'・'.join(words[0] for words in ACTS.values())}のどれかを書きます。"
        )
    else:
        row.words["act"] = code


_READERS: dict[str, Callable[[ReadRow, str, str], None]] = {
    "kind": _kind,
    "basis": _choice({"law": ("法令", "国の法令", "法律", "政令", "省令"), "ordinance": ("条例・規則・要綱", "条例", "規則", "要綱", "例規")}),
    "founding": _choice(
        {
            "law": ("国の法令", "国", "法令", "law"),
            "prefecture": ("都道府県の条例等", "都道府県", "県", "府", "都", "道"),
            "own": ("自団体の条例・要綱等", "自団体", "町", "市", "村", "区", "独自", "町単独", "市単独", "村単独", "単独"),
        }
    ),
    "department": _word,
    "form_from": _word,
    "exclusion_rule": _word,
    "survey_id": _word,
    "id": _word,
    "stage": _word,
    "act": _act,
    "volume": _number,
    "online_volume": _number,
    "paper_volume": _number,
    "post_volume": _number,
    "seal": _demand,
    "visit": _demand,
    "processing": _processing,
    "attachments": _list,
    "needs": _list,
    "institutions": _list,
    "channels": _codes({"online": "オンライン", "counter": "窓口", "post": "郵送"}),
    "life_events": _codes(LIFE_EVENTS),
    "target_year": _year,
    "online_state": _online_state,
    "identity_check": _choice(
        {
            IdentityCheck.NONE.value: ("求めない", "不要", "なし"),
            IdentityCheck.ADDRESS.value: ("メールアドレスの確認（確認コード）", "メールアドレスの確認", "メール"),
            IdentityCheck.PERSON.value: ("外部の認証（デジタル認証アプリ・GビズIDなど）", "外部の認証"),
        }
    ),
    "note": _note,
} | dict.fromkeys(TEXT_KEYS, _text_of_residents)  # fmt: skip
