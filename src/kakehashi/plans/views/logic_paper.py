"""A logic model on paper: one page lying down, and its table."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.template.loader import render_to_string

from kakehashi.kernel import clock
from kakehashi.kernel.documents import ChartDocument, Item, render_pdf
from kakehashi.kernel.wareki import format_wareki
from kakehashi.plans.domain.logic import EVIDENCE_SCALE, STRONGEST, Model, Proof, weak_arrows
from kakehashi.plans.domain.logic_layout import lay_out
from kakehashi.plans.models import LogicModel


def logic_paper(row: LogicModel, model: Model, *, issuer: str, paper: str) -> HttpResponse:
    """The PDF of a model: the drawing on the first page, the arrows with their evidence and what is weak on the next."""
    today = clock.today()
    context = {"drawing": lay_out(model), "said": model.title, "links": False}
    document = ChartDocument(
        title=f"ロジックモデル：{row.title}",
        subtitle=f"{row.plan.title}　{row.plan.years_label}",
        issued_on=format_wareki(today),
        issuer_name=issuer,
        svg=render_to_string("plans/_logic_drawing.html", context).strip() if model.boxes else "",
        said=f"{model.title}のロジックモデル。同じ内容の表が次のページにあります。",
        paper=paper,
        notes=(
            f"実線の「強」は根拠のある矢印、破線の「弱」は根拠の弱い矢印。数字は根拠の強さ（0〜{STRONGEST}、{EVIDENCE_SCALE}）。",
            *((f"外部要因：{model.factors}",) if model.factors else ()),
        ),
        items=_items(model),
        footer=f"{row.plan.title}（{format_wareki(today)}の状態）",
    )
    response = HttpResponse(render_pdf(document, made_at=clock.now()), content_type="application/pdf")
    name = quote(f"ロジックモデル {row.title}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.pdf"
    return response


def _items(model: Model) -> tuple[Item, ...]:
    arrows = tuple(
        (
            f"{one.start.stage_word}\n{one.start.text}",
            f"{one.end.stage_word}\n{one.end.text}",
            f"{one.grade.strength}{'（弱い）' if one.is_weak else ''}",
            "\n".join(_proof(proof) for proof in one.proofs) or "なし",
        )
        for one in model.arrows
    )
    weak = tuple((one.arrow.words, one.why, one.next) for one in weak_arrows(model.arrows, clock.today()))
    found = []
    if arrows:
        found.append(Item(heading="矢印と根拠", head=("どこから", "どこへ", "強さ", "根拠"), table=arrows))
    if weak:
        found.append(Item(heading="根拠の弱い矢印", head=("矢印", "なぜ弱いか", "次に役立つこと"), table=weak))
    return tuple(found)


def _proof(proof: Proof) -> str:
    day = format_wareki(proof.as_of) if proof.as_of else ""
    parts = (proof.grade.label, proof.design_word, proof.source, day, proof.note)
    return "　".join(part for part in parts if part)
