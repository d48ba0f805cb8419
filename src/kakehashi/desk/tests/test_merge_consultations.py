"""merge_consultations and split_consultation: whatever is merged and split, every message stays and is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.cases.models import Message
from kakehashi.cases.services import post_message
from kakehashi.desk.domain.threads import family, shown
from kakehashi.desk.models import Consultation
from kakehashi.desk.selectors.joining import askers_besides, thread_of
from kakehashi.desk.services import attach_files, merge_consultations, split_consultation
from kakehashi.desk.services.intake import Origin
from kakehashi.desk.testing import ANSWERS, filed, resolved
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town, person_of


@dataclass
class House:
    """Consultations by number with their messages, as the rules see them."""

    own: dict[int, list[int]] = field(default_factory=lambda: {n: [n * 10, n * 10 + 1] for n in range(4)})
    merges: dict[int, int] = field(default_factory=dict)
    carried: dict[int, list[int]] = field(default_factory=dict)

    def thread(self, number: int) -> list[int]:
        return shown(number, self.own, self.merges, self.carried)

    @property
    def open(self) -> list[int]:
        return [number for number in self.own if number not in self.merges]


ACTS = st.lists(
    st.tuples(st.sampled_from(["merge", "split", "write"]), st.integers(0, 9), st.integers(0, 9)), max_size=14
)


@given(ACTS)
def test_every_message_is_shown_by_an_open_consultation_and_never_twice(acts: list[tuple[str, int, int]]) -> None:
    house, written = House(), 1000
    for act, one, two in acts:
        first, second = house.open[one % len(house.open)], house.open[two % len(house.open)]
        if act == "merge" and first != second:
            house.merges[first] = second
        elif act == "split":
            part = len(house.own)
            house.carried[part] = house.thread(first)[: two + 1]
            house.own[part] = []
        elif act == "write":
            written += 1
            house.own[first].append(written)
    every = {message for messages in house.own.values() for message in messages}
    seen = [message for number in house.open for message in set(house.thread(number))]
    assert set(seen) == every
    assert all(len(thread) == len(set(thread)) for thread in map(house.thread, house.own))


def test_a_family_goes_through_others() -> None:
    merges = {1: 2, 2: 3, 4: 3}
    assert family(3, lambda targets: [s for s, t in merges.items() if t in targets]) == [3, 2, 4, 1]


def with_message(town: Town, body: str) -> Consultation:
    consultation = filed(town, task=f"業務 {body}")
    post_message(actor=town.officer, case=consultation.case, thread="public", body=body)
    return consultation


def bodies(consultation: Consultation) -> list[str]:
    return [entry.message.body for entry in thread_of(consultation) if entry.message is not None]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=4))
def test_the_database_keeps_them_too(town: Town, acts: list[tuple[bool, int, int]]) -> None:
    before, rows = set(Message.objects.values_list("id", flat=True)), [with_message(town, f"連絡{n}") for n in range(3)]
    for is_merge, one, two in acts:
        rows = list(Consultation.objects.filter(id__in=[row.id for row in rows]).exclude(state="merged").order_by("id"))
        first, second = rows[one % len(rows)], rows[two % len(rows)]
        if is_merge and first.id != second.id:
            merge_consultations(actor=town.officer, source=first, target=second, reason="同じ")
        elif not is_merge:
            ids = [entry.message.id for entry in thread_of(first) if entry.message is not None]
            rows.append(
                split_consultation(
                    actor=town.officer,
                    consultation=first,
                    part_id=uuid7(),
                    task="分けた",
                    problem="別の困りごと",
                    reason="二つある",
                    message_ids=ids[:1],
                )
            )
    heads = Consultation.objects.filter(id__in=[row.id for row in rows]).exclude(state="merged").select_related("case")
    seen = {body for row in heads for body in bodies(row)}
    assert {f"連絡{n}" for n in range(3)} <= seen
    assert before <= set(Message.objects.values_list("id", flat=True))


def test_merging_closes_one_tells_its_asker_and_shows_both(town: Town) -> None:
    source, target = with_message(town, "先"), with_message(town, "後")
    attach_files(actor=town.officer, consultation=source, files=[("様式.txt", b"form")])
    merge_consultations(actor=town.officer, source=source, target=target, reason="同じ台帳の話")
    source.refresh_from_db()
    source.case.refresh_from_db()
    assert (source.state, source.case.phase) == ("merged", "done")
    assert bodies(target) == ["先", "後"]
    assert Notice.objects.filter(kind="desk.joined", person_id=town.clerk.id).exists()
    for pair in ((source, target), (target, source), (target, target)):
        with pytest.raises(DomainError):
            merge_consultations(actor=town.officer, source=pair[0], target=pair[1], reason="もう一度")


def test_the_askers_of_both_hear_of_a_message(town: Town) -> None:
    from kakehashi.desk.models import Channel
    from kakehashi.desk.services import receive_consultation

    target = filed(town)
    source = receive_consultation(
        actor=town.officer, asked_by=person_of(town.manager), consultation_id=uuid7(), answers=ANSWERS,
        origin=Origin(Channel.PHONE),
    )  # fmt: skip
    merge_consultations(actor=town.officer, source=source, target=target, reason="同じ")
    assert [each.person_id for each in askers_besides(target.case)] == [town.manager.id]
    post_message(actor=town.officer, case=target.case, thread="public", body="始めます")
    told = set(Notice.objects.filter(kind="cases.message").values_list("person_id", flat=True))
    assert told == {town.clerk.id, town.manager.id}


def test_splitting_keeps_the_origin_and_happens_once(town: Town) -> None:
    origin = with_message(town, "二つの話")
    ids, key = [entry.message.id for entry in thread_of(origin) if entry.message is not None], uuid7()
    for _ in range(2):
        part = split_consultation(
            actor=town.officer,
            consultation=origin,
            part_id=key,
            task="鍵",
            problem="鍵がない",
            reason="別の話",
            message_ids=ids,
        )
    assert (bodies(origin), bodies(part), part.asked_by_id) == (["二つの話"], ["二つの話"], town.clerk.id)
    assert Consultation.objects.count() == 2
    foreign = with_message(town, "よその連絡")
    with pytest.raises(DomainError):
        split_consultation(
            actor=town.officer, consultation=part, part_id=uuid7(), task="x", problem="x", reason="x",
            message_ids=[entry.message.id for entry in thread_of(foreign) if entry.message is not None],
        )  # fmt: skip
    with pytest.raises(DomainError):
        split_consultation(
            actor=town.officer, consultation=resolved(town), part_id=uuid7(), task="x", problem="x", reason="x"
        )
