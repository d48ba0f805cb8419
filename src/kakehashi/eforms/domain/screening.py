"""はじめる前の確認: a few yes-or-no questions whose answers are looked at once and never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kakehashi.eforms.domain.definition import FormDefinition
from kakehashi.eforms.domain.problems import Problem, gettext_noop
from kakehashi.eforms.domain.whole_form import ScreeningQuestion

__all__ = ["Screened", "input_name", "judge"]

ANSWERS = ("yes", "no")
CHOOSE = gettext_noop("「はい」か「いいえ」を選んでください。")


@dataclass
class Screened:
    """What came of the questions: problems by input name, the questions at which the way ends, and what was chosen."""

    problems: dict[str, Problem] = field(default_factory=dict)
    stops: list[ScreeningQuestion] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """Whether the form may begin."""
        return not self.problems and not self.stops


def input_name(question: ScreeningQuestion) -> str:
    """The name of the question's input."""
    return f"_check.{question.key}"


def judge(definition: FormDefinition, raw: Mapping[str, object]) -> Screened:
    """Look at the answers; an exit counts even while another question is still unanswered."""
    found = Screened()
    for question in definition.screening:
        name = input_name(question)
        answer = raw.get(name)
        if not isinstance(answer, str) or answer not in ANSWERS:
            found.problems[name] = Problem(CHOOSE)
            continue
        found.chosen[name] = answer
        if answer == question.stops_on:
            found.stops.append(question)
    return found
