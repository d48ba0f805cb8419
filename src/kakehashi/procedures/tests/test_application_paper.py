"""The application on paper: a signature drawn by hand stands on it."""

from __future__ import annotations

from kakehashi.eforms.domain.catalogue.declaration import DeclarationType
from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.eforms.services import publish_form, save_draft
from kakehashi.people.testing import Town
from kakehashi.procedures.selectors.application_paper import application_pdf
from kakehashi.procedures.testing import an_application, an_online_procedure

SIGNED = {"name": "田中めぐみ", "drawing": "M10 20L120 60L300 90M400 100"}


def test_strokes() -> None:
    assert DeclarationType.strokes(SIGNED["drawing"]) == [[(10, 20), (120, 60), (300, 90)], [(400, 100)]]
    assert DeclarationType.strokes("") == []


def test_the_signature_is_on_the_paper(town: Town) -> None:
    procedure = an_online_procedure(town)
    application = an_application(town, procedure)
    oath = Field("oath", "declaration", "書いたことは本当です", settings={"drawing": True})
    form = procedure.form
    definition = FormDefinition(steps=(Step("page_1", "署名", (oath,)),), next_number=2)
    save_draft(actor=town.officer, form=form, definition=definition, expected_revision=form.revision)
    form.refresh_from_db()
    version = publish_form(actor=town.officer, form=form)
    application.form_version, application.answers = version, {"oath": SIGNED | {"drawing": ""}}
    unsigned = application_pdf(application)
    application.answers = {"oath": SIGNED}
    signed = application_pdf(application)
    assert signed.startswith(b"%PDF")
    assert len(signed) > len(unsigned)
