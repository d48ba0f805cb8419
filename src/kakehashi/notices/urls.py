"""Pages of notices: all of them for staff; residents read theirs in the mail and at their application."""

from django.urls import path

from kakehashi.notices.views import staff

staff_urlpatterns = [
    path("", staff.notice_list, name="list"),
    path("badge/", staff.unread_badge, name="badge"),
    path("read/", staff.read_all, name="read-all"),
    path("<uuid:notice_id>/open/", staff.open_notice, name="open"),
    path("preferences/", staff.preferences, name="preferences"),
    path("deliveries/", staff.delivery_list, name="deliveries"),
]
resident_urlpatterns: list[object] = []
