"""取り込みを元に戻す: exactly back; what was changed since is left alone and named."""

import pytest

from kakehashi.eforms.services import publish_form
from kakehashi.kernel import clock
from kakehashi.kernel.errors import Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.procedures.models import BatchRow, BatchState, Channel, Procedure, ProcedureText, RowState
from kakehashi.procedures.services import (
    apply_batch,
    record_counter_application,
    start_batch,
    start_form,
    undo_batch,
    update_procedure,
    write_text,
)
from kakehashi.procedures.testing import TEXTS, a_procedure
from kakehashi.search.selectors import search_texts

ROWS = "手続名,根拠法令,年間件数,案内文,英語の案内文\r\n住宅改修補助金,要綱,77,お金を出します。,We pay.\r\n死亡届,戸籍法,5,,\r\n出生届,戸籍法,6,,\r\n".encode()
WATCHED = [name for name in (field.attname for field in Procedure._meta.concrete_fields) if name != "updated_at"]


def everything() -> list:
    texts = list(
        ProcedureText.objects.order_by("language").values("procedure_id", "language", "what_for", "name", "needs")
    )
    return [*Procedure.objects.order_by("id").values(*WATCHED), *texts]


def applied(town: Town):
    return apply_batch(actor=town.officer, batch=start_batch(actor=town.officer, name="a.csv", content=ROWS))


def test_exactly_back(town: Town) -> None:
    procedure = a_procedure(town.officer, "住宅改修補助金", legal_basis="要綱", volume=40)
    write_text(actor=town.officer, procedure=procedure, language="ja", values=TEXTS["ja"])
    before = everything()
    batch = applied(town)
    assert Procedure.objects.count() == 3
    undo_batch(actor=town.officer, batch=batch)
    assert everything() == before
    batch.refresh_from_db()
    assert (batch.state, batch.counts["undone"], batch.counts["kept"]) == (BatchState.UNDONE, 3, 0)
    assert not search_texts(actor=town.officer, query="死亡届")
    with pytest.raises(Stale):
        undo_batch(actor=town.officer, batch=batch)


def test_what_was_changed_since_is_left_and_named(town: Town) -> None:
    batch = applied(town)
    death = Procedure.objects.get(name="死亡届")
    update_procedure(actor=town.officer, procedure=death, values={"fee": "無料"})
    undo_batch(actor=town.officer, batch=batch)
    assert [each.name for each in Procedure.objects.all()] == ["死亡届"]
    kept = BatchRow.objects.get(batch=batch, state=RowState.KEPT)
    assert kept.procedure_id == death.id
    assert "取り込みのあとに変わった" in kept.text
    batch.refresh_from_db()
    assert batch.state == BatchState.PARTLY_UNDONE


def test_what_somebody_applied_for_stays(town: Town) -> None:
    rows = f"手続名,所管課\r\n死亡届,{town.department.name}\r\n出生届,{town.department.name}\r\n".encode()
    batch = apply_batch(actor=town.officer, batch=start_batch(actor=town.officer, name="a.csv", content=rows))
    birth = Procedure.objects.get(name="出生届")
    record_counter_application(
        actor=town.clerk, procedure=birth, government_code=town.government.code, applicant_name="佐々木 一",
        channel=Channel.COUNTER, arrived_on=clock.today(), idempotency_key=uuid7(),
    )  # fmt: skip
    undo_batch(actor=town.officer, batch=batch)
    assert [each.name for each in Procedure.objects.all()] == ["出生届"]


def test_the_later_batch_goes_first(town: Town) -> None:
    first = applied(town)
    more = "手続名,年間件数\r\n死亡届,9\r\n".encode()
    second = apply_batch(actor=town.officer, batch=start_batch(actor=town.officer, name="b.csv", content=more))
    undo_batch(actor=town.officer, batch=second)
    assert Procedure.objects.get(name="死亡届").volume == 5
    undo_batch(actor=town.officer, batch=first)
    assert not Procedure.objects.exists()


def test_a_form_made_since_keeps_the_procedure(town: Town) -> None:
    batch = applied(town)
    birth = Procedure.objects.get(name="出生届")
    start_form(actor=town.officer, procedure=birth)
    publish_form(actor=town.officer, form=birth.form)
    undo_batch(actor=town.officer, batch=batch)
    assert Procedure.objects.filter(id=birth.id).exists()
