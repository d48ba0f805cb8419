"""交付: an issued document goes to its recipient by the way they chose; the case closes when it was posted or has arrived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from kakehashi.cases.services import reopen_case
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.deliveries import DONE, Address, Basis, Standing, Way
from kakehashi.procedures.domain.states import FACES, Act, State
from kakehashi.procedures.models import Application, DeliveryWish, DocumentDelivery, IssuedDocument
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.deliveries import address_of, chosen_way
from kakehashi.procedures.services.handling import move_application, record

__all__ = [
    "begin_delivery",
    "choose_delivery_way",
    "hand_over",
    "keep_wish",
    "mark_posted",
    "note_arrival_elsewhere",
    "open_again",
    "publish_delivery",
    "record_arrival",
    "record_return",
    "send_again",
    "write_address",
]

MAIL_KINDS = ("普通郵便", "特定記録", "簡易書留", "一般書留・配達証明", "レターパック", "使送")
_MOST = 500
_STALE = "この交付は、ほかの人が先に記録しました。最新の状態を確かめてください。"


def begin_delivery(*, actor: Actor, application: Application, document: IssuedDocument) -> DocumentDelivery:
    """The first attempt for a document just issued, by the way the applicant chose; runs inside 施行.

    An electronic one is recorded on the applicant's page by this, and so has arrived (デジタル手続法7条3項). On the staff side of a split
    installation it arrives when the other side says so.
    """
    from kakehashi.procedures.services.mails import is_told_elsewhere

    way = chosen_way(application)
    today = clock.today()
    arrives = way is Way.ELECTRONIC and not is_told_elsewhere(application)
    address = address_of(application) if way is Way.POST else Address()
    delivery: DocumentDelivery = DocumentDelivery.objects.create(
        document=document,
        application=application,
        way=way.value,
        addressee=f"{application.applicant_name} 様",
        postcode=address.postcode,
        address=address.text,
        standing=_first_standing(way, arrives).value,
        sent_on=today if way is Way.ELECTRONIC else None,
        sent_by=actor.label if way is Way.ELECTRONIC else "",
        arrived_on=today if arrives else None,
        arrival_basis=Basis.RECORDED.value if arrives else "",
    )
    return delivery


def _first_standing(way: Way, arrives: bool) -> Standing:
    if way is Way.ELECTRONIC:
        return Standing.ARRIVED if arrives else Standing.SENT
    return Standing.WAITING


@service
def choose_delivery_way(*, actor: Actor, application: Application, way: Way) -> Application:
    """受け取り方を選ぶ: the applicant's 表示 for the electronic notice (デジタル手続法7条1項ただし書), or post, or the counter.

    Possible until the result is issued. Staff record it when the applicant says so at the counter. Raises Stale afterwards.
    """
    if actor.kind is ActorKind.STAFF:
        require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    locked: Application = Application.objects.select_for_update().get(id=application.id)
    if not locked.is_open or locked.state == State.DELIVERING or locked.procedure.road.arrival_completes:
        raise Stale("結果の通知は、もう出ています。受け取り方を変えたいときは、役所に連絡してください。")
    if chosen_way(locked) is way:
        return application
    application.accepts_electronic_notice = way is Way.ELECTRONIC
    application.save(update_fields=["accepts_electronic_notice"])
    keep_wish(application, way)
    record(actor, "procedures.delivery.chosen", application, {"way": way.value})
    return application


def keep_wish(application: Application, way: Way) -> None:
    """Write down that the result will be fetched at the counter; the other two ways stand on the application."""
    DeliveryWish.objects.filter(application=application).delete()
    if way is Way.COUNTER:
        DeliveryWish.objects.create(application=application, way=way.value)


@service
def mark_posted(*, actor: Actor, delivery_ids: Collection[UUID], posted_on: dt.date, mail_kind: str) -> int:
    """発送を記録する: these letters were posted on that day; returns how many were not recorded before.

    One act for the whole batch. Raises DomainError for a day to come, a day before the letter was made, more than 500 letters,
    or a letter without an address.
    """
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    if not delivery_ids:
        raise DomainError("発送した手紙を選んでください。")
    if len(delivery_ids) > _MOST:
        raise DomainError(f"一度に記録できるのは{_MOST}通までです。")
    _not_to_come(posted_on, "発送日", "posted_on")
    if mail_kind not in MAIL_KINDS:
        raise DomainError("郵便の種類を選んでください。", field="mail_kind")
    act_id, posted = uuid7(), 0
    for delivery in _locked(delivery_ids):
        if not delivery.can_post:
            continue
        _check_letter(delivery, posted_on)
        delivery.standing, delivery.sent_on = Standing.SENT.value, posted_on
        delivery.sent_by, delivery.mail_kind = actor.label, mail_kind
        delivery.save(update_fields=["standing", "sent_on", "sent_by", "mail_kind"])
        payload = _payload(delivery) | {"sent_on": posted_on.isoformat(), "mail_kind": mail_kind}
        record(actor, "procedures.delivery.sent", delivery.application, payload, act_id)
        _close_when_done(actor, delivery.application, act_id)
        posted += 1
    return posted


def _check_letter(delivery: DocumentDelivery, posted_on: dt.date) -> None:
    made_on = delivery.document.delivered_at.astimezone(clock.JST).date()
    if posted_on < made_on:
        raise DomainError(
            f"{delivery.addressee}あての通知は、発送日より後の日に施行しています。日付を確かめてください。",
            field="posted_on",
        )
    if not delivery.address.strip():
        raise DomainError(f"{delivery.addressee}の住所がありません。先に宛先を書いてください。", field="deliveries")


@service
def hand_over(*, actor: Actor, delivery: DocumentDelivery, handed_on: dt.date, note: str = "") -> DocumentDelivery:
    """窓口で渡す: the person has it in their hands, which is its arrival. `note` says how they were known."""
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    current = _one(delivery)
    if not current.can_hand:
        raise Stale(_STALE)
    _not_to_come(handed_on, "渡した日", "handed_on")
    _not_before_made(current, handed_on, "handed_on")
    current.standing, current.sent_on, current.sent_by = Standing.ARRIVED.value, handed_on, actor.label
    current.arrived_on, current.arrival_basis = handed_on, Basis.HANDED.value
    current.note = note.strip()[:1000]
    current.save()
    act_id = uuid7()
    payload = _payload(current) | {"arrived_on": handed_on.isoformat()}
    record(actor, "procedures.delivery.handed", current.application, payload, act_id)
    _close_when_done(actor, current.application, act_id)
    return current


@service
def record_arrival(
    *, actor: Actor, delivery: DocumentDelivery, arrived_on: dt.date, basis: Basis, tracking_number: str = ""
) -> DocumentDelivery:
    """到達日を記録する: when a posted letter reached the person, and how that is known. A wrong day is put right the same way."""
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    current = _one(delivery)
    if current.way != Way.POST or current.standing not in {Standing.SENT, Standing.ARRIVED}:
        raise Stale(_STALE)
    if basis not in {Basis.TRACKED, Basis.CERTIFIED, Basis.SAID}:
        raise DomainError("到達がわかった理由を選んでください。", field="basis")
    _not_to_come(arrived_on, "到達日", "arrived_on")
    if current.sent_on is not None and arrived_on < current.sent_on:
        raise DomainError("到達日は、発送日より前にはなりません。", field="arrived_on")
    before = current.arrived_on
    current.standing, current.arrived_on, current.arrival_basis = Standing.ARRIVED.value, arrived_on, basis.value
    current.tracking_number = tracking_number.strip()[:40] or current.tracking_number
    current.save()
    payload = _payload(current) | {"arrived_on": arrived_on.isoformat(), "basis": basis.value}
    code = "procedures.delivery.corrected" if before else "procedures.delivery.arrived"
    record(actor, code, current.application, payload | ({"before": before.isoformat()} if before else {}))
    return current


@service
def record_return(*, actor: Actor, delivery: DocumentDelivery, returned_on: dt.date, note: str) -> DocumentDelivery:
    """返戻を記録する: the letter came back, so nothing has arrived; the case is open again until it is sent anew or published."""
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    current = _one(delivery)
    if not current.may_come_back:
        raise Stale(_STALE)
    if not note.strip():
        raise DomainError("戻ってきた理由（宛先不明、保管期間の経過など）を書いてください。", field="note")
    _not_to_come(returned_on, "戻った日", "returned_on")
    if current.sent_on is not None and returned_on < current.sent_on:
        raise DomainError("戻った日は、発送日より前にはなりません。", field="returned_on")
    current.standing, current.returned_on, current.note = Standing.RETURNED.value, returned_on, note.strip()[:1000]
    current.save()
    act_id = uuid7()
    payload = _payload(current) | {"returned_on": returned_on.isoformat()}
    record(actor, "procedures.delivery.returned", current.application, payload, act_id)
    open_again(actor, current.application, act_id)
    return current


@service
def send_again(
    *, actor: Actor, delivery: DocumentDelivery, way: Way, postcode: str = "", address: str = ""
) -> DocumentDelivery:
    """もう一度送る: a new attempt after a return, by post to the address found out or to be fetched at the counter."""
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    current = _one(delivery)
    if current.standing != Standing.RETURNED or _newest(current).id != current.id:
        raise Stale(_STALE)
    if way is Way.ELECTRONIC:
        raise DomainError(
            "電子による通知は、申請者が希望したときだけできます（デジタル手続法第7条第1項）。", field="way"
        )
    if way is Way.POST and not address.strip():
        raise DomainError("宛先の住所を書いてください。", field="address")
    again: DocumentDelivery = DocumentDelivery.objects.create(
        document=current.document,
        application=current.application,
        attempt=current.attempt + 1,
        way=way.value,
        addressee=current.addressee,
        postcode=_postcode(postcode) if way is Way.POST else "",
        address=address.strip()[:300] if way is Way.POST else "",
    )
    record(actor, "procedures.delivery.repeated", current.application, _payload(again))
    return again


@service
def publish_delivery(
    *, actor: Actor, delivery: DocumentDelivery, published_on: dt.date, arrived_on: dt.date, note: str
) -> DocumentDelivery:
    """公示送達を記録する: nobody knows where the person is. `arrived_on` is the day the law takes it to have arrived (民法98条3項: two
    weeks after; special laws name their own term), `note` says where it was published.
    """
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    current = _one(delivery)
    if current.standing != Standing.RETURNED or _newest(current).id != current.id:
        raise Stale(_STALE)
    _not_to_come(published_on, "掲示を始めた日", "published_on")
    if arrived_on <= published_on:
        raise DomainError("到達したとみなす日は、掲示を始めた日より後です。", field="arrived_on")
    if not note.strip():
        raise DomainError("掲示した場所と根拠を書いてください。", field="note")
    current.standing, current.arrived_on = Standing.PUBLISHED.value, arrived_on
    current.arrival_basis, current.note = Basis.PUBLISHED.value, f"{current.note}\n{note.strip()}"[:1000]
    current.save()
    act_id = uuid7()
    payload = _payload(current) | {"published_on": published_on.isoformat(), "arrived_on": arrived_on.isoformat()}
    record(actor, "procedures.delivery.published", current.application, payload, act_id)
    _close_when_done(actor, current.application, act_id)
    return current


@service
def write_address(
    *, actor: Actor, delivery: DocumentDelivery, addressee: str, postcode: str, address: str
) -> DocumentDelivery:
    """宛先を直す: what stands on the label of a letter that nobody has posted yet. It changes nothing that was decided."""
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    current = _one(delivery)
    if not current.can_post:
        raise Stale(_STALE)
    if not addressee.strip() or not address.strip():
        raise DomainError("宛名と住所を書いてください。", field="addressee" if not addressee.strip() else "address")
    current.addressee, current.address = addressee.strip()[:200], address.strip()[:300]
    current.postcode = _postcode(postcode)
    current.save(update_fields=["addressee", "address", "postcode"])
    return current


def note_arrival_elsewhere(delivered_at: dt.datetime, document: IssuedDocument) -> None:
    """The public side of a split installation recorded the notice on the applicant's page: that was its arrival."""
    day = delivered_at.astimezone(clock.JST).date()
    waiting = DocumentDelivery.objects.filter(document=document, way=Way.ELECTRONIC, arrived_on__isnull=True)
    waiting.update(standing=Standing.ARRIVED, arrived_on=day, arrival_basis=Basis.RECORDED)


