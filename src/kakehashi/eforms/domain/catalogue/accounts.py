"""口座: bank and branch by code and name, or the 記号・番号 of ゆうちょ銀行, which become 店番 and 口座番号."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kakehashi.eforms.domain.catalogue.base import Context, FieldType, Input, Wrong, parts_of, typed_parts, typed_text
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.problems import Problem, gettext_noop, pgettext
from kakehashi.eforms.domain.text_cleaning import fold_ascii
from kakehashi.kernel.folding import to_katakana

__all__ = ["BankAccountType", "Branch", "PostalAccount", "postal_account"]

YUCHO_CODE, YUCHO_NAME = "9900", "ゆうちょ銀行"
_DIGIT_WORDS = str.maketrans("0123456789", "〇一二三四五六七八九")
_SYMBOL = re.compile(r"[01][0-9]{3}0")
_HOLDER = r"^[ァ-ヶー0-9A-Z()（）.,．，\-／/「」 ]{1,60}$"
_HOLDER_PATTERN = re.compile(_HOLDER)
TYPES = (
    ("", pgettext("form part", "選んでください")),
    ("ordinary", pgettext("form part", "普通")),
    ("checking", pgettext("form part", "当座")),
    ("savings", pgettext("form part", "貯蓄")),
)
_ENGLISH = {"ordinary": "ordinary", "checking": "checking", "savings": "savings"}
_LABELS = {
    "bank_code": pgettext("form part", "金融機関番号（4けた）"),
    "bank_name": pgettext("form part", "金融機関の名前"),
    "branch_code": pgettext("form part", "店番（3けた）"),
    "branch_name": pgettext("form part", "支店の名前"),
    "type": pgettext("form part", "預金の種類"),
    "number": pgettext("form part", "口座番号（7けた）"),
    "symbol": pgettext("form part", "ゆうちょ銀行の記号（5けた）"),
    "postal_number": pgettext("form part", "ゆうちょ銀行の番号"),
    "holder": pgettext("form part", "口座の名義（カナ）"),
}
POSTAL_HINT = gettext_noop("ゆうちょ銀行のときは、通帳の記号と番号を書けば、上は書かなくてもかまいません")
SHORT_HINT = gettext_noop("7けたより短いときは、そのまま入力してください")
BAD_BANK_CODE = gettext_noop("金融機関番号は4けたの数字で入力してください。通帳やキャッシュカードに書いてあります。")
BAD_BRANCH_CODE = gettext_noop("店番は3けたの数字で入力してください。通帳やキャッシュカードに書いてあります。")
BAD_NUMBER = gettext_noop("口座番号は7けたまでの数字で入力してください。")
BAD_HOLDER = gettext_noop("口座の名義は、通帳に書いてあるとおり、カタカナと英数字で入力してください。")
BAD_SYMBOL = gettext_noop("ゆうちょ銀行の記号は、1か0で始まり0で終わる5けたの数字です。通帳を確かめてください。")
BAD_POSTAL_NUMBER = gettext_noop("ゆうちょ銀行の番号は、8けたまでの数字で入力してください。")
POSTAL_END = gettext_noop("記号が1で始まるとき、ゆうちょ銀行の番号は1で終わります。通帳を確かめてください。")
POSTAL_ONLY = gettext_noop("ゆうちょ銀行の記号・番号か、ほかの金融機関の口座か、どちらか一つを書いてください。")
MISSING = {
    "bank_code": gettext_noop("金融機関番号を入力してください。"),
    "bank_name": gettext_noop("金融機関の名前を入力してください。"),
    "branch_code": gettext_noop("店番を入力してください。"),
    "branch_name": gettext_noop("支店の名前を入力してください。"),
    "type": gettext_noop("預金の種類を選んでください。"),
    "number": gettext_noop("口座番号を入力してください。"),
    "holder": gettext_noop("口座の名義を入力してください。"),
    "postal_number": gettext_noop("ゆうちょ銀行の番号を入力してください。"),
    "symbol": gettext_noop("ゆうちょ銀行の記号を入力してください。"),
}
_NOT_A_TYPE = gettext_noop("預金の種類を一覧の中から選んでください。")
NO_BRANCH = gettext_noop("この番号の金融機関と支店は、一覧にありませんでした。名前をそのまま入力してください。")


@dataclass(frozen=True)
class Branch:
    """A branch of a bank from the town's own list."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str


