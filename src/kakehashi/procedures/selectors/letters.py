"""Reading 通知書のひな形: the version in use, what may be filled in, and the values of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kakehashi.eforms.selectors import latest_version
from kakehashi.governments.models import Government
from kakehashi.kernel.shared_reads import read_once
from kakehashi.kernel.wareki import format_wareki
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.letters import ANSWER, STANDARD
from kakehashi.procedures.domain.teaching import Decider
from kakehashi.procedures.models import Application, LetterUse, LetterVersion, Procedure
from kakehashi.procedures.selectors.applications import described_answers

__all__ = [
    "RECEIPT",
    "letter_in_use",
    "letter_of_proposal",
    "letter_versions",
    "outcomes_of",
    "placeholders_of",
    "values_of",
]

RECEIPT = "receipt"
"""The outcome of the 受付票, which every application has before any result."""


def outcomes_of(procedure: Procedure) -> list[tuple[str, str]]:
    """The letters a procedure can have: code and Japanese name, the 受付票 first."""
    found = [(RECEIPT, "受付票")]
    if procedure.road.needs_proposal:
        found += [(result.value, result.label) for result in procedure.road.results]
    return found


@read_once
def letter_in_use(procedure: Procedure, outcome: str) -> LetterVersion | None:
    """The newest version for an outcome; None where the built-in words are used."""
    found: LetterVersion | None = (
        LetterVersion.objects.filter(procedure=procedure, outcome=outcome).order_by("-number").first()
    )
    return found


def letter_versions(procedure: Procedure, outcome: str) -> list[LetterVersion]:
    """Every version, newest first."""
    return list(LetterVersion.objects.filter(procedure=procedure, outcome=outcome).order_by("-number"))


def letter_of_proposal(proposal_id: UUID) -> LetterVersion | None:
    """The version a proposal's notice was written from; None for the built-in words."""
    use = LetterUse.objects.select_related("version").filter(proposal_id=proposal_id).first()
    return use.version if use is not None else None


@read_once
def placeholders_of(procedure: Procedure) -> dict[str, str]:
    """Names that may stand in 【 】 in this procedure's letters, with what they stand for: the standard ones, then the form's questions.

    Answers that are specially protected are not offered: they do not leave by a letter.
    """
    found = dict(STANDARD)
    version = latest_version(procedure.form) if procedure.form is not None else None
    for step in version.definition["steps"] if version is not None else ():
        for field in step.get("fields", ()):
            if field["type"] not in ("file", "heading", "note") and field.get("protected") is not True:
                found[f"{ANSWER}{field['label']}"] = f"様式の「{step['title']}」の回答"
    return found


@dataclass(frozen=True, slots=True)
class Proposed:
    """What of a proposal a letter may show, written as it is read."""

    result: Result
    reason: str = ""
    conditions: str = ""
    amount: int | None = None
    is_partial: bool = False


def values_of(
    application: Application, government: Government, decider: Decider, proposed: Proposed | None = None
) -> Mapping[str, str]:
    """What each placeholder stands for in this case; a name that is missing or empty has nothing to fill in."""
    procedure = application.procedure
    values = {
        "申請者の氏名": application.applicant_name,
        "受付番号": application.receipt_label,
        "手続の名前": procedure.name,
        "申請日": format_wareki(application.arrived_on),
        "根拠": procedure.legal_basis,
        "団体名": government.name,
        "処分をする人": decider.name,
        "所管課": procedure.department.name if procedure.department else "",
        "問合せ先": procedure.contact,
    }
    if proposed is not None:
        values["結果"], values["理由"] = proposed.result.label, proposed.reason.strip()
        values["条件"] = proposed.conditions.strip()
        values["金額"] = f"{proposed.amount:,}円" if proposed.amount is not None else ""
    for _, rows in described_answers(application):
        for label, text in rows:
            values.setdefault(f"{ANSWER}{label}", text)
    return values
