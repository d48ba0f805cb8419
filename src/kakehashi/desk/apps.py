"""Wiring of the desk."""

from django.apps import AppConfig

EVENTS = {
    "desk.desk.placed": "相談窓口を置く課を決めた",
    "desk.consultation.filed": "相談した",
    "desk.arrival.dismissed": "届いたメールを相談にしないことにした",
    "desk.consultation.triaged": "相談を受け付けた",
    "desk.consultation.purpose_confirmed": "目的と目指す状態を確認した",
    "desk.consultation.supporter_assigned": "支援担当を決めた",
    "desk.consultation.cycle_recorded": "OODAの一回を書いた",
    "desk.consultation.waits": "判断・回答を待つことにした",
    "desk.consultation.resolved": "相談が解決した",
    "desk.consultation.declined": "相談に対応しないことにした",
    "desk.consultation.withdrawn": "相談を取り下げた",
    "desk.consultation.promoted": "相談から手続などを作った",
    "desk.consultation.shared": "相談が解決事例になった",
    "desk.consultation.cause_recorded": "原因を残した",
    "desk.consultation.option_decided": "解決の案について決めた",
    "desk.consultation.escalated": "上に相談した",
    "desk.consultation.escalation_answered": "上からの返事があった",
    "desk.consultation.merged": "ほかの相談といっしょに進めることにした",
    "desk.consultation.took_in": "ほかの相談を取り込んだ",
    "desk.consultation.split": "相談を分けた",
    "desk.consultation.joined_issue": "全庁課題に加わった",
    "desk.consultation.left_issue": "全庁課題から外した",
    "desk.mailbox.connected": "相談窓口のメールボックスをつないだ",
    "desk.issue.raised": "全庁課題を作った",
    "desk.issue.closed": "全庁課題を終えた",
    "desk.tool.written": "道具を一覧に書いた",
    "desk.tool.retired": "道具をやめた",
    "desk.effect.asked": "解決のあとの効果を聞いた",
    "desk.effect.reminded": "効果の確認を催促した",
    "desk.effect.answered": "効果の確認に答えた",
    "desk.solved_case.revised": "解決事例の次の版を書き始めた",
    "desk.solved_case.exported": "解決事例をファイルに書き出した",
    "desk.reuse.returned": "別のシステムの団体から、事例の結果が届いた",
    "desk.case_signer.seen": "事例に署名する鍵をはじめて見た",
    "desk.case_signer.confirmed": "事例に署名する団体の鍵を確かめた",
    "desk.case_signer.forgotten": "事例に署名する鍵を信じるのをやめた",
    "desk.case_feed.added": "事例の取り寄せ先を登録した",
    "desk.case_feed.switched": "事例の取り寄せを止めた・始めた",
    "desk.case_feed.dropped": "事例の取り寄せ先を消した",
    "desk.case_feed.pulled": "事例を取り寄せた",
    "desk.received_case.received": "別のシステムの団体の事例を受け取った",
    "desk.received_case.withdrawn": "受け取った事例が取り下げられた",
    "desk.received_case.reported": "受け取った事例の結果を書いた",
    "desk.received_case.told": "受け取った事例の結果を伝えた",
    "desk.figures.chosen": "県に見せる相談窓口の数字を選んだ",
    "desk.wish.written": "要望・アイデアを書いた",
    "desk.wish.seen": "要望・アイデアを読んだ",
    "desk.wish.answered": "要望・アイデアに返事をした",
    "desk.wish.passed": "要望・アイデアを上に上げた",
    "desk.wish.consulted": "要望・アイデアを相談にした",
    "desk.manual.written": "業務マニュアルの版を書いた",
    "desk.manual.retired": "業務マニュアルを使わないことにした",
    "desk.manual.not_needed": "業務マニュアルを直さないことにした",
    "desk.funding.written": "財政措置を書きとめた",
    "desk.funding.retired": "財政措置を使わない・また使うことにした",
    "desk.funding.planned": "財政措置を使うことを考えた",
    "desk.funding.settled": "財政措置の利用がどうなったかを書いた",
    "desk.trial.begun": "ツールの試行を始めた",
    "desk.trial.asked": "ツールの使いごこちを聞いた",
    "desk.trial.extended": "ツールの試行を延ばした",
    "desk.trial.decided": "ツールの試行のあとを決めた",
    "desk.solved_case.submitted": "解決事例の確認を頼んだ",
    "desk.solved_case.checked": "解決事例を課として確認した",
    "desk.solved_case.masked": "解決事例の個人情報を確認した",
    "desk.solved_case.published": "解決事例を公開した",
    "desk.solved_case.retired": "解決事例を取り下げた",
    "desk.reuse.adopted": "ほかの団体の事例を取り入れた",
    "desk.reuse.reported": "取り入れた事例の結果を伝えた",
}


