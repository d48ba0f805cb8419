"""The names under which this room registers with the floors below."""

from __future__ import annotations

from django.utils.translation import gettext_noop

APPLICATION = "procedures.application"
"""Source kind of proposals and kind of cases made from an application."""

PROCEDURE = "procedures.procedure"
"""Owner kind of forms and kind of searchable text."""

PAYMENT = "procedures.payment"
"""Subject of the journal: a payment of a fee."""

PAYMENT_ACCOUNT = "procedures.payment_account"
"""Subject of the journal: a contract with a payment provider."""

FEE_EXEMPTION = "procedures.fee_exemption"
"""Source kind of a proposal to forgive a fee."""

OFFER = "procedures.offer"
"""Subject of the journal: a form that is offered to other governments."""

RECEIVED_BASE = "procedures.base"
"""Subject of the journal: a base form that came as a file."""

SIGNER = "procedures.signer"
"""Subject of the journal: a known signer of base forms."""

FILE_PURPOSE_ANSWER = "procedures.answer"
FILE_PURPOSE_PROTECTED = "procedures.protected_answer"
FILE_PURPOSE_ISSUED = "procedures.issued"

NOTICE_RECEIVED = "procedures.received"
NOTICE_CORRECTION = "procedures.correction"
NOTICE_RESULT = "procedures.result"
NOTICE_FEE = "procedures.fee"
NOTICE_RESUME = "procedures.resume"
NOTICE_EXPIRING = "procedures.expiring"
NOTICE_CONSENT = "procedures.consent"
NOTICE_IMPORTED = "procedures.imported"
NOTICE_BASE = "procedures.base_moved"

NOTICES = {
    NOTICE_RECEIVED: "申請を受け付けたお知らせ",
    NOTICE_CORRECTION: "補正のお願い",
    NOTICE_RESULT: "結果のお知らせ",
    NOTICE_FEE: "手数料の支払いのお願い",
    NOTICE_RESUME: "書きかけの手続の続き",
    NOTICE_EXPIRING: "書きかけの手続が消える前のお知らせ",
    NOTICE_CONSENT: "連署・代理の同意のお願い",
    NOTICE_IMPORTED: "時間のかかる取り込みの終わり",
    NOTICE_BASE: "取り入れた様式の、もとの様式の知らせ",
}
"""Kinds of notices of this room."""

