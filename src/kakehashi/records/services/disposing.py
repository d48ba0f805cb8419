"""廃棄・移管・延長 on their road: the section proposes, the stages of the rules look, anybody on the way sends back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.batching import insert_many, update_many
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department
from kakehashi.people.selectors import holds_post
from kakehashi.records.hooks import Stage, disposal_road
from kakehashi.records.models import DisposalAct, DisposalItem, DisposalList, ItemState, ListState, Measure
from kakehashi.records.permissions import RecordsPermission

_COLUMNS = ("measure", "extend_years", "reason", "state", "stage", "proposer_id")
CHUNK = 2000


@dataclass(frozen=True)
class Proposed:
    """What a section asks for one file: the measure, the years of an extension, and why."""

    measure: Measure
    years: int = 0
    reason: str = ""


class Roads:
    """The stages of every measure and section of one day, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, UUID], Sequence[Stage]] = {}
        self._held: dict[tuple[UUID | None, UUID], bool] = {}

    def of(self, measure: str, department: Department) -> Sequence[Stage]:
        """The stages of a measure for a section's files."""
        key = (measure, department.id)
        if key not in self._known:
            self._known[key] = disposal_road(measure, department, clock.today())
        return self._known[key]

    def stage_of(self, item: DisposalItem) -> Stage | None:
        """The stage an item waits for; None when it waits for none."""
        stages = self.of(item.measure or Measure.DESTROY, item.department)
        return stages[item.stage] if item.stage < len(stages) else None

    def may_act(self, actor: Actor, item: DisposalItem) -> bool:
        """Whether the stage an item waits for is the actor's: the post's holder, or without a post whoever manages records.

        Two different people are the least: where the last stage belongs to the very person who proposed (総務課長 for the files of
        総務課), it is for whoever else manages records, for nobody could ever act in it.
        """
        stage = self.stage_of(item)
        if stage is None or item.state not in {ItemState.WAITING, ItemState.REVIEWING}:
            return False
        if stage.post_id is None:
            wanted = RecordsPermission.DISPOSE if item.stage == 0 else RecordsPermission.MANAGE
            return actor.can(wanted, item.government_id)
        if self.is_last(item) and item.proposer_id and self._holds(item.proposer_id, stage.post_id):
            return actor.id != item.proposer_id and actor.can(RecordsPermission.MANAGE, item.government_id)
        return self._holds(actor.id, stage.post_id)

    def is_last(self, item: DisposalItem) -> bool:
        """Whether the stage an item waits for is the one that decides."""
        stages = self.of(item.measure or Measure.DESTROY, item.department)
        return item.state == ItemState.REVIEWING and item.stage + 1 >= len(stages)

    def _holds(self, person_id: UUID | None, post_id: UUID) -> bool:
        key = (person_id, post_id)
        if key not in self._held:
            self._held[key] = holds_post(person_id, post_id, clock.today())
        return self._held[key]


@service
def propose_items(*, actor: Actor, disposal_list: DisposalList, asked: Mapping[UUID, Proposed]) -> int:
    """申出: the section says what shall become of its files; how many were proposed. Those of other sections are passed over.

    Raises DomainError for an extension without years or reason. Event `records.disposal_list.proposed`.
    """
    require(actor, RecordsPermission.DISPOSE)
    _open(disposal_list)
    for one in asked.values():
        if one.measure == Measure.EXTEND and (one.years < 1 or not one.reason.strip()):
            raise DomainError("延長するものには、年数と理由を記入してください。", code="extension")
    roads, moved, acts = Roads(), [], []
    for item in _locked(disposal_list, [*asked]):
        want = asked[item.id]
        item.measure, item.extend_years, item.reason = want.measure.value, want.years, want.reason.strip()[:200]
        if item.state != ItemState.WAITING or not roads.may_act(actor, item):
            continue
        acts.append(_act(actor, item, roads.stage_of(item), item.reason))
        item.stage, item.state, item.proposer_id = 1, ItemState.REVIEWING.value, actor.id
        moved.append(item)
    return _save(actor, disposal_list, "proposed", moved, acts)


