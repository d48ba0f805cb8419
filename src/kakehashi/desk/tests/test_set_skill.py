"""set_skill, know_tool and the order of supporters: skill × past ÷ load, with the reason and the warning."""

from __future__ import annotations

import pytest

from kakehashi.desk.domain.assignment import Candidate, carries_too_much, suggest_supporters
from kakehashi.desk.forms import SupporterForm
from kakehashi.desk.models import SupporterSkill, Tool, ToolKnower
from kakehashi.desk.selectors import supporter_suggestions
from kakehashi.desk.services import know_tool, set_skill, triage_consultation, write_tool
from kakehashi.desk.testing import filed
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town, person_of


def candidate(name: str, load: int = 0, past: int = 0, skill: int = 0, *, away: bool = False) -> Candidate:
    return Candidate(uuid7(), name, load, past, away, skill=skill)


def order(*candidates: Candidate) -> list[str]:
    return [suggestion.candidate.name for suggestion in suggest_supporters(candidates)]


def test_skill_past_and_load_all_count_and_absence_last() -> None:
    assert order(candidate("忙しい", 4, 2, 3), candidate("できる", 1, 1, 3), candidate("暇", 0)) == [
        "できる",
        "忙しい",
        "暇",
    ]
    assert order(candidate("不在", 0, 5, 3, away=True), candidate("いる", 3)) == ["いる", "不在"]


def test_the_warning_names_who_carries_more_than_half() -> None:
    one, two = candidate("一人", 5, 3, 3), candidate("もう一人", 1)
    heavy = carries_too_much([one, two])
    assert heavy is one
    form = SupporterForm(suggestions=suggest_supporters([one, two]))
    assert "一人さんに" in form.fields["supporter"].help_text
    assert carries_too_much([candidate("a", 2), candidate("b", 2)]) is None


def test_a_skill_in_the_theme_is_the_first_reason(town: Town) -> None:
    consultation = filed(town)
    triage_consultation(actor=town.officer, consultation=consultation, theme="ledger")
    set_skill(actor=town.manager, person=person_of(town.officer), theme="ledger", level=3)
    assert consultation.tasks.count() == 2
    best = supporter_suggestions(consultation)[0]
    assert (best.candidate.name, best.reasons[0]) == (
        person_of(town.officer).name,
        "台帳・表計算は「人に教えられる」",
    )


def test_a_skill_is_taken_back_with_nothing(town: Town) -> None:
    mine = person_of(town.officer)
    set_skill(actor=town.officer, person=mine, theme="ai", level=2)
    set_skill(actor=town.officer, person=mine, theme="ai", level=0)
    assert not SupporterSkill.objects.exists()
    with pytest.raises(DomainError):
        set_skill(actor=town.officer, person=mine, theme="magic", level=1)


def test_who_knows_a_tool_is_said_once(town: Town) -> None:
    tool = write_tool(actor=town.officer, name="RPA", use="転記", is_owned=True, zones=["lgwan", "nowhere"])
    for level in (1, 3):
        know_tool(actor=town.officer, tool=tool, person=person_of(town.officer), level=level)
    assert (ToolKnower.objects.get().level, Tool.objects.get().zones) == (3, ["lgwan"])


def test_a_consultation_needs_a_theme(town: Town) -> None:
    with pytest.raises(DomainError):
        triage_consultation(actor=town.officer, consultation=filed(town), theme="magic")
