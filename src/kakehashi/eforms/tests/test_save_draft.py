"""Saving, undoing and redoing a draft."""

import time
from dataclasses import replace

import pytest

from kakehashi.eforms.domain.definition import Field, FormDefinition, Step, from_json
from kakehashi.eforms.domain.edits import add_field, add_step
from kakehashi.eforms.models import DraftSnapshot, Form
from kakehashi.eforms.services import create_form, redo_draft, save_draft, undo_draft
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town


@pytest.fixture
def form(town: Town) -> Form:
    return create_form(actor=town.clerk, title="犬の登録", owner_kind="eforms.test", owner_id=uuid7())


def save(town: Town, form: Form, definition: FormDefinition) -> Form:
    return save_draft(actor=town.clerk, form=form, definition=definition, expected_revision=form.revision)


def with_page(form: Form, title: str) -> FormDefinition:
    return add_step(from_json(form.draft), title)[0]


def titles(form: Form) -> list[str]:
    return [step.title for step in from_json(form.draft).steps]


def test_a_save_replaces_the_draft(town: Town, form: Form) -> None:
    saved = save(town, form, with_page(form, "二頁目"))
    assert titles(saved) == ["申請の内容", "二頁目"]
    assert saved.revision == form.revision + 1


def test_a_save_over_somebody_elses_is_refused(town: Town, form: Form) -> None:
    save(town, form, with_page(form, "先の人"))
    with pytest.raises(Stale):
        save(town, form, with_page(form, "後の人"))
    assert titles(Form.objects.get(id=form.id)) == ["申請の内容", "先の人"]


def test_undo_goes_back_step_by_step_and_redo_forward(town: Town, form: Form) -> None:
    one = save(town, form, with_page(form, "一"))
    two = save(town, one, with_page(one, "二"))
    back = undo_draft(actor=town.clerk, form=two, expected_revision=two.revision)
    assert titles(back) == ["申請の内容", "一"]
    back = undo_draft(actor=town.clerk, form=back, expected_revision=back.revision)
    assert titles(back) == ["申請の内容"]
    with pytest.raises(DomainError, match="ありません"):
        undo_draft(actor=town.clerk, form=back, expected_revision=back.revision)
    forward = redo_draft(actor=town.clerk, form=back, expected_revision=back.revision)
    assert titles(forward) == ["申請の内容", "一"]


def test_a_new_act_after_an_undo_ends_what_could_be_redone(town: Town, form: Form) -> None:
    one = save(town, form, with_page(form, "一"))
    back = undo_draft(actor=town.clerk, form=one, expected_revision=one.revision)
    other = save(town, back, with_page(back, "別"))
    with pytest.raises(DomainError):
        redo_draft(actor=town.clerk, form=other, expected_revision=other.revision)


def test_the_history_is_bounded(town: Town, form: Form) -> None:
    for number in range(60):
        form = save(town, form, replace(from_json(form.draft), next_number=number + 2))
    assert DraftSnapshot.objects.filter(form=form).count() == 50


def test_my_number_cannot_be_asked_for(town: Town, form: Form) -> None:
    asking = FormDefinition(steps=(Step("p", "頁", (Field("n", "text", "世帯主の個人番号"),)),))
    with pytest.raises(DomainError, match="マイナンバー"):
        save(town, form, asking)


def test_strangers_cannot_save(town: Town, form: Form) -> None:
    with pytest.raises(PermissionRefused):
        save_draft(actor=AnonymousActor(), form=form, definition=from_json(form.draft), expected_revision=1)


def test_a_hundred_fields_are_saved_within_a_second(town: Town, form: Form) -> None:
    definition = from_json(form.draft)
    for _ in range(100):
        definition, _ = add_field(definition, "page_1", "choice")
    started = time.process_time()
    save(town, form, definition)
    assert time.process_time() - started < 1
