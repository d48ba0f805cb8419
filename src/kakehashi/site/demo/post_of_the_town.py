"""交付 in the demo: the letters of the past year went out, and this week's show every standing of the 郵送リスト."""

from __future__ import annotations

from datetime import datetime, time

from kakehashi.kernel import clock
from kakehashi.kernel.business_days import add_business_days
from kakehashi.people.selectors import StaffActor
from kakehashi.procedures.domain.deliveries import Basis, Standing
from kakehashi.procedures.models import DocumentDelivery
from kakehashi.procedures.services import mark_posted, record_arrival, record_return, write_address
from kakehashi.site.demo.people_of_the_town import home_of

_NOT_FOUND = "あて所に尋ねあたりません。"


def address(clerk: StaffActor, letter: DocumentDelivery) -> None:
    """Who filed on paper gets the letter at home; the form online has asked already."""
    if letter.can_post and not letter.address:
        postcode, where = home_of(letter.addressee)
        write_address(actor=clerk, delivery=letter, addressee=letter.addressee, postcode=postcode, address=where)


def post(clerk: StaffActor, letter: DocumentDelivery, mail_kind: str = "普通郵便") -> None:
    """A letter goes out on the day it was made."""
    if letter.can_post:
        mark_posted(actor=clerk, delivery_ids=[letter.id], posted_on=clock.today(), mail_kind=mail_kind)


def hear_of(clerk: StaffActor, letter: DocumentDelivery, end: Standing) -> None:
    """What became of a letter two working days later: the tracking says that it arrived, or it came back."""
    day = add_business_days(clock.today(), 2)
    with clock.frozen(datetime.combine(day, time(15, 30), tzinfo=clock.JST)):
        letter.refresh_from_db()
        if end is Standing.ARRIVED:
            record_arrival(actor=clerk, delivery=letter, arrived_on=clock.today(), basis=Basis.TRACKED)
        elif end is Standing.RETURNED:
            record_return(actor=clerk, delivery=letter, returned_on=clock.today(), note=_NOT_FOUND)
