"""様式の共有 of the demo: the prefecture offers one base form, a town has taken and changed it, and the base has moved on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from kakehashi.eforms.domain.definition import Field, FormDefinition, Option, from_json
from kakehashi.eforms.domain.edits import change_field
from kakehashi.eforms.services import publish_form, save_draft
from kakehashi.governments.models import Government
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Audience, Procedure
from kakehashi.procedures.selectors.bases import base_here, offered_to_us, offers
from kakehashi.procedures.services import create_procedure, offer_form, start_form, take_form, write_text
from kakehashi.site.demo import content
from kakehashi.site.demo.furnish import definition_of
from kakehashi.site.demo.organisation import Body

__all__ = ["move_base_on", "offer_base", "take_base"]


def offer_base(body: Body) -> None:
    """The prefecture, whose scope must be open, offers a form to its municipalities."""
    actor, row = system_actor(body.government.id, "見本の準備"), content.read("base_form")
    values = {
        "legal_basis": row["legal_basis"],
        "standard_processing_days": row["days"],
        "needs": row["needs"],
        "privacy_purpose": f"{row['name']}の受付と被害の調査、結果のお知らせのため",
    }
    procedure = create_procedure(actor=actor, name=row["name"], kind=Kind.CERTIFICATE, values=values)
    for language, name, what in (
        ("ja", row["name"], row["what_for"]), ("ja-easy", row["easy_name"], row["easy"]), ("en", row["en_name"], row["en"]),
    ):  # fmt: skip
        texts = {"name": name, "what_for": what} | ({"who_may": row["who_may"]} if language == "ja" else {})
        write_text(actor=actor, procedure=procedure, language=language, values=texts)
    start_form(actor=actor, procedure=procedure)
    _publish(actor, procedure, definition_of(row["form"]))
    offer_form(actor=actor, procedure=procedure, audience=Audience.PREFECTURE, description=row["description"])


def take_base(body: Body) -> None:
    """A town, whose scope must be open, has taken the form for the procedure on its inventory and put its own words into one question."""
    actor = body.actor("officer")
    offered = offered_to_us().first()
    if offered is None:
        return
    name = content.read("base_form")["name"]
    listed = Procedure.objects.filter(name=name, form__isnull=True).first()
    procedure = take_form(actor=actor, base=base_here(offered.id), procedure=listed).procedure
    form = procedure.form
    own = change_field(
        from_json(form.draft), "damage", help=f"{body.government.name}では、調査に伺う日を電話でお知らせします。"
    )
    save_draft(actor=actor, form=form, definition=own, expected_revision=form.revision, act="町の説明を書いた")


def move_base_on(government: Government) -> None:
    """The prefecture, whose scope must be open, gives the second revision once."""
    actor, row = system_actor(government.id, "見本の準備"), content.read("base_form")
    offer = offers().filter(revision=1).select_related("procedure__form").first()
    if offer is None:
        return
    changed = change_field(
        from_json(offer.procedure.form.draft), "damage", help="屋根、壁、床など、こわれたところごとに書いてください。"
    )
    _publish(actor, offer.procedure, _with_repair(changed))
    offer_form(
        actor=actor, procedure=offer.procedure, audience=offer.audience, description=offer.description, note=row["note"]
    )


def _with_repair(definition: FormDefinition) -> FormDefinition:
    options = (Option("yes", "希望する"), Option("no", "希望しない"))
    asked = Field("repair", "choice", "応急修理を希望しますか", required=True, options=options)
    last = definition.steps[-1]
    return replace(definition, steps=(*definition.steps[:-1], replace(last, fields=(*last.fields, asked))))


def _publish(actor: Actor, procedure: Procedure, definition: FormDefinition) -> UUID:
    form: Any = procedure.form
    form.refresh_from_db()
    saved = save_draft(actor=actor, form=form, definition=definition, expected_revision=form.revision, act="見本の様式")
    version: UUID = publish_form(actor=actor, form=saved).id
    return version
