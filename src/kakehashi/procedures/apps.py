"""Wiring of the procedures room."""

from __future__ import annotations

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The procedures room."""

    name = "kakehashi.procedures"
    label = "procedures"
    verbose_name = "手続・申請"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.journal.hooks import SubjectKind, register_events, register_subject
        from kakehashi.procedures.hooks import APPLICATION, EVENTS
        from kakehashi.procedures.selectors.data_subjects import (
            describe_applications,
            find_applications,
            is_own_application,
        )

        register_events("procedures", EVENTS)
        register_subject(APPLICATION, SubjectKind("申請", describe_applications, find_applications, is_own_application))
        _register_links()
        _register_cases()
        _register_approvals()
        _register_notices_and_files()
        _register_search()
        _register_measures()
        _register_open_data()
        _register_exchange()
        _register_clocks()


def _register_links() -> None:
    from django.utils.translation import gettext_noop

    from kakehashi.eforms.permissions import EformsPermission
    from kakehashi.kernel.navigation import Link, Place, register_place, register_resident_link, register_staff_link
    from kakehashi.procedures.permissions import ProceduresPermission

    register_place(Place.RESIDENT_SEARCH, "procedures:search")

    register_staff_link(
        Link(
            room="procedures",
            label="手続・申請",
            url_name="procedures-staff:applications",
            icon="application",
            order=20,
            permission=ProceduresPermission.READ_APPLICATIONS,
            phone_bar=True,
        )
    )
    under = (
        ("郵送リスト", "procedures-staff:post-list", "mail", 23, ProceduresPermission.HANDLE_APPLICATIONS),
        ("様式の変換", "eforms-staff:papers", "application", 24, EformsPermission.EDIT),
        ("手数料", "procedures-staff:payments", "certificate", 25, ProceduresPermission.HANDLE_FEES),
        ("様式の部品", "eforms-staff:blocks", "application", 25, EformsPermission.EDIT),
        ("手続の効果", "procedures-staff:effect", "chart", 26, ProceduresPermission.READ_INVENTORY),
        ("共有された様式", "procedures-staff:bases", "application", 27, ProceduresPermission.TAKE_FORMS),
    )
    for label, url_name, icon, order, permission in under:
        register_staff_link(
            Link(
                "procedures", label, url_name, icon, order, permission=permission, under="procedures-staff:applications"
            )
        )
    register_resident_link(Link("procedures", gettext_noop("手続をさがす"), "procedures:search", "search", 10))
    register_resident_link(Link("procedures", gettext_noop("あなたの申請"), "procedures:mine", "application", 20))


def _register_cases() -> None:
    from kakehashi.cases.hooks import CaseKind, register_case_kind
    from kakehashi.procedures.hooks import APPLICATION, RESIDENT_EVENTS
    from kakehashi.procedures.selectors import case_pages
    from kakehashi.procedures.services.batch_acts import register_batch_acts

    register_batch_acts()
    register_case_kind(
        APPLICATION,
        CaseKind(
            label="申請",
            resident_url=case_pages.resident_url,
            summary_template="procedures/staff/_application.html",
            summary_context=case_pages.summary_context,
            acts=case_pages.acts,
            resident_events=RESIDENT_EVENTS,
            requester=case_pages.requester,
            language=case_pages.language,
            placeholders=case_pages.placeholders,
            due=case_pages.due,
            matters=case_pages.matters,
        ),
    )


def _register_approvals() -> None:
    from kakehashi.approvals.hooks import ProposalSource, register_source
    from kakehashi.procedures.hooks import APPLICATION, FEE_EXEMPTION
    from kakehashi.procedures.selectors import exemption_pages, proposal_pages
    from kakehashi.procedures.services import deciding, fee_settings

    register_source(
        APPLICATION,
        ProposalSource(
            label="申請",
            summary_template="procedures/staff/_proposal_source.html",
            load=proposal_pages.load,
            describe=proposal_pages.describe,
            url=proposal_pages.url,
            on_submitted=deciding.proposed,
            on_recalled=deciding.given_back,
            on_returned=deciding.given_back,
            on_decided=deciding.decided,
            on_undone=deciding.decision_undone,
            on_rejected=deciding.ended,
            on_withdrawn=deciding.ended,
            on_issued=deciding.issued,
        ),
    )
    register_source(
        FEE_EXEMPTION,
        ProposalSource(
            label="手数料の減免",
            summary_template="procedures/staff/_exemption_source.html",
            load=exemption_pages.load,
            describe=exemption_pages.describe,
            url=exemption_pages.url,
            on_decided=fee_settings.exemption_decided,
            on_undone=fee_settings.exemption_undone,
            on_rejected=fee_settings.exemption_ended,
            on_withdrawn=fee_settings.exemption_ended,
        ),
    )


def _register_notices_and_files() -> None:
    from kakehashi.eforms.hooks import FormOwner, register_owner
    from kakehashi.files.hooks import MEGABYTE, register_access
    from kakehashi.notices.hooks import register_kind
    from kakehashi.procedures import hooks
    from kakehashi.procedures.permissions import may_edit_form, may_read_answer_file, may_read_protected_file
    from kakehashi.procedures.selectors import case_pages

    for kind, label in hooks.NOTICES.items():
        register_kind(kind, label)
    register_access(hooks.FILE_PURPOSE_ANSWER, may_read_answer_file, max_bytes=200 * MEGABYTE)
    register_access(hooks.FILE_PURPOSE_PROTECTED, may_read_protected_file, is_sealed=True)
    register_access(hooks.FILE_PURPOSE_ISSUED, may_read_answer_file)
    register_owner(hooks.PROCEDURE, FormOwner("手続", case_pages.procedure_url_of_form, may_edit_form))


def _register_search() -> None:
    from kakehashi.procedures.hooks import PROCEDURE
    from kakehashi.procedures.selectors import case_pages
    from kakehashi.search.hooks import SearchKind, register_kind

    register_kind(PROCEDURE, SearchKind("手続", case_pages.search_url, resident_url=case_pages.public_search_url))


def _register_measures() -> None:
    from kakehashi.indicators.hooks import register_measure
    from kakehashi.procedures.selectors.measures import MEASURES

    for measure in MEASURES:
        register_measure(measure)


def _register_open_data() -> None:
    from kakehashi.opendata.hooks import register_dataset
    from kakehashi.procedures.selectors.open_data import FILING_STEPS, PROCEDURE_EFFECTS, PROCEDURES, PROCESSING_TIMES

    for source in (PROCEDURES, PROCESSING_TIMES, PROCEDURE_EFFECTS, FILING_STEPS):
        register_dataset(source)


def _register_exchange() -> None:
    from kakehashi.exchange.hooks import register_handover, register_intake, register_webhook_source
    from kakehashi.procedures.selectors.told import TOLD
    from kakehashi.procedures.services.carrying.registration import register
    from kakehashi.procedures.services.coexisting import DECISIONS, WAITING_FOR_DECISION

    register()
    register_handover("procedures.deciding", WAITING_FOR_DECISION)
    register_intake("procedures.decision", DECISIONS)
    register_webhook_source("procedures", TOLD)


def _register_clocks() -> None:
    from kakehashi.journal.domain.retention_clocks import Period, Unit
    from kakehashi.journal.hooks import Clock, register_clock
    from kakehashi.procedures.services import purge_applications, purge_drafts, purge_public_copies

    register_clock(
        Clock(
            code="procedures.draft",
            what="書きかけの申請（下書き）と、その添付",
            starts="最後に書いた日",
            default=Period(30, Unit.DAY),
            basis="個人情報の保護に関する法律61条（目的に必要な範囲）。申請者への案内の期間",
            purge=purge_drafts,
            leaves="何も残しません。",
            least=1,
            most=30,
        )
    )
    register_clock(
        Clock(
            code="procedures.application",
            what="申請の回答・氏名・メール・添付・連絡",
            starts="完了か取下げの日",
            default=Period(5, Unit.YEAR),
            basis="文書管理規程の保存期間の標準（5年）。簿冊の保存期間が長いときは、その満了まで",
            purge=purge_applications,
            leaves="受付番号・手続・日付・結果と、消したことの記録",
            least=1,
            most=30,
        )
    )
    register_clock(
        Clock(
            code="procedures.public_copy",
            what="公開側に残る申請の写し（公開側と職員側に分けたときだけ）",
            starts="職員側に届いている申請の、完了か取下げの日",
            default=Period(90, Unit.DAY),
            basis="個人情報の保護に関する法律61条（目的に必要な範囲）。正本は職員側にあります",
            purge=purge_public_copies,
            leaves="受付番号・手続・日付・結果と、消したことの記録。職員側のものはそのまま残ります",
            least=7,
            most=1825,
        )
    )
