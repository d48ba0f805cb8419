"""The logic model (ロジックモデル): boxes in columns from what is put in to what it is for, arrows to the right, evidence on each arrow.

An arrow is as strong as its strongest evidence. How strong a kind of evidence is, below what an arrow is weak, and when evidence is
old are data (`evidence.json`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID


class Stage(StrEnum):
    """The columns, left to right."""

    INPUT = "input"
    ACTIVITY = "activity"
    OUTPUT = "output"
    OUTCOME_SHORT = "outcome_short"
    OUTCOME_MID = "outcome_mid"
    OUTCOME_LONG = "outcome_long"
    IMPACT = "impact"


STAGE_WORDS = {
    Stage.INPUT: "投入",
    Stage.ACTIVITY: "活動",
    Stage.OUTPUT: "直接の結果",
    Stage.OUTCOME_SHORT: "短期の成果",
    Stage.OUTCOME_MID: "中期の成果",
    Stage.OUTCOME_LONG: "長期の成果",
    Stage.IMPACT: "社会への効果",
}
STAGE_HELP = {
    Stage.INPUT: "使うもの。予算・人・設備・協力者",
    Stage.ACTIVITY: "すること。誰が何をするか（アクティビティ）",
    Stage.OUTPUT: "した結果すぐ数えられるもの。回数・件数・参加者（アウトプット）",
    Stage.OUTCOME_SHORT: "使った人・受けた人に1年ほどで起きる変化（短期アウトカム）",
    Stage.OUTCOME_MID: "2〜3年で起きる変化（中期アウトカム）",
    Stage.OUTCOME_LONG: "計画の終わりごろに起きる変化（長期アウトカム）",
    Stage.IMPACT: "地域や社会がどうなるか（インパクト）",
}
STAGES = tuple(Stage)
OUTCOMES = (Stage.OUTCOME_SHORT, Stage.OUTCOME_MID, Stage.OUTCOME_LONG)
# What people put in and what it is all for need no number of their own.
MEASURED = (Stage.ACTIVITY, Stage.OUTPUT, *OUTCOMES)


@dataclass(frozen=True)
class EvidenceGrade:
    """A kind of evidence: its strength from 0, and what would make an arrow that rests on it stronger."""

    code: str
    label: str
    strength: int
    next: str


@dataclass(frozen=True)
class Design:
    """How something was found out, and how strong that makes it."""

    code: str
    label: str
    strength: int


_DATA = json.loads(Path(__file__).with_name("evidence.json").read_text(encoding="utf-8"))
EVIDENCE_KINDS = {row["code"]: EvidenceGrade(**row) for row in _DATA["kinds"]}
DESIGNS = {row["code"]: Design(**row) for row in _DATA["designs"]}
EVIDENCE_SCALE = str(_DATA["label"])
EVIDENCE_SOURCE = str(_DATA["source"])
WEAK_BELOW = int(_DATA["weak_below"])
OLD_AFTER_YEARS = int(_DATA["old_after_years"])
STRONGEST = max(one.strength for one in EVIDENCE_KINDS.values())
NO_EVIDENCE = EVIDENCE_KINDS["none"]


def grade_of(kind: str, design: str = "", strength: int | None = None) -> EvidenceGrade:
    """The kind with its strength: the one somebody gave with a reason, else that of the design, else that of the kind.

    A kind that is not in the data any more counts as none.
    """
    grade = EVIDENCE_KINDS.get(kind, NO_EVIDENCE)
    if strength is None and design in DESIGNS and grade is not NO_EVIDENCE:
        strength = DESIGNS[design].strength
    return grade if strength is None else replace(grade, strength=strength)


@dataclass(frozen=True)
class Proof:
    """A piece of evidence on an arrow, in words. `as_of` is the day it speaks of; `url` a page, outside or a solved case here."""

    kind: str
    source: str = ""
    url: str = ""
    as_of: date | None = None
    note: str = ""
    case_id: UUID | None = None
    id: UUID | None = None
    design: str = ""
    strength: int | None = None

    @property
    def grade(self) -> EvidenceGrade:
        """Its kind with its strength."""
        return grade_of(self.kind, self.design, self.strength)

    @property
    def design_word(self) -> str:
        """How it was found out; empty where nobody said."""
        return DESIGNS[self.design].label if self.design in DESIGNS else ""

    def is_old(self, today: date) -> bool:
        """Whether it speaks of more than the years the data allow."""
        return self.as_of is not None and (today.year - self.as_of.year) * 12 + today.month - self.as_of.month > (
            OLD_AFTER_YEARS * 12
        )


@dataclass(frozen=True)
class Box:
    """A box: its column, its words, its place in the column, and what of an indicator stands in it (empty for none)."""

    id: UUID
    stage: Stage
    text: str
    order: int = 0
    indicator: str = ""
    figure: str = ""
    target: str = ""

    @property
    def stage_word(self) -> str:
        """The word of the column."""
        return STAGE_WORDS[self.stage]


@dataclass(frozen=True)
class Arrow:
    """From a box to one further right, with its evidence."""

    id: UUID
    start: Box
    end: Box
    proofs: Sequence[Proof] = field(default_factory=tuple)

    @property
    def grade(self) -> EvidenceGrade:
        """The kind of the strongest evidence; none where there is none."""
        return max((one.grade for one in self.proofs), key=lambda grade: grade.strength, default=NO_EVIDENCE)

    @property
    def is_weak(self) -> bool:
        """Whether the arrow rests on less than the scale asks for."""
        return self.grade.strength < WEAK_BELOW

    @property
    def words(self) -> str:
        """「窓口の混雑が減る → 待ち時間が短くなる」."""
        return f"{self.start.text} → {self.end.text}"


@dataclass(frozen=True)
class Model:
    """A whole logic model, its boxes in the order of columns and places."""

    title: str
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    factors: str = ""

    def column(self, stage: Stage) -> list[Box]:
        """The boxes of a column in their order."""
        return sorted((box for box in self.boxes if box.stage is stage), key=lambda box: (box.order, str(box.id)))


@dataclass(frozen=True)
class WeakArrow:
    """An arrow that is weak or rests on old evidence, why, and what would help."""

    arrow: Arrow
    why: str
    next: str


def may_link(start: Stage, end: Stage) -> bool:
    """Whether an arrow may go from one column to another: only to the right, so no cycle can ever come about."""
    return STAGES.index(start) < STAGES.index(end)


def weak_arrows(arrows: Iterable[Arrow], today: date) -> list[WeakArrow]:
    """The weak arrows, the weakest first and further right first among equals; then those whose evidence is old."""
    weak = [WeakArrow(one, _why(one), one.grade.next) for one in arrows if one.is_weak]
    old = [
        WeakArrow(one, f"いちばん強い根拠が{OLD_AFTER_YEARS}年より前のものです。", "同じ調査の新しい版を探し、時点を直します。")
        for one in arrows
        if not one.is_weak and all(proof.is_old(today) for proof in one.proofs if proof.grade == one.grade)
    ]  # fmt: skip
    return sorted(weak, key=lambda one: (one.arrow.grade.strength, -STAGES.index(one.arrow.end.stage))) + old


def _why(arrow: Arrow) -> str:
    if not arrow.proofs:
        return "根拠がまだ書かれていません。"
    return f"いちばん強い根拠が「{arrow.grade.label}」です。"


def unmeasured(model: Model) -> list[Box]:
    """The boxes of activity, output and outcome that no indicator is linked to, in the order of the columns."""
    return [box for stage in MEASURED for box in model.column(stage) if not box.indicator]


def unlinked(model: Model) -> list[Box]:
    """The boxes no arrow leads to or from: what they have to do with the rest is not said."""
    touched = {box.id for arrow in model.arrows for box in (arrow.start, arrow.end)}
    return [box for stage in STAGES for box in model.column(stage) if box.id not in touched]


Kept = dict[str, Any]


def kept(model: Model) -> Kept:
    """The model as a version of the plan keeps it: words, columns, arrows and evidence; no figures, they change by themselves."""
    return {
        "factors": model.factors,
        "boxes": [
            {"id": str(box.id), "stage": box.stage.value, "text": box.text, "order": box.order, "indicator": box.indicator}
            for stage in STAGES
            for box in model.column(stage)
        ],
        "arrows": [
            {"id": str(one.id), "start": str(one.start.id), "end": str(one.end.id), "proofs": [_proof(p) for p in one.proofs]}
            for one in model.arrows
        ],
    }  # fmt: skip


def _proof(proof: Proof) -> dict[str, Any]:
    day = proof.as_of.isoformat() if proof.as_of else ""
    case = str(proof.case_id) if proof.case_id else ""
    return {
        "kind": proof.kind,
        "source": proof.source,
        "url": proof.url,
        "as_of": day,
        "note": proof.note,
        "case": case,
        "design": proof.design,
        "strength": proof.strength,
    }


def from_kept(title: str, rows: Kept) -> Model:
    """The model of a version."""
    boxes = {
        row["id"]: Box(UUID(row["id"]), Stage(row["stage"]), row["text"], row["order"], row.get("indicator", ""))
        for row in rows["boxes"]
    }
    arrows = [
        Arrow(UUID(row["id"]), boxes[row["start"]], boxes[row["end"]], tuple(_read_proof(one) for one in row["proofs"]))
        for row in rows["arrows"]
    ]
    return Model(title, list(boxes.values()), arrows, rows.get("factors", ""))


def _read_proof(row: dict[str, Any]) -> Proof:
    day = date.fromisoformat(row["as_of"]) if row.get("as_of") else None
    case = UUID(row["case"]) if row.get("case") else None
    more = {"design": row.get("design", ""), "strength": row.get("strength")}
    return Proof(row["kind"], row["source"], row["url"], day, row["note"], case, **more)


def facts_of(rows: Kept) -> Iterator[tuple[str, str, str]]:
    """(key, what it is in words, its text) of everything a version kept, to compare two of them."""
    if rows.get("factors"):
        yield "factors", "ロジックモデルの外部要因", rows["factors"]
    model = from_kept("", rows)
    for box in model.boxes:
        indicator = f"（指標：{box.indicator}）" if box.indicator else ""
        yield f"box {box.id}", f"ロジックモデルの箱（{box.stage_word}）", f"{box.text}{indicator}"
    for arrow in model.arrows:
        proofs = "、".join(
            " ".join(part for part in (f"{one.grade.label}（強さ{one.grade.strength}）", one.source) if part)
            for one in arrow.proofs
        )
        yield f"arrow {arrow.id}", "ロジックモデルの矢印", f"{arrow.words}（根拠：{proofs or NO_EVIDENCE.label}）"
