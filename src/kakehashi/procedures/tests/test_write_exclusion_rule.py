"""対象外の定義: a written rule, decided once, applied to many."""

from collections.abc import Callable

import pytest

from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town
from kakehashi.procedures.models import ExclusionRule, Stage
from kakehashi.procedures.services import (
    close_exclusion_rule,
    exclude_procedure,
    include_procedure,
    write_exclusion_rule,
)
from kakehashi.procedures.testing import a_procedure

WORDS = {"code": "R1", "title": "法令による対面", "text": "対面による面接が法令で定められている手続"}


def test_excluded_by_a_rule_and_back(town: Town) -> None:
    rule = write_exclusion_rule(actor=town.officer, **WORDS)
    procedure = exclude_procedure(actor=town.officer, procedure=a_procedure(town.officer), rule=rule)
    assert (procedure.stage, procedure.excluded_reason) == (Stage.EXCLUDED, WORDS["text"])
    include_procedure(actor=town.officer, procedure=procedure)
    assert (procedure.stage, procedure.exclusion_rule_id) == (Stage.PAPER, None)


def test_neither_rule_nor_reason(town: Town) -> None:
    with pytest.raises(DomainError, match="ルールを選ぶか"):
        exclude_procedure(actor=town.officer, procedure=a_procedure(town.officer))


def test_a_code_stands_once_and_a_text_is_needed(town: Town) -> None:
    rule = write_exclusion_rule(actor=town.officer, **WORDS)
    with pytest.raises(DomainError, match="使われています"):
        write_exclusion_rule(actor=town.officer, **WORDS)
    with pytest.raises(DomainError, match="すべてを入力"):
        write_exclusion_rule(actor=town.officer, **WORDS | {"text": " "}, rule=rule)
    assert close_exclusion_rule(actor=town.officer, rule=rule).closed_at


def test_by_the_pages(town: Town, client_for: Callable) -> None:
    client, rules = client_for(town.officer), "/staff/procedures/inventory/rules/"
    assert client.post(rules, WORDS | {"text": ""}).status_code == 422
    assert client.post(rules, WORDS).status_code == 302
    rule = ExclusionRule.objects.get()
    procedure = a_procedure(town.officer)
    client.post(f"/staff/procedures/inventory/{procedure.id}/exclude/", {"rule": rule.id, "reason": ""})
    assert "法令による対面" in client.get(f"/staff/procedures/inventory/{procedure.id}/").content.decode()
    assert client.post(f"/staff/procedures/inventory/{procedure.id}/include/").status_code == 302
    assert client.post(f"{rules}{rule.id}/", WORDS | {"title": "対面"}).status_code == 302
    assert client.post(f"{rules}{rule.id}/close/").status_code == 302
