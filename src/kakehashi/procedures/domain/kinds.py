"""手続の種類と道筋: the four kinds of procedure and the road each of them takes, as data.

* 届出 (行政手続法2条7号, 37条): the duty is done when a proper notification has arrived. Nobody
  grants or refuses it, so there is no 起案; staff confirm the arrival and it is complete.
* 申込: a request for a service (a class, a facility). Answered under a standing 専決.
* 証明: a certificate is made from a register. Answered under a standing 専決.
* 処分 (行政手続法2条2号・3号, 5–8条): a permission, a grant or their refusal. Only the full
  起案・決裁 decides; a member of staff never grants or refuses alone.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["ROADS", "Kind", "Result", "Road", "guess_kind", "usual_result"]


class Kind(enum.StrEnum):
    """The kind of a procedure; the value is stored."""

    NOTIFICATION = "notification"
    REQUEST = "request"
    CERTIFICATE = "certificate"
    DISPOSITION = "disposition"


class Result(enum.StrEnum):
    """How an application ends. 却下 and 不許可 belong to applications, 否決 to proposals."""

    NONE = ""
    ARRIVED = "arrived"
    APPROVED = "approved"
    PERMITTED = "permitted"
    PARTLY = "partly"
    GRANTED = "granted"
    ISSUED = "issued"
    DECLINED = "declined"
    REFUSED = "refused"
    DISMISSED = "dismissed"

    @property
    def is_refusal(self) -> bool:
        """Whether reasons must be shown (行政手続法8条1項, also for the part that is refused) and 教示 must be written."""
        return self in (Result.PARTLY, Result.REFUSED, Result.DISMISSED)

    @property
    def label(self) -> str:
        """The field's word."""
        return _RESULT_LABELS[self]


_RESULT_LABELS = {
    Result.NONE: "",
    Result.ARRIVED: "到達確認",
    Result.APPROVED: "承諾",
    Result.PERMITTED: "許可",
    Result.PARTLY: "一部許可",
    Result.GRANTED: "交付決定",
    Result.ISSUED: "証明書の交付",
    Result.DECLINED: "お断り",
    Result.REFUSED: "不許可",
    Result.DISMISSED: "却下",
}


@dataclass(frozen=True, slots=True)
class Road:
    """What is different about one kind.

    `verb` is the label of the resident's button, `noun` names what is filed, `arrival_completes`
    says that confirming the arrival ends it, `standing_matter` is the code of the 専決 matter it
    is decided under ("" = the full 起案・決裁 under the procedure's own matter), `results` are
    the outcomes that may be proposed, the usual one first.
    """

    kind: Kind
    label: str
    noun: str
    verb: str
    arrival_completes: bool
    standing_matter: str
    results: tuple[Result, ...]

    @property
    def needs_proposal(self) -> bool:
        """Whether a 起案 leads to the result."""
        return not self.arrival_completes


ROADS: dict[Kind, Road] = {
    Kind.NOTIFICATION: Road(Kind.NOTIFICATION, "届出", "届出", "届け出る", True, "", (Result.ARRIVED,)),
    Kind.REQUEST: Road(
        Kind.REQUEST,
        "申込",
        "申込み",
        "申し込む",
        False,
        "standing.request",
        (Result.APPROVED, Result.DECLINED),
    ),
    Kind.CERTIFICATE: Road(
        Kind.CERTIFICATE,
        "証明",
        "請求",
        "請求する",
        False,
        "standing.certificate",
        (Result.ISSUED, Result.DISMISSED),
    ),
    Kind.DISPOSITION: Road(
        Kind.DISPOSITION,
        "処分",
        "申請",
        "申請する",
        False,
        "",
        (Result.PERMITTED, Result.GRANTED, Result.PARTLY, Result.REFUSED, Result.DISMISSED),
    ),
}

# What is asked for in these is money, which is granted (交付決定), not permitted.
_MONEY_WORDS = ("補助金", "助成金", "交付金", "給付金", "支援金", "奨励金", "祝金", "補助券", "助成券", "補助事業")


def usual_result(road: Road, name: str) -> Result:
    """What is most often proposed for a procedure of this name: 交付決定 where money is asked for, else the road's first."""
    if Result.GRANTED in road.results and any(word in name for word in _MONEY_WORDS):
        return Result.GRANTED
    return road.results[0]


# The ending of a Japanese procedure name tells its kind; the first match wins. A name in
# parentheses at the end, as in 「戸籍の届出（出生）」, is taken off first.
_CERTIFICATE_WORDS = (
    "証明書の交付",
    "証明の請求",
    "証明願",
    "謄本",
    "抄本",
    "写しの交付",
    "写し等の交付",
    "証明書の請求",
)
_REQUEST_WORDS = ("申込", "申し込み", "申込み", "申込書", "予約", "利用登録")
_NOTIFICATION_WORDS = (
    "届出", "届け出", "届", "届書", "届出書", "報告", "報告書", "提出", "通知", "申告", "申告書", "返納",
    "返還", "通報", "送付", "申出", "申し出", "申出書", "公告", "納付",
)  # fmt: skip


def guess_kind(name: str) -> Kind:
    """Guess the kind from a procedure's name; a person confirms it before it goes online.

    A guess is never stored as a fact: the inventory keeps `kind_confirmed` beside it.
    """
    core = name.strip()
    while core.endswith(("）", ")")):
        opening = max(core.rfind("（"), core.rfind("("))
        if opening <= 0:
            break
        core = core[:opening].rstrip()
    if any(word in name for word in _CERTIFICATE_WORDS):
        return Kind.CERTIFICATE
    if core.endswith(_REQUEST_WORDS):
        return Kind.REQUEST
    if core.endswith(_NOTIFICATION_WORDS) or core.endswith("届出等"):
        return Kind.NOTIFICATION
    return Kind.DISPOSITION