EVENTS = {
    "procedures.survey.imported": "棚卸調査を取り込んだ",
    "procedures.procedure.created": "手続を台帳に載せた",
    "procedures.procedure.updated": "手続の内容を変えた",
    "procedures.procedure.excluded": "手続をオンライン化の対象外にした",
    "procedures.procedure.opened": "手続をオンラインで公開した",
    "procedures.procedure.closed": "手続の公開を止めた",
    "procedures.procedure.included": "手続をオンライン化の対象に戻した",
    "procedures.procedure.measured": "手続の年度の実績を書いた",
    "procedures.form.reviewed": "手続の様式を確認した",
    "procedures.exclusion_rule.written": "対象外のルールを書いた",
    "procedures.exclusion_rule.closed": "対象外のルールを終えた",
    "procedures.batch.applied": "まとめて取り込み・変更した",
    "procedures.batch.undone": "まとめての変更を元に戻した",
    "procedures.filing_rule.set": "代理・連署の申請のしかたを決めた",
    "procedures.reception.set": "手続の受付の期間と件数を決めた",
    "procedures.handling.changed": "審査の決まりを変えた",
    "procedures.effect.assumed": "効果の前提を書いた",
    "procedures.routing.changed": "振り分けの決まりを変えた",
    "procedures.text.written": "手続の案内文を書いた",
    "procedures.offer.published": "様式の版をほかの団体に提供した",
    "procedures.offer.changed": "様式を提供する相手か説明を変えた",
    "procedures.offer.withdrawn": "様式の提供を取り下げた",
    "procedures.offer.exported": "提供する様式をファイルに書き出した",
    "procedures.base.received": "基本様式のファイルを受け取った",
    "procedures.base.taken": "共有された様式を取り入れた",
    "procedures.base.accepted": "基本様式の新しい版に合わせた",
    "procedures.signer.confirmed": "様式に署名した団体の鍵を確かめた",
    "procedures.signer.forgotten": "様式に署名した団体の鍵を信じるのをやめた",
    "procedures.application.submitted": gettext_noop("申請が届きました"),
    "procedures.application.accepted": gettext_noop("受け付けて、審査を始めました"),
    "procedures.application.recorded": gettext_noop("窓口・郵送の申請を記録しました"),
    "procedures.application.proposed": "起案しました",
    "procedures.application.decided": "結果が決まりました",
    "procedures.application.returned": "起案が戻りました",
    "procedures.application.completed": gettext_noop("手続が終わりました"),
    "procedures.application.undone": gettext_noop("直前の操作を、職員が元に戻しました"),
    "procedures.application.withdrawn": gettext_noop("申請が取り下げられました"),
    "procedures.application.taken_over": "ほかのシステムが取り込みました",
    "procedures.application.purged": "保存期間が過ぎ、個人情報を消しました",
    "procedures.correction.requested": gettext_noop("補正をお願いしました"),
    "procedures.correction.answered": gettext_noop("補正が提出されました"),
    "procedures.parties.noted": "代理人・連署する人を記録した",
    "procedures.paper.scanned": "紙の写しを付けた",
    "procedures.answers.reused": gettext_noop("あなたの同意で、この回答を別の申請に写しました"),
    "procedures.consent.agreed": gettext_noop("いっしょに申請する人が同意しました"),
    "procedures.consent.declined": gettext_noop("いっしょに申請する人が同意しませんでした"),
    "procedures.document.delivered": gettext_noop("結果の通知ができました"),
    "procedures.document.opened": "申請者が通知を開きました",
    "procedures.fee.set": "手数料の決まりを変えた",
    "procedures.fee.account_written": "支払いの事業者の設定を変えた",
    "procedures.fee.requested": "手数料の支払いを依頼しました",
    "procedures.fee.paid": "手数料が支払われました",
    "procedures.fee.failed": "手数料の支払いができませんでした",
    "procedures.fee.cancelled": "手数料の支払いを取り消しました",
    "procedures.fee.refunded": "手数料を返金しました",
    "procedures.fee.exempted": "手数料を減免しました",
    "procedures.letter.written": "通知書のひな形を書いた",
    "procedures.certificate.revoked": gettext_noop("証明書を失効させました"),
    "procedures.certificate.reissued": gettext_noop("証明書を再発行しました"),
    "procedures.delivery.chosen": gettext_noop("結果の受け取り方を選びました"),
    "procedures.delivery.sent": gettext_noop("結果の通知を発送しました"),
    "procedures.delivery.handed": gettext_noop("結果の通知を窓口でお渡ししました"),
    "procedures.delivery.arrived": "通知の到達日を記録しました",
    "procedures.delivery.returned": "通知が戻ってきました（返戻）",
    "procedures.delivery.repeated": gettext_noop("結果の通知を、もう一度お送りします"),
    "procedures.delivery.published": "公示送達を記録しました",
    "procedures.delivery.corrected": "発送・到達の記録を直しました",
    "procedures.decision.recorded": gettext_noop("決定を記録しました"),
}
"""Official acts of the room with their Japanese names."""

RESIDENT_EVENTS = frozenset({
    "procedures.application.submitted",
    "procedures.application.accepted",
    "procedures.application.recorded",
    "procedures.application.completed",
    "procedures.application.undone",
    "procedures.application.withdrawn",
    "procedures.correction.requested",
    "procedures.correction.answered",
    "procedures.answers.reused",
    "procedures.consent.agreed",
    "procedures.consent.declined",
    "procedures.document.delivered",
    "procedures.decision.recorded",
    "procedures.certificate.revoked",
    "procedures.certificate.reissued",
    "procedures.delivery.chosen",
    "procedures.delivery.sent",
    "procedures.delivery.handed",
    "procedures.delivery.repeated",
})  # fmt: skip
"""What an applicant's timeline shows: nothing of the inner road of a decision."""
