"""The worker's part: reading dropped papers."""

from __future__ import annotations

from uuid import UUID

from kakehashi.eforms.models import PaperForm
from kakehashi.eforms.services import read_waiting
from kakehashi.kernel.queue import task


@task(name="eforms.read_paper")
def read_paper(government_id: UUID, paper_id: str) -> None:
    """Read one paper into a draft; a paper that was removed meanwhile is passed over."""
    paper = PaperForm.objects.filter(id=paper_id).first()
    if paper is not None:
        read_waiting(paper=paper)
