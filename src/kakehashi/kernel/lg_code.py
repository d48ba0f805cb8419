"""全国地方公共団体コード: check digit, and the repair of codes that a spreadsheet has damaged.

Six digits: two for the prefecture, three for the body, one check digit (総務省 「全国地方公共団体コード仕様」).
Spreadsheets lose the leading zero, and older lists leave out the check digit; so 札幌市 appears as 011002, 11002, 01100 and 1100.
A repair is made only when one reading is possible. Ambiguous input is an error, never a guess.
"""

import unicodedata
from collections.abc import Collection
from enum import Enum

_WEIGHTS = (6, 5, 4, 3, 2)
_FIRST_BODY = 100


class LgCodeError(ValueError):
    """A code that cannot be repaired beyond doubt; the message is Japanese and names the code."""


class CodeForm(Enum):
    """What is known about a column of codes before reading one of them."""

    ANY = "any"
    WITH_CHECK = "with check digit"
    WITHOUT_CHECK = "without check digit"


def check_digit(code5: str) -> str:
    """Return the check digit of a five-digit code: the last digit of 11 − (6a+5b+4c+3d+2e) mod 11.

    Raises LgCodeError unless ``code5`` is five ASCII digits.
    """
    if len(code5) != len(_WEIGHTS) or not _is_digits(code5):
        raise LgCodeError(f"「{code5}」は5桁の団体コードではありません。")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code5, strict=True))
    return str((11 - total % 11) % 10)


def is_valid(code: str) -> bool:
    """Return whether ``code`` is six digits of an existing prefecture with a right check digit."""
    return len(code) == 6 and _is_digits(code) and _has_prefecture(code) and check_digit(code[:5]) == code[5]


def normalise(text: str, *, form: CodeForm = CodeForm.ANY, known: Collection[str] | None = None) -> str:
    """Return the six-digit code that ``text`` means. Raises LgCodeError when it has no meaning, or two.

    Full-width digits and surrounding spaces are accepted. Four and five digits are read as codes without their zero, without
    their check digit, or both; the check digit proves a restored zero. ``form`` says what is known of the whole column;
    ``known`` (six-digit codes) settles a doubt between two well-formed readings. Both only narrow the choice.
    """
    digits = unicodedata.normalize("NFKC", text).strip()
    if not digits or not _is_digits(digits):
        raise LgCodeError(f"「{text}」は団体コードではありません。数字6桁で入力してください。")
    candidates = readings(digits, form=form)
    if known is not None and len(candidates) > 1:
        candidates = [code for code in candidates if code in known] or candidates
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise LgCodeError(f"「{text}」は{'とも'.join(candidates)}とも読めます。6桁で入力してください。")
    raise LgCodeError(_why_not(text, digits))


def readings(text: str, *, form: CodeForm = CodeForm.ANY) -> list[str]:
    """Return every well-formed six-digit code that ``text`` may stand for: none, one, or two.

    For callers that have other evidence, such as the name of the prefecture in the same line.
    """
    digits = unicodedata.normalize("NFKC", text).strip()
    found: list[str] = []
    if not _is_digits(digits):
        return found
    if form is not CodeForm.WITHOUT_CHECK and len(digits) in (5, 6):
        whole = digits.zfill(6)
        if is_valid(whole):
            found.append(whole)
    if form is not CodeForm.WITH_CHECK and len(digits) in (4, 5):
        body = digits.zfill(5)
        if _has_prefecture(body) and _has_body(body):
            found.append(body + check_digit(body))
    return found


def _why_not(text: str, digits: str) -> str:
    if len(digits) == 6 and not _has_prefecture(digits):
        return f"「{text}」の上2桁が都道府県コード(01〜47)ではありません。"
    if len(digits) == 6:
        return f"「{text}」の検査数字が合いません({digits[:5]}の検査数字は{check_digit(digits[:5])}です)。"
    return f"「{text}」は団体コードとして読み取れません。6桁で入力してください。"


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _has_prefecture(code: str) -> bool:
    return 1 <= int(code[:2]) <= 47


def _has_body(code5: str) -> bool:
    """Bodies are 000 (the prefecture) or 100 and above (cities and wards, towns and villages, associations)."""
    return code5[2:] == "000" or int(code5[2:]) >= _FIRST_BODY
