"""The national lists: how a town's own list differs from them, and where a town lies."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from kakehashi.governments.selectors import get_government
from kakehashi.kernel.folding import fold
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.shelters.domain.hazards import HAZARDS
from kakehashi.shelters.models import EvacuationSite, ReferenceEdition, ReferenceKind, ReferenceSite

__all__ = ["Comparison", "compare_with_reference", "middle_of_government", "reference_editions"]


@dataclass(frozen=True)
class Comparison:
    """Sites the national list has and ours lacks, those only we have, and same ones designated for other disasters."""

    only_national: list[ReferenceSite]
    only_ours: list[EvacuationSite]
    differing: list[tuple[EvacuationSite, str]]
    national_count: int


def reference_editions() -> list[ReferenceEdition]:
    """The newest import of each of the two lists."""
    found: dict[str, ReferenceEdition] = {}
    for edition in ReferenceEdition.objects.order_by("-imported_at")[:50]:
        found.setdefault(edition.kind, edition)
    return list(found.values())


def middle_of_government() -> tuple[float, float] | None:
    """The middle of the designated places of the open government in the national lists; None where none are known."""
    code = get_government(current_government_id()).code
    places = list(ReferenceSite.objects.filter(code=code).values_list("latitude", "longitude")[:5000])
    if len(places) < 3:
        return None
    return median(place[0] for place in places), median(place[1] for place in places)


def compare_with_reference() -> Comparison:
    """Our 指定緊急避難場所 beside those of the national list, by 共通ID, else by name."""
    code = get_government(current_government_id()).code
    national = list(ReferenceSite.objects.filter(code=code, kind=ReferenceKind.SITE).order_by("common_id"))
    by_id = {one.common_id: one for one in national}
    by_name = {fold(one.name): one for one in national}
    met: set[str] = set()
    only_ours, differing = [], []
    for row in EvacuationSite.objects.filter(is_site=True, retired_on=None).order_by("identifier"):
        same = by_id.get(row.identifier) or by_name.get(fold(row.name))
        if same is None:
            only_ours.append(row)
            continue
        met.add(same.common_id)
        words = _difference(row, same)
        if words:
            differing.append((row, words))
    return Comparison([one for one in national if one.common_id not in met], only_ours, differing, len(national))


def _difference(row: EvacuationSite, same: ReferenceSite) -> str:
    """「津波」が国の一覧にだけ… in one line; empty when both are designated for the same disasters."""
    ours = {hazard.name for hazard in HAZARDS if getattr(row, hazard.key)}
    theirs = {hazard.name for bit, hazard in enumerate(HAZARDS) if same.hazards >> bit & 1}
    said = [f"国の一覧にだけある：{'・'.join(sorted(theirs - ours))}"] if theirs - ours else []
    said += [f"町の一覧にだけある：{'・'.join(sorted(ours - theirs))}"] if ours - theirs else []
    return "、".join(said)
