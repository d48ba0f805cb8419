"""Reads of reusable blocks: forms of their own that other forms are built from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet

from kakehashi.eforms.domain.blocks import BLOCK
from kakehashi.eforms.domain.definition import FormDefinition
from kakehashi.eforms.domain.whole_form import BlockUse
from kakehashi.eforms.models import Form, FormVersion
from kakehashi.kernel.errors import DomainError

__all__ = ["FollowedBlock", "block_version", "blocks", "followed_blocks", "latest_block", "usable_blocks"]


def blocks() -> QuerySet[Form]:
    """Every block of the open government, with the number of its newest version (None while it has none)."""
    rows: QuerySet[Form] = Form.objects.filter(owner_kind=BLOCK).defer("draft").annotate(latest=Max("versions__number"))
    return rows


def usable_blocks() -> list[Form]:
    """Blocks that have been published, by title; for putting into a form."""
    return [block for block in blocks().order_by("title", "id")[:500] if block.latest]  # type: ignore[attr-defined]


def latest_block(block_id: UUID) -> FormVersion:
    """The newest version of a block. Raises DomainError when there is none."""
    return _version(FormVersion.objects.filter(form_id=block_id).order_by("-number"))


def block_version(block_id: UUID, number: int) -> FormVersion:
    """One version of a block. Raises DomainError when there is none."""
    return _version(FormVersion.objects.filter(form_id=block_id, number=number))


def _version(rows: QuerySet[FormVersion]) -> FormVersion:
    found: FormVersion | None = rows.select_related("form").filter(form__owner_kind=BLOCK).first()
    if found is None:
        raise DomainError("この部品は、もうありません。", code="no_block")
    return found


@dataclass(frozen=True)
class FollowedBlock:
    """A block that a form follows, and whether something newer is there."""

    at: int
    use: BlockUse
    newest: int

    @property
    def is_behind(self) -> bool:
        """Whether the block has changed since."""
        return self.newest > self.use.number


def followed_blocks(definition: FormDefinition) -> list[FollowedBlock]:
    """Every block the form follows; one query, none for a form that follows nothing."""
    if not definition.blocks:
        return []
    ids = {UUID(use.block_id) for use in definition.blocks}
    newest: dict[UUID, int] = {block.id: block.latest for block in blocks().filter(id__in=ids)}  # type: ignore[attr-defined]
    return [
        FollowedBlock(at, use, newest.get(UUID(use.block_id)) or use.number) for at, use in enumerate(definition.blocks)
    ]
