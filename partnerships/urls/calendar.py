"""The calendar, and the address a calendar programme reads it by."""

from django.urls import path

from partnerships.views import calendar

urlpatterns = [
    path("kalender/", calendar.calendar, name="calendar"),
    path("kalender/lenker/", calendar.feeds, name="calendar_feeds"),
    path("kalender/lenker/ny/", calendar.feed_new, name="calendar_feed_new"),
    path("kalender/lenker/<int:pk>/stopp/", calendar.feed_stop, name="calendar_feed_stop"),
    path("kalender/<str:token>.ics", calendar.feed, name="calendar_feed"),
]
