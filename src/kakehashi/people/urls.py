"""Addresses of the people room."""

from django.urls import URLPattern, URLResolver, include, path

from kakehashi.people.views import (
    account,
    kept,
    organisation,
    personnel,
    reorganisation,
    reorganisation_shares,
    resident,
    roles,
    signin,
    tokens,
)

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", organisation.index, name="index"),
    path("chart/", organisation.chart, name="chart"),
    path("departments/new/", organisation.new_department, name="department-new"),
    path("departments/<uuid:department_id>/", organisation.department, name="department"),
    path("posts/<uuid:post_id>/", organisation.post, name="post"),
    path("posts/<uuid:post_id>/handover/", personnel.handover, name="handover"),
    path("deputies/", organisation.deputies, name="deputies"),
    path("people/", organisation.people, name="people"),
    path("people/new/", organisation.new_person, name="person-new"),
    path("people/<uuid:person_id>/", organisation.person, name="person"),
    path("people/<uuid:person_id>/sessions/end/", organisation.end_sessions, name="sessions-end"),
    path("holdings/<uuid:holding_id>/end/", organisation.end_holding, name="holding-end"),
    path("grants/<uuid:grant_id>/revoke/", organisation.revoke_grant, name="grant-revoke"),
    path("absence/", organisation.absence, name="absence"),
    path("absence/<uuid:absence_id>/cancel/", organisation.cancel_absence, name="absence-cancel"),
    path("personnel/", personnel.changes, name="changes"),
    path("personnel/template/", personnel.template_file, name="change-template"),
    path("personnel/<uuid:change_id>/", personnel.change, name="change"),
    path("personnel/<uuid:change_id>/apply/", personnel.apply_change, name="change-apply"),
    path("personnel/<uuid:change_id>/discard/", personnel.discard_change, name="change-discard"),
    path("reorganisations/", reorganisation.reorganisations, name="reorganisations"),
    path("reorganisations/today/", reorganisation.today_table, name="reorganisation-today"),
    path("reorganisations/<uuid:reorganisation_id>/", reorganisation.reorganisation, name="reorganisation"),
    path("reorganisations/<uuid:reorganisation_id>/columns/", reorganisation.columns, name="reorganisation-columns"),
    path("reorganisations/<uuid:reorganisation_id>/plan/", reorganisation.plan, name="reorganisation-plan"),
    path("reorganisations/<uuid:reorganisation_id>/apply/", reorganisation.apply, name="reorganisation-apply"),
    path("reorganisations/<uuid:reorganisation_id>/cancel/", reorganisation.cancel, name="reorganisation-cancel"),
    path("reorganisations/<uuid:reorganisation_id>/discard/", reorganisation.discard, name="reorganisation-discard"),
    path(
        "reorganisations/<uuid:reorganisation_id>/rows/<str:code>/<uuid:subject_id>/",
        reorganisation_shares.rows,
        name="reorganisation-rows",
    ),
    path(
        "reorganisations/<uuid:reorganisation_id>/holdings/<uuid:subject_id>/",
        reorganisation_shares.holdings,
        name="reorganisation-holdings",
    ),
    path(
        "reorganisations/<uuid:reorganisation_id>/shares/<uuid:share_id>/remove/",
        reorganisation_shares.take_back,
        name="reorganisation-share-remove",
    ),
    path("roles/", roles.roles, name="roles"),
    path("roles/<uuid:role_id>/", roles.role, name="role"),
    path("matrix/", roles.matrix, name="matrix"),
    path("security/", roles.security, name="security"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="token-revoke"),
    path("account/", account.account, name="account"),
    path("account/acting/", account.acting, name="acting"),
    path("account/sessions/<int:session_id>/revoke/", account.revoke_session, name="session-revoke"),
    path("kept/<uuid:kept_id>/", kept.kept, name="kept"),
    path("administration/", account.administration, name="administration"),
    path("administration/close/", account.close_administration, name="administration-close"),
    path("second-factor/", account.second_factor, name="second-factor"),
    path("second-factor/mail/", account.second_factor_mail, name="second-factor-mail"),
]

resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("address/", resident.address, name="address"),
    path("code/", resident.code, name="code"),
    path("sign-out/", resident.sign_out, name="sign-out"),
    path("provider/<uuid:provider_id>/", resident.provider, name="provider"),
    path("provider/<uuid:provider_id>/answer/", resident.provider_answer, name="provider-answer"),
]

_sign_in = [
    path("choose/", signin.choose, name="choose"),
    path("directory/", signin.directory, name="directory"),
    path("provider/<uuid:provider_id>/", signin.provider, name="provider"),
    path("provider/<uuid:provider_id>/answer/", signin.provider_answer, name="provider-answer"),
]
root_urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include((_sign_in, "people-signin"))),
]
