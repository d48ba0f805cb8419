"""The gates of publication for procedures as they are, or as a batch would leave them; few queries for many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from kakehashi.eforms.domain.definition import DefinitionError, from_json
from kakehashi.eforms.models import FormVersion
from kakehashi.people.models import ProviderAudience
from kakehashi.people.selectors import providers_for
from kakehashi.procedures.domain.gates import Check, Facts, asks_anything, check_gates, hard_to_use
from kakehashi.procedures.domain.identity import IdentityCheck
from kakehashi.procedures.models import FormReview, Procedure

__all__ = ["FormFacts", "GateReader", "checklist", "review_of"]


@dataclass(frozen=True, slots=True)
class FormFacts:
    """The version residents would answer, and what was said of it."""

    version_id: UUID
    number: int
    asks: bool
    faults: tuple[str, ...]


class GateReader:
    """Judges many procedures: forms and reviews are read once for all of them."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        rows = list(procedures)
        self._forms = _forms({row.form_id for row in rows if row.form_id})
        reviewed = FormReview.objects.filter(procedure_id__in=[row.id for row in rows])
        self._reviewed = set(reviewed.values_list("procedure_id", "form_version_id"))
        asked = any(row.identity_check == IdentityCheck.PERSON for row in rows)
        self._identity_ready = bool(providers_for(ProviderAudience.RESIDENT)) if asked else True

    def facts(self, procedure: Procedure, languages: Iterable[str]) -> Facts:
        """What the gates look at. `languages` are those with a text that says what the procedure is for."""
        form = self._forms.get(procedure.form_id) if procedure.form_id else None
        return Facts(
            kind_confirmed=procedure.kind_confirmed,
            legal_basis=procedure.legal_basis,
            online_basis=procedure.online_basis,
            has_department=procedure.department_id is not None,
            contact=procedure.contact,
            retention_class=procedure.retention_class,
            privacy_purpose=procedure.privacy_purpose,
            languages=frozenset(languages),
            has_other_way=bool({"counter", "post"} & set(procedure.channels)),
            has_form=form is not None,
            is_reviewed=form is not None and (procedure.id, form.version_id) in self._reviewed,
            asks=form is None or form.asks,
            faults=form.faults if form else (),
            identity_ready=procedure.identity_check != IdentityCheck.PERSON or self._identity_ready,
        )


def _forms(form_ids: set[UUID]) -> Mapping[UUID, FormFacts]:
    versions = FormVersion.objects.filter(form_id__in=form_ids).order_by("form_id", "-number").distinct("form_id")
    return {row.form_id: _form_facts(row) for row in versions.only("form_id", "number", "definition", "government_id")}


def _form_facts(version: FormVersion) -> FormFacts:
    try:
        definition = from_json(version.definition)
    except DefinitionError:
        return FormFacts(version.id, version.number, True, ("様式を読み取れません。",))
    return FormFacts(version.id, version.number, asks_anything(definition), tuple(hard_to_use(definition)))


def checklist(procedure: Procedure) -> list[Check]:
    """The gates of one procedure as it is now."""
    languages = [text.language for text in procedure.texts.all() if text.what_for.strip()]
    return check_gates(GateReader([procedure]).facts(procedure, languages))


def review_of(procedure: Procedure, version_id: UUID | None) -> FormReview | None:
    """Who checked this version of the form, None when nobody did."""
    if version_id is None:
        return None
    found: FormReview | None = FormReview.objects.filter(procedure=procedure, form_version_id=version_id).first()
    return found
