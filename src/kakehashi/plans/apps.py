"""Wiring of the plans room."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The plans room."""

    name = "kakehashi.plans"
    label = "plans"

    def ready(self) -> None:
        """Register this room with the floors below."""
        _register_open_data()
        from kakehashi.indicators.hooks import register_messenger, register_targets
        from kakehashi.journal.hooks import register_events
        from kakehashi.notices.hooks import register_kind
        from kakehashi.plans.selectors import targets_for_measure
        from kakehashi.plans.services.reminders import LATE_VALUE, tell_late
        from kakehashi.plans.services.reviews import REVIEW_REMINDER
        from kakehashi.plans.services.sunsets import SUNSET

        register_events(
            "plans",
            {
                "plans.plan.created": "計画を作った",
                "plans.plan.edited": "計画を直した",
                "plans.plan.published": "計画を住民に公開した",
                "plans.plan.withdrawn": "計画の公開をやめた",
                "plans.initiative.reported": "取組の状態を報告した",
                "plans.indicator.attached": "取組に指標を付けた",
                "plans.indicator.detached": "取組から指標を外した",
                "plans.target.set": "目標を決めた・変えた",
                "plans.words.recorded": "言葉で示す成果を記録した",
                "plans.unit.extended": "期間つきの組織を続けることにした",
                "plans.unit.closed": "期間つきの組織を終えた",
                "plans.scale.saved": "評価の段階を作った・直した",
                "plans.review.opened": "計画の評価を始めた",
                "plans.review.written": "計画の評価に書いた",
                "plans.review.closed": "計画の評価を締めた",
                "plans.review.reminded": "計画の評価を催促した",
                "plans.version.fixed": "計画の版を残した",
                "plans.plan.imported": "計画をExcelから取り込んだ",
                "plans.logic.started": "ロジックモデルを始めた",
                "plans.logic.edited": "ロジックモデルの外部要因を直した",
                "plans.logic.box_saved": "ロジックモデルの箱を書いた",
                "plans.logic.box_moved": "ロジックモデルの箱の順番を変えた",
                "plans.logic.box_removed": "ロジックモデルの箱を消した",
                "plans.logic.arrow_drawn": "ロジックモデルの矢印を引いた",
                "plans.logic.arrow_removed": "ロジックモデルの矢印を消した",
                "plans.logic.evidence_saved": "矢印の根拠を書いた",
                "plans.logic.evidence_removed": "矢印の根拠を消した",
                "plans.sheet.saved": "レビューシートのもとになる内容を書いた",
                "plans.head.chosen": "首長の1枚の数字を選んだ",
                "plans.area_map.imported": "市町村の地図を取り込んだ",
                "plans.sharing.chosen": "県と市町村に見せる数字を選んだ",
                "plans.inquiry.issued": "市町村に照会した",
                "plans.inquiry.revised": "照会を改めた",
                "plans.inquiry.returned": "照会の回答を差し戻した",
                "plans.inquiry.reminded": "照会の回答を催促した",
                "plans.inquiry.file_taken": "照会の回答をファイルから取り込んだ",
                "plans.inquiry.closed": "照会を締め切った",
                "plans.inquiry.published": "照会の結果を公開した",
                "plans.inquiry.received": "県からの照会を受け取った",
                "plans.inquiry.confirmation_asked": "照会の回答の確認を頼んだ",
                "plans.inquiry.sent_back": "照会の回答を書いた人に戻した",
                "plans.inquiry.answered": "県からの照会に回答した",
            },
        )
        register_kind(REVIEW_REMINDER, "計画の評価の催促")
        register_kind(LATE_VALUE, "指標の報告の催促")
        register_kind(SUNSET, "期間つきの組織の期限")
        register_messenger("plans", tell_late)
        register_targets("plans", targets_for_measure)
        self._links()
        self._prefecture()

    def _links(self) -> None:
        """Its tabs for staff, and the page of residents."""
        from kakehashi.kernel.navigation import Link, register_resident_link, register_staff_link
        from kakehashi.plans.permissions import PlansPermission

        register_staff_link(
            Link(
                room="plans",
                label="DX計画・指標",
                tab="DX計画",
                url_name="plans-staff:index",
                icon="plan",
                order=70,
                permission=PlansPermission.READ,
            )
        )
        for label, url_name, order in (("首長の1枚", "plans-staff:head", 71), ("課の取組", "plans-staff:sections", 73)):
            register_staff_link(
                Link(
                    room="plans",
                    label=label,
                    url_name=url_name,
                    icon="plan",
                    order=order,
                    permission=PlansPermission.READ,
                    under="plans-staff:index",
                )
            )
        register_resident_link(
            Link(room="plans", label="デジタル化の計画", url_name="plans:index", icon="plan", order=60)
        )

    def _prefecture(self) -> None:
        """What municipalities and their prefecture have of each other."""
        from kakehashi.cases.hooks import CaseKind, register_case_kind
        from kakehashi.kernel.navigation import Link, register_staff_link
        from kakehashi.kernel.personal_data import not_personal
        from kakehashi.notices.hooks import register_kind
        from kakehashi.plans.permissions import PlansPermission
        from kakehashi.plans.selectors.inquiries import case_summary, case_url
        from kakehashi.plans.selectors.sharing import MUNICIPALITIES, PREFECTURES
        from kakehashi.plans.services.replies import KIND, NOTICE

        not_personal(KIND)
        register_kind(NOTICE, "県からの照会")
        register_case_kind(
            KIND,
            CaseKind(
                label="県からの照会",
                staff_url=case_url,
                summary_template="plans/_inquiry_case.html",
                summary_context=case_summary,
                has_public_thread=False,
            ),
        )
        tabs = (
            ("私たちの位置", "plans-staff:our-place", 75, PlansPermission.READ),
            ("県・市町村との共有", "plans-staff:sharing", 76, PlansPermission.SHARE),
            ("県からの照会", "plans-staff:answers", 77, PlansPermission.ANSWER),
        )
        for label, url_name, order, permission in tabs:
            register_staff_link(
                Link(
                    "plans", label, url_name, "plan", order, permission, under="plans-staff:index", kinds=MUNICIPALITIES
                )
            )
        top = "plans-staff:municipalities"
        register_staff_link(
            Link(
                "plans",
                "市町村支援",
                top,
                "support",
                79,
                PlansPermission.OVERSEE,
                tab="市町村の指標",
                kinds=PREFECTURES,
            )
        )
        for label, url_name, order, permission in (
            ("地図", "plans-staff:area-map", 80, PlansPermission.OVERSEE),
            ("照会・回答", "plans-staff:inquiries", 81, PlansPermission.INQUIRE),
        ):
            register_staff_link(Link("plans", label, url_name, "map", order, permission, under=top, kinds=PREFECTURES))


def _register_open_data() -> None:
    from kakehashi.opendata.hooks import register_dataset
    from kakehashi.plans.selectors.open_data import INDICATORS

    register_dataset(INDICATORS)
