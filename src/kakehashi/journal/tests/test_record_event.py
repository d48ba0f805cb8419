"""Recording: the row, its refusals, and that the web's role can only add."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from kakehashi.journal.domain.canonical import NotCanonicalError
from kakehashi.journal.models import Event, Leaf, Seal
from kakehashi.journal.services import record_event
from kakehashi.journal.testing import CODE
from kakehashi.kernel.actor import SystemActor, system_actor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope


@pytest.fixture
def actor(db: None) -> Iterator[SystemActor]:
    actor = system_actor(uuid7(), "取込")
    with tenant_scope(actor.government_id):
        yield actor


def record(actor: SystemActor, **changes: object) -> Event:
    values = {"code": CODE, "subject_kind": "journal.log", "subject_id": actor.government_id, "payload": {}, **changes}
    return record_event(actor=actor, **values)


def test_it_names_actor_post_and_subject(actor: SystemActor) -> None:
    event = Event.objects.get(id=record(actor, payload={"理由": "試験"}).id)
    assert (event.actor_id, event.actor_label, event.subject_id) == (None, "取込", actor.government_id)
    assert event.payload == {"理由": "試験"}
    assert len(bytes(event.salt)) == 16


def test_an_unknown_code_is_refused(actor: SystemActor) -> None:
    with pytest.raises(KeyError):
        record(actor, code="journal.thing.unknown")


@pytest.mark.parametrize("value", [2**53, float("nan"), "\ud800"])
def test_a_payload_that_could_never_be_sealed_is_refused(actor: SystemActor, value: object) -> None:
    with pytest.raises(NotCanonicalError):
        record(actor, payload={"value": value})


@pytest.mark.parametrize("model", [Event, Leaf, Seal])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_role_of_the_web_can_only_add(actor: SystemActor, model: type[Event | Leaf | Seal], statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(model._meta.db_table))
