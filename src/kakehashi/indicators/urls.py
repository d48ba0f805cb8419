"""Addresses of the indicators room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.indicators import api
from kakehashi.indicators.views import manual, published, staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.index, name="index"),
    path("new/", manual.define, name="define"),
    path("published/", published.index, name="published"),
    path("published/<uuid:indicator_id>/", published.indicator, name="published-indicator"),
    path("<str:code>/", staff.measure, name="measure"),
    path("<str:code>/rows/", staff.rows, name="rows"),
    path("<str:code>/record/", manual.record, name="record"),
    path("<str:code>/import/", manual.import_file, name="import"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("measures/", api.measures, name="measures"),
]
