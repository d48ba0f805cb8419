"""Reads of paper in the catalogue."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.wareki import format_wareki
from kakehashi.records.models import Document, Hold, Original, PaperItem
from kakehashi.records.selectors.access import readable


def papers(actor: Actor, text: str = "", *, may_go: bool = False) -> QuerySet[PaperItem]:
    """The papers of the documents an actor may read; with `may_go` those of compared scans whose day has come and no hold stops."""
    documents = Document.objects.filter(readable(actor, "record_file__department_id"))
    rows = PaperItem.objects.filter(document__in=documents).select_related("document__record_file")
    if text:
        rows = rows.filter(Q(code__icontains=text) | Q(place__icontains=text) | Q(document__title__icontains=text))
    if may_go:
        held = Hold.objects.filter(released_at__isnull=True).values("record_file_id")
        rows = rows.filter(original=Original.SCAN, may_go_on__lte=clock.today(), gone_on__isnull=True)
        rows = rows.exclude(document__record_file_id__in=held)
    return rows


def paper_of(document: Document) -> PaperItem | None:
    """The paper of a document, or None."""
    return PaperItem.objects.filter(document=document).first()


def why_paper(paper: PaperItem | None) -> str:
    """Which copy is the 原本 and when the paper may go, in one sentence."""
    if paper is None:
        return "電子の文書です。原本はこの仕組みの中にあります。"
    if paper.gone_on is not None:
        return f"電子が原本です。紙は{format_wareki(paper.gone_on)}に処分しました（{paper.gone_by_label}）。"
    if paper.original == Original.PAPER or paper.may_go_on is None or paper.compared_on is None:
        return "紙が原本です。簿冊の保存期間が満了するまで、紙を保存します。"
    return (
        f"電子が原本です。{format_wareki(paper.compared_on)}に{paper.compared_by_label}が紙と見比べました。"
        f"紙は{format_wareki(paper.may_go_on)}から処分できます。"
    )
