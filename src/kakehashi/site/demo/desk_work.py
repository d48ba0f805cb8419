"""The desk of the demo at work: tools, skills, what was thought of, and a trouble that two sections share."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from kakehashi.desk.domain.options import ORDER, Step
from kakehashi.desk.models import Channel, Consultation
from kakehashi.desk.services import (
    add_task,
    confirm_purpose,
    decide_option,
    know_tool,
    raise_issue,
    receive_consultation,
    record_cause,
    set_skill,
    triage_consultation,
    write_option,
    write_tool,
)
from kakehashi.desk.services.intake import Origin
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.selectors import StaffActor
from kakehashi.site.demo import content
from kakehashi.site.demo.organisation import Body


def furnish_desk(body: Body) -> None:
    """Write the catalogue of tools, who knows them, and what the officer can do."""
    officer, told = body.actor("officer"), content.read("desk")
    for row in told["tools"]:
        tool = write_tool(actor=officer, **row)
        know_tool(actor=officer, tool=tool, person=body.person("officer"), level=2)
    for theme, level in told["skills"].items():
        set_skill(actor=officer, person=body.person("officer"), theme=theme, level=level)


def think(officer: StaffActor, consultation: Consultation, row: dict[str, Any]) -> None:
    """Write the cause and the options of a consultation whose solution the demo knows, in their order."""
    solved = row.get("solved")
    cause = solved["cause"] if solved else "何のために書くのかを、誰も確かめていなかった。"
    record_cause(
        actor=officer, consultation=consultation, category="twice" if solved else "no_purpose", text=cause,
        whys=["同じことを何度も書いているから", "書いたものを見る人が分かれているから", cause],
    )  # fmt: skip
    chosen = Step(solved["ecrs"]) if solved else Step.DISCONTINUE
    for step in ORDER[: ORDER.index(chosen)]:
        write_option(
            actor=officer, consultation=consultation, step=step.value, is_fit=False, text="この業務では当てはまらない。"
        )
    option = write_option(
        actor=officer, consultation=consultation, step=chosen.value, migration_hours=Decimal(12),
        text=(solved["done"] if solved else row["discontinued"])[:200], migration_note="様式の確認と、窓口への説明",
    )  # fmt: skip
    decide_option(actor=officer, option=option, choice="chosen", reason="いちばん手間が少なく、目的に合うため。")


def share_a_trouble(body: Body) -> None:
    """Take two consultations in, by telephone and by chat, and make their trouble one issue of the whole house."""
    officer, told = body.actor("officer"), content.read("desk")["issue"]
    askers = [body.person("staff"), body.person("manager")]
    found = []
    for days, (row, asker) in enumerate(zip(told["consultations"], askers, strict=True), start=2):
        with clock.frozen(clock.now() - timedelta(days=days)):
            found.append(_received(officer, row, asker))
    issue = raise_issue(actor=officer, title=told["title"], summary=told["summary"], consultations=found)
    add_task(
        actor=officer, consultation=found[0], text=f"「{issue.title}」の様式を集める", assignee=body.person("officer")
    )


def _received(officer: StaffActor, row: dict[str, Any], asker: Any) -> Consultation:
    consultation = receive_consultation(
        actor=officer, asked_by=asker, consultation_id=uuid7(), transcript=row["note"],
        origin=Origin(Channel(row["channel"]), row["window"], asker.name, clock.now()),
        answers={
            "task": row["business"], "problem": row["problem"], "purpose": row["purpose"], "desired_state": row["desired"],
            "frequency": "monthly", "count": row["volume"]["per_month"], "minutes_each": Decimal(row["volume"]["minutes"]),
            "manager_knows": True, "boss": "課長", "zone": "lgwan",
        },
    )  # fmt: skip
    triage_consultation(
        actor=officer, consultation=consultation, theme="ledger", note="日報そのものが要るかから考える。"
    )
    return confirm_purpose(
        actor=officer, consultation=consultation, purpose=row["purpose"], desired_state=row["desired"]
    )
