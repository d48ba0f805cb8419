"""Publishing makes a version that never changes."""

import pytest
from django.db import DatabaseError, connection, transaction

from kakehashi.eforms.domain.definition import Field, FormDefinition, Step, from_json
from kakehashi.eforms.models import Form, FormVersion
from kakehashi.eforms.selectors import latest_version
from kakehashi.eforms.services import create_form, publish_form, save_draft
from kakehashi.eforms.testing import BRANCHING, WHOLE, published
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town


def test_a_version_holds_the_questions_and_their_schema(town: Town) -> None:
    version = published(town.clerk)
    assert version.number == 1
    assert from_json(version.definition) == WHOLE
    assert version.schema["properties"]["people"]["maximum"] == 20


def test_publishing_is_an_official_act(town: Town) -> None:
    version = published(town.clerk)
    event = Event.objects.get(code="eforms.form.published")
    assert event.payload["version_id"] == str(version.id)
    assert event.subject_id == version.form_id


def test_a_correction_is_a_new_version(town: Town) -> None:
    first = published(town.clerk)
    form = Form.objects.get(id=first.form_id)
    form = save_draft(actor=town.clerk, form=form, definition=BRANCHING, expected_revision=form.revision)
    second = publish_form(actor=town.clerk, form=form)
    assert second.number == 2
    assert latest_version(form) == second
    assert from_json(FormVersion.objects.get(id=first.id).definition) == WHOLE


@pytest.mark.parametrize("statement", ["UPDATE {} SET number = 99", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_a_version(town: Town, statement: str) -> None:
    version = published(town.clerk)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(FormVersion._meta.db_table))
    assert FormVersion.objects.get(id=version.id).number == 1


def test_a_form_that_nobody_could_answer_is_not_published(town: Town) -> None:
    broken = FormDefinition(steps=(Step("p", "頁", (Field("a", "choice", "選ぶ"),)), Step("q", "空の頁")))
    form = create_form(actor=town.clerk, title="x", owner_kind="eforms.test", owner_id=uuid7(), definition=broken)
    with pytest.raises(DomainError) as refused:
        publish_form(actor=town.clerk, form=form)
    assert "選択肢がありません" in refused.value.message
    assert "空の頁" in refused.value.message
    assert not FormVersion.objects.exists()


def test_what_was_confirmed_is_what_is_published(town: Town) -> None:
    form = create_form(actor=town.clerk, title="x", owner_kind="eforms.test", owner_id=uuid7(), definition=WHOLE)
    save_draft(actor=town.clerk, form=form, definition=BRANCHING, expected_revision=1)
    with pytest.raises(Stale):
        publish_form(actor=town.clerk, form=form, expected_revision=1)


def test_the_neighbour_town_does_not_see_it(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        version = published(cast.hibari.clerk)
    with tenant_scope(cast.misaki.id):
        assert not FormVersion.objects.filter(id=version.id).exists()
