"""What upper floors may plug into; and the registrations this room makes elsewhere, as names."""

from __future__ import annotations

APPLICATION = "procedures.application"
"""Source kind of proposals and kind of cases made from an application."""

FILE_PURPOSE_ANSWER = "procedures.answer"
FILE_PURPOSE_ISSUED = "procedures.issued"

NOTICE_RECEIVED = "procedures.received"
NOTICE_CORRECTION = "procedures.correction"
NOTICE_ISSUED = "procedures.issued"
NOTICE_RESUME = "procedures.resume"
NOTICE_CODE = "procedures.code"

EVENTS = {
    "procedures.survey.imported": "棚卸調査を取り込んだ",
    "procedures.procedure.created": "手続を台帳に載せた",
    "procedures.procedure.updated": "手続の内容を変えた",
    "procedures.procedure.excluded": "手続をオンライン化の対象外にした",
    "procedures.procedure.opened": "手続をオンラインで公開した",
    "procedures.procedure.closed": "手続の公開を止めた",
    "procedures.text.written": "手続の案内文を書いた",
    "procedures.application.submitted": "申請が到達した",
    "procedures.application.accepted": "申請を受け付けた",
    "procedures.application.recorded": "窓口・郵送の申請を記録した",
    "procedures.application.proposed": "申請から起案した",
    "procedures.application.decided": "申請の結果が決まった",
    "procedures.application.returned": "起案が戻った",
    "procedures.application.completed": "申請の手続が終わった",
    "procedures.application.withdrawn": "申請が取り下げられた",
    "procedures.correction.requested": "補正を依頼した",
    "procedures.correction.answered": "補正が提出された",
    "procedures.document.delivered": "通知を交付した",
    "procedures.document.opened": "申請者が通知を開いた",
    "procedures.decision.recorded": "外部の決裁を記録した",
}
"""Official acts of the room with their Japanese names."""
