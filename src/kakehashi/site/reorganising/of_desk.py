"""What the desk holds for sections and posts: consultations, solved cases, 全庁課題, trials, wishes, manuals."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kakehashi.desk.models import (
    BusinessManual,
    Consultation,
    ConsultationDesk,
    CrossIssue,
    RootCause,
    SolvedCase,
    ToolTrial,
    Wish,
)
from kakehashi.desk.models.wishes import OPEN_WISHES
from kakehashi.desk.services import carry_solved_cases
from kakehashi.people.hooks import HandoverItem
from kakehashi.site.reorganising.describing import item_at, of_post, of_section


def _open_wishes() -> Any:
    return Wish.objects.filter(state__in=OPEN_WISHES)


CONSULTATIONS = of_section(
    "終わっていない相談",
    lambda: Consultation.objects.filter(case__closed_at__isnull=True, case__isnull=False),
    item_at("desk-staff:consultation", "task"),
    moves="当日の朝、{heir}からの相談になります。使う予定の財政措置も、相談と一緒に移ります。",
    breaks="どの課の相談か分からなくなります。",
    stops=False,
)

DESK = of_section(
    "相談窓口",
    ConsultationDesk.objects.all,
    lambda _row: HandoverItem("業務DX相談窓口", reverse("desk-staff:place")),
    moves="当日の朝、{heir}に置かれます。",
    breaks="新しい相談を受け取る課がなくなります。",
)

SOLVED = of_section(
    "解決事例",
    SolvedCase.objects.all,
    item_at("desk-staff:case"),
    moves="当日の朝、{heir}の事例になります。",
    breaks="問い合わせる課がなくなります。",
    stops=False,
    carry=carry_solved_cases,
)

ISSUES = of_section(
    "取り組み中の全庁課題",
    lambda: CrossIssue.objects.filter(state=CrossIssue.State.OPEN),
    item_at("desk-staff:issue"),
    path="owner_id",
    moves="当日の朝、{heir}が受け持ちます。",
    breaks="受け持つ課がなくなります。",
    stops=False,
)

CAUSES = of_section(
    "規程や慣行を変えられる課としての名",
    lambda: RootCause.objects.filter(consultation__case__closed_at__isnull=True, consultation__case__isnull=False),
    lambda row: HandoverItem(row.text, reverse("desk-staff:consultation", args=[row.consultation_id]), row.regulation),
    path="owner_id",
    moves="当日の朝、{heir}の名になります。",
    breaks="誰に頼めば変わるのか、分からなくなります。",
    stops=False,
)

TRIALS = of_section(
    "決めていないツールの試行",
    lambda: ToolTrial.objects.filter(decided_at__isnull=True),
    item_at("desk-staff:trial"),
    moves="当日の朝、{heir}の試行になります。",
    breaks="どの課の試行か分からなくなります。",
    stops=False,
)

MANUALS = of_section(
    "業務マニュアル",
    lambda: BusinessManual.objects.filter(retired_at__isnull=True),
    item_at("desk-staff:manual"),
    moves="当日の朝、{heir}のマニュアルになります。版と題名は変わりません。",
    breaks="直す課がなくなります。",
    stops=False,
)

WISHES = of_section(
    "返事を待つ要望・アイデア",
    _open_wishes,
    item_at("desk-staff:wish"),
    moves="当日の朝、{heir}の要望になり、「自分の課」に見せたものは{heir}の人に見えます。",
    breaks="「自分の課」に見せたものを、誰も読めなくなります。",
    stops=False,
)

WISH_TURNS = of_post(
    "返事をする番の要望・アイデア",
    _open_wishes,
    item_at("desk-staff:wish"),
    path="manager_post_id",
    moves="当日の朝、{heir}の番になります。",
    breaks="返事をする人がいなくなります。",
    stops=False,
)

KINDS = {
    "desk.consultations": CONSULTATIONS,
    "desk.desk": DESK,
    "desk.solved_cases": SOLVED,
    "desk.issues": ISSUES,
    "desk.causes": CAUSES,
    "desk.trials": TRIALS,
    "desk.manuals": MANUALS,
    "desk.wishes": WISHES,
    "desk.wish_turns": WISH_TURNS,
}