@dataclass(frozen=True)
class PostalAccount:
    """A ゆうちょ account as other banks call it."""

    branch_code: str
    branch_name: str
    type: str
    number: str


def postal_account(symbol: str, number: str) -> PostalAccount | None:
    """記号・番号 as 店番・預金種目・口座番号; None where the number does not fit the symbol.

    A 記号 that begins with 1 is 通常貯金: the 店番 is its second and third digit and 8, the 口座番号 the 番号 without its last digit, which is 1.
    One that begins with 0 is 振替口座: 店番 ends with 9, the 番号 stays. (ゆうちょ銀行「記号番号から振込用の店名・預金種目・口座番号への変換」)
    """
    if symbol.startswith("1"):
        if not number.endswith("1") or len(number) < 2:
            return None
        branch, kind, account = f"{symbol[1:3]}8", "ordinary", number[:-1].zfill(7)
    else:
        if len(number) > 7:
            return None
        branch, kind, account = f"{symbol[1:3]}9", "checking", number.zfill(7)
    return PostalAccount(branch, branch.translate(_DIGIT_WORDS), kind, account)


class BankAccountType(FieldType):
    """口座: kept as bank, branch, kind, number and holder; a ゆうちょ account also with what stands in the passbook."""

    code = "bank_account"
    label = "振込先の口座"
    parts = (
        "bank_code",
        "branch_code",
        "bank_name",
        "branch_name",
        "type",
        "number",
        "symbol",
        "postal_number",
        "holder",
    )
    is_group = True
    takes_free_text = False

    def parse(self, field_: Field, raw: object, context: Context) -> dict[str, str] | None:
        """The account, None when all is empty."""
        if raw is None or raw == "":
            return None
        parts = parts_of(field_, raw, self.parts, 60)
        if not any(parts.values()):
            return None
        for part in ("bank_code", "branch_code", "number", "symbol", "postal_number"):
            parts[part] = re.sub(r"[\s-]", "", fold_ascii(parts[part]))
        parts["holder"] = to_katakana(parts["holder"]).upper()
        is_postal = bool(parts["symbol"] or parts["postal_number"])
        problems = list(_postal_problems(parts) if is_postal else _bank_problems(parts))
        if not parts["holder"]:
            problems.append(Problem(MISSING["holder"], part="holder"))
        elif not _HOLDER_PATTERN.fullmatch(parts["holder"]):
            problems.append(Problem(BAD_HOLDER, part="holder"))
        if problems:
            raise Wrong(*problems)
        return _postal(parts) if is_postal else {**parts, "number": parts["number"].zfill(7)}

    def fill(self, field_: Field, typed: object, find: Any) -> dict[str, str]:
        """What was typed, with the names of its bank and branch (「名前を入れる」). ``find(bank, branch)`` gives a Branch or None.

        Raises Wrong where the list has no such branch.
        """
        given = {part: typed_text(typed_parts(typed).get(part)) for part in self.parts}
        codes = [re.sub(r"[\s-]", "", fold_ascii(given[part]))[:10] for part in ("bank_code", "branch_code")]
        found: Branch | None = find(*codes) if find is not None else None
        if found is None:
            raise Wrong(Problem(NO_BRANCH, part="bank_code"))
        return given | {
            "bank_code": found.bank_code,
            "bank_name": found.bank_name,
            "branch_code": found.branch_code,
            "branch_name": found.branch_name,
        }

    def schema(self, field_: Field) -> dict[str, Any]:
        """Codes of fixed length and texts."""
        text = {"type": "string", "maxLength": 60}
        return {
            "type": "object",
            "required": list(self.parts),
            "properties": {
                "bank_code": {"type": "string", "pattern": "^[0-9]{4}$"},
                "bank_name": {**text, "minLength": 1},
                "branch_code": {"type": "string", "pattern": "^[0-9]{3}$"},
                "branch_name": {**text, "minLength": 1},
                "type": {"enum": [code for code, _ in TYPES if code]},
                "number": {"type": "string", "pattern": "^[0-9]{7}$"},
                "symbol": {"type": "string", "pattern": "^([0-9]{5})?$"},
                "postal_number": {"type": "string", "pattern": "^[0-9]{0,8}$"},
                "holder": {"type": "string", "pattern": _HOLDER},
            },
            "additionalProperties": False,
        }

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """Nine controls; the page puts the button 「名前を入れる」 after the codes."""
        values: Mapping[str, Any] = typed_parts(typed)
        return [self._input(f"{prefix}{field_.key}.{part}", part, values.get(part)) for part in self.parts]

    def _input(self, name: str, part: str, value: object) -> Input:
        is_code = part in ("bank_code", "branch_code", "number", "symbol", "postal_number")
        return Input(
            name=name,
            label=_LABELS[part],
            part=part,
            control="select" if part == "type" else "input",
            value=typed_text(value),
            inputmode="numeric" if is_code else "",
            autocomplete="off",
            maxlength=12 if is_code else 60,
            width="half" if part not in ("type", "number", "holder") else "",
            choices=TYPES if part == "type" else (),
            hint={"symbol": POSTAL_HINT, "number": SHORT_HINT}.get(part, ""),
        )

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """ひばり銀行（0001） 本店（001） 普通 1234567 ヤマダ ハナコ."""
        kind = (_ENGLISH if language == "en" else dict(TYPES)).get(value["type"], value["type"])
        postal = f"（記号{value['symbol']} 番号{value['postal_number']}）" if value.get("symbol") else ""
        return (
            f"{value['bank_name']}（{value['bank_code']}） {value['branch_name']}（{value['branch_code']}） "
            f"{kind} {value['number']}{postal} {value['holder']}"
        )


