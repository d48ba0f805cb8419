"""Pages of search: staff search everything they may see; residents search from the procedures' pages."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.search.views import staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.search, name="search"),
    path("suggestions/", staff.suggestions, name="suggestions"),
]
resident_urlpatterns: list[URLPattern | URLResolver] = []
