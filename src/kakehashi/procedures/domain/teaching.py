"""理由の提示と教示: what a refusal must say, with its legal sources.

* Reasons: 行政手続法8条1項・2項 (shown at the same time, in writing when the disposition is). A
  disposition founded on the town's own 条例 or 規則 falls under the town's 行政手続条例 instead
  (行政手続法3条3項), so the citation differs.
* 教示 of the request for review: 行政不服審査法82条1項; its term 18条1項・2項 (three months from the
  day after the person knew, one year from the day after the disposition).
* 教示 of the suit: 行政事件訴訟法46条1項; its term 14条1項・2項 (six months, one year); the
  defendant 11条1項 (the local government, represented by its head).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["Basis", "Decider", "reason_heading", "refusal_text", "teaching_paragraphs", "teaching_text"]


class Basis(enum.StrEnum):
    """What the disposition is founded on."""

    LAW = "law"
    ORDINANCE = "ordinance"


@dataclass(frozen=True, slots=True)
class Decider:
    """In whose name the disposition is made: ひばり町 and its head 長, 白鷺県 and its head 知事."""

    government_name: str
    head_title: str

    @property
    def name(self) -> str:
        """The office that made the disposition, e.g. ひばり町長, 白鷺県知事."""
        return f"{self.government_name}{self.head_title}"


def reason_heading(basis: Basis, government_name: str) -> str:
    """Name the rule under which the reasons are shown."""
    if basis is Basis.LAW:
        return "処分の理由（行政手続法第８条）"
    return f"処分の理由（{government_name}行政手続条例）"


def teaching_paragraphs(decider: Decider) -> tuple[str, str]:
    """The 教示 in the wording used by local governments: the request for review, then the suit."""
    town, head = decider.government_name, decider.name
    return (
        (
            "１　この処分に不服があるときは、この処分があったことを知った日の翌日から起算して３か月以内に、"
            f"{head}に対して審査請求をすることができます（なお、この処分があったことを知った日の翌日から"
            "起算して３か月以内であっても、この処分の日の翌日から起算して１年を経過すると、審査請求を"
            "することができなくなります。）。"
        ),
        (
            "２　この処分の取消しの訴えは、この処分があったことを知った日の翌日から起算して６か月以内に、"
            f"{town}を被告として（訴訟において{town}を代表する者は{head}となります。）提起することが"
            "できます（なお、この処分があったことを知った日の翌日から起算して６か月以内であっても、"
            "この処分の日の翌日から起算して１年を経過すると、提起することができなくなります。）。"
            "ただし、１の審査請求をした場合には、その審査請求に対する裁決があったことを知った日の翌日から"
            "起算して６か月以内（裁決の日の翌日から起算して１年を経過したときを除きます。）に提起することが"
            "できます。"
        ),
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
