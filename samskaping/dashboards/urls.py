"""Where a day begins."""

from django.urls import path

from samskaping.dashboards.views import home

urlpatterns = [
    path("hjem/", home.home, name="home"),
    path("denne-uka/", home.this_week, name="this_week"),
    path("oversikt/", home.overview, name="overview"),
    path("min-side/", home.my_page, name="my_page"),
]
