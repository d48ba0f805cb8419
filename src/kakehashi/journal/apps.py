"""Wiring of the journal room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal room."""

    name = "kakehashi.journal"
    label = "journal"

    def ready(self) -> None:
        """Name the journal's own acts and clock, take the readings of every page, and show its logs to those who may."""
        from kakehashi.journal.hooks import SubjectKind, register_events, register_subject
        from kakehashi.journal.middleware import record_reading
        from kakehashi.kernel.personal_data import set_recorder

        register_events(
            "journal",
            {
                "journal.bundle.exported": "記録の証明を書き出した",
                "journal.dossier.exported": "証明一式を書き出した",
                "journal.root.printed": "ルートを広報などに載せた",
                "journal.witness.trusted": "証人の鍵を確かめた",
                "journal.witness.signed": "ほかの団体の台帳に証人として署名した",
                "journal.witness.refused": "ほかの団体の台帳への署名を断った",
                "journal.witness.received": "証人の署名を受け取った",
                "journal.key.changed": "記録に署名する鍵を替えた",
                "journal.access_rule.changed": "閲覧記録の規則を変えた",
                "journal.retention.changed": "個人情報の保存期間を変えた",
            },
        )
        set_recorder(record_reading)
        for kind, label in (("governments.government", "団体のすべて"), ("journal.disclosure", "閲覧記録")):
            register_subject(kind, SubjectKind(label, lambda _: {}, asks_reason=False))
        _register_links()
        _register_clock()


def _register_links() -> None:
    from kakehashi.journal.permissions import JournalPermission
    from kakehashi.kernel.navigation import Link, register_staff_link

    for label, url_name, icon, order, permission in (
        ("操作の記録", "journal-staff:index", "lock", 102, JournalPermission.READ),
        ("閲覧記録", "journal-staff:accesses", "search", 103, JournalPermission.READ_ACCESS),
    ):
        register_staff_link(
            Link(
                room="journal",
                label=label,
                url_name=url_name,
                icon=icon,
                order=order,
                permission=permission,
                under="people-staff:index",
            )
        )


def _register_clock() -> None:
    from kakehashi.journal.domain.retention_clocks import Period, Unit
    from kakehashi.journal.hooks import Clock, register_clock
    from kakehashi.journal.services import forget_accesses

    register_clock(
        Clock(
            code="journal.access",
            what="個人情報の閲覧記録",
            starts="見た日",
            default=Period(5, Unit.YEAR),
            basis="個人情報の保護に関する法律66条（安全管理措置）の記録として、標準の期間",
            purge=forget_accesses,
            leaves="何も残しません（1年より新しいものは、データベースが消させません）。",
            least=1,
            most=30,
        )
    )
