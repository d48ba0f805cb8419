"""Wiring of the cases room."""

from django.apps import AppConfig
from django.urls import reverse


class CasesConfig(AppConfig):
    """The cases room."""

    name = "kakehashi.cases"
    label = "cases"
    verbose_name = "案件"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.cases.permissions import CasePermission
        from kakehashi.cases.selectors import describe_cases
        from kakehashi.cases.selectors.evidence import CASE, case_dossier, dossier_part
        from kakehashi.cases.services.batch_acts import register_batch_acts
        from kakehashi.cases.services.following import FOLLOWED
        from kakehashi.cases.services.inquiries import NOTICE_ASKED, register_inquiries
        from kakehashi.cases.services.messages import NOTICE_KIND
        from kakehashi.cases.services.numbers import SEARCH_KIND
        from kakehashi.journal.hooks import (
            SubjectKind,
            register_dossier,
            register_dossier_part,
            register_events,
            register_subject,
        )
        from kakehashi.notices.hooks import register_kind
        from kakehashi.search.hooks import SearchKind
        from kakehashi.search.hooks import register_kind as register_search_kind

        register_events(
            "cases",
            {
                "cases.case.opened": "案件を起こしました",
                "cases.case.moved": "状態を進めました",
                "cases.case.assigned": "担当を決めました",
                "cases.case.closed": "案件を完了しました",
                "cases.case.reopened": "案件を再開しました",
                "cases.message.posted": "連絡しました",
                "cases.list.exported": "案件の一覧を書き出しました",
                "cases.list.handed_over": "案件を引き継ぎました",
                "cases.case.labelled": "ラベルを変えました",
                "cases.case.transferred": "担当課を変えました",
                "cases.label.written": "ラベルを書きました",
                "cases.label.retired": "ラベルをやめました",
                "cases.template.written": "文例を書きました",
                "cases.template.retired": "文例をやめました",
                "cases.batch.finished": "まとめて処理しました",
                "cases.batch.undone": "まとめた処理を元に戻しました",
                "cases.inquiry.asked": "ほかの課に照会しました",
                "cases.inquiry.answered": "照会の回答が届きました",
                "cases.inquiry.withdrawn": "照会を取り下げました",
            },
        )
        from kakehashi.cases.selectors import affected
        from kakehashi.people.hooks import register_affected

        register_affected("cases.open", affected.OPEN_CASES)
        register_affected("cases.inquiries", affected.OPEN_INQUIRIES)
        register_affected("cases.labels", affected.LABELS)
        register_affected("cases.templates", affected.TEMPLATES)
        register_subject("cases.case", SubjectKind("案件", describe_cases))
        register_dossier(CASE, case_dossier())
        register_dossier_part("cases", dossier_part)
        register_kind(NOTICE_KIND, "案件の連絡")
        register_kind(FOLLOWED, "フォローしている案件の動き")
        register_kind(NOTICE_ASKED, "ほかの課からの照会と回答")
        register_inquiries()
        register_batch_acts()
        register_search_kind(
            SEARCH_KIND,
            SearchKind(
                "案件", lambda case_id: reverse("cases-staff:case", args=[case_id]), permission=CasePermission.READ
            ),
        )
        _register_links()


def _register_links() -> None:
    from kakehashi.cases.permissions import CasePermission
    from kakehashi.kernel.navigation import Link, register_staff_link

    register_staff_link(
        Link(
            room="cases",
            label="今日の仕事",
            url_name="cases-staff:inbox",
            icon="inbox",
            order=10,
            permission=CasePermission.READ,
            phone_bar=True,
        )
    )
    register_staff_link(
        Link(
            room="cases",
            label="案件の時間の使われ方",
            url_name="cases-staff:time",
            icon="inbox",
            order=11,
            permission=CasePermission.READ,
            under="cases-staff:inbox",
            tab="時間の使われ方",
        )
    )
