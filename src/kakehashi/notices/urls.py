"""Pages of notices: staff have their bell; residents read what is announced, and their own in the mail and at their application."""

from django.urls import URLPattern, URLResolver, path

from kakehashi.notices.views import announcements, staff

staff_urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff.notice_list, name="list"),
    path("badge/", staff.unread_badge, name="badge"),
    path("read/", staff.read_all, name="read-all"),
    path("<uuid:notice_id>/open/", staff.open_notice, name="open"),
    path("preferences/", staff.preferences, name="preferences"),
    path("deliveries/", staff.delivery_list, name="deliveries"),
    path("announcements/", announcements.announcement_list, name="announcements"),
    path("announcements/new/", announcements.new_announcement, name="announcement-new"),
    path("announcements/<uuid:announcement_id>/", announcements.edit_announcement, name="announcement-edit"),
    path(
        "announcements/<uuid:announcement_id>/withdraw/",
        announcements.withdraw_announcement,
        name="announcement-withdraw",
    ),
]
resident_urlpatterns: list[URLPattern | URLResolver] = [
    path("", announcements.news, name="news"),
    path("<uuid:announcement_id>/", announcements.announcement, name="announcement"),
]
