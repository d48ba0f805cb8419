"""Every write of the people room, one module per noun."""

from kakehashi.people.services.absences import cancel_absence, record_absence
from kakehashi.people.services.administration import (
    close_administrator_session,
    end_overdue_administrator_sessions,
    open_administrator_session,
)
from kakehashi.people.services.api_answers import keep_answer, sweep_answers
from kakehashi.people.services.deputies import set_deputies
from kakehashi.people.services.handover import write_handover_note
from kakehashi.people.services.mail_codes import (
    confirm_mail_code,
    issue_mail_code,
    purge_mail_codes,
    send_mail_code,
    sweep_mail_codes,
)
from kakehashi.people.services.organisation import (
    abolish_department,
    abolish_post,
    amend_department,
    create_department,
    create_post,
)
from kakehashi.people.services.outside import identify_staff, sign_in_person
from kakehashi.people.services.personnel import (
    apply_personnel_change,
    discard_personnel_change,
    upload_personnel_change,
)
from kakehashi.people.services.persons import amend_person, appoint_person, end_holding, register_person
from kakehashi.people.services.reorganisations import (
    choose_heirs,
    confirm_columns,
    discard_reorganisation,
    edit_plan,
    proposed_columns,
    start_reorganisation,
)
from kakehashi.people.services.reorganising import (
    apply_reorganisation,
    cancel_reorganisation,
    carry_due,
    carry_reorganisation,
)
from kakehashi.people.services.residents import (
    SESSION_RESIDENT,
    Visitor,
    confirm_resident,
    forget_residents,
    identify_resident,
    resident_id_of,
    sign_in_resident,
    sign_out_resident,
    visitor_of,
)
from kakehashi.people.services.roles import (
    create_role,
    end_contract,
    grant_role,
    register_contract,
    revoke_grant,
    set_role_permissions,
)
from kakehashi.people.services.security import (
    adopt_secrets,
    open_secrets,
    register_directory,
    register_provider,
    remove_network_rule,
    reseal_secrets,
    set_network_rule,
)
from kakehashi.people.services.sessions import (
    act_as_post,
    bind_session,
    end_session,
    end_sessions_of,
    open_power,
    set_idle_minutes,
    show_factor,
)
from kakehashi.people.services.shares import share_out, take_share_back
from kakehashi.people.services.tokens import issue_api_token, note_token_use, revoke_api_token
from kakehashi.people.services.tries import count_try, sweep_tries

__all__ = [
    "SESSION_RESIDENT",
    "Visitor",
    "abolish_department",
    "abolish_post",
    "act_as_post",
    "adopt_secrets",
    "amend_department",
    "amend_person",
    "apply_personnel_change",
    "apply_reorganisation",
    "appoint_person",
    "bind_session",
    "cancel_absence",
    "cancel_reorganisation",
    "carry_due",
    "carry_reorganisation",
    "choose_heirs",
    "close_administrator_session",
    "confirm_columns",
    "confirm_mail_code",
    "confirm_resident",
    "count_try",
    "create_department",
    "create_post",
    "create_role",
    "discard_personnel_change",
    "discard_reorganisation",
    "edit_plan",
    "end_contract",
    "end_holding",
    "end_overdue_administrator_sessions",
    "end_session",
    "end_sessions_of",
    "forget_residents",
    "grant_role",
    "identify_resident",
    "identify_staff",
    "issue_api_token",
    "issue_mail_code",
    "keep_answer",
    "note_token_use",
    "open_administrator_session",
    "open_power",
    "open_secrets",
    "proposed_columns",
    "purge_mail_codes",
    "record_absence",
    "register_contract",
    "register_directory",
    "register_person",
    "register_provider",
    "remove_network_rule",
    "reseal_secrets",
    "resident_id_of",
    "revoke_api_token",
    "revoke_grant",
    "send_mail_code",
    "set_deputies",
    "set_idle_minutes",
    "set_network_rule",
    "set_role_permissions",
    "share_out",
    "show_factor",
    "sign_in_person",
    "sign_in_resident",
    "sign_out_resident",
    "start_reorganisation",
    "sweep_answers",
    "sweep_mail_codes",
    "sweep_tries",
    "take_share_back",
    "upload_personnel_change",
    "visitor_of",
    "write_handover_note",
]
