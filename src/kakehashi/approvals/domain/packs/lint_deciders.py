"""Two deciders or none: the bands of each matter, for all departments and for each that has lines of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kakehashi.approvals.domain.packs.bands import gaps, overlaps
from kakehashi.approvals.domain.packs.document import EVERY_MATTER, PackDocument, RuleLine
from kakehashi.approvals.domain.packs.findings import Finding, error, warning


def findings(document: PackDocument) -> Iterator[Finding]:
    """Overlaps, gaps, empty bands, a lower post with a higher band, and self-decision against the bar."""
    by_matter: dict[str, list[RuleLine]] = {code: [] for code in document.matters}
    for line in document.rules:
        if line.matter in by_matter:
            by_matter[line.matter].append(line)
    for place, (code, lines) in enumerate(by_matter.items()):
        name = document.matters[code]["name"]
        if not [line for line in lines if not line.departments]:
            yield error(
                "no_decider", "matters", place,
                f"「{name}」を決裁する者が、専決の表にありません。", "専決の表に、決裁する職の行を加えてください。",
            )  # fmt: skip
        for department, own in _groups(lines):
            yield from _bands(name, department, own)
            yield from _ranks(document, name, own)
    yield from _bars(document)
    yield from _consult_bands(document)


def _groups(lines: list[RuleLine]) -> Iterator[tuple[str, list[RuleLine]]]:
    """The lines for all, then those of each department that has its own."""
    yield "", [line for line in lines if not line.departments]
    for department in sorted({name for line in lines for name in line.departments}):
        yield department, [line for line in lines if department in line.departments]


def _bands(name: str, department: str, lines: list[RuleLine]) -> Iterator[Finding]:
    whose = f"「{name}」（{department}）" if department else f"「{name}」"
    for line in lines:
        if line.band.is_empty:
            yield error(
                "empty_band", "rules", line.place,
                f"{whose}の{line.decider}の金額は、下限が上限より大きく、当たる金額がありません。", "下限か上限を直してください。",
            )  # fmt: skip
    for first, second, both in overlaps([line.band for line in lines]):
        one, other = lines[first], lines[second]
        yield error(
            "two_deciders", "rules", other.place,
            f"{whose}は、{both}のとき、{one.decider}（{one.clause}）と{other.decider}（{other.clause}）の二者が決裁することになります。",
            "どちらかの金額の範囲を直してください。",
        )  # fmt: skip
    for gap in gaps(line.band for line in lines) if lines else ():
        yield error(
            "no_decider", "rules", lines[-1].place,
            f"{whose}は、{gap}のとき、決裁する者がいません。", "金額の範囲を広げるか、行を加えてください。",
        )  # fmt: skip


def _ranks(document: PackDocument, name: str, lines: list[RuleLine]) -> Iterator[Finding]:
    ordered = sorted((line for line in lines if line.decider in document.titles), key=lambda line: line.band.start)
    for lower, higher in pairwise(ordered):
        if document.titles[lower.decider].rank < document.titles[higher.decider].rank:
            yield warning(
                "rank_order", "rules", higher.place,
                f"「{name}」は、金額の大きいほうを、下の職である{higher.decider}が決裁します。", "金額と職の組合せを確かめてください。",
            )  # fmt: skip


def _bars(document: PackDocument) -> Iterator[Finding]:
    for line in document.rules:
        if line.self_decision and line.restricted:
            yield error(
                "self_and_restricted", "rules", line.place,
                f"「{document.matter_name(line.matter)}」の{line.decider}の行は、代決を制限しながら、起案者自身の決裁を許しています。",
                "自己決裁の○を外してください。",
            )  # fmt: skip
        elif line.self_decision and document.self_approval_barred:
            yield warning(
                "self_decision", "rules", line.place,
                f"「{document.matter_name(line.matter)}」の{line.decider}は、基本の定めの例外として、自分の起案を決裁できます。",
                "軽易な事項に限られているか確かめてください。",
            )  # fmt: skip
    if not any(title.is_head for title in document.titles.values()):
        yield error("no_head", "titles", None, "首長に当たる職がありません。", "指し方が「首長」の行を加えてください。")


def _consult_bands(document: PackDocument) -> Iterator[Finding]:
    for line in document.consults:
        if line.band.is_empty:
            yield error(
                "empty_band",
                "consults",
                line.place,
                f"{line.post}の合議は、当たる金額がありません。",
                "下限か上限を直してください。",
            )
        deciders = {
            rule.decider
            for rule in document.rules
            if rule.matter == line.matter and rule.band.meets(line.band) and rule.decider in document.titles
        }
        if line.matter != EVERY_MATTER and line.post in deciders:
            yield warning(
                "consult_decider", "consults", line.place,
                f"「{document.matter_name(line.matter)}」では、決裁する{line.post}が合議先にもなっています。", "合議の行を消すか、金額の範囲を分けてください。",
            )  # fmt: skip
