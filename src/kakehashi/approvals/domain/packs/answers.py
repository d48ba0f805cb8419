"""「だれが決裁し、どの条か」: the simulator's answer in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.approvals.domain.packs.deciding import (
    consults_for,
    deciding_lines,
    deputies_of,
    needs_amount,
)
from kakehashi.approvals.domain.packs.document import ConsultLine, DeputyLine, PackDocument, RetentionLine, RuleLine
from kakehashi.approvals.domain.routes import Bar


@dataclass(frozen=True)
class Answer:
    """Who decides by which line, or why nobody does; with those who are asked, who act for, and where the file goes."""

    sentence: str
    line: RuleLine | None = None
    decider: str = ""
    clause: str = ""
    article: str = ""
    raised: str = ""
    consults: tuple[ConsultLine, ...] = ()
    deputies: tuple[DeputyLine, ...] = ()
    retention: RetentionLine | None = None


def answer(
    document: PackDocument, matter: str, amount: int | None, departments: Sequence[str] = (), bars: Sequence[Bar] = ()
) -> Answer:
    """What a version says about a matter of an amount from a department. `departments`: its names and codes, nearest first."""
    row = document.matters.get(matter)
    if row is None:
        return Answer("この決裁事項は、この版の表にありません。")
    if amount is None and needs_amount(document, matter, departments):
        return Answer("この事項は、金額によって決裁する者が変わります。金額を記入してください。")
    lines = deciding_lines(document, matter, amount, departments)
    if not lines:
        return Answer("決裁する者が、専決の表に定められていません。")
    if len(lines) > 1:
        return Answer(f"{'と'.join(line.decider for line in lines)}の二者が決裁することになっていて、決まりません。")
    return _answer(document, row["name"], lines[0], amount, bars)


def _answer(document: PackDocument, name: str, line: RuleLine, amount: int | None, bars: Sequence[Bar]) -> Answer:
    title = document.titles.get(line.decider)
    head = next((each.name for each in document.titles.values() if each.is_head), "首長")
    is_head = title is not None and title.is_head
    raised = ""
    decider = line.decider
    if bars and not is_head:
        decider = head
        clause = document.setting_clause("escalation")
        raised = f"{'、'.join(bar.label for bar in bars)}であるため、専決によらず{head}の決裁とします。（{document.decision_regulation}{clause}）"
    clause = f"{document.decision_regulation}{line.clause}"
    how = "決裁" if decider == head else "専決"
    how_much = f"（{amount:,}円）" if amount is not None else ""
    article = document.article("decision", line.clause)
    barred = line.restricted or bool(bars)
    return Answer(
        f"「{name}」{how_much}は、{decider}が{how}します。根拠は{clause}です。",
        line=line,
        decider=decider,
        clause=clause,
        article=str(article["text"]) if article else "",
        raised=raised,
        consults=consults_for(document, line.matter, amount),
        deputies=() if barred else deputies_of(document, decider, line.matter, is_head=decider == head),
        retention=document.retention.get(document.matters[line.matter]["class_code"]),
    )
