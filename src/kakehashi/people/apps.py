"""Wiring of the people room."""

from django.apps import AppConfig

from kakehashi.journal.hooks import register_events
from kakehashi.kernel.navigation import Link, Place, register_account_link, register_place, register_staff_link

EVENTS = {
    "people.absence.cancelled": "不在の取りやめ",
    "people.absence.recorded": "不在の登録",
    "people.administration.closed": "管理者の操作の終了",
    "people.administration.opened": "管理者の操作の開始",
    "people.contract.ended": "契約の終了",
    "people.contract.registered": "契約の登録",
    "people.department.abolished": "所属の廃止",
    "people.department.amended": "所属の変更",
    "people.department.created": "所属の新設",
    "people.deputies.changed": "代理の順序の変更",
    "people.directory.registered": "職員名簿サーバーの登録",
    "people.handover.written": "引継事項の記入",
    "people.network_rule.removed": "ネットワークごとの二要素の規則の削除",
    "people.network_rule.set": "ネットワークごとの二要素の規則の設定",
    "people.person.amended": "職員の変更",
    "people.person.appointed": "職への任命",
    "people.person.registered": "職員の登録",
    "people.person.relieved": "職の解任",
    "people.personnel.applied": "人事異動の適用",
    "people.post.abolished": "職の廃止",
    "people.post.created": "職の新設",
    "people.provider.registered": "認証事業者の登録",
    "people.reorganisation.applied": "改組の適用",
    "people.reorganisation.cancelled": "改組の適用の取りやめ",
    "people.reorganisation.carried": "改組による引継ぎ",
    "people.role.changed": "役割の変更",
    "people.role.created": "役割の新設",
    "people.role.granted": "役割の付与",
    "people.role.revoked": "役割の取消し",
    "people.session_rule.set": "操作のないサインインを終える規則の設定",
    "people.sessions.ended": "職員のサインインの強制終了",
    "people.token.issued": "APIの鍵の作成",
    "people.token.revoked": "APIの鍵の取消し",
}


class PeopleConfig(AppConfig):
    """The people room."""

    name = "kakehashi.people"
    label = "people"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.kernel.kept_files import holders
        from kakehashi.kernel.typed import keepers
        from kakehashi.people.adapters import changed_factors, kept_forms, sign_in_log

        sign_in_log.connect()
        changed_factors.connect()
        keepers.register("people", kept_forms.lead_to_sign_in)
        holders.register("people", kept_forms.FileHolder())
        _register_api()
        from kakehashi.people.services import own_affected

        own_affected.register()
        register_events("people", EVENTS)
        from kakehashi.journal.hooks import SubjectKind, register_sections, register_subject
        from kakehashi.people.selectors.data_subjects import describe_persons, describe_residents, find_residents
        from kakehashi.people.selectors.data_subjects import sections_of as sections_of_actor

        register_sections(sections_of_actor)
        _register_clocks()
        register_subject("people.person", SubjectKind("職員", describe_persons, asks_reason=False))
        register_subject("people.resident", SubjectKind("住民・事業者", describe_residents, find_residents))
        register_staff_link(Link("people", "設定・組織", "people-staff:index", "settings", 100, tab="組織と職員"))
        register_place(Place.ACTING_POST, "people-staff:acting")
        register_account_link(Link("people", "不在を登録する", "people-staff:absence", "calendar", 10))
        register_account_link(Link("people", "サインインの設定", "people-staff:account", "lock", 30))


def _register_api() -> None:
    from kakehashi.kernel.api import set_answer_keeper
    from kakehashi.people.services import keep_answer

    set_answer_keeper(keep_answer)


def _register_clocks() -> None:
    from kakehashi.journal.domain.retention_clocks import Period, Unit
    from kakehashi.journal.hooks import Clock, register_clock
    from kakehashi.people.services import forget_residents, purge_mail_codes

    law = "個人情報の保護に関する法律61条（目的に必要な範囲）"
    register_clock(
        Clock(
            code="people.mail_code",
            what="メールの確認コードとそのあて先",
            starts="送った日",
            default=Period(1, Unit.DAY),
            basis=law,
            purge=purge_mail_codes,
            leaves="何も残しません。",
            least=1,
            most=1,
        )
    )
    register_clock(
        Clock(
            code="people.resident",
            what="住民・事業者のサインインの控え（メールアドレス・名前）",
            starts="最後に確認した日",
            default=Period(3, Unit.YEAR),
            basis=law,
            purge=forget_residents,
            leaves="何も残しません。次に使うときに、もう一度確認します。",
            least=1,
            most=10,
        )
    )