def _bank_problems(parts: Mapping[str, str]) -> list[Problem]:
    needed = ("bank_code", "branch_code", "bank_name", "branch_name", "type", "number")
    found = [Problem(MISSING[part], part=part) for part in needed if not parts[part]]
    shapes = (("bank_code", 4, 4, BAD_BANK_CODE), ("branch_code", 3, 3, BAD_BRANCH_CODE), ("number", 1, 7, BAD_NUMBER))
    for part, least, most, message in shapes:
        if parts[part] and not re.fullmatch(rf"[0-9]{{{least},{most}}}", parts[part]):
            found.append(Problem(message, part=part))
    if parts["type"] and parts["type"] not in dict(TYPES):
        found.append(Problem(_NOT_A_TYPE, part="type"))
    return found


def _postal_problems(parts: Mapping[str, str]) -> list[Problem]:
    # What was worked out before comes back with the passbook's figures; another bank beside them is a contradiction.
    if parts["bank_code"] not in ("", YUCHO_CODE):
        return [Problem(POSTAL_ONLY, part="symbol")]
    missing = [Problem(MISSING[part], part=part) for part in ("symbol", "postal_number") if not parts[part]]
    if missing:
        return missing
    if not _SYMBOL.fullmatch(parts["symbol"]):
        return [Problem(BAD_SYMBOL, part="symbol")]
    if not re.fullmatch(r"[0-9]{1,8}", parts["postal_number"]):
        return [Problem(BAD_POSTAL_NUMBER, part="postal_number")]
    if postal_account(parts["symbol"], parts["postal_number"]) is None:
        message = POSTAL_END if parts["symbol"].startswith("1") else BAD_POSTAL_NUMBER
        return [Problem(message, part="postal_number")]
    return []


def _postal(parts: Mapping[str, str]) -> dict[str, str]:
    account = postal_account(parts["symbol"], parts["postal_number"])
    assert account is not None  # Judged just before
    return {
        "bank_code": YUCHO_CODE,
        "bank_name": YUCHO_NAME,
        "branch_code": account.branch_code,
        "branch_name": account.branch_name,
        "type": account.type,
        "number": account.number,
        "symbol": parts["symbol"],
        "postal_number": parts["postal_number"],
        "holder": parts["holder"],
    }
