"""Hours as sums."""

from django.urls import path

from volunteers.views import hours

urlpatterns = [
    path("timer/", hours.hours, name="hours"),
    path("timer/fil.csv", hours.hours_csv, name="hours_csv"),
]
