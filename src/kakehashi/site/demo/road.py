"""The nine steps of the road and the five scenes they are walked in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step: its word, who stands there, and the sentence that says what to do now.

    `role` and `department` name the member of staff; an empty role is the resident. `prefecture` steps are
    walked in the prefecture's rooms. `rooms` are switched on when the step is entered.
    """

    number: int
    word: str
    scene: int
    role: str
    department: str
    who: str
    todo: str
    rooms: tuple[str, ...]
    prefecture: bool = False


STEPS = (
    Step(1, "相談", 1, "staff", "31", "建設課の担当", "困りごとは目的から書きます。似た事例が横に出ます。", ("desk",)),
    Step(
        2,
        "手続",
        2,
        "staff",
        "31",
        "建設課の担当",
        "いまお使いのWord・Excel・PDFの様式か見本を選ぶと、様式の下書きになります。確かめたら、手続のページで公開します。",
        ("procedures",),
    ),
    Step(3, "申請", 3, "", "", "住民", "スマートフォンのつもりで申請します。アカウントは要りません。", ("procedures",)),
    Step(
        4,
        "受付・審査",
        3,
        "staff",
        "31",
        "建設課の担当",
        "届いた申請を受け付け、足りないものは補正を依頼し、「起案する」を押します。",
        ("procedures", "approvals", "records"),
    ),
    Step(
        5,
        "起案・決裁",
        4,
        "manager",
        "31",
        "建設課長",
        "一つの画面ですべてを見て、二回押せば決裁です。",
        ("approvals", "records"),
    ),
    Step(
        6,
        "施行・交付",
        4,
        "staff",
        "31",
        "建設課の担当",
        "文書番号をつけて通知を出します。住民のページに通知書が届きます。",
        ("approvals", "records"),
    ),
    Step(
        7,
        "保存",
        4,
        "officer",
        "11",
        "文書管理の担当",
        "原議は自動で簿冊に入っています。「なぜこの日？」に、日付ごとの計算と根拠が出ています。",
        ("records",),
    ),
    Step(
        8,
        "指標",
        5,
        "head",
        "",
        "首長",
        "計画の数字を押すと、数えた行が出ます。あなたの申請もその一行です。",
        ("procedures", "approvals", "records", "desk", "plans"),
    ),
    Step(
        9,
        "解決事例",
        5,
        "officer",
        "11",
        "県のデジタル推進課",
        "ほかの町の解決事例を開き、「うちでも使う」を押します。",
        ("desk",),
        prefecture=True,
    ),
)

SCENES = {
    1: "あなたの町は？",
    2: "手続が様式になる",
    3: "スマートフォンで申請し、補正に答える",
    4: "二回押して決裁、通知、公文書",
    5: "数字が動き、事例が広がる",
}


def step(number: int) -> Step:
    """The step with this number. Raises KeyError."""
    for one in STEPS:
        if one.number == number:
            return one
    raise KeyError(number)
