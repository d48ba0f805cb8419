"""Pages of the desk; all of them are for staff."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.desk.views import acts, consultations, effects, intake, shared_cases, solved_cases

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", consultations.consultation_list, name="index"),
    path("new/", consultations.new, name="new"),
    path("similar/", consultations.similar, name="similar"),
    path("place/", consultations.place, name="place"),
    path("intake/", intake.arrivals, name="arrivals"),
    path("intake/<slug:channel>/receive/", intake.receive, name="receive"),
    path("intake/<uuid:arrival_id>/", intake.arrival, name="arrival"),
    path("intake/<uuid:arrival_id>/dismiss/", intake.dismiss, name="dismiss"),
    path("steps/<uuid:step_id>/tick/", acts.tick, name="tick"),
    path("cases/", solved_cases.case_list, name="cases"),
    path("cases/<uuid:case_id>/", solved_cases.case, name="case"),
    path("cases/<uuid:case_id>/edit/", solved_cases.edit, name="case-edit"),
    path("cases/<uuid:case_id>/submit/", solved_cases.submit, name="case-submit"),
    path("cases/<uuid:case_id>/check/", solved_cases.check, name="case-check"),
    path("cases/<uuid:case_id>/masking/", solved_cases.masking, name="case-masking"),
    path("cases/<uuid:case_id>/publish/", solved_cases.publish, name="case-publish"),
    path("cases/<uuid:case_id>/retire/", solved_cases.retire, name="case-retire"),
    path("cases/shared/", shared_cases.shared_list, name="shared"),
    path("cases/shared/<uuid:case_id>/", shared_cases.shared_case, name="shared-case"),
    path("cases/shared/<uuid:case_id>/adopt/", shared_cases.adopt, name="adopt"),
    path("cases/shared/<uuid:case_id>/report/", shared_cases.report, name="report"),
    path("effects/", effects.effect_list, name="effects"),
    path("effects/<uuid:check_id>/", effects.effect, name="effect"),
    path("effects/<uuid:check_id>/remind/", effects.remind, name="effect-remind"),
    path("<uuid:consultation_id>/", consultations.consultation, name="consultation"),
    path("<uuid:consultation_id>/triage/", acts.triage, name="triage"),
    path("<uuid:consultation_id>/purpose/", acts.purpose, name="purpose"),
    path("<uuid:consultation_id>/assign/", acts.assign, name="assign"),
    path("<uuid:consultation_id>/cycle/", acts.cycle, name="cycle"),
    path("<uuid:consultation_id>/wait/", acts.wait, name="wait"),
    path("<uuid:consultation_id>/resolve/", acts.resolve, name="resolve"),
    path("<uuid:consultation_id>/decline/", acts.decline, name="decline"),
    path("<uuid:consultation_id>/withdraw/", acts.withdraw, name="withdraw"),
    path("<uuid:consultation_id>/promote/", acts.promote, name="promote"),
    path("<uuid:consultation_id>/solved-case/", acts.write_case, name="write-case"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
