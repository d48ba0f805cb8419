"""Addresses of the procedures room."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.procedures.views import staff_inventory

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("inventory/", staff_inventory.inventory_page, name="inventory"),
    path("inventory/import/", staff_inventory.import_page, name="import"),
    path("inventory/new/", staff_inventory.new_page, name="new"),
    path("inventory/<uuid:procedure_id>/", staff_inventory.procedure_page, name="procedure"),
    path("inventory/<uuid:procedure_id>/edit/", staff_inventory.edit_page, name="edit"),
    path("inventory/<uuid:procedure_id>/texts/<slug:language>/", staff_inventory.text_page, name="text"),
    path("inventory/<uuid:procedure_id>/exclude/", staff_inventory.exclude, name="exclude"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
