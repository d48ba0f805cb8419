"""Wiring of the approvals room."""

from django.apps import AppConfig

EVENTS = {
    "approvals.rules.installed": "決裁規程の制定",
    "approvals.rules.called_off": "決裁規程の施行の取りやめ",
    "approvals.number.voided": "欠番",
    "approvals.authority.granted": "職務代理・委任などの記録",
    "approvals.authority.ended": "職務代理・委任などの終了",
    "approvals.batch.confirmed": "一括決裁の確認",
    "approvals.proposal.submitted": "起案",
    "approvals.proposal.recalled": "引戻し",
    "approvals.proposal.taken_back": "承認・同意の引戻し",
    "approvals.proposal.returned": "差戻し",
    "approvals.proposal.endorsed": "承認",
    "approvals.proposal.consented": "同意",
    "approvals.proposal.dissented": "不同意",
    "approvals.proposal.pulled_up": "引上げ",
    "approvals.proposal.rerouted": "改組による回付先の変更",
    "approvals.proposal.provisionally_decided": "仮決裁",
    "approvals.proposal.decided": "決裁",
    "approvals.proposal.decided_on_paper": "紙による決裁の登録",
    "approvals.proposal.original_attached": "紙の原本の登録",
    "approvals.proposal.superseded": "再決裁による変更",
    "approvals.proposal.circulated": "供覧に出す",
    "approvals.proposal.read": "供覧",
    "approvals.proposal.reading_completed": "供覧の完了",
    "approvals.proposal.acted_for": "代決",
    "approvals.proposal.decision_undone": "決裁の取りやめ",
    "approvals.proposal.post_reviewed": "後閲",
    "approvals.proposal.rejected": "否決",
    "approvals.proposal.withdrawn": "取下げ",
    "approvals.proposal.issued": "施行",
    "approvals.proposal.sealed": "電子公印",
    "approvals.proposal.issue_skipped": "施行不要",
}


class ApprovalsConfig(AppConfig):
    """The approvals room."""

    name = "kakehashi.approvals"
    label = "approvals"

    def ready(self) -> None:
        """Register this room with the floors below."""
        _register_proposals()
        _register_files_and_search()
        _register_people()
        _register_neighbours()
        _register_records()
        _register_measures()
        _register_links()


def _register_proposals() -> None:
    """What the journal and the outbox know of proposals."""
    from kakehashi.approvals.hooks import PROPOSAL
    from kakehashi.approvals.selectors.concern import describe_proposals, is_own_proposal
    from kakehashi.approvals.services.evidence import dossier_part, proposal_dossier
    from kakehashi.journal.hooks import (
        SubjectKind,
        register_dossier,
        register_dossier_part,
        register_events,
        register_subject,
    )
    from kakehashi.notices.hooks import register_kind

    register_events("approvals", EVENTS)
    register_subject(PROPOSAL, SubjectKind("起案", describe_proposals, is_own=is_own_proposal))
    register_dossier(PROPOSAL, proposal_dossier())
    register_dossier_part("approvals", dossier_part)
    register_kind("approvals.turn", "承認・決裁の依頼")
    register_kind("approvals.result", "起案の結果")
    register_kind("approvals.reading", "供覧")
    register_kind("approvals.reminder", "手元の起案のお知らせ（催促）")


def _register_files_and_search() -> None:
    from kakehashi.approvals.hooks import PROPOSAL
    from kakehashi.approvals.permissions import ApprovalsPermission
    from kakehashi.approvals.selectors.sources import may_read_file, proposal_url
    from kakehashi.files.hooks import MEGABYTE, register_access
    from kakehashi.search.hooks import SearchKind, register_kind

    register_access("approvals.attachment", may_read_file, max_bytes=200 * MEGABYTE)
    register_access("approvals.paper", may_read_file)
    register_kind(PROPOSAL, SearchKind("起案", proposal_url, permission=ApprovalsPermission.READ))


def _register_people() -> None:
    """What a personnel change, a hand-over or a reorganisation meets here."""
    from kakehashi.approvals.selectors.handover import handover_section, in_flight_breakages
    from kakehashi.approvals.services import affected
    from kakehashi.people.hooks import register_breakage_check, register_handover_part

    affected.register()
    register_breakage_check("approvals.in_flight", in_flight_breakages)
    register_handover_part("approvals.in_flight", handover_section)


def _register_neighbours() -> None:
    """The inbox, and a system of records outside that takes over what was issued here and tells its numbers."""
    from kakehashi.approvals.selectors.waiting import my_turn
    from kakehashi.approvals.services.coexisting import RECORD_NUMBERS, WAITING_FOR_RECORDS
    from kakehashi.cases.hooks import register_waiting_work
    from kakehashi.exchange.hooks import register_handover, register_intake

    register_waiting_work("approvals", my_turn)
    register_handover("approvals.issued", WAITING_FOR_RECORDS)
    register_intake("approvals.record", RECORD_NUMBERS)


def _register_records() -> None:
    """What records asks of this room: words, numbers, the stages of disposal, and what a filed 原議 is."""
    from dataclasses import replace

    from kakehashi.approvals.hooks import PROPOSAL
    from kakehashi.approvals.selectors.disposals import disposal_road
    from kakehashi.approvals.selectors.packs import label
    from kakehashi.approvals.selectors.sources import record_source
    from kakehashi.approvals.services.forgetting import forget_proposals, papers_for_archives
    from kakehashi.approvals.services.numbers import take_receipt_number
    from kakehashi.records.hooks import (
        register_disposal_road,
        register_receipt_numbers,
        register_source,
        register_words,
    )

    register_source(PROPOSAL, replace(record_source(), papers=papers_for_archives, forget=forget_proposals))
    register_words(label)
    register_receipt_numbers(take_receipt_number)
    register_disposal_road(disposal_road)


def _register_measures() -> None:
    from kakehashi.approvals.selectors import measures
    from kakehashi.indicators.hooks import register_measure

    register_measure(measures.PAPERLESS_RATE)
    register_measure(measures.DAYS_TO_DECISION)
    register_measure(measures.RETURNED_RATE)
    register_measure(measures.SILENT_CONSULTS)


def _register_links() -> None:
    from kakehashi.approvals.permissions import ApprovalsPermission
    from kakehashi.kernel.navigation import Link, register_staff_link

    index, read = "approvals-staff:index", ApprovalsPermission.READ
    register_staff_link(Link("approvals", "起案・決裁", index, "approval", 30, read, phone_bar=True))
    register_staff_link(Link("approvals", "決裁規程", "approvals-staff:rules", "approval", 31, read, under=index))
