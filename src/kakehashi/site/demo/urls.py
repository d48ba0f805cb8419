"""Addresses of the demo, below /demo/."""

from django.urls import path

from kakehashi.site.demo import views

urlpatterns = [
    path("", views.begin, name="begin"),
    path("road/", views.show_road, name="road"),
    path("step/<int:number>/", views.enter, name="enter"),
    path("take-home/", views.take_home, name="take-home"),
    path("roles/", views.roles, name="roles"),
    path("start-here/", views.start_here, name="start-here"),
]
