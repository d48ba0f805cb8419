"""An open procedure that is written again is what the services write."""

import re

from django.core import serializers
from django.db import transaction

from kakehashi.eforms.models import DraftSnapshot, Form, FormVersion
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.procedures import testing
from kakehashi.procedures.models import FormReview, Procedure, ProcedureText
from kakehashi.procedures.testing import an_online_procedure

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def rows():
    """Every row about procedures, in the order of ids; each id is named by where it first stands."""
    models = (Procedure, ProcedureText, Form, DraftSnapshot, FormVersion, FormReview, Event)
    found = [row for model in models for row in model.objects.order_by("id")]
    text = MOMENT.sub("", serializers.serialize("json", found))
    places = {one: str(place) for place, one in enumerate(dict.fromkeys(ID.findall(text)))}
    return ID.sub(lambda one: places[one.group()], text)


def test_the_second_is_written_as_the_first_under_new_ids_and_at_its_own_moment(town, monkeypatch):
    monkeypatch.setattr(testing, "_written", {})
    with transaction.atomic():
        first = an_online_procedure(town)
        by_services = rows()
        transaction.set_rollback(True)
    second = an_online_procedure(town)
    assert rows() == by_services
    assert second.id != first.id
    assert first.opened_at < second.opened_at <= clock.now()


def test_another_kind_or_value_is_written_by_itself(town, monkeypatch):
    monkeypatch.setattr(testing, "_written", {})
    seen = []
    for contact in ("住民課", "税務課", "住民課"):
        with transaction.atomic():
            seen.append(an_online_procedure(town, contact=contact).contact)
            transaction.set_rollback(True)
    assert seen == ["住民課", "税務課", "住民課"]
    assert len(testing._written) == 2


def test_a_held_clock_is_obeyed(town):
    with clock.frozen(clock.now().replace(year=2024)) as then:
        assert an_online_procedure(town).opened_at == then
