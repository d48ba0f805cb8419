"""Addresses of the indicators room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.indicators import api
from kakehashi.indicators.views import before_after, bulk, manual, peers, published, reports, staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.index, name="index"),
    path("new/", manual.define, name="define"),
    path("reports/", reports.index, name="reports"),
    path("reports/rule/", reports.rule, name="rule"),
    path("reports/bulk/", bulk.bulk, name="bulk"),
    path("reports/lock/", reports.lock, name="lock"),
    path("reports/<uuid:report_id>/", reports.report, name="report"),
    path("reports/<uuid:report_id>/submit/", reports.submit, name="submit"),
    path("reports/<uuid:report_id>/approve/", reports.approve, name="approve"),
    path("reports/<uuid:report_id>/return/", reports.send_back, name="return"),
    path("anomalies/", reports.anomalies, name="anomalies"),
    path("anomalies/<uuid:anomaly_id>/", reports.explain, name="explain"),
    path("late/", reports.late, name="late"),
    path("late/remind/", reports.remind, name="remind"),
    path("published/", published.index, name="published"),
    path("published/<uuid:indicator_id>/", published.indicator, name="published-indicator"),
    path("published/<uuid:indicator_id>/peers/", peers.peers, name="peers"),
    path("<str:code>/", staff.measure, name="measure"),
    path("<str:code>/rows/", staff.rows, name="rows"),
    path("<str:code>/before-after/", before_after.compare, name="before-after"),
    path("<str:code>/record/", manual.record, name="record"),
    path("<str:code>/redefine/", manual.redefine, name="redefine"),
    path("<str:code>/import/", manual.import_file, name="import"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("measures/", api.measures, name="measures"),
]
