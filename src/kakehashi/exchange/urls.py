"""Addresses of the exchange room."""

from django.urls import URLPattern, URLResolver

staff_urlpatterns: list[URLPattern | URLResolver] = []
resident_urlpatterns: list[URLPattern | URLResolver] = []