class DeskConfig(AppConfig):
    """The consultation desk."""

    name = "kakehashi.desk"
    label = "desk"
    verbose_name = "業務DX相談"

    def ready(self) -> None:
        """Register events, kinds, measures and the entries of the rail."""
        from kakehashi.cases.hooks import register_case_kind
        from kakehashi.desk.hooks import offers
        from kakehashi.desk.selectors.effect_measures import EFFECT_MEASURES
        from kakehashi.desk.selectors.intake import may_read_desk_file
        from kakehashi.desk.selectors.intake_measures import MINUTES_TO_FILE
        from kakehashi.desk.selectors.measures import MEASURES
        from kakehashi.desk.services.origins import FILE_PURPOSE
        from kakehashi.files.hooks import register_access
        from kakehashi.indicators.hooks import register_measure
        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import Link, register_staff_link
        from kakehashi.kernel.personal_data import not_personal
        from kakehashi.notices.hooks import register_kind
        from kakehashi.search.hooks import register_kind as register_search_kind

        register_events("desk", EVENTS)
        not_personal(
            "desk.consultation",
            "desk.solved_case",
            "desk.effect",
            "desk.arrival",
            "desk.wish",
            "desk.received_case",
            "desk.case_signer",
            "desk.case_feed",
            "desk.manual",
            "desk.funding",
            "desk.trial",
        )
        not_personal("desk.issue", "desk.mailbox", "desk.tool")
        register_case_kind("desk.consultation", offers.CONSULTATION)
        register_access(FILE_PURPOSE, may_read_desk_file)
        register_search_kind("desk.consultation", offers.CONSULTATIONS)
        register_search_kind("desk.solved_case", offers.SOLVED_CASE)
        register_kind("desk.escalated", "相談の判断を頼まれたとき・返事があったとき")
        register_kind("desk.joined", "相談がまとめられたとき")
        register_kind("desk.waits_long", "支援している相談の待ちが長いとき")
        register_kind("desk.assigned", "相談の支援担当が決まったとき")
        register_kind("desk.resolved", "相談が解決したとき")
        register_kind("desk.revision", "取り入れた事例が新しくなったとき")
        register_kind("desk.wish", "要望・アイデアが届いたとき、返事があったとき")
        register_kind("desk.manual", "業務マニュアルを直すお願い")
        register_kind("desk.funding", "財政措置の受付が終わるとき")
        register_kind("desk.trial", "ツールの使いごこちを聞くとき、決まったとき")
        register_search_kind("desk.received_case", offers.RECEIVED_CASE)
        register_search_kind("desk.manual", offers.MANUAL)
        register_access(offers.MANUAL_FILE, offers.may_read_manual_file)
        register_kind("desk.effect", "解決から30日・90日の効果をきくとき")
        for measure in (*MEASURES, *EFFECT_MEASURES, MINUTES_TO_FILE):
            register_measure(measure)
        register_staff_link(
            Link("desk", "業務DX相談", "desk-staff:index", "consultation", 50, "desk.consultation:read", phone_bar=True)
        )
        register_staff_link(Link("desk", "解決事例", "desk-staff:cases", "solved", 55, "desk.solved_case:read"))
