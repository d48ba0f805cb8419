"""分けて引き継ぐ: the exceptions to a successor, while a reorganisation is tried out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.registry import UnknownKey
from kakehashi.kernel.services import service
from kakehashi.people import hooks
from kakehashi.people.domain.shares import EVERY
from kakehashi.people.models import Reorganisation, ReorganisationShare
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors.reorganisations import comparison_of, heir_names
from kakehashi.people.services.reorganisations import draft_of

_MOST_ROWS = 2_000


@service
def share_out(
    *,
    actor: Actor,
    reorganisation: Reorganisation,
    code: str,
    subject_id: UUID,
    subject_label: str,
    heir: str,
    words: str = "",
    row_ids: Sequence[UUID] = (),
) -> ReorganisationShare:
    """Let rows of a kind (or, with `EVERY` and words, of all kinds) go to `heir`, a planned code or post key.

    A row that was named for another before is taken from there. Raises DomainError without rows and words, for an unknown
    kind or heir, and Stale when the plan may not be changed any more.
    """
    require(actor, PeoplePermission.REORGANISE)
    current = draft_of(reorganisation)
    words = " ".join(words.split())[:60]
    if not words and not row_ids:
        raise DomainError("移すものを選ぶか、名前に含まれる言葉を書いてください。", field="words")
    if words and row_ids:
        raise DomainError("選んだものと言葉は、別々に決めてください。", field="words")
    if heir not in heir_names(comparison_of(current)):
        raise DomainError("引継ぎ先を選んでください。", field="heir")
    if len(row_ids) > _MOST_ROWS:
        raise DomainError(f"一度に選べるのは{_MOST_ROWS}件までです。", field="words")
    known = _known(code, subject_id, row_ids)
    if code == EVERY and not words:
        raise DomainError("すべての種類から選ぶときは、名前に含まれる言葉を書いてください。", field="words")
    for before in current.shares.filter(code=code, subject_id=subject_id, words="") if known else ():
        before.row_ids = [each for each in before.row_ids if each not in known]
        before.save(update_fields=["row_ids"]) if before.row_ids else before.delete()
    share: ReorganisationShare = ReorganisationShare.objects.create(
        reorganisation=current,
        code=code,
        subject_id=subject_id,
        subject_label=subject_label[:60],
        heir=heir,
        words=words,
        row_ids=known,
        made_by_label=actor.label,
        made_at=clock.now(),
    )
    _count_up(current)
    return share


def _known(code: str, subject_id: UUID, row_ids: Sequence[UUID]) -> list[str]:
    """The rows that do hang there. Raises DomainError for a kind that nobody knows or that never moves."""
    if code == EVERY:
        return []
    try:
        kind = hooks.affected_kind(code)
    except UnknownKey as error:
        raise DomainError("その種類はありません。") from error
    if not kind.carries:
        raise DomainError("これは人が記録し直すもので、移しません。")
    found = kind.of([subject_id]).filter(id__in=list(row_ids)).values_list("id", flat=True)
    return sorted(str(each) for each in found)


@service
def take_share_back(*, actor: Actor, share: ReorganisationShare) -> None:
    """Leave the rows of a share to the default again. Raises Stale when the plan may not be changed any more."""
    require(actor, PeoplePermission.REORGANISE)
    current = draft_of(share.reorganisation)
    share.delete()
    _count_up(current)


def _count_up(current: Reorganisation) -> None:
    current.revision += 1
    current.save(update_fields=["revision"])
