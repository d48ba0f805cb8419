"""Addresses of the open data room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.opendata.views import resident, staff_datasets

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff_datasets.index, name="index"),
    path("rules/", staff_datasets.rules, name="rules"),
    path("datasets/<slug:code>/", staff_datasets.dataset, name="dataset"),
    path("datasets/<slug:code>/findings/", staff_datasets.findings, name="findings"),
    path("datasets/<slug:code>/settings/", staff_datasets.settings, name="settings"),
    path("datasets/<slug:code>/publish/", staff_datasets.publish, name="publish"),
    path("datasets/<slug:code>/withdraw/", staff_datasets.withdraw, name="withdraw"),
    path("datasets/<slug:code>/editions/<int:number>/", staff_datasets.edition, name="edition"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("", resident.catalogue, name="catalogue"),
    path("catalog.jsonld", resident.catalogue_file, name="catalogue-file"),
    path("<slug:code>/", resident.dataset, name="dataset"),
    path("data/<slug:code>.<slug:ending>", resident.file, name="file"),
    path("data/<slug:code>/<int:number>.<slug:ending>", resident.file, name="edition-file"),
]