@service
def confirm_items(*, actor: Actor, disposal_list: DisposalList, item_ids: Sequence[UUID], comment: str = "") -> int:
    """確認・決定: the next stage of these items is done; how many moved. After the last stage an item may be carried out.

    Items that wait for somebody else are passed over, and the last stage is never done by who proposed. Event
    `records.disposal_list.confirmed`.
    """
    require(actor, RecordsPermission.DISPOSE)
    _open(disposal_list)
    roads, moved, acts, own = Roads(), [], [], 0
    for item in _locked(disposal_list, item_ids):
        is_last = roads.is_last(item)
        if is_last and item.proposer_id == actor.id:
            own += 1
            continue
        if item.state != ItemState.REVIEWING or not roads.may_act(actor, item):
            continue
        acts.append(_act(actor, item, roads.stage_of(item), comment))
        item.stage += 1
        item.state = ItemState.APPROVED.value if is_last else ItemState.REVIEWING.value
        moved.append(item)
    if own and not moved:
        raise DomainError("申し出た人は、最後の決定をすることができません。ほかの人が確かめてください。")
    return _save(actor, disposal_list, "confirmed", moved, acts)


@service
def send_items_back(*, actor: Actor, disposal_list: DisposalList, item_ids: Sequence[UUID], comment: str) -> int:
    """差戻し: these items wait for their section again; how many. Raises DomainError without a reason.

    Event `records.disposal_list.sent_back`.
    """
    require(actor, RecordsPermission.DISPOSE)
    _open(disposal_list)
    if not comment.strip():
        raise DomainError("差し戻す理由を記入してください。", field="comment")
    roads, moved, acts = Roads(), [], []
    for item in _locked(disposal_list, item_ids):
        may = roads.may_act(actor, item) or (
            item.state == ItemState.APPROVED and actor.can(RecordsPermission.MANAGE, item.government_id)
        )
        if item.state not in {ItemState.REVIEWING, ItemState.APPROVED} or not may:
            continue
        acts.append(_act(actor, item, Stage("差戻し"), comment))
        item.stage, item.state, item.proposer_id = 0, ItemState.WAITING.value, None
        moved.append(item)
    return _save(actor, disposal_list, "sent_back", moved, acts)


def _open(disposal_list: DisposalList) -> None:
    if DisposalList.objects.get(id=disposal_list.id).state != ListState.OPEN:
        raise DomainError("この一覧は、いま審査できません（作成中・執行中・終了）。")


def _locked(disposal_list: DisposalList, ids: Sequence[UUID]) -> list[DisposalItem]:
    rows = DisposalItem.objects.select_for_update(of=("self",)).select_related("department")
    return list(rows.filter(disposal_list=disposal_list, id__in=ids).order_by("id"))


def _act(actor: Actor, item: DisposalItem, stage: Stage | None, comment: str) -> DisposalAct:
    return DisposalAct(
        item_id=item.id,
        number=item.stage,
        name=stage.name if stage else "",
        clause=stage.clause if stage else "",
        measure=item.measure,
        comment=comment.strip()[:200],
        actor_id=actor.id,
        actor_label=actor.label,
    )


def _save(
    actor: Actor, disposal_list: DisposalList, verb: str, moved: Sequence[DisposalItem], acts: Sequence[DisposalAct]
) -> int:
    for start in range(0, len(moved), CHUNK):
        update_many(moved[start : start + CHUNK], _COLUMNS)
        insert_many(acts[start : start + CHUNK])
    if moved:
        record_event(
            actor=actor,
            code=f"records.disposal_list.{verb}",
            subject_kind="records.disposal_list",
            subject_id=disposal_list.id,
            payload={"items": len(moved), "measures": _by_measure(moved)},
        )
    return len(moved)


def _by_measure(items: Sequence[DisposalItem]) -> dict[str, int]:
    return {measure: sum(1 for item in items if item.measure == measure) for measure in {i.measure for i in items}}
