"""公開の関門: what must be in order before a procedure goes online, each a small rule with a sentence.

The same rules judge one procedure on its page, hundreds in a file, and a call of the API. A gate that is only advised never stops
anybody; it stands on the checklist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.definition import FormDefinition

__all__ = ["GATES", "Check", "Facts", "Gate", "asks_anything", "check_gates", "hard_to_use", "missing"]

MOST_QUESTIONS = 25
"""More questions than this on one page are too many to go through with a screen reader or on a phone."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gates look at, of one procedure as it is or as a batch would leave it.

    `languages` are those in which somebody wrote what the procedure is for; `faults` what makes the form hard to use.
    """

    kind_confirmed: bool
    legal_basis: str
    online_basis: str
    has_department: bool
    contact: str
    retention_class: str
    privacy_purpose: str
    languages: frozenset[str]
    has_other_way: bool
    has_form: bool
    is_reviewed: bool
    asks: bool
    faults: tuple[str, ...]
    identity_ready: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule: `holds` judges, `sentence` says what to do when it does not."""

    code: str
    label: str
    sentence: str
    holds: Callable[[Facts], bool]
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """A gate that was judged; `sentence` is empty when it holds."""

    gate: Gate
    holds: bool
    sentence: str


GATES = (
    Gate("kind", "種類", "手続の種類（届出・申込・証明・処分）を確認してください。", lambda one: one.kind_confirmed),
    Gate(
        "legal_basis", "根拠法令・条例", "根拠法令・条例を書いてください。", lambda one: bool(one.legal_basis.strip())
    ),
    Gate("department", "所管課", "所管課を決めてください。", lambda one: one.has_department),
    Gate("contact", "問合せ先", "問合せ先を書いてください。", lambda one: bool(one.contact.strip())),
    Gate(
        "personal_data",
        "個人情報",
        "個人情報の利用目的を書いてください（個人情報の保護に関する法律62条）。",
        lambda one: bool(one.privacy_purpose.strip()) or not one.asks,
    ),
    Gate(
        "retention_class",
        "保存期間",
        "文書分類（保存期間の表の記号）を書いてください。",
        lambda one: bool(one.retention_class.strip()),
    ),
    Gate(
        "language", "案内文", "住民が読む文章（何のための手続か）を書いてください。", lambda one: "ja" in one.languages
    ),
    Gate("form", "様式", "様式を作って、公開（版の確定）をしてください。", lambda one: one.has_form),
    Gate(
        "accessibility",
        "使いやすさ",
        "様式に、読み上げやスマートフォンで使いにくいところがあります。",
        lambda one: not one.faults,
    ),
    Gate(
        "review",
        "人による確認",
        "いまの版の様式を、人が確認してください（「様式を確認した」を押します）。",
        lambda one: one.is_reviewed or not one.has_form,
    ),
    Gate(
        "identity",
        "本人確認",
        "本人確認に使う外部の認証（デジタル認証アプリなど）を登録するか、「台帳を書く」で本人確認を変えてください。",
        lambda one: one.identity_ready,
    ),
    Gate(
        "other_languages",
        "ほかの言語",
        "やさしい日本語と英語の案内文がそろっていません。",
        lambda one: {"ja-easy", "en"} <= one.languages,
        is_required=False,
    ),
    Gate(
        "online_basis",
        "オンライン化の根拠",
        "オンライン化の根拠（行政手続等における情報通信技術の利用に関する条例など）が書かれていません。",
        lambda one: bool(one.online_basis.strip()),
        is_required=False,
    ),
    Gate(
        "other_way",
        "ほかの方法",
        "窓口か郵送でもできることが書かれていません。",
        lambda one: one.has_other_way,
        is_required=False,
    ),
)
"""Every gate, in the order of the checklist; the required ones first."""


def check_gates(facts: Facts) -> list[Check]:
    """Judge every gate."""
    return [_judged(gate, facts) for gate in GATES]


def _judged(gate: Gate, facts: Facts) -> Check:
    if gate.holds(facts):
        return Check(gate, True, "")
    details = "".join(facts.faults[:3]) if gate.code == "accessibility" else ""
    return Check(gate, False, f"{gate.sentence}{details}")


def missing(facts: Facts) -> list[str]:
    """The sentences of the required gates that do not hold; an empty list lets the procedure through."""
    return [check.sentence for check in check_gates(facts) if check.gate.is_required and not check.holds]


def asks_anything(definition: FormDefinition) -> bool:
    """Whether the form keeps an answer: whatever an applicant writes beside their name is personal data."""
    return any(type_.keeps_answer for _, field in definition.walk() if (type_ := CATALOGUE.get(field.type)) is not None)


def hard_to_use(definition: FormDefinition) -> Iterator[str]:
    """What makes a form hard to use by ear or on a phone, as sentences."""
    for step in definition.steps:
        asked = [one for one in step.fields if one.type in CATALOGUE and CATALOGUE[one.type].keeps_answer]
        if not step.title.strip():
            yield "名前のないページがあります。"
        if len(asked) > MOST_QUESTIONS:
            yield f"ページ「{step.title}」に質問が{len(asked)}あります。{MOST_QUESTIONS}までに分けてください。"
        if any(not one.label.strip() for one in asked):
            yield f"ページ「{step.title}」に名前のない質問があります。"
        twice = [label for label, n in Counter(one.label.strip() for one in asked).items() if n > 1 and label]
        if twice:
            yield f"ページ「{step.title}」に同じ名前の質問「{twice[0]}」が二つあります。読み上げで区別できません。"
