"""理由の提示と教示: what a refusal must say, with its legal sources.

* Reasons: 行政手続法8条1項・2項 (shown at the same time, in writing when the disposition is). A
  disposition founded on the town's own 条例 or 規則 falls under the town's 行政手続条例 instead
  (行政手続法3条3項), so the citation differs.
* 教示 of the request for review: 行政不服審査法82条1項; its term 18条1項・2項 (three months from the
  day after the person knew, one year from the day after the disposition).
* 教示 of the suit: 行政事件訴訟法46条1項; its term 14条1項・2項 (six months, one year); the
  defendant 11条1項 (the local government, represented by its head). Where a law lets nobody sue before the 裁決, that
  is taught too (46条1項3号); where it allows no 審査請求, only the suit is.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

__all__ = [
    "ORDINARY",
    "Appeal",
    "Basis",
    "Decider",
    "Review",
    "guess_basis",
    "is_taught",
    "law_of_correction",
    "law_of_reasons",
    "reason_heading",
    "refusal_text",
    "teaching_paragraphs",
    "teaching_text",
]


class Basis(enum.StrEnum):
    """What the disposition is founded on."""

    LAW = "law"
    ORDINANCE = "ordinance"


class Review(enum.StrEnum):
    """Who judges a 審査請求."""

    HEAD = "head"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Appeal:
    """How one may object: to whom, within how many months of knowing, and whether the suit must wait for the 裁決."""

    review: Review = Review.HEAD
    office: str = ""
    months: int = 3
    comes_first: bool = False


ORDINARY = Appeal()


@dataclass(frozen=True, slots=True)
class Decider:
    """In whose name the disposition is made: ひばり町 and its head 長, 白鷺県 and its head 知事."""

    government_name: str
    head_title: str

    @property
    def name(self) -> str:
        """The office that made the disposition, e.g. ひばり町長, 白鷺県知事."""
        return f"{self.government_name}{self.head_title}"


_OWN_RULES = re.compile(r"条例|要綱|要領")
_LAWS = re.compile(r"法(?:[第施律\s　（(、]|$)|[政省府]令|憲法")


def guess_basis(legal_basis: str) -> Basis:
    """Law or the town's own rules, by the words of a legal basis; one that names both, or neither, counts as a law."""
    is_own = bool(_OWN_RULES.search(legal_basis)) and not _LAWS.search(legal_basis)
    return Basis.ORDINANCE if is_own else Basis.LAW


def reason_heading(basis: Basis, government_name: str) -> str:
    """Name the rule under which the reasons are shown."""
    if basis is Basis.LAW:
        return "処分の理由（行政手続法第８条）"
    return f"処分の理由（{government_name}行政手続条例）"


def law_of_reasons(basis: Basis) -> str:
    """Name the rule that asks for reasons, to staff, who know which ordinance is theirs."""
    return "行政手続法第8条" if basis is Basis.LAW else "行政手続条例（行政手続法第8条に当たる規定）"


def law_of_correction(*, is_disposition: bool, basis: Basis, government_name: str) -> str:
    """Name the rule under which a 補正 is asked.

    Applications under a law fall under 行政手続法7条, those under the town's own 条例・規則 under its 行政手続条例 (3条3項). A 届出
    is no application: what it must contain is said by 37条 or by the town's ordinance.
    """
    if not is_disposition:
        return "手続の定め（申請に対する処分ではないため、行政手続法第7条は適用されません）"
    if basis is Basis.LAW:
        return "行政手続法第7条"
    return f"{government_name}行政手続条例（行政手続法第7条に当たる規定）"


def is_taught(text: str) -> bool:
    """Whether a notice tells of the request for review and of the suit; wording is free, silence is not."""
    return "審査請求" in text and ("取消しの訴え" in text or "取消訴訟" in text)


_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


def teaching_paragraphs(decider: Decider, appeal: Appeal = ORDINARY) -> tuple[str, str]:
    """The 教示 in the wording used by local governments: the request for review, then the suit."""
    return (_review_paragraph(decider, appeal), _suit_paragraph(decider, appeal))


def _review_paragraph(decider: Decider, appeal: Appeal) -> str:
    if appeal.review is Review.NONE:
        return "１　この処分については、審査請求をすることができません。"
    months = str(appeal.months).translate(_DIGITS)
    office = appeal.office if appeal.review is Review.OTHER and appeal.office else decider.name
    return (
        f"１　この処分に不服があるときは、この処分があったことを知った日の翌日から起算して{months}か月以内に、"
        f"{office}に対して審査請求をすることができます（なお、この処分があったことを知った日の翌日から"
        f"起算して{months}か月以内であっても、この処分の日の翌日から起算して１年を経過すると、審査請求を"
        "することができなくなります。）。"
    )


def _suit_paragraph(decider: Decider, appeal: Appeal) -> str:
    town, head = decider.government_name, decider.name
    whom = f"{town}を被告として（訴訟において{town}を代表する者は{head}となります。）"
    if appeal.comes_first and appeal.review is not Review.NONE:
        return (
            "２　この処分の取消しの訴えは、１の審査請求に対する裁決を経た後でなければ提起することができません"
            "（審査請求があった日の翌日から起算して３か月を経過しても裁決がないとき、処分の執行等による著しい損害を"
            "避けるため緊急の必要があるとき、その他裁決を経ないことにつき正当な理由があるときを除きます。）。"
            f"裁決があったことを知った日の翌日から起算して６か月以内に、{whom}提起することができます"
            "（裁決の日の翌日から起算して１年を経過すると、提起することができなくなります。）。"
        )
    own_term = (
        "２　この処分の取消しの訴えは、この処分があったことを知った日の翌日から起算して６か月以内に、"
        f"{whom}提起することが"
        "できます（なお、この処分があったことを知った日の翌日から起算して６か月以内であっても、"
        "この処分の日の翌日から起算して１年を経過すると、提起することができなくなります。）。"
    )
    if appeal.review is Review.NONE:
        return own_term
    return own_term + (
        "ただし、１の審査請求をした場合には、その審査請求に対する裁決があったことを知った日の翌日から"
        "起算して６か月以内（裁決の日の翌日から起算して１年を経過したときを除きます。）に提起することが"
        "できます。"
    )


def teaching_text(decider: Decider) -> str:
    """Both paragraphs of the 教示 as one text."""
    return "\n".join(teaching_paragraphs(decider))


def refusal_text(*, basis: Basis, decider: Decider, reason: str) -> str:
    """Reasons and 教示 of a refusal, ready for the notice.

    Raises ValueError when the reason is empty: a refusal without reasons is unlawful.
    """
    if not reason.strip():
        raise ValueError("拒否する処分には理由を示さなければなりません（行政手続法第８条）。")
    return f"{reason_heading(basis, decider.government_name)}\n{reason.strip()}\n\n教示\n{teaching_text(decider)}"
