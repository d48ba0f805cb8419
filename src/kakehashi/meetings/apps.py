"""Wiring of the meetings room."""

from django.apps import AppConfig

EVENTS = {
    "meetings.body.founded": "会議体を置いた",
    "meetings.body.edited": "会議体を直した",
    "meetings.meeting.called": "会議を招集した",
    "meetings.meeting.edited": "会議の案内を直した",
    "meetings.meeting.distributed": "会議の資料を配布した",
    "meetings.meeting.opened": "開会した",
    "meetings.meeting.closed": "閉会した",
    "meetings.meeting.cancelled": "会議を中止した",
    "meetings.material.added": "配布のあとに資料を加えた",
    "meetings.material.replaced": "配布した資料を差し替えた",
    "meetings.item.added": "配布のあとに議題を加えた",
    "meetings.item.edited": "配布のあとに議題を直した",
    "meetings.attendance.recorded": "会議の出席を記録した",
    "meetings.decision.recorded": "会議の結果を記録した",
    "meetings.decision.corrected": "会議の結果を直した",
    "meetings.item.linked": "議題をほかの仕事とつないだ",
    "meetings.item.unlinked": "議題のつながりを外した",
    "meetings.action.assigned": "会議の課題を決めた",
    "meetings.action.finished": "会議の課題を終えた",
    "meetings.action.handed_over": "会議の課題を引き継いだ",
    "meetings.minutes.approved": "会議録を承認した",
}


class MeetingsConfig(AppConfig):
    """The meetings room."""

    name = "kakehashi.meetings"
    label = "meetings"
    verbose_name = "庁議・会議"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.files.hooks import MEGABYTE, OFFICE_FILES, register_access
        from kakehashi.journal.hooks import register_events
        from kakehashi.meetings.selectors.handover import handover_section, vacant_seats
        from kakehashi.meetings.selectors.materials import may_read_file, may_read_minutes
        from kakehashi.meetings.selectors.outcomes import MINUTES
        from kakehashi.notices.hooks import register_kind
        from kakehashi.people.hooks import register_breakage_check, register_handover_part

        register_events("meetings", EVENTS)
        register_access("meetings.material", may_read_file, families=OFFICE_FILES - {"text"}, max_bytes=100 * MEGABYTE)
        register_access(MINUTES, may_read_minutes, families=frozenset({"pdf"}))
        register_kind("meetings.distributed", "会議の資料が配布されたとき")
        register_kind("meetings.changed", "会議の案内や資料が変わったとき")
        register_kind("meetings.assigned", "会議の課題の担当になったとき")
        register_breakage_check("meetings.seats", vacant_seats)
        register_handover_part("meetings.actions", handover_section)
        _register_work()
        _register_links()


def _register_work() -> None:
    """What lies in the inbox, goes to approvals and becomes a record; none of it is anybody's personal data."""
    from kakehashi.approvals.hooks import ProposalSource
    from kakehashi.approvals.hooks import register_source as register_proposal_source
    from kakehashi.approvals.permissions import ApprovalsPermission
    from kakehashi.cases.hooks import CaseKind, register_case_kind
    from kakehashi.kernel.personal_data import not_personal
    from kakehashi.kernel.related import register_mentions
    from kakehashi.meetings.hooks import LinkTarget, register_link_target
    from kakehashi.meetings.selectors import offers
    from kakehashi.meetings.selectors.minutes import shown_minutes
    from kakehashi.meetings.selectors.outcomes import ACTION, DECISION, MINUTES
    from kakehashi.meetings.services import minutes_proposals
    from kakehashi.records.hooks import RecordSource, register_source

    not_personal(ACTION, DECISION, MINUTES)
    register_case_kind(
        ACTION,
        CaseKind(
            label="会議の課題",
            staff_url=offers.action_page,
            summary_template="meetings/_action.html",
            summary_context=offers.action_summary,
            has_public_thread=False,
        ),
    )
    register_proposal_source(
        DECISION,
        ProposalSource(
            label="会議の決定",
            summary_template="meetings/_decision_source.html",
            load=offers.load_decision,
            describe=offers.describe_decision,
            url=offers.decision_page,
            may_open=offers.may_open_decision,
        ),
    )
    register_proposal_source(
        ACTION,
        ProposalSource(
            label="会議の課題",
            summary_template="meetings/_action_source.html",
            load=offers.load_action,
            describe=offers.describe_action,
            url=offers.action_url,
            may_open=offers.may_open_action,
        ),
    )
    register_proposal_source(
        MINUTES,
        ProposalSource(
            label="会議録",
            summary_template="meetings/_minutes_source.html",
            load_for=shown_minutes,
            describe=offers.describe_minutes,
            url=offers.minutes_url,
            may_open=offers.may_open_minutes,
            on_decided=minutes_proposals.approve_by_decision,
            on_undone=minutes_proposals.refuse_undoing,
        ),
    )
    register_mentions(offers.mentions)
    filed = RecordSource("会議録", offers.minutes_url, offers.minutes_renditions, may_open=offers.may_open_minutes)
    register_source(MINUTES, filed)
    register_link_target(
        "approvals.proposal",
        LinkTarget(
            label="起案・決裁",
            room="approvals",
            permission=ApprovalsPermission.READ.value,
            choices=offers.proposal_choices,
            describe=offers.describe_proposal,
        ),
    )


def _register_links() -> None:
    from kakehashi.kernel.navigation import Link, register_staff_link
    from kakehashi.meetings.permissions import MeetingsPermission

    index = "meetings-staff:index"
    read = MeetingsPermission.READ
    register_staff_link(Link("meetings", "庁議・会議", index, "meeting", 72, read, tab="会議"))
    for label, name, order in (("決定", "decisions", 73), ("課題", "actions", 74), ("会議体", "bodies", 75)):
        register_staff_link(Link("meetings", label, f"meetings-staff:{name}", "meeting", order, read, under=index))
