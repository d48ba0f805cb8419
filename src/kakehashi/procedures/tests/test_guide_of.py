"""The words of a procedure in the reader's language, and what stands in for them."""

from django.utils import translation

from kakehashi.procedures.models import ProcedureText
from kakehashi.procedures.selectors.public import guide_of, public_procedure
from kakehashi.procedures.testing import an_online_procedure


def in_english(town, **words):
    procedure = an_online_procedure(town)
    ProcedureText.objects.filter(procedure=procedure, language="en").delete()
    if words:
        ProcedureText.objects.create(procedure=procedure, language="en", **words)
    with translation.override("en"):
        return guide_of(public_procedure(procedure.id), "en")


def test_what_is_not_translated_is_named(town):
    guide = in_english(town, name="Dog registration", what_for="Register a dog.")
    assert guide.is_own_text
    assert not guide.stand_ins & {"name", "what_for"}
    assert "needs" in guide.stand_ins


def test_no_fee_is_said_in_the_readers_language(town):
    guide = in_english(town, name="Dog registration", fee="")
    assert guide.fee == "Free of charge"
    assert "fee" not in guide.stand_ins


def test_a_procedure_without_a_translation_says_so(town):
    guide = in_english(town)
    assert not guide.is_own_text
    assert "name" in guide.stand_ins
