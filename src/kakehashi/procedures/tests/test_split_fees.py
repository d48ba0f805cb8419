"""手数料 in a split installation: nobody pays online, everybody is told where, and nobody is stuck."""

import pytest

from kakehashi.cases.models import Message
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.testing import paired_with_far_side
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.selectors.payments import pays_at_office
from kakehashi.procedures.services.fee_settings import set_fee
from kakehashi.procedures.services.payments import request_payment
from kakehashi.procedures.testing import an_accepted_with_fee


@pytest.fixture
def keys(settings, tmp_path):
    settings.EXCHANGE_KEYS = tmp_path / "exchange-keys"
    return settings


def test_the_staff_side_asks_for_the_money_at_the_office(town, keys):
    application = an_accepted_with_fee(town)
    paired_with_far_side(town.id, Side.STAFF)
    for _ in range(2):
        payment = request_payment(actor=town.clerk, application=application)
    (message,) = Message.objects.filter(case=application.case)
    assert ("300円" in message.body, payment.reference in message.body, message.thread) == (True, True, "public")
    for when in (FeeWhen.BEFORE, FeeWhen.WITH):
        with pytest.raises(DomainError, match="分けた設置"):
            set_fee(actor=town.officer, procedure=application.procedure, when=when, yen=300)


@pytest.mark.parametrize(("fee", "told"), [("300円", True), (300, True), ("無料", False), ("", False), (0, False)])
def test_the_public_side_says_so_before_anybody_applies(town, keys, fee, told):
    assert not pays_at_office(fee)
    paired_with_far_side(town.id, Side.PUBLIC)
    assert pays_at_office(fee) is told


def test_on_the_pages(cast, online, client_for, keys):
    procedure = online(fee="300円")
    client, address = client_for(cast.hibari), f"/procedures/{procedure.id}/"
    assert "窓口か納付書" not in client.get(address).content.decode()
    with tenant_scope(cast.hibari.id):
        paired_with_far_side(cast.hibari.id, Side.PUBLIC)
    assert "窓口か納付書" in client.get(address).content.decode()
