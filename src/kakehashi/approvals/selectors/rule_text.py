"""規程.txt: the clauses the acts on one proposal rest on, as they were written in the version of that day."""

from __future__ import annotations

from collections.abc import Iterator

from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.models import Proposal, ProposalStep, RulePack
from kakehashi.approvals.selectors.packs import document_of
from kakehashi.kernel.wareki import format_wareki


def pack_behind(proposal: Proposal) -> RulePack | None:
    """The version of the rules whose line decided the route; None before submission or for rules older than packs."""
    return proposal.rule.pack if proposal.rule is not None else None


def rule_text(proposal: Proposal) -> str:
    """What every act rests on: the line of the 専決 table, the clause of each stamp, the articles, the retention."""
    return "\n".join([*_decision(proposal), "", *_stamps(proposal), "", *_version(proposal), ""])


def _decision(proposal: Proposal) -> Iterator[str]:
    yield f"決裁の根拠　{proposal.number}"
    yield "=" * 40
    yield f"決裁区分：{proposal.get_basis_display()}　{proposal.clause}"
    if proposal.rule is not None:
        rule = proposal.rule
        yield f"専決の規定：{rule.regulation}{rule.clause}"
        yield f"  「{rule.text}」" if rule.text else "  （条文は登録されていません）"
        until = format_wareki(rule.valid_to) if rule.valid_to else "（現行）"
        yield f"  この規定の適用：{format_wareki(rule.valid_from)}から{until}"
    if proposal.raised_because:
        yield f"上位者の決裁とした理由：{proposal.raised_because}"


def _stamps(proposal: Proposal) -> Iterator[str]:
    yield "決裁欄の一つひとつの根拠"
    for step in ProposalStep.objects.filter(proposal=proposal, round=proposal.round).order_by("order", "id"):
        who = f"{step.post_label} {step.person_name}".strip()
        clause = step.authority_clause or (proposal.clause if step.kind == "decide" else "")
        basis = f"（{step.get_authority_display()}）" if step.authority else ""
        yield f"  {who}：{step.state_enum.label}{basis}"
        yield f"    根拠 {clause}" if clause else "    根拠 規程の経路による"


def _version(proposal: Proposal) -> Iterator[str]:
    pack = pack_behind(proposal)
    if pack is None or pack.valid_from is None:
        yield "規程パックの版：なし（版に分ける前の規定です）"
        return
    document = document_of(pack)
    yield f"規程の版：{pack.label}　{pack.title}　{pack.edition}（{format_wareki(pack.valid_from)}施行）"
    yield f"版の要約値（SHA-256）：{pack.digest}"
    yield "  同じ版の全部の表が、規程の JSON ファイルに入っています。"
    yield f"■ {document.decision_regulation}の条文"
    yield from _articles(document, "decision")
    line = document.retention.get(proposal.class_code)
    if line is not None:
        yield f"■ {document.records_regulation}　{line.clause}"
        yield f"  分類 {line.large}／{line.middle}／{line.small}　保存期間 {line.period}"
        yield from _articles(document, "records")


def _articles(document: PackDocument, regulation: str) -> Iterator[str]:
    for row in document.rows("articles"):
        if row["regulation"] == regulation:
            heading = f"（{row['heading']}）" if row["heading"] else ""
            yield f"  {row['number']}{heading}　{row['text']}"
