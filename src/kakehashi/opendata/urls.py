"""Addresses of the open data room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.opendata import api
from kakehashi.opendata.views import resident, staff_datasets, staff_imports, staff_registers

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff_datasets.index, name="index"),
    path("rules/", staff_datasets.rules, name="rules"),
    path("datasets/<slug:code>/", staff_datasets.dataset, name="dataset"),
    path("datasets/<slug:code>/findings/", staff_datasets.findings, name="findings"),
    path("datasets/<slug:code>/settings/", staff_datasets.settings, name="settings"),
    path("datasets/<slug:code>/publish/", staff_datasets.publish, name="publish"),
    path("datasets/<slug:code>/withdraw/", staff_datasets.withdraw, name="withdraw"),
    path("datasets/<slug:code>/editions/<int:number>/", staff_datasets.edition, name="edition"),
    path("registers/", staff_registers.index, name="registers"),
    path("registers/<slug:code>/", staff_registers.rows, name="rows"),
    path("registers/<slug:code>/new/", staff_registers.add, name="add-row"),
    path("registers/<slug:code>/import/", staff_imports.upload, name="upload"),
    path("registers/<slug:code>/import/<uuid:import_id>/", staff_imports.one, name="import"),
    path("registers/<slug:code>/import/<uuid:import_id>/apply/", staff_imports.apply, name="import-apply"),
    path("registers/<slug:code>/import/<uuid:import_id>/report/", staff_imports.report, name="import-report"),
    path("registers/<slug:code>/<uuid:row_id>/", staff_registers.edit, name="edit-row"),
    path("registers/<slug:code>/<uuid:row_id>/retire/", staff_registers.retire, name="retire-row"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("", resident.catalogue, name="catalogue"),
    path("catalog.jsonld", resident.catalogue_file, name="catalogue-file"),
    path("<slug:code>/", resident.dataset, name="dataset"),
    path("data/<slug:code>.<slug:ending>", resident.file, name="file"),
    path("data/<slug:code>/<int:number>.<slug:ending>", resident.file, name="edition-file"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("datasets/", api.datasets, name="datasets"),
    path("datasets/<uuid:dataset_id>/rows/", api.rows, name="rows"),
]
