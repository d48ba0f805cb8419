"""交付: the case closes when the document was posted, handed over or recorded on the applicant's page."""

from __future__ import annotations

import datetime as dt

import pytest

from kakehashi.approvals.testing import with_rules
from kakehashi.cases.models import Case
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.people.testing import Town
from kakehashi.procedures.domain.deliveries import Basis, Way
from kakehashi.procedures.models import Application, DocumentDelivery
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.deliveries import delivered_documents
from kakehashi.procedures.services import (
    choose_delivery_way,
    hand_over,
    mark_posted,
    open_document,
    publish_delivery,
    record_arrival,
    record_return,
    send_again,
    write_address,
)
from kakehashi.procedures.services.post_papers import label_sheet, letters_in_one
from kakehashi.procedures.testing import an_issued_application


def the_delivery() -> DocumentDelivery:
    return DocumentDelivery.objects.order_by("-attempt")[0]


def post(town: Town) -> int:
    ids = list(DocumentDelivery.objects.values_list("id", flat=True))
    return mark_posted(actor=town.clerk, delivery_ids=ids, posted_on=clock.today(), mail_kind="普通郵便")


def standing(application: Application) -> tuple[str, str]:
    again = get_application(application.id)
    return again.state, Case.objects.get(id=again.case_id).phase


def test_an_electronic_notice_arrives_when_it_is_recorded(town: Town) -> None:
    application = an_issued_application(with_rules(town), Way.ELECTRONIC)
    delivery = the_delivery()
    assert (delivery.standing, delivery.arrived_on, delivery.arrival_basis) == ("arrived", clock.today(), "recorded")
    assert standing(application) == ("completed", "done")
    (whole,) = delivered_documents(application)
    assert whole.periods is not None
    with clock.frozen(clock.now() + dt.timedelta(days=10)):
        open_document(actor=AnonymousActor(government_id=town.id), document=whole.document)
        (later,) = delivered_documents(get_application(application.id))
    assert later.periods is not None
    assert later.periods.review_until >= whole.periods.review_until
    assert later.periods.review_longest == whole.periods.review_longest


def test_a_letter_keeps_the_case_open_until_it_is_posted(town: Town) -> None:
    application = an_issued_application(with_rules(town))
    assert standing(application) == ("delivering", "working")
    assert delivered_documents(application)[0].periods is None
    assert the_delivery().address.startswith("東京都千代田区千代田1-1")
    assert (post(town), post(town)) == (1, 0)
    assert standing(application) == ("completed", "done")
    delivery = record_arrival(
        actor=town.clerk, delivery=the_delivery(), arrived_on=clock.today(), basis=Basis.CERTIFIED, tracking_number="1"
    )
    assert delivered_documents(application)[0].periods is not None
    record_arrival(actor=town.clerk, delivery=delivery, arrived_on=clock.today(), basis=Basis.SAID)
    codes = [each.code for each in events_for(application.id)]
    assert codes[-3:] == [
        "procedures.delivery.sent",
        "procedures.delivery.arrived",
        "procedures.delivery.corrected",
    ]


def test_handing_over_is_the_arrival(town: Town) -> None:
    application = an_issued_application(with_rules(town), Way.COUNTER)
    assert standing(application) == ("delivering", "working")
    assert post(town) == 0
    hand_over(actor=town.clerk, delivery=the_delivery(), handed_on=clock.today(), note="運転免許証")
    assert standing(application) == ("completed", "done")
    with pytest.raises(Stale):
        hand_over(actor=town.clerk, delivery=the_delivery(), handed_on=clock.today())


def test_what_comes_back_opens_the_case_again(town: Town) -> None:
    application = an_issued_application(with_rules(town))
    post(town)
    record_return(actor=town.clerk, delivery=the_delivery(), returned_on=clock.today(), note="あて所に尋ねあたりません")
    assert standing(application) == ("delivering", "working")
    returned = the_delivery()
    with pytest.raises(DomainError, match="希望"):
        send_again(actor=town.clerk, delivery=returned, way=Way.ELECTRONIC)
    again = send_again(
        actor=town.clerk, delivery=returned, way=Way.POST, postcode="100-0002", address="東京都千代田区2"
    )
    assert (again.attempt, again.postcode) == (2, "1000002")
    with pytest.raises(Stale):
        send_again(actor=town.clerk, delivery=returned, way=Way.POST, address="東京都")
    post(town)
    assert standing(application) == ("completed", "done")


def test_publishing_takes_the_place_of_arrival(town: Town) -> None:
    application = an_issued_application(with_rules(town))
    post(town)
    returned = record_return(actor=town.clerk, delivery=the_delivery(), returned_on=clock.today(), note="転居先不明")
    day = clock.today() + dt.timedelta(days=15)
    with pytest.raises(DomainError, match="より後"):
        publish_delivery(
            actor=town.clerk, delivery=returned, published_on=clock.today(), arrived_on=clock.today(), note="掲示場"
        )
    publish_delivery(actor=town.clerk, delivery=returned, published_on=clock.today(), arrived_on=day, note="掲示場")
    assert standing(application) == ("completed", "done")
    assert delivered_documents(application)[0].known_on == day


def test_a_letter_needs_an_address_and_a_day_that_has_come(town: Town) -> None:
    application = an_issued_application(with_rules(town))
    DocumentDelivery.objects.update(address="")
    with pytest.raises(DomainError, match="住所がありません"):
        post(town)
    with pytest.raises(DomainError, match="住所がありません"):
        label_sheet(deliveries=[the_delivery()], sheet="12")
    write_address(actor=town.clerk, delivery=the_delivery(), addressee="田中 様", postcode="", address="ひばり町1")
    tomorrow = clock.today() + dt.timedelta(days=1)
    with pytest.raises(DomainError, match="今日まで"):
        mark_posted(actor=town.clerk, delivery_ids=[the_delivery().id], posted_on=tomorrow, mail_kind="普通郵便")
    yesterday = clock.today() - dt.timedelta(days=1)
    with pytest.raises(DomainError, match="後の日に施行"):
        mark_posted(actor=town.clerk, delivery_ids=[the_delivery().id], posted_on=yesterday, mail_kind="普通郵便")
    with pytest.raises(PermissionRefused):
        mark_posted(
            actor=AnonymousActor(government_id=town.id), delivery_ids=[the_delivery().id],
            posted_on=clock.today(), mail_kind="普通郵便",
        )  # fmt: skip
    assert standing(application)[0] == "delivering"
    assert label_sheet(deliveries=[the_delivery()], sheet="21", start=3).startswith(b"%PDF-")
    assert letters_in_one(actor=town.clerk, deliveries=[the_delivery()]).startswith(b"%PDF-")


def test_the_way_is_chosen_until_the_result_is_out(town: Town) -> None:
    application = an_issued_application(with_rules(town))
    with pytest.raises(Stale):
        choose_delivery_way(actor=AnonymousActor(government_id=town.id), application=application, way=Way.ELECTRONIC)
