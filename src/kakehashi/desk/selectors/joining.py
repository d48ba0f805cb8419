"""Reads over merged and split consultations: the thread they share, their files, what they may be merged with."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from kakehashi.cases.models import Case
from kakehashi.cases.selectors import Entry, Joined, timeline_of
from kakehashi.desk.domain.threads import family
from kakehashi.desk.models import CarriedMessage, Consultation, Merge, Promoted, Split
from kakehashi.notices.services import Recipient


def family_ids(consultation_id: UUID) -> list[UUID]:
    """A consultation and everything that went into it, directly or through another, nearest first."""

    def merged_into(targets: Collection[UUID]) -> Iterable[UUID]:
        rows = Merge.objects.filter(target__in=[str(each) for each in targets])
        return list(rows.order_by("merged_at", "id").values_list("source_id", flat=True))

    return family(consultation_id, merged_into)


def joined_thread(case: Case) -> Joined:
    """What the thread of a consultation's case shows besides its own messages and acts."""
    members = family_ids(case.source_id)
    cases = Consultation.objects.filter(id__in=members[1:]).values_list("case_id", flat=True) if members[1:] else []
    carried = CarriedMessage.objects.filter(split__part__in=[str(each) for each in members])
    return Joined(
        case_ids=tuple(each for each in cases if each is not None),
        subject_ids=tuple(members[1:]),
        message_ids=tuple(carried.values_list("message_id", flat=True)),
    )


def thread_of(consultation: Consultation) -> list[Entry]:
    """The acts and messages of a consultation and of all that belongs to it, oldest first."""
    case = consultation.case
    return timeline_of(case, joined=joined_thread(case)) if case is not None else []


def askers_besides(case: Case) -> list[Recipient]:
    """Who asked what was merged into a consultation: they are told of its public messages too."""
    members = family_ids(case.source_id)[1:]
    if not members:
        return []
    rows = Consultation.objects.filter(id__in=members, asked_by__is_active=True).select_related("asked_by")
    people = {row.asked_by_id: row.asked_by.name for row in rows}
    mine = Consultation.objects.filter(id=case.source_id).values_list("asked_by_id", flat=True).first()
    return [Recipient(person_id=key, name=name) for key, name in people.items() if key != mine]


def merges_into(consultation: Consultation) -> list[Merge]:
    """What was merged into a consultation, oldest first."""
    rows = Merge.objects.filter(target=consultation).select_related("source__asked_by", "source__department")
    return list(rows.order_by("merged_at", "id"))


def merged_as(consultation: Consultation) -> Merge | None:
    """Where a consultation went on, or None."""
    found: Merge | None = Merge.objects.filter(source=consultation).select_related("target").first()
    return found


def parts_of(consultation: Consultation) -> list[Split]:
    """What was split off from a consultation, oldest first."""
    return list(Split.objects.filter(origin=consultation).select_related("part").order_by("split_at", "id"))


def part_of(consultation: Consultation) -> Split | None:
    """What a consultation was split off from, or None."""
    found: Split | None = Split.objects.filter(part=consultation).select_related("origin").first()
    return found


def promoted_of(consultation: Consultation) -> list[Promoted]:
    """What a consultation became in other rooms, oldest first."""
    return list(Promoted.objects.filter(consultation=consultation).order_by("promoted_at", "id"))


def origins_of_object(object_id: UUID) -> list[Promoted]:
    """The consultations a thing of another room was made from."""
    return list(Promoted.objects.filter(object_id=object_id).select_related("consultation").order_by("promoted_at"))
