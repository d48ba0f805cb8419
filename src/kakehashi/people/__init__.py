"""people (組織・職員): departments, posts, staff, absences, residents, roles, sign-in.

Posts (職) are apart from persons: rules name posts, and a post is resolved to its holder on a date.
Verbs: create_department, create_post, register_person, appoint_person, record_absence, set_deputies, apply_personnel_change,
write_handover_note, create_role, grant_role, register_contract, end_contract, open_administrator_session, set_network_rule,
issue_mail_code, confirm_mail_code, confirm_resident, identify_resident. Called by every room that needs to know who acts.
Upper rooms add through `hooks`: what a personnel change breaks, parts of a handover pack.
"""
