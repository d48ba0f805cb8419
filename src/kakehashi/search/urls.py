"""Pages of search: staff search everything they may see; residents search from the procedures' pages."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.search.views import staff, synonyms

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.search, name="search"),
    path("suggestions/", staff.suggestions, name="suggestions"),
    path("synonyms/", synonyms.synonyms, name="synonyms"),
    path("synonyms/import/", synonyms.import_file, name="synonyms-import"),
    path("synonyms/<uuid:group_id>/", synonyms.synonym, name="synonym"),
    path("synonyms/<uuid:group_id>/remove/", synonyms.remove_synonym, name="synonym-remove"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