def _postcode(text: str) -> str:
    digits = "".join(each for each in text if each.isdecimal() and each.isascii())
    if digits and len(digits) != 7:
        raise DomainError("郵便番号は7けたの数字です。", field="postcode")
    return digits


def _one(delivery: DocumentDelivery) -> DocumentDelivery:
    return _locked([delivery.id])[0]


def _locked(ids: Collection[UUID]) -> Sequence[DocumentDelivery]:
    rows = DocumentDelivery.objects.select_for_update(of=("self",)).filter(id__in=list(ids))
    return list(
        rows.select_related("document", "application__procedure", "application__case").order_by("created_at", "id")
    )


def _newest(delivery: DocumentDelivery) -> DocumentDelivery:
    return DocumentDelivery.objects.filter(document_id=delivery.document_id).order_by("-attempt")[0]


def _not_to_come(day: dt.date, word: str, field: str) -> None:
    if day > clock.today():
        raise DomainError(f"{word}は、今日までの日にしてください。", field=field)


def _not_before_made(delivery: DocumentDelivery, day: dt.date, field: str) -> None:
    if day < delivery.document.delivered_at.astimezone(clock.JST).date():
        raise DomainError("施行した日より前の日は書けません。", field=field)


def _payload(delivery: DocumentDelivery) -> dict[str, Any]:
    return {"document": str(delivery.document_id), "attempt": delivery.attempt, "way": delivery.way}


def _close_when_done(actor: Actor, application: Application, act_id: UUID) -> None:
    """Complete the application when the newest attempt of each of its documents is out."""
    if application.state != State.DELIVERING:
        return
    newest: dict[UUID, str] = {}
    for each in DocumentDelivery.objects.filter(application=application).order_by("attempt"):
        newest[each.document_id] = each.standing
    if all(standing in DONE for standing in newest.values()):
        move_application(actor=actor, application=application, act=Act.DELIVER, act_id=act_id, completed_at=clock.now())


def open_again(actor: Actor, application: Application, act_id: UUID) -> None:
    """A document of a completed application has to be delivered anew: its case is open until it is."""
    if application.state != State.COMPLETED:
        return
    case = application.case
    if case is not None and case.closed_at is not None:
        reopen_case(actor=actor, case=case, state_label=FACES[State.DELIVERING].label, act_id=act_id)
    move_application(actor=actor, application=application, act=Act.COME_BACK, act_id=act_id, completed_at=None)
